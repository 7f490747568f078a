"""A captured version on its way into a graph, and the passages that statements rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdflib import RDF, Literal

from peelgraph.graph.mapping.captured import LANGUAGE, Captured, add_position
from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import OA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph, URIRef
    from rdflib.namespace import ClosedNamespace

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import Passage, Report


@dataclass(frozen=True, slots=True)
class Document:
    """One report as it was captured, and the graph that receives what it asserts.

    ``summaries`` are those of its findings that a table knows too, by statement id.
    """

    graph: Graph
    iris: Iris
    report: Report
    title: str
    summaries: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def pi(self) -> ClosedNamespace:
        """The ontology's terms."""
        return self.iris.pi

    @property
    def captured(self) -> Captured:
        """The captured version as a place."""
        return Captured(self.iris, self.report.slug, self.title, self.report.version.sha12)

    @property
    def report_iri(self) -> URIRef:
        """The report as a work."""
        return self.captured.report_iri

    @property
    def version_iri(self) -> URIRef:
        """The captured version."""
        return self.captured.version_iri

    @property
    def version_label(self) -> str:
        """What people call the captured version."""
        return self.captured.version_label

    @property
    def language(self) -> str:
        """The language of the page."""
        return LANGUAGE

    @property
    def force_iri(self) -> URIRef:
        """The force that the report is about."""
        return self.iris.force(self.report.force)

    @property
    def cycle_iri(self) -> URIRef:
        """The cycle that the report belongs to."""
        return self.iris.cycle(self.report.cycle)

    def section_iri(self, section: str) -> URIRef:
        """A section of the captured version, by its slug."""
        return self.captured.section_iri(section)

    def passage_iri(self, passage: Passage) -> URIRef:
        """A passage of the captured version: one node, however many statements rest on it."""
        return self.captured.passage_iri(passage.start, passage.end)

    def quote(self, passage: Passage) -> str:
        """The words of *passage* as they were captured."""
        return self.report.version.text[passage.start : passage.end]


def add_passage(document: Document, passage: Passage) -> URIRef:
    """Add *passage* with its position and its quotation; return its node."""
    graph, captured = document.graph, document.captured
    node = add_position(graph, captured, passage.section, passage.start, passage.end)
    quotation = document.iris.passage_selector(node, "quote")
    graph.add((node, OA.hasSelector, quotation))
    graph.add((quotation, RDF.type, OA.TextQuoteSelector))
    graph.add((quotation, *label(f"Quotation {captured.span(passage.start, passage.end)}")))
    graph.add((quotation, OA.exact, Literal(document.quote(passage))))
    graph.add((quotation, OA.prefix, Literal(passage.prefix)))
    graph.add((quotation, OA.suffix, Literal(passage.suffix)))
    return node
