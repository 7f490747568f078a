"""The addresses of linked data: things, documents, data, definitions, graphs, sets."""

from __future__ import annotations

import json
from functools import partial
from typing import Final

from flask import Blueprint, Response, g, render_template, request

from peelgraph.server.linked import saved, sets
from peelgraph.server.linked.answers import Document, answered, moved, see_other
from peelgraph.server.linked.context import context
from peelgraph.server.linked.finding import Elsewhere, foreign, found
from peelgraph.server.linked.forms import EXTENSIONS, address, form_of, split_extension
from peelgraph.server.linked.graphs import graph_answer, whole_graph
from peelgraph.server.linked.sets import KINDS
from peelgraph.server.linked.things import document_of
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.protocol.negotiation import JSON_LD
from peelgraph.server.site.wording import local

pages = Blueprint("linked", __name__, template_folder="templates")
ONTOLOGY: Final = "inspection"
GENIDS: Final = ".well-known/genid"


@pages.app_context_processor
def _forms() -> dict[str, object]:
    """Give templates the other forms of what is shown, where it is linked data."""
    return {"alternates": g.get("alternates", [])}


@pages.get("/id/<path:rest>")
def identified(rest: str) -> Response:
    """Send on to the document about a thing, or answer with the set of a kind of things."""
    stem, extension = split_extension(rest)
    if (document := _set(stem)) is not None:
        return answered(document, extension)
    if (kind := stem.rstrip("/").lower()) in KINDS:
        return moved(f"/id/{kind}" + (f".{extension}" if extension else ""))
    kind, _, slug = stem.partition("/")
    if kind == saved.KIND and saved.document_of_query(slug) is not None:
        return see_other(address(f"/doc/{stem}", extension))
    thing = found("id", rest)
    if isinstance(thing, Elsewhere):
        return moved(thing.path)
    return see_other(address(thing.path, thing.extension))


def _set(kind: str) -> Document | None:
    if kind == saved.KIND:
        return saved.document_of_queries()
    if kind not in KINDS:
        return None
    page = sets.page_of_set(KINDS[kind], request.args.get("after", ""))
    query = page.address.partition("?")[2]
    return Document(
        page.iri,
        f"/id/{kind}",
        page=partial(_set_page, page),
        graph=partial(sets.graph_of_set, page),
        query=query,
        links=((local(sets.page_address(page.iri, page.next)), "next"),) if page.next else (),
    )


def _set_page(page: sets.Page) -> str:
    following = local(sets.page_address(page.iri, page.next)) if page.next else ""
    return render_template("set.html", page=page, next=following, kinds=KINDS.values())


@pages.get("/set/<kind>")
def set_of(kind: str) -> Response:
    """Send on to the set of a kind of things."""
    stem, extension = split_extension(kind)
    if stem not in KINDS and stem != saved.KIND:
        raise PageNotFound(f"there is no kind {stem[:200]!r}")
    return moved(f"/id/{stem}" + (f".{extension}" if extension else ""))


@pages.get("/doc/<path:rest>")
def document(rest: str) -> Response:
    """Answer with the document about a thing."""
    stem, extension = split_extension(rest)
    if stem in KINDS or stem == saved.KIND:
        return moved(f"/id/{rest}")
    kind, _, slug = stem.partition("/")
    if kind == saved.KIND and (about := saved.document_of_query(slug)) is not None:
        return answered(about, extension)
    return _about("doc", rest)


@pages.get("/data/<path:rest>")
def item(rest: str) -> Response:
    """Answer with a judgment, a dataset or another item of data."""
    if split_extension(rest)[0] == "judgment":
        return moved(f"/id/{rest}")
    return _about("data", rest)


@pages.get("/def/<path:rest>")
def definition(rest: str) -> Response:
    """Answer with a scheme or concept; with the whole ontology, of which people have a page."""
    thing = found("def", rest)
    if isinstance(thing, Elsewhere):
        return moved(thing.path)
    if thing.path != f"/def/{ONTOLOGY}":
        return answered(document_of(thing), thing.extension)
    if form_of(thing.extension, request.headers.get("Accept", "")).is_page:
        return see_other("/ontology")
    # Shapes are named as terms are, so their document is this one too.
    graphs = [f"{this_service().base}/graph/{name}" for name in ("ontology", "shapes")]
    about = Document(
        thing.iri,
        thing.path,
        page=str,
        graph=partial(whole_graph, graphs, thing.iri),
    )
    return answered(about, thing.extension)


@pages.get("/graph/<path:rest>")
def graph(rest: str) -> Response:
    """Answer with a named graph."""
    thing = found("graph", rest)
    return moved(thing.path) if isinstance(thing, Elsewhere) else graph_answer(thing)


@pages.get(f"/{GENIDS}/<path:rest>")
def skolem(rest: str) -> Response:
    """Answer with what stands for a blank node."""
    return _about(GENIDS, rest)


def _about(section: str, rest: str) -> Response:
    thing = found(section, rest)
    if isinstance(thing, Elsewhere):
        return moved(thing.path)
    return answered(document_of(thing), thing.extension)


@pages.get("/doc")
@pages.get("/doc.<extension>")
def anything(extension: str = "") -> Response:
    """Answer with what is known of any IRI, ours or another's."""
    iri = request.args.get("iri", "")
    if not iri:
        raise RequestError("no IRI is asked for", place="iri", expected="/doc?iri=IRI")
    if extension and extension not in EXTENSIONS:
        raise PageNotFound(f"there is no form {extension[:50]!r}")
    base = this_service().base
    stem = iri.partition("#")[0]
    if stem.startswith(f"{base}/"):
        path = local(stem)
        return see_other(f"{path}.{extension}" if extension else path)
    return answered(document_of(foreign(iri)), extension)


@pages.get("/context.jsonld")
def json_ld_context() -> Response:
    """Return the JSON-LD context that documents take their short names from."""
    return lasting(
        lambda: json.dumps({"@context": context()}, indent=1, ensure_ascii=False) + "\n",
        JSON_LD.header,
    )
