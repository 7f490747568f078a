"""Documents about things: everything known, or one page of what they have too much of."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import render_template, request
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from peelgraph.graph.iris import ABSOLUTE
from peelgraph.server.linked.answers import Document
from peelgraph.server.linked.assembling import (
    HYDRA,
    add_document,
    add_links,
    add_names,
    following,
    graph_about,
)
from peelgraph.server.linked.describing import counts, described, page_of
from peelgraph.server.linked.names import Names, term_name
from peelgraph.server.linked.sets import KINDS
from peelgraph.server.linked.view import links_shown, view_of
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.site import documents, outlines

if TYPE_CHECKING:
    from peelgraph.server.linked.finding import Thing


def document_of(thing: Thing) -> Document:
    """Return the document about *thing* that this request asks for."""
    query = urlencode({"iri": thing.iri}) if thing.path == "/doc" else ""
    way = next((name for name in ("of", "values") if request.args.get(name)), "")
    if way:
        return _one_page(thing, query, inverse=way == "of")
    name = _document_iri(thing, query)
    return Document(
        thing.iri,
        thing.path,
        page=partial(_page, thing, query),
        graph=lambda: graph_about(described(thing.iri), name),
        query=query,
        collection=collection_of(thing.path),
        kept=tuple if query else partial(documents.texts_at, thing.path),
    )


def collection_of(path: str) -> str:
    """Return the path of the set of the kind of thing whose document is at *path*, if there is one.

    >>> collection_of("/doc/force/kent"), collection_of("/def/pillar/efficiency")
    ('/id/force', '')
    """
    _, section, kind, *_ = [*path.split("/"), "", ""]
    known = KINDS.get(kind)
    fits = known is not None and section == ("doc" if known.section == "id" else known.section)
    return f"/id/{kind}" if fits else ""


def _document_iri(thing: Thing, query: str) -> str:
    """Return the IRI of the document: a thing that is served at its own address is its own."""
    own = f"{this_service().base}{thing.path}"
    return f"{own}?{query}" if query else own


def _page(thing: Thing, query: str) -> str:
    """Return the page about *thing*: one made for its kind, else its statements as a table."""
    made = None if query else documents.page_at(thing.path)
    if made is not None:
        # The thing is there, but perhaps not all that its own page shows.
        with contextlib.suppress(PageNotFound):
            return made()
    kind = KINDS.get(collection_of(thing.path).removeprefix("/id/"))
    return render_template(
        "thing.html",
        view=view_of(described(thing.iri), thing.path, query),
        kind=kind,
        drawn=outlines.single(thing.iri),
    )


# one page of many links


def _one_page(thing: Thing, query: str, *, inverse: bool) -> Document:
    """Return the document that holds one page of a thing's links by one property.

    Raises:
        PageNotFound: It has no links by that property.
        RequestError: The property is no IRI.
    """
    by, after = request.args["of" if inverse else "values"], request.args.get("after", "")
    if not ABSOLUTE.fullmatch(by):
        raise RequestError("the property is no IRI", place="of" if inverse else "values")
    count = counts(thing.iri, inverse=inverse).get(by, 0)
    if not count:
        raise PageNotFound(
            "nothing is linked by that property", place="of" if inverse else "values"
        )
    asked = {"of" if inverse else "values": by} | ({"after": after} if after else {})
    whole = f"{query}&{urlencode(asked)}" if query else urlencode(asked)
    return Document(
        thing.iri,
        thing.path,
        page=partial(_links_page, thing, by, after, inverse=inverse, count=count),
        graph=partial(_links_graph, thing, query, by, after, inverse=inverse, count=count),
        query=whole,
        collection=collection_of(thing.path),
    )


def _links_page(thing: Thing, by: str, after: str, *, inverse: bool, count: int) -> str:
    names = Names()
    links = page_of(thing.iri, by, after, names, inverse=inverse, count=count)
    foreign = urlencode({"iri": thing.iri}) if thing.path == "/doc" else ""
    return render_template(
        "links.html",
        thing=thing,
        name=term_name(by),
        by=by,
        after=after,
        inverse=inverse,
        **links_shown(links, names, thing.path, foreign),
    )


def _links_graph(  # noqa: PLR0913 - what names one page
    thing: Thing, query: str, by: str, after: str, *, inverse: bool, count: int
) -> Graph:
    names, graph = Names(), Graph()
    links = page_of(thing.iri, by, after, names, inverse=inverse, count=count)
    document = _document_iri(thing, query)
    page = str(following(document, links.begun(after)))
    add_links(graph, URIRef(thing.iri), links)
    add_names(graph, names)
    add_document(graph, page, thing.iri)
    graph.add((URIRef(page), RDF.type, HYDRA.PartialCollectionView))
    graph.add((URIRef(page), RDFS.label, Literal(f"{count} links, one page", lang="en")))
    if links.next:
        graph.add((URIRef(page), HYDRA.next, following(document, links)))
    return graph
