"""The SPARQL endpoint: decodes, checks, negotiates, asks the engine, sends the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.errors import QuerySyntax
from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.pages.saved import default_graph_size, text_of
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.description import describe
from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS, choose, prefers_html
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
    chosen, content_type = choose(accept, GRAPHS if known.gives_graph else SOLUTIONS)
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
        answer = service.engine.answer(query, chosen.media_type, service.limits(), caller)
    except QuerySyntax as error:
        raise explained(error, text) from None
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
    if prefers_html(accept):
        return render_template("sparql.html", example=text_of("example.rq", service.base))
    chosen, content_type = choose(accept, GRAPHS)
    described = describe(request.base_url, union=service.union, triples=default_graph_size(service))
    return Response(
        described.serialize(format=chosen.media_type, encoding="utf-8"), content_type=content_type
    )


def _body() -> bytes:
    """Return the whole body; a single read may stop short of a chunked body's end."""
    pieces = []
    while piece := request.stream.read(PIECE):
        pieces.append(piece)
    return b"".join(pieces)
