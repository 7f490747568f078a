"""Requests as programs send them that cannot run in a test, and as curl and Python do."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from rdflib import SKOS, Graph

if TYPE_CHECKING:
    from http.client import HTTPMessage

    from conftest import Questions

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV = "text/csv; charset=utf-8"


class Answer(NamedTuple):
    """An answer with its coding undone."""

    status: int
    headers: HTTPMessage
    body: bytes


def sent(address: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
    """Return the answer to exactly these headers, as urllib gets it."""
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - the same
            answer = Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            answer = Answer(error.code, error.headers, error.read())
    if answer.headers.get("Content-Encoding") == "gzip":
        return answer._replace(body=gzip.decompress(answer.body))
    return answer


def grades(answer: Answer) -> list[tuple[str, str]]:
    """The rows of the known table, from JSON or CSV."""
    if answer.headers["Content-Type"] == JSON:
        rows = json.loads(answer.body)["results"]["bindings"]
        return [(row["pillar"]["value"], row["grade"]["value"]) for row in rows]
    assert answer.headers["Content-Type"] == CSV
    head, *rows = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    assert head == ["pillar", "grade"]
    return [(pillar, grade) for pillar, grade in rows]


READERS = {
    "R, read.csv through libcurl": (
        {"User-Agent": "R (4.5.1 x86_64-pc-linux-gnu x86_64 linux-gnu) libcurl/8.14.1"},
        JSON,
    ),
    "R, httr with a format": (
        {
            "User-Agent": "libcurl/8.14.1 r-curl/7.0.0 httr/1.4.7",
            "Accept-Encoding": "deflate, gzip",
            "Accept": "text/csv",
        },
        CSV,
    ),
    "R, httr's own Accept": (
        {
            "User-Agent": "libcurl/8.14.1 r-curl/7.0.0 httr/1.4.7",
            "Accept-Encoding": "deflate, gzip",
            "Accept": "application/json, text/xml, application/xml, */*",
        },
        JSON,
    ),
    "Excel and Power BI, Web.Contents with a format": (
        {
            "User-Agent": "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)",
            "Accept": "text/csv",
            "Accept-Encoding": "gzip, deflate",
            "Pragma": "no-cache",
        },
        CSV,
    ),
    "Python, urllib": ({}, JSON),
}


@pytest.mark.parametrize(("headers", "expected"), READERS.values(), ids=READERS)
def test_table_by_a_plain_address(
    endpoint: str, questions: Questions, headers: dict[str, str], expected: str
) -> None:
    """Spreadsheets and statistics know an address, and at best one header."""
    answer = sent(f"{endpoint}?query={quote(questions.select)}", headers)
    assert (answer.status, answer.headers["Content-Type"]) == (200, expected)
    assert grades(answer) == questions.grades


def yasgui(accept: str) -> dict[str, str]:
    """The headers of YASGUI's query client (superagent, in Chrome, on another site)."""
    return {
        "Accept": accept,
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Accept-Language": "en-GB,en;q=0.9",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": "https://yasgui.example",
        "Referer": "https://yasgui.example/",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "cross-site",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537",
    }


TABLES, GRAPHS = f"{JSON},*/*;q=0.9", "application/n-triples,*/*;q=0.9"


def test_yasgui_shows_a_table_a_truth_and_a_graph(endpoint: str, questions: Questions) -> None:
    """It posts a form from another site; a browser hands it the answer only if that is allowed."""
    table = sent(
        endpoint, yasgui(TABLES), urlencode({"query": questions.select}, quote_via=quote).encode()
    )
    assert grades(table) == questions.grades
    truth = sent(
        endpoint, yasgui(TABLES), urlencode({"query": questions.ask}, quote_via=quote).encode()
    )
    assert json.loads(truth.body)["boolean"] is True
    body = urlencode({"query": questions.construct}, quote_via=quote).encode()
    graph = sent(endpoint, yasgui(GRAPHS), body)
    assert graph.headers["Content-Type"] == "application/n-triples"
    assert len(Graph().parse(data=graph.body, format="nt")) == len(questions.grades)
    for answer in (table, truth, graph):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_yasgui_shows_what_is_wrong(endpoint: str, questions: Questions) -> None:
    """It prints the body of a failed answer as text, so that must be readable, and allowed."""
    body = urlencode({"query": questions.wrong}, quote_via=quote).encode()
    answer = sent(endpoint, yasgui(TABLES), body)
    assert answer.status == 400
    assert questions.complaint in answer.body.decode()
    assert b"Traceback" not in answer.body
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_yasgui_can_choose_graphs(endpoint: str) -> None:
    """Its settings name default graphs, each as a parameter of the form."""
    graph = "https://w3id.org/peelgraph/graph/scheme/pillar"
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    whole, part = (
        json.loads(sent(endpoint, yasgui(TABLES), urlencode(fields).encode()).body)
        for fields in ({"query": query}, {"query": query, "default-graph-uri": graph})
    )
    counts = [int(each["results"]["bindings"][0]["n"]["value"]) for each in (whole, part)]
    assert 0 < counts[1] < counts[0] / 100


def curl(*arguments: str) -> str:
    """What curl prints."""
    command = ["curl", "--silent", "--show-error", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


def test_curl_gets_every_kind_of_answer(endpoint: str, questions: Questions) -> None:
    """The one client that everybody has."""
    as_csv = ["--header", "Accept: text/csv", endpoint, "--data-urlencode"]
    rows = [line.split(",") for line in curl(*as_csv, f"query={questions.select}").splitlines()[1:]]
    assert [tuple(row) for row in rows] == questions.grades
    as_json = ["--header", f"Accept: {JSON}", endpoint, "--data-urlencode"]
    assert json.loads(curl(*as_json, f"query={questions.ask}"))["boolean"] is True
    turtle = curl(
        "--get",
        endpoint,
        "-H",
        "Accept: text/turtle",
        "--data-urlencode",
        f"query={questions.construct}",
    )
    assert len(list(Graph().parse(data=turtle, format="turtle").objects(None, SKOS.note))) == 3
    problem = json.loads(curl("--get", endpoint, "--data-urlencode", f"query={questions.wrong}"))
    assert problem["status"] == 400
    assert questions.complaint in problem["detail"]


@pytest.mark.parametrize("wanted", ["gzip, deflate, br, zstd", "deflate, gzip", "gzip"])
def test_much_comes_compressed_where_that_is_asked(
    endpoint: str, questions: Questions, wanted: str
) -> None:
    """Browsers, R and Python ask in their own words; over a slow line it is a tenth to wait for."""
    address = f"{endpoint}?query={quote(questions.large)}"
    plain = sent(address, {"Accept": "text/csv"})
    packed = sent(address, {"Accept": "text/csv", "Accept-Encoding": wanted})
    assert packed.headers["Content-Encoding"] == ("zstd" if "zstd" in wanted else "gzip")
    assert int(packed.headers["Content-Length"]) < len(plain.body) / 4
    assert "Accept-Encoding" in packed.headers["Vary"]
    if "zstd" not in wanted:
        assert sorted(packed.body.splitlines()) == sorted(plain.body.splitlines())


def test_curl_gets_much_at_once_compressed_or_not(endpoint: str, questions: Questions) -> None:
    """``--compressed`` asks for gzip and undoes it; what comes out is the same."""
    arguments = ["-H", "Accept: text/csv", endpoint, "--data-urlencode", f"query={questions.large}"]
    plain, unpacked = curl(*arguments), curl("--compressed", *arguments)
    assert sum(1 for _ in csv.reader(io.StringIO(plain, newline=""))) == questions.rows + 1
    assert sorted(unpacked.splitlines()) == sorted(plain.splitlines())
