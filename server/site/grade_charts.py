"""The charts of grades: the strip of a force, how grades are spread, how forces moved."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charted import Chart, Refusal, chosen, force_options, in_order
from peelgraph.server.site.charts.bars import Said
from peelgraph.server.site.charts.distribution import PARTS, Counted, distribution
from peelgraph.server.site.charts.movement import WORDS, Moved, counts, movement
from peelgraph.server.site.charts.strip import NOT_KNOWN as UNKNOWN_MARK
from peelgraph.server.site.charts.strip import Mark, strip
from peelgraph.server.site.judgments import judgments
from peelgraph.server.site.steps import COMPARED, by_force, cycles, pillar_cycles, step_of
from peelgraph.server.site.steps import strip as cells_of
from peelgraph.server.site.territory import territorial_forces
from peelgraph.server.site.wording import capital

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.steps import Cell, Step

EXAMPLE: Final = "kent"
UNKNOWN: Final = "unknown"
NOT_KNOWN: Final = "not known"
MOVES: Final = {"up": "up", "same": "same", "down": "down"}
STRIP_COLUMNS: Final = (
    ("force", ""),
    ("force_name", ""),
    ("criterion", ""),
    ("criterion_name", "Pillar"),
    ("cycle", ""),
    ("cycle_name", "Cycle"),
    ("grade", ""),
    ("grade_name", "Grade"),
    ("status", "Status"),
    ("comparability", "Compared with the cycle before"),
    ("change", "Change"),
    ("judgment", ""),
)
SPREAD_COLUMNS: Final = (
    ("cycle", ""),
    ("cycle_name", "Cycle"),
    ("scale", "Scale"),
    ("criterion", ""),
    ("criterion_name", "Judged"),
    ("grade", ""),
    ("grade_name", "Grade"),
    ("forces", "Forces"),
)
MOVED_COLUMNS: Final = (
    ("force", ""),
    ("force_name", "Force"),
    ("criterion", ""),
    ("from_cycle", ""),
    ("from_grade", "Before"),
    ("to_cycle", ""),
    ("to_grade", "After"),
    ("change", "Change"),
    ("comparability", ""),
)


def force_chart(arguments: Mapping[str, str]) -> Chart:
    """Return the strip of a force: its pillars over the cycles that judged pillars."""
    options = force_options()
    default = EXAMPLE if EXAMPLE in options else next(iter(options), "")
    choice = chosen(arguments, "force", "Force", options, default)
    found = next((known for known in by_force().values() if _slug(known) == choice.value), {})
    columns = pillar_cycles()
    judged = {(each.cycle.slug, each.criterion.slug) for each in judgments() if each.of_pillar}
    own = in_order(each.criterion for each in found.values() if each.of_pillar)
    lines = [(criterion, cells_of(found, criterion.slug, columns)) for criterion in own]
    known = [cell for _, cells in lines for cell in cells if cell.judged]
    title = f"Grades of {choice.words} by pillar and cycle"
    said = Said(
        "force",
        title,
        f"{len(known)} judgements; a line between two grades says that they compare, and which "
        "way the grade went. The table says the same.",
    )
    svg = strip(
        said,
        [cycle.label for cycle in columns],
        [
            (
                capital(one.label),
                [_mark(cell, (cell.cycle.slug, one.slug) in judged) for cell in cells],
            )
            for one, cells in lines
        ],
        _end(columns),
    )
    return Chart(
        "force",
        title,
        (choice,),
        STRIP_COLUMNS,
        tuple(_strip_row(cell) for cell in known),
        svg if known else None,
        None if known else Refusal(f"No judgement on a pillar of {choice.words} is known here."),
    )


def spread_chart(arguments: Mapping[str, str]) -> Chart:
    """Return how many forces had each grade: pillars over all cycles, or all of one cycle."""
    options = {"": "The pillars in all cycles"} | {each.slug: each.label for each in cycles()}
    choice = chosen(arguments, "cycle", "Cycle", options, "")
    counted = list(_counted(choice.value))
    title = f"Grades given in {choice.words}" if choice.value else "Grades of the pillars by cycle"
    said = Said(
        "distribution",
        title,
        f"{len(counted)} bars, one for what was judged in a cycle, with the number of forces at "
        "each grade. The table says the same.",
    )
    return Chart(
        "distribution",
        title,
        (choice,),
        SPREAD_COLUMNS,
        tuple(row for each, one in counted for row in _spread_rows(each, one)),
        distribution(said, [each for each, _ in counted]),
    )


def latest_pillars() -> Chart | None:
    """Return how many forces had each grade of the pillars in the last cycle that graded them."""
    cycle = next(reversed(pillar_cycles()), None)
    counted = [each for each in _counted("") if cycle and each[1][0] == cycle]
    if not counted or cycle is None:
        return None
    title = f"Grades given in {cycle.label}"
    said = Said("latest", title, "One bar a pillar, with the number of forces at each grade.")
    rows = tuple(row for each, one in counted for row in _spread_rows(each, one))
    svg = distribution(said, [each for each, _ in counted])
    return Chart("distribution", title, (), SPREAD_COLUMNS, rows, svg)


def movement_chart(arguments: Mapping[str, str]) -> Chart:
    """Return who went up, down or stayed on a pillar from one cycle to the next."""
    graded = in_order(each.criterion for each in judgments() if each.of_pillar and each.rank)
    options = {each.slug: capital(each.label) for each in graded}
    criterion = chosen(arguments, "criterion", "Pillar", options, next(iter(options), ""))
    pairs = {second.slug: (first, second) for first, second in pairwise(cycles())}
    into = {slug: f"{first.label} to {second.label}" for slug, (first, second) in pairs.items()}
    compared = [slug for slug, pair in pairs.items() if _compares(pair, criterion.value)]
    to = chosen(arguments, "to", "From one cycle to the next", into, (compared or [""])[-1])
    title = f"{criterion.words}: {to.words}"
    choices = (criterion, to)
    pair = pairs.get(to.value)
    if pair is None or not _compares(pair, criterion.value):
        refusal = _refused(pair, criterion.value, criterion.words)
        return Chart("movement", title, choices, MOVED_COLUMNS, (), None, refusal)
    step = step_of(pair[0].slug, pair[1].slug, criterion.value)
    rows = tuple(_moved_rows(pair, criterion.value, step))
    moved = [Moved(row[1], row[4], row[6], row[7]) for row in rows if row[7] != NOT_KNOWN]
    words = [f"{number} {WORDS[move]}" for move, number in counts(moved).items()]
    level = step.level_name if step else ""
    said = Said("movement", title, f"{', '.join(words)}; {level}. The table names the forces.")
    scale = next((each.scale for each in judgments() if each.cycle == pair[0]), "")
    svg = movement(said, (pair[0].label, pair[1].label), scale, moved) if moved else None
    summary = {capital(WORDS[move]): str(number) for move, number in counts(moved).items()}
    summary[f"{capital(NOT_KNOWN)} in both"] = str(len(rows) - len(moved))
    return Chart(
        "movement",
        title,
        choices,
        MOVED_COLUMNS,
        rows,
        svg,
        None if svg is not None else Refusal("No force is known to have a grade in both cycles."),
        tuple(summary.items()),
    )


def _slug(known: Mapping[tuple[str, str], Judged]) -> str:
    return next((each.force.slug for each in known.values()), "")


def _mark(cell: Cell, judged_anyone: bool) -> Mark | None:  # noqa: FBT001 - private, named where called
    if cell.judged is None:
        return UNKNOWN_MARK if judged_anyone else None
    level = cell.step.level if cell.step else ""
    judged = cell.judged
    return Mark(judged.grade.slug, judged.letter, judged.said, level, cell.move)


def _end(columns: Sequence[Named]) -> tuple[str, ...]:
    """Return why the strip ends where it ends, where a later cycle does not compare."""
    for first, second in pairwise(cycles()):
        step = step_of(first.slug, second.slug, "")
        if columns and first == columns[-1] and step and step.level not in COMPARED:
            return (f"Then {second.label}: {step.level_name}.", f"{step.why}.")
    return ()


def _strip_row(cell: Cell) -> tuple[str, ...]:
    judged = cell.judged
    if judged is None:
        return ()
    return (
        judged.force.slug,
        judged.force.label,
        judged.criterion.slug,
        judged.criterion.label,
        judged.cycle.slug,
        judged.cycle.label,
        judged.grade.slug,
        judged.grade.label,
        judged.status,
        cell.step.level_name if cell.step else "",
        MOVES.get(cell.move, ""),
        judged.iri,
    )


def _counted(cycle: str) -> Iterable[tuple[Counted, tuple[Named, Named]]]:
    """Yield the counts of each bar with its cycle and criterion; only what was graded has one."""
    everyone = {force.iri for force in territorial_forces()}
    for one in cycles():
        own = [
            each
            for known in by_force().values()
            for each in known.values()
            if each.cycle == one and (each.cycle.slug == cycle if cycle else each.of_pillar)
        ]
        for criterion in in_order(each.criterion for each in own if each.rank is not None):
            judged = {each.force.iri: each for each in own if each.criterion == criterion}
            found = Counter(each.grade.slug for each in judged.values())
            found[UNKNOWN] = len(everyone - judged.keys())
            scale = next(iter(judged.values())).scale
            label = capital(criterion.label)
            yield Counted(one.label, scale, label, found), (one, criterion)


def _spread_rows(counted: Counted, of: tuple[Named, Named]) -> Iterable[tuple[str, ...]]:
    cycle, criterion = of
    for part, number in counted.parts:
        slug = next(slug for slug, known in PARTS.items() if known is part)
        yield (
            cycle.slug,
            cycle.label,
            counted.scale,
            criterion.slug,
            criterion.label,
            slug,
            part.label,
            str(number),
        )


def _compares(pair: tuple[Named, Named], criterion: str) -> bool:
    step = step_of(pair[0].slug, pair[1].slug, criterion)
    return step is not None and step.level in COMPARED


def _refused(pair: tuple[Named, Named] | None, criterion: str, words: str) -> Refusal:
    if pair is None:
        return Refusal("No two cycles of this version compare.")
    first, second = pair
    step = step_of(first.slug, second.slug, criterion)
    if step is None:
        return Refusal(f"Nothing says that {first.label} and {second.label} compare.")
    return Refusal(
        f"Grades for {words.lower()} in {first.label} and {second.label}: {step.level_name}. "
        f"{step.why}.",
        step,
    )


def _moved_rows(
    pair: tuple[Named, Named], criterion: str, step: Step | None
) -> Iterable[tuple[str, ...]]:
    """Yield a row for each force, also where a grade is not known: that is not 'same'."""
    first, second = pair
    names = force_options()
    slugs = {_slug(known): known for known in by_force().values()}
    for slug, name in names.items():
        before, after = cells_of(slugs.get(slug, {}), criterion, pair)
        yield (
            slug,
            name,
            criterion,
            first.slug,
            before.judged.grade.slug if before.judged else UNKNOWN,
            second.slug,
            after.judged.grade.slug if after.judged else UNKNOWN,
            MOVES.get(after.move, NOT_KNOWN),
            step.level if step else "",
        )
