"""What a row of each bundled table says, as frozen objects; slugs refer to rows of other tables.

``place`` is file and line, for messages. Dates known only in part keep their table form
(``2016-02-18``, ``2016-02``, ``2016``); an empty string stands for "not known".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

NOT_GRADED = "not-graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has: the place it was read from."""

    place: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Row):
    """A statistical area by its GSS code; ``within`` is the code of the area around it.

    Longitude and latitude are those of a point that stands for it, as decimals, or empty.
    """

    code: str
    name: str
    kind: str
    within: str
    welsh_name: str
    longitude: str = ""
    latitude: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedName(Row):
    """A name from ``valid_from`` to ``valid_to``, both included; ``None`` is open.

    ``owner`` is the slug of the force or the inspectorate that had it.
    """

    owner: str
    number: int
    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: str

    def valid_on(self, on: dt.date) -> bool:
        """Return whether its owner had this name on that day, as far as is known."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Force(Row):
    """A police force; ``names`` are its dated names, oldest first, the last one current."""

    slug: str
    short_name: str
    kind: str
    police_uk_id: str
    area: str
    country: str
    body: str
    welsh_name: str
    other_names: tuple[str, ...]
    wikidata: str
    names: tuple[DatedName, ...]
    source: str

    @property
    def name(self) -> str:
        """The current name."""
        return self.names[-1].name

    @property
    def peel(self) -> bool:
        """Whether it is one of the territorial forces of England and Wales."""
        return self.kind == "territorial"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicingBody(Row):
    """A body that oversees a force; ``source`` is empty where no page can be named."""

    slug: str
    name: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspectorate(Row):
    """An inspectorate; ``names`` are its dated names, oldest first."""

    slug: str
    short_name: str
    other_names: tuple[str, ...]
    names: tuple[DatedName, ...]
    source: str

    @property
    def name(self) -> str:
        """The current name, or the last one."""
        return self.names[-1].name

    @property
    def valid_from(self) -> dt.date | None:
        """The first day on which it existed, where that is known."""
        return self.names[0].valid_from

    @property
    def valid_to(self) -> dt.date | None:
        """The last day on which it existed; ``None`` where it exists."""
        return self.names[-1].valid_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Row):
    """One organisation gives way to another."""

    slug: str
    label: str
    date: dt.date
    original: str
    resulting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legislation(Row):
    """An Act, or a section of one, by its path at legislation.gov.uk."""

    path: str
    title: str
    part_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Row):
    """A programme of inspections."""

    slug: str
    label: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle(Row):
    """A cycle of the programme; ``pillars`` is empty where areas took their place."""

    slug: str
    programme: str
    label: str
    ordinal: int
    scale: str
    previous: str
    interval: str
    interval_label: str
    inspectorates: tuple[str, ...]
    legislation: tuple[str, ...]
    pillars: tuple[str, ...]
    other_names: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePoint(Row):
    """A grade of a scale; ``rank`` runs from 1 (worst) and is ``None`` for ``not-graded``."""

    scale: str
    grade: str
    rank: int | None
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale with its grades by code."""

    slug: str
    grades: Mapping[str, GradePoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Row):
    """A core question (from 2021-22 on an area) of a cycle, in words of this project."""

    cycle: str
    key: str
    pillar: str
    label: str
    graded: bool
    themes: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability(Row):
    """How far grades of two cycles compare, for one pillar or (criterion empty) overall."""

    from_cycle: str
    to_cycle: str
    criterion: str
    level: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow(Row):
    """A publication of the inspectorate; ``title`` is empty for a report on one force."""

    slug: str
    title: str
    kind: str
    publisher: str
    force: str
    cycle: str
    criterion: str
    published: str
    address: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow(Row):
    """A judgment: one force, one cycle, one criterion, and where it was read.

    ``carried_over_from`` is ``{cycle}/{criterion}`` of the same force, or empty.
    """

    force: str
    cycle: str
    criterion: str
    grade: str
    status: str
    published: str
    basis: str
    carried_over_from: str
    source: str
    note: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What no other row may share."""
        return (self.force, self.cycle, self.criterion)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow(Row):
    """A captured version of a report whose text is not bundled: its digest and its length."""

    report: str
    sha12: str
    sha256: str
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow(Row):
    """A headed part of a captured version, by offsets of its text."""

    version: str
    slug: str
    heading: str
    kind: str
    order: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow(Row):
    """One place where a captured version states a finding, and what it states in our words.

    ``digest`` is that of the normalised words of the page; rows of one finding share it.
    """

    report: str
    version: str
    type: str
    digest: str
    criterion: str
    themes: tuple[str, ...]
    section: str
    start: int
    end: int
    summary: str
    source: str

    @property
    def id(self) -> str:
        """The id that a reader gives the same statement."""
        return f"{self.type}-{self.digest}"
