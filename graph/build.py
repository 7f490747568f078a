"""Building a version from what is bundled, keeping what was ingested before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import SH, Graph, URIRef

from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.derived import latest_judgments, quality_graph
from peelgraph.graph.errors import NotConforming
from peelgraph.graph.staging import staged
from peelgraph.graph.superseding import is_superseded, report_of
from peelgraph.graph.validation import shapes_graph, validate_graph, validate_union

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from rdflib.term import Node

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Holding, Stage
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.validation import ValidationReport
    from peelgraph.graph.versions import DataFolder, Version

BUNDLED_KINDS = ("ontology", "shapes", "scheme", "reference", "facts", "comparability", "cube")


@dataclass(frozen=True, slots=True)
class Built:
    """The version that serves after a build; ``published`` is false when nothing had changed."""

    version: Version
    published: bool


def build(data: DataFolder, iris: Iris, tables: Tables, moment: dt.datetime) -> Built:
    """Publish a version with the bundled graphs as they are now; same content publishes nothing.

    Raises:
        NotConforming: the bundled graphs break a shape; nothing was published.
    """
    graphs = bundled_graphs(tables, iris)
    with staged(data, iris) as stage:
        for name in stage.store.graph_names():
            if is_bundled(name, iris) and name not in graphs:
                stage.store.remove_graph(name)
        stage.replace_graphs(graphs)
        derive(stage)
        if stage.unchanged():
            return Built(data.current(), published=False)
        report = validated(graphs, iris)
        record_validation(stage, report, united(graphs.values()).subjects())
        version = stage.publish(data, moment)
    return Built(version or data.current(), published=version is not None)


def is_bundled(name: URIRef, iris: Iris) -> bool:
    """Return whether *name* is a graph that ``build`` owns and may remove."""
    return any(
        name == iris.graph(kind) or name.startswith(f"{iris.graph(kind)}/")
        for kind in BUNDLED_KINDS
    )


def derive(stage: Stage) -> None:
    """Recompute the shortcuts of ``/graph/cube`` from the stage's judgments."""
    name = stage.iris.graph("cube")
    graph = stage.store.graph(name)
    graph.remove((None, stage.iris.pi.latestJudgment, None))
    for triple in latest_judgments(stage.store, stage.iris):
        graph.add(triple)
    stage.store.replace_graph(name, graph, stage.iris)


def validated(graphs: Mapping[URIRef, Graph], iris: Iris) -> ValidationReport:
    """Return the report on *graphs*, each shape and each rule across graphs.

    Raises:
        NotConforming: there is a violation.
    """
    checked = {name: graph for name, graph in graphs.items() if name != iris.graph("shapes")}
    report = validate_graph(united(checked.values()), Graph(), shapes_graph(iris)).merged(
        validate_union(checked, iris)
    )
    refuse_violations(report)
    return report


def united(graphs: Iterable[Graph]) -> Graph:
    """Return one graph with the triples of all."""
    union = Graph()
    for graph in graphs:
        for triple in graph:
            union.add(triple)
    return union


def holds_judgments(name: URIRef, iris: Iris) -> bool:
    """Return whether judgments may stand in the named graph *name*."""
    kinds = (f"{iris.graph('facts')}/", f"{iris.graph('document')}/")
    return str(name).startswith(kinds)


def judged_elsewhere(stage: Holding, incoming: Mapping[URIRef, Graph]) -> dict[URIRef, Graph]:
    """Return what other graphs of the stage say of the judgments that *incoming* makes.

    Captured versions that no longer count, or no longer will once *incoming* is stored, have no
    say: a page may be corrected.
    """
    arriving = {named[0] for name in incoming if (named := report_of(name, stage.iris))}
    graded = united(incoming.values()).subjects(stage.iris.pi.grade)
    judgments = sorted({node for node in graded if isinstance(node, URIRef)})
    return {
        name: stated
        for name, stated in stage.store.describing(judgments).items()
        if holds_judgments(name, stage.iris)
        and name not in incoming
        and not is_replaced(name, arriving, stage)
    }


def is_replaced(name: URIRef, arriving: Collection[str], stage: Holding) -> bool:
    """Return whether the graph *name* is of a report that is *arriving*, or superseded before."""
    named = report_of(name, stage.iris)
    return named is not None and (
        named[0] in arriving or is_superseded(stage.store, stage.iris, name)
    )


def refuse_violations(report: ValidationReport) -> None:
    """Raise :class:`NotConforming` with the first violation and their number, if any."""
    if report.conforms:
        return
    first = report.violations[0]
    error = NotConforming(
        f"{len(report.violations)} violations; the first: {first.message}",
        place=str(first.focus_node),
        action="nothing was stored; mend the source and try again",
    )
    error.violations = tuple(result.as_dict() for result in report.violations)
    raise error


def record_validation(stage: Stage, report: ValidationReport, checked: Iterable[Node]) -> None:
    """Make ``/graph/validation`` say what is known now of the stage's nodes.

    Args:
        stage: The version in the making.
        report: What the shapes found just now.
        checked: The nodes it is about: what was found on them before is dropped, what was found
            on others (documents that were ingested earlier) is kept.
    """
    iris, nodes = stage.iris, set(checked)
    name = iris.graph("validation")
    graph = stage.store.graph(name)
    for result in list(graph.objects(None, SH.result)):
        if graph.value(result, SH.focusNode) in nodes:
            graph.remove((None, SH.result, result))
            graph.remove((result, None, None))
    quality = quality_graph(stage.store, iris)
    for measured in set(quality.subjects()):
        graph.remove((measured, None, None))
    for triple in (*report.as_graph(iris), *quality):
        graph.add(triple)
    stage.store.replace_graph(name, graph, iris)
