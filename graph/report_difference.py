"""What changed between two readings of one report: statements, not characters.

A statement is known by its ``id``, which names what it states. A grade is also known by what it
judges, a figure by what it counts and a date by what it dates, so that another value there is one
change; and so is a sentence of which most words stayed. Furniture of the site is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import UsageError
from peelgraph.graph.model import (
    DateStatement,
    FigureStatement,
    JudgmentStatement,
    Statement,
    StatementType,
    normalised,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from peelgraph.graph.model import Report

COMMON: Final = frozenset(each.name for each in fields(Statement))
LEFT_OUT: Final = frozenset({StatementType.FURNITURE})
SAME_SENTENCE: Final = 0.6  # share of words in common from which a sentence was reworded
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said in a report, with every place that says it, in reading order."""

    places: tuple[Statement, ...]

    @property
    def first(self) -> Statement:
        """The first place."""
        return self.places[0]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The offsets of all places."""
        return tuple((each.passage.start, each.passage.end) for each in self.places)

    @property
    def aspects(self) -> dict[str, str]:
        """Type, criteria, themes, and what the kind adds, as plain strings."""
        own = {each.name: getattr(self.first, each.name) for each in fields(self.first)}
        criteria = {each.criterion for each in self.places if each.criterion}
        themes = {theme for each in self.places for theme in each.themes}
        return {
            "type": self.first.type.value,
            "criterion": " ".join(sorted(criteria)),
            "themes": " ".join(sorted(themes)),
            **{n: "" if v is None else str(v) for n, v in own.items() if n not in COMMON},
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that is not in both readings alike.

    ``kind`` is ``added``, ``removed``, ``changed`` or ``moved``; ``aspects`` has the old and the
    new value of what changed (``text`` where only the words did).
    """

    kind: str
    old: Said | None
    new: Said | None
    aspects: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def statement(self) -> Statement:
        """The statement as it is now, or as it was before it was removed."""
        said = self.new or self.old
        if said is None:
            raise TypeError(self)
        return said.first


def report_difference(old: Report | None, new: Report | None) -> tuple[Change, ...]:
    """Return what changed from *old* to *new*, by place in the newer of the two.

    Args:
        old: The earlier reading; ``None`` where there was no such report.
        new: The later reading; ``None`` where there is none any more.

    Raises:
        UsageError: they are two reports, not two captured versions of one.
    """
    if old and new and old.slug != new.slug:
        raise UsageError(
            f"{old.slug} and {new.slug} are two reports",
            expected="two captured versions of one report",
        )
    before = said_by_id(old.statements) if old else {}
    after = said_by_id(new.statements) if new else {}
    changes = [_change(before[each], after[each]) for each in before if each in after]
    lost = [said for each, said in before.items() if each not in after]
    found = [said for each, said in after.items() if each not in before]
    for pair in (_about_the_same, _in_other_words):
        for was, now in pair(lost, found):
            changes.append(_change(was, now))
            lost.remove(was)
            found.remove(now)
    changes += [Change(REMOVED, said, None) for said in lost]
    changes += [Change(ADDED, None, said) for said in found]
    return tuple(sorted((each for each in changes if each.kind), key=_order))


def said_by_id(statements: Iterable[Statement]) -> dict[str, Said]:
    """Return what is said, by id, each with its places in reading order."""
    places: dict[str, list[Statement]] = {}
    for each in sorted(statements, key=lambda s: (s.passage.start, s.passage.end)):
        if each.type not in LEFT_OUT:
            places.setdefault(each.id, []).append(each)
    return {name: Said(tuple(stated)) for name, stated in places.items()}


def _change(old: Said, new: Said) -> Change:
    """Return the change from one statement to its other form; its kind is empty for none."""
    before, after = old.aspects, new.aspects
    names = sorted(before.keys() | after.keys(), key=list({**after, **before}).index)
    aspects = {
        name: (before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    }
    if not aspects and old.first.id != new.first.id:
        aspects = {"text": (old.first.passage.text, new.first.passage.text)}
    kind = CHANGED if aspects else MOVED if old.spans != new.spans else ""
    return Change(kind, old, new, aspects)


def _about_the_same(lost: Sequence[Said], found: Sequence[Said]) -> list[tuple[Said, Said]]:
    """Pair statements on one subject, in reading order."""
    waiting: dict[Hashable, list[Said]] = {}
    for said in found:
        waiting.setdefault(subject(said.first), []).append(said)
    pairs = []
    for said in lost:
        about = subject(said.first)
        if about is not None and waiting.get(about):
            pairs.append((said, waiting[about].pop(0)))
    return pairs


def subject(statement: Statement) -> Hashable:
    """Return what a statement gives a value to; ``None`` for one that is known by its words."""
    if isinstance(statement, JudgmentStatement):
        return (statement.type, statement.cycle, statement.criterion)
    if isinstance(statement, FigureStatement):
        return (statement.type, statement.quantity, statement.unit, statement.passage.section)
    if isinstance(statement, DateStatement):
        return (statement.type, statement.dates, statement.passage.section)
    return None


def _in_other_words(lost: Sequence[Said], found: Sequence[Said]) -> list[tuple[Said, Said]]:
    """Pair sentences of which most words stayed, the most alike first."""
    worded = [(said, normalised(said.first.passage.text).split()) for said in lost]
    rewords = [(said, normalised(said.first.passage.text).split()) for said in found]
    candidates = []
    for i, (was, old_words) in enumerate(worded):
        alike = SequenceMatcher(None, b=old_words, autojunk=False)
        for j, (now, new_words) in enumerate(rewords):
            if subject(was.first) is None and subject(now.first) is None:
                alike.set_seq1(new_words)
                if (share := _share(alike)) >= SAME_SENTENCE:
                    candidates.append((-share, was.first.type != now.first.type, i, j))
    pairs: dict[int, int] = {}
    for *_, i, j in sorted(candidates):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(lost[i], found[j]) for i, j in sorted(pairs.items())]


def _share(alike: SequenceMatcher[str]) -> float:
    """Return how alike two sentences are, or 0 as soon as that cannot be enough."""
    if alike.real_quick_ratio() < SAME_SENTENCE or alike.quick_ratio() < SAME_SENTENCE:
        return 0.0
    return alike.ratio()


def _order(change: Change) -> tuple[int, int, str]:
    passage = change.statement.passage
    return passage.start, passage.end, change.statement.id
