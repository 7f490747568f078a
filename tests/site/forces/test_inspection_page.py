"""The page of an inspection: its grades in words, where they are from, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from selectolax.lexbor import LexborHTMLParser

    Pages = Callable[[FlaskClient, str], LexborHTMLParser]
    Tables = Callable[[LexborHTMLParser, str], dict[str, list[str]]]

GRADES = "table.worded"


def test_kent_2015_in_words(built_client: FlaskClient, page_of: Pages, table_in: Tables) -> None:
    """Grade, status and date of each pillar."""
    page = page_of(built_client, "/doc/inspection/peel-2015/kent")
    assert page.css("h1")[0].text() == "Inspection of Kent Police, PEEL 2015"
    rows = table_in(page, GRADES)
    assert {name: cells[:2] for name, cells in rows.items()} == {
        "Effectivenesspillar": ["good", "awarded18 February 2016"],
        "Efficiencypillar": ["good", "awarded20 October 2015"],
        "Legitimacypillar": ["outstanding", "awarded11 February 2016"],
    }


def test_who_inspected_under_which_act(built_client: FlaskClient, page_of: Pages) -> None:
    """HMIC until July 2017, HMICFRS since."""
    earlier = page_of(built_client, "/doc/inspection/peel-2015/kent").css("dl")[0].text()
    assert "Her Majesty's Inspectorate of Constabulary" in earlier
    assert "Police Act 1996, section 54" in earlier
    later = page_of(built_client, "/doc/inspection/peel-2018-19/kent").css("dl")[0].text()
    assert "Constabulary and Fire & Rescue Services" in later


def test_no_grade_says_why(built_client: FlaskClient, page_of: Pages, table_in: Tables) -> None:
    """By design in 2014, for want of fieldwork in 2017: two different reasons."""
    design = table_in(page_of(built_client, "/doc/inspection/peel-2014/kent"), GRADES)
    assert design["Legitimacypillar"][0] == "not graded"
    assert "planned a description without a grade" in design["Legitimacypillar"][1]
    left_out = table_in(
        page_of(built_client, "/doc/inspection/peel-2017/greater-manchester"), GRADES
    )
    assert "not inspected" in left_out["Legitimacypillar"][1]


def test_a_carried_over_grade_leads_to_the_earlier_one(
    built_client: FlaskClient, page_of: Pages
) -> None:
    """Kent's first question on efficiency stands from 2017."""
    page = page_of(built_client, "/doc/inspection/peel-2018-19/kent/efficiency")
    earlier = page.css('a[href="/data/judgment/peel-2017/kent/efficiency-1"]')
    assert earlier[0].text() == "The earlier judgement"
    assert "legitimacy" not in page.css(GRADES)[0].text().casefold()


def test_what_cannot_be_compared_is_said(built_client: FlaskClient, page_of: Pages) -> None:
    """Each step once for all pillars that it is said of."""
    page = page_of(built_client, "/doc/inspection/peel-2018-19/kent")
    steps = [each.text() for each in page.css("li") if "not comparable" in each.text()]
    assert len(steps) == 1
    assert steps[0].startswith(
        "PEEL 2018/19 to PEEL 2021/22, effectiveness, efficiency, legitimacy:"
    )


def test_findings_by_kind_and_pillar(built_client: FlaskClient, page_of: Pages) -> None:
    """Every tabulated finding is listed once, however often it stands in the report."""
    tabulated = {(row.type, row.digest): row for row in bundled_tables().findings}.values()
    page = page_of(built_client, "/doc/inspection/peel-2015/kent")
    links = [each.attributes["href"] for each in page.css('li a[href^="/doc/finding/"]')]
    assert len(links) == len(set(links)) == len(tabulated)
    own = page_of(built_client, "/doc/inspection/peel-2015/kent/legitimacy")
    of_pillar = [row for row in tabulated if row.criterion == "legitimacy"]
    assert len(own.css('li a[href^="/doc/finding/"]')) == len(of_pillar) > 0
    kinds = [each.text() for each in page.css("h3[id^=kind]")]
    assert [each.rpartition(" ")[0] for each in kinds][:2] == ["Area for improvement", "Strength"]


def test_the_report_has_its_address_and_digest(built_client: FlaskClient, page_of: Pages) -> None:
    """Where it is published, and what its text was when it was read."""
    page = page_of(built_client, "/doc/inspection/peel-2015/kent")
    card = page.css(".card")[0]
    links = [each.attributes["href"] for each in card.css("a")]
    assert "/doc/report/peel-2015-kent" in links
    assert "https://hmicfrs.justiceinspectorates.gov.uk/peel-assessments/peel-2015/kent/" in links
    assert "has not been read into this version" in card.text()


def test_a_report_that_was_read_shows_its_digest(kent_client: FlaskClient, page_of: Pages) -> None:
    """Over a version with the real page, where it is at hand."""
    page = page_of(kent_client, "/doc/inspection/peel-2015/kent")
    assert "bf6ea9beedadb3703a17844e8af031750bf72be378cf3619666be1f5fe2e2759" in page.html
    assert "17,102 characters" in page.css(".card")[0].text()
    assert "1 passage of the report" in page.css(GRADES)[0].text()


def test_every_inspection_is_offered_as_data(built_client: FlaskClient, page_of: Pages) -> None:
    """Of a force, whether the cycle had pillars or areas, and of a pillar."""

    def forms(address: str) -> list[object]:
        links = page_of(built_client, address).css('link[rel="alternate"]')
        return [each.attributes["href"] for each in links]

    for each in ("peel-2015/kent", "peel-2015/kent/legitimacy", "peel-2021-22/kent"):
        address = f"/doc/inspection/{each}"
        assert {f"{address}.ttl", f"{address}.jsonld"} <= set(forms(address))


@pytest.mark.parametrize(
    "address",
    [
        "/doc/inspection/peel-2015/wessmarch",
        "/doc/inspection/peel-1999/kent",
        "/doc/inspection/peel-2021-22/kent/legitimacy",
        "/doc/inspection/peel-2015/kent/courage",
        "/doc/inspection/x%22y/kent",
    ],
)
def test_an_unknown_inspection_is_not_found(
    built_client: FlaskClient, page_of: Pages, address: str
) -> None:
    """No page of an inspection that never was."""
    with pytest.raises(PageNotFound):
        page_of(built_client, address)
