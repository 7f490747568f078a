"""Saved queries: their heads are read, their parameters become terms, never text."""

from __future__ import annotations

import pytest
from rdflib import XSD, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from peelgraph.graph.errors import ParameterMissing, UnknownQuery, UsageError
from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import (
    ParameterKind,
    SavedQuery,
    bound,
    query_of,
    saved_queries,
    saved_query,
)

IRIS = Iris()
QUERIES = saved_queries()
FORCES_NAMED = """\
# question: What was a force called?
# about: Names with their days.
# parameters: force (force), date (date), topic (text)
# required: force
# example: force=kent, date=2015-06-30, topic=stop and search
# dataset: kent-2015
SELECT ?force ?date ?topic WHERE { ?force ?date ?topic }
"""


@pytest.fixture
def forces_named() -> SavedQuery:
    """A query with a required force, an optional date and an optional text."""
    return query_of("forces-named", FORCES_NAMED)


def test_head_states_question_parameters_and_examples(forces_named: SavedQuery) -> None:
    """The file is the only place where the question is written; pages and commands read it."""
    assert forces_named.question == "What was a force called?"
    assert forces_named.dataset == "kent-2015"
    force, date, topic = forces_named.parameters
    assert (force.name, force.kind, force.required) == ("force", ParameterKind.FORCE, True)
    assert (date.kind, date.required, date.example) == (ParameterKind.DATE, False, "2015-06-30")
    assert topic.example == "stop and search"


def test_head_without_question_is_refused() -> None:
    """A query nobody can say what it asks has no place on a page of questions."""
    with pytest.raises(UsageError, match="no question"):
        query_of("mute", "SELECT * WHERE { ?s ?p ?o }")


def test_head_that_requires_an_undeclared_parameter_is_refused() -> None:
    """A misspelt name would make the parameter optional without a word."""
    with pytest.raises(UsageError, match="frce"):
        query_of("misspelt", FORCES_NAMED.replace("required: force", "required: frce"))


def test_head_says_what_a_form_leaves_empty_and_what_rests_on_reports() -> None:
    """A question about every force is not asked of the force in its example."""
    head = "coverage: reports\n# all: force\n# dataset"
    made = query_of("all", FORCES_NAMED.replace("dataset", head))
    assert [p.filled for p in made.parameters] == ["", "2015-06-30", "stop and search"]
    assert made.from_reports
    assert not query_of("some", FORCES_NAMED).from_reports
    with pytest.raises(UsageError, match="frce"):
        query_of("misspelt", FORCES_NAMED.replace("dataset", "all: frce\n# dataset"))


@pytest.mark.parametrize("name", QUERIES)
def test_bundled_query_is_sparql_and_explains_itself(name: str) -> None:
    """Every bundled file must run and be usable from a page without reading it."""
    query = QUERIES[name]
    assert query.question.endswith("?")
    assert query.dataset
    for parameter in query.parameters:
        assert parameter.example, parameter
    prepareQuery(query.text)


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_of_a_select_are_projected(name: str) -> None:
    """The engine substitutes projected variables only; another one would be an error there."""
    query = QUERIES[name]
    algebra = prepareQuery(query.text).algebra
    projected = {str(v) for v in algebra.get("PV") or ()}
    if algebra.name == "SelectQuery":
        assert {p.name for p in query.parameters} <= projected


@pytest.mark.parametrize("name", QUERIES)
def test_examples_of_bundled_queries_bind(name: str) -> None:
    """An example that does not work is the first thing a newcomer tries."""
    query = QUERIES[name]
    terms = bound(query, {p.name: p.example for p in query.parameters}, IRIS)
    assert set(terms) == {p.name for p in query.parameters}


def test_texts_move_with_the_base() -> None:
    """A query on the default base would find nothing in a version built on another."""
    query = saved_query("force-grades", "http://localhost:8080")
    assert "http://localhost:8080/def/inspection#" in query.text
    assert "w3id.org/peelgraph" not in query.text


def test_unknown_query_names_the_nearest() -> None:
    """A typing slip should cost one look."""
    with pytest.raises(UnknownQuery, match="force-grades"):
        saved_query("force-grade")


def test_missing_required_parameter_says_which_and_gives_an_example(
    forces_named: SavedQuery,
) -> None:
    """The user must be able to mend the call from the message alone."""
    with pytest.raises(ParameterMissing) as caught:
        bound(forces_named, {"force": " "}, IRIS)
    assert "'force' is missing" in caught.value.found
    assert "--param force=kent" in caught.value.action


def test_unknown_parameter_lists_the_known_ones(forces_named: SavedQuery) -> None:
    """A parameter that is silently ignored gives a wrong answer with a right face."""
    with pytest.raises(ParameterMissing, match="one of force, date, topic"):
        bound(forces_named, {"force": "kent", "frce": "kent"}, IRIS)


def test_optional_parameter_not_given_stays_unbound(forces_named: SavedQuery) -> None:
    """The query then answers for all values."""
    assert bound(forces_named, {"force": "kent", "date": ""}, IRIS) == {"force": IRIS.force("kent")}


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("force", "kent", IRIS.force("kent")),
        ("force", "https://example.org/f", URIRef("https://example.org/f")),
        ("cycle", "peel-2015", IRIS.cycle("peel-2015")),
        ("criterion", "legitimacy", IRIS.concept("pillar", "legitimacy")),
        ("criterion", "peel-2015/legitimacy-4", IRIS.question("peel-2015", "legitimacy-4")),
        ("theme", "workforce", IRIS.theme("workforce")),
        (
            "area",
            "W92000004",
            URIRef("http://statistics.data.gov.uk/id/statistical-geography/W92000004"),
        ),
        ("version", "peel-2015-kent/bf6e", IRIS.report_version("peel-2015-kent", "bf6e")),
        ("version", "https://example.org/v", URIRef("https://example.org/v")),
        ("iri", "https://example.org/x", URIRef("https://example.org/x")),
        ("date", "2015-06-30", Literal("2015-06-30", datatype=XSD.date)),
        ("text", 'a" } DROP ALL #', Literal('a" } DROP ALL #', datatype=XSD.string)),
    ],
)
def test_value_becomes_a_term_of_its_kind(kind: str, value: str, term: URIRef | Literal) -> None:
    """Values are terms, so no value can change what a query does."""
    query = query_of("one", f"# question: What?\n# parameters: x ({kind})\n# example: x={value}\n")
    assert bound(query, {"x": value}, IRIS) == {"x": term}


def test_question_key_takes_its_cycle_from_the_other_parameter() -> None:
    """Areas from 2021-22 on have keys that belong to one cycle only."""
    query = QUERIES["force-grades"]
    values = {"cycle": "peel-2021-22", "criterion": "investigating-crime"}
    assert bound(query, values, IRIS)["criterion"] == IRIS.question(
        "peel-2021-22", "investigating-crime"
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("force", "Kent Police"),
        ("force", "kent> } #"),
        ("cycle", "2015/"),
        ("criterion", "legitimacy-4"),
        ("area", "Wales"),
        ("version", "bf6ea9beedad"),
        ("version", "peel-2015-kent/> }"),
        ("iri", "no iri"),
        ("iri", "https://example.org/<x>"),
        ("date", "30/06/2015"),
    ],
)
def test_value_that_fits_no_term_is_refused_with_an_example(kind: str, value: str) -> None:
    """A value that cannot be meant must not run as a query that finds nothing."""
    query = query_of("one", f"# question: What?\n# parameters: x ({kind})\n# example: x=EXAMPLE\n")
    with pytest.raises(ParameterMissing, match="such as EXAMPLE"):
        bound(query, {"x": value}, IRIS)
