"""``/store``: the SPARQL 1.1 Graph Store Protocol, its reads for all, its writes for tokens."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from rdflib import URIRef
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from peelgraph.graph.errors import UnknownGraph
from peelgraph.graph.iris import Iris
from peelgraph.graph.writing.model import Kind
from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.pages.service import give_body, this_service
from peelgraph.server.pages.writing import (
    answer,
    begun,
    carried_out,
    permitted,
    whole_body,
    writer,
)
from peelgraph.server.protocol.errors import RequestError
from peelgraph.server.protocol.negotiation import GRAPHS, choose
from peelgraph.server.protocol.request import (
    ABSOLUTE,
    graphs_in,
    media_type_of,
    pairs_in,
    unreadable,
)

if TYPE_CHECKING:
    from peelgraph.graph.writing.model import Change
    from peelgraph.server.engine.interface import Answer

pages = Blueprint("store", __name__)
WHOLE: Final = "CONSTRUCT WHERE { ?s ?p ?o }"
THERE: Final = "ASK { GRAPH ?g { ?s ?p ?o } }"
MULTIPART: Final = "multipart/form-data"
SYNTAXES: Final = {
    "text/turtle": "ttl",
    "application/x-turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
}
METHODS: Final = ("GET", "PUT", "POST", "DELETE")
LONGEST_FIELD: Final = 64 * 1024
MOST_PARTS: Final = 100
SAFE: Final = "/:@!$&'()*+,;=~-._"
OWN_PATH: Final = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
TAG: Final = re.compile(r'(?:W/)?"([^"]*)"|(\*)')
"""An entity tag: the digest of the graph, and after a hyphen the format."""


class Named:
    """The graph that a request is about; ``name`` is ``None`` for the one without a name."""

    def __init__(self, name: str | None, base: str, *, minted: bool = False) -> None:
        self.name = name
        self.base = base
        self.minted = minted


@pages.route("/store", methods=METHODS)
@pages.route("/store/", methods=METHODS)
@pages.route("/store/<path:_path>", methods=METHODS)
def store(_path: str = "") -> Response:
    """Read or write one graph, named by the address itself or by a parameter."""
    if request.method in {"GET", "HEAD"}:
        return _read(_named())
    token = permitted()
    body = whole_body(this_service().settings.write_bytes)
    graph = _named()
    change = replace(
        begun(Kind(request.method.lower()), token, body),
        graph=graph.name,
        matches=_tags("If-Match"),
        differs=_tags("If-None-Match"),
    )
    done = carried_out(
        change, lambda: _whole(change, graph, body) if change.kind is not Kind.DELETE else change
    )
    response = answer(done, 201 if done.outcome.created else 204)
    if done.outcome.created:
        response.location = graph.name or request.base_url
        response.autocorrect_location_header = False
    return response


def _named() -> Named:
    """Return the graph that this request is about.

    Raises:
        RequestError: It names none or two, or a relative IRI.
        MethodNotAllowed: It is for the store as a whole, which takes only POST.
    """
    pairs = pairs_in(request.query_string)
    graphs = graphs_in(pairs, "graph")
    given = [name for name, _ in pairs if name in {"graph", "default"}]
    if len(given) > 1:
        raise RequestError(
            "the request names more than one graph", place="graph", expected="graph or default"
        )
    here = _address()
    if given == ["default"]:
        return Named(None, here)
    if graphs:
        return Named(graphs[0], graphs[0])
    if request.path.rstrip("/") != "/store":
        return Named(here, here)
    if request.method != "POST":
        raise RequestError(
            "the request names no graph",
            place="graph",
            expected="?graph= and an IRI, ?default, or a path below /store",
        )
    minted = f"{request.host_url}store/{secrets.token_hex(8)}"
    return Named(minted, minted, minted=True)


def _address() -> str:
    """Return the address asked, as it was written, without its query."""
    written = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    path = written.partition("?")[0] if written.startswith("/") else quote(request.path, safe=SAFE)
    address = request.host_url.rstrip("/") + path
    if not ABSOLUTE.fullmatch(address):
        raise RequestError("the address cannot name a graph", place="path", expected="an IRI")
    return address


# entity tags


def _tags(header: str) -> tuple[str, ...] | None:
    """Return the digests that a header names, whatever the format; ``*`` as it is."""
    raw = _raw_tags(header)
    return None if raw is None else tuple(tag.partition("-")[0] for tag in raw)


def _raw_tags(header: str) -> tuple[str, ...] | None:
    """Return the tags that a header names, ``None`` where there is no such header."""
    if header not in request.headers:
        return None
    found = TAG.findall(request.headers[header])
    return tuple(star or tag for tag, star in found)


# reading


def _read(graph: Named) -> Response:
    chosen, content_type = choose(request.headers.get("Accept", ""), GRAPHS)
    digest = _digest(graph, this_service().engine.version())
    tag = f"{digest}-{chosen.media_type}" if digest else ""
    if tag and tag in (_raw_tags("If-None-Match") or ()):
        response = Response(status=304)
    else:
        found = _asked(graph, chosen.media_type)
        digest = _digest(graph, found.version)
        tag = f"{digest}-{chosen.media_type}" if digest else ""
        response = Response(content_type=content_type)
        give_body(response, found.body, found.size)
    if tag:
        response.set_etag(tag)
    response.cache_control.no_cache = True
    return response


def _asked(graph: Named, media_type: str) -> Answer:
    service = this_service()
    query = Query(
        WHOLE,
        default_graphs=(graph.name,) if graph.name else (),
        own_default=graph.name is None,
        genid=Iris(service.base).genids(),
    )
    caller = Caller(request.remote_addr or "", request.environ.get("peelgraph.client_gone"))
    return service.engine.answer(query, media_type, service.desk.limits, caller)


def _digest(graph: Named, version: str | None) -> str:
    """Return the digest of a graph in *version*; empty where that is not known.

    Raises:
        UnknownGraph: The version has no such graph.
    """
    digests = this_service().digests(version) if version else None
    if digests is None:
        if graph.name is not None and not _is_there(graph.name):
            raise _unknown(graph.name)
        return ""
    if graph.name is None:
        return digests.get("default", hashlib.sha256().hexdigest())
    if graph.name not in digests:
        raise _unknown(graph.name)
    return digests[graph.name]


def _is_there(name: str) -> bool:
    service = this_service()
    query = Query(THERE, named_graphs=(name,))
    answered = service.engine.answer(
        query, "application/sparql-results+json", service.desk.limits
    ).read()
    return b"true" in answered


def _unknown(name: str) -> UnknownGraph:
    return UnknownGraph(
        "there is no such graph", place=name[:500], action="see which graphs there are"
    )


# writing


def _whole(change: Change, graph: Named, body: bytes) -> Change:
    """Return *change* with the triples that were sent."""
    content_type = request.headers.get("Content-Type", "")
    if media_type_of(content_type) == MULTIPART and change.kind is Kind.POST:
        parts = _parts(body, content_type)
    else:
        parts = [(content_type, body)]
    return replace(change, triples=b"".join(_triples(graph, *part) for part in parts))


def _in_memory(*_: object, **__: object) -> io.BytesIO:
    """Return where a part of a form is kept; the whole form is in memory already."""
    return io.BytesIO()


def _parts(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    """Return the files of a form, each with its own type.

    Raises:
        RequestError: It is no form, or holds something else.
    """
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    parser = MultiPartParser(
        stream_factory=_in_memory,
        max_form_memory_size=LONGEST_FIELD,
        max_form_parts=MOST_PARTS,
    )
    try:
        fields, files = parser.parse(io.BytesIO(body), boundary.encode(), len(body))
    except (ValueError, RequestEntityTooLarge) as error:
        raise RequestError(
            "the form cannot be read", place="the body", expected="files, each with its type"
        ) from error
    if fields or not files:
        raise RequestError(
            "the form holds fields that are no files" if fields else "the form holds no file",
            place="the body",
            expected="files, each with its type",
        )
    return [(file.content_type or "", file.read()) for _, file in files.items(multi=True)]


def _triples(graph: Named, content_type: str, content: bytes) -> bytes:
    media_type = media_type_of(content_type)
    if media_type not in SYNTAXES:
        raise unreadable(media_type, SYNTAXES)
    return writer().triples(
        content,
        SYNTAXES[media_type],
        graph=graph.name,
        genid=_genid(graph.name, content),
        base=graph.base,
        place="the body",
    )


def _genid(graph: str | None, content: bytes) -> str:
    """Return how the names of new blank nodes begin.

    What is put gets the names that ``load`` would give; what is added to a graph must not meet
    those that are there, unless the very same was added before.
    """
    iris = Iris(this_service().base)
    added = "" if request.method == "PUT" else f"{hashlib.sha256(content).hexdigest()[:12]}-"
    if graph is not None and OWN_PATH.fullmatch(graph.removeprefix(f"{iris.base}/graph/")):
        return str(iris.genid(URIRef(graph), added))
    home = hashlib.sha256((graph or "").encode()).hexdigest()[:12]
    return str(iris.genid(iris.graph("update"), f"{home}-{added}"))
