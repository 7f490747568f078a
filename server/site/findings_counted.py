"""How many findings there are by force, cycle, theme and kind, and the themes themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.site.judgments import QUERIES, Named, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.server.pages.terms import Row


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject of policing that recurs over the cycles."""

    name: Named
    welsh: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Findings:
    """How many findings of one kind there are of a force, a cycle and a theme.

    Args:
        force: IRI of the force.
        cycle: IRI of the cycle.
        theme: Slug of the theme; empty where a finding has none.
        kind: Slug of the kind.
        kind_name: Its label.
        count: How many there are.
    """

    force: str
    cycle: str
    theme: str
    kind: str
    kind_name: str
    count: int


@once_a_version
def themes() -> Mapping[str, Theme]:
    """Return every theme by its slug, in the order of their labels."""
    found = (_theme(row) for row in rows(f"{QUERIES}/themes-defined.rq"))
    return {theme.name.slug: theme for theme in found}


@once_a_version
def findings() -> tuple[Findings, ...]:
    """Return all counts; a finding with two themes is counted under both."""
    return tuple(_findings(row) for row in rows(f"{QUERIES}/theme-findings.rq"))


@once_a_version
def kinds() -> Mapping[str, str]:
    """Return the kinds that findings have, by slug."""
    return {each.kind: each.kind_name for each in findings()}


def by_theme(force: str = "", cycle: str = "") -> dict[str, Counter[str]]:
    """Return the findings of each kind by slug of the theme, of one force or cycle or of all."""
    counted: dict[str, Counter[str]] = {}
    for each in findings():
        if force in {"", each.force} and cycle in {"", each.cycle}:
            counted.setdefault(each.theme, Counter())[each.kind] += each.count
    return counted


def _theme(row: Row) -> Theme:
    def text(variable: str) -> str:
        return row[variable].value if variable in row else ""

    return Theme(named(row, "theme"), text("welsh"), text("meaning"))


def _findings(row: Row) -> Findings:
    def last(variable: str) -> str:
        return row[variable].value.rpartition("/")[2] if variable in row else ""

    return Findings(
        row["force"].value,
        row["cycle"].value,
        last("theme"),
        last("type"),
        row["type_name"].value,
        int(row["findings"].value),
    )
