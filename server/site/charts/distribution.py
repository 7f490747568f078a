"""How many forces got each grade: one bar a criterion of a cycle, so never two scales in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charts.bars import Bar, Group, Part, Said, stacked
from peelgraph.server.site.charts.drawing import LOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

SCALES: Final = {
    "four-tier": ("outstanding", "good", "requires-improvement", "inadequate"),
    "five-tier": ("outstanding", "good", "adequate", "requires-improvement", "inadequate"),
}
WITHOUT: Final = ("not-graded", "unknown")
"""What a force has that has no grade: it was given none, or none is known here."""
PARTS: Final = {
    slug: Part(short, label, LOOKS[slug])
    for slug, short, label in (
        ("outstanding", "O", "outstanding"),
        ("good", "G", "good"),
        ("adequate", "A", "adequate"),
        ("requires-improvement", "RI", "requires improvement"),
        ("inadequate", "I", "inadequate"),
        ("not-graded", "–", "not graded"),  # noqa: RUF001 - a dash, as in the tables
        ("unknown", "?", "not known here"),
    )
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many forces have each grade for one criterion in one cycle.

    Args:
        cycle: Label of the cycle.
        scale: Slug of its scale.
        criterion: Label of the criterion.
        forces: By slug of the grade, ``not-graded`` and ``unknown`` among them.
    """

    cycle: str
    scale: str
    criterion: str
    forces: Mapping[str, int]

    @property
    def parts(self) -> tuple[tuple[Part, int], ...]:
        """Return the grades of the scale from best to worst, then what is no grade."""
        grades = (*SCALES.get(self.scale, SCALES["five-tier"]), *WITHOUT)
        return tuple((PARTS[slug], self.forces.get(slug, 0)) for slug in grades)


def distribution(said: Said, counted: Sequence[Counted]) -> Element:
    """Return the bars of *counted*, by cycle."""
    groups: dict[tuple[str, str], list[Bar]] = {}
    for each in counted:
        groups.setdefault((each.cycle, each.scale), []).append(Bar(each.criterion, each.parts))
    used = {part.short for each in counted for part, count in each.parts if count}
    return stacked(
        said,
        [Group(f"{cycle} ({scale} scale)", tuple(bars)) for (cycle, scale), bars in groups.items()],
        [part for part in PARTS.values() if part.short in used],
    )
