"""Reading a report with what the bundled tables know: the way in for Python users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.capture import captured_text
from peelgraph.graph.mapping.cues import written_cues, written_themes
from peelgraph.graph.reading import read
from peelgraph.graph.reading.context import (
    AreaName,
    Cue,
    CycleContext,
    ForceNames,
    ReadingContext,
    ThemeCues,
)
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.tables.rows import NOT_GRADED

if TYPE_CHECKING:
    from peelgraph.graph.model import Report
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Cycle


def read_report(text: str) -> Report:
    """Return what *text*, a PEEL report's page as plain text, says.

    Raises:
        NotAReport: the text is no PEEL report, or a cut one.
        UnknownCycle: it is of a cycle the tables do not know.
        UnknownForce: it names no force the tables know.
    """
    return read(captured_text(text), reading_context(bundled_tables()))


def reading_context(tables: Tables) -> ReadingContext:
    """Return what the reader must be told of forces, cycles, themes and cues."""
    names: dict[str, list[str]] = {force.slug: [] for force in tables.peel_forces()}
    for name, slug in tables.force_names().items():
        if slug in names:
            names[slug].append(name)
    return ReadingContext(
        forces=tuple(ForceNames(slug=slug, names=tuple(known)) for slug, known in names.items()),
        cycles=tuple(_cycle_context(tables, cycle) for cycle in tables.cycles.values()),
        themes=tuple(
            ThemeCues(
                slug=each.slug,
                words=each.words,
                beginnings=each.beginnings,
                pillar=each.belongs_to,
            )
            for each in written_themes()
        ),
        cues=tuple(
            Cue(
                slug=each.slug,
                speaks_for=each.belongs_to or "",
                words=each.words,
                beginnings=each.beginnings,
                weight=each.weight,
            )
            for each in written_cues()
        ),
        areas=(
            *(AreaName(name=area.name, code=area.code) for area in tables.areas.values()),
            # one name on most pages, though no area of the table
            AreaName(name="England and Wales"),
        ),
    )


def _cycle_context(tables: Tables, cycle: Cycle) -> CycleContext:
    graded = {
        row.criterion
        for row in tables.grades
        if row.cycle == cycle.slug and row.grade != NOT_GRADED
    }
    return CycleContext(
        slug=cycle.slug,
        years=(cycle.slug.removeprefix("peel-"), *cycle.other_names),
        ordinal=cycle.ordinal,
        scale=cycle.scale,
        inspectorate=cycle.inspectorates[0],
        previous=cycle.previous or None,
        pillars=cycle.pillars,
        ungraded=tuple(pillar for pillar in cycle.pillars if pillar not in graded),
    )
