"""Where dates stand on a line of years."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEFT: Final = 110
RIGHT: Final = 20
WIDTH: Final = 720
ROW: Final = 26
FOOT: Final = 30
MIDDLE: Final = 0.5
"""Where in its year or month something stands whose day is not known."""
MONTHS: Final = 12
DAYS: Final = 31
NAMES: Final = tuple(calendar.month_name)
WRITTEN: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-9]{2}))?)?(?:T.*)?\Z"
)

CLOCK: Final = re.compile(r"T([0-9]{2}:[0-9]{2})(?::[0-9.]+)?(?:Z|\+00:00)\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place of the line."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """The marks of one cycle."""

    label: str
    y: int
    dots: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing: a row a cycle, the years below."""

    rows: tuple[TimelineRow, ...]
    ticks: tuple[Mark, ...]
    width: int = WIDTH

    @property
    def height(self) -> int:
        """Return how high it is."""
        return len(self.rows) * ROW + FOOT


def timeline(dates: Mapping[str, Sequence[str]]) -> Timeline:
    """Return the drawing of *dates* by label; labels without a date have no row.

    >>> drawn = timeline({"PEEL 2015": ["2015-10-20", "2016-02"]})
    >>> [mark.label for mark in drawn.ticks], len(drawn.rows[0].dots)
    (['2015', '2016', '2017'], 2)
    """
    placed = {
        label: sorted((when, date) for date in set(each) if (when := year_of(date)) is not None)
        for label, each in dates.items()
    }
    known = [when for each in placed.values() for when, _ in each]
    if not known:
        return Timeline((), ())
    first, last = int(min(known)), int(max(known)) + 1
    scale = (WIDTH - LEFT - RIGHT) / (last - first)

    def place(when: float) -> float:
        return round(LEFT + (when - first) * scale, 1)

    shown = [(label, each) for label, each in placed.items() if each]
    rows = tuple(
        TimelineRow(
            label, ROW // 2 + number * ROW, tuple(Mark(place(when), date) for when, date in each)
        )
        for number, (label, each) in enumerate(shown)
    )
    every = max(1, (last - first) // 15)
    ticks = tuple(Mark(place(year), str(year)) for year in range(first, last + 1, every))
    return Timeline(rows, ticks)


def year_of(date: str) -> float | None:
    """Return *date*, a day, month or year, as a year and its part; ``None`` for another text.

    >>> year_of("2016"), year_of("2016-07"), year_of("soon")
    (2016.5, 2016.5416666666667, None)
    """
    parts = date.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != len("2016"):
        return None
    year, *rest = (int(part) for part in parts)
    if not rest:
        return year + MIDDLE
    month = min(rest[0], MONTHS) - 1
    day = (min(rest[1], DAYS) - 1) / DAYS if rest[1:] else MIDDLE
    return year + (month + day) / MONTHS


def dated(date: str) -> str:
    """Return *date* as people write it: a day, a month or a year; another text as it is.

    >>> dated("2016-02-18"), dated("2016-02"), dated("2016"), dated("2016-02-18T10:00:00Z")
    ('18 February 2016', 'February 2016', '2016', '18 February 2016')
    """
    written = WRITTEN.match(date)
    if written is None:
        return date
    year, month, day = written["year"], written["month"], written["day"]
    if month is None:
        return year
    said = f"{NAMES[int(month)]} {year}"
    return f"{int(day)} {said}" if day else said


def timed(moment: str) -> str:
    """Return a *moment* in UTC as people write it, to the minute; another text as it is.

    >>> timed("2016-02-18T10:05:59Z"), timed("2016-02-18"), timed("soon")
    ('18 February 2016, 10:05 UTC', '18 February 2016', 'soon')
    """
    clock = CLOCK.search(moment)
    return f"{dated(moment)}, {clock[1]} UTC" if clock else dated(moment)
