"""What a statement is about, by its words: its themes and the pillar it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.cues import PILLAR_NAMES
from peelgraph.graph.reading.phrases import longest
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from peelgraph.graph.model import Statement
    from peelgraph.graph.reading.context import ReadingContext

# A sentence that opens so goes on about what the one before it was about.
GOES_ON: Final = re.compile(
    r"(?:however, |importantly, |in particular, |also, )?(?:this|these|that|it|its|they|their)\b"
)


def themes_of(text: str, context: ReadingContext) -> tuple[str, ...]:
    """Return the slugs of the themes that a word of *text* belongs to, in the context's order."""
    return _ordered(_named(folded(text), context), context)


def _ordered(named: list[str], context: ReadingContext) -> tuple[str, ...]:
    """Return the themes that are *named*, each once, in the context's order."""
    return tuple(theme.slug for theme in context.themes if theme.slug in named)


def _named(words: str, context: ReadingContext) -> list[str]:
    """Return the theme of each word of folded *words* that has one, by place."""
    return [hit.phrase.name for hit in longest(context.theme_words.hits(words))]


def subject_matter(
    words: str, context: ReadingContext, pillar: str | None, before: Statement | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the criterion and the themes of folded *words* in a section of *pillar*, if any.

    A pillar's section is about the themes of that pillar where its words leave a choice. What has
    no theme of its own, or goes on about the finding *before*, is about what that one is about.
    """
    by_place = _named(words, context)
    themes = _ordered(by_place, context)
    pillars = {each.slug: each.pillar for each in context.themes}
    own = tuple(theme for theme in themes if pillars[theme] == pillar)
    if pillar and own:
        themes = own
    elif before is not None and (not themes or (pillar and GOES_ON.match(words))):
        themes = before.themes
    if pillar and not themes:
        themes = _only_theme(pillar, context)
    if pillar:
        return pillar, themes
    named = next((slug for name, slug in PILLAR_NAMES if name in words), None)
    placed = dict.fromkeys(theme for theme in by_place if theme in themes)
    belongs = [pillars[theme] for theme in (*placed, *themes) if pillars[theme]]
    by_themes = max(belongs, key=belongs.count) if belongs else None
    return named or by_themes or (before.criterion if before else None), themes


def _only_theme(pillar: str, context: ReadingContext) -> tuple[str, ...]:
    """Return the theme of a pillar that has no other: what else would its section be about?"""
    own = tuple(theme.slug for theme in context.themes if theme.pillar == pillar)
    return own if len(own) == 1 else ()
