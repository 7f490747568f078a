"""Themes by the words of a statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from peelgraph.graph.reading.context import ReadingContext


def themes_of(text: str, context: ReadingContext) -> tuple[str, ...]:
    """Return the slugs of the themes that a word of *text* belongs to, in the context's order.

    A cue matches at the beginning of a word, so that "investigat" covers its inflections.
    """
    words = folded(text)
    return tuple(
        theme.slug
        for theme in context.themes
        if any(re.search(rf"\b{re.escape(cue)}", words) for cue in theme.words)
    )
