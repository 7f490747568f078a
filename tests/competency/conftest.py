"""The datasets that competency questions are asked of, in memory and read-only.

Some questions need several reports. Theirs are invented: Norchester and Eastmere are no forces, and
no report says this. What a page says stands as lines, each with what a reader makes of it, and the
graphs are those that the mapping makes of such reports.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from peelgraph import graph as peelgraph_graph
from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.catalogue import catalogue_graph, counted
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph, provenance_graph
from peelgraph.graph.model import (
    CapturedVersion,
    CollaborationStatement,
    FigureStatement,
    Passage,
    Report,
    Section,
    Statement,
    StatementType,
)
from peelgraph.graph.store import Store
from peelgraph.graph.tables import Tables, bundled_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

IRIS = Iris()
VERSION = "20261123T101500Z-1a2b3c4d"
MOMENT = dt.datetime(2026, 11, 23, 10, 15, tzinfo=dt.UTC)
AFI, PRAISE = StatementType.AREA_FOR_IMPROVEMENT, StatementType.STRENGTH
CONCERN, ADVICE = StatementType.CAUSE_OF_CONCERN, StatementType.RECOMMENDATION
NOVEL, AHEAD = StatementType.INNOVATIVE_PRACTICE, StatementType.LOOK_AHEAD
FAIR, VULNERABLE = ("fair-treatment",), ("protecting-vulnerable-people",)


@dataclass(frozen=True)
class Line:
    """One line of a page, and what it states."""

    type: StatementType
    text: str
    criterion: str | None = None
    themes: tuple[str, ...] = ()
    other_force: str | None = None
    figure: tuple[str, str, str] | None = None

    def statement(self, page: str, start: int) -> Statement:
        """Return the statement that this line of *page* makes."""
        made = Statement(
            type=self.type,
            passage=Passage.of(page, start, start + len(self.text), "overview"),
            method="invented/1",
            confidence=1.0,
            criterion=self.criterion,
            themes=self.themes,
        )
        own = {each.name: getattr(made, each.name) for each in fields(made)}
        if self.type is StatementType.COLLABORATION:
            return CollaborationStatement(**own, other_force=self.other_force)
        if self.figure:
            value, unit, quantity = self.figure
            start_of_figure = start + self.text.index("£")
            numeral = self.text[self.text.index("£") :].split()[0]
            place = Passage.of(page, start_of_figure, start_of_figure + len(numeral), "overview")
            own |= {"type": StatementType.FIGURE, "passage": place}
            return FigureStatement(**own, value=value, unit=unit, quantity=quantity)
        return made


def report_of(force: str, cycle: str, issued: str, lines: tuple[Line, ...]) -> Report:
    """Return the report whose page has these lines and no other."""
    page = "\n".join(line.text for line in lines)
    starts = [sum(len(line.text) + 1 for line in lines[:n]) for n in range(len(lines))]
    content = page.encode()
    return Report(
        slug=f"{cycle}-{force}",
        title=f"{force.title()} {cycle.removeprefix('peel-')}",
        force=force,
        cycle=cycle,
        inspectorate="hmic",
        issued=dt.date.fromisoformat(issued),
        version=CapturedVersion(
            text=page,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="text/plain",
            source=None,
            retrieved=MOMENT,
        ),
        sections=(
            Section(
                slug="overview", heading=force, kind="overview", order=1, start=0, end=len(page)
            ),
        ),
        statements=tuple(line.statement(page, n) for line, n in zip(lines, starts, strict=True)),
    )


NORCHESTER_2015 = report_of(
    "norchester",
    "peel-2015",
    "2016-02-18",
    (
        Line(
            AFI,
            "Reasons for a stop and search should be written in the record.",
            "legitimacy",
            FAIR,
        ),
        Line(AFI, "Missing children should be looked for sooner.", "effectiveness", VULNERABLE),
        Line(PRAISE, "Victims are heard with care.", "effectiveness", VULNERABLE),
        Line(NOVEL, "A bus brings advice to villages.", "effectiveness", ("preventing-crime",)),
        Line(CONCERN, "Calls about abuse stay unanswered.", "effectiveness", VULNERABLE),
        Line(ADVICE, "By May the force should answer each of them.", "effectiveness", VULNERABLE),
        Line(CONCERN, "Custody is not safe.", "legitimacy", FAIR),
        Line(ADVICE, "Each cell should be checked every hour.", "legitimacy", FAIR),
        Line(AHEAD, "Next year we will see how missing children fare.", None, VULNERABLE),
        Line(AHEAD, "Next year we will look at the new budget.", None, ("resources-and-planning",)),
        Line(StatementType.COLLABORATION, "It shares dogs with Eastmere.", None, (), "eastmere"),
        Line(PRAISE, "Savings came to £2.5m in all.", figure=("2500000", "gbp", "savings")),
    ),
)
NORCHESTER_2016 = report_of(
    "norchester",
    "peel-2016",
    "2017-03-02",
    (
        Line(AFI, "Missing children are still found too late.", "effectiveness", VULNERABLE),
        Line(PRAISE, "Custody has become safe.", "legitimacy", FAIR),
    ),
)
WITHDRAWN_2016 = report_of(
    "norchester",
    "peel-2016",
    "2017-03-02",
    (Line(AFI, "Stop and search records are a mess.", "legitimacy", FAIR),),
)
EASTMERE_2016 = report_of(
    "eastmere",
    "peel-2016",
    "2017-03-02",
    (
        Line(AFI, "Supervisors should read stop and search records.", "legitimacy", FAIR),
        Line(AFI, "Taser records should be read too.", "legitimacy", FAIR),
        Line(AFI, "Taser records should be read too.", "legitimacy", FAIR),
    ),
)


def invented_graphs(tables: Tables, iris: Iris) -> dict[URIRef, Graph]:
    """Return the invented forces, the graphs of their reports, and what came of one concern."""
    graphs = {iris.graph("reference", "invented"): _forces(iris)}
    for report in (NORCHESTER_2015, NORCHESTER_2016, WITHDRAWN_2016, EASTMERE_2016):
        name = iris.document_graph(report.slug, report.version.sha12)
        graphs[name] = document_graph(report, tables, iris)
    superseded = iris.document_graph(WITHDRAWN_2016.slug, WITHDRAWN_2016.version.sha12)
    graphs[superseded].remove((None, iris.pi.currentVersion, None))
    graphs[iris.graph("facts", "invented")] = _statuses(iris)
    return graphs


def _forces(iris: Iris) -> Graph:
    graph = Graph()
    for slug in ("norchester", "eastmere"):
        graph.add((iris.force(slug), RDF.type, iris.pi.PoliceForce))
        graph.add((iris.force(slug), SKOS.prefLabel, Literal(f"{slug.title()} Police", lang="en")))
    return graph


def _statuses(iris: Iris) -> Graph:
    """Return two records of the concern about custody: open first, then closed."""
    graph, pi = Graph(), iris.pi
    concern = next(s for s in NORCHESTER_2015.statements if "Custody" in s.passage.text)
    digest = concern.id.rpartition("-")[2]
    node = iris.finding(NORCHESTER_2015.slug, f"coc-{digest}")
    for status, day in (("open", "2016-02-18"), ("closed", "2017-03-02")):
        record = URIRef(f"{node}/status/{day}")
        graph.add((node, pi.statusRecord, record))
        graph.add((record, RDF.type, pi.StatusRecord))
        graph.add((record, RDFS.label, Literal(f"{status} on {day}", lang="en")))
        graph.add((record, pi.status, iris.concept("finding-status", status)))
        graph.add((record, pi.asOf, Literal(dt.date.fromisoformat(day))))
    return graph


def stored(graphs: Mapping[URIRef, Graph]) -> Store:
    """Return a store of *graphs* with the catalogue of a published version."""
    store = Store.in_memory()
    for name, graph in graphs.items():
        store.replace_graph(name, graph, IRIS)
    counts = {str(name): len(store.graph(name)) for name in store.graph_names()}
    catalogue = catalogue_graph(IRIS, VERSION, counts, "0" * 64, MOMENT)
    catalogue += counted(IRIS, sum(counts.values()))
    store.replace_graph(IRIS.graph("catalogue"), catalogue, IRIS)
    return store


@pytest.fixture(scope="session")
def store_of() -> Callable[[Mapping[URIRef, Graph]], Store]:
    """What makes a dataset of other graphs than the usual ones."""
    return stored


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The bundled tables."""
    return bundled_tables()


@pytest.fixture(scope="session")
def bundled_by_name(tables: Tables) -> dict[URIRef, Graph]:
    """Everything that is bundled, by named graph."""
    return bundled_graphs(tables, IRIS)


@pytest.fixture(scope="session")
def bundled(bundled_by_name: dict[URIRef, Graph]) -> Store:
    """Ontology, schemes, shapes and tables."""
    return stored(bundled_by_name)


@pytest.fixture(scope="session")
def invented(bundled_by_name: dict[URIRef, Graph], tables: Tables) -> Store:
    """Everything bundled, and a few reports on two forces that do not exist."""
    return stored({**bundled_by_name, **invented_graphs(tables, IRIS)})


@pytest.fixture(scope="session")
def kent_2015_graph(tables: Tables, kent_2015_text: str) -> tuple[URIRef, Graph]:
    """Name and content of the document graph of the Kent 2015 page."""
    report = peelgraph_graph.read_report(kent_2015_text)
    name = IRIS.document_graph(report.slug, report.version.sha12)
    return name, document_graph(report, tables, IRIS)


@pytest.fixture(scope="session")
def kent_2015(
    bundled_by_name: dict[URIRef, Graph],
    kent_2015_graph: tuple[URIRef, Graph],
    kent_2015_text: str,
) -> Store:
    """Everything bundled, and what the Kent 2015 page asserts."""
    provenance = provenance_graph(
        peelgraph_graph.read_report(kent_2015_text), IRIS, ended=MOMENT, software_version="0.1.0"
    )
    name, graph = kent_2015_graph
    return stored({**bundled_by_name, name: graph, IRIS.graph("provenance"): provenance})
