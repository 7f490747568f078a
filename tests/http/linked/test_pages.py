"""The page for whatever has no page of its own, and what pages say to search engines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from peelgraph.server.site.structured import (
    structured_dataset,
    structured_finding,
    structured_force,
    structured_judgment,
    structured_report,
)

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASE = "https://w3id.org/peelgraph"
HTML = {"Accept": "text/html"}


def embedded(text: str) -> dict[str, Any]:
    """The one block of structured data in *text*."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    assert found["@context"] == "https://schema.org"
    return found


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ("/doc/inspectorate/hmic", ["inspectorate", "HMIC"]),
        ("/def/finding-type/strength", ["/def/finding-type", "notation"]),
        ("/def/pillar", ["/def/pillar/effectiveness", "effectiveness"]),
        ("/doc/change/hmic-to-hmicfrs-2017", ["/doc/inspectorate/hmicfrs"]),
    ],
)
def test_a_page_shows_statements_with_words_and_links_on_this_host(
    read_client: FlaskClient, path: str, holds: list[str]
) -> None:
    """Things are called by their labels, and their links stay here."""
    page = read_client.get(path, headers=HTML).text
    for each in holds:
        assert each in page
    assert f'href="{BASE}' not in page
    assert page.count("<h1>") == 1
    for media_type in ("text/turtle", "application/ld+json"):
        assert f'<link rel="alternate" type="{media_type}" href="{path}.' in page
    assert embedded(page)["@type"] == "WebPage"


def test_the_page_of_a_graph_says_its_size_and_offers_it(read_client: FlaskClient) -> None:
    """And under which licence."""
    page = read_client.get("/graph/facts/grades", headers=HTML).text
    size = len(read_client.get("/graph/facts/grades.nt").text.splitlines())
    told = int(re.findall(r"([\d,]+) statements", page)[0].replace(",", ""))
    assert told <= size <= told + 10
    assert "Open Government Licence" in page
    assert 'href="/graph/facts/grades.ttl"' in page


def test_the_home_page_is_a_dataset_to_search_engines(read_client: FlaskClient) -> None:
    """With its licence and where it can be had."""
    said = embedded(read_client.get("/", headers=HTML).text)
    assert said["@type"] == "Dataset"
    assert said["license"].startswith("http://www.nationalarchives.gov.uk/")
    (download,) = said["distribution"]
    assert download["contentUrl"].startswith("http://localhost/dumps/")


def test_structured_data_never_ends_its_element(read_client: FlaskClient) -> None:
    """Whatever a name holds; what is said is said."""
    name = "</script><script>alert(1)</script>&\u2028"
    with read_client.application.test_request_context():
        force = embedded(str(structured_force(name, f"{BASE}/id/force/x", ["urn:x"], "Here")))
        graded = embedded(
            str(
                structured_judgment(
                    f"{BASE}/data/judgment/x",
                    name,
                    force=(f"{BASE}/id/force/x", name),
                    grade="good",
                    rank=3,
                    best=4,
                    issued="2016",
                )
            )
        )
        ungraded = embedded(
            str(structured_judgment("x", name, force=("y", name), grade="none", rank=None, best=4))
        )
        finding = embedded(
            str(structured_finding("x", name, report="y", force=("z", name), statement=name))
        )
        report = embedded(str(structured_report("x", name, publisher=("y", name), address=name)))
        dataset = embedded(str(structured_dataset("http://localhost/sparql")))
    assert (force["@type"], force["name"]) == ("GovernmentOrganization", name)
    assert (graded["@type"], graded["name"]) == ("Review", name)
    assert graded["reviewRating"]["ratingValue"] == 3
    assert "reviewRating" not in ungraded
    assert (finding["@type"], finding["text"]) == ("Claim", name)
    assert (report["author"]["name"], report.get("url")) == (name, None)
    assert dataset["@id"] == f"{BASE}/data/peelgraph"
