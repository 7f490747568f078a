"""What inspectorates were called at the time that a page tells of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.site.judgments import QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DATE: Final = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}")
YEAR: Final = re.compile(r"/(?P<year>[0-9]{4})\b")


def called(name: object, inspectorate: object, published: object = "", cycle: object = "") -> str:
    """Return the name that an inspectorate had then; *name*, its present one, where none is known.

    Args:
        name: What it is called now.
        inspectorate: Its IRI.
        published: When what the page tells of was published: a day, a month or a year.
        cycle: IRI of the cycle, whose first year counts where no date is known.
    """
    known = DATE.match(str(published))
    on = known[0] if known else _began().get(str(cycle), "")
    if not on:
        return str(name)
    for dated in _names().get(str(inspectorate), ()):
        if _within(on, *dated[1:]):
            return dated[0]
    return str(name)


def _within(on: str, first: str, last: str) -> bool:
    """Return whether a date lies between two, as far as it is known.

    >>> _within("2022-09-07", "2017-07-19", "2022-09-07"), _within("2022-09-08", "", "2022-09-07")
    (True, False)
    >>> _within("2022", "2022-09-08", ""), _within("2016-02", "2017-07-19", "")
    (True, False)
    """
    return first[: len(on)] <= on and (not last or on <= last[: len(on)])


@once_a_version
def _names() -> Mapping[str, Sequence[tuple[str, str, str]]]:
    """Return the dated names of each inspectorate, the first one first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows(f"{QUERIES}/inspectorate-names.rq"):
        first, last = (row[end].value if end in row else "" for end in ("from", "to"))
        found.setdefault(row["inspectorate"].value, []).append((row["name"].value, first, last))
    return found


@once_a_version
def _began() -> Mapping[str, str]:
    """Return the first year of each cycle."""
    found: dict[str, str] = {}
    for row in rows(f"{QUERIES}/cycle-intervals.rq"):
        year = YEAR.search(row["interval"].value)
        if year is not None:
            found.setdefault(row["cycle"].value, year["year"])
    return found
