"""The page of one finding, and what its page and that of a judgment say of their passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import render_template
from rdflib import URIRef

from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.captured import alternates, captured, whole_number
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.kinds import CLASSES, KINDS
from peelgraph.server.site.report_page import around
from peelgraph.server.site.wording import shortened

if TYPE_CHECKING:
    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.captured import Captured, Section, Statement

MOST_PASSAGES: Final = 50
LONGEST: Final = 150
"""Characters of what a finding says that its heading has."""
BY_PERSON: Final = {
    "annotated": "A person, not named in the data, found it in the page and marked it.",
    "reviewed": "A person checked what the rules had read and confirmed or corrected it.",
}
GENERAL: Final = frozenset({"Finding", "Observation"})


@dataclass(frozen=True, slots=True)
class Place:
    """One passage that a statement rests on.

    Args:
        shown: The captured version that it stands in.
        report: Slug of the report.
        start: Where it begins.
        end: Where it ends.
        around: The text before it, its own, and behind it; ``None`` where it is not held.
        section: Where it stands.
        others: What else is read from the same words.
    """

    shown: Captured
    report: str
    start: int
    end: int
    around: tuple[str, str, str] | None
    section: Section | None
    others: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How a statement was read."""

    name: str
    version: str
    person: str
    confidence: str


def finding_page(report: str, statement: str) -> str:
    """Return the page of a finding.

    Raises:
        PageNotFound: The data have no such finding.
    """
    return _page("finding", report, statement)


def figure_page(report: str, statement: str) -> str:
    """Return the page of a stated figure; see :func:`finding_page`."""
    return _page("figure", report, statement)


def plan_priority_page(report: str, statement: str) -> str:
    """Return the page of a priority of the local plan; see :func:`finding_page`."""
    return _page("plan-priority", report, statement)


def _page(path: str, report: str, statement: str) -> str:
    iri = f"{this_service().base}/id/{path}/{report}/{statement}"
    node = URIRef(iri)
    found = rows(f"{QUERIES}/finding.rq", finding=node)
    if not found:
        raise PageNotFound(
            f"there is no {path} {statement[:100]!r} of that report", action="see /findings"
        )
    about = merged(found)
    places, hidden = places_of(iri)
    kind = next((CLASSES[c] for c in _classes(found) if c in CLASSES), "context")
    heading = _heading(about, kind)
    return render_template(
        "finding.html",
        about=about,
        kind=kind,
        kinds=KINDS,
        places=places,
        hidden=hidden,
        links=_links(node),
        method=method_of(about),
        reviews=rows(f"{QUERIES}/reviews.rq", statement=node),
        loading=loading_of(places),
        inspections=_inspections(about, _links(node)),
        report=report,
        heading=heading,
        where=_where(about),
        **_above(about, report),
    )


def places_of(iri: str) -> tuple[list[Place], int]:
    """Return the passages that a statement rests on, and how many are not among them.

    Those of the versions that count come first.
    """
    found: dict[tuple[str, int, int], str] = {}
    for row in rows(f"{QUERIES}/statement-passages.rq", statement=URIRef(iri)):
        start, end = whole_number(row["start"]), whole_number(row["end"])
        if start is not None and end is not None and start < end:
            found.setdefault((row["version"].value, start, end), row["report"].value)
    versions = {version: _captured(version, report) for (version, _, _), report in found.items()}
    places = [
        _place(shown, report, start, end, iri)
        for (version, start, end), report in list(found.items())[:MOST_PASSAGES]
        if (shown := versions[version]) is not None
    ]
    places.sort(key=lambda place: not place.shown.is_current)
    return places, len(found) - len(places)


def reports_stating(iri: str) -> set[str]:
    """Return the slugs of the reports that have the passages which a statement rests on."""
    found = rows(f"{QUERIES}/statement-passages.rq", statement=URIRef(iri))
    return {row["report"].value.rpartition("/")[2] for row in found}


def method_of(about: Row) -> Method | None:
    """Return how what *about* tells of was read, where that is known."""
    if "method" not in about:
        return None
    name, _, version = about["method"].value.partition("/")
    confidence = about["confidence"].value if "confidence" in about else ""
    return Method(name, version, BY_PERSON.get(name, ""), confidence)


def loading_of(places: list[Place]) -> tuple[Row, ...]:
    """Return what read the version that the first of *places* stands in."""
    if not places:
        return ()
    return rows(f"{QUERIES}/loading.rq", version=URIRef(places[0].shown.iri))[:1]


def merged(found: tuple[Row, ...]) -> Row:
    """Return the first value of each variable of several rows about one thing."""
    whole: Row = {}
    for row in found:
        for name, term in row.items():
            whole.setdefault(name, term)
    return whole


def _captured(version: str, report: str) -> Captured | None:
    try:
        return captured(report.rpartition("/")[2], version.rpartition("/")[2])
    except PageNotFound:  # a passage of something that is not described as a version of ours
        return None


def _place(shown: Captured, report: str, start: int, end: int, iri: str) -> Place:
    others = tuple(
        each
        for each in shown.statements
        if each.start < end and each.end > start and each.iri and each.iri != iri
    )
    return Place(
        shown,
        report.rpartition("/")[2],
        start,
        end,
        around(shown, start, end),
        shown.section_at(start),
        others[:MOST_PASSAGES],
    )


def _classes(found: tuple[Row, ...]) -> list[str]:
    names = [row["class"].value.rpartition("#")[2] for row in found]
    return [name for name in names if name not in GENERAL]


def _links(node: URIRef) -> dict[str, list[Row]]:
    """Return what a finding is joined to, by the role that it has; one row a thing."""
    links: dict[str, list[Row]] = {}
    seen: set[tuple[str, str]] = set()
    for row in rows(f"{QUERIES}/finding-links.rq", finding=node):
        role, thing = row["role"].value, row["thing"].value
        if (role, thing) not in seen:
            seen.add((role, thing))
            links.setdefault(role, []).append(row)
    return links


def _inspections(about: Row, links: dict[str, list[Row]]) -> list[Row]:
    """Return the inspections that a finding comes from: of its criteria, or else of the force."""
    if "force" not in about or "cycle" not in about:
        return []
    force, cycle = URIRef(about["force"].value), URIRef(about["cycle"].value)
    found = rows(f"{QUERIES}/inspections-of.rq", force=force, cycle=cycle)
    criteria = {row["thing"].value for row in links.get("criterion", [])}
    near = [row for row in found if "criterion" in row and row["criterion"].value in criteria]
    general = [row for row in found if "criterion" not in row]
    by_iri = {row["inspection"].value: row for row in near or general or found}
    return list(by_iri.values())


def _heading(about: Row, kind: str) -> str:
    """Return what a finding says in a line: our summary, or else how its words begin."""
    words = KINDS[kind]
    if "summary" in about:
        return f"{words}: {shortened(about['summary'].value, LONGEST)}"
    if "statement" in about:
        return f"{words}: “{shortened(about['statement'].value, LONGEST)}”"
    label = about["label"].value if "label" in about else ""
    return f"{words}: {shortened(label, LONGEST)}" if label else words


def _where(about: Row) -> str:
    """Return force and cycle, as far as they are known."""
    return ", ".join(f"{about[n]!s:.200}" for n in ("force_name", "cycle_name") if n in about)


def _above(about: Row, report: str) -> dict[str, object]:
    trail = [("/forces", "Forces")]
    if "force" in about:
        slug = about["force"].value.rpartition("/")[2]
        trail.append((f"/doc/force/{slug}", str(about.get("force_name", slug))[:200]))
    trail.append((f"/doc/report/{report}", "Report"))
    return {"trail": trail, "alternates": alternates()}
