"""What a report says, as plain frozen objects: the meeting point of reading and mapping.

Offsets are code points of the captured text, from 0, end excluded. Slugs are those of the
tables and schemes (``kent``, ``peel-2015``, ``legitimacy``, ``good``). Nothing here knows RDF.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

CONTEXT_LENGTH = 32  # code points of prefix and suffix around a quote (MODEL: text quote selector)


class StatementType(StrEnum):
    """The kinds of statement a page makes, by their ``type`` in JSON."""

    GRADE = "grade"
    STRENGTH = "strength"
    AREA_FOR_IMPROVEMENT = "area-for-improvement"
    CAUSE_OF_CONCERN = "cause-of-concern"
    RECOMMENDATION = "recommendation"
    INNOVATIVE_PRACTICE = "innovative-practice"
    LOOK_AHEAD = "look-ahead"
    PLAN_PRIORITY = "plan-priority"
    EXCEPTIONAL_EVENT = "exceptional-event"
    COLLABORATION = "collaboration"
    FIGURE = "figure"
    PLACE = "place"
    DATE = "date"
    INSPECTION = "inspection"
    REPORT = "report"
    CONTEXT = "context"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedVersion:
    """One source as it was captured: its bytes, its plain text, where and when.

    ``sha256`` is of the text's UTF-8 bytes, in lower-case hexadecimal; ``source`` is the address
    or ``None`` for a local file; ``retrieved`` is timezone-aware UTC.
    """

    text: str
    content: bytes = field(repr=False)
    sha256: str
    media_type: str
    source: str | None
    retrieved: dt.datetime

    @property
    def sha12(self) -> str:
        """The first twelve digits of the digest, as they stand in IRIs."""
        return self.sha256[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One headed part of a report; ``kind`` is a concept of the section-kind scheme."""

    slug: str
    heading: str
    kind: str
    order: int
    start: int
    end: int
    modified: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of captured text with its surroundings; ``section`` is a section's slug."""

    start: int
    end: int
    text: str
    prefix: str
    suffix: str
    section: str

    @classmethod
    def of(cls, text: str, start: int, end: int, section: str) -> Passage:
        """Return the passage of *text* from *start* to *end*, with 32 code points either side."""
        return cls(
            start=start,
            end=end,
            text=text[start:end],
            prefix=text[max(0, start - CONTEXT_LENGTH) : start],
            suffix=text[end : end + CONTEXT_LENGTH],
            section=section,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing a page says in one place, and the rule that found it.

    ``key`` names what is stated, so that one statement found in two places has one ``id``; for a
    statement known by its words it is the normalised words. ``method`` is rule name and version
    (``grade-summary/1``); ``confidence`` runs from 0 to 1. ``criterion`` is a pillar slug or a
    question key such as ``effectiveness-1``.
    """

    type: StatementType
    passage: Passage
    method: str
    confidence: float
    criterion: str | None = None
    themes: tuple[str, ...] = ()
    key: str = ""

    @property
    def id(self) -> str:
        """The statement's identity: its type and a hash of what it states."""
        return f"{self.type}-{hash10(self.key or normalised(self.passage.text))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentStatement(Statement):
    """A grade, or the reason why there is none, for one criterion of one cycle.

    ``cycle`` may be an earlier one than the report's (last year's grade quoted). ``grade`` is a
    code of that cycle's scale or ``not-graded``; ``status`` a concept of grade-status.
    """

    cycle: str
    grade: str
    status: str
    carried_over_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollaborationStatement(Statement):
    """A shared arrangement with another force; ``other_force`` is its slug, if known."""

    other_force: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureStatement(Statement):
    """A stated quantity: ``value`` as a plain decimal, ``unit`` and ``quantity`` as slugs.

    ``refers_to`` is the year that the sentence is about, as ``year/2015`` or
    ``government-year/2014-2015``.
    """

    value: str
    unit: str
    quantity: str
    refers_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStatement(Statement):
    """A place that a sentence names; ``area`` is its statistical code, if known."""

    name: str
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateStatement(Statement):
    """A printed date and what it dates (``last-updated``, ``published``)."""

    date: dt.date
    dates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was read from one captured version.

    ``slug`` is ``{cycle}-{force}`` (with ``-{pillar}`` for a page about one pillar);
    ``inspectorate`` is ``hmic`` or ``hmicfrs``; ``warnings`` are sentences for the user.
    """

    slug: str
    title: str
    force: str
    cycle: str
    inspectorate: str
    version: CapturedVersion
    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    issued: dt.date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionedDateStatement(Statement):
    """A day, month, year or span that a sentence names, in ISO 8601 (``2016-05``)."""

    date: str
    dates: str = "mentioned"


def normalised(text: str) -> str:
    """Return *text* folded for comparison: case, white space and closing punctuation removed.

    >>> normalised("Kent  Police is good.")
    'kent police is good'
    """
    return re.sub(r"\s+", " ", text).strip().rstrip(".;:, ").casefold()


def hash10(text: str) -> str:
    """Return the first ten hexadecimal digits of SHA-256 of *text* in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]
