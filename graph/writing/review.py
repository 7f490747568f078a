"""What changes come to: which graphs differ, whether they conform, what follows from them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from peelgraph.graph.build import (
    derive,
    holds_judgments,
    judged_elsewhere,
    record_validation,
    refuse_violations,
    united,
)
from peelgraph.graph.content import content_of
from peelgraph.graph.errors import NotConforming
from peelgraph.graph.export import exported_graph
from peelgraph.graph.nquads import DEFAULT, graph_of
from peelgraph.graph.preparation import reference_graph, refers_to
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.validation import Validator, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from peelgraph.graph.content import Content
    from peelgraph.graph.editable import EditableStore
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.validation import ValidationReport
    from peelgraph.graph.writing.ground import Ground

FOLLOWING = ("cube", "validation")  # the graphs that follow from the others


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Changes that conform.

    Args:
        ground: What they started from.
        content: What the store holds now, without the catalogue.
        changed: The graphs that differ from the ground's.
    """

    ground: Ground
    content: Content
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surface:
    """A store with the base in use, and the folder of the stage that it is for."""

    store: EditableStore
    iris: Iris
    folder: Path


def changed_graphs(ground: Ground, content: Content) -> frozenset[str]:
    """Return the names of the graphs that are new, gone or different, without the catalogue."""
    before, after = ground.digests, content.graph_digests
    different = {name for name in before | after if before.get(name) != after.get(name)}
    return frozenset(different - {str(ground.iris.graph("catalogue"))})


def checked(
    stage: Stage, working: EditableStore, ground: Ground, content: Content, changed: frozenset[str]
) -> Reviewed:
    """Validate the changed graphs and bring what follows from them up to date.

    Each changed graph is checked as a whole beside the reference graphs, and all of them with
    what other graphs say of the same judgments, as ``load`` does.

    Raises:
        NotConforming: a shape is broken.
    """
    surface = Surface(working, ground.iris, stage.folder)
    graphs = {
        URIRef(name): working.triples(None if name == DEFAULT else name)
        for name in changed
        if name in content.graphs
    }
    report = _report(surface, ground, graphs, changed)
    try:
        refuse_violations(report)
    except NotConforming as error:
        told = report.as_graph(ground.iris)
        error.turtle = exported_graph(told, RdfSyntax.TTL, ground.iris)
        raise
    if not _is_dataset(content, ground.iris) or not _concerns_us(changed, report, ground.iris):
        return Reviewed(ground, content, changed)
    if any(_bears_on_judgments(name, ground.iris) for name in changed):
        derive(surface)
    record_validation(surface, report, united(graphs.values()).subjects())
    following = {str(ground.iris.graph(kind)) for kind in FOLLOWING}
    renewed = _renewed(stage, working, content, ground, following)
    return Reviewed(ground, renewed, changed_graphs(ground, renewed))


def _report(
    surface: Surface, ground: Ground, graphs: dict[URIRef, Graph], changed: Collection[str]
) -> ValidationReport:
    iris, validator = ground.iris, ground.validator
    if any(refers_to(name, iris) for name in changed):
        validator = Validator(reference_graph(surface.store, iris), shapes_graph(iris))
    own = {name: graph for name, graph in graphs.items() if name != iris.graph("shapes")}
    across = {**judged_elsewhere(surface, own), **own}
    return validator.report_on(united(own.values())).merged(
        ground.validator.report_across(across, iris)
    )


def _is_dataset(content: Content, iris: Iris) -> bool:
    """Return whether the store still is this dataset: one that was emptied of it is not."""
    return bool(content.graphs.get(str(iris.graph("ontology"))))


def _concerns_us(changed: Collection[str], report: ValidationReport, iris: Iris) -> bool:
    """Return whether shortcuts, measures or remarks may follow from the changes."""
    return bool(report.results) or any(_bears_on_judgments(name, iris) for name in changed)


def _bears_on_judgments(name: str, iris: Iris) -> bool:
    own = {str(iris.graph(kind)) for kind in FOLLOWING}
    return name in own or refers_to(name, iris) or holds_judgments(URIRef(name), iris)


def _renewed(
    stage: Stage, working: EditableStore, content: Content, ground: Ground, names: set[str]
) -> Content:
    """Return *content* with the graphs *names* as they are in the store now."""
    lines = sorted(
        f"{line}\n".encode() for name in names for line in working.graph_nquads(URIRef(name))
    )
    target = stage.folder / "renewed.nq"
    with content.file.open("rb") as old, target.open("wb") as file:
        kept = (line for line in old if graph_of(line) not in names)
        file.writelines(heapq.merge(kept, lines))
    target.replace(content.file)
    empty = {name for name, size in content.graphs.items() if not size} - names
    return content_of(content.file, ground.iris, empty - {DEFAULT})
