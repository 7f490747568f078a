"""The page of a report and of a captured version of it: the text, and what each sentence says."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from flask import render_template, request

from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.called import called
from peelgraph.server.site.captured import alternates, captured, report_rows
from peelgraph.server.site.kinds import FURNITURE, KINDS, PLURALS
from peelgraph.server.site.spans import Span, marked
from peelgraph.server.site.texts import surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.captured import Captured, Section, Statement
    from peelgraph.server.site.spans import Marked
    from peelgraph.server.site.texts import Block

MOST_NOTES: Final = 3_000
"""Statements that one page lists."""


@dataclass(frozen=True, slots=True)
class Note:
    """What one passage says, beside its paragraph."""

    number: int
    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its marked runs, and the notes beside it."""

    parts: list[str | Marked]
    notes: tuple[Note, ...]
    start: int
    end: int
    gap: int
    held: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """The paragraphs of one section that a page shows."""

    section: Section | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many statements of a kind there are, and where the first stands."""

    kind: str
    words: str
    number: int
    href: str


def report_page(report: str) -> str:
    """Return the page of a report: what it is, its captured versions, the text that counts.

    Raises:
        PageNotFound: The data have no such report.
    """
    found = report_rows(report)
    versions = _versions(found)
    current = found[0].get("current")
    named = [row for row in versions if current is None or row["version"].value == current.value]
    shown = None
    if named:
        shown = captured(report, named[-1]["version"].value.rpartition("/")[2])
    return _rendered(report, found[0], versions, shown, own=False)


def version_page(report: str, sha12: str) -> str:
    """Return the page of one captured version.

    Raises:
        PageNotFound: The data have no such version.
    """
    shown = captured(report, sha12)
    return _rendered(report, shown.about, _versions(report_rows(report)), shown, own=True)


def section_page(report: str, sha12: str, section: str) -> str:
    """Return the page of one section of a captured version.

    Raises:
        PageNotFound: The data have no such section.
    """
    shown = captured(report, sha12)
    for each in shown.sections:
        if each.slug == section:
            first = shown.part_of(each.start)
            return render_template(
                "section.html",
                report=report,
                shown=shown,
                section=each,
                stretches=_stretches(shown, shown.parts[first], "", each),
                href=f"{_path(report, sha12)}{f'?part={first + 1}' if first else ''}#s-{section}",
                kinds=KINDS,
                **_above(report, shown.about, sha12),
            )
    raise PageNotFound(
        f"there is no section {section[:100]!r} in this version",
        action=f"see {_path(report, sha12)}",
    )


def passage_page(report: str, sha12: str, start: int, end: int) -> str:
    """Return the page of one passage: its surroundings, and the statements that it proves.

    Raises:
        PageNotFound: The data have no such passage.
    """
    shown = captured(report, sha12)
    said = [each for each in shown.statements if each.kind != FURNITURE]
    proved = [each for each in said if (each.start, each.end) == (start, end)]
    if not proved:
        raise PageNotFound(
            f"no statement rests on {start}-{end} of this version",
            action=f"see {_path(report, sha12)}",
        )
    return render_template(
        "passage.html",
        report=report,
        shown=shown,
        start=start,
        end=end,
        proved=proved,
        others=[e for e in said if _overlaps(e, start, end) and e not in proved],
        around=around(shown, start, end),
        section=shown.section_at(start),
        kinds=KINDS,
        **_above(report, shown.about, sha12),
    )


def around(shown: Captured, start: int, end: int) -> tuple[str, str, str] | None:
    """Return a passage of a version with the text before and behind it, where that is held."""
    run = shown.text_around(start, end)
    if run is None:
        return None
    first, last = surroundings(run.text, start - run.start, end - run.start)
    inner = slice(start - run.start, end - run.start)
    return run.text[first : inner.start], run.text[inner], run.text[inner.stop : last]


def _overlaps(each: Statement, start: int, end: int) -> bool:
    return each.start < end and each.end > start


def _rendered(
    report: str, about: Row, versions: list[Row], shown: Captured | None, *, own: bool
) -> str:
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    part = _part(shown)
    return render_template(
        "report.html",
        report=report,
        about=about,
        publisher=_publisher(about),
        versions=versions,
        shown=shown,
        own=own,
        kind=kind,
        part=part,
        kinds=KINDS,
        plurals=PLURALS,
        counts=_counts(shown, part, kind) if shown else (),
        stretches=_stretches(shown, shown.parts[part], kind) if shown else (),
        contents=_contents(shown) if shown else (),
        path=_path(report, shown.sha12 if own and shown else ""),
        **_above(report, about, shown.sha12 if own and shown else "", own=True),
    )


def _publisher(about: Row) -> str:
    """Return what the inspectorate that published a report was called then."""
    if "publisher" not in about or "publisher_name" not in about:
        return ""
    dated = (str(about.get("issued", "")), str(about.get("cycle", "")))
    return called(about["publisher_name"], about["publisher"], *dated)


def _above(report: str, about: Row, sha12: str, *, own: bool = False) -> dict[str, object]:
    """Return the pages above this one, and what programs get at its address."""
    trail = [("/forces", "Forces")]
    if "force" in about:
        force = about["force"].value.rpartition("/")[2]
        trail.append((f"/doc/force/{force}", str(about.get("force_name", force))))
    if sha12 or not own:
        trail.append((f"/doc/report/{report}", str(about.get("title", report))))
    if sha12 and not own:
        trail.append((_path(report, sha12), f"Version {sha12}"))
    return {"trail": trail, "alternates": alternates()}


def _path(report: str, sha12: str) -> str:
    return f"/doc/report/{report}" + (f"/version/{sha12}" if sha12 else "")


def _versions(found: Iterable[Row]) -> list[Row]:
    """Return one row for each captured version, the earliest first."""
    by_version = {row["version"].value: row for row in reversed(list(found)) if "version" in row}
    return sorted(by_version.values(), key=lambda row: str(row.get("captured", "")))


def _part(shown: Captured | None) -> int:
    """Return which part is asked for, from 0.

    Raises:
        PageNotFound: There is no such part.
    """
    asked = request.args.get("part", "1")
    most = len(shown.parts) if shown else 1
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= most):
        raise PageNotFound(f"there is no part {asked[:20]!r}", expected=f"1 to {most}")
    return int(asked) - 1


def _counts(shown: Captured, part: int, only: str) -> tuple[Count, ...]:
    """Return the counts by kind, each with where its first is: on this page, if it shows that."""
    made = []
    for kind, words in KINDS.items():
        of_kind = [each for each in shown.statements if each.kind == kind]
        if of_kind:
            first = of_kind[0]
            here = shown.part_of(first.start) == part and only in {"", kind}
            href = f"#c{first.name}" if here else shown.href(first.start, first.end)
            made.append(
                Count(kind, words, len({e.iri or e.about or e.name for e in of_kind}), href)
            )
    return tuple(made)


def _contents(shown: Captured) -> list[tuple[Section, int]]:
    """Return the sections of a version, each with the part that it begins in."""
    return [(each, shown.part_of(each.start)) for each in shown.sections]


def _stretches(
    shown: Captured, blocks: range, kind: str, only: Section | None = None
) -> tuple[Stretch, ...]:
    """Return what a page shows: the blocks of a part by section, with statements of *kind*."""
    wanted = [each for each in shown.statements if not kind or each.kind == kind]
    made = _paragraphs(shown, blocks, wanted, only)
    return tuple(
        Stretch(section, tuple(paragraph for _, paragraph in several))
        for section, several in groupby(made, key=lambda pair: pair[0])
    )


def _paragraphs(
    shown: Captured, blocks: range, wanted: list[Statement], only: Section | None
) -> Iterator[tuple[Section | None, Paragraph]]:
    """Yield the paragraphs of a part, each with its section; *wanted* is in reading order."""
    numbers, first, listed = shown.numbers, 0, 0
    for number in blocks:
        block = shown.blocks[number]
        section = shown.section_at(block.start)
        if only is not None and section != only:
            continue
        while first < len(wanted) and wanted[first].end <= block.start:
            first += 1
        behind = bisect_left(wanted, block.end, lo=first, key=lambda each: each.start)
        here = [each for each in wanted[first:behind] if each.end > block.start]
        notes = tuple(_notes(here, block, numbers)) if listed < MOST_NOTES else ()
        listed += len(notes)
        if _is_heading(section, block.text, block.start) and not here:
            continue
        yield (
            section,
            Paragraph(
                marked(block.text, _spans(here, numbers), block.start) if block.text else [],
                notes,
                block.start,
                block.end,
                block.gap,
                bool(block.text),
            ),
        )


def _is_heading(section: Section | None, text: str, start: int) -> bool:
    """Whether a paragraph is the heading of its section, which the page shows as one."""
    return section is not None and start == section.start and text == section.heading


def _spans(here: list[Statement], numbers: Mapping[str, int]) -> Iterator[Span]:
    by_place: dict[tuple[int, int], list[Statement]] = {}
    for each in here:
        by_place.setdefault((each.start, each.end), []).append(each)
    for (start, end), several in by_place.items():
        kinds = [kind for kind in KINDS if any(each.kind == kind for each in several)]
        words = ", ".join(KINDS[kind] for kind in kinds)
        yield Span(start, end, kinds[0], words, numbers[several[0].name])


def _notes(here: list[Statement], block: Block, numbers: Mapping[str, int]) -> Iterator[Note]:
    """Yield a note for each passage that begins in a block."""
    begun = [each for each in here if block.start <= each.start < block.end]
    for name, several in groupby(begun, key=lambda each: each.name):
        yield Note(numbers[name], name, tuple(several))
