"""GeoJSON of a saved query's answer, in CRS84: its own geometry, else that of its area."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.protocol.geometry import WKT, geometry_of
from peelgraph.server.site.outlines import said_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.saved import SavedQuery
    from peelgraph.server.site.outlines import Outline, Position

GEOJSON: Final = "application/geo+json"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
PLACED: Final = ("area", "force")
"""Columns of which the place is known, the closer first."""
MOST_OUTLINES: Final = 2000
"""Rows up to which each has the whole outline of its area: some 2 kB a row."""
PROJECTION: Final = re.compile(r"\bSELECT\b(.*?)\b(?:WHERE\b|\{)", re.DOTALL)
EXPRESSION: Final = re.compile(r"\([^()]*?(?:\bAS\s+(?P<given>\?\w+)\s*)?\)")


def is_placed(saved: SavedQuery) -> bool:
    """Return whether rows of *saved* have a geometry, or an area or force that has a place."""
    return bool(_projected(saved.text) & {"geometry", *PLACED})


def _projected(text: str) -> set[str]:
    """Return the variables that a SELECT gives.

    >>> sorted(_projected("SELECT ?a (COUNT(DISTINCT ?b) AS ?c) WHERE { ?a ?b ?d }"))
    ['a', 'c']
    """
    found = PROJECTION.search(text)
    head = found[1] if found else ""
    while "(" in head:
        head, made = EXPRESSION.subn(lambda inner: f" {inner['given'] or ''} ", head)
        if not made:
            break
    return set(re.findall(r"\?(\w+)", head))


@once_a_version
def places() -> Mapping[str, Position]:
    """Return longitude and latitude of the middle of every area and force, by IRI."""
    return {
        str(row["thing"]): (float(str(row["longitude"])), float(str(row["latitude"])))
        for row in rows("peelgraph.server.api.queries/places.rq")
    }


def collection(
    results: Mapping[str, Any],
    middles: Mapping[str, Position],
    outlines: Mapping[str, Outline],
) -> dict[str, Any]:
    """Return SPARQL JSON *results* as a feature collection, a row a feature.

    Args:
        results: The rows.
        middles: Where areas and forces without an outline are, by IRI.
        outlines: The outlines of areas and forces; left aside where rows are many.
    """
    found = results["results"]["bindings"]
    known = outlines if len(found) <= MOST_OUTLINES else {}
    features = [_feature(row, middles, known) for row in found]
    whole: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if known and any(each["geometry"] and each["geometry"]["type"] != "Point" for each in features):
        whole["attribution"] = " ".join(said_of(known.values()))
    return whole


def _feature(
    row: Mapping[str, Mapping[str, str]],
    middles: Mapping[str, Position],
    outlines: Mapping[str, Outline],
) -> dict[str, Any]:
    geometry: Mapping[str, Any] | None = None
    properties: dict[str, Any] = {}
    for name, term in row.items():
        if term.get("datatype") == WKT:
            geometry = geometry or geometry_of(term["value"])
        else:
            properties[name] = _value(term)
    for name in PLACED:
        if geometry is None and name in row:
            geometry = _place(row[name]["value"], middles, outlines)
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _place(
    iri: str, middles: Mapping[str, Position], outlines: Mapping[str, Outline]
) -> Mapping[str, Any] | None:
    if iri in outlines:
        return outlines[iri].geometry
    return {"type": "Point", "coordinates": list(middles[iri])} if iri in middles else None


def _value(term: Mapping[str, str]) -> object:
    """Return a term as JSON has it: numbers and truth as such, all else as text."""
    kind, text = term.get("datatype", "").removeprefix(XSD), term["value"]
    if kind == "integer":
        return int(text)
    if kind == "boolean":
        return text == "true"
    if kind in {"decimal", "double", "float"}:
        number = float(text)
        return number if abs(number) != float("inf") and number == number else text  # noqa: PLR0124 - not a number
    return text
