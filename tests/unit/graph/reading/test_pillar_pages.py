"""Pages about one pillar: whose they are, what they are about, and what is no such page."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import NotAReport, PeelgraphError, UnknownForce, UsageError
from peelgraph.graph.model import JudgmentStatement
from peelgraph.graph.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report
    from peelgraph.graph.reading import ReadingContext

TITLE = "Wessmarch PEEL 2016"
PAGE = f"""{TITLE}
Efficiency
How efficient is the force at keeping people safe and reducing crime?
Last updated 03/11/2016
Good
Wessmarch Police counts its boats.
"""
ADDRESS = "https://example.org/hmicfrs/peel-assessments/peel-2016/wessmarch/efficiency/"


@pytest.fixture
def at_address(context: ReadingContext) -> Callable[..., Report]:
    """A function from a page's text and address to its report."""

    def at(text: str, address: str, **options: str) -> Report:
        version = dataclasses.replace(captured_text(text), source=address)
        return read(version, context, **options)

    return at


def grades(report: Report) -> set[tuple[str, str | None, str]]:
    """Cycle, criterion and grade of every judgment."""
    return {
        (s.cycle, s.criterion, s.grade)
        for s in report.statements
        if isinstance(s, JudgmentStatement)
    }


def test_the_slug_has_the_pillar(reading: Callable[..., Report]) -> None:
    """A page about one pillar is another report than the overview of that year."""
    report = reading(PAGE)
    assert report.slug == "peel-2016-wessmarch-efficiency"
    assert report.title == "Wessmarch PEEL 2016, efficiency"
    assert grades(report) == {("peel-2016", "efficiency", "good")}
    assert report.warnings == ()


@pytest.mark.parametrize(
    "lost",
    [
        "Efficiency\n",
        "How efficient is the force at keeping people safe and reducing crime?\n",
        "Last updated 03/11/2016\n",
    ],
)
def test_one_lost_line_loses_nothing_else(lost: str, reading: Callable[..., Report]) -> None:
    """Captures drop lines; heading and question say the same."""
    report = reading(PAGE.replace(lost, ""))
    assert report.slug == "peel-2016-wessmarch-efficiency"
    assert grades(report) == {("peel-2016", "efficiency", "good")}


def test_without_a_title_the_address_says_whose_page_it_is(
    at_address: Callable[..., Report], reading: Callable[..., Report]
) -> None:
    """Some captures lose the title; the address was given by the user or followed."""
    untitled = PAGE.replace(f"{TITLE}\n", "")
    assert at_address(untitled, ADDRESS).slug == "peel-2016-wessmarch-efficiency"
    assert at_address(untitled, f"{ADDRESS}detailed-findings/?a=b").cycle == "peel-2016"
    told = reading(untitled, force="wessmarch", cycle="peel-2016")
    assert told.slug == "peel-2016-wessmarch-efficiency"
    with pytest.raises(NotAReport):
        reading(untitled)
    with pytest.raises(NotAReport, match="title is missing"):
        at_address(untitled, ADDRESS.replace("wessmarch", "nowhere"))


def test_the_years_of_an_address_are_those_of_titles(at_address: Callable[..., Report]) -> None:
    """The site files the pages of 2018/19 under 2018."""
    untitled = PAGE.replace(f"{TITLE}\n", "")
    address = ADDRESS.replace("peel-2016", "peel-2018")
    assert at_address(untitled, address).slug == "peel-2018-19-wessmarch-efficiency"


@pytest.mark.parametrize(
    ("part", "other", "warning"),
    [
        ("wessmarch", "eastmoor", "the address names eastmoor"),
        ("peel-2016", "peel-2015", "the address names peel-2015"),
        ("/efficiency/", "/legitimacy/", "the address names legitimacy"),
    ],
)
def test_a_title_wins_over_the_address(
    part: str, other: str, warning: str, at_address: Callable[..., Report]
) -> None:
    """What the page prints is evidence; where it was found is not, but the user is told."""
    report = at_address(PAGE, ADDRESS.replace(part, other))
    assert report.slug == "peel-2016-wessmarch-efficiency"
    assert any(warning in each for each in report.warnings)


def test_an_overview_found_at_a_pillars_address_stays_an_overview(
    page_2015: str, at_address: Callable[..., Report]
) -> None:
    """The opening sentence says what it is."""
    report = at_address(page_2015, ADDRESS.replace("2016", "2015"))
    assert report.slug == "peel-2015-wessmarch"
    assert any("one about all pillars" in each for each in report.warnings)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"force": "eastmoor"}, UsageError),
        ({"cycle": "peel-2015"}, UsageError),
        ({"force": "westmarch"}, UnknownForce),
    ],
)
def test_the_users_word_must_agree_with_the_title(
    options: dict[str, str], error: type[PeelgraphError], reading: Callable[..., Report]
) -> None:
    """Grades filed under the wrong force or year would be worse than none."""
    with pytest.raises(error):
        reading(PAGE, **options)


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace(TITLE, "Wessmarch 2016"),  # an overview that lost its opening
        PAGE + PAGE.replace("efficient", "legitimate").replace(TITLE, ""),  # two pillars
        f"{TITLE}\nWelcome to the invented county.\n",
        f"{TITLE}\nEfficiency\nHow efficient is the force at keeping people safe?\nGood\n",
        PAGE[: PAGE.index(" boats")],
    ],
)
def test_what_is_no_whole_page_of_one_pillar_is_refused(
    page: str, reading: Callable[..., Report]
) -> None:
    """Half a page gives half its grades, which looks like a whole one."""
    with pytest.raises(NotAReport):
        reading(page)


def test_an_unknown_force_is_named_with_the_nearest(reading: Callable[..., Report]) -> None:
    """A misspelt name must never become a new force."""
    with pytest.raises(UnknownForce, match="Wessmarsh"):
        reading(PAGE.replace(TITLE, "Wessmarsh PEEL 2016"))


def test_a_page_without_any_grade_is_read_with_a_warning(reading: Callable[..., Report]) -> None:
    """Its findings stand all the same; the overview states the grade."""
    report = reading(PAGE.replace("Good\n", ""))
    assert grades(report) == set()
    assert report.warnings == ("the page states no judgment on efficiency",)


def test_a_grade_that_the_cycle_never_gave_is_a_warning(reading: Callable[..., Report]) -> None:
    """In the first cycle no force had a grade for effectiveness as a whole."""
    page = PAGE.replace("2016", "2014").replace("Efficiency", "Effectiveness")
    page = page.replace("How efficient is the force at keeping people safe and reducing crime?",
                        "How well the force tackles crime")  # fmt: skip
    report = reading(page)
    assert grades(report) == set()
    assert any("which peel-2014 did not grade" in each for each in report.warnings)


def test_a_label_below_an_unknown_question_grades_nothing(reading: Callable[..., Report]) -> None:
    """It must not fall to the pillar above it, nor to the question before it."""
    report = reading(PAGE + "How well does the force sail?\nInadequate\nIts boats leak.\n")
    assert grades(report) == {("peel-2016", "efficiency", "good")}


QUESTION = "How well does the force use its resources to manage current demand?\n"


@pytest.mark.parametrize(
    ("sentence", "grade"),
    [
        ("The force is good at using its resources.", "good"),
        ("Wessmarch Police requires improvement in how it uses its resources.",
         "requires-improvement"),
        ("The force is outstanding in all its work to see to using its resources.", "outstanding"),
        ("The force is judged to be outstanding.", "outstanding"),
        ("Its use of resources is judged to be inadequate.", "inadequate"),
        ("The force is not good at using its resources.", None),
        ("The force is good at using its resources in some harbours.", None),
        ("The force would be good at using its resources.", None),
        ("The force is good at planning for the future.", None),
        ("Eastmoor Constabulary is good at using its resources.", None),
        ("The force has a good use of its resources.", None),
        ("Last year, we judged the force to be good.", None),
    ],
)  # fmt: skip
def test_a_sentence_below_a_question_grades_that_question_or_none(
    sentence: str, grade: str | None, reading: Callable[..., Report]
) -> None:
    """The words after the grade must name the question of the section."""
    report = reading(f"{PAGE}{QUESTION}{sentence}\n")
    expected = {("peel-2016", "efficiency-2", grade)} if grade else set()
    found = {each for each in grades(report) if each[:2] != ("peel-2016", "efficiency")}
    assert found - {("peel-2015", "efficiency", "good")} == expected


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        ("This question was not inspected. The grade from last year still stands.", "peel-2015"),
        ("Our judgment from the 2015 efficiency inspection has been carried over.", "peel-2015"),
        ("The grade of 2014 remains in place.", "peel-2014"),
        ("Our judgment has not been carried over from 2015.", None),
        ("The findings of last year no longer apply.", None),
    ],
)
def test_a_carried_over_grade_says_from_where(
    sentence: str, origin: str | None, reading: Callable[..., Report]
) -> None:
    """An old grade that stands for another year was not awarded again."""
    report = reading(f"{PAGE}{QUESTION}Good\n{sentence}\n")
    (found,) = (
        each
        for each in report.statements
        if isinstance(each, JudgmentStatement) and each.criterion == "efficiency-2"
    )
    expected = ("carried-over", f"{origin}/efficiency-2") if origin else ("awarded", None)
    assert (found.status, found.carried_over_from) == expected


def test_a_grade_carried_over_from_nowhere_is_a_warning(reading: Callable[..., Report]) -> None:
    """Without the year, or without the grade, nothing can be stated."""
    report = reading(f"{PAGE}{QUESTION}The grade of the last inspection still stands.\n")
    assert ("peel-2016", "efficiency-2", "good") not in grades(report)
    assert any("carried over without being named" in each for each in report.warnings)
    report = reading(f"{PAGE}{QUESTION}The grade of 2017 still stands.\n")
    assert any("not clearly which" in each for each in report.warnings)


def test_questions_may_be_entries_of_a_list(reading: Callable[..., Report]) -> None:
    """A page as HTML lists them; the label belongs to the entry above it."""
    report = reading(f"{PAGE}- {QUESTION}Inadequate\nIts boats leak.\n")
    assert ("peel-2016", "efficiency-2", "inadequate") in grades(report)


def test_a_question_is_carried_over_from_the_one_of_the_same_words(
    reading: Callable[..., Report],
) -> None:
    """Planning was the third question of one year and the second of the next."""
    page = PAGE.replace("2016", "2018") + (
        "How well does the force plan for the future?\nGood\nThe grade of 2017 still stands.\n"
    )
    origins = {
        each.criterion: each.carried_over_from
        for each in reading(page).statements
        if isinstance(each, JudgmentStatement)
    }
    assert origins == {"efficiency": None, "efficiency-2": "peel-2017/efficiency-3"}
