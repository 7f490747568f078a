"""The judgments a page states, each in every place that states it; never one it only implies.

The rules, in the order of their certainty: summary lines ("the extent to which …"), the clauses of
the first cycle, status labels under a pillar's heading, sentences that judge, sentences that say
why there is no grade. Rules yield statements and, as plain sentences, doubts for the user.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.carried import with_carried_over
from peelgraph.graph.reading.narrative import narrative_judgments
from peelgraph.graph.reading.question_grades import question_judgments
from peelgraph.graph.reading.summary import LINE_RULE, labels, summary_judgments
from peelgraph.graph.reading.ungraded import ungraded_by_design

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peelgraph.graph.model import JudgmentStatement
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject


# The surest first: of two rules that find one judgment in one place, the first has it.
RULES: Final = (
    summary_judgments,
    labels,
    narrative_judgments,
    question_judgments,
    ungraded_by_design,
)


def judgments(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield the judgments that *page* states about *subject*, and the doubts met on the way."""
    found: dict[tuple[int, int, str], JudgmentStatement] = {}
    doubts: list[str] = []
    for rule in RULES:
        for each in rule(page, subject):
            if isinstance(each, str):
                doubts.append(each)
            else:
                found.setdefault((each.passage.start, each.passage.end, each.key), each)
    doubts += _contradictions(found.values())
    doubts += _repeats(found.values())
    yield from with_carried_over(page, subject, found.values())
    yield from dict.fromkeys(doubts)


def _contradictions(found: Iterable[JudgmentStatement]) -> list[str]:
    """Return a doubt for each criterion to which the page gives two grades in one cycle."""
    grades: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    for each in found:
        grades[each.cycle, each.criterion].setdefault(each.grade, each.passage.start)
    return [
        f"the page gives two grades for {criterion} in {cycle}: "
        + " and ".join(f"{grade} (at {start})" for grade, start in sorted(places.items()))
        for (cycle, criterion), places in grades.items()
        if len(places) > 1
    ]


def _repeats(found: Iterable[JudgmentStatement]) -> list[str]:
    """Return a doubt for each pillar that the summary states twice, perhaps in place of another."""
    lines = Counter(each.criterion for each in found if each.method == LINE_RULE.method)
    return [
        f"the summary states {pillar} {number} times; none is taken to be about another pillar"
        for pillar, number in lines.items()
        if number > 1
    ]
