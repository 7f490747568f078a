"""The SPARQL endpoint: decodes, checks, negotiates, asks the engine, sends the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.errors import QuerySyntax
from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.pages.results import page_type, results_page
from peelgraph.server.pages.saved import default_graph_size, named_graph_sizes, text_of
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.description import describe
from peelgraph.server.protocol.negotiation import GRAPHS, HTML, SOLUTIONS, choose, prefers_html
from peelgraph.server.protocol.request import METHODS, decode
from peelgraph.server.protocol.syntax import explained
from peelgraph.server.protocol.tokens import FORM_NAMES, outline

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import Answer
    from peelgraph.server.protocol.request import SparqlRequest

PIECE = 64 * 1024

pages = Blueprint("endpoint", __name__)


@pages.route("/sparql", methods=[method for method in METHODS if method != "OPTIONS"])
def sparql() -> Response | str:
    """Answer a query, or describe the service when there is none."""
    asked = decode(
        request.method,
        request.query_string,
        request.headers.get("Content-Type", ""),
        _body() if request.method == "POST" else b"",
        this_service().settings.query_bytes,
    )
    return _described() if asked.text is None else _answered(asked, asked.text)


def _answered(asked: SparqlRequest, text: str) -> Response:
    service = this_service()
    known = outline(text, service.settings.query_depth)
    if known.is_update:
        raise QuerySyntax("this is an update, not a query", expected=FORM_NAMES)
    accept = request.headers.get("Accept", "")
    browser = prefers_html(accept)
    if browser:
        media_type, content_type = page_type(known), HTML.header
    else:
        chosen, content_type = choose(accept, GRAPHS if known.gives_graph else SOLUTIONS)
        media_type = chosen.media_type
    query = Query(
        text,
        asked.default_graphs,
        asked.named_graphs,
        known.own_graphs,
        union=service.union and not known.own_dataset,
        base_iri=request.base_url,
    )
    caller = Caller(request.remote_addr or "", request.environ.get("waitress.client_disconnected"))
    try:
        answer = service.engine.answer(query, media_type, service.limits(), caller)
    except QuerySyntax as error:
        raise explained(error, text) from None
    if browser:
        return Response(results_page(known, query, answer), content_type=content_type)
    return _response(answer, content_type)


def _response(answer: Answer, content_type: str) -> Response:
    whole = answer.body if isinstance(answer.body, bytes) else answer.chunks()
    response = Response(whole, content_type=content_type)
    response.content_length = answer.size
    response.call_on_close(answer.close)
    return response


def _described() -> Response | str:
    """Return the service description; for a browser, a page with a plain form."""
    service = this_service()
    accept = request.headers.get("Accept", "")
    triples = default_graph_size(service)
    if prefers_html(accept):
        return render_template(
            "sparql.html",
            query=text_of("example.rq", service.base),
            dataset={},
            endpoint=request.base_url,
            union=service.union,
            triples=triples,
            solutions=SOLUTIONS,
            graphs=GRAPHS,
        )
    chosen, content_type = choose(accept, GRAPHS)
    described = describe(
        request.base_url,
        union=service.union,
        triples=triples,
        named=named_graph_sizes(service),
    )
    return Response(
        described.serialize(format=chosen.media_type, encoding="utf-8"), content_type=content_type
    )


def _body() -> bytes:
    """Return the whole body; a single read may stop short of a chunked body's end."""
    pieces = []
    while piece := request.stream.read(PIECE):
        pieces.append(piece)
    return b"".join(pieces)
