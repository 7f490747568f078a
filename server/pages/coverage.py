"""Which reports were read: without that, a page without findings seems to say there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.pages.asking import once_a_version, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

READ: Final = "peelgraph.server.pages/reports-read.rq"
NAMED: Final = 3
"""Reports up to which each is named."""


@dataclass(frozen=True, slots=True)
class Read:
    """A force and cycle of which a report was read."""

    force: str
    force_name: str
    cycle: str
    cycle_name: str


@once_a_version
def reports_read() -> tuple[Read, ...]:
    """Return of which forces and cycles a report was read, by cycle."""
    names = ("force", "force_name", "cycle", "cycle_name")
    return tuple(Read(*(str(row[name]) for name in names)) for row in rows(READ))


def is_read(terms: Mapping[str, object]) -> bool:
    """Return whether a report of the ``force`` and ``cycle`` among *terms*, if any, was read."""
    force, cycle = (str(terms.get(name, "")) for name in ("force", "cycle"))
    return any(
        (not force or each.force == force) and (not cycle or each.cycle == cycle)
        for each in reports_read()
    )


def coverage() -> str:
    """Return in a sentence or two how far what is said of findings reaches."""
    read = reports_read()
    if not read:
        return "No report has been read into this version, so no finding is known here."
    rest = "no other report has been read, so what others found is not known here."
    if len(read) <= NAMED:
        which = "; ".join(f"{each.force_name}, {each.cycle_name}" for each in read)
        return f"Findings are known here of {_count(len(read), 'report')} ({which}): {rest}"
    forces = _count(len({each.force for each in read}), "force")
    rounds = _count(len({each.cycle for each in read}), "cycle")
    return f"Findings are known here of {len(read):,} reports, on {forces} in {rounds}: {rest}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
