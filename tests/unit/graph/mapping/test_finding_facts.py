"""Findings from a table: what each says, and that the page's own graph says the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from peelgraph.graph.ingest import reference_graph
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.finding import decimal_literal
from peelgraph.graph.mapping.finding_facts import findings_graph
from peelgraph.graph.namespaces import OA
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import Validator, shapes_graph
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

IRIS = Iris()
PI = IRIS.pi
KENT, SHA12 = "peel-2015-kent", "bf6ea9beedad"
RECORDS = IRIS.finding(KENT, "afi-ec9be90c7f")


@pytest.fixture(scope="module")
def findings() -> Graph:
    """What the bundled table becomes."""
    return findings_graph(bundled_tables(), IRIS)


def test_finding_says_what_it_is_about_in_our_words(findings: Graph) -> None:
    """A reader without the page learns what was found, where, and from whom."""
    summary = findings.value(RECORDS, PI.summary)
    assert isinstance(summary, Literal)
    assert summary.language == "en"
    page = "https://hmicfrs.justiceinspectorates.gov.uk/peel-assessments/peel-2015/kent/"
    assert set(findings.predicate_objects(RECORDS)) == {
        (RDF.type, PI.Finding),
        (RDF.type, PI.AreaForImprovement),
        (RDFS.label, Literal(f"Area for improvement: {summary}", lang="en")),
        (PI.findingType, IRIS.concept("finding-type", "area-for-improvement")),
        (PI.force, IRIS.force("kent")),
        (PI.cycle, IRIS.cycle("peel-2015")),
        (PI.criterion, IRIS.criterion("peel-2015", "legitimacy")),
        (PI.theme, IRIS.theme("fair-treatment")),
        (PI.summary, summary),
        (PI.evidence, IRIS.passage(KENT, SHA12, 14364, 14463)),
        (PI.extractionMethod, Literal("annotated/1")),
        (PI.confidence, decimal_literal(1)),
        (DCTERMS.source, URIRef(page)),
    }


def test_finding_that_stands_twice_is_one_node_with_two_passages(findings: Graph) -> None:
    """Who counts findings must not count places."""
    led = IRIS.finding(KENT, "strength-e66725074a")
    assert set(findings.objects(led, PI.evidence)) == {
        IRIS.passage(KENT, SHA12, 6556, 6588),
        IRIS.passage(KENT, SHA12, 15578, 15610),
    }
    assert len(list(findings.objects(led, RDFS.label))) == 1


def test_no_word_of_the_page_is_held(findings: Graph) -> None:
    """Positions lead to the sentence for whoever has the page; the text itself is not ours."""
    assert not list(findings.subject_objects(PI.statement))
    assert not list(findings.subjects(RDF.type, OA.TextQuoteSelector))
    assert len(set(findings.subjects(RDF.type, PI.Passage))) == len(
        {(row.start, row.end) for row in bundled_tables().findings}
    )


def test_version_is_described_without_time_or_rank(findings: Graph) -> None:
    """When it was captured and whether it is current are known once the page is ingested."""
    version = IRIS.report_version(KENT, SHA12)
    assert findings.value(version, DCTERMS.isVersionOf) == IRIS.report(KENT)
    assert findings.value(version, PI.characterCount) == Literal(17102)
    assert not list(findings.triples((None, PI.currentVersion, None)))
    assert not list(findings.triples((IRIS.report(KENT), None, None)))


def test_bundled_findings_and_the_ingested_page_agree(kent_data: Path) -> None:
    """One label, one method, one heading each: the union of both keeps every shape."""
    store = DataFolder(kent_data).current().store()
    page = store.graph(IRIS.document_graph(KENT, SHA12))
    table = store.graph(IRIS.graph("facts", "findings"))
    validator = Validator(reference_graph(store, IRIS), shapes_graph(IRIS))
    assert validator.report_on(page + table).violations == ()
    shared = set(page.subjects(RDF.type, PI.Finding)) & set(table.subjects(RDF.type, PI.Finding))
    assert len(shared) >= 4
    for node in shared:
        assert page.value(node, RDFS.label) == table.value(node, RDFS.label)
        assert page.value(node, PI.statement) is not None
        assert page.value(node, PI.summary) is None
