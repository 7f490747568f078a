"""Everything that one captured version asserts, and where that description came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from peelgraph.graph.mapping.captured import add_section, add_version
from peelgraph.graph.mapping.finding import add_evidence, add_findings
from peelgraph.graph.mapping.judgment import add_judgment
from peelgraph.graph.mapping.loading import loading_graph, moment_literal
from peelgraph.graph.mapping.mention import add_mentions
from peelgraph.graph.mapping.passage import Document
from peelgraph.graph.mapping.report import add_report, listed_title
from peelgraph.graph.mapping.settled import settled_judgments

if TYPE_CHECKING:
    import datetime as dt

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.model import JudgmentStatement, Report
    from peelgraph.graph.tables import Tables


def document_graph(report: Report, tables: Tables, iris: Iris) -> Graph:
    """Return the graph of everything that one captured version asserts.

    Args:
        report: What was read from the captured version.
        tables: The tables, for the cycles that the page judges.
        iris: The IRIs to mint.

    Returns:
        A graph without blank nodes that is the same for the same report, whenever it is made.

    Graphs: belongs in ``/graph/document/{report}/{sha12}``.
    """
    summaries = tables.finding_summaries(report.slug)
    document = Document(Graph(), iris, report, _title(report, tables), summaries)
    _add_report(document, tables)
    _add_version(document)
    for section in report.sections:
        add_section(document.graph, document.captured, section)
    _add_judgments(document, tables)
    add_findings(document)
    add_mentions(document, tables)
    return document.graph


def provenance_graph(
    report: Report, iris: Iris, *, ended: dt.datetime, software_version: str
) -> Graph:
    """Return the description of a report's document graph: source, maker, licence.

    Args:
        report: The report whose document graph is described.
        iris: The IRIs to mint.
        ended: When loading ended, timezone-aware UTC.
        software_version: The version of this software.

    Graphs: belongs in ``/graph/provenance``, beside the descriptions of other graphs.
    """
    document = Document(Graph(), iris, report, report.title)
    sha12 = report.version.sha12
    return loading_graph(
        iris.document_graph(report.slug, sha12),
        document.version_iri,
        document.version_label,
        iris,
        kind=f"ingest-{sha12}",
        ended=ended,
        software_version=software_version,
    )


def _title(report: Report, tables: Tables) -> str:
    """Return the title under which the report is listed, so that it never has two."""
    row = tables.reports.get(report.slug)
    return listed_title(tables, row) if row else report.title


def _add_report(document: Document, tables: Tables) -> None:
    graph, pi, report = document.graph, document.pi, document.report
    node = add_report(
        graph,
        document.iris,
        slug=report.slug,
        title=document.title,
        publisher=report.inspectorate,
        language=document.language,
    )
    graph.add((node, pi.force, document.force_iri))
    graph.add((node, pi.cycle, document.cycle_iri))
    graph.add((node, pi.currentVersion, document.version_iri))
    if report.issued and not _is_dated(report, tables):
        graph.add((node, DCTERMS.issued, Literal(report.issued)))


def _is_dated(report: Report, tables: Tables) -> bool:
    """Whether the table of reports dates *report*: its date stands, so that there are never two."""
    row = tables.reports.get(report.slug)
    return row is not None and bool(row.published)


def _add_version(document: Document) -> None:
    version = document.report.version
    node = add_version(document.graph, document.captured, version.sha256, len(version.text))
    document.graph.add((node, PROV.generatedAtTime, moment_literal(version.retrieved)))
    if version.source:
        document.graph.add((node, DCTERMS.source, URIRef(version.source)))


def _add_judgments(document: Document, tables: Tables) -> None:
    """Add each judgment under its own cycle, which may be an earlier one that the page quotes.

    Two grades for one judgment both enter the graph: refusing them, with both places named, is
    the shapes' business.
    """
    judgments = settled_judgments(document.report, tables)
    places: dict[URIRef, list[JudgmentStatement]] = {}
    for each in sorted(judgments, key=lambda s: (s.passage.start, s.passage.end)):
        places.setdefault(_add_judgment(document, each, tables), []).append(each)
    for node, statements in places.items():
        add_evidence(document, node, statements)


def _add_judgment(document: Document, statement: JudgmentStatement, tables: Tables) -> URIRef:
    graph, iris, force = document.graph, document.iris, document.report.force
    if statement.criterion is None:
        raise TypeError(statement)
    node = add_judgment(
        graph,
        iris,
        cycle=tables.cycles[statement.cycle],
        force=force,
        criterion=statement.criterion,
        grade=statement.grade,
        status=statement.status,
    )
    if statement.carried_over_from:
        cycle, _, criterion = statement.carried_over_from.partition("/")
        earlier = iris.judgment(cycle, force, criterion or statement.criterion)
        graph.add((node, document.pi.carriedOverFrom, earlier))
    return node
