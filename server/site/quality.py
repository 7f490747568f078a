"""How far the data can be trusted: what the shapes found, what it rests on, what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.charted import in_order
from peelgraph.server.site.judgments import QUERIES, Named, judgments, named
from peelgraph.server.site.steps import cycles
from peelgraph.server.site.territory import territorial_forces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.territory import Force

pages = Blueprint("quality", __name__, template_folder="templates")
SHOWN: Final = 50
"""Things that are named of those that a shape found."""
CAPTURES: Final = 200
"""Captured versions that are listed; their query asks for one more."""
WARNING: Final = "Warning"
BEHIND: Final = frozenset({"recalled"})
"""Bases of which each judgment is named: they are to be read with care."""

EXEMPT: Final = frozenset({"pending", "not-inspected"})
"""Statuses of judgments that need no evidence (``graph/rules/evidence.rq``)."""


@dataclass(slots=True)
class Found:
    """What one shape found, of one severity."""

    shape: str
    severity: str
    message: str
    nodes: list[Named] = field(default_factory=list[Named])

    @property
    def is_warning(self) -> bool:
        """Whether it kept nothing out."""
        return self.severity == WARNING


@dataclass(frozen=True, slots=True)
class Resting:
    """What one judgment rests on."""

    judgment: Named
    basis: Named | None
    host: str
    passages: int
    note: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known of one pillar in one cycle.

    Args:
        cycle: The cycle.
        criterion: The pillar, or one area of a cycle without pillars.
        known: How many forces have a judgment.
        statuses: How many of those by the slug of their status.
        missing: Forces of which nothing is known.
    """

    cycle: Named
    criterion: Named
    known: int
    statuses: Counter[str]
    missing: tuple[Force, ...]


@pages.get("/quality")
def index() -> Response:
    """Return the page on the quality of the data."""
    return lasting(_index, HTML.header)


@once_a_version
def resting() -> tuple[Resting, ...]:
    """Return what every judgment rests on."""
    return tuple(_resting(row) for row in rows(f"{QUERIES}/judgment-bases.rq"))


@once_a_version
def found() -> tuple[Found, ...]:
    """Return what the shapes found, what was kept out first, then by how often."""
    every: dict[tuple[str, str], Found] = {}
    for row in rows(f"{QUERIES}/validation-results.rq"):
        shape = row["shape"].value.rpartition("#")[2] if "shape" in row else ""
        severity = row["severity"].value.rpartition("#")[2]
        message = row["message"].value if "message" in row else ""
        known = every.setdefault((shape, severity), Found(shape, severity, message))
        known.nodes.append(_node(row))
    return tuple(sorted(every.values(), key=lambda each: (each.is_warning, -len(each.nodes))))


def gaps() -> Iterator[Gap]:
    """Yield what is known of each pillar, or area where there are no pillars, in each cycle."""
    forces = territorial_forces()
    for cycle in cycles():
        own = [each for each in judgments() if each.cycle == cycle]
        wanted = [each for each in own if each.of_pillar] or own
        for criterion in in_order(each.criterion for each in wanted):
            judged = {each.force.iri: each for each in wanted if each.criterion == criterion}
            statuses = Counter(each.status for each in judged.values())
            missing = tuple(force for force in forces if force.iri not in judged)
            yield Gap(cycle, criterion, len(judged), statuses, missing)


def _index() -> str:
    every = resting()
    known = list(gaps())
    statuses = Counter(each.status for each in judgments())
    captures = rows(f"{QUERIES}/captured-versions.rq")
    (passages,) = rows(f"{QUERIES}/passage-counts.rq")
    on = [each for each in every if each.basis or each.passages]
    return render_template(
        "quality.html",
        trail=[],
        judged=len(every),
        based=len(on),
        unbased=[each.judgment for each in every if each not in on][:SHOWN],
        found=found(),
        measures=rows(f"{QUERIES}/quality-measures.rq"),
        passages={name: int(value.value) for name, value in passages.items()},
        by_passage=sum(1 for each in every if each.passages),
        bases=_bases(every),
        hosts=Counter(each.host for each in every if each.host).most_common(),
        careful=[each for each in every if each.basis and each.basis.slug in BEHIND],
        noted=sum(1 for each in every if each.note),
        pillars=[gap for gap in known if gap.criterion in _pillars()],
        areas=[gap for gap in known if gap.criterion not in _pillars()],
        statuses=statuses.most_common(),
        exempt=[each for each in statuses.most_common() if each[0] in EXEMPT],
        captures=captures[:CAPTURES],
        more=len(captures) > CAPTURES,
        shown=SHOWN,
    )


def _pillars() -> set[Named]:
    return {each.criterion for each in judgments() if each.of_pillar}


def _bases(every: Sequence[Resting]) -> list[tuple[Named, int]]:
    counted = Counter(each.basis for each in every if each.basis)
    return counted.most_common()


def _resting(row: Row) -> Resting:
    return Resting(
        named(row, "judgment"),
        named(row, "basis") if "basis" in row and "basis_name" in row else None,
        _host(row["source"].value) if "source" in row else "",
        int(row["passages"].value),
        row["note"].value if "note" in row else "",
    )


def _node(row: Row) -> Named:
    iri = row["node"].value
    slug = iri.rstrip("/").rpartition("/")[2]
    return Named(iri, slug, row["node_name"].value if "node_name" in row else slug)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
