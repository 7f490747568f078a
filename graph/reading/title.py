"""Whose report this is and of which cycle: the title, the opening sentence, the user's word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import NotAReport, UnknownCycle, UnknownForce, UsageError
from peelgraph.graph.reading.pillar_pages import addressed, only_pillar
from peelgraph.graph.reading.wording import folded, name_key, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.reading.context import CycleContext, ForceNames, ReadingContext
    from peelgraph.graph.reading.page import Block
    from peelgraph.graph.reading.pillar_pages import Address
    from peelgraph.graph.reading.wording import Line

TITLE: Final = re.compile(
    r"(?P<name>\D{2,60}?)\s+(?:PEEL\s+)?(?P<years>20\d\d(?:[/\-\u2013]\d{2,4})?)"
)
OPENING: Final = re.compile(
    r"this is (?:the (?:hmic(?:frs)?'?s? )?|(?P<by>hmic(?:frs)?)'?s? )"
    r"(?P<ordinal>first|second|third|fourth|fifth|sixth)\b.{0,90}?\bassessment of (?P<rest>.*)"
)
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
PILLAR_TITLE: Final = re.compile(r"\bPEEL\b")  # "Kent PEEL 2016"; an overview's has no such word
EXPECTED: Final = "a PEEL page that begins with a title such as 'Kent 2015' or 'Kent PEEL 2015'"
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
    """The force, cycle and, if it is only one, pillar of a page, and what did not fit together."""

    force: ForceNames
    cycle: CycleContext
    pillar: str | None
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


def is_title(block: Block) -> bool:
    """Return whether *block* is the title of a page, on its first line."""
    opens = block.section.kind == "overview" and block.line.start == block.section.start
    return opens and TITLE.fullmatch(visible(block.line.text)) is not None


def _title(line: Line) -> Title | None:
    found = TITLE.fullmatch(visible(line.text))
    return Title(line, found["name"], found["years"]) if found else None


def identity(
    lines: Sequence[Line],
    context: ReadingContext,
    *,
    force: str | None = None,
    cycle: str | None = None,
    source: str | None = None,
) -> tuple[Identity, Title | None]:
    """Return whose report the page is.

    The title says it; where there is none, the slugs *force* and *cycle* that the user gave and
    then the address *source* do.

    Raises:
        NotAReport: the page lacks what says that it is a PEEL page, or whose.
        UnknownForce: the title or the user names a force the tables do not know.
        UnknownCycle: the title or the user names a cycle that cannot be read.
        UsageError: the user's word contradicts the title.
    """
    opening, address = opening_of(lines), addressed(source)
    pillar = None
    if opening is None:
        title = _pillar_title(lines, context)
        told = title is not None or address is not None or (force is not None and cycle is not None)
        pillar = only_pillar(lines) if told else None
        if pillar is None:
            raise NotAReport(
                _without_opening(lines, title_of(lines, None, context)), expected=EXPECTED
            )
    else:
        title = title_of(lines, opening, context)
    known = _addressed_force(address, context), _addressed_cycle(address, context)
    if title is None and None in (force or known[0], cycle or known[1]):
        raise NotAReport(
            "the page's title is missing",
            expected=EXPECTED,
            action="give --force and --cycle if the rest of the page is whole",
        )
    found_force = _force(title, force, known[0], context)
    found_cycle = _cycle(title, cycle, known[1], context)
    warnings = [] if opening is None else _doubts(opening, found_force, found_cycle, context)
    found = Identity(found_force, found_cycle, pillar, ())
    warnings += _doubts_of_address(known, address, found)
    return replace(found, warnings=tuple(warnings)), title


def _pillar_title(lines: Sequence[Line], context: ReadingContext) -> Title | None:
    """Return the title of a page about one pillar: the first that names a known force, or any."""
    names = forces_by_name(context)
    titles = [
        title
        for line in lines
        if PILLAR_TITLE.search(visible(line.text)) and (title := _title(line)) is not None
    ]
    known = [title for title in titles if name_key(title.name) in names]
    return next(iter(known or titles), None)


def _addressed_force(address: Address | None, context: ReadingContext) -> ForceNames | None:
    return forces_by_name(context).get(address.force) if address else None


def _addressed_cycle(address: Address | None, context: ReadingContext) -> CycleContext | None:
    return cycle_of_years(address.years, context) if address else None


def _doubts_of_address(
    known: tuple[ForceNames | None, CycleContext | None], address: Address | None, found: Identity
) -> list[str]:
    """Return what the address says otherwise than the page."""
    named = [each.slug for each in known if each is not None]
    read = found.force.slug, found.cycle.slug
    doubts = [
        f"the address names {slug}; the page is read as {' '.join(read)}"
        for slug in named
        if slug not in read
    ]
    if address is not None and address.pillar not in (None, found.pillar):
        doubts.append(
            f"the address names {address.pillar}; the page is read as one about"
            f" {found.pillar or 'all pillars'}"
        )
    return doubts


def _without_opening(lines: Sequence[Line], title: Title | None) -> str:
    """Return the sentence that says what was found in place of an opening."""
    if title is not None:
        return f"below '{title.line.text}' nothing says which PEEL assessment this is"
    return f"the text begins '{lines[0].text[:60]}' and has no title of a PEEL report"


def _force(
    title: Title | None, slug: str | None, fallback: ForceNames | None, context: ReadingContext
) -> ForceNames:
    """Return the force of the title; the user's word must agree with it."""
    given = None
    if slug is not None:
        given = next((f for f in context.forces if f.slug == slug), None)
        if given is None:
            raise unknown_force(slug, context, place="--force")
    if title is None:
        given = given or fallback
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


def _cycle(
    title: Title | None, slug: str | None, fallback: CycleContext | None, context: ReadingContext
) -> CycleContext:
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
    found = given or titled or (fallback if title is None else None)
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
