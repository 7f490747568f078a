"""The list of police forces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.server.pages.lasting import lasting
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.judgments import PILLARS
from peelgraph.server.site.steps import by_force, pillar_cycles
from peelgraph.server.site.territory import forces, one_of, rdf_forms, territorial_forces
from peelgraph.server.site.timelines import dated, timed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.territory import Force

pages = Blueprint("forces", __name__, template_folder="templates")
pages.add_app_template_filter(dated)
pages.add_app_template_filter(timed)
GRADED: Final = PILLARS[:3]
"""Pillars that have grades."""


@pages.get("/forces")
def index() -> Response:
    """Return the list of forces that fits the filters of the address."""
    return lasting(_index, HTML.header)


def _index() -> str:
    listed, others = territorial_forces(), [each for each in forces() if not each.territorial]
    words = request.args.get("q", "").strip()
    countries = _places(each.country for each in listed)
    regions = _places(each.region for each in listed)
    country = one_of("country", request.args.get("country", ""), countries)
    region = one_of("region", request.args.get("region", ""), regions)
    shown = [
        (each, latest(each))
        for each in listed
        if words.casefold() in f"{each.name} {each.welsh}".casefold()
        and country in {"", each.country.slug}
        and region in {"", each.region.slug}
    ]
    return render_template(
        "forces.html",
        trail=[],
        alternates=rdf_forms("/id/force"),
        shown=shown,
        count=len(listed),
        others=others,
        words=words,
        countries=countries,
        regions=regions,
        country=country,
        region=region,
        pillars=GRADED,
        newest=next(reversed(pillar_cycles()), None),
    )


def latest(force: Force) -> dict[str, Judged]:
    """Return the latest judgment on each pillar of *force* that has a grade, by pillar."""
    found: dict[str, Judged] = {}
    known = by_force().get(force.iri, {})
    for (_, criterion), judged in sorted(known.items(), key=lambda item: item[1].ordinal):
        if criterion in GRADED and judged.rank is not None:
            found[criterion] = judged
    return found


def _places(places: Iterable[Named]) -> dict[str, str]:
    """Return labels by slug, sorted by label."""
    found = {place.slug: place.label for place in places if place.slug}
    return dict(sorted(found.items(), key=lambda item: item[1]))
