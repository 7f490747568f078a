"""Reads results of every format into one shape: a truth value, solutions, or a graph."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pyoxigraph
import rdflib
from rdflib import Graph

from w3c.terms import RDF, Row, Term, literal, of_engine, of_rdflib, same_rows

if TYPE_CHECKING:
    from pathlib import Path

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
SRX = "{http://www.w3.org/2005/sparql-results#}"
ITS_DIR = "{http://www.w3.org/2005/11/its}dir"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SYNTAXES = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".jsonld": "json-ld"}
rdflib.NORMALIZE_LITERALS = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: one of the three.

    Args:
        boolean: Of an ASK.
        solutions: Variables, sorted, and rows.
        triples: Of a CONSTRUCT or DESCRIBE.
        ordered: The rows have an order.
    """

    boolean: bool | None = None
    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    triples: tuple[Row, ...] | None = None
    ordered: bool = False

    def agrees(self, found: Result, *, lax: bool = False) -> bool:
        """Whether *found* is what this expects; *lax*: repetitions may be left out."""
        if self.boolean is not None:
            return found.boolean is self.boolean
        if self.triples is not None:
            return found.triples is not None and _same_graph(self.triples, found.triples)
        if found.rows is None or self.rows is None or found.variables != self.variables:
            return False
        if lax:
            return set(self.rows) == set(found.rows)
        return same_rows(list(self.rows), list(found.rows), ordered=self.ordered)


def _same_graph(left: tuple[Row, ...], right: tuple[Row, ...]) -> bool:
    return same_rows(list(dict.fromkeys(left)), list(dict.fromkeys(right)))


def solutions(variables: list[str], rows: list[dict[str, Term]], *, ordered: bool) -> Result:
    """The result with *variables* in a fixed order."""
    names = tuple(sorted(variables))
    return Result(
        variables=names,
        rows=tuple(tuple(row.get(name) for name in names) for row in rows),
        ordered=ordered,
    )


def of_answer(results: Any) -> Result:  # noqa: ANN401 - any of the engine's three
    """The result that the engine gave in process."""
    if isinstance(results, pyoxigraph.QueryBoolean):
        return Result(boolean=bool(results))
    if isinstance(results, pyoxigraph.QueryTriples):
        return Result(triples=tuple(tuple(of_engine(term) for term in each) for each in results))
    names = [each.value for each in results.variables]
    rows = [
        {name: of_engine(row[name]) for name in names if row[name] is not None} for row in results
    ]
    return solutions(names, rows, ordered=False)


def of_json(text: bytes) -> Result:
    """SPARQL results JSON."""
    document = json.loads(text)
    if "boolean" in document:
        return Result(boolean=document["boolean"])
    rows = [
        {name: _json_term(term) for name, term in row.items()}
        for row in document["results"]["bindings"]
    ]
    return solutions(document["head"]["vars"], rows, ordered=False)


def _json_term(term: dict[str, Any]) -> Term:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return ("iri", value)
    if kind == "bnode":
        return ("blank", value)
    if kind == "triple":
        parts = (value[part] for part in ("subject", "predicate", "object"))
        return ("triple", *(_json_term(part) for part in parts))
    direction = term.get("its:dir", "")
    return literal(value, term.get("datatype"), term.get("xml:lang"), direction)


def of_xml(text: bytes) -> Result:
    """SPARQL results XML."""
    document = ET.fromstring(text)  # noqa: S314 - as above
    truth = document.find(f"{SRX}boolean")
    if truth is not None:
        return Result(boolean=truth.text == "true")
    names = [each.attrib["name"] for each in document.iter(f"{SRX}variable")]
    rows = [
        {each.attrib["name"]: _xml_term(each[0]) for each in row.iter(f"{SRX}binding")}
        for row in document.iter(f"{SRX}result")
    ]
    return solutions(names, rows, ordered=False)


def _xml_term(element: ET.Element) -> Term:
    kind, text = element.tag.removeprefix(SRX), element.text or ""
    if kind == "uri":
        return ("iri", text)
    if kind == "bnode":
        return ("blank", text)
    if kind == "triple":
        return ("triple", *(_xml_term(part[0]) for part in element))
    language, direction = element.get(XML_LANG), element.get(ITS_DIR, "")
    return literal(text, element.get("datatype"), language, direction)


def of_tsv(text: bytes) -> Result:
    """SPARQL results TSV."""
    head, *lines = text.decode().removesuffix("\n").split("\n")
    names = [each.removeprefix("?") for each in head.split("\t")] if head else []
    rows = [
        {name: _tsv_term(cell) for name, cell in zip(names, line.split("\t"), strict=True) if cell}
        if names
        else {}
        for line in lines
    ]
    return solutions(names, rows, ordered=False)


def _tsv_term(cell: str) -> Term:
    statement = f"<urn:s> <urn:p> {cell} ."
    (triple,) = pyoxigraph.parse(statement, format=pyoxigraph.RdfFormat.TURTLE)
    return of_engine(triple.object)


def of_csv(text: bytes) -> Result:
    """SPARQL results CSV: what is left of each term is its text."""
    head, *lines = csv.reader(io.StringIO(text.decode(), newline=""))
    # An empty line is one empty cell where there is one variable, and none where there is none.
    cells = (line or [""] * len(head) for line in lines)
    rows = [dict(zip(head, map(_cell, line), strict=True)) for line in cells]
    return solutions(head, rows, ordered=False)


def _cell(text: str) -> Term:
    lone = text.startswith("_:") and " " not in text
    return ("blank", text[2:]) if lone else ("text", text)


def plain_json(text: bytes) -> Result:
    """SPARQL results JSON as CSV would tell it: without the kind of its terms."""
    document = json.loads(text)
    names = document["head"]["vars"]
    rows = [
        {name: _plain(row[name]) if name in row else ("text", "") for name in names}
        for row in document["results"]["bindings"]
    ]
    return solutions(names, rows, ordered=False)


def _plain(term: dict[str, Any]) -> Term:
    if term["type"] == "triple":
        parts = (_plain(term["value"][part]) for part in ("subject", "predicate", "object"))
        return ("text", " ".join("_:" * (kind == "blank") + text for kind, text in parts))
    return ("blank" if term["type"] == "bnode" else "text", term["value"])


def of_graph(text: bytes, syntax: str, base: str, *, newer: bool = False) -> tuple[Row, ...]:
    """The triples of a document, read by rdflib, or by the engine where rdflib cannot yet."""
    if newer:
        known = {"turtle": pyoxigraph.RdfFormat.TURTLE, "nt": pyoxigraph.RdfFormat.N_TRIPLES}
        read = pyoxigraph.parse(text, format=known[syntax], base_iri=base)
        return tuple(tuple(of_engine(term) for term in quad.triple) for quad in read)
    graph = Graph().parse(data=text, format=syntax, publicID=base)
    return tuple(tuple(of_rdflib(term) for term in triple) for triple in graph)


def expected(path: Path, base: str, *, newer: bool, ordered: bool) -> Result:
    """The result that a suite expects, from its file."""
    text = path.read_bytes()
    if path.suffix == ".srj":
        found = of_json(text)
    elif path.suffix == ".srx":
        found = of_xml(text)
    elif path.suffix == ".tsv":
        found = of_tsv(text)
    elif path.suffix == ".csv":
        found = of_csv(text)
    else:
        triples = of_graph(text, SYNTAXES[path.suffix], base, newer=newer)
        return _of_description(triples) or Result(triples=triples)
    if found.rows is None or not ordered:
        return found
    return Result(variables=found.variables, rows=found.rows, ordered=True)


def _of_description(triples: tuple[Row, ...]) -> Result | None:
    """A result set that is itself described in RDF."""
    told: dict[tuple[Any, str], list[Any]] = {}
    for subject, predicate, value in triples:
        assert predicate is not None
        told.setdefault((subject, predicate[1]), []).append(value)
    kinds = {key: value for key, value in told.items() if key[1] == RDF + "type"}
    roots = [key[0] for key, value in kinds.items() if ("iri", RS + "ResultSet") in value]
    if not roots:
        return None
    (root,) = roots
    if (root, RS + "boolean") in told:
        return Result(boolean=told[root, RS + "boolean"][0][1] == "true")
    found = told.get((root, RS + "solution"), [])
    ordered = bool(found) and all((each, RS + "index") in told for each in found)
    if ordered:
        found.sort(key=lambda each: int(told[each, RS + "index"][0][1]))
    rows = [
        {
            told[bound, RS + "variable"][0][1]: told[bound, RS + "value"][0]
            for bound in told.get((each, RS + "binding"), [])
        }
        for each in found
    ]
    names = [value[1] for value in told.get((root, RS + "resultVariable"), [])]
    return solutions(names, rows, ordered=ordered)
