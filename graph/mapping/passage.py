"""A captured version on its way into a graph, and the passages that statements rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import RDF, Literal

from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import OA

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.namespace import ClosedNamespace

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import Passage, Report


@dataclass(frozen=True, slots=True)
class Document:
    """One report as it was captured, and the graph that receives what it asserts."""

    graph: Graph
    iris: Iris
    report: Report
    title: str

    @property
    def pi(self) -> ClosedNamespace:
        """The ontology's terms."""
        return self.iris.pi

    @property
    def report_iri(self) -> URIRef:
        """The report as a work."""
        return self.iris.report(self.report.slug)

    @property
    def version_iri(self) -> URIRef:
        """The captured version."""
        return self.iris.report_version(self.report.slug, self.report.version.sha12)

    @property
    def version_label(self) -> str:
        """What people call the captured version."""
        return f"{self.title}, as captured ({self.report.version.sha12})"

    @property
    def language(self) -> str:
        """The language of the page: those that are read are in English."""
        return "en"

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
        return self.iris.section(self.report.slug, self.report.version.sha12, section)

    def passage_iri(self, passage: Passage) -> URIRef:
        """A passage of the captured version: one node, however many statements rest on it."""
        return self.iris.passage(
            self.report.slug, self.report.version.sha12, passage.start, passage.end
        )

    def quote(self, passage: Passage) -> str:
        """The words of *passage* as they were captured."""
        return self.report.version.text[passage.start : passage.end]


def add_passage(document: Document, passage: Passage) -> URIRef:
    """Add *passage* with its position and its quotation; return its node."""
    graph, pi = document.graph, document.pi
    node = document.passage_iri(passage)
    place = f"{passage.start}–{passage.end} of {document.title}"  # noqa: RUF001 - a span
    graph.add((node, RDF.type, pi.Passage))
    graph.add((node, *label(f"Passage {place}")))
    graph.add((node, OA.hasSource, document.version_iri))
    graph.add((node, pi.section, document.section_iri(passage.section)))

    position = document.iris.passage_selector(node, "position")
    graph.add((node, OA.hasSelector, position))
    graph.add((position, RDF.type, OA.TextPositionSelector))
    graph.add((position, *label(f"Position {place}")))
    graph.add((position, OA.start, Literal(passage.start)))
    graph.add((position, OA.end, Literal(passage.end)))

    quotation = document.iris.passage_selector(node, "quote")
    graph.add((node, OA.hasSelector, quotation))
    graph.add((quotation, RDF.type, OA.TextQuoteSelector))
    graph.add((quotation, *label(f"Quotation {place}")))
    graph.add((quotation, OA.exact, Literal(document.quote(passage))))
    graph.add((quotation, OA.prefix, Literal(passage.prefix)))
    graph.add((quotation, OA.suffix, Literal(passage.suffix)))
    return node
