"""What a reader must be told about forces and cycles: plain frozen objects, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field

from peelgraph.graph.reading import cues


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceNames:
    """One force: its slug and every name a page may give it, the short one included."""

    slug: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCues:
    """One question of a cycle and the phrases by which a page names its subject."""

    key: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeCues:
    """One theme and the words that bring a statement under it."""

    slug: str
    words: tuple[str, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """Everything that reading needs beyond the page, composed from the tables by the caller."""

    forces: tuple[ForceNames, ...]
    cycles: tuple[CycleContext, ...]
    themes: tuple[ThemeCues, ...] = field(
        default=tuple(ThemeCues(slug=slug, words=words) for slug, words in cues.THEMES)
    )
