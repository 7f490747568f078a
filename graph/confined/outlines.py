"""Police areas of a stranger's GeoJSON become simple outlines; runs in a confined process.

All areas are simplified together, as one coverage, so that a border that two share stays one.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

import shapely  # type: ignore[import-untyped]  # it has no hints

from peelgraph.graph.confined.geojson import NOTHING_STORED, Feature, features_of
from peelgraph.graph.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CODE: Final = re.compile(r"PFA(\d\d)CD", re.IGNORECASE)
NAME: Final = re.compile(r"PFA\d\dNM", re.IGNORECASE)
EXPECTED: Final = "Police Force Areas of the Office for National Statistics, all 43 in one file"
PLACES: Final = 4  # decimals of a degree: seven to eleven metres
NARROW: Final = math.cos(math.radians(53))  # of a degree of longitude, seen from one of latitude
# Square degrees of the triangles that are left out are those of a square of these sides. The first
# turns the 8,200 positions of the ONS's generalised file (December 2020) into 3,100.
TOLERANCES: Final = (0.015, 0.02, 0.03, 0.05, 0.1)
FINE: Final = 0.002
LITTLE: Final = 0.01  # square degrees of latitude, 120 km²
LARGEST: Final = 60_000  # bytes of all outlines
SMALLEST_PART: Final = 1e-4  # square degrees, 0.7 km²; an area's largest part stays, however small
AWAY: Final = 0.25  # degrees that the known middle of an area may be outside the box of its outline


def outlined(content: bytes, *, place: str, known: str) -> bytes:
    """Return JSON: the vintage, the outline and centroid of each area, and which were mended.

    Args:
        content: The bytes of a GeoJSON file.
        place: Its name, for errors.
        known: JSON: name, longitude and latitude of each area by its code.

    Raises:
        SourceUnreadable: it is none, or its areas are not exactly those that are known.
    """
    areas: dict[str, list[Any]] = json.loads(known)
    vintage, found = _by_code(features_of(content, place, _name), areas, place)
    shapes, mended = {}, []
    for code, feature in found.items():
        shapes[code], was_invalid = _shape(feature)
        _refuse_elsewhere(feature, shapes[code], areas[code])
        mended += [code] * was_invalid
    outlines = _simplified(list(shapes.values()), place)
    return json.dumps(
        {
            "vintage": vintage,
            "mended": mended,
            "areas": [
                [code, outline, _wkt(shapely.centroid(shape))]
                for (code, shape), outline in zip(shapes.items(), outlines, strict=True)
            ],
        }
    ).encode()


def _name(properties: Mapping[str, object]) -> str:
    return next((str(said) for key, said in properties.items() if NAME.fullmatch(key)), "")


def _by_code(
    features: Iterable[Feature], areas: Mapping[str, list[Any]], place: str
) -> tuple[str, dict[str, Feature]]:
    """Return the vintage (two digits of a year) and the feature of each area, in order of codes."""
    vintages: set[str] = set()
    found: dict[str, Feature] = {}
    for feature in features:
        vintage, code = _code(feature)
        vintages.add(vintage)
        if code not in areas:
            _refuse(f"the code {code[:20]!r} is of no police area that is known", feature.place)
        if code in found:
            _refuse(f"the code {code} stands twice: also at {found[code].place}", feature.place)
        found[code] = feature
    if missing := [f"{areas[code][0]} ({code})" for code in sorted(areas) if code not in found]:
        told = ", ".join(missing[:5])
        _refuse(f"{len(missing)} of {len(areas)} police areas are missing: {told}", place)
    if len(vintages) > 1:
        _refuse(f"codes of several years stand together: PFA{'CD, PFA'.join(vintages)}CD", place)
    return vintages.pop(), dict(sorted(found.items()))


def _code(feature: Feature) -> tuple[str, str]:
    """Return the vintage and the code of a feature."""
    said = ((CODE.fullmatch(key), value) for key, value in feature.properties.items())
    codes = [(key[1], code) for key, code in said if key and isinstance(code, str) and code]
    if not codes:
        _refuse("the feature has no code: no property such as PFA20CD", feature.place)
    return codes[0]


def _refuse(message: str, place: str) -> NoReturn:
    raise SourceUnreadable(message, place=place, expected=EXPECTED, action=NOTHING_STORED)


def _shape(feature: Feature) -> tuple[Any, bool]:
    """Return the shape of an area in degrees of latitude, and whether it had to be mended.

    Rounding lets fine outlines touch themselves, which is mended without a word.
    """
    drawn = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in feature.polygons])
    shape = shapely.transform(drawn, lambda pairs: pairs.round(PLACES) * [NARROW, 1])
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shape.is_empty or not shape.area:
        _refuse("the polygons of the feature enclose nothing", feature.place)
    return shape, not drawn.is_valid


def _refuse_elsewhere(feature: Feature, shape: Any, area: Sequence[Any]) -> None:  # noqa: ANN401 - shapely has no hints
    """Raise where an area is not drawn where it is known to be: pairs the wrong way round, say."""
    west, south, east, north = shape.bounds
    x, y = float(area[1]) * NARROW, float(area[2])
    if not (west - AWAY < x < east + AWAY and south - AWAY < y < north + AWAY):
        _refuse(
            f"the outline is not where {area[0]} is: it should be about {area[1]} {area[2]}, "
            "longitude before latitude",
            feature.place,
        )


def _simplified(shapes: Sequence[Any], place: str) -> list[str]:
    """Return the outlines as well-known text, as fine as the limit of their size lets them be."""
    fine = list(shapely.coverage_simplify(shapes, FINE))
    little_ones = _little_ones(fine)
    for tolerance in TOLERANCES:
        simple = _kept(list(shapely.coverage_simplify(shapes, tolerance)), fine, little_ones)
        outlines = [_wkt(_without_specks(each)) for each in simple]
        if sum(map(len, outlines)) <= LARGEST:
            return outlines
    _refuse(f"the outlines cannot be simplified to {LARGEST:,} bytes", place)


def _little_ones(shapes: Sequence[Any]) -> list[tuple[int, int]]:
    """Return each little area that lies within another (London's City), and that other."""
    return [
        (little, around)
        for little, shape in enumerate(shapes)
        if shape.area <= LITTLE
        for around, other in enumerate(shapes)
        if around != little
        if shapely.box(*other.bounds).contains(shape) and _filled(other).contains(shape)
    ]


def _kept(
    simple: list[Any], fine: Sequence[Any], little_ones: Iterable[tuple[int, int]]
) -> list[Any]:
    """Return *simple* with little areas as in *fine*: a triangle would be left of them.

    The area around is cut anew along the same border.
    """
    for little, around in little_ones:
        simple[around] = simple[around].union(simple[little]).difference(fine[little])
        simple[little] = fine[little]
    return simple


def _filled(shape: Any) -> Any:  # noqa: ANN401 - shapely has no hints
    """Return *shape* without its holes."""
    return shapely.union_all([shapely.Polygon(each.exterior) for each in shapely.get_parts(shape)])


def _without_specks(shape: Any) -> Any:  # noqa: ANN401 - shapely has no hints
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = parts[:1] + [part for part in parts[1:] if part.area >= SMALLEST_PART * NARROW]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _wkt(shape: Any) -> str:  # noqa: ANN401 - shapely has no hints
    """Return *shape* in longitude and latitude, outer rings anticlockwise as GeoJSON has them."""
    turned = shapely.orient_polygons(shape)
    placed = shapely.transform(turned, lambda pairs: (pairs / [NARROW, 1]).round(PLACES))
    return str(shapely.to_wkt(placed, rounding_precision=PLACES))
