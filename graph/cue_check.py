"""Cues that do no work: those that never fire, and those that another one hides.

A cue may lie idle because no page has its words, because a longer phrase always wins in its place,
or because its own example is read as something else. A person who adds a cue learns here which.
Of a theme's words it is told which another one covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from peelgraph.graph.reading.opinions import opinions
from peelgraph.graph.reading.phrases import longest
from peelgraph.graph.reading.sentences import Sentence, sentences
from peelgraph.graph.reading.wording import folded, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peelgraph.graph.mapping.cues import WrittenCue
    from peelgraph.graph.reading.context import Cue, ReadingContext, ThemeCues


@dataclass(frozen=True, slots=True)
class CueFault:
    """One thing wrong with a cue: which cue, what is wrong, and the phrase or reading."""

    cue: str
    fault: str
    found: str


def silent_cues(pages: Iterable[str], context: ReadingContext) -> list[CueFault]:
    """Return the cues that fire on no sentence of *pages*."""
    fired = {
        hit.phrase.name
        for page in pages
        for line in lines(page)
        for sentence in sentences(page, line)
        for hit in longest(context.cue_words.hits(sentence.folded))
    }
    return [
        CueFault(cue.slug, "never fires", ", ".join(cue.words + cue.beginnings))
        for cue in context.cues
        if cue.slug not in fired
    ]


def shadowed_cues(context: ReadingContext) -> Iterator[CueFault]:
    """Yield the phrases that two cues share, and single words that a beginning covers.

    The words of themes are held to the same; a cue and a theme may share theirs.
    """
    for listed in (context.cues, context.themes):
        yield from _shared(listed)
        yield from _begun_by_another(listed)


def _shared(cues: tuple[Cue | ThemeCues, ...]) -> Iterator[CueFault]:
    """Yield the phrases that stand under two names, or twice under one."""
    owners: dict[str, list[str]] = {}
    for cue in cues:
        for words in (*cue.words, *cue.beginnings):
            owners.setdefault(folded(words), []).append(cue.slug)
    for words, slugs in owners.items():
        for first, second in combinations(slugs, 2):
            yield CueFault(second, f"has a phrase of {first}", words)


def _begun_by_another(cues: tuple[Cue | ThemeCues, ...]) -> Iterator[CueFault]:
    """Yield the single words that a beginning of word covers already."""
    beginnings = {folded(words): cue.slug for cue in cues for words in cue.beginnings}
    single = [(cue.slug, words) for cue in cues for words in cue.words if " " not in words]
    for slug, words in single:
        for beginning, other in beginnings.items():
            if words.startswith(beginning):
                yield CueFault(slug, f"has a phrase that {other} begins", words)


def misread_examples(written: Iterable[WrittenCue], context: ReadingContext) -> Iterator[CueFault]:
    """Yield the cues whose own example is not read as what the cue speaks for, or lacks the cue."""
    for cue in written:
        example = Sentence.of(cue.example, 0, len(cue.example))
        kinds = {each.kind.value for each in opinions(example, context)}
        fired = {hit.phrase.name for hit in longest(context.cue_words.hits(example.folded))}
        if cue.belongs_to not in kinds:
            yield CueFault(cue.slug, "has an example that is read otherwise", cue.example)
        if cue.slug not in fired:
            yield CueFault(cue.slug, "does not fire on its example", cue.example)


def cue_faults(
    pages: Iterable[str], written: tuple[WrittenCue, ...], context: ReadingContext
) -> list[CueFault]:
    """Return every fault of the cues, the examples counted among the *pages*."""
    examples = "\n".join(cue.example for cue in written)
    return [
        *silent_cues((*pages, examples), context),
        *shadowed_cues(context),
        *misread_examples(written, context),
    ]
