"""The map drawn from outlines, where they have been imported, and the pages of areas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import GEO
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.iris import Iris, statistical_geography
from peelgraph.server.pages.terms import Term
from peelgraph.server.protocol.geometry import WKT
from peelgraph.server.site.clearings import clearing
from peelgraph.server.site.outlines import LONGEST_TEXT, NARROW, Frame, outline_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

RIGHTS: Final = "Contains OS data © Crown copyright and database right 2020."
KENT: Final = str(statistical_geography("E23000032"))
SQUARE: Final = "POLYGON ((0 51, 1 51, 1 52, 0 52, 0 51))"


def page_at(client: FlaskClient, address: str) -> LexborHTMLParser:
    """The page at *address*."""
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return LexborHTMLParser(response.text)


def links(page: LexborHTMLParser, svg: str) -> dict[str, tuple[str | None, str | None]]:
    """Address and class of each area of a map, by its title."""
    found = {}
    for link in page.css(f"{svg} a"):
        (title,), drawn = link.css("title"), link.css_first("path, rect")
        assert drawn is not None
        found[title.text()] = (link.attributes["href"], drawn.attributes["class"])
    return found


def test_areas_say_what_tiles_say(outlined_client: FlaskClient) -> None:
    """The same forces, judgements, colours and letters; each a link away from the other."""
    page = page_at(outlined_client, "/grades?cycle=peel-2015")
    tiles = page_at(outlined_client, "/grades?cycle=peel-2015&map=tiles")
    shown = links(page, "svg.areas")
    assert len(shown) == 43
    assert shown == links(tiles, "svg.tiles")
    letters = [sorted(each.text() for each in p.css("svg .letter")) for p in (page, tiles)]
    assert letters[0] == letters[1]
    assert not tiles.css("svg.areas")
    assert "/grades?cycle=peel-2015&map=tiles#map" in [a.attributes["href"] for a in page.css("a")]
    back = [a.attributes["href"] for a in tiles.css("figcaption a")]
    assert back == ["/grades?cycle=peel-2015&map=outline#map"]


def test_the_line_of_the_owner_stands_below_the_outlines_alone(
    outlined_client: FlaskClient,
) -> None:
    """It is the condition on which they may be shown."""
    captions = [
        page_at(outlined_client, address).css_first("figcaption")
        for address in ("/grades", "/grades?map=outline", "/grades?map=tiles")
    ]
    said = [caption.text() for caption in captions if caption is not None]
    assert [RIGHTS in each for each in said] == [True, True, False]


def test_the_smallest_area_has_a_mark_that_can_be_found(outlined_client: FlaskClient) -> None:
    """Three pixels are no target; the mark stands within the drawing and is part of the link."""
    page = page_at(outlined_client, "/grades?cycle=peel-2015")
    (mark,) = page.css("svg.areas circle")
    link = mark.parent
    assert link is not None
    assert "City of London" in str(link.attributes["aria-label"])
    assert next(each.text() for each in link.css("text")) == "COL"
    svg = page.css_first("svg.areas")
    assert svg is not None
    _, _, width, height = map(float, str(svg.attributes["viewBox"]).split())
    x, y = float(str(mark.attributes["cx"])), float(str(mark.attributes["cy"]))
    assert 22 <= x <= width - 22
    assert 22 <= y <= height - 22


def test_a_choice_of_map_stays_when_other_grades_are_asked_for(
    outlined_client: FlaskClient,
) -> None:
    """The form keeps it, and only where it was made; what is not there is refused."""
    page = page_at(outlined_client, "/grades?map=tiles")
    (kept,) = page.css("form.filters input[name=map]")
    assert kept.attributes["value"] == "tiles"
    assert not page_at(outlined_client, "/grades").css("form.filters input[name=map]")
    assert outlined_client.get("/grades?map=globe").status_code == 400


def test_without_an_import_everything_is_tiles(built_client: FlaskClient) -> None:
    """An address that somebody sent shows what there is."""
    page = page_at(built_client, "/grades?map=outline")
    assert len(page.css("svg.tiles a")) == 43
    assert not page.css("svg.areas, figcaption a")
    assert not page_at(built_client, f"/doc?iri={quote(KENT)}").css("svg")
    assert json.loads(built_client.get("/api/outlines.json").data)["outlines"] == {}


@pytest.mark.parametrize(
    "address", [f"/doc?iri={quote(KENT)}", "/doc/geometry/e23000032", "/id/geometry/e23000032"]
)
def test_the_page_of_an_area_shows_its_outline(outlined_client: FlaskClient, address: str) -> None:
    """With the line of its owner; the outline has a page of its own too."""
    response = outlined_client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    page = LexborHTMLParser(response.text)
    (drawn,) = page.css("svg path")
    assert str(drawn.attributes["d"]).startswith("M")
    caption = page.css_first("figcaption")
    assert caption is not None
    assert RIGHTS in caption.text()


def test_an_outline_is_linked_data(outlined_client: FlaskClient) -> None:
    """Its IRI is ours, so it answers: with its text, in each form."""
    graph = Graph().parse(
        data=outlined_client.get("/doc/geometry/e23000032.ttl").data, format="ttl"
    )
    assert len(list(graph.objects(Iris().outline("e23000032"), GEO.asWKT))) == 1
    assert (URIRef(KENT), GEO.hasDefaultGeometry, Iris().outline("e23000032")) in graph
    listed = outlined_client.get("/id/geometry.ttl")
    assert len(Graph().parse(data=listed.data, format="ttl")) > 86


def test_geojson_has_outlines(outlined_client: FlaskClient) -> None:
    """Of the force of a row, and of the query made for maps, with the line of their owner."""
    for query in ("force-grades", "grades-map"):
        answer = outlined_client.get(f"/q/{query}.geojson?force=kent&cycle=peel-2015")
        found = json.loads(answer.data)
        assert found["features"]
        assert {each["geometry"]["type"] for each in found["features"]} == {"Polygon"}, query
        ring = found["features"][0]["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert RIGHTS in found["attribution"]
        assert "geometry" not in found["features"][0]["properties"]


def test_the_editor_gets_an_outline_once(outlined_client: FlaskClient) -> None:
    """By area, with the area of each force."""
    found = json.loads(outlined_client.get("/api/outlines.json").data)
    assert len(found["outlines"]) == len(found["areas"]) == 43
    assert found["outlines"][found["areas"][str(Iris().force("kent"))]][0][0][0] < 1
    assert RIGHTS in found["attribution"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POINT (0 51)",
        "POLYGON EMPTY",
        "<http://www.opengis.net/def/crs/EPSG/0/27700> " + SQUARE,
        "POLYGON (0 51, 1 51)",
        "POLYGON (((0 51, 1 51, 1 52, 0 51)))",
        "MULTIPOLYGON ((0 51, 1 51, 1 52, 0 51))",
        "POLYGON ((0 51, 1 51, 1e999 52, 0 51))",
        "POLYGON ((517515 178392, 517516 178392, 517515 178393, 517515 178392))",
        "POLYGON ((" + "0 51, " * LONGEST_TEXT + "0 51))",
        '"><script>',
    ],
)
def test_what_cannot_be_drawn_is_no_outline(text: str) -> None:
    """The graph may hold anything that a person with a token put there."""
    assert outline_of(row(text)) is None


def row(text: str, middle: str = "") -> dict[str, Term]:
    """A row of the query for outlines."""
    iris = {name: Term(f"http://e/{name}", "uri") for name in ("force", "area", "outline")}
    texts = {"text": text} | ({"middle": middle} if middle else {})
    return iris | {name: Term(said, "literal", "", WKT) for name, said in texts.items()}


def test_a_drawing_is_north_up_and_true_to_length_at_fifty_three_degrees() -> None:
    """East is to the right; a degree of longitude is as much shorter as it is there."""
    outline = outline_of(row(SQUARE, "POINT (0.5 51.5)"))
    assert outline is not None
    assert (outline.middle, outline.rights) == ((0.5, 51.5), "")
    frame = Frame(outline.rings[0], 1000, 100)
    (west, north), (east, south) = frame.at((0, 52)), frame.at((1, 51))
    assert (south - north, round((east - west) / (south - north), 2)) == (100, round(NARROW, 2))
    assert frame.path(outline).count("L") == 3
    without = outline_of(row(SQUARE, "POINT EMPTY"))
    assert without is not None
    assert without.middle == pytest.approx((0.4, 51.4))


def test_a_letter_stands_within_a_crescent() -> None:
    """The middle of one is outside of it, where a light letter could not be read."""
    ring = [(0.0, 0.0), (9, 0), (9, 2), (2, 2), (2, 9), (0, 9), (0, 0)]
    x, y = clearing([ring], (4, 4), 1)
    assert x < 2 or y < 2
    hole = [(1.0, 1.0), (8, 1), (8, 8), (1, 8), (1, 1)]
    around = [(0.0, 0.0), (9, 0), (9, 9), (0, 9), (0, 0)]
    x, y = clearing([around, hole], (4.5, 4.5), 1)
    assert min(x, y) < 1 or max(x, y) > 8
