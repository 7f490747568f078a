"""The document graph of a captured page; the page is about an invented force."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, PROV

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.mapping.document import document_graph, provenance_graph
from peelgraph.graph.mapping.judgment import grades_graph
from peelgraph.graph.mapping.report import reports_graph
from peelgraph.graph.model import (
    CapturedVersion,
    CollaborationStatement,
    FigureStatement,
    JudgmentStatement,
    Passage,
    Report,
    Section,
    Statement,
    StatementType,
)
from peelgraph.graph.namespaces import OA
from peelgraph.graph.store import Store
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from typing import Any

IRIS = Iris()
TABLES = bundled_tables()
PI = IRIS.pi
ENGLISH = URIRef("http://publications.europa.eu/resource/authority/language/ENG")
SUMMARY = "Norchester Police is good at its work."
LAST_YEAR = "A year ago it was inadequate."
EXPECTATION = "We shall return to how custody is run."
PRIORITY = "Answer every call."
SAVING = "It saved £2.50m."
ALLIANCE = "It shares dogs with Eastmere."
NARRATIVE = "Its leaders are described, not graded."
WEATHER = "It is a windy county."
CLOSING = "Contact us."
LINES = (SUMMARY, LAST_YEAR, EXPECTATION, PRIORITY, SAVING, ALLIANCE, NARRATIVE, WEATHER)
PAGE = "\n".join((*LINES, SUMMARY, CLOSING, EXPECTATION))
CAPTURED = CapturedVersion(
    text=PAGE,
    content=PAGE.encode(),
    sha256=hashlib.sha256(PAGE.encode()).hexdigest(),
    media_type="text/plain",
    source="https://example.org/norchester",
    retrieved=dt.datetime(2026, 11, 23, 10, 15, 30, 500_000, tzinfo=dt.UTC),
)
VERSION = IRIS.report_version("peel-2015-norchester", CAPTURED.sha12)
FORCE, CYCLE = IRIS.force("norchester"), IRIS.cycle("peel-2015")


def passage_of(words: str, after: int = 0) -> Passage:
    """Return where the page says *words*, searched from *after*."""
    start = PAGE.index(words, after)
    return Passage.of(PAGE, start, start + len(words), "overview")


def statement(kind: StatementType, words: str, **more: Any) -> Statement:  # noqa: ANN401 - any field
    """Return a statement of the page with the usual method and confidence."""
    values = {"method": "test/1", "confidence": 0.9, "passage": passage_of(words)} | more
    return Statement(type=kind, **values)


def grade(words: str, **more: Any) -> JudgmentStatement:  # noqa: ANN401 - any field
    """Return a grade that the page states: efficiency, good, unless told otherwise."""
    values = {
        "method": "grade-summary/1",
        "confidence": 1.0,
        "passage": passage_of(words),
        "criterion": "efficiency",
        "cycle": "peel-2015",
        "grade": "good",
        "status": "awarded",
    } | more
    return JudgmentStatement(type=StatementType.GRADE, **values)


NORCHESTER = Report(
    slug="peel-2015-norchester",
    title="PEEL 2015: Norchester",
    force="norchester",
    cycle="peel-2015",
    inspectorate="hmic",
    version=CAPTURED,
    issued=dt.date(2016, 2, 18),
    sections=(
        Section(
            slug="overview",
            heading="Overview",
            kind="overview",
            order=1,
            start=0,
            end=len(PAGE),
            modified=dt.date(2016, 2, 11),
        ),
    ),
    statements=(
        grade(SUMMARY, passage=passage_of(SUMMARY, after=1), confidence=0.8),
        grade(SUMMARY),
        grade(LAST_YEAR, cycle="peel-2014", grade="inadequate"),
        grade(NARRATIVE, criterion="leadership", grade="not-graded", status="ungraded-by-design"),
        statement(StatementType.LOOK_AHEAD, EXPECTATION, themes=("managing-offenders",)),
        statement(
            StatementType.LOOK_AHEAD, EXPECTATION, passage=passage_of(EXPECTATION, after=200)
        ),
        statement(StatementType.PLAN_PRIORITY, PRIORITY),
        FigureStatement(
            type=StatementType.FIGURE,
            passage=passage_of(SAVING),
            method="figure/1",
            confidence=1.0,
            value="2500000.00",
            unit="GBP",
            quantity="savings",
        ),
        CollaborationStatement(
            type=StatementType.COLLABORATION,
            passage=passage_of(ALLIANCE),
            method="collaboration/1",
            confidence=0.7,
            other_force="eastmere",
        ),
        statement(StatementType.CONTEXT, WEATHER),
        statement(StatementType.FURNITURE, CLOSING),
    ),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The document graph of the invented page."""
    return document_graph(NORCHESTER, bundled_tables(), IRIS)


def the_only(graph: Graph, kind: URIRef) -> URIRef:
    """Return the one node of a class."""
    (node,) = graph.subjects(RDF.type, kind)
    assert isinstance(node, URIRef)
    return node


def test_report_names_force_cycle_publisher_and_its_current_version(graph: Graph) -> None:
    """Everything else hangs on the report and the version that counts for it."""
    report = the_only(graph, PI.Report)
    assert report == IRIS.report("peel-2015-norchester")
    assert set(graph.predicate_objects(report)) >= {
        (DCTERMS.title, Literal("PEEL 2015: Norchester", lang="en")),
        (DCTERMS.publisher, IRIS.inspectorate("hmic")),
        (DCTERMS.issued, Literal("2016-02-18", datatype=XSD.date)),
        (PI.force, FORCE),
        (PI.cycle, CYCLE),
        (PI.currentVersion, VERSION),
    }


def test_listed_report_keeps_the_title_of_the_list() -> None:
    """The work is one node, in the table's graph and in the page's: two titles would be a fault."""
    report = dataclasses.replace(NORCHESTER, slug="peel-2015-kent", title="Kent (printed)")
    graph = document_graph(report, TABLES, IRIS)
    listed = reports_graph(TABLES, IRIS)
    node = IRIS.report("peel-2015-kent")
    for predicate in (DCTERMS.title, RDFS.label):
        assert set(graph.objects(node, predicate)) == set(listed.objects(node, predicate))


def test_judgment_says_of_itself_what_the_table_says() -> None:
    """A judgment that stands in table and page is one node with one set of core triples."""
    (row,) = (r for r in TABLES.grades if r.key == ("kent", "peel-2015", "legitimacy"))
    quoted = grade(SUMMARY, criterion=row.criterion, grade=row.grade)
    report = dataclasses.replace(NORCHESTER, force="kent", statements=(quoted,))
    node = IRIS.judgment("peel-2015", "kent", "legitimacy")
    own = {DCTERMS.source, DCTERMS.issued, PI.basis, PI.evidence}
    own |= {PI.extractionMethod, PI.confidence, RDFS.comment}
    page, table = (
        {(p, o) for p, o in graph.predicate_objects(node) if p not in own}
        for graph in (document_graph(report, TABLES, IRIS), grades_graph(TABLES, IRIS))
    )
    assert page == table


def test_version_says_what_was_captured_when_and_where(graph: Graph) -> None:
    """A reader can fetch the address again and compare the digest."""
    assert the_only(graph, PI.ReportVersion) == VERSION
    assert set(graph.predicate_objects(VERSION)) >= {
        (DCTERMS.isVersionOf, IRIS.report("peel-2015-norchester")),
        (PI.sha256, Literal(CAPTURED.sha256)),
        (PI.characterCount, Literal(len(PAGE))),
        (DCTERMS.source, URIRef("https://example.org/norchester")),
        (DCTERMS.language, ENGLISH),
        (
            PROV.generatedAtTime,
            Literal("2026-11-23T10:15:30Z", datatype=XSD.dateTime, normalize=False),
        ),
    }


def test_version_of_a_local_file_has_no_address() -> None:
    """A path of one machine would be no address for anyone else."""
    local = dataclasses.replace(NORCHESTER, version=dataclasses.replace(CAPTURED, source=None))
    assert not list(document_graph(local, bundled_tables(), IRIS).objects(VERSION, DCTERMS.source))


def test_section_keeps_heading_kind_offsets_and_printed_date(graph: Graph) -> None:
    """The printed 'last updated' dates a section, not the report."""
    section = the_only(graph, PI.Section)
    assert set(graph.predicate_objects(section)) >= {
        (DCTERMS.isPartOf, VERSION),
        (PI.heading, Literal("Overview", lang="en")),
        (PI.sectionKind, IRIS.concept("section-kind", "overview")),
        (PI.order, Literal(1)),
        (PI.start, Literal(0)),
        (PI.end, Literal(len(PAGE))),
        (DCTERMS.modified, Literal("2016-02-11", datatype=XSD.date)),
    }


def test_every_passage_quotes_the_captured_text_at_its_offsets(graph: Graph) -> None:
    """Evidence is only evidence when text[start:end] is the quotation."""
    passages = list(graph.subjects(RDF.type, PI.Passage))
    assert len(passages) == 10
    for passage in passages:
        assert graph.value(passage, OA.hasSource) == VERSION
        position, quotation = URIRef(f"{passage}#position"), URIRef(f"{passage}#quote")
        assert set(graph.objects(passage, OA.hasSelector)) == {position, quotation}
        start, end = (int(str(graph.value(position, p))) for p in (OA.start, OA.end))
        exact, prefix, suffix = (
            str(graph.value(quotation, p)) for p in (OA.exact, OA.prefix, OA.suffix)
        )
        assert PAGE[start:end] == exact
        assert PAGE[max(0, start - 32) : start] == prefix
        assert PAGE[end : end + 32] == suffix
        assert str(passage).endswith(f"/passage/{start}-{end}")


def test_judgment_said_in_two_places_is_one_node_with_two_passages(graph: Graph) -> None:
    """Counting judgments must not count sentences."""
    judgment = IRIS.judgment("peel-2015", "norchester", "efficiency")
    assert list(graph.objects(judgment, PI.grade)) == [IRIS.grade("four-tier", "good")]
    assert len(list(graph.objects(judgment, PI.evidence))) == 2
    assert list(graph.objects(judgment, PI.confidence)) == [Literal("1", datatype=XSD.decimal)]


def test_last_years_grade_keeps_its_own_cycle(graph: Graph) -> None:
    """A page that looks back must not change what this year's grade is."""
    judgment = IRIS.judgment("peel-2014", "norchester", "efficiency")
    assert graph.value(judgment, PI.cycle) == IRIS.cycle("peel-2014")
    assert graph.value(judgment, PI.grade) == IRIS.grade("four-tier", "inadequate")


def test_narrative_only_judgment_has_a_status_and_its_sentence(graph: Graph) -> None:
    """Absence of a grade by design must be told from ignorance, with its evidence."""
    judgment = IRIS.judgment("peel-2015", "norchester", "leadership")
    assert graph.value(judgment, PI.grade) == IRIS.grade("four-tier", "not-graded")
    assert graph.value(judgment, PI.gradeStatus) == IRIS.concept(
        "grade-status", "ungraded-by-design"
    )
    assert graph.value(judgment, PI.evidence)


@pytest.mark.parametrize("origin", ["peel-2014", "peel-2014/efficiency"])
def test_carried_over_judgment_points_to_the_earlier_one(origin: str) -> None:
    """A grade that was not tested anew must lead to the judgment that was."""
    report = dataclasses.replace(
        NORCHESTER, statements=(grade(SUMMARY, status="carried-over", carried_over_from=origin),)
    )
    graph = document_graph(report, bundled_tables(), IRIS)
    judgment = IRIS.judgment("peel-2015", "norchester", "efficiency")
    assert graph.value(judgment, PI.carriedOverFrom) == IRIS.judgment(
        "peel-2014", "norchester", "efficiency"
    )


def test_finding_said_twice_is_one_node_with_both_passages(graph: Graph) -> None:
    """One thing said in two places is one finding, quoted from the first of the surest."""
    node = the_only(graph, PI.LookAhead)
    assert str(node).startswith(f"{IRIS.base}/id/finding/peel-2015-norchester/look-ahead-")
    assert len(list(graph.objects(node, PI.evidence))) == 2
    assert set(graph.predicate_objects(node)) >= {
        (RDF.type, PI.Finding),
        (PI.findingType, IRIS.concept("finding-type", "look-ahead")),
        (PI.statement, Literal(EXPECTATION, lang="en")),
        (PI.theme, IRIS.theme("managing-offenders")),
        (PI.extractionMethod, Literal("test/1")),
        (PI.confidence, Literal("0.9", datatype=XSD.decimal)),
        (PI.force, FORCE),
        (PI.cycle, CYCLE),
    }


def test_finding_iri_uses_the_short_form_of_its_type() -> None:
    """The IRI scheme writes an area for improvement as afi."""
    report = dataclasses.replace(
        NORCHESTER,
        statements=(
            statement(StatementType.AREA_FOR_IMPROVEMENT, WEATHER, criterion="legitimacy-4"),
        ),
    )
    graph = document_graph(report, bundled_tables(), IRIS)
    node = the_only(graph, PI.AreaForImprovement)
    assert "/afi-" in node
    assert graph.value(node, PI.criterion) == IRIS.question("peel-2015", "legitimacy-4")


def test_plan_priority_is_no_finding(graph: Graph) -> None:
    """The local plan's words are not the inspectorate's."""
    node = the_only(graph, PI.PlanPriority)
    assert (node, RDF.type, PI.Finding) not in graph
    assert graph.value(node, PI.order) == Literal(1)
    assert graph.value(node, PI.statement) == Literal(PRIORITY, lang="en")


def test_furniture_is_not_asserted(graph: Graph) -> None:
    """What the site prints on every page says nothing about a force."""
    assert Literal(CLOSING) not in set(graph.objects(None, OA.exact))


def test_every_node_has_one_type_at_least_and_one_english_label(graph: Graph) -> None:
    """Nothing that is minted may stand undescribed or unreadable; passages named here included."""
    for node in set(graph.subjects()):
        assert not isinstance(node, BNode)
        assert list(graph.objects(node, RDF.type)), node
        labels = list(graph.objects(node, RDFS.label))
        assert len(labels) == 1, node
        assert isinstance(labels[0], Literal)
        assert labels[0].language == "en"


def test_order_of_statements_does_not_change_the_graph(graph: Graph) -> None:
    """Equal content must have an equal digest, in whatever order rules found it."""
    shuffled = dataclasses.replace(NORCHESTER, statements=NORCHESTER.statements[::-1])
    again = document_graph(shuffled, bundled_tables(), IRIS)
    assert set(again) == set(graph)
    assert isomorphic(again, graph)


def test_store_keeps_every_literal_as_it_was_written(graph: Graph) -> None:
    """The engine rewrites what is not canonical; dump and source would differ."""
    ended = dt.datetime(2026, 11, 23, 10, 16, tzinfo=dt.UTC)
    described = provenance_graph(NORCHESTER, IRIS, ended=ended, software_version="0.1.0")
    for each in (graph, described):
        store, name = Store.in_memory(), IRIS.graph("document")
        store.replace_graph(name, each, IRIS)
        written = {
            f"{s.n3()} {p.n3()} {o.n3()}"
            for s, p, o in each
            if not (isinstance(o, Literal) and o.datatype is None)
        }
        assert written
        assert written <= {line.rpartition(" <")[0] for line in store.sorted_nquads()}


def test_provenance_leads_from_document_graph_to_version_run_and_licence() -> None:
    """Who loaded which capture with which software, and under which licence it may be used."""
    ended = dt.datetime(2026, 11, 23, 10, 16, tzinfo=dt.UTC)
    graph = provenance_graph(NORCHESTER, IRIS, ended=ended, software_version="0.1.0")
    described = IRIS.document_graph("peel-2015-norchester", CAPTURED.sha12)
    activity = the_only(graph, PI.LoadActivity)
    assert set(graph.predicate_objects(described)) >= {
        (PROV.wasDerivedFrom, VERSION),
        (PROV.wasGeneratedBy, activity),
        (DCTERMS.license, LICENCE),
    }
    assert set(graph.predicate_objects(activity)) >= {
        (PROV.used, VERSION),
        (PROV.wasAssociatedWith, IRIS.software()),
        (PROV.endedAtTime, Literal("2026-11-23T10:16:00Z", datatype=XSD.dateTime, normalize=False)),
    }
    assert (IRIS.software(), RDF.type, PROV.SoftwareAgent) in graph
    assert (IRIS.software(), PI.softwareVersion, Literal("0.1.0")) in graph


def test_recommendation_addresses_the_last_cause_of_concern_of_its_section() -> None:
    """Which concern is met by what is the question that both kinds are read for."""
    concern = statement(StatementType.CAUSE_OF_CONCERN, WEATHER)
    earlier = statement(StatementType.RECOMMENDATION, SUMMARY)
    later = statement(StatementType.RECOMMENDATION, CLOSING)
    assert earlier.passage.start < concern.passage.start < later.passage.start
    report = dataclasses.replace(NORCHESTER, statements=(later, concern, earlier))
    made = document_graph(report, bundled_tables(), IRIS)
    met = list(made.subject_objects(PI.addresses))
    assert met == [(finding_of("rec", later), finding_of("coc", concern))]


def finding_of(kind: str, stated: Statement) -> URIRef:
    """Return the IRI of a finding of the invented report."""
    digest = stated.id.rpartition("-")[2]
    return IRIS.finding(NORCHESTER.slug, f"{kind}-{digest}")
