"""The page about one police force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template

from peelgraph.server.pages.asking import rows
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.called import called
from peelgraph.server.site.judgments import PILLARS, QUERIES, Named, named
from peelgraph.server.site.steps import (
    area_cycles,
    by_force,
    cycles,
    pillar_cycles,
    steps_between,
    strips,
    together,
)
from peelgraph.server.site.territory import (
    force_iri,
    forces,
    rdf_forms,
    territorial_forces,
)
from peelgraph.server.site.timelines import timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdflib import URIRef

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.steps import Step
    from peelgraph.server.site.territory import Force


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of the inspections of one force in one cycle."""

    cycle: Named
    inspectors: tuple[str, ...]
    dates: tuple[str, ...]


def force_page(force: str) -> str:
    """Return the page about a force.

    Raises:
        PageNotFound: The version has no such force.
    """
    iri = force_iri(force)
    described = next((each for each in forces() if each.iri == str(iri)), None)
    if described is None:
        raise PageNotFound(
            f"there is no police force {force[:100]!r}", action="see /forces for those there are"
        )
    said = _said(iri)
    inspected = inspections_of(iri)
    return render_template(
        "force.html",
        trail=[("/forces", "Forces")],
        alternates=rdf_forms(f"/doc/force/{force}"),
        force=described,
        name=described.name,
        said=said,
        inspected=inspected,
        timeline=timeline({each.cycle.label: each.dates for each in inspected}),
        neighbours=_neighbours(described),
        datasets=rows(f"{QUERIES}/force-datasets.rq", force=iri),
        **_graded(described),
        **_found(iri, inspected),
    )


def inspections_of(iri: URIRef) -> list[Inspected]:
    """Return what is known of the inspections of a force, cycle by cycle, the first one first."""
    cycle: dict[str, Named] = {}
    inspectors: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(f"{QUERIES}/force-inspections.rq", force=iri):
        one = named(row, "cycle")
        cycle[one.slug] = one
        if "inspectorate_name" in row:
            inspectors[one.slug][row["inspectorate"].value] = row["inspectorate_name"].value
    dates: dict[str, set[str]] = defaultdict(set)
    for (slug, _), judged in by_force().get(str(iri), {}).items():
        cycle.setdefault(slug, judged.cycle)
        if judged.issued:
            dates[slug].add(judged.issued)
    return [
        Inspected(one, _called(inspectors[slug], dates[slug], one.iri), tuple(sorted(dates[slug])))
        for slug, one in cycle.items()
    ]


def _called(names: Mapping[str, str], dates: Iterable[str], cycle: str) -> tuple[str, ...]:
    """Return what inspectorates, here with their present names, were called at the time."""
    first = min(dates, default="")
    return tuple(called(name, iri, first, cycle) for iri, name in names.items())


def _said(iri: URIRef) -> dict[str, list[dict[str, str]]]:
    """Return what is said of a force by relation: texts of thing, label and note."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(f"{QUERIES}/force.rq", force=iri):
        said = {part: _text(row, part) for part in ("thing", "label", "note")}
        found[row["relation"].value].append(said)
    return found


def _text(row: Row, variable: str) -> str:
    return row[variable].value if variable in row else ""


def _graded(force: Force) -> dict[str, object]:
    """Return what the page says of the grades of a force."""
    found = by_force().get(force.iri, {})
    pillars = strips(found, {"": found}, pillar_cycles(), pillars=True)
    areas = strips(found, {"": found}, area_cycles(), pillars=False)
    criteria = {criterion for _, criterion in found}
    said = steps_between(cycles(), [each for each in PILLARS if each in criteria])
    return {
        "judged": len(found),
        "pillars": [(criterion, cells[""]) for criterion, cells in pillars],
        "areas": [(criterion, cells[""]) for criterion, cells in areas],
        "pillar_cycles": pillar_cycles(),
        "area_cycles": area_cycles(),
        "cycle_names": {each.slug: each.label for each in cycles()},
        "breaks": _breaks(said) if pillars and areas else [],
        "compared": together(said),
    }


def _breaks(said: Sequence[Step]) -> list[Step]:
    """Return the step from the strip of pillars to that of areas, where it does not compare."""
    first, second = pillar_cycles()[-1].slug, area_cycles()[0].slug
    return [
        step
        for step in said
        if (step.first, step.second, step.criterion) == (first, second, "")
        and step.level == "not-comparable"
    ]


def _found(iri: URIRef, inspected: Sequence[Inspected]) -> dict[str, object]:
    """Return what the page says of findings: counts by theme and type."""
    themes = {row["theme"].value: named(row, "theme") for row in rows(f"{QUERIES}/themes.rq")}
    themes[""] = Named("", "", "no theme")
    kinds: dict[str, Named] = {}
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(f"{QUERIES}/finding-counts.rq", force=iri):
        theme, kind = named(row, "theme") if "theme" in row else themes[""], named(row, "type")
        themes.setdefault(theme.iri, theme)
        kinds[kind.slug] = kind
        counts[theme.iri][kind.slug] = int(row["findings"].value)
    read = rows(f"{QUERIES}/finding-cycles.rq", force=iri)
    context = sum(int(row["context"].value) for row in read)
    cycles_read = {row["cycle"].value for row in read}
    return {
        "kinds": sorted(kinds.values(), key=lambda kind: kind.label),
        "themes": [
            (one, counts[one.iri], sum(counts[one.iri].values())) for one in themes.values()
        ],
        "findings": sum(int(row["findings"].value) for row in read) - context,
        "context": context,
        "unread": [each.cycle.label for each in inspected if each.cycle.iri not in cycles_read],
    }


def _neighbours(force: Force) -> list[Force]:
    """Return the other forces of the region, where the force has one."""
    if not force.region.iri:
        return []
    return [
        each
        for each in territorial_forces()
        if each.region.iri == force.region.iri and each.iri != force.iri
    ]
