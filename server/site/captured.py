"""One captured version of a report as pages show it: its text as far as held, and what it says."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from flask import request
from rdflib import URIRef

from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.versions import DataFolder
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.kinds import CLASSES, FURNITURE, KINDS
from peelgraph.server.site.territory import rdf_forms
from peelgraph.server.site.texts import Quote, Run, blocks, holding, joined, left_over, parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.server.pages.terms import Row, Term
    from peelgraph.server.site.texts import Block

LONGEST_LABEL: Final = 2_000
LARGEST_OFFSET: Final = 1 << 40
PICKED: Final = frozenset({"figure", "place"})
"""Kinds that pick words out of a sentence and say nothing of the rest of it."""
ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a passage is read to say.

    Args:
        iri: Of the finding, judgment or figure; nothing for a place.
        start: Where the passage begins.
        end: Where it ends.
        kind: A key of ``KINDS``.
        about: What it is about in a few words: themes, the grade, the figure.
        summary: In words of ours, where there are such.
        grade: Slug of the grade, for a judgment.
        grade_name: The grade in words.
    """

    iri: str
    start: int
    end: int
    kind: str
    about: str
    summary: str = ""
    grade: str = ""
    grade_name: str = ""

    @property
    def name(self) -> str:
        """Return what the passage is called in an address."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a captured version."""

    iri: str
    heading: str
    kind: str
    kind_name: str
    start: int
    end: int

    @property
    def slug(self) -> str:
        """Return the last part of its address."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Captured:
    """A captured version: what is known of it, and what its page shows.

    Args:
        iri: Of the version.
        about: What the report's own query says of the version and its report.
        sections: In order.
        statements: In reading order.
        runs: The text that is held, in order.
        source: ``capture`` where the whole text is, ``quotes`` where the graph has some of it,
            ``none``.
    """

    iri: str
    about: Row
    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    runs: tuple[Run, ...]
    source: str
    blocks: list[Block] = field(init=False)
    parts: list[range] = field(init=False)
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Lay the text out in paragraphs and pages."""
        places = [(each.start, each.end) for each in self.statements]
        object.__setattr__(self, "blocks", blocks(self.runs, places))
        object.__setattr__(self, "parts", parts(self.blocks, places))
        names = dict.fromkeys(each.name for each in self.statements)
        object.__setattr__(self, "numbers", {name: n for n, name in enumerate(names, 1)})

    @property
    def sha12(self) -> str:
        """Return what the version is called in addresses."""
        return self.iri.rpartition("/")[2]

    @property
    def is_current(self) -> bool:
        """Whether no other captured version counts instead of this one."""
        current = self.about.get("current")
        return current is None or current.value == self.iri

    def href(self, start: int, end: int) -> str:
        """Return the address of a passage in the page of the version."""
        base = this_service().base
        path = self.iri.removeprefix(base).replace("/id/", "/doc/", 1)
        part = self.part_of(start)
        return f"{path}{f'?part={part + 1}' if part else ''}#c{start}-{end}"

    def part_of(self, place: int) -> int:
        """Return the number of the page, from 0, that shows what stands at *place*."""
        for number, shown in enumerate(self.parts):
            if shown and place < self.blocks[shown[-1]].end:
                return number
        return len(self.parts) - 1

    def section_at(self, place: int) -> Section | None:
        """Return the section that the character at *place* stands in."""
        found = [each for each in self.sections if each.start <= place < each.end]
        return found[-1] if found else None

    def text_around(self, start: int, end: int) -> Run | None:
        """Return the run of text that has the whole passage, if one is held."""
        run = holding(self.runs, start)
        return run if run is not None and end <= run.end else None


def captured(report: str, sha12: str) -> Captured:
    """Return one captured version of *report*.

    Raises:
        PageNotFound: The data have no such version.
    """
    base = this_service().base
    iri = f"{base}/id/report/{report}/version/{sha12}"
    for about in report_rows(report):
        if "version" in about and about["version"].value == iri:
            return _captured(iri, about)
    raise PageNotFound(
        f"no version {sha12[:20]!r} of the report {report[:100]!r} was captured",
        action=f"see /doc/report/{report[:100]}",
    )


def report_rows(report: str) -> tuple[Row, ...]:
    """Return what is known of *report*: a row for each captured version.

    Raises:
        PageNotFound: The data have no such report.
    """
    found = rows(f"{QUERIES}/report.rq", report=URIRef(f"{this_service().base}/id/report/{report}"))
    if not found:
        raise PageNotFound(f"there is no report {report[:100]!r}", action="see /forces")
    return found


def statements_of(version: str) -> tuple[Statement, ...]:
    """Return what the captured *version* (its IRI) is read to say, in reading order."""
    node = URIRef(version)
    found: dict[tuple[str, int, int], Statement] = {}
    themes: dict[tuple[str, int, int], list[str]] = {}
    for row in rows(f"{QUERIES}/version-statements.rq", version=node):
        place = _place(row)
        if place is None:
            continue
        key = (row["statement"].value, *place)
        found.setdefault(key, _statement(row, *place))
        if "theme_name" in row and row["theme_name"].value not in themes.setdefault(key, []):
            themes[key].append(row["theme_name"].value)
    named = [_with_themes(each, themes.get(key, [])) for key, each in found.items()]
    for row in rows(f"{QUERIES}/version-places.rq", version=node):
        place = _place(row)
        if place is not None:
            named.append(Statement("", *place, "place", cut(row["place"])))
    named.sort(key=_order)
    return tuple(named)


def cut(text: Term | str) -> str:
    """Return *text* no longer than a label may be on a page."""
    words = str(text)
    return words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL]}…"


def whole_number(term: Term | None) -> int | None:
    """Return the offset that *term* is, if it is one."""
    if term is None:
        return None
    try:
        number = int(term.value)
    except ValueError:
        return None
    return number if 0 <= number < LARGEST_OFFSET else None


def alternates() -> list[tuple[str, str]]:
    """Return what programs get at the address of this page, by media type."""
    return rdf_forms(request.path.removesuffix(".html"))


def _captured(iri: str, about: Row) -> Captured:
    statements = statements_of(iri)
    sections = _sections(iri)
    runs, source = _held(iri, about)
    if source == "capture" and statements:
        statements = _with_furniture(statements, sections, runs[0].text)
    return Captured(iri, about, sections, statements, runs, source)


def _with_furniture(
    statements: tuple[Statement, ...], sections: tuple[Section, ...], text: str
) -> tuple[Statement, ...]:
    """Return the statements and what they leave of the text, but for the headings of sections."""
    places = [(each.start, each.end) for each in statements if each.kind not in PICKED]
    places += [
        (each.start, each.start + len(each.heading))
        for each in sections
        if text.startswith(each.heading, each.start)
    ]
    rest = [Statement("", *place, FURNITURE, "") for place in left_over(text, places)]
    return tuple(sorted([*statements, *rest], key=_order))


def _order(each: Statement) -> tuple[int, int, int, str]:
    return each.start, -each.end, ORDER[each.kind], each.iri


def _held(iri: str, about: Row) -> tuple[tuple[Run, ...], str]:
    """Return the text that this server has of a version: the captured page, else quotations."""
    text = _captured_text(iri, about)
    if text is not None:
        return (Run(0, text),), "capture"
    quotes = [_quote(row) for row in rows(f"{QUERIES}/version-quotes.rq", version=URIRef(iri))]
    runs = joined(each for each in quotes if each is not None)
    return tuple(runs), "quotes" if runs else "none"


def texts_kept(reports: Iterable[str]) -> tuple[str, ...]:
    """Return the captured versions of *reports*, by their slugs, whose whole text is kept here."""
    found: set[str] = set()
    for report in reports:
        with suppress(PageNotFound):
            found.update(
                version
                for row in report_rows(report)
                if "version" in row and _kept(version := row["version"].value, row) is not None
            )
    return tuple(sorted(found))


def _kept(iri: str, about: Row) -> Captures | None:
    """Return the captures that have the text of a version which the data were read from.

    A version that is known from a table alone was read on no server, whatever another version of
    the data left in the folder.
    """
    service, sha256 = this_service(), about["sha256"].value
    local = service.engine.version() is not None and not service.settings.engine
    fits = DIGEST.fullmatch(sha256) is not None and sha256.startswith(iri.rpartition("/")[2])
    if not (local and fits and "captured" in about):
        return None
    captures = Captures(DataFolder(service.settings.data).captures)
    return captures if captures.known(sha256) else None


def _captured_text(iri: str, about: Row) -> str | None:
    """Return the captured text of a version, where this server keeps it."""
    captures = _kept(iri, about)
    if captures is None:
        return None
    try:
        return captures.read(about["sha256"].value).text
    except PeelgraphError:  # damaged: what the graph says of it is shown all the same
        return None


def _quote(row: Row) -> Quote | None:
    start = whole_number(row["start"])
    if start is None:
        return None
    prefix = row["prefix"].value if "prefix" in row else ""
    suffix = row["suffix"].value if "suffix" in row else ""
    return Quote(start, row["exact"].value, prefix, suffix)


def _sections(iri: str) -> tuple[Section, ...]:
    return tuple(_sections_in(rows(f"{QUERIES}/version-sections.rq", version=URIRef(iri))))


def _sections_in(found: Iterable[Row]) -> Iterable[Section]:
    seen: set[str] = set()
    for row in found:
        place = _place(row)
        if place is None or row["section"].value in seen:
            continue
        seen.add(row["section"].value)
        kind = row["kind"].value.rpartition("/")[2] if "kind" in row else ""
        kind_name = cut(row["kind_name"]) if "kind_name" in row else ""
        yield Section(row["section"].value, cut(row["heading"]), kind, kind_name, *place)


def _place(row: Row) -> tuple[int, int] | None:
    start, end = whole_number(row["start"]), whole_number(row["end"])
    return (start, end) if start is not None and end is not None and start < end else None


def _statement(row: Row, start: int, end: int) -> Statement:
    kind = CLASSES[row["class"].value.rpartition("#")[2]]
    label, summary = row.get("label"), row.get("summary")
    about, grade, grade_name = "", "", ""
    if kind == "grade" and "grade_name" in row:
        about, grade_name = cut(row["criterion_name"]), cut(row["grade_name"])
        grade = row["grade"].value.rpartition("/")[2]
    elif kind in {"figure", "grade"} and label is not None:
        about = cut(label)
    iri, told = row["statement"].value, cut(summary) if summary else ""
    return Statement(iri, start, end, kind, about, told, grade, grade_name)


def _with_themes(each: Statement, themes: list[str]) -> Statement:
    if each.about or not themes:
        return each
    return replace(each, about=cut(", ".join(themes)))
