"""A page cut into headed sections that cover it without gap or overlap."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Section
from peelgraph.graph.reading import cues
from peelgraph.graph.reading.questions import named_by
from peelgraph.graph.reading.wording import BULLET, folded

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from peelgraph.graph.reading.context import QuestionCues
    from peelgraph.graph.reading.wording import Line

# Headings as pages print them (folded), the slug of their section and its kind.
HEADINGS: Final = (
    (r"(?:hmi's|hm inspector's|my) observations", "inspector-observations"),
    (r"description of (?:the )?force area|force area description", "area-description"),
    (r"exceptional events", "exceptional-events"),
    (r"working arrangements", "working-arrangements"),
    (r"effectiveness|efficiency|legitimacy", "pillar"),
    (r"leadership", "leadership"),
    (r"insights from other inspections|other inspections|other reports", "other-inspections"),
    (r"looking ahead(?: to .{1,30})?", "looking-ahead"),
    (r"points of context provided by the (?:force|constabulary)", "force-supplied-context"),
    (r"police and crime plan priorities", "policing-plan-priorities"),
    (r"key facts(?:\W.*)?", "key-facts"),
)
HEADING: Final = tuple((re.compile(pattern), kind) for pattern, kind in HEADINGS)

# Kinds whose sections bear the name of their heading, since a page has several of them.
NAMED_BY_HEADING: Final = frozenset({"pillar", "other-inspections"})

# The question under a pillar's heading; it opens the section where the heading was lost.
QUESTIONS: Final = (
    (re.compile(r"how effective(?:ly)? (?:is|does) the force\b.*\?"), "effectiveness"),
    (re.compile(r"how well the force tackles crime\??"), "effectiveness"),
    (re.compile(r"how efficient(?:ly)? (?:is|does) the force\b.*\?"), "efficiency"),
    (re.compile(r"how well the force delivers value for money\??"), "efficiency"),
    (re.compile(r"how legitimate(?:ly)? (?:is|does) the force\b.*\?"), "legitimacy"),
    (re.compile(r"does the force act with integrity\b.*\?"), "legitimacy"),
    (
        re.compile(r"how well has the force performed in our other inspections\?"),
        "other-inspections",
    ),
)
OTHER_INSPECTIONS: Final = "other-inspections"
LONGEST_HEADING: Final = 120
LONGEST_QUESTION: Final = 220
# The overall question of effectiveness; its other questions begin alike.
HEADLINE_WORDS: Final = re.compile(
    rf"{cues.HEADLINE}|\breduce crime and keep people safe\b|\btackles crime\b"
)
ASKING: Final = re.compile(r"(?:\d\.? )?(?:how|to what extent|does|is|what) .*\?")
ASKING_LINE: Final = re.compile(r"\?\s*$")
QUESTION_SLUG: Final = re.compile(r"(?P<pillar>[a-z]+)-question-(?P<number>\d+)(?:-.*)?")
UNKNOWN_QUESTION: Final = "other-question"  # never "question-2": a number is that of a question


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a page's cycle, and the pillar that the page is about if it is only one."""

    pillar: str | None
    questions: tuple[QuestionCues, ...]


@dataclass(frozen=True, slots=True)
class _Heading:
    line: Line
    slug: str
    kind: str


def sections(
    page: str, lines: Sequence[Line], title: Line | None, asked: Asked
) -> tuple[Section, ...]:
    """Return the sections of *page* in order; what stands before the *title* is site furniture.

    Each question that the cycle asks under a pillar opens a section as well: on a page about one
    pillar, and below the pillar's heading on one about several.
    """
    opening = _opening_headings(lines, title)
    found = opening + _headings(lines, opening[-1].line.start if opening else -1, asked)
    bounds = [0, *(heading.line.start for heading in found[1:]), len(page)]
    taken: dict[str, int] = {}
    return tuple(
        Section(
            slug=_unique(heading, taken),
            heading=heading.line.text,
            kind=heading.kind,
            order=order,
            start=bounds[order - 1],
            end=bounds[order],
        )
        for order, heading in enumerate(found, start=1)
    )


def _opening_headings(lines: Sequence[Line], title: Line | None) -> list[_Heading]:
    """Return the furniture above the title, if any, and the overview that the title opens."""
    if not lines:
        return []
    if title is None or title.start == lines[0].start:
        return [_Heading(lines[0], "overview", "overview")]
    return [
        _Heading(lines[0], "site-header", "site-furniture"),
        _Heading(title, "overview", "overview"),
    ]


def _headings(lines: Sequence[Line], after: int, asked: Asked) -> list[_Heading]:
    """Return the headings of lines that start after the offset *after*."""
    found: list[_Heading] = []
    current = ""
    for line in lines:
        heading = None
        if line.start > after:
            heading = _question(line, asked, current) or _heading(line, current)
        if heading is not None:
            found.append(heading)
            current = heading.slug
    return found


def _question(line: Line, asked: Asked, current: str) -> _Heading | None:
    """Return the section that *line* opens as a question under the pillar of its page or section.

    The questions may be the entries of a list. A question that the cycle does not ask opens a
    section only on a page about one pillar: elsewhere it may be a remark.
    """
    pillar = asked.pillar or current.partition("-")[0]
    if pillar not in cues.PILLARS or not ASKING_LINE.search(line.text):
        return None
    text = folded(BULLET.sub("", line.text, count=1) if line.is_bullet else line.text)
    if len(text) > LONGEST_QUESTION or not ASKING.fullmatch(text) or headline(text) is not None:
        return None
    known = _heading(line, "")
    if known is not None and known.kind == OTHER_INSPECTIONS:
        return None
    key = named_by(text, asked.questions) or ""
    of, _, number = key.rpartition("-")
    if of != pillar and asked.pillar is None:
        return None
    slug = f"{pillar}-" + (f"question-{number}" if of == pillar else UNKNOWN_QUESTION)
    return _Heading(line, slug, "leadership" if pillar == "leadership" else "pillar")


def headline(words: str) -> str | None:
    """Return the pillar whose overall question the folded *words* are, or ``None``.

    >>> headline("how effective is the force at keeping people safe and reducing crime?")
    'effectiveness'
    >>> headline("how effective is the force at investigating crime?")
    """
    for pattern, pillar in QUESTIONS:
        if pattern.fullmatch(words) and pillar in cues.PILLARS:
            if pillar == "effectiveness" and not HEADLINE_WORDS.search(words):
                return None
            return pillar
    return None


def _heading(line: Line, current: str) -> _Heading | None:
    """Return what *line* opens, or ``None``; a question inside its own section opens nothing."""
    if len(line.text) > LONGEST_HEADING or line.is_bullet:
        return None
    text = folded(line.text)
    for pattern, kind in HEADING:
        if pattern.fullmatch(text):
            slug = text.replace(" ", "-") if kind in NAMED_BY_HEADING else kind
            return _Heading(line, slug, kind)
    for pattern, slug in QUESTIONS:
        if slug != current and pattern.fullmatch(text):
            return _Heading(line, slug, "pillar" if slug != "other-inspections" else slug)
    return None


def _unique(heading: _Heading, taken: dict[str, int]) -> str:
    """Return the heading's slug; the second of a name is the detail, later ones are numbered."""
    taken[heading.slug] = count = taken.get(heading.slug, 0) + 1
    suffixes = {1: "", 2: "-detail"}
    return heading.slug + suffixes.get(count, f"-{count}")


def question_of(section: Section) -> str | None:
    """Return the key of the question that *section* answers, or ``None``.

    >>> question_of(Section(slug="efficiency-question-2", heading="", kind="pillar", order=1,
    ...                     start=0, end=1))
    'efficiency-2'
    """
    found = QUESTION_SLUG.fullmatch(section.slug)
    return f"{found['pillar']}-{found['number']}" if found else None


def criterion_of(section: Section) -> str | None:
    """Return the question or the pillar that *section* is about; ``None`` if that is not known."""
    if UNKNOWN_QUESTION in section.slug:
        return None
    return question_of(section) or pillar_of(section)


def is_heading(line: Line) -> bool:
    """Whether *line* is one of the headings or questions that pages of this kind print."""
    return _heading(line, "") is not None


def pillar_of(section: Section) -> str | None:
    """Return the pillar that *section* is about, or ``None``.

    >>> pillar_of(Section(slug="efficiency-detail", heading="", kind="pillar", order=1,
    ...                   start=0, end=1))
    'efficiency'
    """
    if section.kind == "leadership":
        return "leadership"
    return section.slug.split("-")[0] if section.kind == "pillar" else None


def dated(found: tuple[Section, ...], dates: Mapping[str, dt.date]) -> tuple[Section, ...]:
    """Return the sections with the last-updated dates printed in them, by slug."""
    return tuple(
        dataclasses.replace(section, modified=dates[section.slug])
        if section.slug in dates
        else section
        for section in found
    )
