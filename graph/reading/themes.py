"""Themes by the words of a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from peelgraph.graph.reading.context import ReadingContext


def themes_of(text: str, context: ReadingContext) -> tuple[str, ...]:
    """Return the slugs of the themes that a word of *text* belongs to, in the context's order."""
    named = {hit.phrase.name for hit in context.theme_words.hits(folded(text))}
    return tuple(theme.slug for theme in context.themes if theme.slug in named)


def pillar_by_themes(themes: tuple[str, ...], context: ReadingContext) -> str | None:
    """Return the pillar to which most of *themes* belong, the first among equals."""
    pillars = [each.pillar for each in context.themes if each.slug in themes and each.pillar]
    return max(pillars, key=pillars.count) if pillars else None
