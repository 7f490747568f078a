"""Whom a sentence is about: the page's own force, another one, or the force by a common noun."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import JudgmentStatement, StatementType
from peelgraph.graph.reading.questions import asked_in, ungraded_in
from peelgraph.graph.reading.wording import name_key

if TYPE_CHECKING:
    from peelgraph.graph.model import Passage
    from peelgraph.graph.reading.context import (
        CycleContext,
        ForceNames,
        QuestionCues,
        ReadingContext,
    )
    from peelgraph.graph.reading.verdicts import Verdict

COMMON_NOUNS: Final = ("the force", "the constabulary", "the service", "it")
SAME_NAME: Final = 0.9  # likeness from which a name counts as a misspelling of the force's own


@dataclass(frozen=True, slots=True)
class Rule:
    """A reading rule: its name with version, and how sure what it finds is."""

    method: str
    confidence: float


def judgment_key(cycle: str, criterion: str, said: Verdict) -> str:
    """Return what one judgment states, wherever it stands."""
    return f"{cycle} {criterion} {said.grade} {said.status}"


@dataclass(frozen=True)
class Subject:
    """The force and cycle that a page is about, with the context to tell others from them."""

    force: ForceNames
    cycle: CycleContext
    context: ReadingContext

    @cached_property
    def own(self) -> frozenset[str]:
        """The keys of the force's own names."""
        return frozenset(name_key(name) for name in self.force.names)

    @cached_property
    def others(self) -> frozenset[str]:
        """The keys of every other force's names."""
        names = (n for f in self.context.forces if f.slug != self.force.slug for n in f.names)
        return frozenset(name_key(name) for name in names)

    @cached_property
    def pattern(self) -> str:
        """A regular expression for the force in folded text, longest name first."""
        names = sorted(self.own, key=len, reverse=True)
        own = "|".join(re.escape(name).replace(r"\ ", "[ -]") for name in names)
        return rf"\b(?:(?:the )?(?:{own})|{'|'.join(COMMON_NOUNS)})"

    def questions(self, cycle: CycleContext) -> tuple[QuestionCues, ...]:
        """Return the question cues of *cycle*: those of the context, else the rules' own."""
        return cycle.questions or asked_in(cycle.slug)

    @cached_property
    def ungraded(self) -> frozenset[str]:
        """The pillars and questions that the page's cycle never meant to grade."""
        return frozenset(self.cycle.ungraded) | ungraded_in(self.cycle.slug)

    def is_own(self, words: str) -> bool:
        """Whether folded *words* name the page's force; a slip of the pen in its name counts."""
        name = name_key(words).removeprefix("the ")
        if words in COMMON_NOUNS or name in self.own:
            return True
        if name in self.others:
            return False
        return bool(difflib.get_close_matches(name, self.own, n=1, cutoff=SAME_NAME))

    def cycle_named(self, slug: str | None) -> CycleContext | None:
        """Return the cycle of that slug."""
        return next((cycle for cycle in self.context.cycles if cycle.slug == slug), None)

    def judgment(
        self,
        passage: Passage,
        criterion: str,
        said: Verdict,
        rule: Rule,
        cycle: CycleContext | None = None,
    ) -> JudgmentStatement:
        """Return the statement of a judgment; *cycle* is the page's own unless given."""
        of = cycle or self.cycle
        return JudgmentStatement(
            type=StatementType.GRADE,
            passage=passage,
            method=rule.method,
            confidence=rule.confidence,
            criterion=criterion,
            key=judgment_key(of.slug, criterion, said),
            cycle=of.slug,
            grade=said.grade,
            status=said.status,
        )
