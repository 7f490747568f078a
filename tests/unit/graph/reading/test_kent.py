"""The real page gives exactly what a person reads on it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import DateStatement, JudgmentStatement, StatementType

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report


def grades(report: Report) -> list[tuple[str, str | None, str, str, int, int]]:
    """Cycle, criterion, grade, status and place of every judgment."""
    return [
        (s.cycle, s.criterion, s.grade, s.status, s.passage.start, s.passage.end)
        for s in report.statements
        if isinstance(s, JudgmentStatement)
    ]


def test_the_page_is_kent_2015_by_hmic(kent: Report) -> None:
    """A sentence of site furniture names the later inspectorate, which proves nothing."""
    assert kent.slug == "peel-2015-kent"
    assert (kent.title, kent.force, kent.cycle) == ("Kent 2015", "kent", "peel-2015")
    assert kent.inspectorate == "hmic"
    assert kent.version.sha12 == "bf6ea9beedad"
    assert kent.warnings == ()


def test_every_statement_of_a_grade_is_found_and_nothing_else(kent: Report) -> None:
    """Each place was checked by eye; last year's grade belongs to last year."""
    assert grades(kent) == [
        ("peel-2015", "effectiveness", "good", "awarded", 414, 509),
        ("peel-2015", "efficiency", "good", "awarded", 510, 605),
        ("peel-2015", "legitimacy", "outstanding", "awarded", 606, 709),
        ("peel-2015", "leadership", "not-graded", "ungraded-by-design", 806, 899),
        ("peel-2015", "effectiveness", "good", "awarded", 4718, 4826),
        ("peel-2014", "efficiency", "good", "awarded", 5782, 5952),
        ("peel-2015", "effectiveness", "good", "awarded", 8061, 8123),
        ("peel-2014", "efficiency", "good", "awarded", 10742, 10909),
        ("peel-2015", "efficiency", "good", "awarded", 10910, 10945),
    ]


def test_one_judgment_in_two_places_has_one_id(kent: Report) -> None:
    """The graph has one judgment with several passages, not several judgments."""
    ids = {
        (s.cycle, s.criterion): s.id for s in kent.statements if isinstance(s, JudgmentStatement)
    }
    found = {s.id for s in kent.statements if isinstance(s, JudgmentStatement)}
    assert found == set(ids.values())
    assert len(found) == 5


def test_sections_cover_the_page_without_gap_or_overlap(kent: Report) -> None:
    """Every character belongs to one section, so that every passage has one."""
    bounds = [(s.start, s.end) for s in kent.sections]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(kent.version.text) == 17102
    assert all(a[1] == b[0] for a, b in pairwise(bounds))
    assert [s.order for s in kent.sections] == list(range(1, 21))


def test_sections_have_unique_slugs_kinds_and_dates(kent: Report) -> None:
    """A summary and a detailed section of one heading must be told apart."""
    assert [(s.slug, s.kind) for s in kent.sections] == [
        ("overview", "overview"),
        ("inspector-observations", "inspector-observations"),
        ("area-description", "area-description"),
        ("exceptional-events", "exceptional-events"),
        ("working-arrangements", "working-arrangements"),
        ("effectiveness", "pillar"),
        ("efficiency", "pillar"),
        ("legitimacy", "pillar"),
        ("leadership", "leadership"),
        ("insights-from-other-inspections", "other-inspections"),
        ("looking-ahead", "looking-ahead"),
        ("effectiveness-detail", "pillar"),
        ("efficiency-detail", "pillar"),
        ("legitimacy-detail", "pillar"),
        ("other-inspections", "other-inspections"),
        ("leadership-detail", "leadership"),
        ("other-reports", "other-inspections"),
        ("key-facts", "key-facts"),
        ("force-supplied-context", "force-supplied-context"),
        ("policing-plan-priorities", "policing-plan-priorities"),
    ]
    assert {s.slug: s.modified for s in kent.sections if s.modified} == {
        "effectiveness-detail": dt.date(2016, 2, 18),
        "efficiency-detail": dt.date(2015, 10, 20),
        "legitimacy-detail": dt.date(2016, 2, 11),
        "leadership-detail": dt.date(2016, 2, 25),
        "other-reports": dt.date(2016, 2, 22),
    }


def test_look_ahead_priorities_and_dates_are_counted(kent: Report) -> None:
    """Four things to be looked at (the election is context), seven priorities, five dates."""
    places = {
        kind: [(s.passage.start, s.passage.end) for s in kent.statements if s.type is kind]
        for kind in (StatementType.LOOK_AHEAD, StatementType.PLAN_PRIORITY)
    }
    assert places[StatementType.LOOK_AHEAD] == [
        (7226, 7391), (7436, 7502), (7506, 7628), (7636, 7810),
    ]  # fmt: skip
    assert len(places[StatementType.PLAN_PRIORITY]) == 7
    assert sum(isinstance(s, DateStatement) for s in kent.statements) == 5


def test_every_passage_equals_its_text_with_its_surroundings(kent: Report) -> None:
    """A passage that does not match the page is no evidence."""
    page = kent.version.text
    slugs = {s.slug: s for s in kent.sections}
    for statement in kent.statements:
        passage = statement.passage
        assert page[passage.start : passage.end] == passage.text
        assert page[: passage.start].endswith(passage.prefix)
        assert page[passage.end :].startswith(passage.suffix)
        assert slugs[passage.section].start <= passage.start
        assert passage.end <= slugs[passage.section].end


LEGITIMACY = "legitimate at keeping people safe and reducing crime is outstanding"


@pytest.mark.parametrize(
    ("old", "new", "grade"),
    [
        ("is outstanding", "is inadequate", "inadequate"),
        ("is outstanding", "requires improvement", "requires-improvement"),
        ("is outstanding", "is not outstanding", None),
        ("is outstanding", "is", None),
        ("is outstanding", "might be outstanding", None),
    ],
)
def test_one_altered_sentence_alters_the_judgment(
    old: str, new: str, grade: str | None, kent_2015_text: str, reading: Callable[..., Report]
) -> None:
    """The reader reads this page; it does not know it."""
    assert kent_2015_text.count(LEGITIMACY) == 1
    report = reading(kent_2015_text.replace(LEGITIMACY, LEGITIMACY.replace(old, new)))
    found = {g[2] for g in grades(report) if g[1] == "legitimacy"}
    assert found == ({grade} if grade else set())
    assert bool(report.warnings) is (grade is None)


def test_a_summary_line_about_another_force_gives_no_grade(
    kent_2015_text: str, reading: Callable[..., Report]
) -> None:
    """The sentence states a grade, but not of the page's force."""
    report = reading(kent_2015_text.replace("Kent Police is legit", "Essex Police is legit"))
    assert "legitimacy" not in {g[1] for g in grades(report)}
    assert any("essex police" in warning for warning in report.warnings)


def test_two_grades_for_one_pillar_are_a_warning(
    kent_2015_text: str, reading: Callable[..., Report]
) -> None:
    """A page that contradicts itself is read as it stands, and the user is told."""
    line = "efficient at keeping people safe and reducing crime is"
    report = reading(kent_2015_text.replace(f"{line} good", f"{line} inadequate"))
    assert any("two grades for efficiency" in warning for warning in report.warnings)


def test_windows_line_ends_change_offsets_but_nothing_else(
    kent_2015_text: str, kent: Report, reading: Callable[..., Report]
) -> None:
    """The text is verbatim, so the same page saved on another machine is another version."""
    report = reading(kent_2015_text.replace("\n", "\r\n"))
    assert [(s.type, s.passage.text) for s in report.statements] == [
        (s.type, s.passage.text) for s in kent.statements
    ]
