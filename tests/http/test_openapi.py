"""The description of the API: true in both directions, and an OpenAPI document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from peelgraph.graph.saved import saved_queries
from peelgraph.server.api.document import OF_QUERIES
from peelgraph.server.api.routes import template_of
from peelgraph.server.protocol.problems import catalogue

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

FILLED = {
    "ending": "csv",
    "filename": "site.css",
    "slug": "parameter",
}
"""Values with which a path is tried; any other part is given a word that names nothing."""
WRITING = {"put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def described(built_client: FlaskClient) -> dict[str, Any]:
    """The document, as a program gets it."""
    response = built_client.get("/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.get_json()
    return found


def application(client: FlaskClient) -> Flask:
    """The application behind a client."""
    app: Flask = client.application
    return app


def test_it_is_an_openapi_document(described: dict[str, Any]) -> None:
    """Tools that read OpenAPI 3.1 can read it."""
    assert described["openapi"].startswith("3.1.")
    validate(described)


def test_every_route_is_described(built_client: FlaskClient, described: dict[str, Any]) -> None:
    """An address that is missing here does not exist for who writes a client."""
    paths = described["paths"]
    for rule in application(built_client).url_map.iter_rules():
        template = template_of(rule.rule)
        methods = {each.lower() for each in rule.methods or ()} - {"head", "options"}
        if template in OF_QUERIES:
            names = [OF_QUERIES[template] % name for name in saved_queries()]
            assert sum(name in paths for name in names) >= len(names) - 1
        else:
            assert methods <= set(paths[template]), template


def test_every_described_path_exists(built_client: FlaskClient, described: dict[str, Any]) -> None:
    """What is described is routed, with that method; a document must not promise more."""
    adapter = application(built_client).url_map.bind("localhost")
    for path, item in described["paths"].items():
        for method, operation in item.items():
            filled = path
            for part in operation.get("parameters", ()):
                usual = "1" if part["schema"]["type"] == "integer" else "nothing"
                filled = filled.replace(f"{{{part['name']}}}", FILLED.get(part["name"], usual))
            try:
                adapter.match(filled, method=method.upper())
            except (NotFound, MethodNotAllowed, RequestRedirect) as error:
                pytest.fail(f"{method} {path}: {type(error).__name__}")


def test_described_paths_answer_as_they_say(
    built_client: FlaskClient, described: dict[str, Any]
) -> None:
    """Each path that can be read without parts answers 2xx in a type that is described."""
    tried = 0
    for path, item in described["paths"].items():
        if "{" in path or "get" not in item:
            continue
        operation = item["get"]
        query = {
            each["name"]: each["example"]
            for each in operation.get("parameters", ())
            if each["in"] == "query" and "example" in each
        }
        response = built_client.get(path, query_string=query)
        assert response.status_code < 500, (path, response.get_data(as_text=True))
        success = operation["responses"].get("200") or operation["responses"]["2XX"]
        if response.status_code == 200 and "content" in success:
            assert response.mimetype in success["content"], path
        tried += 1
    assert tried > len(saved_queries())


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_every_saved_query_is_described(described: dict[str, Any], name: str) -> None:
    """Its question, its parameters with their kinds, and which of them are required."""
    saved = saved_queries()[name]
    operation = described["paths"][f"/q/{name}.{{ending}}"]["get"]
    assert operation["summary"] == saved.question
    found = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
    assert set(found) - {"excel"} == {p.name for p in saved.parameters}
    for parameter in saved.parameters:
        assert found[parameter.name]["required"] is parameter.required


@pytest.mark.parametrize(
    "path", ["/grades", "/grades.csv", "/grades.json", "/findings", "/compare"]
)
def test_parameters_of_pages_are_those_that_are_read(
    built_client: FlaskClient, described: dict[str, Any], path: str
) -> None:
    """Each is named in the description: given a wrong value, the address says so or is empty."""
    operation = described["paths"][path]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}
    assert {"304", "400", "429", "503"} <= set(operation["responses"])
    assert parameters
    for name in set(parameters) - {"excel"}:
        whole, narrowed = (
            built_client.get(path, query_string=query) for query in ({}, {name: "Nothing such"})
        )
        assert whole.status_code == 200
        assert narrowed.status_code in {400, 404}, name


def test_parameters_of_the_search_are_described(described: dict[str, Any]) -> None:
    """What a search can be narrowed to is what its page offers."""
    operation = described["paths"]["/search"]["get"]
    parameters = {each["name"]: each["schema"] for each in operation["parameters"]}
    assert set(parameters) == {"q", "in", "page"}
    assert "findings" in parameters["in"]["enum"]
    assert {"304", "503"} <= set(operation["responses"])


def test_every_problem_is_described(described: dict[str, Any]) -> None:
    """The error catalogue is a part of the contract: each type, under its status."""
    responses = described["components"]["responses"]
    for slug, (status, _, _) in catalogue().items():
        assert f"{slug}: " in responses[f"Problem{status}"]["description"]
    types = described["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert types == [f"/problems/{slug}" for slug in catalogue()]


def test_writing_asks_for_a_token_and_reading_does_not(described: dict[str, Any]) -> None:
    """A client must see which requests need a key."""
    secured = {
        (path, method)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if "security" in operation
    }
    assert ("/update", "post") in secured
    assert ("/store", "put") in secured
    assert all(method in WRITING for _, method in secured)


def test_the_page_is_made_from_it(built_client: FlaskClient, described: dict[str, Any]) -> None:
    """People read what programs do: each address and limit, and nothing of another site."""
    page = built_client.get("/api").get_data(as_text=True)
    for path in described["paths"]:
        assert f"<code>{path}</code>" in page or f">{path}</a>" in page or path.startswith("/q/")
    for name, limit in described["x-limits"].items():
        assert name in page
        assert limit["description"]
    assert not re.search(r'(?:src|href)="https?://(?!www\.nationalarchives)', page)
    for client in ("curl", "pandas", "R", "Power BI", "Excel", "QGIS"):
        assert client in page
