"""Saved queries as an API: what each address answers, with which headers, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from peelgraph.graph.saved import saved_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

KENT = "/q/force-grades.csv?force=kent&cycle=peel-2015"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SELECTS = {"csv", "json", "tsv", "xml"}
GRAPHS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


def table(response: TestResponse) -> list[list[str]]:
    """The cells of a CSV answer, as Python's own reader sees them."""
    assert response.status_code == 200, response.get_data(as_text=True)
    return list(csv.reader(io.StringIO(response.get_data(as_text=True), newline="")))


def example(name: str) -> dict[str, str]:
    """What the query's own file gives as an example."""
    return {p.name: p.example for p in saved_queries()[name].parameters if p.example}


def test_kent_2015_as_csv(built_client: FlaskClient) -> None:
    """The grades that the tables state, in CSV as RFC 4180 wants it, without a byte order mark."""
    response = built_client.get(KENT)
    head, *rows = table(response)
    at = head.index("criterion_name"), head.index("grade_name")
    assert [tuple(row[i] for i in at) for row in rows] == [
        ("effectiveness", "good"),
        ("efficiency", "good"),
        ("legitimacy", "outstanding"),
    ]
    assert response.data.count(b"\r\n") == 4
    assert not response.data.startswith(b"\xef\xbb\xbf")


def test_headers_of_a_download(built_client: FlaskClient) -> None:
    """A browser saves the file, any site may read it, and its description is linked."""
    headers = built_client.get(KENT).headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="force-grades.csv"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Link"] == (
        "<force-grades.csv-metadata.json?cycle=peel-2015&force=kent>; "
        'rel="describedby"; type="application/csvm+json"'
    )


@pytest.mark.parametrize(
    "address",
    [
        KENT,
        f"{KENT}&excel=1",
        "/q/grades-map.geojson?cycle=peel-2015",
        "/q/force-grades.csv-metadata.json?force=kent",
    ],
)
def test_an_answer_is_known_again(built_client: FlaskClient, address: str) -> None:
    """Who has the version already is told so; another value of a parameter is another answer."""
    etag = built_client.get(address).headers["ETag"]
    again = built_client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    other = built_client.get(
        address.replace("kent", "essex").replace("2015", "2016"), headers={"If-None-Match": etag}
    )
    assert other.status_code == 200


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_every_query_answers_its_example_in_every_form(
    built_client: FlaskClient, name: str
) -> None:
    """The list says which forms a query has; each of them is served and parses."""
    (listed,) = [
        each for each in built_client.get("/q/").get_json()["queries"] if each["name"] == name
    ]
    endings = set(listed["answers"])
    assert endings - {"geojson"} in (SELECTS, set(GRAPHS))
    for ending in endings:
        response = built_client.get(f"/q/{name}.{ending}", query_string=example(name))
        assert response.status_code == 200, response.get_data(as_text=True)
        if ending in GRAPHS:
            assert len(Graph().parse(data=response.data, format=GRAPHS[ending])) > 100
        elif ending == "csv":
            assert len({len(row) for row in table(response)}) == 1
        elif ending in {"json", "geojson"}:
            json.loads(response.data)


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_a_form_has_a_field_for_each_parameter(built_client: FlaskClient, name: str) -> None:
    """The page asks for what the query takes, and shows the query it has asked."""
    page = built_client.get(f"/q/{name}", headers=BROWSER, query_string=example(name))
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    for parameter in saved_queries()[name].parameters:
        assert f'name="{parameter.name}"' in text
    assert "<style" not in text
    assert " style=" not in text


def test_a_browser_and_a_program_get_what_they_like(built_client: FlaskClient) -> None:
    """One address: a page for people, and for programs the format of their Accept header."""
    address = "/q/force-grades?force=kent&cycle=peel-2015"
    assert "Kent Police" in built_client.get(address, headers=BROWSER).get_data(as_text=True)
    results = built_client.get(address).get_json(force=True)
    assert len(results["results"]["bindings"]) == 3
    assert table(built_client.get(address, headers={"Accept": "text/csv"}))[1]
    refused = built_client.get(address, headers={"Accept": "image/png"})
    assert (refused.status_code, refused.get_json()["type"]) == (406, "/problems/not-acceptable")


def test_a_required_parameter_is_asked_for(built_client: FlaskClient) -> None:
    """A program learns all that is expected; a person gets the form, not an error."""
    refused = built_client.get("/q/version-changes.csv")
    assert refused.status_code == 400
    problem = refused.get_json()
    assert problem["type"] == "/problems/parameter"
    assert "old (required" in problem["expected"]
    assert "new (required" in problem["expected"]
    page = built_client.get("/q/force-document", headers=BROWSER)
    assert page.status_code == 200
    assert "Choose a value above" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "status", "problem"),
    [
        ("/q/force-grads.csv", 404, "unknown-query"),
        ("/q/force-grades.pdf", 404, "not-found"),
        ("/q/force-document.csv?force=kent", 404, "not-found"),
        ("/q/force-document.csv-metadata.json?force=kent", 404, "not-found"),
        ("/q/force-grades.csv?colour=red", 400, "parameter"),
        ("/q/force-grades.csv?force=kent&force=essex", 400, "bad-request"),
        ("/q/force-grades.csv?force=kentt", 400, "unknown-force"),
        ("/q/force-grades.csv?cycle=peel-1915", 400, "unknown-cycle"),
        ("/q/force-names.csv?date=yesterday", 400, "parameter"),
        ("/q/area-reports.csv?area=Wales", 400, "parameter"),
        ("/q/version-changes.csv?old=javascript:x&new=y", 400, "parameter"),
        ("/q/version-changes.rq?old=https://example.org/a", 400, "parameter"),
        ("/q/force-grades.csv?excel=perhaps", 400, "bad-request"),
        ("/q/force-grades.json?excel=1", 400, "parameter"),
        (f"/q/force-grades.csv?force={'k' * 3000}", 400, "bad-request"),
    ],
)
def test_what_is_wrong_is_refused(
    built_client: FlaskClient, address: str, status: int, problem: str
) -> None:
    """A wrong value is an error that says so, never an empty table that looks like an answer."""
    refused = built_client.get(address)
    assert (refused.status_code, refused.get_json()["type"]) == (status, f"/problems/{problem}")


def test_an_unknown_name_gets_the_nearest(built_client: FlaskClient) -> None:
    """A misspelt address says what it may have meant."""
    problem = built_client.get("/q/force-grads.csv").get_json()
    assert "force-grades" in problem["expected"]
    assert "/q/" in problem["action"]


def test_people_name_forces_as_they_do(built_client: FlaskClient) -> None:
    """A name and an IRI are as good as the slug."""
    expected = built_client.get(KENT).data
    for force in ("Kent Police", "https://w3id.org/peelgraph/id/force/kent"):
        address = KENT.replace("force=kent", f"force={force}")
        assert built_client.get(address).data == expected


@pytest.mark.parametrize(
    "value",
    ['" } ; DROP ALL ; #', "> ?s ?p ?o . <x", '") FILTER(true', "\\u0022 x", "x\n} LIMIT 1"],
)
def test_a_value_is_a_term_and_never_text_of_the_query(
    built_client: FlaskClient, value: str
) -> None:
    """Whatever a caller gives, it stands in the answer as one literal, or the answer is empty."""
    response = built_client.get("/q/shared-improvements.csv", query_string={"words": value})
    head, *rows = table(response)
    assert head[0] in {"theme", "words"}
    assert all(row[head.index("words")] == value for row in rows)
    text = built_client.get("/q/shared-improvements.rq", query_string={"words": value})
    if text.status_code == 200:
        (found,) = [
            ln for ln in text.get_data(as_text=True).splitlines() if "VALUES (?words)" in ln
        ]
        assert '"' in found
    else:
        assert text.get_json()["type"] == "/problems/query"


def test_csv_metadata_describes_the_very_table(built_client: FlaskClient) -> None:
    """Column for column: names, datatypes of the values that stand there, and the address."""
    query = example("grade-counts")
    described = built_client.get("/q/grade-counts.csv-metadata.json", query_string=query)
    assert described.headers["Content-Type"] == "application/csvm+json"
    metadata = described.get_json(force=True)
    head, *rows = table(built_client.get("/q/grade-counts.csv", query_string=query))
    columns = {each["name"]: each for each in metadata["tableSchema"]["columns"]}
    assert list(columns) == head
    assert metadata["url"] == "grade-counts.csv?criterion=legitimacy&cycle=peel-2015"
    assert columns["forces"]["datatype"] == "integer"
    assert columns["grade"]["datatype"] == "anyURI"
    assert columns["grade_name"] == {
        "name": "grade_name",
        "titles": "grade_name",
        "datatype": "string",
        "required": True,
        "lang": "en",
    }
    assert all(row[head.index("forces")].isdigit() for row in rows)


def test_geojson_has_a_point_for_each_force(built_client: FlaskClient) -> None:
    """Longitude first, within England and Wales; the rest of the row are properties."""
    query = {"criterion": "legitimacy", "cycle": "peel-2015"}
    response = built_client.get("/q/grades-map.geojson", query_string=query)
    assert response.headers["Content-Type"] == "application/geo+json"
    found = response.get_json(force=True)
    assert (found["type"], len(found["features"])) == ("FeatureCollection", 43)
    for feature in found["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -6.5 < longitude < 2
        assert 49.5 < latitude < 56
        assert "geometry" not in feature["properties"]
    ranks = {
        each["properties"]["force_name"]: each["properties"]["rank"] for each in found["features"]
    }
    assert ranks["Kent Police"] == 4
    by_force = built_client.get("/q/force-grades.geojson?force=kent&cycle=peel-2015").get_json(
        force=True
    )
    assert {tuple(each["geometry"]["coordinates"]) for each in by_force["features"]} == {
        (0.719399, 51.20007)
    }


def test_csv_for_excel_has_a_mark_and_no_formula(built_client: FlaskClient) -> None:
    """A cell that a spreadsheet would run is text there; numbers stay numbers, and the rest."""
    query = 'SELECT * { VALUES (?a ?b) { ("=1+1" -1) ("+a" 2.5) ("@x" 3) ("plain" "-1e3") } }'
    exact = built_client.get("/query.csv", query_string={"query": query})
    made = built_client.get("/query.csv", query_string={"query": query, "excel": "1"})
    assert table(exact)[1:] == [["=1+1", "-1"], ["+a", "2.5"], ["@x", "3"], ["plain", "-1e3"]]
    assert made.data.startswith(b"\xef\xbb\xbf")
    assert table(made)[1:] == [["'=1+1", "-1"], ["'+a", "2.5"], ["'@x", "3"], ["plain", "-1e3"]]


def test_any_query_can_be_downloaded(built_client: FlaskClient) -> None:
    """The address says the format, so that a link and a form need no header."""
    asked = built_client.post("/query.ttl", data={"query": "CONSTRUCT { <x:a> <x:b> 1 } {}"})
    assert asked.headers["Content-Disposition"] == 'attachment; filename="answer.ttl"'
    assert len(Graph().parse(data=asked.data, format="turtle")) == 1
    for address, status in (
        ("/query.csv", 400),
        ("/query.doc?query=ASK{}", 404),
        ("/query.ttl?query=ASK{}", 406),
        ("/query.csv?query=ASK{SERVICE<http://127.0.0.1/>{}}", 403),
    ):
        assert built_client.get(address).status_code == status


def test_the_editor_knows_our_terms(built_client: FlaskClient) -> None:
    """Completion offers our classes with what they mean, and prefixes, all from the version."""
    terms = built_client.get("/api/terms.json").get_json()
    classes = {each["iri"].rpartition("#")[2]: each for each in terms["classes"]}
    assert classes["Judgment"]["label"] == "judgment"
    assert classes["Judgment"]["definition"]
    assert {"grade", "force", "criterion"} <= {
        each["iri"].rpartition("#")[2] for each in terms["properties"]
    }
    assert terms["prefixes"]["pi"] == "https://w3id.org/peelgraph/def/inspection#"
