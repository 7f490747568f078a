"""The description of the API: OpenAPI for programs, and a page made from it for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.server.api.asked import all_queries
from peelgraph.server.api.assets import address_of
from peelgraph.server.api.document import document
from peelgraph.server.api.formats import forms_of
from peelgraph.server.api.routes import routes
from peelgraph.server.pages.asking import outline_of
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.saved import text_of
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.protocol.problems import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

pages = Blueprint("reference", __name__, template_folder="templates")
OPENAPI: Final = "application/json"
EXAMPLE: Final = "q/force-grades.csv?force=kent"
PLACES: Final = "q/grades-map.geojson?criterion=legitimacy&cycle=peel-2015"


@pages.get("/openapi.json")
def openapi() -> Response:
    """Return the description of every address (OpenAPI 3.1)."""
    return lasting(lambda: json.dumps(described(request.host_url), ensure_ascii=False), OPENAPI)


@pages.get("/api")
def page() -> Response:
    """Return the page about the API, made from its OpenAPI description."""
    return lasting(_page, HTML.header)


def described(host: str) -> dict[str, Any]:
    """Return the OpenAPI document of this application, reached at *host*."""
    service = this_service()
    return document(routes(), all_queries(service.base), service.settings, host)


def _page() -> str:
    service = this_service()
    whole = described(request.host_url)
    return render_template(
        "api.html",
        document=whole,
        queries=list(_queries(service.base)),
        sections=_sections(whole),
        limits=whole["x-limits"],
        problems=catalogue(),
        host=request.host_url,
        example=f"{request.host_url}{EXAMPLE}",
        places=f"{request.host_url}{PLACES}",
        sparql=text_of("example.rq", service.base).strip(),
        version=service.engine.version(),
        address_of=address_of,
    )


def _queries(base: str) -> Iterator[dict[str, Any]]:
    """Yield each saved query with the endings of its forms."""
    depth = this_service().settings.query_depth
    for saved in all_queries(base).values():
        gives_graph = outline_of(saved.text, depth).gives_graph
        yield {"saved": saved, "endings": list(forms_of(saved, gives_graph=gives_graph))}


def _sections(whole: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Return the operations that are no saved query, by tag: path, method, operation."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            tag = operation["tags"][0]
            if not operation["operationId"].startswith("q-"):
                found.setdefault(tag, []).append((path, method.upper(), operation))
    return dict(sorted(found.items()))
