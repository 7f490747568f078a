"""What is said of a table's columns, and where its rows are: from terms alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.saved import query_of, saved_queries
from peelgraph.server.api import places
from peelgraph.server.api.columns import XSD, column, datatype
from peelgraph.server.api.places import collection, is_placed
from peelgraph.server.api.shown import joined
from peelgraph.server.protocol.geometry import WKT, geometry_of
from peelgraph.server.protocol.tables import Cell, Table
from peelgraph.server.site.outlines import Outline

NUMBERS = st.floats(-180, 180).map(lambda number: round(number, 6))


def literal(value: str, kind: str = "") -> dict[str, str]:
    """A literal of SPARQL JSON results."""
    return {"type": "literal", "value": value, **({"datatype": XSD + kind} if kind else {})}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([literal("1", "integer"), literal("2", "integer")], "integer"),
        ([literal("1", "integer"), literal("2.5", "decimal")], "string"),
        ([literal("2016-02", "gYearMonth")], "gYearMonth"),
        ([literal("2016-02", "gYearMonth"), literal("2016-02-11", "date")], "string"),
        ([literal("x", "NMTOKEN")], "string"),
        ([{"type": "uri", "value": "http://e/"}, literal("x")], "string"),
        ([{"type": "bnode", "value": "b0"}], "string"),
    ],
)
def test_a_column_has_a_datatype_only_where_all_its_values_do(
    terms: list[dict[str, str]], expected: str
) -> None:
    """A reader that trusts a datatype which one value breaks refuses the whole table."""
    assert datatype(terms) == expected


def test_a_column_with_an_empty_cell_is_not_required() -> None:
    """`required` and an empty cell contradict each other in CSVW."""
    assert "required" not in column("a", [{"a": literal("x")}, {}])
    assert "required" not in column("a", [])
    assert "lang" not in column("a", [{"a": literal("x")}])


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=8))
def test_polygons_keep_their_points(points: list[tuple[float, float]]) -> None:
    """Every pair of well-known text is a position of GeoJSON, in its order."""
    ring = ", ".join(f"{x} {y}" for x, y in points)
    assert geometry_of(f"POLYGON(({ring}))") == {
        "type": "Polygon",
        "coordinates": [[list(point) for point in points]],
    }
    assert geometry_of(f"MULTIPOLYGON((({ring})), (({ring})))") == {
        "type": "MultiPolygon",
        "coordinates": [[[list(point) for point in points]]] * 2,
    }


@pytest.mark.parametrize(
    "wkt",
    [
        "",
        "POINT EMPTY",
        "POINT(1)",
        "POINT(1 2, 3 4)",
        "POINT(1 2",
        "POINT(1.2.3 4)",
        "POINT Z(1 2 3)",
        "GEOMETRYCOLLECTION(POINT(1 2))",
        "<http://www.opengis.net/def/crs/EPSG/0/27700> POINT(500000 200000)",
        "POINT(" + "1" * 1_000_000 + ")",
        "POLYGON" + "(" * 5000 + "1 2" + ")" * 5000,
        '{"type": "Point"}',
    ],
)
def test_what_is_no_geometry_in_crs84_is_none(wkt: str) -> None:
    """A position that is read wrongly puts a force into the sea; none is honest."""
    assert geometry_of(wkt) is None


def test_a_row_is_where_its_geometry_says_else_at_its_area() -> None:
    """The closest known place wins; a row without any is a feature without geometry."""
    middles = {"http://e/area": (1.0, 51.0), "http://e/force": (2.0, 52.0)}
    area = {"type": "uri", "value": "http://e/area"}
    force = {"type": "uri", "value": "http://e/force"}
    point = {"type": "literal", "value": "POINT(3 53)", "datatype": WKT}
    rows = [{"area": area, "force": force}, {"force": force}, {"n": literal("1", "integer")}]
    rows.append({"force": force, "geometry": point})
    found = collection({"results": {"bindings": rows}}, middles, {})["features"]
    assert [each["geometry"] and each["geometry"]["coordinates"] for each in found] == [
        [1.0, 51.0],
        [2.0, 52.0],
        None,
        [3, 53],
    ]
    assert found[2]["properties"] == {"n": 1}
    assert found[3]["properties"] == {"force": "http://e/force"}


def test_an_outline_stands_for_its_area_unless_rows_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A whole outline in each of a hundred thousand rows would be a file of 200 MB."""
    ring = [[0.0, 51.0], [1.0, 51.0], [1.0, 52.0], [0.0, 51.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    outline = Outline("http://e/area", "http://e/drawn", shape, (0.7, 51.3), "Drawn by hand.")
    middles = {"http://e/force": (2.0, 52.0), "http://e/other": (3.0, 53.0)}
    rows = [{"force": {"type": "uri", "value": f"http://e/{name}"}} for name in ("force", "other")]
    results = {"results": {"bindings": rows}}
    found = collection(results, middles, {"http://e/force": outline})
    kinds = [each["geometry"]["type"] for each in found["features"]]
    assert (kinds, found["attribution"]) == (["Polygon", "Point"], "Drawn by hand.")
    monkeypatch.setattr(places, "MOST_OUTLINES", 1)
    many = collection(results, middles, {"http://e/force": outline})
    assert [each["geometry"]["type"] for each in many["features"]] == ["Point", "Point"]
    assert "attribution" not in many


def test_numbers_that_json_has_not_stay_text() -> None:
    """INF and NaN are no JSON; a reader would refuse the whole file."""
    rows = [{"a": literal("INF", "double"), "b": literal("NaN", "double")}]
    (feature,) = collection({"results": {"bindings": rows}}, {}, {})["features"]
    assert feature["properties"] == {"a": "INF", "b": "NaN"}


def test_which_queries_have_places() -> None:
    """A query that names a force or area in its projection, and no other."""
    placed = {name for name, saved in saved_queries().items() if is_placed(saved)}
    assert {"grades-map", "force-grades", "area-reports"} <= placed
    assert not placed & {"datasets", "cycles", "version-changes", "grade-counts"}
    assert not is_placed(query_of("x", "# question: x\nSELECT ?a WHERE { ?force ?area ?a }"))


def test_a_name_stands_for_its_thing() -> None:
    """One column, the name linked; a thing without a name shows the last part of its address."""
    force, name = Cell("http://e/id/kent", "http://e/id/kent"), Cell("Kent Police", None, "en")
    table = Table(
        ("force", "force_name", "grade_name"),
        ((force, name, Cell("good")), (force, Cell(""), Cell(""))),
        2,
    )
    found = joined(table)
    assert found.columns == ("force", "grade")
    assert found.rows[0] == (Cell("Kent Police", "http://e/id/kent"), Cell("good"))
    assert found.rows[1] == (Cell("kent", "http://e/id/kent"), Cell(""))
