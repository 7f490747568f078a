"""Findings about one force, listed: those of an inspection, a theme or a kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.judgments import QUERIES, Named, named
from peelgraph.server.site.territory import force_iri, forces, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import URIRef

    from peelgraph.server.pages.terms import Row

pages = Blueprint("findings_listed", __name__, template_folder="templates")
MOST: Final = 2000
"""Findings that the query returns; it asks for one more."""
A_PAGE: Final = 100
NONE: Final = Named("", "none", "no theme")


@dataclass(slots=True)
class Listed:
    """One finding: the report's words where the page was read, or else our summary."""

    iri: str
    cycle: Named
    kind: Named
    text: str
    quoted: bool
    criteria: dict[str, Named] = field(default_factory=dict[str, Named])
    themes: dict[str, Named] = field(default_factory=dict[str, Named])

    @property
    def subjects(self) -> list[str]:
        """Return the labels of its criteria and themes, each once."""
        return list(dict.fromkeys(one.label for one in (self.criteria | self.themes).values()))


@dataclass(frozen=True, slots=True)
class Found:
    """Findings by kind, and whether there are more of them than are listed."""

    kinds: tuple[tuple[Named, tuple[Listed, ...]], ...]
    total: int
    cut: bool


@pages.get("/forces/<force>/findings")
def listing(force: str) -> Response:
    """Return the findings about a force that fit the address, a hundred a page.

    Raises:
        PageNotFound: There is no such force.
        RequestError: There is no such theme, kind, cycle or page.
    """
    return lasting(lambda: _listing(force), HTML.header)


def findings_of(force: URIRef, cycle: URIRef, pillar: str = "") -> Found:
    """Return the findings of an inspection by kind; of one *pillar*, or of all."""
    listed = _listed(rows(f"{QUERIES}/force-findings.rq", force=force, cycle=cycle))
    fitting = [
        each
        for each in listed[:MOST]
        if not pillar or any(_is_of(one, pillar) for one in each.criteria.values())
    ]
    by_kind: dict[str, list[Listed]] = defaultdict(list)
    for each in fitting:
        by_kind[each.kind.iri].append(each)
    kinds = [(found[0].kind, tuple(found)) for found in by_kind.values()]
    kinds.sort(key=lambda kind: kind[0].label)
    return Found(tuple(kinds), len(fitting), cut=len(listed) > MOST)


def _listing(force: str) -> str:
    iri = force_iri(force)
    about = next((each for each in forces() if each.iri == str(iri)), None)
    if about is None:
        raise PageNotFound(f"there is no police force {force[:100]!r}")
    listed = _listed(rows(f"{QUERIES}/force-findings.rq", force=iri))
    choices = {
        "theme": _choices([*(named(row, "theme") for row in rows(f"{QUERIES}/themes.rq")), NONE]),
        "kind": _choices(each.kind for each in listed),
        "cycle": _choices(each.cycle for each in listed),
    }
    wanted = {
        name: one_of(name, request.args.get(name, ""), known) for name, known in choices.items()
    }
    fitting = [each for each in listed[:MOST] if _fits(each, wanted)]
    numbers = [str(number) for number in range(1, max(1, -(-len(fitting) // A_PAGE)) + 1)]
    page = int(one_of("page", request.args.get("page", ""), numbers) or 1)
    return render_template(
        "force-findings.html",
        trail=[("/forces", "Forces"), (f"/doc/force/{force}", about.name[:200])],
        force=about,
        shown=fitting[(page - 1) * A_PAGE : page * A_PAGE],
        total=len(fitting),
        cut=len(listed) > MOST,
        choices=choices,
        wanted=wanted,
        page=page,
        pages=len(numbers),
    )


def _listed(found: tuple[Row, ...]) -> list[Listed]:
    """Return each finding of the rows of ``force-findings.rq``, in their order."""
    listed: dict[str, Listed] = {}
    for row in found:
        iri = row["finding"].value
        said = row.get("statement") or row.get("summary")
        one = listed.setdefault(
            iri,
            Listed(
                iri,
                named(row, "cycle"),
                named(row, "type"),
                said.value if said else iri,
                "statement" in row,
            ),
        )
        for variable, held in (("criterion", one.criteria), ("theme", one.themes)):
            if variable in row:
                thing = named(row, variable)
                held[thing.iri] = thing
    return list(listed.values())


def _is_of(criterion: Named, pillar: str) -> bool:
    """Whether *criterion* is the pillar or one of its questions, ``legitimacy-4``."""
    return criterion.slug == pillar or criterion.slug.startswith(f"{pillar}-")


def _fits(finding: Listed, wanted: dict[str, str]) -> bool:
    themes = {one.slug for one in finding.themes.values()} or {NONE.slug}
    return (
        wanted["theme"] in {"", *themes}
        and wanted["kind"] in {"", finding.kind.slug}
        and wanted["cycle"] in {"", finding.cycle.slug}
    )


def _choices(things: Iterable[Named]) -> dict[str, str]:
    """Return labels by slug, sorted by label."""
    found = {thing.slug: thing.label for thing in things}
    return dict(sorted(found.items(), key=lambda item: item[1]))
