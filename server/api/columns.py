"""CSVW: what the columns of a saved query's CSV are, read from its very answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from peelgraph.graph.saved import SavedQuery

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
KNOWN: Final = frozenset(
    {
        *("string", "boolean", "integer", "decimal", "double", "float", "anyURI"),
        *("date", "dateTime", "time", "gYear", "gYearMonth", "gMonth", "gDay", "duration"),
        *("int", "long", "nonNegativeInteger", "positiveInteger"),
    }
)
"""Datatypes that CSVW knows by the name that XML Schema gives them."""
WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
LICENCE: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def metadata(saved: SavedQuery, address: str, results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the CSVW description of the CSV at *address*, whose rows are *results* (JSON)."""
    variables = results["head"]["vars"]
    rows = results["results"]["bindings"]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": saved.question,
        **({"dc:description": saved.about} if saved.about else {}),
        "dc:license": {"@id": LICENCE},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": [column(name, rows) for name in variables]},
    }


def column(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the description of the column *name*: its datatype, and whether it is ever empty.

    >>> column("n", [{"n": {"type": "literal", "datatype": XSD + "integer", "value": "1"}}])
    {'name': 'n', 'titles': 'n', 'datatype': 'integer', 'required': True}
    """
    found = [row.get(name) for row in rows]
    terms = [term for term in found if term is not None]
    described: dict[str, Any] = {"name": name, "titles": name, "datatype": datatype(terms)}
    if terms and len(terms) == len(found):
        described["required"] = True
    languages = {term.get("xml:lang", "").lower() for term in terms}
    if described["datatype"] == "string" and len(languages) == 1 and "" not in languages:
        described["lang"] = languages.pop()
    return described


def datatype(terms: Iterable[Mapping[str, str]]) -> str:
    """Return the one datatype that all *terms* have; a string where they differ.

    >>> datatype([{"type": "uri", "value": "http://e/"}]), datatype([])
    ('anyURI', 'string')
    """
    kinds = {_kind(term) for term in terms}
    return kinds.pop() if len(kinds) == 1 else "string"


def _kind(term: Mapping[str, str]) -> str:
    if term["type"] == "uri":
        return "anyURI"
    name = term.get("datatype", "").removeprefix(XSD)
    return name if name in KNOWN else "string"
