"""What programs look for first: the site map, robots' rules, the search description."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, render_template, request

from peelgraph.graph.dumps.listing import ADDRESSES
from peelgraph.graph.dumps.packing import unpacked
from peelgraph.graph.saved import saved_queries
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.pages.versions import files_of, served
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.findings_counted import themes
from peelgraph.server.site.wording import local

if TYPE_CHECKING:
    from collections.abc import Iterator

pages = Blueprint("discovery", __name__, template_folder="templates")
XML: Final = "application/xml; charset=utf-8"
MOST: Final = 50_000
"""Addresses that one file of a site map may hold."""
OWN: Final = (
    *("/", "/forces", "/grades", "/compare", "/themes", "/query", "/data", "/ontology", "/api"),
    *("/findings", "/charts", "/quality", "/catalogue", "/q/", "/problems/"),
)
PART: Final = re.compile("[1-9][0-9]{0,5}")


@pages.get("/sitemap.xml")
def site_map() -> Response:
    """Return the addresses of all pages; of many, the parts that they are listed in."""

    def made() -> str:
        found = list(islice(_addresses(), MOST + 1))
        if len(found) <= MOST:
            return _listed(found)
        parts = -(-sum(1 for _ in _addresses()) // MOST)
        return render_template("sitemap-index.xml", parts=range(1, parts + 1), host=_host())

    return lasting(made, XML, _name())


@pages.get("/sitemap-<number>.xml")
def site_map_part(number: str) -> Response:
    """Return one part of a large site map, from 1."""
    part = int(number) if PART.fullmatch(number) else 0

    def made() -> str:
        found = list(islice(_addresses(), MOST * (part - 1), MOST * part)) if part else []
        if not found:
            raise PageNotFound("the site map has no such part", action="see /sitemap.xml")
        return _listed(found)

    return lasting(made, XML, _name())


@pages.get("/robots.txt")
def robots() -> Response:
    """Tell robots what is worth reading, and where the site map is."""
    body = render_template("robots.txt", host=_host())
    return Response(body, content_type="text/plain; charset=utf-8")


def _host() -> str:
    return request.host_url.rstrip("/")


def _name() -> str:
    """Return what decides the site map beside the address: the version."""
    return "" if this_service().dumps is None else served().name


def _listed(paths: list[str]) -> str:
    return render_template("sitemap.xml", paths=paths, host=_host())


def _addresses() -> Iterator[str]:
    """Yield the path of every page: those of the site, then those of things, in their order."""
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    yield from (path for path in OWN if path in known)
    yield from (f"/q/{name}" for name in saved_queries(this_service().base))
    if this_service().dumps is None:
        return
    yield from (f"/def/theme/{theme}" for theme in themes())
    files = files_of(served().name)
    rest = b""
    for piece in unpacked(files.folder / f"{ADDRESSES}.gz"):
        *lines, rest = (rest + piece).split(b"\n")
        yield from (local(line.decode()) for line in lines)
