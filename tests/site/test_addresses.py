"""Pages stand behind the addresses of linked data, for people and programs alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import DCTERMS, RDFS, Graph, URIRef
from selectolax.lexbor import LexborHTMLParser

from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/doc/force/kent", "Kent Police"),
        ("/doc/inspection/peel-2015/kent", "Kent"),
        ("/doc/inspection/peel-2015/kent/legitimacy", "legitimacy"),
        ("/data/judgment/peel-2015/kent/legitimacy", "Judgement on legitimacy: Kent Police"),
        ("/doc/report/peel-2015-kent", "Kent 2015"),
        ("/def/theme/investigating-crime", "Investigating crime"),
    ],
)
def test_get_document_as_page_is_200(built_client: FlaskClient, address: str, heading: str) -> None:
    """The page of its kind, not a table of statements."""
    response = built_client.get(address, headers=HTML)
    assert response.status_code == 200
    page = LexborHTMLParser(response.text)
    (first,) = page.css("h1")
    assert heading in first.text()
    assert not page.css("table.properties")


@pytest.mark.parametrize("cycle", ["peel-2014", "peel-2018-19", "peel-2021-22"])
def test_get_inspection_of_a_force_agrees_in_every_form(
    built_client: FlaskClient, cycle: str
) -> None:
    """A page, statements, and an address that leads to both, whether there were pillars or not."""
    name = f"inspection/{cycle}/kent"
    sent = built_client.get(f"/id/{name}", headers=HTML)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"http://localhost/doc/{name}")
    assert built_client.get(f"/doc/{name}", headers=HTML).status_code == 200
    assert built_client.get(f"/doc/{name}.html").status_code == 200
    turtle = built_client.get(f"/doc/{name}", headers={"Accept": "text/turtle"})
    assert turtle.text == built_client.get(f"/doc/{name}.ttl").text
    said = Graph().parse(data=turtle.text, format="turtle")
    own = URIRef(f"https://w3id.org/peelgraph/id/{name}")
    assert str(said.value(own, RDFS.label)).startswith("Inspection of Kent")
    pillars = 3 if cycle != "peel-2021-22" else 0
    assert len(set(said.subjects(DCTERMS.isPartOf, own))) == pillars


def test_get_inspection_that_the_data_has_not_is_404(built_client: FlaskClient) -> None:
    """Nor is there a page of it."""
    answer = built_client.get("/doc/inspection/peel-2015/nowhere", headers=HTML)
    assert answer.status_code == 404


def test_pages_tell_search_engines_what_they_show(built_client: FlaskClient) -> None:
    """A rating within the scale of its cycle, of the force that was inspected."""
    page = LexborHTMLParser(
        built_client.get("/data/judgment/peel-2015/kent/legitimacy", headers=HTML).text
    )
    (block,) = page.css('script[type="application/ld+json"]')
    said = json.loads(block.text())
    assert said["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 4,
        "bestRating": 4,
        "worstRating": 1,
        "alternateName": "outstanding",
    }
    assert said["itemReviewed"]["name"] == "Kent Police"
    page = LexborHTMLParser(built_client.get("/doc/force/kent", headers=HTML).text)
    (block,) = page.css('script[type="application/ld+json"]')
    assert json.loads(block.text())["sameAs"] == ["http://www.wikidata.org/entity/Q3195294"]


def _said(client: FlaskClient, address: str) -> dict[str, Any]:
    """Return the one block of data in the page at *address*."""
    page = LexborHTMLParser(client.get(address, headers=HTML).text)
    (block,) = page.css('script[type="application/ld+json"]')
    said: dict[str, Any] = json.loads(block.text())
    assert said.pop("@context") == "https://schema.org"
    return said


def test_search_engines_are_told_of_evidence_and_of_who_judged(built_client: FlaskClient) -> None:
    """Judgment, inspection, report and finding: who said what of whom, joined by identifiers."""
    base = "https://w3id.org/peelgraph"
    hmic = {
        "@type": "GovernmentOrganization",
        "@id": f"{base}/id/inspectorate/hmic",
        "name": "Her Majesty's Inspectorate of Constabulary",
    }
    kent = {
        "@type": "GovernmentOrganization",
        "@id": f"{base}/id/force/kent",
        "name": "Kent Police",
    }
    judgment = "/data/judgment/peel-2015/kent/legitimacy"
    assert _said(built_client, judgment)["author"] == [hmic]
    inspection = _said(built_client, "/doc/inspection/peel-2015/kent")
    assert (inspection["@type"], inspection["name"]) == ("AssessAction", "Kent Police, PEEL 2015")
    assert (inspection["agent"], inspection["object"]) == ([hmic], kent)
    assert {"@type": "Review", "@id": f"{base}{judgment}"} in inspection["result"]
    assert len(inspection["result"]) == 3
    report = _said(built_client, "/doc/report/peel-2015-kent")
    assert report["@type"] == "Report"
    assert (report["author"], report["about"]) == (hmic, kent)
    assert report["datePublished"].startswith("2016-02")
    row = next(each for each in bundled_tables().findings if each.summary)
    finding = _said(built_client, f"/doc/finding/peel-2015-kent/{row.id}")
    assert (finding["@type"], finding["about"]) == ("Claim", kent)
    assert finding["appearance"]["@id"] == f"{base}/id/report/peel-2015-kent"
    assert finding["description"] == row.summary
    assert "text" not in finding, "the words are not held"
    assert _said(built_client, "/data")["@id"] == _said(built_client, "/")["@id"]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/",
            "/forces",
            "/themes",
            "/data",
            "/charts",
            "/doc/inspection/peel-2014/kent",
        ),
        *("/doc/report/peel-2015-kent", "/data/judgment/peel-2015/kent/legitimacy"),
    ],
)
def test_pages_name_what_programs_read_instead(built_client: FlaskClient, address: str) -> None:
    """In the page itself, for who has no headers; each leads to something of that type."""
    page = LexborHTMLParser(built_client.get(address, headers=HTML).text)
    found = [
        (str(each.attributes["type"]), str(each.attributes["href"]))
        for each in page.css('link[rel="alternate"]')
    ]
    types = {media_type for media_type, _ in found}
    assert types == {"text/csv"} or types >= {"text/turtle", "application/rdf+xml"}
    for media_type, href in found:
        response = built_client.get(href)
        assert (href, response.status_code) == (href, 200)
        assert response.headers["Content-Type"].partition(";")[0] == media_type


@pytest.mark.parametrize("address", ["/data", "/nowhere"])
def test_pages_lead_home(built_client: FlaskClient, address: str) -> None:
    """Also that of the downloads, and that of an error."""
    page = LexborHTMLParser(built_client.get(address, headers=HTML).text)
    (trail,) = page.css('nav[aria-label="Breadcrumb"]')
    assert [each.attributes["href"] for each in trail.css("a")] == ["/"]


def test_the_data_page_leads_to_places_for_maps(built_client: FlaskClient) -> None:
    """GeoJSON, which is there."""
    page = LexborHTMLParser(built_client.get("/data", headers=HTML).text)
    (link,) = page.css('a[href*=".geojson"]')
    places = built_client.get(str(link.attributes["href"]))
    assert places.get_json()["type"] == "FeatureCollection"
    assert len(places.get_json()["features"]) > 43


def test_a_force_says_that_no_other_dataset_is_linked(built_client: FlaskClient) -> None:
    """What is not there is not passed over in silence."""
    page = built_client.get("/doc/force/kent", headers=HTML).text
    assert "Other data about its area" in page
    assert "this version holds no dataset of crime, workforce or spending" in page
