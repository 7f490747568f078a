"""Descriptions are complete, bounded and true; nothing that appears is undescribed."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph
import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

BASE: Final = "https://w3id.org/peelgraph"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
OA: Final = "http://www.w3.org/ns/oa#"
ELSEWHERE: Final = ("/sparql", "/dumps/")
"""Addresses that are no linked data: what they are is said in the catalogue."""


Triples = set[tuple[str, str, str]]
NAMES: Final = tuple(each.n3() for each in (RDF.type, RDFS.label, SKOS.prefLabel, DCTERMS.title))


def iri_of(path: str) -> str:
    """The IRI of ours at a path, as N-Triples writes it."""
    return f"<{BASE}{path}>"


def read(content: bytes, syntax: pyoxigraph.RdfFormat) -> Triples:
    """The triples of a document, each term as N-Triples writes it."""
    found = pyoxigraph.parse(content, format=syntax)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in found}


@pytest.fixture(scope="module")
def triples(read_data: Path) -> Triples:
    """Every triple of the version served, whatever graph it stands in."""
    quads = DataFolder(read_data).current().quads_file
    return read(quads.read_bytes(), pyoxigraph.RdfFormat.N_QUADS)


def description(client: FlaskClient, path: str) -> Triples:
    """The graph that a document holds."""
    response = client.get(path, headers={"Accept": "application/n-triples"}, follow_redirects=True)
    assert response.status_code == 200, (path, response.status_code, response.text[:300])
    return read(response.get_data(), pyoxigraph.RdfFormat.N_TRIPLES)


@pytest.mark.parametrize("path", ["/id/force/hampshire", "/def/pillar", "/id/cycle/peel-2021-22"])
def test_a_description_holds_what_is_said_both_ways(
    read_client: FlaskClient, triples: Triples, path: str
) -> None:
    """Its own statements, what points to it, and what both are and are called."""
    thing = iri_of(path)
    found = description(read_client, path)
    out = {each for each in triples if each[0] == thing}
    into = {each for each in triples if each[2] == thing}
    assert out
    assert into
    assert out | into <= found
    others = {value for _, _, value in out} | {subject for subject, _, _ in into}
    assert {each for each in triples if each[0] in others and each[1] in NAMES} <= found


def test_a_passage_has_its_selectors(read_client: FlaskClient, triples: Triples) -> None:
    """They are hash IRIs, so this document is theirs too."""
    subjects = {subject.strip("<>") for subject, _, _ in triples}
    passage = min(each for each in subjects if "/passage/" in each and "#" not in each)
    said = {each[:2] for each in description(read_client, passage.removeprefix(BASE))}
    for part, by in (("position", "start"), ("position", "end"), ("quote", "exact")):
        assert (f"<{passage}#{part}>", f"<{OA}{by}>") in said


def test_every_iri_of_ours_is_described_where_it_leads(
    read_client: FlaskClient,
    triples: Triples,
    soak: bool,  # noqa: FBT001 - a fixture, not a flag
) -> None:
    """All in a soak, else some of each kind; a hash IRI in the document of its stem."""
    ours = {term for triple in triples for term in triple if term.startswith(f"<{BASE}/")}
    kinds: dict[str, list[str]] = {}
    for iri in sorted(ours):
        path = iri.strip("<>").removeprefix(BASE)
        if not path.startswith(ELSEWHERE):
            kinds.setdefault(re.sub(r"[#/][^#/]*$", "", path)[:24], []).append(path)
    assert len(kinds) > 60
    chance = random.Random(5)  # noqa: S311 - which are looked at is no secret
    for paths in kinds.values():
        for path in paths if soak else chance.sample(paths, 1):
            found = description(read_client, path.partition("#")[0])
            said = {by for subject, by, _ in found if subject == iri_of(path)}
            assert NAMES[0] in said, path
            assert said & {*NAMES[1:]} or "#" in path, path


def test_a_foreign_iri_is_described_from_what_is_known(
    read_client: FlaskClient, triples: Triples
) -> None:
    """Both ways, as things of ours are; ours is sent on to."""
    act = "http://www.legislation.gov.uk/id/ukpga/1996/16/section/54"
    found = description(read_client, f"/doc?iri={act}")
    assert {each for each in triples if f"<{act}>" in (each[0], each[2])} <= found
    assert iri_of(f"/doc?iri={quote(act, safe='')}") in {subject for subject, _, _ in found}
    sent = read_client.get(f"/doc?iri={BASE}/id/force/kent")
    assert (sent.status_code, sent.headers["Location"]) == (303, "http://localhost/doc/force/kent")
    assert read_client.get("/doc?iri=http://example.org/nothing").status_code == 404
    assert read_client.get("/doc?iri=not an iri").status_code == 404
    assert read_client.get("/doc").status_code == 400
    assert (
        read_client.get(f"/doc.jsonld?iri={act}").headers["Content-Type"] == "application/ld+json"
    )


def test_a_set_has_every_thing_of_its_kind(read_client: FlaskClient, triples: Triples) -> None:
    """Over all its pages, each once, with what it is called."""
    kind = iri_of("/def/inspection#Judgment")
    start = f"<{BASE}/data/judgment/"
    judgments = {s for s, by, value in triples if value == kind and s.startswith(start)}
    seen, path, pages = set[str](), "/id/judgment", 0
    while path:
        page = description(read_client, path)
        members = {value for _, by, value in page if by == f"<{HYDRA}member>"}
        assert not members & seen
        seen |= members
        assert members <= {subject for subject, by, _ in page if by in NAMES[1:]}
        assert f'"{len(judgments)}"' in str([each for each in page if "totalItems" in each[1]])
        following = [value.strip("<>") for _, by, value in page if by == f"<{HYDRA}next>"]
        path = following[0].removeprefix(BASE) if following else ""
        pages += 1
    assert seen == judgments
    assert pages == 2
