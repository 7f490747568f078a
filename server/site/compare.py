"""Two forces or more side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.server.pages.lasting import lasting
from peelgraph.server.protocol.errors import RequestError
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.judgments import PILLARS
from peelgraph.server.site.steps import (
    area_cycles,
    by_force,
    cycles,
    pillar_cycles,
    steps_between,
    strips,
    together,
)
from peelgraph.server.site.territory import territorial_forces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.steps import Key
    from peelgraph.server.site.territory import Force

pages = Blueprint("compare", __name__, template_folder="templates")
MOST: Final = 8
"""Forces that are compared at once: more of them are the matrix of grades."""
FEWEST: Final = 2


@pages.get("/compare")
def index() -> Response:
    """Return the forces that the address names, side by side.

    Raises:
        RequestError: There is no such force, or they are too many.
    """
    return lasting(_index, HTML.header)


def _index() -> str:
    chosen = _chosen()
    found = {force.iri: by_force().get(force.iri, {}) for force in chosen}
    every = {key: judged for each in found.values() for key, judged in each.items()}
    criteria = {criterion for _, criterion in every}
    said = steps_between(cycles(), [each for each in PILLARS if each in criteria])
    return render_template(
        "compare.html",
        trail=[("/forces", "Forces")],
        chosen=chosen,
        forces=territorial_forces(),
        choosers=range(min(MOST, max(FEWEST, len(chosen) + 1))),
        pillars=strips(every, found, pillar_cycles(), pillars=True),
        areas=[(cycle, of) for cycle in area_cycles() if (of := _areas(every, found, cycle))],
        pillar_cycles=pillar_cycles(),
        steps=together(said) if chosen else [],
        cycle_names={each.slug: each.label for each in cycles()},
    )


def _areas(
    every: Mapping[Key, Judged], found: Mapping[str, Mapping[Key, Judged]], cycle: Named
) -> list[tuple[Named, dict[str, Judged | None]]]:
    """Return each area of a cycle with the judgments on it by force; other cycles have others."""
    return [
        (criterion, {iri: of[0].judged for iri, of in judged.items()})
        for criterion, judged in strips(every, found, [cycle], pillars=False)
    ]


def _chosen() -> list[Force]:
    """Return the forces that the address names, each once, in its order."""
    known = {force.slug: force for force in territorial_forces()}
    named = list(dict.fromkeys(each for each in request.args.getlist("force") if each))
    unknown = [each for each in named if each not in known]
    if unknown:
        raise RequestError(
            f"there is no territorial force {unknown[0][:100]!r}",
            place="force",
            expected="the last part of its address under /doc/force/, such as kent",
        )
    if len(named) > MOST:
        raise RequestError(
            f"{len(named)} forces are too many to set side by side",
            place="force",
            expected=f"at most {MOST}",
            action="see /grades for all of them",
        )
    return [known[each] for each in named]
