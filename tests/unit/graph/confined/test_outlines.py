"""GeoJSON of police areas: what is drawn, and every file that is refused, with the feature."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
import shapely  # type: ignore[import-untyped]  # it has no hints
from hypothesis import given, settings
from hypothesis import strategies as st

from peelgraph.graph import parsing
from peelgraph.graph.confined import geojson
from peelgraph.graph.confined.outlines import LARGEST, outlined
from peelgraph.graph.errors import InputError, ReadingStopped, SourceUnreadable
from peelgraph.graph.parsing import outlines_of
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[..., dict[str, Any]]

KNOWN: Final = {
    each.code: (each.name, each.longitude, each.latitude or "")
    for each in bundled_tables().areas.values()
    if each.longitude
}
SQUARE: Final = [[0, 51], [1, 51], [1, 52], [0, 51]]


def read(content: object) -> dict[str, Any]:
    """What is made of a file, in this process."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    found: dict[str, Any] = json.loads(
        outlined(raw, place="areas.geojson", known=json.dumps(KNOWN))
    )
    return found


def put(collection: dict[str, Any], *path: str | int, value: object) -> dict[str, Any]:
    """The collection with another value at a place in its first feature."""
    target: Any = collection["features"][0]
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return collection


def test_the_real_areas_stay_a_coverage_of_sixty_kilobytes(pfa_2020_path: Path) -> None:
    """A border that two areas share stays one, the smallest area is there, Hampshire is mended."""
    found = read(pfa_2020_path.read_bytes())
    shapes = {code: shapely.from_wkt(wkt) for code, wkt, _ in found["areas"]}
    assert (found["vintage"], list(shapes)) == ("20", sorted(KNOWN))
    assert found["mended"] == ["E23000030"]
    assert all(shape.is_valid and shape.area > 0 for shape in shapes.values())
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert 40_000 < sum(len(wkt) for _, wkt, _ in found["areas"]) <= LARGEST
    for code, _, middle in found["areas"]:
        near = shapely.Point(float(KNOWN[code][1]), float(KNOWN[code][2]))
        assert shapely.from_wkt(middle).distance(near) < 0.5, code
    assert shapes["E23000034"].area == pytest.approx(0.000347, rel=0.05)  # the City of London
    total = sum(shape.area for shape in shapes.values())
    drawn = json.loads(pfa_2020_path.read_bytes())["features"]
    whole = sum(shapely.make_valid(shapely.geometry.shape(f["geometry"])).area for f in drawn)
    assert total == pytest.approx(whole, rel=0.005)


def test_outer_rings_turn_as_geojson_has_them(drawn_areas: Draw) -> None:
    """Clockwise in the file, anticlockwise in the answer; four decimals, longitude first."""
    collection = drawn_areas()
    ring = collection["features"][0]["geometry"]["coordinates"][0]
    found = read(put(collection, "geometry", "coordinates", value=[ring[::-1]]))
    assert all(shapely.from_wkt(wkt).exterior.is_ccw for _, wkt, _ in found["areas"])
    london = next(area for area in found["areas"] if area[0] == "E23000034")
    assert london[2] == "POINT (-0.0935 51.5156)"


def test_specks_are_left_out_and_a_small_area_is_not(drawn_areas: Draw) -> None:
    """An island that no map could show costs as much text as one that it could."""
    collection = drawn_areas(half=0.02)
    ring = collection["features"][0]["geometry"]["coordinates"][0]
    speck = [[x + 0.1, y] for x, y in ([0, 0], [0.001, 0], [0.001, 0.001], [0, 0])]
    island = [[ring[0][0] + x, ring[0][1] + y] for x, y in speck]
    shapes = {"type": "MultiPolygon", "coordinates": [[ring], [island]]}
    found = read(put(collection, "geometry", value=shapes))
    assert all(wkt.startswith("POLYGON") for _, wkt, _ in found["areas"])
    tiny = read(drawn_areas(half=0.0005))
    assert all(shapely.from_wkt(wkt).area > 0 for _, wkt, _ in tiny["areas"])


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": name}}
        for name in (
            "EPSG:4326",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        )
    ]
    + [None],
)
def test_files_of_any_year_and_with_an_old_member_are_read(crs: object, drawn_areas: Draw) -> None:
    """The ONS wrote `crs` for years, and changes the names of its columns every year."""
    collection = drawn_areas("23") | {"crs": crs, "name": "PFA"}
    put(collection, "geometry", "coordinates", 0, 1, value=[*SQUARE[1], 0.0])
    first = collection["features"][0]
    first["geometry"]["coordinates"][0] = [
        [*pair, 12.5] for pair in drawn_areas()["features"][0]["geometry"]["coordinates"][0]
    ]
    first["properties"] = {key.lower(): said for key, said in first["properties"].items()}
    found = read(b"\xef\xbb\xbf" + json.dumps(collection).encode())
    assert found["vintage"] == "23"


BAD: Final[dict[str, tuple[Callable[[dict[str, Any]], object], str, str]]] = {
    "no JSON": (lambda _: b"{\n]", "no JSON", "line 2"),
    "not UTF-8": (lambda _: '{"a": "é"}'.encode("latin-1"), "UTF-8", "areas.geojson"),
    "NaN": (lambda c: put(c, "geometry", "coordinates", 0, 0, value=[float("nan"), 1]), "NaN", ""),
    "digits": (lambda _: b"[" + b"1" * 5000 + b"]", "no JSON", ""),
    "a list": (lambda c: [c], "no GeoJSON FeatureCollection", ""),
    "one feature": (lambda c: c["features"][0], "no GeoJSON FeatureCollection", ""),
    "nothing in it": (lambda c: c | {"features": []}, "no features", ""),
    "no list": (lambda c: c | {"features": {"a": 1}}, "no features", ""),
    "features that are none": (lambda c: c | {"features": [1]}, "no GeoJSON feature", "feature 1"),
    "too many": (lambda c: c | {"features": c["features"] * 30}, "more than 1,000", ""),
    "national grid": (
        lambda c: (
            c | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}}
        ),
        "EPSG::27700",
        "",
    ),
    "linked crs": (lambda c: c | {"crs": {"type": "link"}}, "another reference system", ""),
    "crs of a number": (lambda c: c | {"crs": 4326}, "another reference system", ""),
    "no code": (lambda c: put(c, "properties", value={"NAME": "Kent"}), "no code", "feature 1"),
    "empty code": (
        lambda c: put(c, "properties", value={"PFA20CD": "", "PFA20NM": "Wessmarch"}),
        "no code",
        "feature 1 (Wessmarch)",
    ),
    "no properties": (lambda c: put(c, "properties", value=None), "no code", "feature 1"),
    "unknown code": (
        lambda c: put(c, "properties", "PFA20CD", value="E23000099"),
        "'E23000099' is of no police area",
        "feature 1 (",
    ),
    "twice": (
        lambda c: c | {"features": [*c["features"], c["features"][3]]},
        "stands twice",
        "feature 44 (",
    ),
    "one missing": (
        lambda c: c | {"features": c["features"][1:]},
        "1 of 43 police areas are missing",
        "",
    ),
    "two years": (
        lambda c: put(
            c, "properties", value={"PFA22CD": c["features"][0]["properties"]["PFA20CD"]}
        ),
        "several years",
        "",
    ),
    "a point": (
        lambda c: put(c, "geometry", value={"type": "Point", "coordinates": [0, 51]}),
        "no polygon",
        "feature 1 (",
    ),
    "no geometry": (lambda c: put(c, "geometry", value=None), "no polygon", "feature 1 ("),
    "a kind that is a list": (
        lambda c: put(c, "geometry", "type", value=["Polygon"]),
        "no polyg",
        "",
    ),
    "no rings": (lambda c: put(c, "geometry", "coordinates", value=[]), "no polygon", ""),
    "coordinates of text": (
        lambda c: put(c, "geometry", "coordinates", value="x"),
        "no polygon",
        "",
    ),
    "short ring": (
        lambda c: put(c, "geometry", "coordinates", 0, value=SQUARE[:3]),
        "fewer than four",
        "feature 1 (",
    ),
    "open ring": (
        lambda c: put(c, "geometry", "coordinates", 0, value=[*SQUARE[:3], [0, 52]]),
        "not closed",
        "feature 1 (",
    ),
    "one number": (lambda c: put(c, "geometry", "coordinates", 0, 1, value=[1]), "no pair", ""),
    "text": (
        lambda c: put(c, "geometry", "coordinates", 0, 1, value=["1", "51"]),
        "no number",
        "feature 1 (",
    ),
    "truth": (lambda c: put(c, "geometry", "coordinates", 0, 1, value=[True, 51]), "no number", ""),
    "metres": (
        lambda c: put(c, "geometry", "coordinates", 0, 0, value=[517515, 178392]),
        "517515 178392 is outside the world",
        "feature 1 (",
    ),
    "infinite": (
        lambda c: (
            json.dumps(put(c, "geometry", "coordinates", 0, 0, value=[0.125, 1]))
            .replace("0.125", "1e999")
            .encode()
        ),
        "outside the world",
        "",
    ),
    "a line": (
        lambda c: put(c, "geometry", "coordinates", 0, value=[[0, 51], [1, 51], [0, 51], [0, 51]]),
        "enclose nothing",
        "feature 1 (",
    ),
    "wrong way round": (
        lambda c: put(
            c,
            "geometry",
            "coordinates",
            0,
            value=[pair[::-1] for pair in c["features"][0]["geometry"]["coordinates"][0]],
        ),
        "longitude before latitude",
        "feature 1 (",
    ),
    "deep": (lambda _: b'{"a":' * 101, "nest deeper than 100", ""),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_such_file_is_refused_and_says_where(name: str, drawn_areas: Draw) -> None:
    """Nothing is stored of it; whoever has the file wants to know which line of it to look at."""
    change, message, place = BAD[name]
    with pytest.raises(SourceUnreadable) as refused:
        read(change(drawn_areas()))
    assert message in str(refused.value)
    assert refused.value.place.startswith("areas.geojson")
    assert place in refused.value.place
    assert refused.value.expected
    assert refused.value.action


def test_too_many_positions_are_refused(monkeypatch: pytest.MonkeyPatch, drawn_areas: Draw) -> None:
    """The feature at which the limit is reached is named."""
    monkeypatch.setattr(geojson, "MOST_POSITIONS", 12)
    with pytest.raises(SourceUnreadable, match="more than 12 positions") as refused:
        read(drawn_areas())
    assert "feature 3" in refused.value.place


def test_outlines_of_a_thousand_islands_are_refused(drawn_areas: Draw) -> None:
    """What cannot be made small would slow every page down."""
    collection = drawn_areas()
    west, south = collection["features"][0]["geometry"]["coordinates"][0][0]
    islands = [
        [[[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]]
        for x in (west + step * 0.03 for step in range(32))
        for y in (south + step * 0.03 for step in range(32))
    ]
    shapes = {"type": "MultiPolygon", "coordinates": islands}
    with pytest.raises(SourceUnreadable, match="cannot be simplified"):
        read(put(collection, "geometry", value=shapes))


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
PLACES: Final = st.sampled_from((
    ("type",), ("properties",), ("properties", "PFA20CD"), ("properties", "PFA20NM"),
    ("geometry",), ("geometry", "type"), ("geometry", "coordinates"),
    ("geometry", "coordinates", 0), ("geometry", "coordinates", 0, 0),
    ("geometry", "coordinates", 0, 2, 0),
))  # fmt: skip


@given(place=PLACES, value=JSON)
@settings(max_examples=60, deadline=None)
def test_anything_anywhere_is_read_or_refused(
    place: tuple[str | int, ...], value: object, drawn_areas: Draw
) -> None:
    """Another error would be told as a fault of the program."""
    try:
        found = read(put(drawn_areas(), *place, value=value))
    except InputError:
        return
    assert len(found["areas"]) == len(KNOWN)


def test_a_confined_process_reads_it(drawn_areas: Draw) -> None:
    """It can open nothing and import nothing once it has begun, and says the same."""
    content = json.dumps(drawn_areas()).encode()
    vintage, mended, areas = outlines_of(content, KNOWN, "areas.geojson")
    assert (vintage, mended, [code for code, _, _ in areas]) == ("20", [], sorted(KNOWN))
    with pytest.raises(SourceUnreadable, match="nest deeper"):
        outlines_of(b"[" * 1_000_000, KNOWN, "deep.geojson")
    with pytest.raises(SourceUnreadable, match="another reference system"):
        outlines_of(json.dumps(drawn_areas() | {"crs": 1}).encode(), KNOWN, "areas.geojson")


def test_a_file_beyond_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how many bytes it may have."""
    monkeypatch.setattr(parsing, "LARGEST_GEOJSON", 10)
    with pytest.raises(SourceUnreadable, match="more than 10 bytes"):
        outlines_of(b"{" * 11, KNOWN, "areas.geojson")


@pytest.mark.parametrize(
    "answer",
    [
        b"no JSON",
        b"[" * 100_000,
        b"[]",
        b'{"vintage": "20", "mended": [], "areas": []}',
        b'{"vintage": "20", "mended": [], "areas": [["E1", "POLYGON (\\" <a>", "POINT (0 0)"]]}',
        b'{"vintage": "<a>", "mended": [], "areas": [["E1", "POLYGON ((0 0))", "POINT (0 0)"]]}',
        b'{"vintage": "20", "mended": ["E2"], "areas": [["E1", "POLYGON ((0 0))", "POINT (0 0)"]]}',
    ],
)
def test_nonsense_of_a_process_that_fell_is_not_believed(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever took it over would write into the graph otherwise."""
    monkeypatch.setattr(parsing, "_asked", lambda *_, **__: answer)
    with pytest.raises(ReadingStopped, match="nonsense"):
        outlines_of(b"{}", {"E1": ("Wessmarch", "0", "51")}, "areas.geojson")
