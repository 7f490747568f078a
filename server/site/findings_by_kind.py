"""The findings of one inspection, by kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import rows
from peelgraph.server.site.judgments import QUERIES, Named, named
from peelgraph.server.site.kinds import CONTEXT
from peelgraph.server.site.wording import is_part

if TYPE_CHECKING:
    from rdflib import URIRef

    from peelgraph.server.pages.terms import Row, Term

KINDS: Final = (
    "cause-of-concern",
    "recommendation",
    "area-for-improvement",
    "innovative-practice",
    "strength",
    "look-ahead",
    "context",
)
"""Kinds in the order in which they are shown; others come after them."""
MOST: Final = 500
"""Findings that the query returns; it asks for one more."""


@dataclass(slots=True)
class Listed:
    """One finding: the report's words where they are whole sentences, or else our summary."""

    iri: str
    cycle: Named
    kind: Named
    text: str
    quoted: bool
    criteria: dict[str, Named] = field(default_factory=dict[str, Named])
    themes: dict[str, Named] = field(default_factory=dict[str, Named])


@dataclass(frozen=True, slots=True)
class Found:
    """Findings by kind, and whether there are more of them than are listed.

    Args:
        kinds: Each kind with what is of it, context behind the rest.
        total: How many findings there are; context is none.
        context: How many statements of context.
        cut: There are more than are listed.
    """

    kinds: tuple[tuple[Named, tuple[Listed, ...]], ...]
    total: int
    context: int
    cut: bool


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
    kinds = sorted(
        ((found[0].kind, tuple(found)) for found in by_kind.values()),
        key=lambda kind: (_place(kind[0]), kind[0].label),
    )
    context = sum(each.kind.slug == CONTEXT for each in fitting)
    return Found(tuple(kinds), len(fitting) - context, context, cut=len(listed) > MOST)


def _place(kind: Named) -> int:
    return KINDS.index(kind.slug) if kind.slug in KINDS else len(KINDS)


def _listed(found: tuple[Row, ...]) -> list[Listed]:
    """Return each finding of the rows of ``force-findings.rq``, in their order."""
    listed: dict[str, Listed] = {}
    for row in found:
        iri = row["finding"].value
        said = _said(row)
        one = listed.setdefault(
            iri,
            Listed(
                iri,
                named(row, "cycle"),
                named(row, "type"),
                said.value if said else iri,
                said is not None and said is row.get("statement"),
            ),
        )
        for variable, held in (("criterion", one.criteria), ("theme", one.themes)):
            if variable in row:
                thing = named(row, variable)
                held[thing.iri] = thing
    return list(listed.values())


def _said(row: Row) -> Term | None:
    """Return the report's words; our summary where there are none or a part of a sentence."""
    statement, summary = row.get("statement"), row.get("summary")
    if statement is None or (summary is not None and is_part(statement.value)):
        return summary
    return statement


def _is_of(criterion: Named, pillar: str) -> bool:
    """Whether *criterion* is the pillar or one of its questions, ``legitimacy-4``."""
    return criterion.slug == pillar or criterion.slug.startswith(f"{pillar}-")
