"""Validation: which nodes are looked at, what a report says, and in what order."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS

from peelgraph.graph.iris import Iris
from peelgraph.graph.validation import (
    ValidationReport,
    Validator,
    shape_files,
    shapes_graph,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

IRIS = Iris()
PI = IRIS.pi
CYCLE = IRIS.cycle("peel-2015")
JUDGMENT = IRIS.judgment("peel-2015", "borsetshire", "legitimacy")
FACTS = IRIS.graph("facts", "grades")
DOCUMENT = IRIS.graph("document", "peel-2015-borsetshire", "0123456789ab")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """All bundled shapes."""
    return shapes_graph(IRIS)


def cycle_with(*pairs: tuple[URIRef, Node], node: Node = CYCLE) -> Graph:
    """Return a graph of one cycle that has *pairs* and nothing else."""
    graph = Graph()
    graph.add((node, RDF.type, PI.Cycle))
    for predicate, value in pairs:
        graph.add((node, predicate, value))
    return graph


def judgment_of(grade: str) -> Graph:
    """Return a graph that gives the judgment one grade."""
    graph = Graph()
    graph.add((JUDGMENT, RDF.type, PI.Judgment))
    graph.add((JUDGMENT, PI.grade, IRIS.grade("four-tier", grade)))
    return graph


def found_across(graphs: Mapping[URIRef, Graph]) -> ValidationReport:
    """Return what the rules across graphs find."""
    return Validator(Graph(), shapes_graph(IRIS)).report_across(graphs, IRIS)


def test_only_subjects_of_the_incoming_graph_are_checked(shapes: Graph) -> None:
    """A page must not be refused for a fault in what was there before."""
    report = Validator(cycle_with(), shapes).report_on(Graph())
    assert report.results == ()


def test_incoming_graph_that_adds_to_a_reference_node_is_checked_for_it(shapes: Graph) -> None:
    """A page that gives a cycle a second ordinal must not slip through as 'not a cycle here'."""
    reference = cycle_with((PI.ordinal, Literal(2)))
    incoming = Graph()
    incoming.add((CYCLE, PI.ordinal, Literal(3)))
    found = {
        (result.focus_node, result.path)
        for result in Validator(reference, shapes).report_on(incoming).results
    }
    assert (CYCLE, PI.ordinal) in found


def test_subclasses_of_the_reference_are_targets(shapes: Graph) -> None:
    """A finding that says only 'strength' is a finding, by the ontology."""
    reference = Graph()
    reference.add((PI.Strength, RDFS.subClassOf, PI.Finding))
    incoming = Graph()
    node = IRIS.finding("peel-2015-borsetshire", "strength-0000000001")
    incoming.add((node, RDF.type, PI.Strength))
    report = Validator(reference, shapes).report_on(incoming)
    assert (node, PI.evidence) in {(result.focus_node, result.path) for result in report.results}


def test_values_of_the_incoming_graph_may_be_described_in_the_reference(shapes: Graph) -> None:
    """Shapes of values look into the reference data, whose nodes are no targets."""
    reference = Graph()
    reference.add((IRIS.scheme("grade/four-tier"), RDF.type, SKOS.ConceptScheme))
    incoming = cycle_with((PI.usesScale, IRIS.scheme("grade/four-tier")))
    assert PI.usesScale not in {
        r.path for r in Validator(reference, shapes).report_on(incoming).results
    }
    assert PI.usesScale in {r.path for r in Validator(Graph(), shapes).report_on(incoming).results}


def test_validator_forgets_each_graph_and_leaves_its_arguments_alone(shapes: Graph) -> None:
    """A hundred pages are checked against one reference; none may vouch for the next."""
    reference, faulty = cycle_with(), judgment_of("good")
    sizes = len(reference), len(shapes), len(faulty)
    validator = Validator(reference, shapes)
    first = validator.report_on(faulty)
    assert validator.report_on(Graph()).results == ()
    assert validator.report_on(faulty) == first
    assert (len(reference), len(shapes), len(faulty)) == sizes


def test_same_triple_in_reference_and_incoming_stays_in_the_reference(shapes: Graph) -> None:
    """Taking the incoming graph out again must not take out what was there before."""
    validator = Validator(cycle_with((PI.ordinal, Literal(2))), shapes)
    validator.report_on(cycle_with((PI.ordinal, Literal(2))))
    second = Graph()
    second.add((CYCLE, PI.ordinal, Literal(3)))
    assert PI.ordinal in {result.path for result in validator.report_on(second).results}


def test_warnings_are_kept_and_do_not_refuse(shapes: Graph) -> None:
    """A report whose date nobody knows is published, with a remark."""
    report_iri = IRIS.report("peel-2015-borsetshire")
    incoming = Graph()
    incoming.add((report_iri, RDF.type, PI.Report))
    report = Validator(Graph(), shapes).report_on(incoming)
    assert [_name(each.shape) for each in report.warnings] == ["ReportShape-issued-known"]
    assert ValidationReport.of(report.warnings).conforms
    assert not report.conforms
    assert len(report.results) == len(report.violations) + len(report.warnings)


def test_two_grades_of_one_judgment_name_both_graphs_and_both_grades() -> None:
    """The person who has to decide needs to know who says what."""
    report = found_across({FACTS: judgment_of("good"), DOCUMENT: judgment_of("outstanding")})
    (result,) = report.results
    assert result.focus_node == JUDGMENT
    assert result.graphs == (str(DOCUMENT), str(FACTS))
    assert f"{FACTS} says {IRIS.grade('four-tier', 'good')}" in result.message
    assert f"{DOCUMENT} says {IRIS.grade('four-tier', 'outstanding')}" in result.message


def test_same_grade_in_two_graphs_conforms() -> None:
    """A table and a page that agree are two bases of one judgment."""
    assert found_across({FACTS: judgment_of("good"), DOCUMENT: judgment_of("good")}).conforms


def test_two_grades_in_one_graph_name_that_graph_alone() -> None:
    """The other graph is not to blame."""
    both = judgment_of("good") + judgment_of("inadequate")
    (result,) = found_across({FACTS: both, DOCUMENT: Graph()}).results
    assert result.graphs == (str(FACTS),)


def test_judgment_outside_document_and_facts_graphs_is_reported_with_its_graph() -> None:
    """A judgment in a graph that is never retracted could not be taken back."""
    wrong = IRIS.graph("cube")
    (result,) = found_across({FACTS: judgment_of("good"), wrong: judgment_of("good")}).results
    assert result.value == wrong
    assert str(wrong) in result.graphs


def test_report_as_graph_has_no_blank_nodes_and_is_the_same_each_time(shapes: Graph) -> None:
    """The graph is published; equal content must give an equal digest."""
    incoming = cycle_with((PI.ordinal, Literal("two"))) + cycle_with(node=BNode("cycle"))
    report = Validator(Graph(), shapes).report_on(incoming)
    first, second = (
        report.as_graph(IRIS),
        Validator(Graph(), shapes).report_on(incoming).as_graph(IRIS),
    )
    assert set(first) == set(second)
    assert not [term for triple in first for term in triple if isinstance(term, BNode)]
    assert isomorphic(first, second)
    home = IRIS.graph("validation")
    assert (URIRef(f"{home}#report"), SH.conforms, Literal(lexical_or_value=False)) in first
    assert len(set(first.subjects(RDF.type, SH.ValidationResult))) == len(report.results)
    assert all(first.value(node, RDFS.label) for node in first.subjects(RDF.type))


def test_results_stand_in_a_stable_order_each_once(shapes: Graph) -> None:
    """Two runs of one command must print the same lines."""
    report = Validator(Graph(), shapes).report_on(cycle_with() + judgment_of("good"))
    assert list(report.results) == sorted(report.results, key=lambda result: result.order)
    assert report.merged(report) == report
    assert report.merged(ValidationReport()) == report


def test_report_is_plain_json(shapes: Graph) -> None:
    """Programs read it without knowing RDF."""
    report = Validator(Graph(), shapes).report_on(cycle_with((PI.ordinal, Literal("two"))))
    plain = json.loads(json.dumps(report.as_dict()))
    assert plain["conforms"] is False
    assert plain["violations"] == len(plain["results"])
    (datatype,) = [each for each in plain["results"] if each["component"].startswith("Datatype")]
    assert datatype == {
        "focusNode": str(CYCLE),
        "path": str(PI.ordinal),
        "value": "two",
        "component": "DatatypeConstraintComponent",
        "severity": "Violation",
        "shape": f"{PI.grade.rpartition('#')[0]}#CycleShape-ordinal",
        "message": "A cycle must have exactly one ordinal, a whole number from 1.",
        "graphs": [],
    }


def test_imports_of_the_incoming_graph_are_not_fetched(
    shapes: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph from outside must not make this machine open an address."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    owl_imports = URIRef("http://www.w3.org/2002/07/owl#imports")
    incoming = cycle_with((owl_imports, URIRef("http://127.0.0.1:9/ontology")))
    assert not Validator(Graph(), shapes).report_on(incoming).conforms


def test_shapes_under_another_base_check_data_under_that_base() -> None:
    """The base is a setting; nothing may be tied to the default one."""
    iris = Iris("https://data.example.org/peel")
    node = iris.cycle("peel-2015")
    incoming = Graph()
    incoming.add((node, RDF.type, iris.pi.Cycle))
    incoming.add((node, iris.pi.ordinal, Literal("2", datatype=XSD.integer)))
    paths = {
        result.path for result in Validator(Graph(), shapes_graph(iris)).report_on(incoming).results
    }
    assert iris.pi.programme in paths
    assert iris.pi.ordinal not in paths


def test_shape_files_are_those_of_the_folder_by_name() -> None:
    """A file that is not found holds for nobody."""
    names = [file.name for file in shape_files()]
    assert names == sorted(names)
    assert {"judgment.ttl", "cross-graph.ttl", "prefixes.ttl"} <= set(names)


def _name(term: Node) -> str:
    return str(term).rpartition("#")[2]
