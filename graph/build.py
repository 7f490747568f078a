"""Building a version from what is bundled, keeping what was ingested before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from rdflib import SH, Graph, URIRef

from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.cube import renew_cube
from peelgraph.graph.derived import latest_judgments, quality_graph
from peelgraph.graph.errors import NotConforming
from peelgraph.graph.staging import staged
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.superseding import is_superseded, report_of
from peelgraph.graph.validation import Validator, shapes_graph
from peelgraph.graph.versions import writable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Mapping

    from rdflib.term import Node

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Changing, Holding
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


def derive(stage: Changing) -> None:
    """Recompute shortcuts, code lists and slices in ``/graph/cube`` from the stage's judgments."""
    name = stage.iris.graph("cube")
    latest = latest_judgments(stage.store, stage.iris)
    with writable(stage.folder):
        stage.store.remove_triples(name, None, stage.iris.pi.latestJudgment, None)
        stage.store.extend_graph(name, latest)
        renew_cube(stage.store, stage.iris)


def validated(graphs: Mapping[URIRef, Graph], iris: Iris) -> ValidationReport:
    """Return the report on *graphs*, each shape and each rule across graphs.

    Raises:
        NotConforming: there is a violation.
    """
    checked = {name: graph for name, graph in graphs.items() if name != iris.graph("shapes")}
    validator = Validator(Graph(), shapes_graph(iris))
    report = validator.whole_report(united(checked.values()), checked, iris)
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
    return stage.store.describing(
        judgments,
        lambda name: (
            holds_judgments(name, stage.iris)
            and name not in incoming
            and not is_replaced(name, arriving, stage)
        ),
    )


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


def record_validation(stage: Changing, report: ValidationReport, checked: Iterable[Node]) -> None:
    """Make ``/graph/validation`` say what is known now of the stage's nodes.

    Args:
        stage: The version in the making.
        report: What the shapes found just now.
        checked: The nodes it is about: what was found on them before is dropped, what was found
            on others (documents that were ingested earlier) is kept.
    """
    record_findings(stage, [findings_of(report, stage.iris)], set(checked).__contains__)


def findings_of(report: ValidationReport, iris: Iris) -> bytes:
    """Return *report* as N-Triples; those of several reports are those of the merged one."""
    return report.as_graph(iris).serialize(format="nt", encoding="utf-8")


def record_findings(
    stage: Changing, found: Iterable[bytes], is_checked: Callable[[Node], bool]
) -> None:
    """Do what :func:`record_validation` does, for reports that do not fit into memory.

    Args:
        stage: The version in the making.
        found: The N-Triples of what the shapes found just now, in parts.
        is_checked: Whether the reports are about a node.
    """
    iris, store, name = stage.iris, stage.store, stage.iris.graph("validation")
    quality = quality_graph(store, iris)
    with writable(stage.folder):
        about = store.stated(name, SH.focusNode)
        for node, earlier in groupby(about, key=itemgetter(2)):
            if is_checked(node):
                for result in [URIRef(str(each[0])) for each in earlier]:
                    store.remove_triples(name, None, SH.result, result)
                    store.remove_triples(name, result, None, None)
        for measured in set(quality.subjects()):
            store.remove_triples(name, URIRef(str(measured)), None, None)
        store.extend_graph(name, quality)
        for part in found:
            store.extend_graph_from(name, part, RdfSyntax.NT)
