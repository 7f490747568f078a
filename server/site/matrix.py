"""The matrix of grades: which forces, cycles and criteria an address asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.judgments import LETTERS, PILLARS, Named, judgments
from peelgraph.server.site.steps import Cell, area_cycles, by_force, cycles, pillar_cycles, strip
from peelgraph.server.site.territory import one_of, territorial_forces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from peelgraph.server.site.judgments import Judged
    from peelgraph.server.site.territory import Force

PARAMETERS: Final = ("cycle", "criterion", "grade", "force", "country", "sort")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: slugs, each empty where it does not matter."""

    cycle: str
    criterion: str
    grade: str
    force: str
    country: str
    sort: str

    @property
    def everywhere(self) -> bool:
        """Whether grades of every cycle and criterion are looked through."""
        return bool(self.grade or self.force) and not (self.cycle or self.criterion)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand side by side: the cycles of one criterion."""

    criterion: Named
    cycles: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One force, with a strip of cells for each group of columns."""

    force: Force
    strips: tuple[tuple[Cell, ...], ...]

    @property
    def cells(self) -> list[Cell]:
        """Return a cell for each column."""
        return [cell for each in self.strips for cell in each]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is shown.

    Args:
        wanted: What was asked for.
        groups: The columns, by criterion.
        lines: The forces that fit, in order.
        total: How many forces there are.
    """

    wanted: Wanted
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    total: int

    @property
    def leading(self) -> tuple[Named, Named] | None:
        """Return criterion and cycle of the column by which forces are ordered and mapped.

        It is the last cycle of the first criterion.
        """
        first = self.groups[0] if self.groups else None
        return (first.criterion, first.cycles[-1]) if first else None

    @property
    def of_pillars(self) -> bool:
        """Whether the pillars alone are shown, in every cycle that judged them."""
        asked = self.wanted
        narrowed = asked.cycle or asked.criterion or asked.everywhere
        return bool(pillar_cycles()) and not narrowed

    @property
    def shown(self) -> list[Judged]:
        """Return every judgment that is shown, line by line."""
        return [cell.judged for line in self.lines for cell in line.cells if cell.judged]


def wanted_by(arguments: Mapping[str, str]) -> Wanted:
    """Return what the parameters of an address ask for.

    Raises:
        RequestError: One of them names something that is not there.
    """
    choices = choices_of(arguments.get("cycle", ""))
    given = {name: arguments.get(name, "") for name in PARAMETERS}
    return Wanted(**{name: one_of(name, given[name], choices[name]) for name in PARAMETERS})


def choices_of(cycle: str) -> dict[str, dict[str, str]]:
    """Return what each parameter may be, with its label; criteria are those of *cycle*."""
    countries = {force.country.slug: force.country.label for force in territorial_forces()}
    return {
        "cycle": {each.slug: each.label for each in cycles()},
        "criterion": {each.slug: each.label for each in criteria_of(cycle)},
        "grade": {each: each.replace("-", " ") for each in LETTERS},
        "force": {force.slug: force.name for force in territorial_forces()},
        "country": {slug: countries[slug] for slug in sorted(countries) if slug},
        "sort": {"force": "by name", "best": "best first", "worst": "worst first"},
    }


def criteria_of(cycle: str) -> list[Named]:
    """Return the criteria of a cycle; of all, the pillars and the areas in none."""
    fitting = (
        each.criterion
        for each in judgments()
        if (each.cycle.slug == cycle if cycle else each.of_pillar or not each.pillar)
    )
    return _ordered(fitting)


def matrix_of(wanted: Wanted) -> Matrix:
    """Return the matrix that is asked for."""
    every = territorial_forces()
    forces = [
        force
        for force in every
        if wanted.country in {"", force.country.slug} and wanted.force in {"", force.slug}
    ]
    groups = tuple(_found(forces, wanted) if wanted.everywhere else _groups(wanted))
    lines = [line for force in forces if _fits(line := _line(force, groups), wanted)]
    return Matrix(wanted, groups, tuple(_sorted(lines, wanted.sort)), len(every))


def _found(forces: Iterable[Force], wanted: Wanted) -> Iterable[Group]:
    """Yield the columns in which one of *forces* has the grade that is asked for, or any."""
    columns: dict[str, tuple[Named, dict[str, Named]]] = {}
    for judged in (each for force in forces for each in by_force().get(force.iri, {}).values()):
        if wanted.grade in {"", judged.grade.slug}:
            # a question is of one cycle: another cycle's of the same number asks something else
            key = judged.criterion.iri if judged.of_question else judged.criterion.slug
            _, having = columns.setdefault(key, (judged.criterion, {}))
            having[judged.cycle.slug] = judged.cycle
    for criterion, having in sorted(columns.values(), key=lambda each: _place(each[0])):
        yield Group(criterion, tuple(each for each in cycles() if each.slug in having))


def _groups(wanted: Wanted) -> Iterable[Group]:
    """Yield the columns: all criteria of a cycle, all cycles of a criterion, or all pillars."""
    columns = [each for each in cycles() if wanted.cycle in {"", each.slug}]
    if not wanted.cycle and not wanted.criterion:
        columns = list(pillar_cycles() or area_cycles())
    having = {(each.criterion.slug, each.cycle.slug) for each in judgments()}
    graded = {each.criterion.slug for each in judgments() if each.rank is not None}
    only = set(PILLARS) if not wanted.cycle and pillar_cycles() else graded
    for criterion in criteria_of(wanted.cycle):
        if criterion.slug not in ({wanted.criterion} if wanted.criterion else graded & only):
            continue
        judged = tuple(each for each in columns if (criterion.slug, each.slug) in having)
        if judged:
            yield Group(criterion, judged)


def _line(force: Force, groups: Sequence[Group]) -> Line:
    found = by_force().get(force.iri, {})
    strips = [strip(found, group.criterion.slug, group.cycles) for group in groups]
    return Line(force, tuple(strips))


def _fits(line: Line, wanted: Wanted) -> bool:
    """Whether a line has the grade that is asked for in any of its cells."""
    return not wanted.grade or any(
        cell.judged and cell.judged.grade.slug == wanted.grade for cell in line.cells
    )


def _sorted(lines: list[Line], sort: str) -> list[Line]:
    """Return *lines* by the grade in the leading column, where it is asked for; ungraded last."""
    if sort not in {"best", "worst"}:
        return lines
    sign = -1 if sort == "best" else 1

    def place(line: Line) -> tuple[bool, int]:
        leading = line.strips[0][-1].judged if line.strips else None
        rank = leading.rank if leading else None
        return rank is None, sign * (rank or 0)

    return sorted(lines, key=place)


def _ordered(criteria: Iterable[Named]) -> list[Named]:
    """Return criteria each once: pillars and their questions, then areas by their labels."""
    return sorted({one.slug: one for one in criteria}.values(), key=_place)


def _place(one: Named) -> tuple[int, str, str]:
    order = {pillar: place for place, pillar in enumerate(PILLARS)}
    pillar = one.slug.rpartition("-")[0] if one.slug not in order else one.slug
    within = one.slug if pillar in order else one.label
    return order.get(pillar, len(order)), within, one.iri
