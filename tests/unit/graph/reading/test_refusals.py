"""What is no whole report of a known force and cycle is refused, with what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import (
    NotAReport,
    PeelgraphError,
    UnknownCycle,
    UnknownForce,
    UsageError,
)
from peelgraph.graph.model import JudgmentStatement

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report


def test_unknown_force_names_the_nearest_three(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """A misspelt name must never become a new force."""
    with pytest.raises(UnknownForce) as caught:
        reading(page_2015.replace("Wessmarch 2015", "Wesmarsh 2015"))
    assert "Wesmarsh" in str(caught.value)
    assert "(wessmarch)" in str(caught.value)
    assert str(caught.value).count("(") == 3


@pytest.mark.parametrize("years", ["2013", "2020", "2019/20", "1999"])
def test_a_year_without_cycle_is_an_unknown_cycle(
    years: str, page_2015: str, reading: Callable[..., Report]
) -> None:
    """There was no PEEL in those years; 1999 is not even a title's year."""
    expected = NotAReport if years == "1999" else UnknownCycle
    with pytest.raises(expected):
        reading(page_2015.replace("Wessmarch 2015", f"Wessmarch {years}"))


def test_a_later_template_is_refused_for_now(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """The five-tier cycles are known, their pages are not yet read."""
    with pytest.raises(UnknownCycle, match="cannot be read yet"):
        reading(page_2015.replace("Wessmarch 2015", "Wessmarch 2021/22"))


@pytest.mark.parametrize(
    "text",
    [
        " \n\t ",
        "Welcome to our bakery\nWe bake bread.",
        "Kent 2015\nThe commissioner welcomes the PEEL report. Kent Police is good.",
        "Lancashire PEEL 2014\nEffectiveness\nHow well the force tackles crime\nGood",
    ],
)
def test_other_pages_are_no_report(text: str, reading: Callable[..., Report]) -> None:
    """A commissioner's page quotes grades too, but it is not the report."""
    with pytest.raises(NotAReport) as caught:
        reading(text)
    assert caught.value.expected


def test_a_page_without_title_is_read_when_the_user_says_whose_it_is(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """Without the title nothing says it surely; the user can."""
    untitled = page_2015.replace("Wessmarch 2015\n", "", 1)
    with pytest.raises(NotAReport, match="title is missing"):
        reading(untitled)
    report = reading(untitled, force="wessmarch", cycle="peel-2015")
    assert report.slug == "peel-2015-wessmarch"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"force": "kent"}, UsageError),
        ({"cycle": "peel-2016"}, UsageError),
        ({"force": "kennt"}, UnknownForce),
        ({"cycle": "peel-2013"}, UnknownCycle),
    ],
)
def test_options_that_contradict_the_title_are_errors(
    options: dict[str, str], error: type[PeelgraphError], page_2015: str,
    reading: Callable[..., Report],
) -> None:  # fmt: skip
    """Grades filed under the wrong force or year would be worse than none."""
    with pytest.raises(error):
        reading(page_2015, **options)


def test_options_that_agree_with_the_title_change_nothing(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """A script may always give them."""
    assert reading(page_2015, force="wessmarch", cycle="peel-2015") == reading(page_2015)


def test_the_real_page_cut_anywhere_is_refused_or_gives_only_what_is_left(
    kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """A cut before the end of the pillars is always seen; later ones lose no grade."""
    whole = {s for s in kent.statements if isinstance(s, JudgmentStatement)}
    pillars_end = next(s.end for s in kent.sections if s.slug == "legitimacy-detail")
    for end in range(0, len(kent_2015_text), 211):
        try:
            report = reading(kent_2015_text[:end])
        except PeelgraphError:
            continue
        assert end >= pillars_end - 1
        assert {s for s in report.statements if isinstance(s, JudgmentStatement)} == whole


@pytest.mark.parametrize("pillar", ["Effectiveness", "Efficiency", "Legitimacy"])
def test_a_page_that_lost_a_pillar_in_its_middle_is_cut(
    pillar: str, page_2015: str, reading: Callable[..., Report]
) -> None:
    """Copying a page by hand loses middles as well as ends."""
    start = page_2015.rindex(f"{pillar}\nHow ")
    end = page_2015.index("\n", page_2015.index("Last updated", start))
    with pytest.raises(NotAReport, match=pillar.lower()):
        reading(page_2015[:start] + page_2015[end + 1 :])
