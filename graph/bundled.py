"""What is bundled as RDF, moved to the base in use: ontology, schemes, shapes, cube structure."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from rdflib import RDFS, SH, Graph

from peelgraph.graph.errors import RdfSyntaxError
from peelgraph.graph.mapping import reference_graphs
from peelgraph.graph.namespaces import rebased

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables

DEFINITION_FOLDERS: Final = (
    "peelgraph.ontology",
    "peelgraph.ontology.schemes",
    "peelgraph.ontology.cues",
    "peelgraph.shapes",
)


def turtle_files(package: str) -> Iterator[Traversable]:
    """Yield the Turtle files of *package* (``peelgraph.shapes``), by name."""
    folder = files("peelgraph")
    for part in package.split(".")[1:]:
        folder = folder / part
    yield from sorted(
        (each for each in folder.iterdir() if each.name.endswith(".ttl")), key=lambda f: f.name
    )


def parsed_turtle(file: Traversable, iris: Iris) -> Graph:
    """Return a bundled Turtle *file* as a graph under the base in use.

    Raises:
        RdfSyntaxError: the file does not parse.
    """
    graph = Graph()
    try:
        return graph.parse(data=rebased(file.read_text(encoding="utf-8"), iris.base), format="ttl")
    except SyntaxError as error:
        raise RdfSyntaxError(str(error), place=file.name, expected="valid Turtle") from error


def graph_name(package: str, stem: str, iris: Iris) -> URIRef:
    """Return the named graph that a bundled Turtle file is loaded into."""
    if package == "peelgraph.shapes":
        return iris.graph("shapes")
    if package == "peelgraph.ontology":
        return iris.graph("cube" if stem == "cube" else "ontology")
    if package == "peelgraph.ontology.cues":
        return iris.graph("scheme", "cue")
    return iris.graph("scheme", "grade" if stem.endswith("-tier") else stem)


def definition_graphs(iris: Iris) -> dict[URIRef, Graph]:
    """Return the ontology, shapes, cube structure, concept schemes and cues by named graph."""
    graphs: dict[URIRef, Graph] = {}
    for package in DEFINITION_FOLDERS:
        for file in turtle_files(package):
            name = graph_name(package, file.name.removesuffix(".ttl"), iris)
            graph = graphs.setdefault(name, Graph())
            for triple in parsed_turtle(file, iris):
                graph.add(triple)
    label_shapes(graphs[iris.graph("shapes")])
    return graphs


def label_shapes(shapes: Graph) -> None:
    """Give each property shape its ``sh:name`` as label too: all that is published has one."""
    for shape, name in list(shapes.subject_objects(SH.name)):
        if (shape, RDFS.label, None) not in shapes:
            shapes.add((shape, RDFS.label, name))


def bundled_graphs(tables: Tables, iris: Iris) -> dict[URIRef, Graph]:
    """Return every named graph that needs no captured source."""
    return {**definition_graphs(iris), **reference_graphs(tables, iris)}
