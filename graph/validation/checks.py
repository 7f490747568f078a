"""What is checked against what: one incoming graph beside its references, or all graphs together.

The validator knows no named graphs: the union states of each judgment and report where it stands
(``void:inDataset``), and the shapes of ``cross-graph.ttl`` read that.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from rdflib import RDF, VOID, Graph, URIRef

from peelgraph.graph.namespaces import rebased
from peelgraph.graph.validation.deadline import deadline
from peelgraph.graph.validation.engine import Checking, engine_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.validation.report import Result, Triple, ValidationReport

CROSS_GRAPH: Final = "CrossGraph"  # how the names of shapes begin that only the union meets
BY_REFEREE: Final = Checking()


def shape_files() -> tuple[Traversable, ...]:
    """Return the bundled shapes' files by name."""
    folder = files("peelgraph.shapes")
    found = (each for each in folder.iterdir() if each.name.endswith(".ttl"))
    return tuple(sorted(found, key=lambda file: file.name))


def shapes_graph(iris: Iris) -> Graph:
    """Return all bundled shapes as one graph, moved to the base of *iris*.

    Graphs: belongs in ``/graph/shapes``.
    """
    graph = Graph()
    for file in shape_files():
        graph.parse(data=rebased(file.read_text(encoding="utf-8"), iris.base), format="turtle")
    return graph


class Validator:
    """Shapes and reference data against which many graphs are checked, one after another.

    Args:
        reference: What the checked graphs refer to. Never changed.
        shapes: The shapes, as from :func:`shapes_graph`.
        checking: The engine, and how long each report may take.

    Raises:
        EngineMissing: the engine is not installed.
    """

    def __init__(self, reference: Graph, shapes: Graph, checking: Checking = BY_REFEREE) -> None:
        self._engine = engine_for(checking, reference, shapes, CROSS_GRAPH)
        self._seconds = checking.seconds

    def report_on(self, incoming: Graph) -> ValidationReport:
        """Return what the shapes find on the subjects of *incoming*.

        Raises:
            ValidationTimeout: it took too long.
        """
        with deadline(self._seconds):
            return self._engine.beside_reference(incoming, set(incoming.subjects()))

    def report_across(self, graphs: Mapping[URIRef, Graph], iris: Iris) -> ValidationReport:
        """Return what the rules across graphs find on *graphs* read together, without references.

        Args:
            graphs: Named graphs; those that hold judgments are enough, for all rules but the one
                that judgments stand nowhere else.
            iris: The base in use.

        Returns:
            A report whose results name the graphs that state what is wrong, in ``graphs`` and,
            where they are several, in the message.

        Raises:
            ValidationTimeout: it took too long.
        """
        with deadline(self._seconds):
            report = self._engine.across_graphs(_placed(graphs, iris))
        return report.with_results(_attributed(result, graphs) for result in report.results)

    def whole_report(
        self, incoming: Graph, across: Mapping[URIRef, Graph], iris: Iris
    ) -> ValidationReport:
        """Return what all shapes find: those of one graph on *incoming*, the others *across*.

        Raises:
            ValidationTimeout: either took too long.
        """
        return self.report_on(incoming).merged(self.report_across(across, iris))


def _placed(graphs: Mapping[URIRef, Graph], iris: Iris) -> Iterator[Triple]:
    """Yield what *graphs* state, and in which of them each judgment and report stands."""
    for name, graph in graphs.items():
        yield from graph
        for kind in (iris.pi.Judgment, iris.pi.Report):
            for node in graph.subjects(RDF.type, kind):
                yield node, VOID.inDataset, name


def _attributed(result: Result, graphs: Mapping[URIRef, Graph]) -> Result:
    """Return *result* with the graphs that state it, and its message with what each states."""
    pattern = (
        (result.focus_node, RDF.type, None)
        if result.path is None or result.path == VOID.inDataset
        else (result.focus_node, result.path, result.value)
    )
    stated = {
        str(name): sorted({str(value) for value in graph.objects(pattern[0], pattern[1])})
        for name, graph in graphs.items()
        if pattern in graph or (result.path is None and (result.value, RDF.type, None) in graph)
    }
    names = tuple(sorted(stated))
    if len(names) < 2:  # noqa: PLR2004 - one graph alone needs no telling apart
        return replace(result, graphs=names)
    if result.path is None:
        told = " and ".join(names)
    else:
        told = "; ".join(f"{name} says {', '.join(stated[name])}" for name in names)
    return replace(result, graphs=names, message=f"{result.message} Graphs: {told}.")
