"""Reports as works, known from the table of publications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF

from peelgraph.graph.mapping.judgment import subject_label
from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.literal import partial_date

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import ReportRow


def add_report(  # noqa: PLR0913 - slug, title, publisher and language are what it says
    graph: Graph, iris: Iris, *, slug: str, title: str, publisher: str, language: str = "en"
) -> URIRef:
    """Add what every report says, from a table or captured; return its node.

    Force, cycle, date and captured version are the caller's, where they are known.
    """
    node = iris.report(slug)
    graph.add((node, RDF.type, iris.pi.Report))
    graph.add((node, *label(title)))
    graph.add((node, DCTERMS.title, Literal(title, lang=language)))
    graph.add((node, DCTERMS.publisher, iris.inspectorate(publisher)))
    return node


def reports_graph(tables: Tables, iris: Iris) -> Graph:
    """Return every tabulated report. Graphs: facts/reports; none has a captured version."""
    graph = Graph()
    for row in tables.reports.values():
        _add_row(graph, iris, tables, row)
    return graph


def listed_title(tables: Tables, row: ReportRow) -> str:
    """Return the title of a tabulated report, which a captured one of that slug has too."""
    return row.title or subject_label(tables.cycles[row.cycle], row.force, row.criterion)


def _add_row(graph: Graph, iris: Iris, tables: Tables, row: ReportRow) -> None:
    title = listed_title(tables, row)
    node = add_report(graph, iris, slug=row.slug, title=title, publisher=row.publisher)
    if row.force:
        graph.add((node, iris.pi.force, iris.force(row.force)))
    if row.cycle:
        graph.add((node, iris.pi.cycle, iris.cycle(row.cycle)))
    if row.published:
        graph.add((node, DCTERMS.issued, partial_date(row.published)))
    if row.address:
        graph.add((node, FOAF.page, URIRef(row.address)))
    graph.add((node, DCTERMS.source, URIRef(row.source)))
