"""The SPARQL endpoint: has the desk answer a query, or describes the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.errors import PeelgraphError
from peelgraph.server.answering.desk import Incoming
from peelgraph.server.pages.results import results_page
from peelgraph.server.pages.saved import default_graph_size, named_graph_sizes, text_of
from peelgraph.server.pages.service import response_of, sent_body, this_note, this_service
from peelgraph.server.protocol.description import describe
from peelgraph.server.protocol.negotiation import GRAPHS, HTML, SOLUTIONS, choose, prefers_html
from peelgraph.server.protocol.request import METHODS

if TYPE_CHECKING:
    from peelgraph.server.answering.desk import Desk, Prepared
    from peelgraph.server.engine.interface import Answer

pages = Blueprint("endpoint", __name__)


@pages.route("/sparql", methods=[method for method in METHODS if method != "OPTIONS"])
def sparql() -> Response | str:
    """Answer a query, or describe the service when there is none."""
    desk = this_service().desk
    incoming = incoming_request()
    try:
        prepared = desk.prepare(incoming)
        if prepared is None:
            return _described()
        if prepared.page:
            return _page(prepared, _asked(desk, prepared))
        return response_of(desk.known(prepared) or desk.finish(prepared, _asked(desk, prepared)))
    except PeelgraphError as error:
        desk.note_error(incoming.client, error)
        raise


def incoming_request(accept: str | None = None) -> Incoming:
    """Return what of this request decides its answer; *accept* stands in for its header."""
    headers = request.headers
    return Incoming(
        method=request.method,
        query_string=request.query_string,
        content_type=headers.get("Content-Type", ""),
        body=sent_body() if request.method == "POST" else b"",
        accept=headers.get("Accept", "") if accept is None else accept,
        accept_encoding="",  # codings are for a front that lets workers do them
        if_none_match=headers.get("If-None-Match", ""),
        address=request.base_url,
        client=request.remote_addr or "",
        gone=request.environ.get("peelgraph.client_gone"),
        note=this_note(),
    )


def _asked(desk: Desk, prepared: Prepared) -> Answer:
    try:
        return desk.ask(prepared)
    except PeelgraphError as error:
        raise desk.why(prepared, error) from None


def _page(prepared: Prepared, answer: Answer) -> Response:
    prepared.incoming.note.version = answer.version or answer.tag or ""
    page = results_page(prepared.known, prepared.query, answer)
    return Response(page, content_type=HTML.header)


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
