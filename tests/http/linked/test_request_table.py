"""Every kind of address in the model: extension and Accept to status, type and redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph
import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, Graph, URIRef

from peelgraph.graph.iris import LICENCE

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASE: Final = "https://w3id.org/peelgraph"
VERSION: Final = "report/peel-2014-hampshire/version/eb1894cf5a1d"
THINGS: Final = (
    "force/kent",
    "force/kent/name/1",
    "change/hmic-to-hmicfrs-2017",
    "inspectorate/hmic",
    "inspectorate/hmic/name/1",
    "local-policing-body/kent",
    "programme/peel",
    "cycle/peel-2025-27",
    "inspection/peel-2021-22/lancashire",
    "inspection/peel-2015/kent",
    "inspection/peel-2015/kent/efficiency",
    "report/peel-2014-hampshire",
    VERSION,
    "finding/peel-2015-kent/afi-{finding}",
    "comparability/peel-2018-19--peel-2021-22",
    "activity/ingest-eb1894cf5a1d/20260103t000000z",
    "agent/contributors",
    "software/peelgraph",
    "query/force-grades",
)
ITEMS: Final = (
    "/def/pillar",
    "/def/pillar/leadership",
    "/def/grade/four-tier",
    "/def/grade/four-tier/inadequate",
    "/def/question/peel-2015/legitimacy-4",
    "/def/question/peel-2021-22/investigating-crime",
    "/def/theme/investigating-crime",
    "/data/judgment/peel-2015/kent/legitimacy",
    "/data/judgments",
    "/data/peelgraph",
    "/data/catalogue",
    "/graph/scheme/pillar",
    "/graph/ontology",
    "/graph/facts/grades",
    "/graph/document/peel-2014-hampshire/eb1894cf5a1d",
)
SETS: Final = ("force", "comparability", "change", "finding", "person", "query")
TYPES: Final = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
PARSERS: Final = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
HTML: Final = "text/html; charset=utf-8"
BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPTED: Final = (
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/xml", "rdf"),
    (BROWSER, "html"),
    ("", "ttl"),
    ("*/*", "ttl"),
    ("text/*", "ttl"),
    ("text/*;q=0.5, application/n-triples;q=0.4", "ttl"),
    ("text/turtle;q=0.3, application/rdf+xml;q=0.7, text/html;q=0.5", "rdf"),
    ("text/turtle;q=0, */*", "jsonld"),
    ("text/html;q=0.2, application/ld+json", "jsonld"),
)


def filled(path: str, client: FlaskClient) -> str:
    """Return *path* with the hash of a finding that the tables have."""
    if "{finding}" not in path:
        return path
    found = client.get("/id/finding.nt").text
    start = found.index(f"{BASE}/id/finding/peel-2015-kent/afi-")
    return path.format(finding=found[start:].partition(">")[0].rpartition("afi-")[2])


def documents(client: FlaskClient) -> list[str]:
    """The paths of all documents of the table."""
    return [
        *(f"/doc/{filled(each, client)}" for each in THINGS),
        *ITEMS,
        *(f"/id/{each}" for each in SETS),
        passage(client),
    ]


def passage(client: FlaskClient) -> str:
    """The path of the document about a passage of the page that was read."""
    lines = client.get(f"/doc/{VERSION}.nt").text.splitlines()
    found = [line[1:].partition(">")[0] for line in lines if f"/{VERSION}/passage/" in line]
    own = min(iri for iri in found if f"/{VERSION}/passage/" in iri and "#" not in iri)
    return own.replace(f"{BASE}/id", "/doc")


def parsed(client: FlaskClient, address: str, media_type: str) -> set[tuple[str, str, str]]:
    """The triples at an address, each term as N-Triples writes it."""
    form = pyoxigraph.RdfFormat.from_media_type(media_type.partition(";")[0])
    triples = pyoxigraph.parse(client.get(address).get_data(), format=form)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in triples}


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_is_303_to_its_document(read_client: FlaskClient, thing: str) -> None:
    """On the host that was asked, with the extension that was asked for, whatever is accepted."""
    path = filled(thing, read_client)
    host = {"Host": "data.example:8080"}
    for accept in ("text/html", "text/turtle", "*/*"):
        response = read_client.get(f"/id/{path}", headers={**host, "Accept": accept})
        assert response.status_code == 303, response.text
        assert response.headers["Location"] == f"http://data.example:8080/doc/{path}"
        assert "Accept" in response.headers["Vary"]
    for extension in (*TYPES, "html"):
        response = read_client.get(f"/id/{path}.{extension}", headers=host)
        assert response.status_code == 303
        assert response.headers["Location"] == f"http://data.example:8080/doc/{path}.{extension}"


def test_a_document_takes_the_form_that_its_extension_names(read_client: FlaskClient) -> None:
    """The extension wins over whatever is accepted, and nothing is negotiated."""
    for path in documents(read_client):
        for extension, content_type in {**TYPES, "html": HTML}.items():
            response = read_client.get(f"{path}.{extension}", headers={"Accept": "image/png"})
            assert response.status_code == 200, (path, extension, response.text[:500])
            assert response.headers["Content-Type"] == content_type
            assert "Content-Location" not in response.headers


@pytest.mark.parametrize(("accept", "extension"), ACCEPTED)
def test_a_document_takes_the_form_that_is_liked_best(
    read_client: FlaskClient, accept: str, extension: str
) -> None:
    """Qualities, wildcards and other names of a type; the answer says where this form stands."""
    for path in documents(read_client)[::5]:
        response = read_client.get(path, headers={"Accept": accept} if accept else {})
        assert response.status_code == 200, path
        assert response.headers["Content-Location"] == f"{path}.{extension}"
        told = response.headers["Content-Type"]
        named = "" if set(accept) & set(",*") else accept
        assert told in {{**TYPES, "html": HTML}[extension], named}
        assert "Accept" in response.headers["Vary"]


def test_what_is_accepted_by_nobody_is_406_with_the_list(read_client: FlaskClient) -> None:
    """The client learns what it may ask for."""
    for path in documents(read_client):
        for accept in ("image/png", "text/turtle;q=0, image/png"):
            response = read_client.get(path, headers={"Accept": accept})
            assert response.status_code == 406, path
            assert response.headers["Content-Type"] == "application/problem+json"
            available = response.get_json(force=True)["available"]
            assert set(available) == {*(t.partition(";")[0] for t in TYPES.values()), "text/html"}


def test_the_forms_of_a_document_are_one_graph(read_client: FlaskClient) -> None:
    """Each says what the document is about, under which licence, and what the thing is."""
    for path in documents(read_client):
        first = parsed(read_client, f"{path}.nt", TYPES["nt"])
        assert len(first) > 3, path
        for extension, media_type in TYPES.items():
            found = parsed(read_client, f"{path}.{extension}", media_type)
            assert found == first, (path, extension, list(found ^ first)[:4])
        thing, document = (
            URIRef(BASE + path.replace("/doc/", "/id/")).n3(),
            URIRef(BASE + path).n3(),
        )
        assert (document, FOAF.primaryTopic.n3(), thing) in first
        assert (document, DCTERMS.license.n3(), LICENCE.n3()) in first
        named = {by for subject, by, _ in first if subject == thing}
        assert RDF.type.n3() in named, path
        assert named & {by.n3() for by in (RDFS.label, SKOS.prefLabel, DCTERMS.title)}, path


@pytest.mark.parametrize("path", ["/doc/force/kent", "/data/peelgraph", "/id/force"])
def test_rdflib_reads_the_same_graph_from_each_form(read_client: FlaskClient, path: str) -> None:
    """Another reader than the engine whose writer wrote most of them."""
    graphs = [
        set(Graph().parse(data=read_client.get(f"{path}.{extension}").get_data(), format=parser))
        for extension, parser in PARSERS.items()
    ]
    assert graphs[0]
    assert all(each == graphs[0] for each in graphs)


def test_the_ontology_is_a_page_for_people_and_its_graph_for_programs(
    read_client: FlaskClient,
) -> None:
    """A browser keeps the fragment of a term over the redirect, and so comes to its anchor."""
    for path, accept in (("/def/inspection", BROWSER), ("/def/inspection.html", "*/*")):
        response = read_client.get(path, headers={"Accept": accept})
        assert (response.status_code, response.headers["Location"]) == (
            303,
            "http://localhost/ontology",
        )
    first = parsed(read_client, "/def/inspection.nt", TYPES["nt"])
    for extension, media_type in TYPES.items():
        found = parsed(read_client, f"/def/inspection.{extension}", media_type)
        assert found == first, extension
    for name in ("Judgment", "JudgmentShape"):
        term = f"<{BASE}/def/inspection#{name}>"
        assert {by for subject, by, _ in first if subject == term} >= {RDF.type.n3()}
    ontology = f"<{BASE}/def/inspection>"
    assert (ontology, FOAF.primaryTopic.n3(), ontology) in first


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/set/force", "/id/force"),
        ("/set/force.ttl", "/id/force.ttl"),
        ("/doc/force", "/id/force"),
        ("/data/judgment", "/id/judgment"),
        ("/id/force/", "/id/force"),
        ("/id/Force.ttl", "/id/force.ttl"),
        ("/id/force/kent/", "/id/force/kent"),
        ("/doc/force/kent/", "/doc/force/kent"),
        ("/id/force/Kent", "/id/force/kent"),
        ("/doc/Force/KENT.ttl", "/doc/force/kent.ttl"),
        ("/def/Pillar/Efficiency", "/def/pillar/efficiency"),
        ("/graph/Scheme/pillar", "/graph/scheme/pillar"),
        ("/doc/force/kent/?of=x", "/doc/force/kent?of=x"),
    ],
)
def test_what_is_written_in_another_way_is_sent_on(
    read_client: FlaskClient, asked: str, sent_to: str
) -> None:
    """One address a thing, so that caches and links agree."""
    response = read_client.get(asked)
    assert response.status_code == 308
    assert response.headers["Location"] == f"http://localhost{sent_to}"


def test_headers_say_where_else_the_content_is(read_client: FlaskClient) -> None:
    """Forms, licence, set, canonical address, and what is described."""
    response = read_client.get("/doc/force/kent", headers={"Accept": "text/turtle"})
    links = response.headers.getlist("Link")
    assert (
        '<http://localhost/doc/force/kent.jsonld>; rel="alternate"; type="application/ld+json"'
        in links
    )
    assert '<http://localhost/doc/force/kent.html>; rel="alternate"; type="text/html"' in links
    assert f'<{BASE}/doc/force/kent>; rel="canonical"' in links
    assert f'<{LICENCE}>; rel="license"' in links
    assert '<http://localhost/id/force>; rel="collection"' in links
    described = (
        f'<http://localhost/doc/force/kent>; rel="describedby"; anchor="{BASE}/id/force/kent"'
    )
    assert described in links


def test_a_document_that_is_had_is_304(read_client: FlaskClient) -> None:
    """Every form has an entity tag of its own; HEAD has the headers of GET."""
    tags = set()
    for path in ("/doc/force/kent", "/id/force", "/graph/facts/grades", "/graph/scheme/pillar"):
        for accept in ("text/html", "text/turtle", "application/n-triples"):
            got = read_client.get(path, headers={"Accept": accept})
            tags.add(got.headers["ETag"])
            again = {"Accept": accept, "If-None-Match": got.headers["ETag"]}
            known = read_client.get(path, headers=again)
            assert (known.status_code, known.get_data()) == (304, b"")
            head = read_client.head(path, headers={"Accept": accept})
            assert head.headers["Content-Type"] == got.headers["Content-Type"]
            assert head.get_data() == b""
    assert len(tags) == 12
    options = read_client.options("/doc/force/kent")
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert read_client.post("/doc/force/kent").status_code == 405
