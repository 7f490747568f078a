"""Dated names of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Literal

from peelgraph.graph.mapping.label import label

if TYPE_CHECKING:
    import datetime as dt

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris


def add_name_record(  # noqa: PLR0913 - a record has two nodes, a name and two dates
    graph: Graph,
    iris: Iris,
    *,
    owner: URIRef,
    record: URIRef,
    name: str,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
) -> None:
    """Add the *record* of a *name* to its *owner*; a date that is not known is absent."""
    pi = iris.pi
    graph.add((owner, pi.nameRecord, record))
    graph.add((record, RDF.type, pi.NameRecord))
    graph.add((record, *label(f"The name {name}")))
    graph.add((record, pi.name, Literal(name)))
    if valid_from:
        graph.add((record, pi.validFrom, Literal(valid_from)))
    if valid_to:
        graph.add((record, pi.validTo, Literal(valid_to)))
