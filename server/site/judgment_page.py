"""The page of one judgment: its grade, who states it where, and the judgments beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template
from rdflib import URIRef

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.site.called import called
from peelgraph.server.site.captured import alternates
from peelgraph.server.site.findings import loading_of, merged, method_of, places_of
from peelgraph.server.site.judgments import QUERIES, by_force, by_iri
from peelgraph.server.site.kinds import KINDS
from peelgraph.server.site.listing import Narrowing, matching

if TYPE_CHECKING:
    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.judgments import Judged


@dataclass(frozen=True, slots=True)
class Step:
    """A judgment of the cycle before or behind, and how far the two compare.

    Args:
        judged: The other judgment.
        theme: What joins the two where their criteria differ.
        level: The slug of the level of comparability; nothing where none is known.
        level_name: The same in words.
        why: Why it is so.
        source: Where that is said.
    """

    judged: Judged
    theme: str
    level: str = ""
    level_name: str = ""
    why: str = ""
    source: str = ""


def judgment_page(cycle: str, force: str, criterion: str, revision: str = "") -> str:
    """Return the page of a judgment.

    Raises:
        PageNotFound: The data have no such judgment.
    """
    base = this_service().base
    iri = f"{base}/data/judgment/{cycle}/{force}/{criterion}"
    iri = f"{iri}/rev/{revision}" if revision else iri
    node = URIRef(iri)
    found = rows(f"{QUERIES}/judgment.rq", judgment=node)
    if not found:
        raise PageNotFound(
            f"there is no judgment on {criterion[:60]!r} of {force[:60]!r} in {cycle[:60]!r}",
            action="see /grades",
        )
    about = merged((*found, *_judged_on(found[0])))
    places, hidden = places_of(iri)
    slug = about["force"].value.rpartition("/")[2]
    inspections = _inspections(about)
    return render_template(
        "judgment.html",
        about=about,
        grades=_grades(found),
        sources=_sources(found),
        places=places,
        hidden=hidden,
        kinds=KINDS,
        method=method_of(about),
        reviews=rows(f"{QUERIES}/reviews.rq", statement=node),
        loading=loading_of(places),
        inspections=inspections,
        inspectors=_inspectors(inspections, about),
        findings=len(matching(Narrowing(force=slug, cycle=cycle, criterion=criterion))),
        previous=_beside(iri, -1),
        following=_beside(iri, 1),
        carried_from=[_judged(each) for each in _carried(iri, back=True)],
        carried_to=[_judged(each) for each in _carried(iri, back=False)],
        trail=[
            ("/forces", "Forces"),
            (f"/doc/force/{slug}", str(about.get("force_name", slug))[:200]),
            (f"/grades?force={slug}", "Grades"),
        ],
        alternates=alternates(),
    )


def _judged_on(about: Row) -> tuple[Row, ...]:
    """Return the names of what the judgment is about."""
    matter = {name: URIRef(about[name].value) for name in ("force", "cycle", "criterion")}
    return rows(f"{QUERIES}/judged-on.rq", **matter)


def _grades(found: tuple[Row, ...]) -> list[Row]:
    """Return a row for each grade that the judgment has: two where sources differ."""
    return list({row["grade"].value: row for row in reversed(found)}.values())


def _sources(found: tuple[Row, ...]) -> list[Row]:
    return list({row["source"].value: row for row in reversed(found) if "source" in row}.values())


def _inspections(about: Row) -> list[Row]:
    """Return who made the inspection that the judgment comes from, a row an inspectorate."""
    force, cycle = URIRef(about["force"].value), URIRef(about["cycle"].value)
    own = about["inspection"].value if "inspection" in about else ""
    found = rows(f"{QUERIES}/inspections-of.rq", force=force, cycle=cycle)
    return [row for row in found if row["inspection"].value == own]


def _inspectors(inspections: list[Row], about: Row) -> list[tuple[str, str]]:
    """Return IRI and name of each inspectorate, as it was called when the judgment was made."""
    dated = (str(about.get("issued", "")), about["cycle"])
    return list(
        {
            row["inspectorate"].value: (
                row["inspectorate"].value,
                called(row["inspectorate_name"], row["inspectorate"], *dated),
            )
            for row in inspections
            if "inspectorate_name" in row
        }.values()
    )


def _carried(iri: str, *, back: bool) -> list[str]:
    """Return what a judgment was carried over from, or where it was carried over to."""
    pairs = [
        (row["judgment"].value, row["earlier"].value)
        for row in rows(f"{QUERIES}/judgment-carried.rq")
    ]
    if back:
        return [earlier for judgment, earlier in pairs if judgment == iri]
    return [judgment for judgment, earlier in pairs if earlier == iri]


def _judged(iri: str) -> tuple[str, Judged | None]:
    """Return an IRI with the judgment that it names, if the data have it."""
    return iri, by_iri().get(iri)


def _beside(iri: str, way: int) -> list[Step]:
    """Return the judgments of the cycle before (-1) or behind (1) on the same matter."""
    own = by_iri().get(iri)
    if own is None:
        return []
    themes = _themes()
    mine = themes.get(own.criterion.iri, {})
    made: dict[str, Step] = {}
    for each in by_force()[own.force.iri]:
        if each.ordinal != own.ordinal + way:
            continue
        shared = mine.keys() & themes.get(each.criterion.iri, {}).keys()
        if each.criterion.iri != own.criterion.iri and not shared:
            continue
        theme = ", ".join(sorted(mine[theme] for theme in shared))
        pair = (each, own) if way < 0 else (own, each)
        made[each.iri] = _step(each, theme, *pair)
    return list(made.values())


@once_a_version
def _themes() -> dict[str, dict[str, str]]:
    """Return the themes of each criterion: IRI → label."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(f"{QUERIES}/criterion-themes.rq"):
        found.setdefault(row["criterion"].value, {})[row["theme"].value] = str(row["theme_name"])
    return found


def _step(other: Judged, theme: str, earlier: Judged, later: Judged) -> Step:
    """Return the step between two judgments with what is known of it, the closest first."""
    base = this_service().base
    known: dict[str, Row] = {}
    for row in rows(f"{QUERIES}/comparability.rq"):
        if (row["from"].value, row["to"].value) == (earlier.cycle.iri, later.cycle.iri):
            known[row["criterion"].value if "criterion" in row else ""] = row
    pillar = f"{base}/def/pillar/{later.pillar}" if later.pillar else ""
    for criterion in (later.criterion.iri, pillar, ""):
        if criterion in known:
            row = known[criterion]
            level = row["level"].value.rpartition("/")[2]
            why, source = (str(row[n]) if n in row else "" for n in ("why", "source"))
            return Step(other, theme, level, str(row["level_name"]), why, source)
    return Step(other, theme)
