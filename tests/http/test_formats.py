"""Every format, byte for byte: what goes in comes out of parsers that are not the engine's."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SRX = "{http://www.w3.org/2005/sparql-results#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EXAMPLES = 40
SOAKED = 2000

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from("\r\n\t \"'\\,;<>&]\x00\x01\x0b\x7f\x85\u2028\ufeff\ufffe\uffff\U0001f600a=+-@")
)
languages = st.sampled_from(["en", "cy", "en-gb", "zh-hant-tw", "de-1996", "x-private"])
names = st.text("abcXYZ019_.-%é", min_size=1, max_size=6).filter(lambda name: "%" not in name)
iris = names.map(lambda name: f"http://example.org/{name}")
terms = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, texts, languages),
    st.builds(lambda text, name: Literal(text, datatype=URIRef(name)), texts, iris),
    st.integers(-(10**12), 10**12).map(Literal),
    st.builds(URIRef, iris),
)


def written(term: Literal | URIRef) -> str:
    """*term* as SPARQL, with every character escaped that may be."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    text = "".join(f"\\U{ord(each):08X}" for each in str(term))
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' + (f"^^<{term.datatype}>" if term.datatype else "")


def asked(client: FlaskClient, query: str, accept: str) -> TestResponse:
    """The answer to *query* in the format *accept*."""
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept})


@pytest.fixture(scope="module")
def examples(soak: bool) -> int:  # noqa: FBT001 - a fixture
    """How many examples each property is tried on."""
    return SOAKED if soak else EXAMPLES


@pytest.fixture(autouse=True)
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting numbers."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def test_solutions_come_out_as_they_went_in(client: FlaskClient, examples: int) -> None:
    """A lost carriage return or a split cell corrupts somebody's data without a word."""

    @settings(max_examples=examples, deadline=None)
    @example([(Literal("a\r\nb\rc"), None)])
    @given(st.lists(st.tuples(terms, terms | st.none()), max_size=3))
    def round_trip(rows: list[tuple[Any, Any]]) -> None:
        cells = "\n".join(
            f"({' '.join('UNDEF' if term is None else written(term) for term in row)})"
            for row in rows
        )
        query = f"SELECT * {{ VALUES (?a ?b) {{ {cells} }} }}"
        check_json(asked(client, query, "application/sparql-results+json"), rows)
        check_xml(asked(client, query, "application/sparql-results+xml"), rows)
        check_csv(asked(client, query, "text/csv"), rows)
        check_tsv(asked(client, query, "text/tab-separated-values"), rows)

    round_trip()


def check_json(response: TestResponse, rows: list[tuple[Any, Any]]) -> None:
    """JSON, by the standard library."""
    document = json.loads(response.data)
    assert document["head"]["vars"] == ["a", "b"]
    found = [
        tuple(of_json(row.get(name)) for name in ("a", "b"))
        for row in document["results"]["bindings"]
    ]
    assert found == rows


def of_json(told: dict[str, str] | None) -> Literal | URIRef | None:
    """The term that a JSON binding tells."""
    if told is None:
        return None
    if told["type"] == "uri":
        return URIRef(told["value"])
    datatype = URIRef(told["datatype"]) if "datatype" in told else None
    return Literal(told["value"], told.get("xml:lang"), datatype)


def check_xml(response: TestResponse, rows: list[tuple[Any, Any]]) -> None:
    """XML, by expat; what XML cannot hold is refused, not broken."""
    if any(NOT_XML.search(str(term)) for row in rows for term in row if term is not None):
        assert response.status_code == 406
        assert response.get_json(force=True)["type"] == "/problems/result-unwritable"
        return
    document = ET.fromstring(response.data)  # noqa: S314 - our own server wrote it
    found = []
    for result in document.iter(f"{SRX}result"):
        told = {each.attrib["name"]: of_xml(each[0]) for each in result}
        found.append((told.get("a"), told.get("b")))
    assert found == rows


def of_xml(element: ET.Element) -> Literal | URIRef:
    """The term that an XML binding tells."""
    text = element.text or ""
    if element.tag == f"{SRX}uri":
        return URIRef(text)
    datatype = element.get("datatype")
    return Literal(text, element.get(XML_LANG), URIRef(datatype) if datatype else None)


def check_csv(response: TestResponse, rows: list[tuple[Any, Any]]) -> None:
    """CSV, by the standard library: lines end in CR LF, and cells keep theirs."""
    text = response.data.decode()
    assert text.endswith("\r\n")
    head, *found = csv.reader(io.StringIO(text, newline=""))
    assert head == ["a", "b"]
    assert found == [["" if term is None else str(term) for term in row] for row in rows]


def check_tsv(response: TestResponse, rows: list[tuple[Any, Any]]) -> None:
    """TSV: one line a solution, terms as Turtle writes them, read by rdflib."""
    text = response.data.decode()
    lines = text.removesuffix("\n").split("\n")
    assert lines[0] == "?a\t?b"
    found = [tuple(of_tsv(cell) for cell in line.split("\t")) for line in lines[1:]]
    assert found == rows


def of_tsv(cell: str) -> Literal | URIRef | None:
    """The term that a cell tells."""
    if not cell:
        return None
    graph = Graph().parse(data=f"<urn:s> <urn:p> {cell} .", format="turtle")
    (found,) = graph.objects()
    assert isinstance(found, Literal | URIRef)
    return found


def test_graphs_come_out_as_they_went_in(client: FlaskClient, examples: int) -> None:
    """The same for graphs, read by rdflib."""

    @settings(max_examples=examples, deadline=None)
    @example([("urn:p", Literal("a\r\nb\rc"))])
    @given(st.lists(st.tuples(iris, terms), max_size=3))
    def round_trip(pairs: list[tuple[str, Any]]) -> None:
        triples = " . ".join(f"<urn:s> <{name}> {written(term)}" for name, term in pairs)
        expected = {(URIRef("urn:s"), URIRef(name), term) for name, term in pairs}
        for accept, syntax in (
            ("text/turtle", "turtle"),
            ("application/n-triples", "nt"),
            ("application/ld+json", "json-ld"),
            ("application/rdf+xml", "xml"),
        ):
            response = asked(client, f"CONSTRUCT {{ {triples} }} {{}}", accept)
            if response.status_code == 406:
                assert syntax == "xml"
                assert cannot_be_xml(pairs), response.text
            else:
                assert set(Graph().parse(data=response.data, format=syntax)) == expected, syntax

    round_trip()


def cannot_be_xml(pairs: list[tuple[str, Any]]) -> bool:
    """Whether RDF/XML has no way to say this."""
    ends = (re.search(r"[\w.\-·]*$", name) for name, _ in pairs)
    nameless = any(not re.search(r"[^\W\d]", end[0]) for end in ends if end)
    return nameless or any(NOT_XML.search(str(term)) for _, term in pairs)


def test_a_truth_value_is_told_in_each_format(client: FlaskClient) -> None:
    """CSV and TSV have no words of the standard for it; a bare word is what engines send."""
    assert asked(client, "ASK {}", "application/sparql-results+json").get_json(force=True) == {
        "head": {},
        "boolean": True,
    }
    xml = ET.fromstring(asked(client, "ASK {}", "application/sparql-results+xml").data)  # noqa: S314 - our own
    assert xml.findtext(f"{SRX}boolean") == "true"
    assert asked(client, "ASK {}", "text/csv").data == b"true"
    assert asked(client, "ASK {}", "text/tab-separated-values").data == b"true"
