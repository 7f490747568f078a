"""The page about one inspection: of a force in a cycle, or of one pillar of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template

from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.called import called
from peelgraph.server.site.findings_by_kind import findings_of
from peelgraph.server.site.judgments import PILLARS, QUERIES, Named, named
from peelgraph.server.site.steps import by_force, cycles, steps, together
from peelgraph.server.site.territory import cycle_iri, force_iri, rdf_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib import URIRef

    from peelgraph.server.pages.terms import Row, Term
    from peelgraph.server.site.judgments import Judged
    from peelgraph.server.site.steps import Step


@dataclass(frozen=True, slots=True)
class Assessed:
    """A judgment, and how it is known: the terms that ``force-judgments.rq`` names."""

    judged: Judged
    known: Row


def inspection_page(cycle: str, force: str, pillar: str = "") -> str:
    """Return the page about the inspection of a force in a cycle, or of one *pillar* in it.

    Raises:
        PageNotFound: The version knows nothing of it.
    """
    where, when = force_iri(force), cycle_iri(cycle)
    document = f"/doc/inspection/{cycle}/{force}" + (f"/{pillar}" if pillar else "")
    own = this_service().base + document.replace("/doc/", "/id/", 1)
    known = rows(f"{QUERIES}/force-inspections.rq", force=where, cycle=when)
    held = [row for row in known if row["inspection"].value == own]
    if not held:
        raise PageNotFound(
            f"no inspection of {force[:100]!r} in {cycle[:100]!r}"
            + (f" of its {pillar[:100]}" if pillar else "")
            + " is known",
            action="see the page of the force for those that are",
        )
    assessed = _assessed(where, when, pillar)
    found = findings_of(where, when, pillar)
    about, cycle_name = named(held[0], "force"), named(held[0], "cycle")
    dates = sorted({each.judged.issued for each in assessed if each.judged.issued})
    return render_template(
        "inspection.html",
        trail=_trail(about, cycle_name, pillar),
        alternates=rdf_forms(document),
        force=about,
        cycle=cycle_name,
        pillar=pillar,
        held=held[0],
        parts=_several(known, "pillar"),
        title=f"{about.label}, {cycle_name.label}" + (f", {pillar}" if pillar else ""),
        inspectors=[
            (each.iri, called(each.label, each.iri, min(dates, default=""), cycle_name.iri))
            for each in _several(held, "inspectorate")
        ],
        authorities=_several(held, "authority"),
        dates=dates,
        assessed=assessed,
        reports=_reports(where, str(when), pillar),
        found=found,
        steps=together(_steps(cycle, pillar, assessed)),
        cycle_names={each.slug: each.label for each in cycles()},
    )


def _trail(force: Named, cycle: Named, pillar: str) -> list[tuple[str, str]]:
    above = [("/forces", "Forces"), (f"/doc/force/{force.slug}", force.label[:200])]
    if pillar:
        above.append((f"/doc/inspection/{cycle.slug}/{force.slug}", cycle.label[:200]))
    return above


def _several(held: Iterable[Row], variable: str) -> list[Named]:
    """Return the things that *variable* names, each once."""
    found = [named(row, variable) for row in held if variable in row]
    return list({each.iri: each for each in found}.values())


def _assessed(force: URIRef, cycle: URIRef, pillar: str) -> list[Assessed]:
    """Return the judgments of an inspection: each pillar, then its questions."""
    known = {
        row["judgment"].value: row
        for row in rows(f"{QUERIES}/force-judgments.rq", force=force, cycle=cycle)
    }
    judged = [
        each
        for each in by_force().get(str(force), {}).values()
        if each.cycle.iri == str(cycle) and pillar in {"", each.pillar}
    ]
    order = {pillar: place for place, pillar in enumerate(PILLARS)}
    judged.sort(
        key=lambda one: (
            order.get(one.pillar, len(order)),
            not one.of_pillar,
            one.criterion.slug if one.pillar else one.criterion.label,
        )
    )
    nothing: dict[str, Term] = {}
    return [Assessed(each, known.get(each.iri, nothing)) for each in judged]


def _reports(force: URIRef, cycle: str, pillar: str) -> list[Row]:
    """Return the reports of an inspection; those of one pillar and those of all of them."""
    return [
        row
        for row in rows(f"{QUERIES}/force-reports.rq", force=force)
        if "cycle" in row
        and row["cycle"].value == cycle
        and (not pillar or _last(row, "criterion") in {"", pillar})
    ]


def _last(row: Row, variable: str) -> str:
    return row[variable].value.rpartition("/")[2] if variable in row else ""


def _steps(cycle: str, pillar: str, assessed: Sequence[Assessed]) -> list[Step]:
    """Return the steps to and from a cycle: of the pillars judged, or else of all."""
    criteria = {pillar} if pillar else {each.judged.pillar for each in assessed}
    found = [step for step in steps().values() if cycle in {step.first, step.second}]
    special = {(step.first, step.second) for step in found if step.criterion in criteria - {""}}
    return [
        step
        for step in found
        if step.criterion in criteria - {""}
        or (not step.criterion and (step.first, step.second) not in special)
    ]
