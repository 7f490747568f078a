"""Saved queries as an API: ``/q/{name}`` for people, ``/q/{name}.csv`` and others for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from peelgraph.server.api import gallery, places
from peelgraph.server.api.asked import Asked, all_queries, asked_for, given, known_query, terms_of
from peelgraph.server.api.assets import address_of
from peelgraph.server.api.columns import metadata
from peelgraph.server.api.fields import example_of, fields_of
from peelgraph.server.api.formats import (
    CSVM,
    METADATA,
    SPARQL_TEXT,
    TEXT,
    Form,
    for_spreadsheet,
    forms_of,
)
from peelgraph.server.api.shown import joined
from peelgraph.server.pages.asking import outline_of
from peelgraph.server.pages.coverage import coverage, is_read
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import response_of, this_service
from peelgraph.server.protocol import negotiation
from peelgraph.server.protocol.binding import bound
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.protocol.negotiation import HTML, JSON, N_TRIPLES, TSV, choose, prefers_html
from peelgraph.server.protocol.tables import graph_table, solutions_table
from peelgraph.server.site.outlines import outlines_by_thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.saved import SavedQuery
    from peelgraph.server.protocol.tables import Table

pages = Blueprint("saved-queries", __name__, template_folder="templates")
SCHEMA: Final = "peelgraph/saved-queries/1"
EXCEL: Final = "excel"
NOT_FOR_READERS: Final = re.compile(
    r"^# (?:group|parameters|required|example|all|coverage|dataset): .*\n", re.MULTILINE
)
"""Lines at the head of a query file that say nothing of its text."""
YES: Final = frozenset({"1", "true", "yes"})


@pages.get("/q/")
def listed() -> Response:
    """Return the list of saved queries: a page, or JSON for programs."""
    if prefers_html(request.headers.get("Accept", "")):
        return lasting(_gallery, HTML.header)
    return lasting(_list, "application/json")


@pages.get("/q/<name>")
def one(name: str) -> Response:
    """Return the page of a saved query with its answer; the answer alone for programs."""
    saved = known_query(name)
    accept = request.headers.get("Accept", "")
    if prefers_html(accept):
        return lasting(lambda: _page(saved), HTML.header)
    asked = asked_for(saved)
    offered = negotiation.GRAPHS if asked.known.gives_graph else negotiation.SOLUTIONS
    chosen, content_type = choose(accept, offered)
    return response_of(asked.reply(chosen.media_type, content_type))


@pages.get("/q/<name>.<ending>")
def answer(name: str, ending: str) -> Response:
    """Return the answer of a saved query as a file of that kind."""
    saved = known_query(name)
    if ending == TEXT:
        return lasting(lambda: bound_text(saved), SPARQL_TEXT)
    offered = forms_of(saved, gives_graph=_gives_graph(saved))
    if ending not in offered:
        raise PageNotFound(
            f"the query {name} has no form called {ending[:100]!r}",
            expected=" or ".join(f"/q/{name}.{each}" for each in offered),
        )
    return _file(saved, offered[ending])


@pages.get(f"/q/<name>.{METADATA}")
def described(name: str) -> Response:
    """Return the description (CSVW) of the CSV of a saved query."""
    saved = known_query(name)
    if _gives_graph(saved):
        raise PageNotFound(f"the query {name} makes a graph: there is no CSV to describe")
    asked = asked_for(saved, apart=frozenset({EXCEL}))

    def make() -> str:
        address = f"{name}.csv{_query(asked.values)}"
        results = json.loads(asked.answer(JSON.media_type).read())
        return json.dumps(metadata(saved, address, results), ensure_ascii=False, indent=2)

    return lasting(make, CSVM)


def bound_text(saved: SavedQuery) -> str:
    """Return the SPARQL of *saved* with the parameters of this request bound in it."""
    values = given()
    text = NOT_FOR_READERS.sub("", saved.text)
    if not values:
        return text
    terms = terms_of(saved, values)
    return bound(text, [(name, term.n3()) for name, term in sorted(terms.items())])


def _file(saved: SavedQuery, form: Form) -> Response:
    """Return the answer as a file that a browser saves, with the links that go with it."""
    if form.ending == "csv":
        asked = asked_for(saved, apart=frozenset({EXCEL}))
        response = _spreadsheet(asked) if for_excel() else _plain(asked, form)
        described_by = f"{saved.name}.{METADATA}{_query(asked.values)}"
        response.headers.add("Link", f'<{described_by}>; rel="describedby"; type="{CSVM}"')
    elif form.ending == "geojson":
        response = _places(asked_for(saved))
    else:
        response = _plain(asked_for(saved), form)
    return as_file(response, f"{saved.name}.{form.ending}")


def as_file(response: Response, name: str) -> Response:
    """Return *response* with the header that has a browser save it under *name*."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plain(asked: Asked, form: Form) -> Response:
    return response_of(asked.reply(form.source, form.content_type))


def _spreadsheet(asked: Asked) -> Response:
    media_type = negotiation.CSV.media_type
    return lasting(
        lambda: for_spreadsheet(asked.answer(media_type).read().decode()), negotiation.CSV.header
    )


def _places(asked: Asked) -> Response:
    def make() -> str:
        results = json.loads(asked.answer(JSON.media_type).read())
        return json.dumps(
            places.collection(results, places.places(), outlines_by_thing()), ensure_ascii=False
        )

    return lasting(make, places.GEOJSON)


def for_excel() -> bool:
    """Return whether the address asks for CSV that spreadsheets open."""
    written = request.args.get(EXCEL, "")
    if written.lower() in YES:
        return True
    if written.lower() in {"", "0", "false", "no"}:
        return False
    raise RequestError(f"{EXCEL} is {written[:100]!r}", place=EXCEL, expected="1 or 0")


def _page(saved: SavedQuery) -> str:
    """Return the page of *saved*; without an answer while a required parameter is not given."""
    values = given()
    missing = [p.name for p in saved.parameters if p.required and p.name not in values]
    asked = None if missing and not values else asked_for(saved)
    gives_graph, example = _gives_graph(saved), example_of(saved)
    return render_template(
        "saved-query.html",
        saved=saved,
        reach=coverage() if saved.from_reports else "",
        unread=asked is not None and not is_read(asked.terms),
        fields=fields_of(saved, values),
        table=None if asked is None else _table(asked),
        forms=forms_of(saved, gives_graph=gives_graph),
        gives_graph=gives_graph,
        query_string=_query(values),
        address=f"{request.host_url}q/{saved.name}",
        sparql=bound_text(saved) if asked else NOT_FOR_READERS.sub("", saved.text),
        example=_query(example),
        address_of=address_of,
    )


def _table(asked: Asked) -> Table:
    if asked.known.gives_graph:
        return graph_table(asked.answer(N_TRIPLES.media_type).chunks())
    return joined(solutions_table(asked.answer(TSV.media_type).chunks()))


def _gallery() -> str:
    return render_template("queries.html", groups=gallery.groups(), reach=coverage())


def _list() -> str:
    host, base = request.host_url, this_service().base
    queries = [_listed(each, host) for each in all_queries(base).values()]
    return json.dumps({"schema": SCHEMA, "queries": queries}, ensure_ascii=False)


def _listed(saved: SavedQuery, host: str) -> dict[str, object]:
    forms = forms_of(saved, gives_graph=_gives_graph(saved))
    return {
        "name": saved.name,
        "group": saved.group,
        "question": saved.question,
        "about": saved.about,
        "parameters": [
            {
                "name": p.name,
                "kind": p.kind.value,
                "required": p.required,
                "example": p.example,
            }
            for p in saved.parameters
        ],
        "page": f"{host}q/{saved.name}",
        "answers": {ending: f"{host}q/{saved.name}.{ending}" for ending in forms},
    }


def _gives_graph(saved: SavedQuery) -> bool:
    return outline_of(saved.text, this_service().settings.query_depth).gives_graph


def _query(values: Mapping[str, str]) -> str:
    return f"?{urlencode(sorted(values.items()))}" if values else ""
