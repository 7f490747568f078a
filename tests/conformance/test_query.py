"""Query suites: evaluation in every format, and syntax, against our server by HTTP."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from w3c import engine, results
from w3c.manifest import Case, all_cases, folder
from w3c.results import Result, of_graph

if TYPE_CHECKING:
    from w3c.servers import Client, Reply, Servers

EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
POSITIVE = ("PositiveSyntaxTest", "PositiveSyntaxTest11")
NEGATIVE = ("NegativeSyntaxTest", "NegativeSyntaxTest11")
CSV = "text/csv"
JSON = "application/sparql-results+json"
SOLUTIONS = {
    JSON: results.of_json,
    "application/sparql-results+xml": results.of_xml,
    "text/tab-separated-values": results.of_tsv,
    CSV: results.of_csv,
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
SERVICE = "SERVICE is never run here; this server refuses it"
EXCLUDED = {
    "sparql11/entailment": "no entailment regime is offered, and the description claims none",
    "sparql11/service": SERVICE,
}


@pytest.mark.w3c(*EVALUATION)
def test_query(case: Case, servers: Servers) -> None:
    """The answer is the expected one, in each of the formats that can tell it."""
    if case.suite in EXCLUDED:
        pytest.skip(EXCLUDED[case.suite])
    assert case.result is not None
    client = servers.over(case.data)
    wanted = results.expected(
        case.result, engine.address_of(case.result), newer=case.newer, ordered=case.ordered
    )
    if wanted.triples is not None:
        check_graph(wanted, client, case)
    elif wanted.boolean is not None:
        check_boolean(wanted, client, case)
    else:
        check_solutions(wanted, client, case)


def check_graph(wanted: Result, client: Client, case: Case) -> None:
    """The graph is the same in each format that rdflib, or for RDF 1.2 the engine, can read."""
    for media_type, syntax in GRAPHS.items():
        if not case.newer or syntax in {"turtle", "nt"}:
            body = answered(client, case, media_type)
            found = Result(triples=of_graph(body, syntax, case.base, newer=case.newer))
            assert wanted.agrees(found), media_type


def check_boolean(wanted: Result, client: Client, case: Case) -> None:
    """The truth value is the same in each format."""
    for media_type in (JSON, "application/sparql-results+xml"):
        assert wanted.agrees(SOLUTIONS[media_type](answered(client, case, media_type)))
    assert answered(client, case, CSV) == str(wanted.boolean).lower().encode()


def check_solutions(wanted: Result, client: Client, case: Case) -> None:
    """The solutions are the same in each format, as far as it can tell them."""
    told = {media_type: answered(client, case, media_type) for media_type in SOLUTIONS}
    assert results.plain_json(told[JSON]).agrees(results.of_csv(told[CSV]))
    assert case.result is not None
    for media_type, read in SOLUTIONS.items():
        if (media_type == CSV) is (case.result.suffix == ".csv"):
            assert wanted.agrees(read(told[media_type]), lax=case.lax), media_type


def answered(client: Client, case: Case, accept: str) -> bytes:
    """The body of a 200 in the format asked for."""
    reply: Reply = client.ask(case.based, accept)
    assert reply.status == 200, reply.body
    assert reply.headers["content-type"].partition(";")[0] == accept
    return reply.body


@pytest.mark.w3c(*POSITIVE)
def test_good_syntax(case: Case, servers: Servers) -> None:
    """What is SPARQL is answered; a call to another service is refused as such."""
    reply = servers.over(()).ask(case.text, "*/*")
    if case.suite == "sparql11/syntax-fed":
        assert reply.status == 403
        assert b"/problems/query-forbidden" in reply.body
        pytest.skip(SERVICE)
    if b"The custom function" in reply.body:
        assert b'"/problems/query"' in reply.body  # it was read, and then could not be evaluated
        return
    assert reply.status == 200, reply.body


@pytest.mark.w3c(*NEGATIVE)
def test_bad_syntax(case: Case, servers: Servers) -> None:
    """What is not SPARQL is told so, with the place."""
    reply = servers.over(()).ask(case.text, "*/*")
    assert reply.status == 400, reply.body
    assert b"/problems/query-syntax" in reply.body


@pytest.mark.w3c(*EVALUATION, *POSITIVE, *NEGATIVE, known_fail=False)
def test_a_known_failure_is_the_engines_own(case: Case) -> None:
    """What the engine itself passes in process must not fail here."""
    assert not engine.passes(case)


def test_every_known_failure_is_a_test_of_the_suites() -> None:
    """A line for a test that is gone or misspelt would hide nothing, and mislead."""
    if folder() is None:
        pytest.skip("the suites are not here")
    ids = {case.id for case in all_cases()}
    with Path(__file__).with_name("known.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} <= ids
