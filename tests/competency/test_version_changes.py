"""The graph difference of two captured versions says of a corrected grade what it was and is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.capture import captured_text
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.saved import saved_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph, URIRef

    from peelgraph.graph.store import Store
    from peelgraph.graph.tables import Tables

PAGE = Path(__file__).parent.parent / "data" / "wessmarch-2014.txt"
IRIS = Iris()


def test_a_corrected_grade_is_a_change_with_both_values(
    store_of: Callable[[dict[URIRef, Graph]], Store], tables: Tables
) -> None:
    """The judgment has one IRI in both versions; what else the page says is as it was."""
    page = PAGE.read_text(encoding="utf-8")
    corrected = page.replace("its responsibilities is good", "its responsibilities is outstanding")
    corrected = corrected.replace("2014\nGood\n", "2014\nOutstanding\n")
    graphs, versions = {}, []
    for text in (page, corrected):
        report = read(captured_text(text), reading_context(tables), force="hampshire")
        name = IRIS.document_graph(report.slug, report.version.sha12)
        graphs[name] = document_graph(report, tables, IRIS)
        versions.append(str(IRIS.report_version(report.slug, report.version.sha12)))
    rows = store_of(graphs).solutions(saved_query("version-changes").text)
    found = [row[2:] for row in rows if list(row[:2]) == versions]
    grades = [row for row in found if row[3] == str(IRIS.pi.grade)]
    judgment = IRIS.judgment("peel-2014", "hampshire", "efficiency")
    good, outstanding = (str(IRIS.grade("four-tier", code)) for code in ("good", "outstanding"))
    assert [(row[0], row[1], row[4], row[5]) for row in grades] == [
        ("changed", str(judgment), good, outstanding)
    ]
    assert {row[0] for row in found if "/judgment/" in row[1]} == {"changed"}
