"""The end of an ingest of several sources in one table: what became of them, and how long."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.cli.screen import note_table, print_note

if TYPE_CHECKING:
    from peelgraph.graph.ingest import Ingestion

STATES: Final = ("landed", "unchanged", "refused")
COUNTED: Final = ("judgments", "findings", "passages", "warnings")


@dataclass(frozen=True, slots=True)
class Summary:
    """How many sources came to each state, what was read of them, and the seconds of the run."""

    sources: dict[str, int]
    counts: dict[str, int]
    seconds: float

    @property
    def rate(self) -> float:
        """Sources a second."""
        return sum(self.sources.values()) / self.seconds if self.seconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "sources": sum(self.sources.values()),
            "states": self.sources,
            "counts": self.counts,
            "seconds": round(self.seconds, 3),
        }


def summary_of(ingestion: Ingestion) -> Summary:
    """Return what *ingestion* comes to."""
    outcomes = ingestion.outcomes
    return Summary(
        {state: sum(each.state == state for each in outcomes) for state in STATES},
        {name: sum(each.counts.get(name, 0) for each in outcomes) for name in COUNTED},
        ingestion.seconds,
    )


def print_summary(summary: Summary) -> None:
    """Print *summary* on standard error: a table on a terminal, else a line a state."""
    told = [(state, summary.sources[state]) for state in STATES]
    read = [summary.counts[name] for name in COUNTED]
    total = sum(summary.sources.values())
    time = f"{duration(summary.seconds)}, {summary.rate:.1f} sources a second"
    if sys.stderr.isatty():
        unread = [""] * len(COUNTED)
        rows = [[*row, *(read if row[0] == "landed" else unread)] for row in told]
        note_table(["", "sources", *COUNTED], [*rows, ["all", total, *unread]])
        print_note(f"Took {time}")
        return
    counts = ", ".join(map(counted, read, COUNTED))
    for state, number in told:
        shown = f": {counts}" if state == "landed" else ""
        print_note(f"{state}: {counted(number, 'sources')}{shown}")
    print_note(f"all: {counted(total, 'sources')} in {time}")


def counted(number: int, plural: str) -> str:
    """Return *number* with its noun.

    >>> counted(1, "warnings")
    '1 warning'
    """
    return f"{number} {plural.removesuffix('s') if number == 1 else plural}"


def duration(seconds: float) -> str:
    """Return a length of time as people say it.

    >>> duration(3.21), duration(200)
    ('3.2 s', '3 min 20 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
