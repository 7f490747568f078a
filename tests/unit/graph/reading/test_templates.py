"""The templates of five years, each with its traps, on pages about an invented force."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import JudgmentStatement, StatementType

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

AWARDED, BY_DESIGN, PENDING = "awarded", "ungraded-by-design", "pending"
# Page → (cycle, criterion, grade, status) → number of places that state it.
EXPECTED = {
    "wessmarch-2014.txt": {
        ("peel-2014", "effectiveness-1", "good", AWARDED): 1,
        ("peel-2014", "effectiveness-2", "requires-improvement", AWARDED): 1,
        ("peel-2014", "effectiveness-3", "outstanding", AWARDED): 1,
        ("peel-2014", "effectiveness", "not-graded", BY_DESIGN): 1,
        ("peel-2014", "efficiency", "good", AWARDED): 2,
        ("peel-2014", "legitimacy", "not-graded", BY_DESIGN): 2,
    },
    "wessmarch-2015.txt": {
        ("peel-2015", "effectiveness", "requires-improvement", AWARDED): 3,
        ("peel-2015", "efficiency", "outstanding", AWARDED): 2,
        ("peel-2015", "legitimacy", "inadequate", AWARDED): 2,
        ("peel-2015", "leadership", "not-graded", BY_DESIGN): 1,
        ("peel-2014", "efficiency", "good", AWARDED): 1,
    },
    "wessmarch-2016-interim.txt": {
        ("peel-2016", "effectiveness", "not-graded", PENDING): 3,
        ("peel-2016", "efficiency", "good", AWARDED): 3,
        ("peel-2016", "legitimacy", "not-graded", PENDING): 1,
        ("peel-2015", "efficiency", "requires-improvement", AWARDED): 1,
    },
    "wessmarch-2016.html": {
        ("peel-2016", "effectiveness", "good", AWARDED): 2,
        ("peel-2016", "efficiency", "good", AWARDED): 1,
        ("peel-2016", "legitimacy", "inadequate", AWARDED): 1,
    },
    "wessmarch-2017.txt": {
        ("peel-2017", "effectiveness", "good", AWARDED): 3,
        ("peel-2016", "effectiveness", "good", AWARDED): 1,
        ("peel-2017", "efficiency", "good", AWARDED): 2,
        ("peel-2017", "efficiency-1", "outstanding", AWARDED): 1,
        ("peel-2017", "efficiency-2", "good", AWARDED): 1,
        ("peel-2017", "efficiency-3", "requires-improvement", AWARDED): 1,
        ("peel-2017", "legitimacy", "outstanding", AWARDED): 3,
        ("peel-2017", "legitimacy-2", "good", AWARDED): 1,
        ("peel-2017", "legitimacy-3", "outstanding", AWARDED): 1,
    },
    "wessmarch-2018-19.txt": {
        ("peel-2018-19", "effectiveness", "good", AWARDED): 2,
        ("peel-2018-19", "efficiency", "requires-improvement", AWARDED): 2,
        ("peel-2018-19", "legitimacy", "good", AWARDED): 2,
    },
}  # fmt: skip
INSPECTORATES = {"peel-2014": "hmic", "peel-2015": "hmic", "peel-2016": "hmic"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_page_gives_exactly_the_judgments_it_states(
    name: str, invented: Callable[[str], Report]
) -> None:
    """A grade too many is as wrong as one too few."""
    report = invented(name)
    found = Counter(
        (s.cycle, s.criterion, s.grade, s.status)
        for s in report.statements
        if isinstance(s, JudgmentStatement)
    )
    assert found == EXPECTED[name]
    assert report.force == "wessmarch"
    assert report.inspectorate == INSPECTORATES.get(report.cycle, "hmicfrs")
    for statement in report.statements:
        passage = statement.passage
        assert report.version.text[passage.start : passage.end] == passage.text


def test_a_force_wrongly_named_in_the_opening_is_a_warning(
    invented: Callable[[str], Report],
) -> None:
    """The title says whose page it is; the opening was copied from a neighbour's."""
    report = invented("wessmarch-2017.txt")
    assert any("eastmoor" in warning for warning in report.warnings)


def test_a_denied_grade_and_an_impossible_date_are_warnings(
    invented: Callable[[str], Report],
) -> None:
    """Neither may become a statement, and neither may pass in silence."""
    warnings = "\n".join(invented("wessmarch-2015.txt").warnings)
    assert "denies or supposes a grade for legitimacy" in warnings
    assert "31/02/2016" in warnings


def test_furniture_above_the_title_has_a_section_of_its_own(
    invented: Callable[[str], Report],
) -> None:
    """A banner that ends in a year looks like a title; only a force's name makes one."""
    report = invented("wessmarch-2016-interim.txt")
    assert report.title == "Wessmarch 2016"
    assert [s.kind for s in report.sections][:2] == ["site-furniture", "overview"]


@pytest.mark.parametrize(
    ("name", "kind", "texts"),
    [
        ("wessmarch-2015.txt", StatementType.LOOK_AHEAD, [
            "I look forward to seeing the harbour patrols at work.",
            "In the coming months I will be interested to see how the ferry is policed.",
            "how Wessmarch Police answers calls from the islands",
            "how it keeps its boats",
            "whether the workforce has enough life jackets."]),
        ("wessmarch-2015.txt", StatementType.PLAN_PRIORITY, [
            "Safe harbours.", "Cutting crime on the islands.", "Delivering value for money."]),
        ("wessmarch-2016.html", StatementType.PLAN_PRIORITY, [
            "Safe harbours", "Quick boats", "Fair treatment."]),
        ("wessmarch-2014.txt", StatementType.LOOK_AHEAD, [
            "Our intention is to examine the leadership of this invented force next."]),
    ],
)  # fmt: skip
def test_lists_give_their_entries_without_marks(
    name: str, kind: StatementType, texts: list[str], invented: Callable[[str], Report]
) -> None:
    """Marks and closing "; and" part entries; they are no words of the entry."""
    found = [s.passage.text for s in invented(name).statements if s.type is kind]
    assert found == texts


def test_themes_come_from_words(invented: Callable[[str], Report]) -> None:
    """Themes join what different years say of one thing."""
    themes = {
        s.passage.text: s.themes
        for s in invented("wessmarch-2015.txt").statements
        if s.type is StatementType.PLAN_PRIORITY
    }
    assert themes["Delivering value for money."] == ("resources-and-planning",)
    assert themes["Safe harbours."] == ()
