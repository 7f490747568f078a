"""Every judgment of the version, as pages and charts count and arrange them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import once_a_version, rows

if TYPE_CHECKING:
    from peelgraph.server.pages.terms import Row

QUERIES: Final = "peelgraph.server.site.queries"
PILLARS: Final = ("effectiveness", "efficiency", "legitimacy", "leadership")
LETTERS: Final = {
    "outstanding": "O",
    "good": "G",
    "adequate": "A",
    "requires-improvement": "RI",
    "inadequate": "I",
    "not-graded": "–",  # noqa: RUF001 - a dash, as tables have for nothing
}
"""What stands in a cell for a grade: never its colour alone."""
NOT_INSPECTED: Final = "NI"
"""What stands there where the force was not inspected: no grade, for another reason."""
GRADED: Final = frozenset({"awarded", "carried-over"})
"""Statuses of judgments that have a grade; the others say why there is none."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its IRI, the last part of it, and its English label."""

    iri: str
    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgment.

    Args:
        iri: Of the judgment.
        force: The force judged.
        cycle: The cycle of inspections.
        ordinal: Its place among the cycles, from 1.
        criterion: The pillar or question.
        pillar: The slug of the pillar, the criterion's own where it is one; empty from 2021-22.
        grade: On the scale of the cycle; its slug is a key of ``LETTERS``.
        scale: ``four-tier`` or ``five-tier``.
        rank: Higher is better, within the scale alone; ``None`` where there is no grade.
        status: Slug of the grade status: ``awarded``, ``carried-over``, …
        issued: When it was published, as far as is known: ``2016-02-11``, ``2016-02``, or empty.
    """

    iri: str
    force: Named
    cycle: Named
    ordinal: int
    criterion: Named
    pillar: str
    grade: Named
    scale: str
    rank: int | None
    status: str
    issued: str

    @property
    def letter(self) -> str:
        """Return what stands for the grade in a narrow cell."""
        return letter(self.grade.slug, self.status)

    @property
    def said(self) -> str:
        """Return the grade in words, or that there is none and why."""
        return said(self.grade.label, self.status)

    @property
    def of_pillar(self) -> bool:
        """Whether it is of a whole pillar, not of a question."""
        return self.criterion.slug in PILLARS

    @property
    def of_question(self) -> bool:
        """Whether it is of a question within a pillar, which is asked in one cycle alone."""
        return bool(self.pillar) and not self.of_pillar


def letter(grade: str, status: str = "awarded") -> str:
    """Return what stands in a narrow cell for the grade with that slug and status.

    >>> letter("good"), letter("not-graded", "not-inspected")
    ('G', 'NI')
    """
    return NOT_INSPECTED if status == "not-inspected" else LETTERS.get(grade, "?")


def said(grade: str, status: str = "awarded") -> str:
    """Return a grade in words with what its status adds.

    >>> said("good", "carried-over"), said("not graded", "not-inspected")
    ('good, carried over', 'not graded: not inspected')
    """
    if status == "awarded":
        return grade
    between = ", " if status in GRADED else ": "
    return f"{grade}{between}{status.replace('-', ' ')}"


@once_a_version
def judgments() -> tuple[Judged, ...]:
    """Return every judgment, by cycle, force and criterion; a page's caller handles errors."""
    found: dict[str, Judged] = {}
    for row in rows(f"{QUERIES}/judgments.rq"):
        found.setdefault(row["judgment"].value, _judged(row))
    return tuple(found.values())


@once_a_version
def by_iri() -> dict[str, Judged]:
    """Return every judgment by its IRI."""
    return {each.iri: each for each in judgments()}


@once_a_version
def by_force() -> dict[str, tuple[Judged, ...]]:
    """Return the judgments of each force, by its IRI, in the order of all."""
    found: dict[str, list[Judged]] = {}
    for each in judgments():
        found.setdefault(each.force.iri, []).append(each)
    return {force: tuple(own) for force, own in found.items()}


def named(row: Row, variable: str) -> Named:
    """Return what a *variable* and the one with ``_name`` behind it say of a thing."""
    iri = row[variable].value
    return Named(iri, iri.rstrip("/").rpartition("/")[2], str(row[f"{variable}_name"]))


def _judged(row: Row) -> Judged:
    criterion, grade = named(row, "criterion"), named(row, "grade")
    own = criterion.slug if criterion.slug in PILLARS else ""
    pillar = row["pillar"].value.rpartition("/")[2] if "pillar" in row else own
    return Judged(
        row["judgment"].value,
        named(row, "force"),
        named(row, "cycle"),
        int(row["ordinal"].value),
        criterion,
        pillar,
        grade,
        grade.iri.split("/")[-2],
        int(row["rank"].value) if "rank" in row else None,
        row["status"].value.rpartition("/")[2],
        row["issued"].value if "issued" in row else "",
    )
