"""GeoJSON of a saved query's answer, in CRS84: its own geometry, or the middle of its area."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.pages.asking import once_a_version, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.saved import SavedQuery

GEOJSON: Final = "application/geo+json"
WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
PLACED: Final = ("area", "force")
"""Columns of which the place is known, the closer first."""
PROJECTION: Final = re.compile(r"\bSELECT\b(.*?)\b(?:WHERE\b|\{)", re.DOTALL)
EXPRESSION: Final = re.compile(r"\([^()]*?(?:\bAS\s+(?P<given>\?\w+)\s*)?\)")
NO_PAIRS: Final = re.compile(r"[(),\s]*")
SHAPE: Final = re.compile(
    r"\s*(?:<(?P<crs>[^>]*)>)?\s*"
    r"(?P<kind>POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*"
    r"(?P<rest>\([-+0-9.eE,()\s]*\))\s*",
    re.IGNORECASE,
)
NUMBER: Final = r"[-+]?[0-9.]++(?:[eE][-+]?[0-9]++)?"
PAIR: Final = re.compile(rf"(?<![-+0-9.eE])({NUMBER})\s++({NUMBER})")
KINDS: Final = {
    kind.upper(): kind
    for kind in (
        *("Point", "LineString", "Polygon"),
        *("MultiPoint", "MultiLineString", "MultiPolygon"),
    )
}


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
def places() -> Mapping[str, tuple[float, float]]:
    """Return longitude and latitude of the middle of every area and force, by IRI."""
    return {
        str(row["thing"]): (float(str(row["longitude"])), float(str(row["latitude"])))
        for row in rows("peelgraph.server.api.queries/places.rq")
    }


def collection(
    results: Mapping[str, Any], middles: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Return SPARQL JSON *results* as a feature collection, a row a feature."""
    features = [_feature(row, middles) for row in results["results"]["bindings"]]
    return {"type": "FeatureCollection", "features": features}


def _feature(
    row: Mapping[str, Mapping[str, str]], middles: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    geometry = None
    properties: dict[str, Any] = {}
    for name, term in row.items():
        if term.get("datatype") == WKT:
            geometry = geometry or geometry_of(term["value"])
        else:
            properties[name] = _value(term)
    for name in PLACED:
        if geometry is None and name in row and row[name]["value"] in middles:
            geometry = {"type": "Point", "coordinates": list(middles[row[name]["value"]])}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geometry_of(wkt: str) -> dict[str, Any] | None:
    """Return the GeoJSON geometry that well-known text in CRS84 says, if it is one.

    >>> geometry_of("POINT(-2.9 54.6)")
    {'type': 'Point', 'coordinates': [-2.9, 54.6]}
    >>> geometry_of("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(54.6 -2.9)") is None
    True
    """
    shape = SHAPE.fullmatch(wkt)
    if shape is None or shape["crs"] not in {None, CRS84}:
        return None
    if not NO_PAIRS.fullmatch(PAIR.sub("", shape["rest"])):
        return None
    kind = KINDS[shape["kind"].upper()]
    written = PAIR.sub(r"[\1,\2]", shape["rest"]).replace("(", "[").replace(")", "]")
    try:
        coordinates = json.loads(written)
        if kind == "Point":
            [coordinates] = coordinates
    except (ValueError, RecursionError):
        return None
    return {"type": kind, "coordinates": coordinates}


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
