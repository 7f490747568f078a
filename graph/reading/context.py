"""What a reader must be told about forces and cycles: plain frozen objects, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType

from peelgraph.graph.reading.phrases import Lexicon, Phrase
from peelgraph.graph.reading.wording import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceNames:
    """One force: its slug and every name a page may give it, the short one included."""

    slug: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """One area of the gazetteer: its name as pages print it and its statistical code, if any."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCues:
    """One question of a cycle and the phrases by which a page names its subject."""

    key: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeCues:
    """One theme, the words and beginnings of words that bring a statement under it, its pillar."""

    slug: str
    words: tuple[str, ...]
    beginnings: tuple[str, ...] = ()
    pillar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that speak for one type of statement (``speaks_for``, as in JSON), and how strongly."""

    slug: str
    speaks_for: str
    words: tuple[str, ...]
    beginnings: tuple[str, ...] = ()
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleContext:
    """One inspection cycle as its pages show it.

    ``years`` holds the forms in which titles print it (``2018-19``, ``2018``); ``pillars`` the
    pillars that its pages report on and ``ungraded`` those of them that were never to be graded;
    ``previous`` is the slug of the cycle that "last year" means.
    """

    slug: str
    years: tuple[str, ...]
    ordinal: int
    scale: str
    inspectorate: str
    previous: str | None
    pillars: tuple[str, ...]
    ungraded: tuple[str, ...] = ()
    questions: tuple[QuestionCues, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadingContext:
    """Everything that reading needs beyond the page, composed from the tables by the caller."""

    forces: tuple[ForceNames, ...]
    cycles: tuple[CycleContext, ...]
    areas: tuple[AreaName, ...] = ()
    themes: tuple[ThemeCues, ...] = ()
    cues: tuple[Cue, ...] = ()

    @cached_property
    def theme_words(self) -> Lexicon:
        """Every word of every theme, named by the theme."""
        return _lexicon(self.themes)

    @cached_property
    def cue_words(self) -> Lexicon:
        """Every phrase of every cue, named by the cue."""
        return _lexicon(self.cues)

    @cached_property
    def cue_of(self) -> MappingProxyType[str, Cue]:
        """The cues by their slugs."""
        return MappingProxyType({cue.slug: cue for cue in self.cues})

    def __getstate__(self) -> dict[str, object]:
        """Return what another process needs: the fields, without what is made of them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def _lexicon(known: tuple[Cue, ...] | tuple[ThemeCues, ...]) -> Lexicon:
    """Return the words of *known*, each named by the slug of what it belongs to."""
    return Lexicon(
        tuple(
            Phrase(folded(words), each.slug, whole)
            for each in known
            for group, whole in ((each.words, True), (each.beginnings, False))
            for words in group
        )
    )
