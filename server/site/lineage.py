"""How a theme runs through the cycles: its questions, their grades, and which steps compare."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.site.judgments import QUERIES, Judged, Named, judgments, named
from peelgraph.server.site.steps import ARROWS, COMPARED, MARKS, MOVES, Step, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from peelgraph.server.pages.terms import Row

TRUE: Final = frozenset({"true", "1"})
WORST: Final = ("not-comparable", "first-time", "with-caution", "comparable")
UNSAID: Final = ""
"""What stands before a grade whose theme has several in either cycle."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one cycle.

    Args:
        name: The question.
        cycle: The cycle that asked it.
        pillar: The pillar it was asked under; ``None`` from 2021-22 on.
        graded: Whether the cycle graded it by itself.
        judged: How many judgments on it are known.
        ordinal: The place of its cycle among the cycles.
    """

    name: Named
    cycle: Named
    pillar: Named | None
    graded: bool
    judged: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class Round:
    """The questions that one cycle asked on a theme.

    Args:
        cycle: The cycle.
        questions: What it asked.
        step: How it compares with the round before; ``None`` for the first.
        adjacent: Whether no cycle lies between it and the round before.
    """

    cycle: Named
    questions: tuple[Question, ...]
    step: Step | None = None
    adjacent: bool = False

    @property
    def broken(self) -> bool:
        """Whether its grades say nothing beside those of the cycle before."""
        return self.step is not None and self.step.level not in COMPARED


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a row of grades: a force and a question.

    Args:
        judged: The judgment, where one is known.
        broken: Whether the line breaks before it.
        step: From the cycle before, in the first place of a cycle that has a judgment.
        move: Which way the grade went, where the theme has one grade in either cycle.
    """

    judged: Judged | None
    broken: bool = False
    step: Step | None = None
    move: str = ""

    @property
    def mark(self) -> str:
        """Return what stands before the grade: an arrow in brackets, as the words differ."""
        if self.step is None:
            return ""
        return f"({ARROWS[self.move]})" if self.move else MARKS.get(self.step.level, UNSAID)

    @property
    def words(self) -> str:
        """Return the step in words."""
        if self.step is None:
            return ""
        if self.move:
            return f"{MOVES[self.move]}, but the question may be worded differently"
        return f"{self.step.level_name}: {self.step.why}" if self.step.why else self.step.level_name


@once_a_version
def questions() -> Mapping[str, tuple[Question, ...]]:
    """Return the questions of each theme, by the slug of the theme, in the order asked."""
    judged: dict[str, int] = {}
    for each in judgments():
        judged[each.criterion.iri] = judged.get(each.criterion.iri, 0) + 1
    found: dict[str, dict[str, Question]] = {}
    for row in rows(f"{QUERIES}/theme-questions.rq"):
        question = _question(row, judged)
        theme = row["theme"].value.rpartition("/")[2]
        found.setdefault(theme, {}).setdefault(question.name.iri, question)
    return {theme: tuple(each.values()) for theme, each in found.items()}


@once_a_version
def asking_cycles() -> tuple[Named, ...]:
    """Return every cycle that has a question on a theme, the first one first."""
    every = (question for each in questions().values() for question in each)
    return tuple({each.cycle: None for each in sorted(every, key=lambda one: one.ordinal)})


def rounds(asked: Iterable[Question], *, whole: bool = False) -> list[Round]:
    """Return *asked*, cycle by cycle, each with the step from the one before it here.

    Args:
        asked: Questions, of one theme or of all.
        whole: The steps are those of the cycles as a whole, not of the questions.
    """
    ordered = sorted(asked, key=lambda each: (each.ordinal, each.name.iri))
    grouped = groupby(ordered, key=lambda each: each.cycle)
    return _joined(((cycle, tuple(group)) for cycle, group in grouped), whole=whole)


def graded(through: Sequence[Round]) -> list[Round]:
    """Return the rounds and questions of which a judgment is known."""
    known = ((each.cycle, tuple(one for one in each.questions if one.judged)) for each in through)
    return _joined((cycle, asked) for cycle, asked in known if asked)


def _joined(
    asked: Iterable[tuple[Named, tuple[Question, ...]]], *, whole: bool = False
) -> list[Round]:
    """Return rounds with the step that leads to each."""
    made: list[Round] = []
    for cycle, each in asked:
        if made:
            between = _between(made[-1].cycle, cycle)
            worst = min(
                (step for pair in between for step in _steps(*pair, () if whole else each)),
                key=lambda step: WORST.index(step.level) if step.level in WORST else -1,
            )
            made.append(Round(cycle, each, worst, len(between) == 1))
        else:
            made.append(Round(cycle, each))
    return made


def _between(first: Named, second: Named) -> list[tuple[Named, Named]]:
    """Return the pairs of cycles, each with the next, from one to another; at least one."""
    order = asking_cycles()
    return list(pairwise(order[order.index(first) : order.index(second) + 1]))


def _steps(first: Named, second: Named, asked: Iterable[Question]) -> list[Step]:
    """Return the step from a cycle to the next for each question *asked* behind it, or for all."""
    criteria = [_criteria(each, second) for each in asked] or [[]]
    return [step_of(first.slug, second.slug, *each) or _unsaid(first, second) for each in criteria]


def _criteria(question: Question, cycle: Named) -> list[str]:
    """Return for what a step to *cycle* may be said by itself: its own question, or the pillar.

    Questions of different cycles may have the same number and are not the same.
    """
    own = [question.name.slug] if question.cycle == cycle else []
    return [*own, question.pillar.slug] if question.pillar else own


def _unsaid(first: Named, second: Named) -> Step:
    why = "Nothing is said here of how grades of these two cycles compare"
    return Step(first.slug, second.slug, "", "unknown", "not known to compare", "", why, "")


def grades(through: Sequence[Round]) -> list[tuple[Named, list[Place]]]:
    """Return a row of grades for each force that has one, by its name."""
    wanted = {question.name.iri for each in through for question in each.questions}
    by_force: dict[Named, dict[str, Judged]] = {}
    for each in judgments():
        if each.criterion.iri in wanted:
            by_force.setdefault(each.force, {})[each.criterion.iri] = each
    ordered = sorted(by_force.items(), key=lambda item: item[0].label)
    return [(force, _places(through, known)) for force, known in ordered]


def _places(through: Sequence[Round], known: Mapping[str, Judged]) -> list[Place]:
    places: list[Place] = []
    before: list[Judged] = []
    for each in through:
        found = [known.get(question.name.iri) for question in each.questions]
        now = [judged for judged in found if judged]
        own = _own_step(each, now)
        move = _move(own, before, now) if each.adjacent else ""
        step = own if found[0] and before else None
        places.append(Place(found[0], each.broken, step, move))
        places += [Place(judged) for judged in found[1:]]
        before = now
    return places


def _own_step(through: Round, now: Sequence[Judged]) -> Step | None:
    """Return the step to the one grade that a force has; to several, that of the whole round."""
    step = through.step
    if step is None or not through.adjacent or len(now) != 1:
        return step
    return step_of(step.first, step.second, now[0].criterion.slug, now[0].pillar) or step


def _move(step: Step | None, before: Sequence[Judged], now: Sequence[Judged]) -> str:
    """Return which way a theme went; nothing where either cycle has no grade or several."""
    if step is None or step.level not in COMPARED or len(before) != 1 or len(now) != 1:
        return ""
    (one,), (other,) = before, now
    if one.rank is None or other.rank is None or one.scale != other.scale:
        return ""
    if one.rank == other.rank:
        return "same"
    return "up" if other.rank > one.rank else "down"


def _question(row: Row, judged: Mapping[str, int]) -> Question:
    name = named(row, "question")
    return Question(
        name,
        named(row, "cycle"),
        named(row, "pillar") if "pillar" in row else None,
        "graded" in row and row["graded"].value in TRUE,
        judged.get(name.iri, 0),
        int(row["ordinal"].value),
    )
