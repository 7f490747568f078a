"""The real page with one sentence altered: the statements change as the sentence does.

No sentence of the page stands here: each is found by the judgment that it states.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import UnknownForce
from peelgraph.graph.model import JudgmentStatement

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

GRADED = 8  # places of the page that state a grade
OTHER = {
    "good": "inadequate",
    "outstanding": "requires improvement",
}


def graded(report: Report) -> list[JudgmentStatement]:
    """The judgments with a grade, by place."""
    return [
        each
        for each in report.statements
        if isinstance(each, JudgmentStatement) and each.grade != "not-graded"
    ]


def stated(report: Report) -> Counter[tuple[str, str | None, str]]:
    """How often each cycle, criterion and grade is stated."""
    return Counter((each.cycle, each.criterion, each.grade) for each in graded(report))


def altered(page: str, place: JudgmentStatement, old: str, new: str) -> str:
    """The page with the last *old* of one statement's passage replaced, and nothing else."""
    passage = place.passage
    at = passage.text.rindex(old)
    sentence = passage.text[:at] + new + passage.text[at + len(old) :]
    return page[: passage.start] + sentence + page[passage.end :]


@pytest.mark.parametrize("number", range(GRADED))
def test_another_grade_word_is_another_grade(
    number: int, kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """That place gives the other grade, every other place what it gave before."""
    place = graded(kent)[number]
    assert len(graded(kent)) == GRADED
    other = OTHER[place.grade]
    said = "requires improvement" if "is outstanding" in place.passage.text else other
    old = "is outstanding" if said == "requires improvement" else place.grade
    report = reading(altered(kent_2015_text, place, old, said))
    expected = stated(kent)
    expected[place.cycle, place.criterion, place.grade] -= 1
    expected[place.cycle, place.criterion, other.replace(" ", "-")] += 1
    assert stated(report) == +expected


@pytest.mark.parametrize("number", range(GRADED))
@pytest.mark.parametrize("change", ["nothing", "not", "never quite", "could be"])
def test_a_grade_removed_or_denied_is_no_grade(
    number: int, change: str, kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """Only that place falls silent; what is denied or supposed there is no grade either."""
    place = graded(kent)[number]
    new = "" if change == "nothing" else f"{change} {place.grade}"
    report = reading(altered(kent_2015_text, place, place.grade, new))
    expected = stated(kent)
    expected[place.cycle, place.criterion, place.grade] -= 1
    assert stated(report) == +expected


def test_another_force_in_a_sentence_takes_its_grade_away(
    kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """A grade of a neighbour is none of this force, wherever it is named."""
    for place in graded(kent):
        if "Kent Police" not in place.passage.text:
            continue
        report = reading(altered(kent_2015_text, place, "Kent Police", "Essex Police"))
        expected = stated(kent)
        expected[place.cycle, place.criterion, place.grade] -= 1
        assert stated(report) == +expected


def test_the_page_of_another_force_is_that_forces(
    kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """Renamed throughout, the page says the same of the other force."""
    report = reading(re.sub(r"\bKent\b", "Wessmarch", kent_2015_text))
    assert report.slug == "peel-2015-wessmarch"
    assert stated(report) == stated(kent)
    with pytest.raises(UnknownForce, match="Kentshire"):
        reading(re.sub(r"\bKent\b", "Kentshire", kent_2015_text))


def test_a_renamed_title_alone_is_a_warning(
    kent_2015_text: str, reading: Callable[..., Report]
) -> None:
    """The title decides; every sentence that still names the old force is not about the new."""
    report = reading(kent_2015_text.replace("Kent 2015", "Wessmarch 2015", 1))
    assert report.force == "wessmarch"
    assert any("opening sentence names kent" in each for each in report.warnings)
    assert not any("Kent Police" in each.passage.text for each in graded(report))


@pytest.mark.parametrize("pillar", ["effectiveness", "efficiency", "legitimacy"])
def test_a_summary_line_repeated_in_place_of_another(
    pillar: str, kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """The lost line is not made up from its neighbours."""
    lines = {each.criterion: each for each in graded(kent)[:3]}
    lost = lines[pillar].passage
    other = next(each.passage.text for key, each in lines.items() if key != pillar)
    report = reading(kent_2015_text[: lost.start] + other + kent_2015_text[lost.end :])
    places = {each.passage.start for each in graded(report) if each.criterion == pillar}
    assert lost.start not in places
    assert any("2 times" in each for each in report.warnings)
