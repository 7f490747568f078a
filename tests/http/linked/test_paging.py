"""A thing with far too many links each way is shown in pages; made data, served as a file."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import pyoxigraph
import pytest

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

BASE: Final = "https://w3id.org/peelgraph"
HUB: Final = f"<{BASE}/id/cycle/hub>"
CYCLE: Final = f"{BASE}/def/inspection#cycle"
MEMBER: Final = "http://www.w3.org/2004/02/skos/core#member"
TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TITLE: Final = "<http://purl.org/dc/terms/title>"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"


@pytest.fixture(scope="module")
def links(soak: bool) -> int:  # noqa: FBT001 - a fixture, not a flag
    """How many links the thing has each way."""
    return 100_000 if soak else 6_000


@pytest.fixture(scope="module")
def hub_client(links: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over a cycle that everything is linked with."""
    path = tmp_path_factory.mktemp("hub") / "hub.nt"
    _write(path, links)
    settings = Settings(workers=1, client_seconds=0, client_errors=0)
    with closing(start_engine(settings, path)) as engine:
        yield create_app(settings, engine).test_client()


def _write(path: Path, links: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{HUB} {TYPE} <{BASE}/def/inspection#Cycle> .\n{HUB} {TITLE} "Hub"@en .\n')
        for number in range(links):
            report = f"<{BASE}/id/report/r-{number:06d}>"
            file.write(
                f"{report} <{CYCLE}> {HUB} .\n{HUB} <{MEMBER}> {report} .\n"
                f'{report} {TITLE} "Report {number}"@en .\n'
            )


def triples(client: FlaskClient, address: str) -> set[tuple[str, str, str]]:
    """The triples of a document, each term as N-Triples writes it."""
    response = client.get(address, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200, response.text[:500]
    found = pyoxigraph.parse(response.get_data(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in found}


@pytest.mark.parametrize(
    ("asked", "by", "inverse"), [("of", CYCLE, True), ("values", MEMBER, False)]
)
def test_links_come_in_pages_that_lead_on(
    hub_client: FlaskClient,
    asked: str,
    by: str,
    inverse: bool,  # noqa: FBT001 - which way
) -> None:
    """The document holds a thousand and says where the rest is; no page repeats another's."""
    document = triples(hub_client, "/doc/cycle/hub")
    assert len(document) < 7000
    others = _others(document, by, inverse=inverse)
    assert len(others) == 1000
    (following,) = [
        value.strip("<>").removeprefix(BASE)
        for _, link, value in document
        if link.endswith("#seeAlso>") and f"?{asked}=" in value
    ]
    for _ in range(2):
        page = triples(hub_client, following)
        more = _others(page, by, inverse=inverse)
        assert len(more) == 1000
        assert not more & others
        assert {subject for subject, link, _ in page if link == TITLE} >= more
        others |= more
        (following,) = [
            value.strip("<>").removeprefix(BASE)
            for _, link, value in page
            if link == f"<{HYDRA}next>"
        ]


def _others(document: set[tuple[str, str, str]], by: str, *, inverse: bool) -> set[str]:
    found = {each for each in document if each[1] == f"<{by}>"}
    return {subject if inverse else value for subject, _, value in found}


def test_the_pages_of_people_are_short_and_lead_on(hub_client: FlaskClient, links: int) -> None:
    """A hundred links of each property, how many there are, and where the others stand."""
    html = {"Accept": "text/html"}
    page = hub_client.get("/doc/cycle/hub", headers=html).text
    assert len(page) < 100_000
    assert page.count(f"{links:,} in all") == 2
    start = page.index("/doc/cycle/hub?of=")
    first = page[start:].partition('"')[0].replace("&amp;", "&")
    listed = hub_client.get(first, headers=html).text
    assert listed.count("/doc/report/r-") == 1000
    assert 'rel="next"' in listed
    last = hub_client.get(
        "/doc/cycle/hub",
        query_string={"of": CYCLE, "after": f"{BASE}/id/report/r-{links - 3:06d}"},
        headers=html,
    ).text
    assert last.count("/doc/report/r-") == 2
    assert 'rel="next"' not in last


def test_a_page_of_what_is_not_linked_is_404(hub_client: FlaskClient) -> None:
    """No page is made up; a property that is no IRI is told."""
    assert hub_client.get("/doc/cycle/hub?of=http://example.org/none").status_code == 404
    assert hub_client.get("/doc/cycle/hub?of=none").status_code == 400
