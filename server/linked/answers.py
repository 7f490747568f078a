"""What every answer of linked data has in common: its form, its headers, its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, g, request
from werkzeug.urls import iri_to_uri

from peelgraph.graph.iris import LICENCE
from peelgraph.server.answering.desk import REVALIDATE
from peelgraph.server.linked.forms import Form, address, alternates, form_of
from peelgraph.server.linked.writing import written
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph


@dataclass(frozen=True, slots=True)
class Document:
    """What can be answered at one address, in each form.

    Args:
        iri: What it is about.
        path: Where it stands on this host, without extension.
        query: The part of its address after ``?``, if any.
        page: Makes what people read.
        graph: Makes what programs read.
        collection: Path of the set that the thing is in; empty where it is in none.
        links: Further links: address and relation.
        kept: Tells what this server keeps beside the data that the page shows too.
    """

    iri: str
    path: str
    page: Callable[[], str]
    graph: Callable[[], Graph]
    query: str = ""
    collection: str = ""
    links: tuple[tuple[str, str], ...] = ()
    kept: Callable[[], tuple[str, ...]] = tuple


def here(path: str) -> str:
    """Return the whole address of a *path* on the host that was asked."""
    return f"{request.host_url.rstrip('/')}{path}"


def see_other(path: str) -> Response:
    """Send on to the document about what was asked for, on the host that was asked."""
    return Response(status=303, headers={"Location": here(path), "Cache-Control": REVALIDATE})


def moved(path: str) -> Response:
    """Send on to the address that the thing has, with the query that came."""
    query = request.query_string.decode("latin-1")
    location = here(address(path) + (f"?{query}" if query else ""))
    return Response(status=308, headers={"Location": location})


def answered(document: Document, extension: str) -> Response:
    """Return *document* in the form that the address or the client asks for.

    Raises:
        NotAcceptable: The client accepts none.
        ResultUnwritable: The form cannot hold what there is to say.
    """
    form = form_of(extension, request.headers.get("Accept", ""))
    g.alternates = [
        each for each in alternates(document.path, document.query) if each[0] != "text/html"
    ]
    if form.is_page:
        response = lasting(document.page, form.content_type, *document.kept())
    else:
        response = lasting(
            lambda: written(document.graph(), form.format, document.iri), form.content_type, "rdf"
        )
    return with_links(response, document, form)


def with_links(response: Response, document: Document, form: Form) -> Response:
    """Say in the headers of *response* where else its content is, and under which licence."""
    base = this_service().base
    if form.negotiated:
        response.headers["Content-Location"] = address(
            document.path, form.extension, document.query
        )
    for media_type, href in alternates(document.path, document.query):
        if media_type != form.format.media_type:
            _link(response, here(href), "alternate", f'; type="{media_type}"')
    own = here(address(document.path, query=document.query))
    _link(response, f"{base}{address(document.path, query=document.query)}", "canonical")
    _link(response, own, "describedby", f'; anchor="{iri_to_uri(document.iri)}"')
    _link(response, str(LICENCE), "license")
    if document.collection:
        _link(response, here(document.collection), "collection")
    for href, relation in document.links:
        _link(response, here(href), relation)
    return response


def _link(response: Response, href: str, relation: str, more: str = "") -> None:
    response.headers.add("Link", f'<{iri_to_uri(href)}>; rel="{relation}"{more}')
