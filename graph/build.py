"""Building a version from what is bundled, keeping what was ingested before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Graph

from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.derived import latest_judgments, quality_graph
from peelgraph.graph.errors import NotConforming
from peelgraph.graph.staging import staged
from peelgraph.graph.validation import shapes_graph, validate_graph, validate_union

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Stage
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
        record_validation(stage, report)
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
    union = Graph()
    for name, graph in graphs.items():
        if name != iris.graph("shapes"):
            for triple in graph:
                union.add(triple)
    report = validate_graph(union, Graph(), shapes_graph(iris)).merged(
        validate_union({n: g for n, g in graphs.items() if holds_judgments(n, iris)}, iris)
    )
    refuse_violations(report)
    return report


def holds_judgments(name: URIRef, iris: Iris) -> bool:
    """Return whether judgments may stand in the named graph *name*."""
    kinds = (f"{iris.graph('facts')}/", f"{iris.graph('document')}/")
    return str(name).startswith(kinds)


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


def record_validation(stage: Stage, report: ValidationReport) -> None:
    """Make ``/graph/validation`` hold the last report and the measures of quality."""
    graph = report.as_graph(stage.iris)
    for triple in quality_graph(stage.store, stage.iris):
        graph.add(triple)
    stage.store.replace_graph(stage.iris.graph("validation"), graph, stage.iris)
