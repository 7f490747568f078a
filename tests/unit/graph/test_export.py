"""Exports are the same bytes everywhere and hold exactly what the version holds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from rdflib import RDFS, Dataset, Graph, Literal, URIRef

from peelgraph.graph.errors import UsageError
from peelgraph.graph.export import exported, exported_graph
from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import DataFolder, Version

if TYPE_CHECKING:
    from pathlib import Path

IRIS = Iris()
FORCE, CYCLE = IRIS.graph("reference", "force"), IRIS.graph("reference", "cycle")


def labelled(subject: URIRef, text: str) -> Graph:
    """One labelled thing."""
    graph = Graph()
    graph.add((subject, RDFS.label, Literal(text, lang="en")))
    return graph


def small_version(folder: Path, order: tuple[URIRef, ...]) -> Version:
    """A version of two graphs, loaded in *order*."""
    graphs = {
        FORCE: labelled(IRIS.force("kent"), 'Kent "Police"\n'),
        CYCLE: labelled(IRIS.cycle("peel-2015"), "PEEL 2015"),
    }
    data = DataFolder(folder)
    with staged(data, IRIS) as stage:
        for name in order:
            stage.store.replace_graph(name, graphs[name], IRIS)
        version = stage.publish(data, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert version is not None
    return version


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """The small version."""
    return small_version(tmp_path_factory.mktemp("here") / "data", (FORCE, CYCLE))


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """The small version, loaded in the other order."""
    return small_version(tmp_path_factory.mktemp("there") / "data", (CYCLE, FORCE))


@pytest.mark.parametrize("syntax", list(RdfSyntax))
def test_exports_are_the_same_bytes_whatever_the_order_of_loading(
    syntax: RdfSyntax, here: Version, there: Version
) -> None:
    """A dump that differs without a reason makes every comparison worthless."""
    assert exported(here, syntax, IRIS) == exported(there, syntax, IRIS)
    assert exported(here, syntax, IRIS) == exported(here, syntax, IRIS)


@pytest.mark.parametrize("syntax", list(RdfSyntax))
def test_exports_read_back_with_rdflib(syntax: RdfSyntax, here: Version) -> None:
    """Another library than the one that wrote them must agree on what they say."""
    content = exported(here, syntax, IRIS, FORCE).decode()
    names = {"nq": "nquads", "rdf": "xml", "jsonld": "json-ld"}
    if syntax in {RdfSyntax.NQ, RdfSyntax.TRIG}:
        dataset = Dataset()
        dataset.parse(data=content, format=names.get(syntax.value, syntax.value))
        labels = list(dataset.graph(FORCE).objects(IRIS.force("kent"), RDFS.label))
    else:
        graph = Graph().parse(data=content, format=names.get(syntax.value, syntax.value))
        labels = list(graph.objects(IRIS.force("kent"), RDFS.label))
    assert labels == [Literal('Kent "Police"\n', lang="en")]


def test_an_unknown_graph_is_refused(here: Version) -> None:
    """An empty file would look like an empty graph."""
    with pytest.raises(UsageError, match="versions show"):
        exported(here, RdfSyntax.TTL, IRIS, IRIS.graph("none"))


def test_one_graph_is_written_as_turtle_with_our_prefixes() -> None:
    """People read Turtle; bare IRIs on every line are no pleasure."""
    graph = labelled(IRIS.pi.Judgment, "judgment")
    assert b"pi:Judgment rdfs:label" in exported_graph(graph, RdfSyntax.TTL, IRIS)
