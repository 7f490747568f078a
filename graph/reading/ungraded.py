"""Sentences that say that a criterion was left without a grade on purpose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading import cues
from peelgraph.graph.reading.sections import criterion_of, question_of
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.verdicts import NOT_GRADED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import JudgmentStatement
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

RULE: Final = Rule("ungraded-sentence/1", 0.95)
READ_IN: Final = frozenset({"overview", "inspector-observations", "pillar", "leadership"})
WITHOUT_GRADE: Final = re.compile(
    r"\bnarrative\b.*\brather than\b.*\bgrade[ds]?\b"
    r"|\b(?:did not|do not|does not|didn't|don't|have not|has not|haven't|hasn't)"
    r" (?:grade|graded|give|given|award|awarded|make|made)\b.*\bgrade[ds]?\b"
    r"|\b(?:is|was|are|were) (?:not|un)[ -]?graded\b"
    r"|\b(?:was|has|have) not(?: been)? inspected (?:or|and|nor) graded\b"
)


def ungraded_by_design(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield a judgment without grade for each sentence that says so of such a pillar.

    The pillar is named in the sentence, in the one before it or by the section, a question by its
    own section; it must be one that the cycle never meant to grade.
    """
    said = Verdict(NOT_GRADED, "ungraded-by-design")
    for block in page.blocks:
        if block.section.kind not in READ_IN:
            continue
        before = ""
        for sentence in block.sentences:
            if WITHOUT_GRADE.search(sentence.folded):
                named = _named(sentence.folded) or _named(before)
                criterion = question_of(block.section) or named or criterion_of(block.section)
                if criterion in subject.ungraded:
                    passage = block.passage(page.text, sentence)
                    yield subject.judgment(passage, criterion, said, RULE)
            before = sentence.folded


def _named(words: str) -> str | None:
    """Return the only pillar that the folded *words* name, if it is only one."""
    found = {pillar for pillar in cues.PILLARS if pillar in words}
    return found.pop() if len(found) == 1 else None
