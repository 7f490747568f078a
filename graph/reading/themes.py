"""What a statement is about, by its words: its themes and the pillar it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.cues import PILLAR_NAMES
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
    named = {hit.phrase.name for hit in context.theme_words.hits(folded(text))}
    return tuple(theme.slug for theme in context.themes if theme.slug in named)


def subject_matter(
    words: str, context: ReadingContext, pillar: str | None, before: Statement | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the criterion and the themes of folded *words* in a section of *pillar*, if any.

    A pillar's section is about the themes of that pillar where its words leave a choice. What has
    no theme of its own, or goes on about the finding *before*, is about what that one is about.
    """
    themes = themes_of(words, context)
    pillars = {each.slug: each.pillar for each in context.themes}
    own = tuple(theme for theme in themes if pillars[theme] == pillar)
    if pillar and own:
        themes = own
    elif before is not None and (not themes or (pillar and GOES_ON.match(words))):
        themes = before.themes
    if pillar:
        return pillar, themes
    named = next((slug for name, slug in PILLAR_NAMES if name in words), None)
    belongs = [pillars[theme] for theme in themes if pillars[theme]]
    by_themes = max(belongs, key=belongs.count) if belongs else None
    return named or by_themes or (before.criterion if before else None), themes
