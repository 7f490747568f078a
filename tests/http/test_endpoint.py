"""The endpoint as a table: request → status, type of the body, and what must be in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
PROBLEM = "application/problem+json"
JSON = "application/sparql-results+json"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPH = "http://example.org/graph/1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Case(NamedTuple):
    """One request and what it must get."""

    name: str
    method: str
    parameters: dict[str, str] | str
    headers: dict[str, str]
    body: bytes | None
    status: int
    content_type: str
    part: str


def get(  # noqa: PLR0913, PLR0917 - the columns of the table
    name: str, query: str, accept: str, status: int, content_type: str, part: str
) -> Case:
    """A GET of *query*."""
    return Case(name, "GET", {"query": query}, {"Accept": accept}, None, status, content_type, part)


def post(  # noqa: PLR0913, PLR0917 - the columns of the table
    name: str, sent_as: str, body: bytes, status: int, content_type: str, part: str
) -> Case:
    """A POST of *body* as *sent_as*."""
    return Case(name, "POST", {}, {"Content-Type": sent_as}, body, status, content_type, part)


CASES = [
    get("count", COUNT, "", 200, JSON, '"3000"'),
    get("count as xml", COUNT, "application/sparql-results+xml", 200,
        "application/sparql-results+xml", ">3000<"),
    get("count as csv", COUNT, "text/csv", 200, "text/csv; charset=utf-8", "n\r\n3000\r\n"),
    get("count as tsv", COUNT, "text/tab-separated-values", 200,
        "text/tab-separated-values; charset=utf-8", "?n\n3000\n"),
    get("count as json", COUNT, "application/json", 200, "application/json", '"3000"'),
    get("ask", "ASK {}", "", 200, JSON, "true"),
    get("ask as csv", "ASK {}", "text/csv", 200, "text/csv; charset=utf-8", "true"),
    get("construct", "CONSTRUCT WHERE { <http://example.org/thing/1> ?p ?o }", "", 200,
        "text/turtle; charset=utf-8", "value 3"),
    get("construct as n-triples", "CONSTRUCT WHERE { <http://example.org/thing/1> ?p ?o }",
        "application/n-triples", 200, "application/n-triples", "<http://example.org/thing/1> "),
    get("describe as json-ld", "DESCRIBE <http://example.org/thing/1>", "application/ld+json", 200,
        "application/ld+json", "value 3"),
    get("construct as rdf/xml", "CONSTRUCT { ?s <http://e/p> ?o } WHERE { ?s ?p ?o }",
        "application/rdf+xml", 200, "application/rdf+xml", "value 3"),
    get("property that is no xml name", "DESCRIBE <http://example.org/thing/1>",
        "application/rdf+xml", 406, PROBLEM, "/problems/result-unwritable"),
    get("character that is none in xml", "SELECT ('\\u0001' AS ?x) {}",
        "application/sparql-results+xml", 406, PROBLEM, "/problems/result-unwritable"),
    get("triple term as json-ld", "CONSTRUCT { <a> <b> <<( <a> <b> <c> )>> } {}",
        "application/ld+json", 406, PROBLEM, "/problems/result-unwritable"),
    get("unknown function", "SELECT (<http://e/f>(1) AS ?x) {}", "", 400, PROBLEM, "not supported"),
    get("from", COUNT.replace("{", f"FROM <{GRAPH}> {{", 1), "text/csv", 200,
        "text/csv; charset=utf-8", "1000"),
    get("relative iri", "SELECT (<x> AS ?i) {}", "text/csv", 200,
        "text/csv; charset=utf-8", "http://localhost/x"),
    post("form", FORM, urlencode({"query": COUNT}).encode(), 200, JSON, '"3000"'),
    post("direct", DIRECT, COUNT.encode(), 200, JSON, '"3000"'),
    post("form with graph", FORM,
         urlencode({"query": COUNT, "default-graph-uri": GRAPH}).encode(), 200, JSON, '"1000"'),
    Case("get with graph", "GET", {"query": COUNT, "default-graph-uri": GRAPH}, {}, None, 200,
         JSON, '"1000"'),
    Case("head", "HEAD", {"query": COUNT}, {}, None, 200, JSON, ""),
    Case("options", "OPTIONS", {}, {"Origin": "https://example.org"}, None, 200, "text/html", ""),
    get("syntax", "SELECT {", "", 400, PROBLEM, "/problems/query-syntax"),
    get("syntax for a browser", "SELECT {", BROWSER, 400, "text/html; charset=utf-8", "<h1>"),
    get("empty", "", "", 400, PROBLEM, "/problems/query-syntax"),
    get("update", "DROP ALL", "", 400, PROBLEM, "/problems/query-syntax"),
    get("deep", "ASK {" + "(" * 101 + ")" * 101 + "}", "", 400, PROBLEM, "query-too-deep"),
    get("service", "ASK { SERVICE <http://127.0.0.1:9/> {} }", "", 403, PROBLEM, "query-forbidden"),
    get("load", "LOAD <http://127.0.0.1:9/>", "", 403, PROBLEM, "query-forbidden"),
    get("table as turtle", COUNT, "text/turtle", 406, PROBLEM, '"text/csv"'),
    get("graph as csv", "CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", 406, PROBLEM, "text/turtle"),
    Case("two queries", "GET", "query=ASK{}&query=ASK{}", {}, None, 400, PROBLEM, "bad-request"),
    Case("not utf-8", "GET", "query=%FF", {}, None, 400, PROBLEM, "bad-request"),
    post("no query", FORM, b"", 400, PROBLEM, "bad-request"),
    post("other type", "text/plain", b"ASK {}", 415, PROBLEM, "unsupported-type"),
    post("long query", DIRECT, b" " * 100_001, 413, PROBLEM, "body-too-large"),
    post("long body", FORM, b"a=" + b"x" * 400_000, 413, PROBLEM, "body-too-large"),
    Case("put", "PUT", {}, {}, b"x", 405, PROBLEM, "method-not-allowed"),
    Case("delete", "DELETE", {}, {}, None, 405, PROBLEM, "method-not-allowed"),
]  # fmt: skip


def asked(client: FlaskClient, case: Case) -> TestResponse:
    """The response to *case*."""
    return client.open(
        "/sparql",
        method=case.method,
        query_string=case.parameters,
        headers=case.headers,
        data=case.body,
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_sparql(client: FlaskClient, case: Case) -> None:
    """Status and type are the contract; every client builds on them."""
    response = asked(client, case)
    assert response.status_code == case.status, response.text
    assert response.headers["Content-Type"].startswith(case.content_type)
    assert case.part in response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if case.content_type == PROBLEM:
        document = json.loads(response.data)
        assert document["status"] == case.status
        assert set(document) >= {"type", "title", "status", "detail"}
        assert "Traceback" not in response.text


def test_a_refused_method_names_those_allowed(client: FlaskClient) -> None:
    """405 without Allow breaks the standard."""
    assert client.put("/sparql").headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.post("/livez").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    """A person must find the place without counting."""
    document = client.get("/sparql?query=" + quote("ASK {\n ?s ?p\n}")).get_json(force=True)
    assert document["place"].startswith("line ")
    assert len(document["expected"]) < 400


@pytest.mark.parametrize(
    ("query", "detail", "expected"),
    [
        ("", "The query is empty.", "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("# nothing\n", "The query is empty.", "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("SELEC * {}", "The query is not SPARQL.", "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("ASK { ?s skos:note ?o }", "The prefix skos: is not declared.", None),
        ("SELECT (1 AS ?a) (2 AS ?a) {}", "Duplicated variable name in SELECT.", None),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?p", "a variable that is unbound.", None),
    ],
)
def test_a_syntax_error_says_what_is_wrong(
    client: FlaskClient, query: str, detail: str, expected: str | None
) -> None:
    """Most queries fail by a slip of the pen; the answer should name it."""
    document = client.post("/sparql", data={"query": query}).get_json(force=True)
    assert document["type"] == "/problems/query-syntax"
    assert document["detail"].endswith(detail)
    assert document.get("expected") == expected


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    """A client may ask for the size first."""
    head = client.head("/sparql", query_string={"query": COUNT})
    whole = client.get("/sparql", query_string={"query": COUNT})
    assert head.data == b""
    assert head.content_length == whole.content_length == len(whole.data)


def test_a_browser_without_a_query_gets_a_form(client: FlaskClient) -> None:
    """People may open the address too."""
    response = client.get("/sparql", headers={"Accept": BROWSER})
    assert "<textarea" in response.text
    assert '<form action="/sparql" method="post">' in response.text
    assert "3,000 triples" in response.text
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


PAGES = [
    ("ASK {}", '<p class="lead">Yes.</p>'),
    ("ASK { FILTER(false) }", '<p class="lead">No.</p>'),
    (COUNT, "<td>3000</td>"),
    (COUNT, "1 row."),
    ("SELECT * { ?s ?p ?o }", "3,000 rows; the first 1,000 are shown."),
    ("SELECT ?none { ?s ?p ?o FILTER(false) }", "0 rows."),
    ("SELECT (<http://e/a> AS ?x) {}", 'href="http://e/a" rel="nofollow noopener">http://e/a</a>'),
    ("SELECT (<javascript:alert(1)> AS ?x) {}", "<td>javascript:alert(1)</td>"),
    ("SELECT ('<script>&' AS ?x) {}", "<td>&lt;script&gt;&amp;</td>"),
    ("SELECT ('x'@en AS ?x) {}", '<td>x <span class="quiet">en</span></td>'),
    ("CONSTRUCT { <urn:a> <urn:b> 'c . d' } {}", "<td>urn:a</td><td>urn:b</td><td>c . d</td>"),
    ("ASK { ?s ?p '</textarea><script>' }", "&lt;/textarea&gt;&lt;script&gt;"),
]


@pytest.mark.parametrize(("query", "part"), PAGES)
def test_a_browser_with_a_query_gets_a_table(client: FlaskClient, query: str, part: str) -> None:
    """People without script can ask too; nothing of the data is taken for markup."""
    response = client.post("/sparql", data={"query": query}, headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert part in response.text
    assert "<script" not in response.text
    assert 'href="javascript' not in response.text


def test_a_page_asks_again_over_the_same_graphs(client: FlaskClient) -> None:
    """The form holds what the request held."""
    asked = {"query": COUNT, "default-graph-uri": GRAPH}
    response = client.post("/sparql", data=asked, headers={"Accept": BROWSER})
    assert "<td>1000</td>" in response.text
    assert f'<input type="hidden" name="default-graph-uri" value="{GRAPH}">' in response.text


def test_a_preflight_is_allowed(client: FlaskClient) -> None:
    """Web pages of any site may ask."""
    response = client.options(
        "/sparql",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    ("wished", "allowed"),
    [
        ("content-type,x-requested-with, if-none-match", None),
        ("authorization", None),
        ("x y", "*"),
        ("a,<b>", "*"),
        ("a" * 5000, "*"),
        (",", "*"),
    ],
)
def test_a_preflight_may_wish_for_any_header(
    client: FlaskClient, wished: str, allowed: str | None
) -> None:
    """Libraries add headers of their own; what is no header name is not repeated."""
    response = client.options("/sparql", headers={"Access-Control-Request-Headers": wished})
    assert response.headers["Access-Control-Allow-Headers"] == (allowed or wished)
    assert "Access-Control-Request-Headers" in response.headers["Vary"]
