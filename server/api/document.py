"""The OpenAPI document: made from the route table, the saved queries, settings and errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.saved import ParameterKind
from peelgraph.graph.settings import setting_help
from peelgraph.server.api.contents import (
    BODIES,
    CONTENTS,
    EXCEL,
    KEPT,
    PARAMETERS,
    STATUSES,
    WRITES,
)
from peelgraph.server.api.formats import METADATA, TEXT, forms_of
from peelgraph.server.pages.asking import outline_of
from peelgraph.server.pages.state import LIMITS
from peelgraph.server.protocol.negotiation import PROBLEM
from peelgraph.server.protocol.problems import PROBLEMS, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from peelgraph.graph.saved import Parameter, SavedQuery
    from peelgraph.graph.settings import Settings
    from peelgraph.server.api.routes import Route

OPENAPI: Final = "3.1.1"
NO_LETTER: Final = re.compile(r"[^A-Za-z0-9]+")
LICENCE: Final = {
    "name": "Open Government Licence v3.0 (data)",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
UNCHANGED: Final = {"description": "Nothing has changed since the ETag that was sent."}
OF_QUERIES: Final = {
    "/q/{name}": "/q/%s",
    "/q/{name}.{ending}": "/q/%s.{ending}",
    f"/q/{{name}}.{METADATA}": f"/q/%s.{METADATA}",
}
"""Routes that stand for one path each saved query: the route, and the path of a query."""
DESCRIPTION: Final = (
    "Police inspections in England and Wales as a knowledge graph. Reading needs no key and works "
    "from any website. Answers carry an ETag that changes with the version of the data; send it "
    "back as If-None-Match and get 304 while nothing has changed. An error is a problem document "
    "(RFC 9457) whose type stays the same; the limits in force are under x-limits."
)
KINDS: Final[Mapping[ParameterKind, Mapping[str, str]]] = {
    ParameterKind.FORCE: {"type": "string", "description": "A force: its slug, name or IRI."},
    ParameterKind.CYCLE: {"type": "string", "description": "A cycle: its slug, name or IRI."},
    ParameterKind.CRITERION: {
        "type": "string",
        "description": "A pillar, or the question of a cycle (peel-2015/legitimacy-4), or its IRI.",
    },
    ParameterKind.THEME: {"type": "string", "description": "A theme: its slug or IRI."},
    ParameterKind.AREA: {
        "type": "string",
        "description": "An area: its code (a letter and eight digits) or IRI.",
    },
    ParameterKind.VERSION: {
        "type": "string",
        "description": "A captured version: its report, a slash, the start of its digest; or IRI.",
    },
    ParameterKind.IRI: {"type": "string", "format": "uri", "description": "An absolute IRI."},
    ParameterKind.DATE: {"type": "string", "format": "date", "description": "A day."},
    ParameterKind.TEXT: {"type": "string", "description": "A text, taken as it is."},
}


def document(
    table: Iterable[Route], queries: Mapping[str, SavedQuery], settings: Settings, host: str
) -> dict[str, Any]:
    """Return the whole document.

    Args:
        table: The route table.
        queries: The saved queries by name.
        settings: For the limits.
        host: The address of this server, with a slash at its end.
    """
    paths: dict[str, dict[str, Any]] = {}
    for route in table:
        for path, item in _items(route, queries, settings):
            paths.setdefault(path, {}).update(item)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "peelgraph",
            "version": "1",
            "summary": "Grades and findings of police inspections, each with its source",
            "description": DESCRIPTION,
            "license": LICENCE,
        },
        "servers": [{"url": host.rstrip("/")}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": _problem_schema()},
            "responses": _problem_responses(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `peelgraph token create` has printed.",
                }
            },
        },
        "x-limits": {
            name: {"value": getattr(settings, name), "description": setting_help()[name]}
            for name in LIMITS
        },
    }


def _items(
    route: Route, queries: Mapping[str, SavedQuery], settings: Settings
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the paths that a route stands for, with their operations by method."""
    if route.path not in OF_QUERIES:
        yield route.path, {method.lower(): _operation(route, method) for method in route.methods}
        return
    for saved in queries.values():
        gives_graph = outline_of(saved.text, settings.query_depth).gives_graph
        if gives_graph and route.path.endswith(METADATA):
            continue
        yield (
            OF_QUERIES[route.path] % saved.name,
            {"get": _of_query(route, saved, gives_graph=gives_graph)},
        )


def _operation(route: Route, method: str) -> dict[str, Any]:
    writes = method in WRITES.get(route.endpoint, ())
    operation: dict[str, Any] = {
        "operationId": method.lower() + NO_LETTER.sub("-", route.path),
        "summary": route.summary,
        "tags": [route.section or "files"],
        "responses": _responses(route.endpoint, method),
    }
    parameters: list[Mapping[str, Any]] = [_part(*each) for each in route.parts]
    parameters += PARAMETERS.get((route.endpoint, method), ())
    if parameters:
        operation["parameters"] = parameters
    if (route.endpoint, method) in BODIES:
        operation["requestBody"] = {
            "required": True,
            "content": {each: {} for each in BODIES[route.endpoint, method]},
        }
    if writes:
        operation["security"] = [{"token": []}]
    return operation


def _part(name: str, kind: str = "string") -> dict[str, Any]:
    schema = {"type": "integer" if kind == "int" else "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _responses(endpoint: str, method: str) -> dict[str, Any]:
    contents = CONTENTS.get(endpoint, {}).get(method)
    answered: dict[str, Any] = {"description": "The answer."}
    if contents:
        answered["content"] = {each: {} for each in contents}
    statuses = STATUSES.get((endpoint, method), ())
    problems = {str(each): {"$ref": f"#/components/responses/Problem{each}"} for each in statuses}
    kept = {"304": UNCHANGED} if endpoint in KEPT else {}
    other = {"$ref": "#/components/responses/Problem"}
    return {"2XX": answered, **kept, **problems, "default": other}


def _of_query(route: Route, saved: SavedQuery, *, gives_graph: bool) -> dict[str, Any]:
    forms = forms_of(saved, gives_graph=gives_graph)
    parameters = [_parameter(each) for each in saved.parameters]
    kind, contents = "answer", [form.media_type for form in forms.values()]
    if route.path.endswith(METADATA):
        kind, contents = "description", ["application/csvm+json"]
    elif "{ending}" in route.path:
        kind = "file"
        endings = {"type": "string", "enum": [*forms, TEXT]}
        parameters.insert(0, {**_part("ending"), "schema": endings})
        contents.append("application/sparql-query")
    else:
        contents = [
            "text/html",
            *(each for each in contents if not each.startswith("application/geo")),
        ]
    if "csv" in forms and kind != "answer":
        parameters.append(EXCEL)
    return {
        "operationId": f"q-{saved.name}-{kind}",
        "summary": saved.question,
        "description": saved.about,
        "tags": ["saved-queries"],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The answer, as of the version that its ETag stands for.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {each: {} for each in contents},
            },
            "304": UNCHANGED,
            **{
                str(each): {"$ref": f"#/components/responses/Problem{each}"}
                for each in (400, 404, 406, 429, 503)
            },
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = dict(KINDS[parameter.kind])
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": kind.pop("description"),
        "schema": {**kind, "maxLength": 2000},
    }
    if parameter.example:
        described["example"] = parameter.example
    return described


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {
                **text,
                "description": "The same on every server.",
                "enum": [PROBLEMS + slug for slug in catalogue()],
            },
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "place": {**text, "description": "Where."},
            "expected": {**text, "description": "What would have been right."},
            "action": {**text, "description": "What to do."},
            "available": {"type": "array", "items": text, "description": "What is on offer."},
            "instance": text,
            "request_id": text,
        },
    }


def _problem_responses() -> dict[str, Any]:
    """Return a response for each status that a problem has, naming the problems of it."""
    by_status: dict[int, list[str]] = {}
    for slug, (status, title, meaning) in catalogue().items():
        by_status.setdefault(status, []).append(f"{slug}: {title}. {meaning}")
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {PROBLEM.media_type: schema}
    responses: dict[str, Any] = {
        f"Problem{status}": {"description": "\n".join(lines), "content": content}
        for status, lines in sorted(by_status.items())
    }
    return {"Problem": {"description": "Any problem.", "content": content}, **responses}
