"""The words that reading looks for, read from the vocabulary: cues of statements, and of themes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rdflib import RDF, SKOS, Graph

from peelgraph.graph.iris import Iris

if TYPE_CHECKING:
    from rdflib.term import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCue:
    """One cue or theme as the vocabulary has it; ``belongs_to`` is what its words speak for.

    That is a type of statement for a cue and a pillar, if any, for a theme.
    """

    slug: str
    belongs_to: str | None
    words: tuple[str, ...]
    beginnings: tuple[str, ...]
    weight: float = 1.0
    example: str = ""


FURNITURE = "furniture"


@cache
def written_cues() -> tuple[WrittenCue, ...]:
    """Return the cues of ``ontology/cues``, by type and slug."""
    pi = Iris().pi
    graph = _folder_graph("cues")
    found = []
    for cue in graph.subjects(RDF.type, pi.Cue):
        kind = _last(graph.value(cue, pi.cueFor))
        found.append(
            WrittenCue(
                slug=_last(cue),
                belongs_to=FURNITURE if kind == "site-furniture" else kind,
                words=_words(graph, cue, SKOS.altLabel),
                beginnings=_words(graph, cue, SKOS.hiddenLabel),
                weight=float(str(graph.value(cue, pi.confidence))),
                example=str(graph.value(cue, SKOS.example)),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.belongs_to or "", each.slug)))


@cache
def written_themes() -> tuple[WrittenCue, ...]:
    """Return the themes in the order of their scheme; a theme's own name is one of its words."""
    iris = Iris()
    graph = _folder_graph("schemes", "theme.ttl")
    found = [
        WrittenCue(
            slug=_last(theme),
            belongs_to=_last(graph.value(theme, SKOS.relatedMatch)) or None,
            words=_words(graph, theme, SKOS.prefLabel) + _words(graph, theme, SKOS.altLabel),
            beginnings=_words(graph, theme, SKOS.hiddenLabel),
        )
        for theme in graph.subjects(RDF.type, iris.pi.Theme)
    ]
    return tuple(sorted(found, key=lambda each: each.slug))


def _folder_graph(folder: str, name: str = ".ttl") -> Graph:
    """Return the Turtle files of a folder of the ontology whose names end with *name*."""
    graph = Graph()
    for file in (files("peelgraph.ontology") / folder).iterdir():
        if file.name.endswith(name):
            graph.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    return graph


def _words(graph: Graph, node: Node, kind: Node) -> tuple[str, ...]:
    """Return the English labels of *kind*, sorted."""
    return tuple(
        sorted(
            str(each) for each in graph.objects(node, kind) if getattr(each, "language", "") == "en"
        )
    )


def _last(node: Node | None) -> str:
    """Return the last part of an IRI."""
    return str(node or "").rpartition("/")[2]
