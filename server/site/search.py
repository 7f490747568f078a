"""The search page: what was found, with the passage, narrowed and paged."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from peelgraph.server.pages.coverage import coverage
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.kinds import KINDS
from peelgraph.server.site.searching.entries import FAMILIES
from peelgraph.server.site.searching.index import Found
from peelgraph.server.site.searching.shelf import Shelf
from peelgraph.server.site.searching.words import search_for

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from peelgraph.server.site.searching.index import Index
    from peelgraph.server.site.searching.words import Search

pages = Blueprint("search", __name__, template_folder="templates")

SHOWN: Final = 20
MOST_PAGES: Final = 50
LONGEST: Final = 100
"""Digits of the number of a page that are read."""
PATIENCE: Final = 4.0
"""Seconds that the first search of a version waits for its index."""
OPENSEARCH: Final = "application/opensearchdescription+xml"
SHELF: Final = "peelgraph.search"


@pages.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions[SHELF] = Shelf()


@pages.get("/search")
def search() -> Response:
    """Return what is found for the words in the address; whatever they are, no error."""
    wanted = search_for(request.args.get("q", ""))
    if not wanted.words:
        return lasting(lambda: _page(wanted, Found(), ""), HTML.header)
    shelf = cast("Shelf", current_app.extensions[SHELF])
    service = this_service()
    if not shelf.works or service.desk.tag() is None:
        state = "off" if shelf.works else "no-fts5"
        return Response(_page(wanted, Found(), state), content_type=HTML.header)
    for _ in range(2):
        found, exact = shelf.index(service, PATIENCE)
        if found is None:
            break
        try:
            if not exact:
                return _not_kept(_answer(found.index, wanted, found.version))
            return lasting(partial(_answer, found.index, wanted), HTML.header)
        except _Stopped:
            return _not_kept(_page(wanted, Found(stopped=True), ""))
        except sqlite3.Error:
            shelf.drop(service, found.index)
    response = _not_kept(_page(wanted, Found(), "making"))
    response.status_code, response.headers["Retry-After"] = 503, "3"
    return response


@pages.get("/opensearch.xml")
def opensearch() -> Response:
    """Return the description by which a browser offers this search."""
    host = request.host_url.rstrip("/")
    return lasting(lambda: render_template("opensearch.xml", host=host), OPENSEARCH)


class _Stopped(Exception):
    """A search took too long, so that its page is not kept."""


def _answer(index: Index, wanted: Search, older: str = "") -> str:
    """Return the page of one search, in what is served or in the version *older*.

    Raises:
        sqlite3.Error: The index is damaged.
    """
    family, number = _narrowed()
    found = index.find(wanted, family, (number - 1) * SHOWN, SHOWN)
    if number > (last := _last(found, family)):  # behind the last page is the last page
        found = index.find(wanted, family, (last - 1) * SHOWN, SHOWN)
    if found.stopped:
        raise _Stopped
    suggestion = "" if found.counts and found.all_words else index.suggestion(wanted)
    return _page(wanted, found, "", suggestion, older)


def _last(found: Found, family: str) -> int:
    """Return the number of the last page of what was *found*."""
    return min(MOST_PAGES, max(1, -(-_total(found, family) // SHOWN)))


def _total(found: Found, family: str) -> int:
    counts = dict(found.counts)
    return counts.get(family, 0) if family else sum(counts.values())


def _narrowed() -> tuple[str, int]:
    """Return the family and the page that are asked for; what is none of them is passed over."""
    family, page = request.args.get("in", ""), request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= LONGEST else 1
    return family if family in FAMILIES else "", min(max(number, 1), MOST_PAGES)


def _not_kept(page: str) -> Response:
    response = Response(page, content_type=HTML.header)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(wanted: Search, found: Found, state: str, suggestion: str = "", older: str = "") -> str:
    family, number = _narrowed()
    last = _last(found, family)
    number = min(number, last)
    counts = dict(found.counts)
    return render_template(
        "search.html",
        wanted=wanted,
        found=found,
        state=state,
        suggestion=suggestion,
        older=older,
        families=FAMILIES,
        kinds=KINDS,
        counts=counts,
        family=family,
        total=_total(found, family),
        everything=sum(counts.values()),
        number=number,
        first=(number - 1) * SHOWN + 1,
        last=last,
        reach="" if state else coverage(),
        address=_address,
        trail=[],
    )


def _address(text: str, family: str = "", page: int = 1) -> str:
    """Return the address of a search."""
    named = {"q": text, "in": family, "page": "" if page == 1 else str(page)}
    return f"/search?{urlencode({name: value for name, value in named.items() if value})}"
