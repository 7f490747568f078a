"""What the editor completes: the classes and properties of the loaded version, and prefixes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response
from rdflib.namespace import GEO

from peelgraph.graph.errors import LimitError
from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import Iris, statistical_geography
from peelgraph.graph.namespaces import WGS84
from peelgraph.server.api.places import places
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.site.outlines import outlines, said_of

if TYPE_CHECKING:
    from peelgraph.server.pages.terms import Row

pages = Blueprint("terms", __name__)
QUERIES: Final = "peelgraph.server.api.queries"


@pages.get("/api/terms.json")
def terms() -> Response:
    """Return the classes and properties that queries can use, with labels and prefixes."""
    return lasting(_terms, "application/json")


@pages.get("/api/places.json")
def middles() -> Response:
    """Return the middle of each force's area and of each area, by IRI: longitude, latitude."""
    return lasting(lambda: json.dumps(dict(places())), "application/json")


@pages.get("/api/outlines.json")
def areas() -> Response:
    """Return the rings of each area with an outline, the area of each force, and what to say."""
    return lasting(_areas, "application/json")


def _areas() -> str:
    known = outlines()
    return json.dumps(
        {
            "attribution": " ".join(said_of(known.values())),
            "areas": {force: each.area for force, each in known.items()},
            "outlines": {each.area: each.rings for each in known.values()},
        },
        ensure_ascii=False,
    )


def _terms() -> str:
    found: dict[str, dict[str, dict[str, str]]] = {"class": {}, "property": {}}
    for row in (*_used(), *rows(f"{QUERIES}/terms.rq")):
        term = found[str(row["kind"])].setdefault(str(row["term"]), {"iri": str(row["term"])})
        for name in ("label", "definition"):
            if name in row:
                term.setdefault(name, str(row[name]))
    return json.dumps(
        {
            "prefixes": _prefixes(),
            "classes": _sorted(found["class"]),
            "properties": _sorted(found["property"]),
        },
        ensure_ascii=False,
    )


def _used() -> tuple[Row, ...]:
    """Return what the data uses; a version may be too large to look through it all."""
    try:
        return rows(f"{QUERIES}/used-terms.rq")
    except LimitError:
        return ()


def _sorted(terms: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    return [terms[iri] for iri in sorted(terms)]


def _prefixes() -> dict[str, str]:
    iris = Iris(this_service().base)
    own = {name: f"{iris.base}/id/{name}/" for name in ("force", "cycle", "report", "inspection")}
    own |= {name: f"{iris.base}/def/{name}/" for name in ("pillar", "theme", "question", "grade")}
    own["area"] = statistical_geography("")
    return dict(sorted({**prefixes(iris), **own, "geo": str(GEO), "wgs84": str(WGS84)}.items()))
