"""The Rust engine against pySHACL: the same results on every case, a whole version, and at random.

What the Rust engine does otherwise stands in tables with the reason, and each entry must still be
so: one that no longer differs fails, and what was done about it can go.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shacl
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from peelgraph.graph.conformance import version_report
from peelgraph.graph.iris import Iris
from peelgraph.graph.validation import RUST, Checking, ValidationReport, Validator
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib.term import Node

    from peelgraph.graph.validation import Result

FOLDER = Path(__file__).parent
CASES = sorted([*FOLDER.glob("*/*.ttl"), *FOLDER.glob("*/*.trig")])
ROUNDS, SOAK_ROUNDS = 40, 2000
DATATYPE, NODE = "is not of the datatype that", "stands in place of a node"
# Case → why the Rust engine leaves it to pySHACL, which it must say.
LEFT_TO_PYSHACL = {
    "change-event/invalid-kind": DATATYPE,
    "cycle/invalid-kind": DATATYPE,
    "figure/invalid-kind": DATATYPE,
    "finding/invalid-kind": DATATYPE,
    "force/invalid-kind": NODE,
    "force/invalid-name-kind": DATATYPE,
    "grade/invalid-kind": DATATYPE,
    "inspection/invalid-kind": DATATYPE,
    "judgment/invalid-kind": NODE,
    "load-activity/invalid-kind": DATATYPE,
    "monitoring-stage/invalid-kind": DATATYPE,
    "outline/invalid-text": DATATYPE,
    "passage/invalid-not-whole": DATATYPE,
    "plan-priority/invalid-kind": DATATYPE,
    "published-iri/invalid-blank-nodes": "the graphs have blank nodes",
    "question/invalid-kind": DATATYPE,
    "recommendation/invalid-kind": DATATYPE,
    "recommendation/invalid-twice": DATATYPE,
    "report-version/invalid-kind": DATATYPE,
    "response/invalid-kind": DATATYPE,
    "section/invalid-kind": DATATYPE,
}
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
COMPARES_DATES = """
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql ex:Constraint .
ex:Constraint sh:message "The end comes first." ; sh:select \"\"\"
    SELECT $this WHERE {
        $this <http://example.org/from> ?from ; <http://example.org/to> ?to FILTER (?to < ?from)
    }\"\"\" .
"""
# Defect → shapes and data that show it, and what was done about it.
DEFECTS = {
    "it renames blank nodes: graphs with any are left to pySHACL": (
        'ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:nodeKind sh:IRI ; sh:message "a" .',
        "_:thing a ex:Thing .",
    ),
    "it compares no dates in SPARQL: our constraints compare their texts": (
        COMPARES_DATES,
        'ex:a a ex:Thing ; ex:from "2012-06-30"^^xsd:date ; ex:to "2012-04-01"^^xsd:date .',
    ),
    "it words no message: shapes without one are left to pySHACL": (
        "ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:pattern 'b' .",
        "ex:a a ex:Thing .",
    ),
    "it does not name the SPARQL constraint: each gets a shape of its own": (
        COMPARES_DATES.replace("?to < ?from", "str(?to) < str(?from)"),
        'ex:a a ex:Thing ; ex:from "2012-06-30"^^xsd:date ; ex:to "2012-04-01"^^xsd:date .',
    ),
}


@pytest.fixture(scope="module")
def rust(invented_reference: Graph, shapes: Graph) -> Validator:
    """The shapes over the invented reference data, run by the Rust engine."""
    return Validator(invented_reference, shapes, Checking(RUST))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_rust_engine_reports_the_same_on_a_case(
    case: Path,
    validator: Validator,
    rust: Validator,
    report_on: Callable[[Path, Validator], ValidationReport],
) -> None:
    """A publisher must be able to take either; what is left to pySHACL is said, and only that."""
    report = report_on(case, rust)
    known = LEFT_TO_PYSHACL.get(f"{case.parent.name}/{case.stem}", "")
    assert bool(known) == bool(report.remarks), report.remarks
    assert known in " ".join(report.remarks)
    assert without_labels(report) == without_labels(report_on(case, validator))


def without_labels(report: ValidationReport) -> list[Result]:
    """Return the results; blank nodes, named anew by each reading, without their labels."""
    plain = (
        replace(each, focus_node=unlabelled(each.focus_node), value=unlabelled(each.value))
        for each in report.results
    )
    return sorted(plain, key=lambda each: each.order)


def unlabelled(term: Node | None) -> Node | None:
    """Return *term*, or the same blank node for all of them."""
    return BNode("blank") if isinstance(term, BNode) else term


def test_every_case_in_the_table_exists() -> None:
    """An entry without a case excuses nothing."""
    assert set(LEFT_TO_PYSHACL) <= {f"{case.parent.name}/{case.stem}" for case in CASES}


@pytest.mark.soak  # the cases and the random faults show as much of the engines, in less time
def test_rust_engine_reports_the_same_on_the_whole_bundled_version(built_data: Path) -> None:
    """Whole versions are what the Rust engine is for."""
    version = DataFolder(built_data).current()
    first = version_report(version, Iris(), Checking())
    second = version_report(version, Iris(), Checking(RUST))
    assert first.results
    assert second.results == first.results
    assert second.remarks == ()


@pytest.mark.timeout(1800)  # two thousand rounds at full counts
@pytest.mark.filterwarnings("ignore:Serializing weird numerical:UserWarning")  # some faults are
# rdflib's own comparison of a number with what is none; pySHACL then finds the fault all the same
@pytest.mark.filterwarnings("ignore:NotImplemented should not be used:DeprecationWarning")
def test_rust_engine_reports_the_same_on_graphs_with_random_faults(
    validator: Validator, rust: Validator, *, soak: bool
) -> None:
    """The cases break one rule at a time; here several, and with terms nobody thought of."""
    sound = [Graph().parse(case, format="turtle") for case in CASES if is_sound(case)]
    rounds, alone = SOAK_ROUNDS if soak else ROUNDS, 0
    for number in range(rounds):
        chance = random.Random(number)  # noqa: S311 - the same faults every time
        graph = Graph()
        for part in chance.sample(sound, 6):
            graph += part
        for _ in range(chance.randint(1, 8)):
            break_something(graph, chance)
        first, second = validator.report_on(graph), rust.report_on(graph)
        assert second.results == first.results, f"round {number}"
        alone += not second.remarks
    assert alone > rounds / 4  # else pySHACL was compared with itself


def is_sound(case: Path) -> bool:
    """Return whether a case is of one graph, valid and without blank nodes."""
    return case.stem.startswith("valid-") and case.suffix == ".ttl"


def break_something(graph: Graph, chance: random.Random) -> None:
    """Take a triple away, give one another object, or add one."""
    subject, predicate, value = chance.choice(sorted(graph))
    odd = [
        *(Literal(text) for text in ("", "x", 'Zoë\'s "quoted"\n\\ line\t😀', "2015", "-1")),
        *(Literal("x", lang=lang) for lang in ("en", "en-GB", "cy")),
        *(Literal(text, datatype=XSD.integer) for text in ("0", "-1", "007", "many", "9" * 30)),
        *(Literal(text, datatype=XSD.decimal) for text in ("0.5", "1.50", "-0.1", "x")),
        *(Literal(text, datatype=XSD.date) for text in ("2015-02-30", "2015-02-03", "soon")),
        *(Literal("2015", datatype=kind) for kind in (XSD.gYear, XSD.date, XSD.string)),
        *(Literal(text, datatype=XSD.boolean) for text in ("true", "1", "perhaps")),
        Literal("2015-11-01T00:00:00Z", datatype=XSD.dateTime),
        URIRef("http://example.org/a%20b"),
        URIRef("urn:x:é"),
        subject,
        *chance.sample(sorted(set(graph.objects()), key=str), 5),
    ]
    kind = chance.choice(("drop", "replace", "add", "retype"))
    if kind in {"drop", "replace"}:
        graph.remove((subject, predicate, value))
    if kind in {"replace", "add"}:
        graph.add((subject, predicate, chance.choice(odd)))
    if kind == "retype":
        graph.add((subject, RDF.type, chance.choice(sorted(set(graph.objects(None, RDF.type))))))


@pytest.mark.parametrize("defect", DEFECTS)
def test_known_defect_of_the_rust_engine_is_still_there_and_does_not_show(defect: str) -> None:
    """Where a release mends one, what was done about it can go; till then it must not be seen."""
    shapes_text, data_text = (PREFIXES + each for each in DEFECTS[defect])
    raw = shacl.Shapes.from_turtle(shapes_text).validate_turtle(data_text)
    shapes = Graph().parse(data=shapes_text, format="turtle")
    data = Graph().parse(data=data_text, format="turtle")
    expected = Validator(Graph(), shapes).report_on(data)
    (result,) = expected.results
    told = (result.focus_node.n3(), result.shape.n3(), result.message)
    assert told not in {(r.focus_node, r.source_shape, r.message) for r in raw.results}
    if "compare their texts" not in defect:  # nothing in a shape tells that it compares dates
        assert Validator(Graph(), shapes, Checking(RUST)).report_on(data) == expected


def test_shape_with_what_was_not_compared_is_left_to_pyshacl_and_that_is_said() -> None:
    """A constraint that one engine reads otherwise must not change a verdict unseen."""
    text = f"""{PREFIXES}
    ex:Closed a sh:NodeShape ; sh:targetClass ex:Thing ; sh:closed true ;
        sh:ignoredProperties () ; sh:message "Nothing else is allowed here." .
    ex:Open a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Open-name .
    ex:Open-name sh:path ex:name ; sh:minCount 1 ; sh:message "A thing needs a name." .
    """
    shapes = Graph().parse(data=text, format="turtle")
    data = Graph().parse(data=f"{PREFIXES} ex:a a ex:Thing ; ex:b 1 .", format="turtle")
    expected = Validator(Graph(), shapes).report_on(data)
    report = Validator(Graph(), shapes, Checking(RUST)).report_on(data)
    assert report == expected
    assert {result.component for result in report.results} == {
        SH.ClosedConstraintComponent,
        SH.MinCountConstraintComponent,
    }
    (remark,) = report.remarks
    assert remark == (
        "http://example.org/Closed was checked by pySHACL: "
        "http://www.w3.org/ns/shacl#closed has not been compared"
    )


def test_graph_that_the_rust_engine_cannot_read_is_left_to_pyshacl(shapes: Graph) -> None:
    """An IRI without a scheme is no reason to say nothing of the rest."""
    graph = Graph()
    graph.add((URIRef("judgment"), RDF.type, Iris().pi.Judgment))
    report = Validator(Graph(), shapes, Checking(RUST)).report_on(graph)
    assert report.results
    assert report == Validator(Graph(), shapes).report_on(graph)
    assert report.remarks[0].startswith("everything was checked by pySHACL: ")


def test_no_bundled_shape_is_left_to_pyshacl(rust: Validator) -> None:
    """A new shape that the Rust engine is not trusted with makes it slow: say so here."""
    assert rust.report_on(Graph()).remarks == ()
