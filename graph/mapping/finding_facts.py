"""Findings that are known from a table: what they say in our words, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from peelgraph.graph.mapping.captured import Captured, add_position, add_section, add_version
from peelgraph.graph.mapping.finding import FINDINGS, add_method, add_typed
from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.report import listed_title
from peelgraph.graph.model import Section, StatementType

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import FindingRow, SectionRow


def findings_graph(tables: Tables, iris: Iris) -> Graph:
    """Return every tabulated finding with the version, sections and positions it rests on.

    A finding has the IRI, the label and the method that it has in the graph of the page once
    that is ingested, so that both are one. Nothing here says that a version is the current one,
    or when it was captured: both come with the page. Graphs: facts/findings.
    """
    graph = Graph()
    captures = {
        row.sha12: Captured(
            iris, row.report, listed_title(tables, tables.reports[row.report]), row.sha12
        )
        for row in tables.captures.values()
    }
    for row in tables.captures.values():
        add_version(graph, captures[row.sha12], row.sha256, row.characters)
    for section in tables.sections:
        add_section(graph, captures[section.version], _section(section))
    for finding in tables.findings:
        _add_row(graph, tables, captures[finding.version], finding)
    return graph


def _section(row: SectionRow) -> Section:
    return Section(
        slug=row.slug,
        heading=row.heading,
        kind=row.kind,
        order=row.order,
        start=row.start,
        end=row.end,
    )


def _add_row(graph: Graph, tables: Tables, captured: Captured, row: FindingRow) -> None:
    iris, report, kind = (
        captured.iris,
        tables.reports[row.report],
        FINDINGS[StatementType(row.type)],
    )
    pi, node = iris.pi, add_typed(graph, iris, row.report, kind, row.digest)
    passage = add_position(graph, captured, row.section, row.start, row.end)
    graph.add((node, *label(f"{kind.label}: {row.summary}")))
    graph.add((node, pi.summary, Literal(row.summary, lang="en")))
    graph.add((node, pi.force, iris.force(report.force)))
    graph.add((node, pi.cycle, iris.cycle(report.cycle)))
    graph.add((node, pi.evidence, passage))
    graph.add((node, DCTERMS.source, URIRef(row.source)))
    if row.criterion:
        graph.add((node, pi.criterion, iris.criterion(report.cycle, row.criterion)))
    for theme in row.themes:
        graph.add((node, pi.theme, iris.theme(theme)))
    add_method(graph, iris, node)
