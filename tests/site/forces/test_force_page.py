"""The pages of the forces say what the tables say, and what may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.judgments import LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from selectolax.lexbor import LexborHTMLParser

    Pages = Callable[[FlaskClient, str], LexborHTMLParser]
    Tables = Callable[[LexborHTMLParser, str], dict[str, list[str]]]

DASH = LETTERS["not-graded"]
REMIT = "Majesty's Inspectorate of Constabulary and Fire & Rescue Services"
LISTED = {(row.cycle, row.force) for row in bundled_tables().reports.values() if row.force}
STRIP = "[aria-labelledby=grades] table"


def test_kent_shows_its_grades_of_each_cycle(
    built_client: FlaskClient, page_of: Pages, table_in: Tables
) -> None:
    """The known facts, letter by letter; leadership is in no table and so in no row."""
    page = page_of(built_client, "/doc/force/kent")
    assert page.css("h1")[0].text() == "Kent Police"
    assert table_in(page, STRIP) == {
        "Effectiveness": [DASH, "G", "G", "G", "G"],
        "Efficiency": ["G", "G", "G", "G", "O"],
        "Legitimacy": [DASH, "O", "O", "O", "O"],
    }
    (recorded,) = table_in(page, "[aria-labelledby=areas] table")["Recording data about crime"][:1]
    assert recorded == "O"


def test_every_cell_leads_to_its_judgment(built_client: FlaskClient, page_of: Pages) -> None:
    """A letter without what is behind it is hearsay."""
    page = page_of(built_client, "/doc/force/kent")
    links = [each.attributes["href"] for each in page.css(f"{STRIP} td a")]
    assert "/data/judgment/peel-2015/kent/legitimacy" in links
    assert len(links) == 15
    years = [each.attributes["href"] for each in page.css(f"{STRIP} thead a")]
    assert years[1] == "/doc/inspection/peel-2015/kent"


def test_steps_say_which_way_and_whether_they_compare(
    built_client: FlaskClient, page_of: Pages
) -> None:
    """Up is claimed only where the cycles compare; a first grade is no rise."""
    page = page_of(built_client, "/doc/force/kent")
    rows = {
        row.css("th")[0].text(): [each.attributes["title"] for each in row.css(".step abbr")]
        for row in page.css(f"{STRIP} tbody tr")
    }
    assert rows["Efficiency"] == [
        "unchanged, comparable with caution",
        "unchanged, comparable",
        "unchanged, comparable",
        "up, comparable",
    ]
    assert rows["Legitimacy"][0] == (
        "first time: 2014 gave no grade for the pillar, so there is nothing earlier to compare"
    )


def test_what_does_not_compare_is_broken_and_says_why(
    built_client: FlaskClient, page_of: Pages
) -> None:
    """Between the scales, and from one set of areas to the next."""
    page = page_of(built_client, "/doc/force/essex")
    note = page.css("p.broken")[0].text()
    assert "PEEL 2018/19 to PEEL 2021/22" in note
    assert "the reports rule comparison out" in note
    cells = page.css("[aria-labelledby=areas] td.broken")
    assert cells
    assert "//" in cells[0].text()
    assert "rule direct comparison out" in str(cells[0].css("abbr")[0].attributes["title"])
    assert not page.css(f"{STRIP} td.broken")


def test_a_welsh_force_has_its_welsh_name(built_client: FlaskClient, page_of: Pages) -> None:
    """Marked as Welsh, so that it is read out as such."""
    page = page_of(built_client, "/doc/force/north-wales")
    assert page.css("[lang=cy]")[0].text() == "Heddlu Gogledd Cymru"
    text = page.css("main")[0].text()
    assert "W15000001" in text
    assert "North Wales Police and Crime Commissioner" in text
    wikidata = page.css('a[href="http://www.wikidata.org/entity/Q1774860"]')
    assert wikidata[0].attributes["rel"] == "nofollow noopener"


def test_findings_are_counted_by_theme(
    built_client: FlaskClient, page_of: Pages, table_in: Tables
) -> None:
    """Kent's findings of 2015 are tabulated; the numbers are those of the table."""
    page = page_of(built_client, "/doc/force/kent")
    counted = table_in(page, "table.counted")
    tabulated = {(row.type, row.digest): row for row in bundled_tables().findings}.values()
    expected = {
        theme: sum(theme in row.themes for row in tabulated)
        for theme in ("fair-treatment", "investigating-crime")
    }
    assert counted["Fair treatment of the public"][-1] == str(expected["fair-treatment"])
    assert expected["investigating-crime"] > 0
    assert counted["Investigating crime"][-1] == str(expected["investigating-crime"])
    href = page.css('a[href^="/findings?"]')[0].attributes["href"]
    assert str(href).startswith("/findings?force=kent&theme=")


def test_no_report_is_no_finding_and_says_why(built_client: FlaskClient, page_of: Pages) -> None:
    """Nothing found and nothing read are different things."""
    text = page_of(built_client, "/doc/force/essex").css("main")[0].text()
    assert "0 findings: no report on this force has been read" in text


def test_the_time_line_has_each_cycle(built_client: FlaskClient, page_of: Pages) -> None:
    """The drawing and the list say the same."""
    page = page_of(built_client, "/doc/force/kent")
    dots = [each.text() for each in page.css("svg.chart circle title")]
    assert dots[:2] == ["27 November 2014", "20 October 2015"]
    listed = " ".join(each.text() for each in page.css("main > ul > li"))
    assert "published 20 October 2015, 11 February 2016, 18 February 2016" in listed


@pytest.mark.parametrize(
    ("force", "cycle", "name"),
    [
        ("durham", "2015", "Her Majesty's Inspectorate of Constabulary"),
        ("durham", "2017", f"Her {REMIT}"),
        ("durham", "2021/22", f"Her {REMIT}"),
        ("durham", "2023–25", f"His {REMIT}"),  # noqa: RUF001
        ("derbyshire", "2021/22", f"His {REMIT}"),
    ],
)
def test_an_inspectorate_is_called_what_it_was_then(
    built_client: FlaskClient, page_of: Pages, force: str, cycle: str, name: str
) -> None:
    """On the page of the force, and on those of the inspection, its judgments and its report."""
    page = page_of(built_client, f"/doc/force/{force}")
    told = [each for each in page.css("li") if each.text().startswith(f"PEEL {cycle} by")]
    assert [each.text().partition(" by ")[2].partition(";")[0] for each in told] == [name]
    slug = f"peel-{cycle.replace('/', '-').replace('–', '-')}"  # noqa: RUF001
    inspection = page_of(built_client, f"/doc/inspection/{slug}/{force}")
    assert f"by {name}." in inspection.css(".lead")[0].text()
    links = [each.attributes["href"] for each in inspection.css("table a")]
    judgment = next(each for each in links if str(each).startswith("/data/judgment/"))
    report = f"/doc/report/{slug}-{force}"
    for address in (str(judgment), *([report] if (slug, force) in LISTED else [])):
        assert name in [each.text() for each in page_of(built_client, address).css("dd a")]


def test_a_force_without_inspections_says_so(built_client: FlaskClient, page_of: Pages) -> None:
    """The British Transport Police are in the data, and not in PEEL."""
    text = page_of(built_client, "/doc/force/btp").css("main")[0].text()
    assert "No judgement on this force is known here" in text


@pytest.mark.parametrize("slug", ["wessmarch", "Kent", "k<b>", "kent%3E", "a" * 3000])
def test_an_unknown_force_is_not_found(
    built_client: FlaskClient, page_of: Pages, slug: str
) -> None:
    """Whatever it is spelt like."""
    with pytest.raises(PageNotFound):
        page_of(built_client, f"/doc/force/{slug}")
