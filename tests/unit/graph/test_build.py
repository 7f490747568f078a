"""Building publishes what is bundled, keeps what was ingested, and never publishes a fault."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import DCAT, DCTERMS, RDF, VOID, Literal, URIRef

from peelgraph.graph import build as building
from peelgraph.graph.build import build
from peelgraph.graph.errors import NotConforming
from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.namespaces import DEFAULT_BASE
from peelgraph.graph.staging import staged
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import ValidationReport
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

    from peelgraph.graph.tables import Tables

IRIS = Iris()
LATER = dt.datetime(2027, 2, 3, 4, 5, tzinfo=dt.UTC)


def copied(data: Path, target: Path) -> DataFolder:
    """A copy of a data folder that a test may write to."""
    return DataFolder(shutil.copytree(data, target / "data", symlinks=True))


def test_the_bundle_has_every_force_and_judgment(built_data: Path) -> None:
    """1,100 judgments of 43 forces are what the project is for."""
    store = DataFolder(built_data).current().store()
    facts = store.graph(IRIS.graph("facts", "grades"))
    judgments = set(facts.subjects(RDF.type, IRIS.pi.Judgment))
    assert len(judgments) >= 1100
    assert len({facts.value(judgment, IRIS.pi.force) for judgment in judgments}) == 43


def test_nothing_published_is_a_blank_node(kent_data: Path) -> None:
    """A blank node cannot be linked to, compared or retracted."""
    for line in DataFolder(kent_data).current().store().sorted_nquads():
        assert not line.startswith("_:")
        assert " _:" not in line.split('"')[0]


def test_building_again_on_another_day_publishes_nothing(
    small_data: Path, few_tables: Tables, tmp_path: Path
) -> None:
    """The nightly job must not fill the disk."""
    data = copied(small_data, tmp_path)
    built = build(data, IRIS, few_tables, LATER)
    assert not built.published
    assert len(data.versions()) == 1


def test_building_in_another_folder_gives_the_same_digest_and_name(
    built_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people who build the same commit hold the same data, and can tell."""
    monkeypatch.setattr(building, "validated", lambda *_: ValidationReport())
    again = build(DataFolder(tmp_path / "there"), IRIS, bundled_tables(), LATER)
    first = DataFolder(built_data).current()
    assert again.version.manifest.digest == first.manifest.digest
    assert again.version.name.split("-")[1] == first.name.split("-")[1]


def test_building_keeps_documents_and_brings_lost_graphs_back(
    kent_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scratch folder may be wiped; what the user ingested is the user's."""
    monkeypatch.setattr(building, "validated", lambda *_: ValidationReport())
    data = copied(kent_data, tmp_path)
    digest = data.current().manifest.digest
    with staged(data, IRIS) as stage:
        stage.store.remove_graph(IRIS.graph("scheme", "pillar"))
        assert stage.publish(data, LATER) is not None
    built = build(data, IRIS, bundled_tables(), LATER)
    assert built.published
    assert built.version.manifest.digest == digest
    assert any("/graph/document/" in name for name in built.version.manifest.graphs)


def test_a_faulty_bundle_is_not_published(
    small_data: Path, few_tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report names the node; the version that served still serves."""
    data = copied(small_data, tmp_path)
    force, bundled = IRIS.force("kent"), building.bundled_graphs

    def without_a_name(tables: Tables, iris: Iris) -> dict[URIRef, Graph]:
        graphs = bundled(tables, iris)
        del_name = graphs[iris.graph("reference", "force")]
        del_name.remove((force, iris.pi.nameRecord, None))
        return graphs

    monkeypatch.setattr(building, "bundled_graphs", without_a_name)
    with pytest.raises(NotConforming) as caught:
        build(data, IRIS, few_tables, LATER)
    assert str(force) in {violation["focusNode"] for violation in caught.value.violations}
    assert len(data.versions()) == 1


def test_another_base_moves_every_iri(
    few_tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another inspectorate publishes under its own address."""
    monkeypatch.setattr(building, "validated", lambda *_: ValidationReport())
    base = "https://data.example.org/inspections"
    built = build(DataFolder(tmp_path / "data"), Iris(base), few_tables, LATER)
    content = built.version.quads_file.read_text(encoding="utf-8")
    assert DEFAULT_BASE not in content
    assert f"<{base}/id/force/kent>" in content


def test_latest_judgments_are_of_the_newest_cycle(kent_data: Path) -> None:
    """A page that shows a force's standing must not show last decade's."""
    cube = DataFolder(kent_data).current().store().graph(IRIS.graph("cube"))
    latest = set(cube.objects(IRIS.force("kent"), IRIS.pi.latestJudgment))
    assert IRIS.judgment("peel-2018-19", "kent", "legitimacy") in latest
    assert IRIS.judgment("peel-2015", "kent", "legitimacy") not in latest
    assert IRIS.judgment("peel-2015", "kent", "leadership") in latest


def test_the_catalogue_says_what_there_is(kent_data: Path) -> None:
    """Data portals harvest the catalogue; what it says must be so."""
    version = DataFolder(kent_data).current()
    graph = version.store().graph(IRIS.graph("catalogue"))
    dataset = IRIS.data_item("peelgraph")
    query = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    ((counted,),) = version.store().solutions(query)
    assert graph.value(dataset, VOID.triples) == Literal(int(counted))
    assert int(counted) < sum(version.manifest.graphs.values()), "some stand in two graphs"
    assert graph.value(dataset, DCTERMS.license) == LICENCE
    distribution = graph.value(dataset, DCAT.distribution)
    assert graph.value(distribution, DCAT.downloadURL) == IRIS.dump(version.name, "nq")


def test_tables_with_a_changed_grade_make_another_digest(
    small_data: Path, few_tables: Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One grade changed by hand must show in the name of the version."""
    monkeypatch.setattr(building, "validated", lambda *_: ValidationReport())
    first, *others = few_tables.grades
    changed = replace(first, grade="good" if first.grade != "good" else "outstanding")
    data = copied(small_data, tmp_path)
    built = build(data, IRIS, replace(few_tables, grades=(changed, *others)), LATER)
    assert built.published
