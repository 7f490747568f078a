"""Named graphs: their content to programs, their size and downloads to people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Response, render_template, request
from rdflib import Graph, URIRef

from peelgraph.server.answering.desk import REVALIDATE
from peelgraph.server.answering.reply import Reply
from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.linked.answers import Document, answered, with_links
from peelgraph.server.linked.assembling import add_document, graph_of_rows
from peelgraph.server.linked.describing import described
from peelgraph.server.linked.forms import alternates, form_of
from peelgraph.server.linked.names import QUERIES
from peelgraph.server.linked.view import view_of
from peelgraph.server.pages.asking import rows, text_of
from peelgraph.server.pages.service import response_of, this_service
from peelgraph.server.protocol.conditions import entity_tag, is_known
from peelgraph.server.site import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.server.linked.finding import Thing

SMALL: Final = 5000
"""Triples up to which a graph is written with short names; the engine writes larger ones."""


def size_of(name: str) -> int:
    """Return how many triples the graph called *name* has."""
    found = rows(f"{QUERIES}/graph-size.rq", graph=URIRef(name))
    return int(found[0]["triples"].value) if found else 0


def graph_answer(thing: Thing) -> Response:
    """Return a named graph in the form that this request asks for."""
    size = size_of(thing.iri)
    document = Document(
        thing.iri,
        thing.path,
        page=partial(_page, thing, size),
        graph=partial(whole_graph, (thing.iri,), thing.iri),
    )
    form = form_of(thing.extension, request.headers.get("Accept", ""))
    if form.is_page or size <= SMALL:
        return answered(document, thing.extension)
    response = _streamed(thing.iri, form.format.media_type, form.content_type)
    return with_links(response, document, form)


def whole_graph(names: Iterable[str], iri: str) -> Graph:
    """Return the content of graphs as the document at *iri*, with what is said of that itself."""
    graph = Graph()
    for name in names:
        content = rows(f"{QUERIES}/graph-rows.rq", graph=URIRef(name))
        graph += graph_of_rows((row["subject"], row["property"], row["value"]) for row in content)
    about = described(iri)
    graph += graph_of_rows(each for each in about.statements if each[0].value == iri)
    add_document(graph, iri, iri)
    return graph


def _page(thing: Thing, size: int) -> str:
    made = documents.page_at(thing.path)
    if made is not None:
        return made()
    return render_template(
        "graph.html",
        view=view_of(described(thing.iri), thing.path, ""),
        path=thing.path,
        size=size,
        downloads=[each for each in alternates(thing.path) if each[0] != "text/html"],
    )


def _streamed(name: str, media_type: str, content_type: str) -> Response:
    """Return a large graph as the engine writes it: a file where it is too large for memory.

    Raises:
        LimitError: It is larger than any answer may be.
    """
    service, client = this_service(), request.remote_addr or ""
    desk, tag = service.desk, service.desk.tag()
    etag = entity_tag((tag, request.url, content_type)) if tag else ""
    if etag and is_known(request.headers.get("If-None-Match", ""), etag):
        return Response(status=304, headers={"ETag": etag, "Cache-Control": REVALIDATE})
    query = Query(
        text_of(f"{QUERIES}/graph-content.rq", service.base),
        union=service.sees_all,
        substitutions=(("graph", f"<{name}>"),),
    )
    desk.budgets.admit(client)
    caller = Caller(client, spent=partial(desk.budgets.spend, client))
    answer = service.engine.answer(query, media_type, desk.limits, caller)
    headers = [("Content-Type", content_type)]
    if etag and (answer.tag or answer.version) == tag:
        headers += [("ETag", etag), ("Cache-Control", REVALIDATE)]
    return response_of(Reply(200, tuple(headers), answer.body, answer.size))
