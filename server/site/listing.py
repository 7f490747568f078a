"""The list of findings at ``/findings``: narrowed by what the address says, paged, as CSV too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from rdflib import Literal, URIRef

from peelgraph.graph.iris import SLUG
from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.protocol.negotiation import CSV, HTML
from peelgraph.server.protocol.spreadsheet import csv_of
from peelgraph.server.site.captured import cut, whole_number
from peelgraph.server.site.judgments import PILLARS, QUERIES, judgments
from peelgraph.server.site.kinds import CONTEXT, FINDINGS, KINDS, PLURALS
from peelgraph.server.site.territory import no_other, one_of
from peelgraph.server.site.wording import is_part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Identifier

    from peelgraph.server.pages.terms import Row

pages = Blueprint("findings", __name__, template_folder="templates")

SHOWN: Final = 50
MOST: Final = 20_000
"""Findings that a list counts, and that its CSV has."""
COLUMNS: Final = (
    "finding", "kind", "force", "cycle", "criteria", "themes", "statement", "summary", "version",
    "start", "end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to: slugs, each empty where it is not.

    A list of every kind is without context, which finds nothing: that is a list of its own.
    """

    force: str = ""
    cycle: str = ""
    kind: str = ""
    theme: str = ""
    criterion: str = ""

    def terms(self, base: str) -> dict[str, Identifier]:
        """Return what stands for the variables of the list's queries."""
        made: dict[str, Identifier] = {}
        if self.force:
            made["force"] = URIRef(f"{base}/id/force/{self.force}")
        if self.cycle:
            made["cycle"] = URIRef(f"{base}/id/cycle/{self.cycle}")
        if self.kind:
            made["type"] = URIRef(f"{base}/def/finding-type/{self.kind}")
        if self.kind == CONTEXT:
            made["apart"] = Literal(CONTEXT)
        if self.theme:
            made["theme"] = URIRef(f"{base}/def/theme/{self.theme}")
        if self.criterion:
            made["criterion_key"] = Literal(self.criterion)
        return made

    def query(self, **more: str) -> str:
        """Return the address behind ``?`` of a list so narrowed."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return urlencode({n: v for n, v in {**named, **more}.items() if v})


@dataclass(slots=True)
class Listed:
    """One finding in the list."""

    iri: str
    kind: str
    kind_name: str
    force: str
    force_name: str
    cycle: str
    cycle_name: str
    statement: str
    summary: str
    version: str
    start: int
    end: int
    criteria: list[str] = field(default_factory=list[str])
    themes: list[str] = field(default_factory=list[str])

    @property
    def said(self) -> str:
        """Return the report's words; our summary where there are none or a part of a sentence."""
        if self.summary and (not self.statement or is_part(self.statement)):
            return self.summary
        return self.statement


@pages.get("/findings")
def findings() -> Response:
    """Return the page of the findings that the address asks for."""
    return lasting(_page, HTML.header)


@pages.get("/findings.csv")
def findings_csv() -> Response:
    """Return the same findings as CSV; ``excel=1`` is for spreadsheets."""
    response = lasting(_table, CSV.header)
    response.headers["Content-Disposition"] = 'attachment; filename="findings.csv"'
    return response


def _page() -> str:
    asked = _asked()
    known = matching(asked)
    number = _number(len(known))
    shown = known[(number - 1) * SHOWN : number * SHOWN]
    choices = _choices(asked)
    return render_template(
        "findings.html",
        asked=asked,
        listed=_details(asked, shown[0], shown[-1]) if shown else [],
        total=min(len(known), MOST),
        context=0 if asked.kind else len(matching(replace(asked, kind=CONTEXT))),
        apart=CONTEXT,
        more=len(known) > MOST,
        number=number,
        last=max(1, -(-min(len(known), MOST) // SHOWN)),
        choices=choices,
        kinds=KINDS,
        chosen=[dict(choices[name])[slug] for name in choices if (slug := getattr(asked, name))],
        trail=[],
    )


def _table() -> bytes:
    asked, excel = _asked(), request.args.get("excel", "") == "1"
    known = matching(asked)[:MOST]
    found = _details(asked, known[0], known[-1]) if known else []
    table = (
        (
            each.iri, each.kind, each.force, each.cycle, "; ".join(each.criteria),
            "; ".join(each.themes), each.statement, each.summary, each.version,
            str(each.start), str(each.end),
        )
        for each in found
    )  # fmt: skip
    return csv_of(COLUMNS, table, excel=excel)


def _asked() -> Narrowing:
    """Return what the address narrows the list to.

    Raises:
        RequestError: A value names nothing that this version knows, or a parameter does not.
    """
    values = {name: request.args.get(name, "") for name in Narrowing.__slots__}
    for name, value in values.items():
        if value and not SLUG.fullmatch(value):
            raise RequestError(
                f"{value[:60]!r} cannot be a {name}",
                place=name,
                expected="lower-case letters, digits and hyphens",
            )
    no_other(request.args, [*values, "page", "excel"])
    if values["kind"] and values["kind"] not in FINDINGS:
        raise RequestError(
            f"{values['kind'][:60]!r} is no kind of finding",
            place="kind",
            expected=" or ".join(FINDINGS),
        )
    known = _slugs() if any(values.values()) else {}
    for name in known:
        one_of(name, values[name], sorted(known[name]))
    return Narrowing(**values)


@once_a_version
def _slugs() -> dict[str, set[str]]:
    """Return the slugs of all that a list can be narrowed to, by the name of the filter."""
    found: dict[str, set[str]] = {name: set() for name in Narrowing.__slots__ if name != "kind"}
    for row in rows(f"{QUERIES}/filters-known.rq"):
        found[row["name"].value].add(row["thing"].value.rpartition("/")[2])
    return found


def matching(asked: Narrowing) -> list[str]:
    """Return the IRIs of the findings asked for, in order; one more than the most, if so many."""
    found = rows(f"{QUERIES}/findings-listed.rq", **asked.terms(this_service().base))
    return list(dict.fromkeys(row["finding"].value for row in found))


def _number(known: int) -> int:
    """Return which page of the list is asked for, from 1.

    Raises:
        PageNotFound: There is no such page.
    """
    asked, last = request.args.get("page", "1"), max(1, -(-min(known, MOST) // SHOWN))
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= last):
        raise PageNotFound(f"there is no page {asked[:20]!r}", expected=f"1 to {last}")
    return int(asked)


def _details(asked: Narrowing, low: str, high: str) -> list[Listed]:
    """Return the findings asked for from *low* to *high*, by report and place in it."""
    terms = asked.terms(this_service().base)
    found = rows(f"{QUERIES}/findings-details.rq", low=Literal(low), high=Literal(high), **terms)
    listed = _listed(found)
    order = list(KINDS)
    return sorted(
        listed, key=lambda each: (each.cycle, each.force, order.index(each.kind), each.start)
    )


def _listed(found: Iterable[Row]) -> Iterable[Listed]:
    made: dict[str, Listed] = {}
    for row in found:
        iri, kind = row["finding"].value, row["type"].value.rpartition("/")[2]
        start, end = whole_number(row["start"]), whole_number(row["end"])
        if start is None or end is None or kind not in KINDS:
            continue
        each = made.get(iri)
        if each is None:
            each = made[iri] = Listed(
                iri,
                kind,
                _text(row, "type_name"),
                row["force"].value,
                _text(row, "force_name"),
                row["cycle"].value,
                _text(row, "cycle_name"),
                _text(row, "statement"),
                _text(row, "summary"),
                row["version"].value,
                start,
                end,
            )
        for name, into in (("criterion_name", each.criteria), ("theme_name", each.themes)):
            if name in row and row[name].value not in into:
                into.append(cut(row[name]))
    return made.values()


def _text(row: Row, name: str) -> str:
    return cut(row[name]) if name in row else ""


def _choices(asked: Narrowing) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers: slug and words."""
    every = judgments()
    forces = {each.force.slug: each.force.label for each in every}
    cycles = {each.cycle.slug: each.cycle.label for each in every}
    criteria = {each.criterion.slug: each.criterion.label for each in every if each.of_pillar}
    if asked.cycle:
        criteria |= {
            each.criterion.slug: f"{each.pillar or ''} {each.criterion.label}".strip()
            for each in every
            if each.cycle.slug == asked.cycle and each.criterion.slug not in PILLARS
        }
    themes = {
        row["theme"].value.rpartition("/")[2]: str(row["theme_name"])
        for row in rows(f"{QUERIES}/criterion-themes.rq")
    }
    offered = {
        "force": sorted(forces.items(), key=lambda pair: pair[1]),
        "cycle": list(cycles.items()),
        "kind": [(slug, PLURALS[slug]) for slug in FINDINGS],
        "theme": sorted(themes.items(), key=lambda pair: pair[1]),
        "criterion": sorted(criteria.items(), key=lambda pair: pair[0]),
    }
    for name, several in offered.items():
        chosen = getattr(asked, name)
        if chosen and chosen not in dict(several):
            several.insert(0, (chosen, chosen))
    return offered
