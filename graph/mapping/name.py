"""Dated names of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Literal

from peelgraph.graph.mapping.label import label

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables.rows import DatedName


def add_name_record(
    graph: Graph, iris: Iris, owner: URIRef, record: URIRef, dated: DatedName
) -> None:
    """Add the *record* of a *dated* name to its *owner*; a date that is not known is absent."""
    pi = iris.pi
    graph.add((owner, pi.nameRecord, record))
    graph.add((record, RDF.type, pi.NameRecord))
    graph.add((record, *label(f"The name {dated.name}")))
    graph.add((record, pi.name, Literal(dated.name)))
    if dated.valid_from:
        graph.add((record, pi.validFrom, Literal(dated.valid_from)))
    if dated.valid_to:
        graph.add((record, pi.validTo, Literal(dated.valid_to)))
