"""Blank nodes get names: equal graphs equal ones, whatever their nodes were called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def without_blank_nodes(quads: list[ox.Quad], name: Callable[[str], str]) -> list[ox.Quad]:
    """Return *quads* with each blank node replaced by the IRI *name* gives its RDFC-1.0 label."""
    if not any(has_blank_node(quad) for quad in quads):
        return quads
    return named(canonical(quads), name)


def canonical(quads: list[ox.Quad]) -> ox.Dataset:
    """Return *quads* with the labels that RDFC-1.0 gives their blank nodes."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def named(quads: Iterable[ox.Quad], name: Callable[[str], str]) -> list[ox.Quad]:
    """Return *quads* with each blank node replaced by the IRI that *name* gives its label."""

    def replaced(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(name(term.value))
        return term

    return [
        ox.Quad(replaced(q.subject), q.predicate, replaced(q.object), q.graph_name)  # type: ignore[arg-type]
        for q in quads
    ]


def has_blank_node(quad: ox.Quad) -> bool:
    """Return whether a blank node is subject or object of *quad*."""
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
