"""The grades of all forces in one table: as a page, as CSV and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from peelgraph.server.pages.asking import text_of
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.protocol.spreadsheet import CSV, csv_of
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.matrix import PARAMETERS, choices_of, matrix_of, wanted_by
from peelgraph.server.site.outlines import outline_map
from peelgraph.server.site.steps import (
    area_cycles,
    cycles,
    pillar_cycles,
    steps_between,
    together,
)
from peelgraph.server.site.territory import no_other, one_of
from peelgraph.server.site.tiles import tile_map
from peelgraph.server.site.wording import capital

if TYPE_CHECKING:
    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.matrix import Matrix
    from peelgraph.server.site.steps import Step

pages = Blueprint("grades", __name__, template_folder="templates")
JSON: Final = "application/json"
MAP: Final = "map"
MAPS: Final = ("tiles", "outline")
"""What the map is drawn as; outlines where they have been imported and nothing else is asked."""
FIELDS: Final = (
    "force",
    "force_name",
    "cycle",
    "cycle_name",
    "criterion",
    "criterion_name",
    "grade",
    "letter",
    "rank",
    "scale",
    "status",
    "issued",
    "judgment",
)


@pages.get("/grades")
def index() -> Response:
    """Return the matrix of grades that fits the address."""
    return lasting(_index, HTML.header)


@pages.get("/grades.csv")
def as_csv() -> Response:
    """Return what the page of the same parameters shows, a row a judgment."""
    response = lasting(_csv, CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="grades.csv"'
    return response


@pages.get("/grades.json")
def as_json() -> Response:
    """Return what the page of the same parameters shows, an object a judgment."""
    return lasting(_json, JSON)


def _index() -> str:
    matrix = _wanted(MAP)
    wanted, choices = matrix.wanted, choices_of(matrix.wanted.cycle)
    query = text_of(f"{QUERIES}/judgments.rq", this_service().base)
    asked = {name: value for name in PARAMETERS if (value := getattr(wanted, name))}
    return render_template(
        "grades.html",
        trail=[],
        alternates=[("text/csv", _address("csv", asked)), (JSON, _address("json", asked))],
        matrix=matrix,
        wanted=wanted,
        said=[capital(choices[name][value]) for name, value in asked.items()],
        choices=choices,
        of_pillars=matrix.of_pillars,
        pillar_cycles=pillar_cycles(),
        columns=sum(len(group.cycles) for group in matrix.groups),
        later=_later(wanted.country),
        **_map(matrix, asked),
        steps=_said(matrix),
        cycle_names={each.slug: each.label for each in cycles()},
        csv=_address("csv", asked),
        excel=_address("csv", asked | {"excel": "1"}),
        json=_address("json", asked),
        query=query,
        ask=f"/sparql?{urlencode({'query': query})}",
    )


def _address(form: str, asked: dict[str, str]) -> str:
    query = urlencode(asked)
    return f"/grades.{form}?{query}" if query else f"/grades.{form}"


def _later(country: str) -> list[tuple[Named, str]]:
    """Return the cycles that judged areas, each with the address of its grades in *country*."""
    narrowed = {"country": country} if country else {}
    addresses = [urlencode({"cycle": cycle.slug} | narrowed) for cycle in area_cycles()]
    return [
        (cycle, f"/grades?{address}")
        for cycle, address in zip(area_cycles(), addresses, strict=True)
    ]


def _map(matrix: Matrix, asked: dict[str, str]) -> dict[str, object]:
    """Return the map of the leading column: of the areas where there are outlines, or of tiles.

    It says which was chosen, and the address of the other one.
    """
    chosen = one_of(MAP, request.args.get(MAP, ""), MAPS)
    if matrix.leading is None:
        return {"map": None}
    criterion, cycle = matrix.leading
    outlined = outline_map(cycle, criterion)
    shown = "tiles" if outlined is None else chosen or "outline"
    other = "tiles" if shown == "outline" else "outline"
    return {
        "map": outlined if shown == "outline" else tile_map(cycle, criterion),
        "outlined": shown == "outline",
        "chosen_map": chosen,
        "other_map": f"/grades?{urlencode(asked | {MAP: other})}#map" if outlined else "",
    }


def _said(matrix: Matrix) -> list[tuple[Step, str]]:
    """Return what is said of the steps between the cycles shown side by side."""
    said = [
        step
        for group in matrix.groups
        for step in steps_between(group.cycles, [group.criterion.slug])
    ]
    return together(dict.fromkeys(said))


def _csv() -> bytes:
    excel = one_of("excel", request.args.get("excel", ""), ["1"]) == "1"
    shown = [list(_fields(each).values()) for each in _wanted().shown]
    return csv_of(FIELDS, shown, excel=excel)


def _json() -> str:
    matrix = _wanted()
    asked = {name: getattr(matrix.wanted, name) for name in PARAMETERS}
    shown = [_fields(each) | {"rank": each.rank} for each in matrix.shown]
    return json.dumps({"parameters": asked, "judgments": shown}, ensure_ascii=False)


def _wanted(*also: str) -> Matrix:
    no_other(request.args, [*PARAMETERS, "excel", *also])
    return matrix_of(wanted_by(request.args))


def _fields(judged: Judged) -> dict[str, str]:
    """Return the cells of a row, in the order of ``FIELDS``."""
    values = (
        judged.force.slug,
        judged.force.label,
        judged.cycle.slug,
        judged.cycle.label,
        judged.criterion.slug,
        judged.criterion.label,
        judged.grade.slug,
        judged.letter,
        "" if judged.rank is None else str(judged.rank),
        judged.scale,
        judged.status,
        judged.issued,
        judged.iri,
    )
    return dict(zip(FIELDS, values, strict=True))
