"""`peelgraph import`: known open datasets into graphs of a new version."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, Literal, URIRef
from rdflib.namespace import GEO

from peelgraph.graph.build import build
from peelgraph.graph.datasets import DATASETS, SourceFile
from peelgraph.graph.importing import dataset_files
from peelgraph.graph.iris import LICENCE, Iris, statistical_geography
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli.calls import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended
    from rdflib import Graph

    from peelgraph.graph.tables import Tables

IRIS = Iris()
OUTLINES = IRIS.graph("external", "police-areas")
KENT = statistical_geography("E23000032")


@pytest.fixture
def drawn(drawn_areas: Callable[..., dict[str, Any]], tmp_path: Path) -> Callable[..., Path]:
    """Write every police area as an invented square to a file."""

    def write(vintage: str = "20", **others: float) -> Path:
        file = tmp_path / f"areas-{vintage}.geojson"
        file.write_text(json.dumps(drawn_areas(vintage, **others)), encoding="utf-8")
        return file

    return write


def stored(data: Path, name: URIRef = OUTLINES) -> Graph:
    """A graph of the current version."""
    return DataFolder(data).current().store().graph(name)


def assert_kent_is_described(graph: Graph, key: str, attribution: str) -> None:
    """Check the outline and centroid of Kent, and the file that they are from."""
    outline, middle = IRIS.outline("e23000032"), IRIS.centroid("e23000032")
    assert set(graph[KENT : GEO.hasDefaultGeometry]) == {outline}
    assert set(graph[KENT : GEO.hasCentroid]) == {middle}
    assert set(graph[middle : GEO.asWKT]) == {
        Literal("POINT (0.7194 51.2001)", datatype=GEO.wktLiteral)
    }
    (file,) = graph[outline : DCTERMS.source]
    assert str(file).endswith(key)
    assert set(graph[file : DCTERMS.license]) == {LICENCE}
    (rights,) = graph[file : DCTERMS.rights]
    assert [str(each) for each in graph[rights : RDFS.label]] == [attribution]


def test_outlines_land_once_with_their_source_and_another_year_replaces_them(
    peelgraph: Callable[..., Ended], own_data: Path, drawn: Callable[..., Path]
) -> None:
    """A dry run, the import, the same again, then another vintage."""
    arguments = ("import", "police-areas", drawn(), "--json", "--data", own_data)
    before = DataFolder(own_data).current().name
    rehearsed = peelgraph(*arguments, "--dry-run")
    assert rehearsed.code == 0, rehearsed.err
    assert (rehearsed.json["published"], rehearsed.json["counts"]["areas"]) == (False, 43)
    assert DataFolder(own_data).current().name == before

    done = peelgraph(*arguments).json
    assert set(done) == {
        "schema", "dataset", "source", "graph", "triples", "counts", "remarks", "attribution",
        "version", "published", "dry_run",
    }  # fmt: skip
    current = DataFolder(own_data).current()
    assert (done["published"], done["version"]) == (True, current.name)
    assert current.manifest.graphs[str(OUTLINES)] == done["triples"]
    assert "© Crown copyright and database right 2020" in done["attribution"]
    (key,) = [each for each in current.manifest.inputs if each.startswith("police-areas/")]

    assert_kent_is_described(stored(own_data), key, done["attribution"])
    again = peelgraph("import", "police-areas", drawn(), "--data", own_data)
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing new")
    assert DataFolder(own_data).current().name == current.name

    graph, outline = stored(own_data), IRIS.outline("e23000032")
    later = peelgraph("import", "police-areas", drawn("22", half=0.02), "--data", own_data)
    assert later.out.splitlines()[-1].startswith("Published ")
    other = stored(own_data)
    assert len(other) == len(graph)
    assert {str(each) for each in other[: RDF.type : GEO.Geometry]} == {
        str(each) for each in graph[: RDF.type : GEO.Geometry]
    }
    assert set(other[outline : GEO.asWKT]).isdisjoint(graph[outline : GEO.asWKT])
    inputs = DataFolder(own_data).current().manifest.inputs
    assert [each for each in inputs if each.startswith("police-areas/")] != [key]
    assert sum(each.startswith("police-areas/") for each in inputs) == 1
    provenance = stored(own_data, IRIS.graph("provenance"))
    (activity,) = provenance[OUTLINES : PROV.wasGeneratedBy]
    assert set(provenance[: RDF.type : IRIS.pi.LoadActivity]) == {activity}
    assert set(provenance[activity : PROV.used]) == set(other[outline : DCTERMS.source])


def test_build_keeps_what_was_imported(
    peelgraph: Callable[..., Ended],
    own_data: Path,
    drawn: Callable[..., Path],
    few_tables: Tables,
) -> None:
    """The bundled areas are written anew; outlines are not bundled."""
    assert peelgraph("import", "police-areas", drawn(), "--data", own_data).code == 0
    before = stored(own_data)
    assert not build(DataFolder(own_data), IRIS, few_tables, now()).published
    assert set(stored(own_data)) == set(before)


def test_compressed_files_and_standard_input_are_read(
    peelgraph: Callable[..., Ended], small_data: Path, drawn: Callable[..., Path], tmp_path: Path
) -> None:
    """Boundary files are large, and often come packed."""
    content = drawn().read_bytes()
    packed = tmp_path / "areas.geojson.gz"
    packed.write_bytes(gzip.compress(content))
    assert dataset_files(packed, DATASETS["police-areas"]) == [SourceFile("areas.geojson", content)]
    piped = peelgraph("import", "police-areas", "-", "--data", small_data, stdin=b"{}")
    assert (piped.code, "standard-input" in piped.err) == (3, True)


def test_a_bad_file_is_input_and_changes_nothing(
    peelgraph: Callable[..., Ended], own_data: Path, drawn: Callable[..., Path]
) -> None:
    """3 with the feature and its name; the outlines that are there stay."""
    assert peelgraph("import", "police-areas", drawn(), "--data", own_data).code == 0
    before = DataFolder(own_data).current().name
    file = drawn("22")
    file.write_text(file.read_text(encoding="utf-8").replace("E23000032", "E23999999"))
    ended = peelgraph("import", "police-areas", file, "--data", own_data)
    assert ended.code == 3
    assert "E23999999" in ended.err
    assert "(Kent)" in ended.err
    assert DataFolder(own_data).current().name == before
    missing = peelgraph("import", "police-areas", file.parent / "none.geojson", "--data", own_data)
    assert missing.code == 3


def test_two_files_or_an_unknown_dataset_are_usage(
    peelgraph: Callable[..., Ended], small_data: Path, drawn: Callable[..., Path]
) -> None:
    """2, and what there is."""
    two = peelgraph("import", "police-areas", drawn(), drawn("22"), "--data", small_data)
    assert (two.code, "one GeoJSON file" in two.err) == (2, True)
    unknown = peelgraph("import", "rivers", drawn(), "--data", small_data)
    assert (unknown.code, "police-areas" in unknown.err) == (2, True)
    assert peelgraph("import", "police-areas", "--data", small_data).code == 2


def test_a_store_without_areas_says_what_brings_them_back(
    peelgraph: Callable[..., Ended], own_data: Path, drawn: Callable[..., Path]
) -> None:
    """After DROP ALL there is nothing that outlines could be tied to."""
    data = DataFolder(own_data)
    with staged(data, IRIS) as stage:
        stage.store.remove_graph(IRIS.graph("reference", "area"))
        assert stage.publish(data, now()) is not None
    ended = peelgraph("import", "police-areas", drawn(), "--data", own_data)
    assert (ended.code, "peelgraph build" in ended.err) == (4, True)


def test_the_real_file_lands(
    peelgraph: Callable[..., Ended], own_data: Path, pfa_2020_path: Path
) -> None:
    """The 43 areas, and the one that had to be mended is named."""
    ended = peelgraph("import", "police-areas", pfa_2020_path, "--data", own_data)
    assert ended.code == 0, ended.err
    assert ended.out.startswith(
        "Police Force Areas 2020 (Office for National Statistics): 43 areas"
    )
    assert "Hampshire" in ended.err
