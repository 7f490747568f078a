"""How many findings there are on each theme, by their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charts.bars import Bar, Group, Part, Said, stacked
from peelgraph.server.site.charts.drawing import PAPER, Look

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

KINDS: Final = {
    slug: Part(short, label, look)
    for slug, short, label, look in (
        ("cause-of-concern", "C", "cause of concern", Look("#8f1d1d", PAPER)),
        ("area-for-improvement", "A", "area for improvement", Look("#f6bd85")),
        ("recommendation", "R", "recommendation", Look("#d8c6ee")),
        ("innovative-practice", "P", "innovative practice", Look("#0b5394", PAPER)),
        ("strength", "S", "strength", Look("#b9e3c1")),
        ("look-ahead", "L", "look ahead", Look("#cfe6f7")),
        ("context", "X", "context", Look("", "")),
    )
}
OTHER: Final = Part("?", "of another kind", Look("", ""))


def themes(said: Said, counted: Mapping[str, Mapping[str, int]]) -> Element:
    """Return a bar for each theme of *counted*: findings by slug of their kind, by label."""
    bars = []
    for theme, kinds in counted.items():
        known = [(part, kinds.get(slug, 0)) for slug, part in KINDS.items()]
        other = sum(count for slug, count in kinds.items() if slug not in KINDS)
        bars.append(Bar(theme, (*known, (OTHER, other))))
    used = {part.label for bar in bars for part, count in bar.parts if count}
    key = [part for part in (*KINDS.values(), OTHER) if part.label in used]
    return stacked(said, [Group("", tuple(bars))], key)
