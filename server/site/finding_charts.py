"""The chart of findings: how many there are on each theme, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charted import Chart, Refusal, chosen, force_options
from peelgraph.server.site.charts.bars import Said
from peelgraph.server.site.charts.themes import themes as themes_drawn
from peelgraph.server.site.findings_counted import by_theme, findings, kinds, themes
from peelgraph.server.site.judgments import judgments
from peelgraph.server.site.steps import cycles
from peelgraph.server.site.wording import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = (
    ("theme", ""),
    ("theme_name", "Theme"),
    ("kind", ""),
    ("kind_name", "Kind"),
    ("findings", "Findings"),
)


def theme_chart(arguments: Mapping[str, str]) -> Chart:
    """Return how many findings there are on each theme, of a force or a cycle or of all."""
    every = {"": "All forces"} | force_options()
    force = chosen(arguments, "force", "Force", every, "")
    rounds = {"": "All cycles"} | {each.slug: each.label for each in cycles()}
    cycle = chosen(arguments, "cycle", "Cycle", rounds, "")
    iris = {each.force: each.force.rpartition("/")[2] for each in findings()}
    of_force = next((iri for iri, slug in iris.items() if slug == force.value), force.value)
    of_cycle = next((each.cycle.iri for each in judgments() if each.cycle.slug == cycle.value), "")
    counted = by_theme(of_force, of_cycle)
    known = {slug: theme.name.label for slug, theme in themes().items()}
    ordered = sorted(
        counted, key=lambda slug: (not slug, -counted[slug].total(), known.get(slug, slug))
    )
    labels = {slug: known.get(slug, slug) or "no theme" for slug in ordered}
    rows = tuple(
        (slug, labels[slug], kind, name, str(counted[slug][kind]))
        for slug in ordered
        for kind, name in kinds().items()
        if counted[slug][kind]
    )
    title = f"Findings by theme: {force.words}, {cycle.words}"
    said = Said(
        "themes",
        title,
        f"{len(ordered)} bars, one a theme, with the number of findings of each kind. "
        "The table says the same.",
    )
    drawn = themes_drawn(said, {capital(labels[slug]): counted[slug] for slug in ordered})
    refusal = None
    if not rows:
        refusal = Refusal("No report of this choice has been read, so its findings are not known.")
    return Chart(
        "themes",
        title,
        (force, cycle),
        COLUMNS,
        rows,
        drawn if rows else None,
        refusal,
    )
