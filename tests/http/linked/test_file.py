"""Linked data over any file, with blank nodes, hostile texts and things of every kind."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import pyoxigraph
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

BASE: Final = "https://w3id.org/peelgraph"
LONG: Final = "x" * 1_000_000
FILE: Final = f"""
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pi: <{BASE}/def/inspection#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <{BASE}/id/> .

<person/ann-other> a foaf:Person ; rdfs:label "Ann Other"@en ;
    foaf:knows [ foaf:name "Nobody" ; foaf:knows [ foaf:name "Nobody else" ] ] ;
    rdfs:seeAlso ( "one" "two" "three" "four" "five" ) .
<post/hmcic> a org:Post ; skos:prefLabel "Chief inspector"@en , "Prif arolygydd"@cy .
<response/peel-2015-kent/kent> a pi:BodyResponse ; rdfs:label "Response"@en ;
    pi:value 5.50 , 5.5 , 1.5e1 , "5"^^xsd:integer , true , "odd"^^xsd:integer ;
    dct:issued "2016-03-01"^^xsd:date , "2016-03"^^xsd:gYearMonth , "2016" ;
    dct:title "one"@en , "two"@en , "three" , "pedwar"@cy .
<monitoring/kent/2016-01-01> a pi:MonitoringStage ; rdfs:label "Engage"@en .
<figure/peel-2015-kent/0a1b2c3d4e> a pi:StatedFigure ; rdfs:label "Figure"@en .
<plan-priority/peel-2015-kent/0a1b2c3d4e> a pi:PlanPriority ; rdfs:label "Priority"@en .
<collaboration/essex--kent> a org:OrganizationalCollaboration ; rdfs:label "Both"@en .
<../data/judgments/slice/cycle/peel-2015> a <http://purl.org/linked-data/cube#Slice> ;
    rdfs:label "Slice"@en .
<../.well-known/genid/scheme/x/b0> a rdfs:Resource ; rdfs:label "A node"@en .
<../data/notes.nt> a rdfs:Resource ; rdfs:label "Ends like a form"@en .
<finding/hostile/x> a pi:Finding ;
    rdfs:label "<script>alert(1)</script> \\u202Egnp.exe"@en , "{LONG}" ;
    rdfs:comment "</script><img src=x onerror=alert(1)>" ;
    dct:source <javascript:alert(1)> , <data:text/html,x> , <http://example.org/a%22b> ;
    <http://example.org/p%3Cb> "odd property" .
<finding/withdrawn/a> a pi:Finding ; rdfs:label "Withdrawn"@en ;
    dct:isReplacedBy <finding/new/a> .
<finding/new/a> a pi:Finding ; rdfs:label "New"@en .
<finding/withdrawn/b> a pi:Finding ; rdfs:label "Withdrawn"@en ; owl:deprecated true .
<finding/deprecated/not> a pi:Finding ; rdfs:label "Not"@en ; owl:deprecated false .
<finding/unwritable/x> a pi:Finding ; rdfs:label "bell \\u0007 and return \\r"@en .
"""
THINGS: Final = (
    *("person/ann-other", "post/hmcic", "response/peel-2015-kent/kent"),
    *("monitoring/kent/2016-01-01", "figure/peel-2015-kent/0a1b2c3d4e"),
    *("plan-priority/peel-2015-kent/0a1b2c3d4e", "collaboration/essex--kent"),
)
ITEMS: Final = ("/data/judgments/slice/cycle/peel-2015", "/.well-known/genid/scheme/x/b0")
FORMATS: Final = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.fixture(scope="module")
def file_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over that file."""
    path = tmp_path_factory.mktemp("file") / "made.ttl"
    path.write_text(FILE, encoding="utf-8")
    settings = Settings(workers=1, client_seconds=0, client_errors=0)
    with closing(start_engine(settings, path)) as engine:
        yield create_app(settings, engine).test_client()


def parsed(client: FlaskClient, address: str, extension: str) -> Graph:
    """The graph at an address; its text goes through the engine's reader, which is strict."""
    content = client.get(f"{address}.{extension}").get_data()
    form = pyoxigraph.RdfFormat.from_extension(extension)
    assert form is not None
    lines = pyoxigraph.serialize(
        pyoxigraph.parse(content, format=form), format=pyoxigraph.RdfFormat.N_TRIPLES
    )
    return Graph().parse(data=lines, format="nt")


@pytest.mark.parametrize("path", [*(f"/doc/{each}" for each in THINGS), *ITEMS])
def test_the_forms_are_one_graph_with_blank_nodes_and_odd_literals(
    file_client: FlaskClient, path: str
) -> None:
    """Languages, numbers as they are written, wrong ones, lists, nodes within nodes."""
    first = parsed(file_client, path, "nt")
    assert len(first) >= 4
    for extension in FORMATS:
        found = parsed(file_client, path, extension)
        assert isomorphic(found, first), (extension, found.serialize(), first.serialize())
    assert file_client.get(f"{path}.html").status_code == 200


def test_what_stands_in_blank_nodes_is_described_with_the_thing(file_client: FlaskClient) -> None:
    """They have no address of their own."""
    text = file_client.get("/doc/person/ann-other.nt").text
    for word in ("Nobody else", "one", "five"):
        assert f'"{word}"' in text
    assert text.count("#nil>") == 1


@pytest.mark.parametrize("thing", THINGS)
def test_things_of_a_file_are_303_too(file_client: FlaskClient, thing: str) -> None:
    """Wherever its base is ours."""
    response = file_client.get(f"/id/{thing}.nt")
    assert response.status_code == 303
    assert response.headers["Location"] == f"http://localhost/doc/{thing}.nt"
    kind = thing.partition("/")[0]
    assert thing in file_client.get(f"/id/{kind}.nt").text


def test_hostile_texts_are_text(file_client: FlaskClient) -> None:
    """Nothing runs, nothing leads where a browser must not go, and a long label is cut."""
    page = file_client.get("/doc/finding/hostile/x", headers={"Accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript:' not in page
    assert 'href="data:' not in page
    assert "<bdi>" in page
    assert "\u202e" in page
    assert len(page) < 50_000


def test_what_a_form_cannot_hold_is_406(file_client: FlaskClient) -> None:
    """No document that its own format forbids."""
    assert file_client.get("/doc/finding/unwritable/x.rdf").status_code == 406
    for extension in ("ttl", "nt", "jsonld"):
        assert "return" in file_client.get(f"/doc/finding/unwritable/x.{extension}").text


def test_the_withdrawn_is_410_with_what_replaces_it(file_client: FlaskClient) -> None:
    """To programs and people, from its own address and its document's."""
    for address in ("/id/finding/withdrawn/a", "/doc/finding/withdrawn/a.ttl"):
        response = file_client.get(address)
        assert response.status_code == 410
        assert response.get_json(force=True)["type"] == "/problems/gone"
        assert response.get_json(force=True)["replaced_by"] == ["/doc/finding/new/a"]
        assert response.headers["Link"] == '</doc/finding/new/a>; rel="successor-version"'
    page = file_client.get("/doc/finding/withdrawn/a", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert 'href="/doc/finding/new/a"' in page.text
    assert file_client.get("/doc/finding/withdrawn/b").status_code == 410
    assert file_client.get("/doc/finding/deprecated/not").status_code == 200


def test_an_address_that_ends_like_a_form_is_itself_where_it_is_known(
    file_client: FlaskClient,
) -> None:
    """An IRI may end in the extension of a file."""
    response = file_client.get("/data/notes.nt", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["Content-Location"] == "/data/notes.nt.ttl"
