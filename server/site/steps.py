"""Steps from one cycle to the next: whether the grades compare, and which way they went."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.site.judgments import PILLARS, QUERIES, judgments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.judgments import Judged, Named

Key = tuple[str, str]
"""Slugs of a cycle and a criterion, for the judgments of one force."""

COMPARED: Final = frozenset({"comparable", "with-caution"})
ARROWS: Final = {"up": "↗", "down": "↘", "same": "→"}
MOVES: Final = {"up": "up", "down": "down", "same": "unchanged"}
MARKS: Final = {"not-comparable": "//", "first-time": "*"}
"""What stands for a step that compares nothing."""
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class Step:
    """From one cycle to the next, for all criteria or one.

    Args:
        first: Slug of the earlier cycle.
        second: Slug of the later one.
        criterion: Slug of the criterion; empty where it is said of the cycles as a whole.
        level: Slug of the level of comparability.
        level_name: Its label.
        meaning: What the level means.
        why: Why these two cycles are on it.
        source: The page that says so.
    """

    first: str
    second: str
    criterion: str
    level: str
    level_name: str
    meaning: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A judgment among those of other cycles.

    Args:
        cycle: Of the column it stands in.
        judged: What was judged; nothing where no judgment is known.
        step: From the cycle before, where both are judged; none to or from a missing grade where
            the two cycles compare, since there is nothing to compare.
        move: ``up``, ``down`` or ``same``, where the grades compare; else empty.
    """

    cycle: Named
    judged: Judged | None
    step: Step | None = None
    move: str = ""

    @property
    def mark(self) -> str:
        """Return what stands before the grade for the step to it."""
        if self.step is None:
            return ""
        if not self.move:
            return MARKS.get(self.step.level, UNKNOWN)
        arrow = ARROWS[self.move]
        return arrow if self.step.level == "comparable" else f"({arrow})"

    @property
    def broken(self) -> bool:
        """Whether the step is drawn broken: it does not compare."""
        return self.step is not None and self.step.level == "not-comparable"

    @property
    def words(self) -> str:
        """Return the step in words; why is said where nothing compares."""
        if self.step is None:
            return ""
        if self.move:
            return f"{MOVES[self.move]}, {self.step.level_name}"
        why = f": {self.step.why}" if self.step.why else ""
        return f"{self.step.level_name}{why}"


@once_a_version
def steps() -> Mapping[tuple[str, str, str], Step]:
    """Return every step by the slugs of its two cycles and its criterion."""
    found: dict[tuple[str, str, str], Step] = {}
    for row in rows(f"{QUERIES}/comparabilities.rq"):
        made = _step(row)
        found.setdefault((made.first, made.second, made.criterion), made)
    return found


@once_a_version
def cycles() -> tuple[Named, ...]:
    """Return the cycles that have judgments, the first one first."""
    return tuple({each.cycle.slug: each.cycle for each in judgments()}.values())


@once_a_version
def pillar_cycles() -> tuple[Named, ...]:
    """Return the cycles that judged whole pillars."""
    having = {each.cycle.slug for each in judgments() if each.of_pillar}
    return tuple(cycle for cycle in cycles() if cycle.slug in having)


@once_a_version
def area_cycles() -> tuple[Named, ...]:
    """Return the cycles that judged areas which are in no pillar."""
    having = {each.cycle.slug for each in judgments() if not each.pillar}
    return tuple(cycle for cycle in cycles() if cycle.slug in having)


def step_of(first: str, second: str, *criteria: str) -> Step | None:
    """Return the step between two cycles for the first of *criteria* it is known of, or for all."""
    known = steps()
    found = (known.get((first, second, criterion)) for criterion in (*criteria, ""))
    return next((step for step in found if step is not None), None)


def steps_between(columns: Sequence[Named], criteria: Iterable[str]) -> list[Step]:
    """Return what is said of each step between *columns*, of all or of one of *criteria*."""
    wanted = ["", *criteria]
    known = steps()
    keys = [(a.slug, b.slug, each) for a, b in pairwise(columns) for each in wanted]
    return [known[key] for key in keys if key in known]


def together(said: Iterable[Step]) -> list[tuple[Step, str]]:
    """Return steps with the criteria that they are said of; what is the same is said once.

    What is said of the cycles as a whole needs no criteria.
    """
    found: dict[tuple[str, ...], tuple[Step, list[str]]] = {}
    for step in said:
        key = (step.first, step.second, step.level, step.why, step.source)
        found.setdefault(key, (step, []))[1].append(step.criterion)
    return [
        (step, "" if "" in criteria else ", ".join(criteria)) for step, criteria in found.values()
    ]


def strip(
    found: Mapping[Key, Judged], criterion: str, columns: Sequence[Named]
) -> tuple[Cell, ...]:
    """Return the judgments on *criterion* in each of the cycles *columns*."""
    judged = [found.get((cycle.slug, criterion)) for cycle in columns]
    cells = [Cell(columns[0], judged[0])] if columns else []
    for (first, second), (before, now) in zip(pairwise(columns), pairwise(judged), strict=True):
        step = _step_between(first, second, criterion, before, now)
        cells.append(Cell(second, now, step, _move(step, before, now)))
    return tuple(cells)


def strips(
    criteria: Mapping[Key, Judged],
    found: Mapping[str, Mapping[Key, Judged]],
    columns: Sequence[Named],
    *,
    pillars: bool,
) -> list[tuple[Named, dict[str, tuple[Cell, ...]]]]:
    """Return each criterion with a strip of its judgments over *columns* for each of *found*.

    Args:
        criteria: Judgments whose criteria are shown.
        found: The judgments to show, by any name.
        columns: The cycles.
        pillars: Whether pillars are shown, or the areas that are in none.
    """
    shown = {cycle.slug for cycle in columns}
    wanted = {
        key[1]: judged.criterion
        for key, judged in criteria.items()
        if key[0] in shown and (judged.of_pillar if pillars else not judged.pillar)
    }
    order = {pillar: place for place, pillar in enumerate(PILLARS)}
    ordered = sorted(wanted.values(), key=lambda one: (order.get(one.slug, 0), one.label))
    return [
        (one, {name: strip(each, one.slug, columns) for name, each in found.items()})
        for one in ordered
    ]


@once_a_version
def by_force() -> Mapping[str, Mapping[Key, Judged]]:
    """Return all judgments by the IRI of the force, then by cycle and criterion."""
    found: dict[str, dict[Key, Judged]] = {}
    for each in judgments():
        found.setdefault(each.force.iri, {})[each.cycle.slug, each.criterion.slug] = each
    return found


def _step_between(
    first: Named, second: Named, criterion: str, before: Judged | None, now: Judged | None
) -> Step | None:
    """Return what is said of the step from one judgment to the next, if there is anything."""
    step = step_of(first.slug, second.slug, criterion) if before and now else None
    ungraded = before is None or now is None or None in {before.rank, now.rank}
    return None if step and step.level in COMPARED and ungraded else step


def _move(step: Step | None, before: Judged | None, now: Judged | None) -> str:
    """Return which way a grade went; nothing where the two say nothing about each other."""
    if step is None or step.level not in COMPARED or before is None or now is None:
        return ""
    if before.rank is None or now.rank is None or before.scale != now.scale:
        return ""
    if before.rank == now.rank:
        return "same"
    return "up" if now.rank > before.rank else "down"


def _step(row: Row) -> Step:
    def last(variable: str) -> str:
        return row[variable].value.rpartition("/")[2] if variable in row else ""

    def text(variable: str) -> str:
        return row[variable].value if variable in row else ""

    return Step(
        last("first"),
        last("second"),
        last("criterion"),
        last("level"),
        text("level_name"),
        text("meaning"),
        text("why"),
        text("source"),
    )
