"""Themes: their questions, their grades, and steps that are drawn broken where they are."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.documents import page_at
from peelgraph.server.site.lineage import graded, grades, questions, rounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
TABLES = bundled_tables()
THEMES = sorted({theme for each in bundled_tables().findings for theme in each.themes})
ASKED = [
    (question, theme)
    for cycle in bundled_tables().questions.values()
    for question in cycle.values()
    for theme in question.themes
]
COMES_AFTER = {
    "peel-2015": "peel-2014",
    "peel-2016": "peel-2015",
    "peel-2017": "peel-2016",
    "peel-2018-19": "peel-2017",
}
"""The cycle before each that the inspectorate calls comparable, with caution or not."""


@pytest.fixture
def page(built_client: FlaskClient) -> Callable[[str], str]:
    """Make the page of a theme, as it stands at its document's address."""

    def make(theme: str) -> str:
        with built_client.application.test_request_context(f"/def/theme/{theme}"):
            found = page_at(f"/def/theme/{theme}")
            assert found is not None
            return found()

    return make


def test_every_theme_is_in_the_table_of_all(built_client: FlaskClient) -> None:
    """With the judgments and findings that it has in the bundled tables."""
    text = built_client.get("/themes", headers=HTML).text
    lines = re.findall(
        r'<tr><th scope="row"><a href="/def/theme/([a-z-]+)">.*?</tr>', text, re.DOTALL
    )
    assert len(lines) == 12
    graded_by = Counter((row.cycle, row.criterion) for row in bundled_tables().grades)
    found = {row.id: row for row in bundled_tables().findings}.values()
    for theme in lines:
        (line,) = re.findall(rf'"/def/theme/{theme}">(?:(?!</tr>).)*</tr>', text, re.DOTALL)[:1]
        judged, findings = re.findall(r'class="num[ a-z]*">([0-9,]+)<', line)
        asked = [question for question, of in ASKED if of == theme]
        assert int(judged) == sum(graded_by[each.cycle, each.key] for each in asked)
        assert int(findings) == sum(theme in row.themes for row in found)


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_shows_every_question_and_every_grade(
    page: Callable[[str], str], theme: str
) -> None:
    """None is left out, and none of another theme gets in."""
    text = page(theme)
    asked = [question for question, of in ASKED if of == theme]
    linked = set(re.findall(r'href="/def/question/([a-z0-9-]+/[a-z0-9-]+)"', text))
    assert linked == {f"{each.cycle}/{each.key}" for each in asked}
    keys = {(each.cycle, each.key) for each in asked}
    expected = {
        f"/data/judgment/{row.cycle}/{row.force}/{row.criterion}"
        for row in bundled_tables().grades
        if (row.cycle, row.criterion) in keys
    }
    shown = re.findall(r'href="(/data/judgment/[^"]+)"', text)
    assert Counter(shown) == Counter(expected)


def test_a_step_that_does_not_compare_is_broken_and_says_why(page: Callable[[str], str]) -> None:
    """From 2018-19 to 2021-22, and from there to 2023-25; in 2015 the pillar was first graded."""
    text = unescape(page("investigating-crime"))
    assert "New scale of five grades and areas in place of pillars" in text
    assert "Different areas and more weight on outcomes" in text
    heads = re.findall(r'<th scope="colgroup"[^>]*class="([a-z]+)"><bdi>([^<]+)', text)
    broken = {"2015", "2021/22", "2023–25"}  # noqa: RUF001
    assert {cycle for kind, cycle in heads if kind == "broken"} == broken
    assert {cycle for kind, cycle in heads if kind == "group"} >= {"2014", "2018/19"}


def test_a_gap_of_cycles_is_as_broken_as_its_worst_step(built_client: FlaskClient) -> None:
    """Recording crime was asked in 2015 and then in 2021-22: not comparable lies between."""
    with built_client.application.test_request_context("/"):
        made = rounds(questions()["recording-crime"])
    assert [each.cycle.slug for each in made] == ["peel-2015", "peel-2021-22", "peel-2023-25"]
    assert [each.broken for each in made] == [False, True, True]
    assert [each.adjacent for each in made] == [False, False, True]


def test_moves_are_those_of_one_grade_to_one_grade(built_client: FlaskClient) -> None:
    """None across what does not compare, nor where a theme has several grades in a cycle."""
    ranks = {code: each.rank for code, each in bundled_tables().scales["four-tier"].grades.items()}
    levels = {(each.to_cycle, each.criterion): each.level for each in TABLES.comparabilities}
    held: dict[tuple[str, str, str], list[int]] = {}
    pillar: dict[tuple[str, str, str], str] = {}
    for row in bundled_tables().grades:
        rank = ranks.get(row.grade)
        for question, theme in ASKED:
            if (question.cycle, question.key) == (row.cycle, row.criterion) and rank is not None:
                held.setdefault((theme, row.force, row.cycle), []).append(rank)
                pillar[theme, row.force, row.cycle] = question.pillar
    expected = Counter[str]()
    for (theme, force, cycle), after in held.items():
        before = held.get((theme, force, COMES_AFTER.get(cycle, "")), [])
        level = levels.get((cycle, pillar[theme, force, cycle]), "")
        if len(before) == len(after) == 1 and level != "first-time":
            expected[("same", "up", "down")[(after > before) - (after < before)]] += 1
    seen = Counter[str]()
    with built_client.application.test_request_context("/"):
        for asked in questions().values():
            for _, places in grades(graded(rounds(asked))):
                told = [place for place in places if place.move]
                seen.update(place.move for place in told)
                assert all(place.mark.startswith("(") for place in told)
    assert seen == expected
    assert seen["up"] > 0


def test_a_step_is_that_of_the_criterion_as_on_the_page_of_the_judgment(
    built_client: FlaskClient, page: Callable[[str], str]
) -> None:
    """Two pages about the same two grades say one thing of them."""
    text = built_client.get(
        "/data/judgment/peel-2015/derbyshire/effectiveness-2", headers=HTML
    ).text
    assert "First time" in text
    row = re.search(
        r'href="/doc/force/derbyshire">.*?</tr>', page("investigating-crime"), re.DOTALL
    )
    assert row is not None
    assert "unchanged" not in row[0].partition("/peel-2016/")[0]
    with built_client.application.test_request_context("/"):
        told = dict(grades(graded(rounds(questions()["investigating-crime"]))))
        (places,) = [places for force, places in told.items() if force.slug == "derbyshire"]
    (now,) = [each for each in places if each.judged and each.judged.cycle.slug == "peel-2015"]
    assert now.step is not None
    assert (now.step.level, now.move, now.mark) == ("first-time", "", "*")


def test_findings_lead_to_their_list(page: Callable[[str], str]) -> None:
    """Counts by force and kind, each with the findings behind it."""
    text = page("fair-treatment")
    linked = "/findings?theme=fair-treatment&amp;force=kent&amp;kind="
    assert f'{linked}strength">12</a>' in text
    assert f'{linked}area-for-improvement">2</a>' in text
    assert "No report that was read" in page("recording-crime")


def test_an_unknown_theme_is_not_found(page: Callable[[str], str]) -> None:
    """The page about nothing is no page."""
    with pytest.raises(PageNotFound):
        page("no-such-theme")
