"""Polygons of a stranger's GeoJSON (RFC 7946), checked; runs in a confined process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from peelgraph.graph.confined.nesting import refuse_deep_json
from peelgraph.graph.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Position = tuple[float, float]
Ring = list[Position]

BOM: Final = b"\xef\xbb\xbf"  # a codec for it could not be imported in a confined process
MOST_FEATURES: Final = 1000
MOST_POSITIONS: Final = 2_000_000  # the finest outlines of England and Wales have some 1.5 million
FEWEST_IN_RING: Final = 4
DIMENSIONS: Final = (2, 3)
LONGEST_NAME: Final = 80
POLYGONS: Final = ("Polygon", "MultiPolygon")
EAST: Final = 180
NORTH: Final = 90
# WGS 84 as RFC 7946 means it; files of before 2016 say so in a member of their own.
SAME_CRS: Final = frozenset({
    "epsg:4326",
    "urn:ogc:def:crs:epsg::4326",
    "urn:ogc:def:crs:ogc:1.3:crs84",
    "urn:ogc:def:crs:ogc::crs84",
    "http://www.opengis.net/def/crs/ogc/1.3/crs84",
})  # fmt: skip
EXPECTED: Final = "a GeoJSON FeatureCollection (RFC 7946) of polygons"
CONVERTED: Final = "download it in WGS 84, or convert it: ogr2ogr -t_srs EPSG:4326 new.geojson FILE"
NOTHING_STORED: Final = "mend the file; nothing was stored"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: where it stands, what is said of it, and its polygons, each of some rings."""

    place: str
    properties: dict[str, Any]
    polygons: list[list[Ring]]


def features_of(content: bytes, place: str, name_of: Callable[[Any], str]) -> list[Feature]:
    """Return the features of a collection in their order.

    Args:
        content: The bytes of one file.
        place: Its name, for errors.
        name_of: What the properties of a feature call it, for errors; empty where nothing does.

    Raises:
        SourceUnreadable: it is no GeoJSON in WGS 84, nests too deeply, has too many features or
            positions, or has a ring that is none; the place is the feature.
    """
    refuse_deep_json(content, place)
    collection = _parsed(content, place)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        _refuse("the file is no GeoJSON FeatureCollection", place)
    _refuse_other_crs(collection.get("crs"), place)
    listed = collection.get("features")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_FEATURES:
        _refuse(f"the file has no features, or more than {MOST_FEATURES:,}", place)
    reader = _Reader(place)
    return [reader.feature(number, each, name_of) for number, each in enumerate(listed, 1)]


def _parsed(content: bytes, place: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(content.removeprefix(BOM).decode(), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse(f"the file is no JSON: {error.msg}", f"{place}, line {error.lineno}")
    except ValueError as error:  # no UTF-8, NaN, or a number of thousands of digits
        _refuse(f"the file is no JSON in UTF-8: {str(error)[:200]}", place)


def _no_number(word: str) -> NoReturn:
    message = f"{word} is no number of JSON"
    raise ValueError(message)


def _refuse_other_crs(crs: object, place: str) -> None:
    """Raise for a file that says that it is in another system of coordinates."""
    if crs is None:
        return
    said = crs.get("properties") if isinstance(crs, dict) else None
    name = said.get("name") if isinstance(said, dict) else None
    if not isinstance(name, str) or name.lower() not in SAME_CRS:
        told = name[:LONGEST_NAME] if isinstance(name, str) else "one without a name"
        _refuse(
            f"the coordinates are in another reference system: {told}",
            place,
            expected="longitude and latitude in WGS 84 (CRS84, EPSG:4326)",
            action=CONVERTED,
        )


def _refuse(
    message: str, place: str, *, expected: str = EXPECTED, action: str = NOTHING_STORED
) -> NoReturn:
    raise SourceUnreadable(message, place=place, expected=expected, action=action)


class _Reader:
    """Reads the features of one file, and counts their positions."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._left = MOST_POSITIONS

    def feature(self, number: int, said: object, name_of: Callable[[Any], str]) -> Feature:
        where = f"{self._place}, feature {number}"
        if not isinstance(said, dict) or said.get("type") != "Feature":
            _refuse("this is no GeoJSON feature", where)
        properties = said.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        if name := name_of(properties):
            where = f"{where} ({name[:LONGEST_NAME]})"
        return Feature(where, properties, list(self._polygons(said.get("geometry"), where)))

    def _polygons(self, geometry: object, where: str) -> Iterable[list[Ring]]:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in POLYGONS:
            _refuse("the feature has no polygon", where, expected="a Polygon or MultiPolygon")
        coordinates = geometry.get("coordinates")
        polygons = [coordinates] if kind == "Polygon" else coordinates
        if not isinstance(polygons, list) or not polygons:
            _refuse("the coordinates are no polygon", where, expected="lists of rings")
        for polygon in polygons:
            if not isinstance(polygon, list) or not polygon:
                _refuse("the coordinates are no polygon", where, expected="lists of rings")
            yield [self._ring(ring, where) for ring in polygon]

    def _ring(self, ring: object, where: str) -> Ring:
        if not isinstance(ring, list) or len(ring) < FEWEST_IN_RING:
            _refuse("a ring has fewer than four positions", where, expected="closed rings")
        self._left -= len(ring)
        if self._left < 0:
            _refuse(
                f"the file has more than {MOST_POSITIONS:,} positions",
                where,
                expected="generalised outlines",
                action="take a coarser file of the same areas",
            )
        positions = [_position(each, where) for each in ring]
        if positions[0] != positions[-1]:
            _refuse(
                "a ring is not closed: it ends elsewhere than it begins, at "
                f"{positions[0][0]:g} {positions[0][1]:g}",
                where,
                expected="rings whose last position is their first",
            )
        return positions


def _position(said: object, where: str) -> Position:
    """Return longitude and latitude; a height is left out."""
    if not isinstance(said, list) or len(said) not in DIMENSIONS:
        _refuse("a position is no pair of numbers", where, expected="[longitude, latitude]")
    longitude, latitude = said[0], said[1]
    if type(longitude) not in {int, float} or type(latitude) not in {int, float}:
        _refuse("a coordinate is no number", where, expected="[longitude, latitude]")
    if not (abs(longitude) <= EAST and abs(latitude) <= NORTH):
        _refuse(
            f"the position {longitude:.6g} {latitude:.6g} is outside the world"
            if max(abs(longitude), abs(latitude)) < float("inf")
            else "a position is outside the world",
            where,
            expected="longitude from -180 to 180, latitude from -90 to 90",
            action=CONVERTED,
        )
    return float(longitude), float(latitude)
