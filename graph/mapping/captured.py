"""A captured version as a place: the version, its sections, and positions in its text.

A table knows them without the text; a document adds the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS

from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import OA

if TYPE_CHECKING:
    from rdflib import Graph

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import Section

LANGUAGE = "en"  # the pages that are read are in English
# The range of dct:language is a class: the European Union's authority table, as in DCAT-AP.
ENGLISH = URIRef("http://publications.europa.eu/resource/authority/language/ENG")


@dataclass(frozen=True, slots=True)
class Captured:
    """One captured version of a report: its slug, the report's title, its short digest."""

    iris: Iris
    report: str
    title: str
    sha12: str

    @property
    def report_iri(self) -> URIRef:
        """The report as a work."""
        return self.iris.report(self.report)

    @property
    def version_iri(self) -> URIRef:
        """The captured version."""
        return self.iris.report_version(self.report, self.sha12)

    @property
    def version_label(self) -> str:
        """What people call the captured version."""
        return f"{self.title}, as captured ({self.sha12})"

    def section_iri(self, section: str) -> URIRef:
        """A section, by its slug."""
        return self.iris.section(self.report, self.sha12, section)

    def passage_iri(self, start: int, end: int) -> URIRef:
        """A passage: one node, however many statements rest on it."""
        return self.iris.passage(self.report, self.sha12, start, end)

    def span(self, start: int, end: int) -> str:
        """What people call a run of the text."""
        return f"{start}–{end} of {self.title}"  # noqa: RUF001 - a span


def add_version(graph: Graph, captured: Captured, sha256: str, characters: int) -> URIRef:
    """Add what every captured version says of itself; return its node."""
    pi, node = captured.iris.pi, captured.version_iri
    graph.add((node, RDF.type, pi.ReportVersion))
    graph.add((node, *label(captured.version_label)))
    graph.add((node, DCTERMS.isVersionOf, captured.report_iri))
    graph.add((node, pi.sha256, Literal(sha256)))
    graph.add((node, DCTERMS.language, ENGLISH))
    graph.add((node, pi.characterCount, Literal(characters)))
    return node


def add_section(graph: Graph, captured: Captured, section: Section) -> URIRef:
    """Add a section of the captured version; return its node."""
    pi, node = captured.iris.pi, captured.section_iri(section.slug)
    graph.add((node, RDF.type, pi.Section))
    graph.add((node, *label(f"{section.heading} ({captured.title})")))
    graph.add((node, DCTERMS.isPartOf, captured.version_iri))
    graph.add((node, pi.heading, Literal(section.heading, lang=LANGUAGE)))
    graph.add((node, pi.sectionKind, captured.iris.concept("section-kind", section.kind)))
    graph.add((node, pi.order, Literal(section.order)))
    graph.add((node, pi.start, Literal(section.start)))
    graph.add((node, pi.end, Literal(section.end)))
    if section.modified:
        graph.add((node, DCTERMS.modified, Literal(section.modified)))
    return node


def add_position(graph: Graph, captured: Captured, section: str, start: int, end: int) -> URIRef:
    """Add a passage that is known by its position alone; return its node."""
    pi, node = captured.iris.pi, captured.passage_iri(start, end)
    graph.add((node, RDF.type, pi.Passage))
    graph.add((node, *label(f"Passage {captured.span(start, end)}")))
    graph.add((node, OA.hasSource, captured.version_iri))
    graph.add((node, pi.section, captured.section_iri(section)))

    position = captured.iris.passage_selector(node, "position")
    graph.add((node, OA.hasSelector, position))
    graph.add((position, RDF.type, OA.TextPositionSelector))
    graph.add((position, *label(f"Position {captured.span(start, end)}")))
    graph.add((position, OA.start, Literal(start)))
    graph.add((position, OA.end, Literal(end)))
    return node
