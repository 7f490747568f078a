"""A map of the forces as tiles of one size: ours, roughly where each force is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.steps import by_force
from peelgraph.server.site.territory import territorial_forces

if TYPE_CHECKING:
    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.territory import Force

SIDE: Final = 40
GAP: Final = 2
DARK: Final = frozenset({"outstanding", "inadequate"})
"""Grades whose colour takes light letters."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tile of a force is, in columns from the west and rows from the north, from 1."""

    abbreviation: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One force on the map, with its judgment where there is one."""

    force: Force
    place: Place
    judged: Judged | None

    @property
    def x(self) -> int:
        """Return its left edge."""
        return (self.place.column - 1) * SIDE + GAP // 2

    @property
    def y(self) -> int:
        """Return its upper edge."""
        return (self.place.row - 1) * SIDE + GAP // 2

    @property
    def ink(self) -> str:
        """Return the class of its letters."""
        return ink_on(self.judged)


@dataclass(frozen=True, slots=True)
class TileMap:
    """The judgments on one criterion in one cycle, as tiles.

    Args:
        cycle: The cycle shown.
        criterion: The criterion shown.
        tiles: One a force.
        missing: Names of forces that have a judgment and no place on the map.
    """

    cycle: Named
    criterion: Named
    tiles: tuple[Tile, ...]
    missing: tuple[str, ...]
    side: int = SIDE - GAP

    @property
    def width(self) -> int:
        """Return its width."""
        return SIDE * max((tile.place.column for tile in self.tiles), default=0)

    @property
    def height(self) -> int:
        """Return its height."""
        return SIDE * max((tile.place.row for tile in self.tiles), default=0)


def ink_on(judged: Judged | None) -> str:
    """Return the class of letters on the colour of a judgment."""
    if judged is None or judged.rank is None:
        return "bare"
    return "light" if judged.grade.slug in DARK else ""


def tile_map(cycle: Named, criterion: Named) -> TileMap:
    """Return the map of the judgments on *criterion* in *cycle*."""
    known, grades = places(), by_force()
    key = (cycle.slug, criterion.slug)
    forces = territorial_forces()
    tiles = [
        Tile(force, known[force.slug], grades.get(force.iri, {}).get(key))
        for force in forces
        if force.slug in known
    ]
    missing = [
        force.name
        for force in forces
        if force.slug not in known and key in grades.get(force.iri, {})
    ]
    return TileMap(cycle, criterion, tuple(tiles), tuple(missing))


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """Return the place of each force by its slug."""
    with (files("peelgraph.server.site") / "tiles.csv").open(encoding="utf-8") as table:
        return {
            row["force"]: Place(row["abbreviation"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(table)
        }
