"""Well-known text in longitude and latitude (CRS84) as a geometry of GeoJSON."""

from __future__ import annotations

import json
import re
from typing import Any, Final

WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
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
