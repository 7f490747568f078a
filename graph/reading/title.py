"""Whose report this is and of which cycle: the title, the opening sentence, the user's word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import NotAReport, UnknownCycle, UnknownForce, UsageError
from peelgraph.graph.reading.wording import folded, name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.reading.context import CycleContext, ForceNames, ReadingContext
    from peelgraph.graph.reading.wording import Line

TITLE: Final = re.compile(
    r"(?P<name>\D{2,60}?)\s+(?:PEEL\s+)?(?P<years>20\d\d(?:[/\-\u2013]\d{2,4})?)"
)
OPENING: Final = re.compile(
    r"this is (?:the (?:hmic(?:frs)?'?s? )?|(?P<by>hmic(?:frs)?)'?s? )"
    r"(?P<ordinal>first|second|third|fourth|fifth|sixth)\b.{0,90}?\bassessment of (?P<rest>.*)"
)
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
PILLAR_PAGE: Final = re.compile(r"effectiveness|efficiency|legitimacy|leadership")
EXPECTED: Final = "a PEEL overview page that begins with a title such as 'Kent 2015'"
NEAREST: Final = 3
READABLE_SCALE: Final = "four-tier"  # later cycles have another template


@dataclass(frozen=True, slots=True)
class Title:
    """A title line with the two things it says, as printed."""

    line: Line
    name: str
    years: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What the opening sentence says: the line, which assessment, by whom, of whom (folded)."""

    line: Line
    ordinal: int
    inspectorate: str | None
    subject: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The force and cycle a page is read as, and what did not fit together."""

    force: ForceNames
    cycle: CycleContext
    warnings: tuple[str, ...]


def opening_of(lines: Sequence[Line]) -> Opening | None:
    """Return the sentence that says which PEEL assessment the page is, or ``None``.

    It may follow other words without a blank, where a link stood before it.
    """
    for line in lines:
        found = OPENING.search(folded(line.text))
        if found is not None:
            ordinal = ORDINALS.index(found["ordinal"]) + 1
            return Opening(line, ordinal, found["by"], found["rest"])
    return None


def title_of(
    lines: Sequence[Line], opening: Opening | None, context: ReadingContext
) -> Title | None:
    """Return the title above the opening: the nearest that names a known force, else the nearest.

    Furniture above a title may look like one ("our programme for 2017/18"), so a known name wins.
    """
    names = forces_by_name(context)
    above = [line for line in lines if opening is None or line.start < opening.line.start]
    candidates = [title for line in reversed(above) if (title := _title(line)) is not None]
    known = [title for title in candidates if name_key(title.name) in names]
    return next(iter(known or candidates), None)


def _title(line: Line) -> Title | None:
    found = TITLE.fullmatch(line.text)
    return Title(line, found["name"], found["years"]) if found else None


def identity(
    lines: Sequence[Line],
    context: ReadingContext,
    *,
    force: str | None = None,
    cycle: str | None = None,
) -> tuple[Identity, Title | None]:
    """Return whose report the page is; *force* and *cycle* are slugs the user gave.

    Raises:
        NotAReport: the page lacks the title or the opening of an overview page.
        UnknownForce: the title or the user names a force the tables do not know.
        UnknownCycle: the title or the user names a cycle that cannot be read.
        UsageError: the user's word contradicts the title.
    """
    opening = opening_of(lines)
    title = title_of(lines, opening, context)
    if opening is None:
        raise NotAReport(_without_opening(lines, title), expected=EXPECTED)
    if title is None and (force is None or cycle is None):
        raise NotAReport(
            "the page's title is missing",
            expected=EXPECTED,
            action="give --force and --cycle if the rest of the page is whole",
        )
    found_force = _force(title, force, context)
    found_cycle = _cycle(title, cycle, context)
    warnings = tuple(_doubts(opening, found_force, found_cycle, context))
    return Identity(found_force, found_cycle, warnings), title


def _without_opening(lines: Sequence[Line], title: Title | None) -> str:
    """Return the sentence that says what was found in place of an opening."""
    after = [line for line in lines if title is not None and line.start > title.line.start]
    if after and PILLAR_PAGE.fullmatch(folded(after[0].text)):
        return f"the page is about {folded(after[0].text)} alone, which cannot be read yet"
    if title is not None:
        return f"below '{title.line.text}' no sentence says which PEEL assessment this is"
    return f"the text begins '{lines[0].text[:60]}' and has no title of a PEEL report"


def _force(title: Title | None, slug: str | None, context: ReadingContext) -> ForceNames:
    """Return the force of the title; the user's word must agree with it."""
    given = None
    if slug is not None:
        given = next((f for f in context.forces if f.slug == slug), None)
        if given is None:
            raise unknown_force(slug, context, place="--force")
    if title is None:
        if given is None:  # the caller has made sure; this keeps the types honest
            raise NotAReport("the page's title is missing", expected=EXPECTED)
        return given
    titled = forces_by_name(context).get(name_key(title.name))
    if titled is None and given is None:
        raise unknown_force(title.name, context, place=title.line.text)
    if titled is not None and given is not None and titled is not given:
        raise UsageError(
            f"the page's title is '{title.line.text}', not a report on {given.slug}",
            place="--force",
            expected=titled.slug,
        )
    return given or titled  # type: ignore[return-value]  # one of the two is set by now


def _cycle(title: Title | None, slug: str | None, context: ReadingContext) -> CycleContext:
    """Return the cycle of the title; the user's word must agree with it."""
    given = None
    if slug is not None:
        given = next((c for c in context.cycles if c.slug == slug), None)
        if given is None:
            raise unknown_cycle(slug, context, place="--cycle")
    titled = cycle_of_years(title.years, context) if title is not None else None
    if title is not None and titled is None and given is None:
        raise unknown_cycle(title.years, context, place=title.line.text)
    if title is not None and given is not None and titled is not given:
        raise UsageError(
            f"the page's title is '{title.line.text}', not a report of {given.slug}",
            place="--cycle",
            expected=titled.slug if titled else "a cycle the tables know",
        )
    found = given or titled
    if found is None or found.scale != READABLE_SCALE:
        raise UnknownCycle(
            f"pages of {found.slug if found else 'this cycle'} cannot be read yet",
            expected="a page of PEEL 2014 to 2018-19",
        )
    return found


def _doubts(
    opening: Opening, force: ForceNames, cycle: CycleContext, context: ReadingContext
) -> list[str]:
    """Return what the opening says otherwise than the title."""
    doubts: list[str] = []
    subject = name_key(opening.subject)
    named = {
        slug
        for name, slug in _longest_first(context)
        if re.search(rf"\b{re.escape(name)}\b", subject)
    }
    if named and force.slug not in named:
        doubts.append(
            f"the opening sentence names {', '.join(sorted(named))}; the page is read as"
            f" {force.slug}, as its title says"
        )
    if opening.ordinal != cycle.ordinal:
        doubts.append(
            f"the opening sentence says '{ORDINALS[opening.ordinal - 1]} assessment', which is"
            f" not {cycle.slug}; the page is read as {cycle.slug}, as its title says"
        )
    if opening.inspectorate not in (None, cycle.inspectorate):
        doubts.append(
            f"the opening sentence names {opening.inspectorate.upper()} as the inspectorate;"
            f" {cycle.slug} was inspected by {cycle.inspectorate.upper()}"
        )
    return doubts


def _longest_first(context: ReadingContext) -> list[tuple[str, str]]:
    """Return every full force name with its slug; short names name areas too and do not count."""
    pairs = [(name_key(n), f.slug) for f in context.forces for n in f.names]
    return sorted((p for p in pairs if " " in p[0]), key=lambda pair: -len(pair[0]))


def forces_by_name(context: ReadingContext) -> dict[str, ForceNames]:
    """Return the forces by every form in which a page may name them."""
    return {
        name_key(name): force for force in context.forces for name in (force.slug, *force.names)
    }


def cycle_of_years(years: str, context: ReadingContext) -> CycleContext | None:
    """Return the cycle whose titles print *years*, whatever the dash between them."""
    form = re.sub(r"[/\u2013]", "-", years)
    form = re.sub(r"^(\d{4})-20(\d\d)$", r"\1-\2", form)
    return next((cycle for cycle in context.cycles if form in cycle.years), None)


def unknown_force(name: str, context: ReadingContext, *, place: str) -> UnknownForce:
    """Return the error for *name*, with the nearest names of three forces."""
    names = forces_by_name(context)
    near = difflib.get_close_matches(name_key(name), names, n=len(names), cutoff=0.0)
    forces = list({names[key].slug: names[key] for key in near}.values())[:NEAREST]
    return UnknownForce(
        f"no force is called '{name}'",
        place=place,
        expected="a known force, the nearest being "
        + ", ".join(f"{force.names[0]} ({force.slug})" for force in forces),
        action="correct the name, or add the force to the tables",
    )


def unknown_cycle(years: str, context: ReadingContext, *, place: str) -> UnknownCycle:
    """Return the error for *years*, with the cycles that are known."""
    return UnknownCycle(
        f"'{years}' is no PEEL cycle",
        place=place,
        expected="one of " + ", ".join(cycle.slug for cycle in context.cycles),
    )
