"""Outlines of the police areas, where they have been imported: as geometries, and drawn.

A drawing is equirectangular with the parallel of 53° in its true length, the middle of England
and Wales: north is up, and no distance is off by more than some seven in a hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.pages.asking import once_a_version, rows
from peelgraph.server.protocol.geometry import geometry_of
from peelgraph.server.site.clearings import clearing
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.steps import by_force
from peelgraph.server.site.territory import territorial_forces
from peelgraph.server.site.tiles import ink_on, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from peelgraph.server.pages.terms import Row
    from peelgraph.server.site.judgments import Judged, Named
    from peelgraph.server.site.territory import Force

Position = tuple[float, float]

NARROW: Final = math.cos(math.radians(53))
EAST: Final = 180
NORTH: Final = 90
WIDTH: Final = 480
LARGEST_SINGLE: Final = 300
EDGE: Final = 4
SMALL: Final = 12
"""Size up to which a shape is too small for a letter, so that it gets a mark beside the map."""
RADIUS: Final = 22
"""Room for such a mark; it is that large on narrow screens."""
ROOM: Final = 8.0
"""From the middle of a letter to the edge of its area."""
LONGEST_TEXT: Final = 100_000
LONGEST_RIGHTS: Final = 500


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of one area.

    Args:
        area: Its IRI.
        node: The IRI of the geometry.
        geometry: A Polygon or MultiPolygon of GeoJSON.
        middle: Longitude and latitude of its centroid.
        rights: What has to be said where it is shown; empty where nothing has.
    """

    area: str
    node: str
    geometry: Mapping[str, Any]
    middle: Position
    rights: str

    @property
    def rings(self) -> list[list[Position]]:
        """Return every ring, holes among them."""
        polygons = self.geometry["coordinates"]
        if self.geometry["type"] == "Polygon":
            polygons = [polygons]
        return [ring for polygon in polygons for ring in polygon]


@dataclass(frozen=True, slots=True)
class Shape:
    """One force on the map, with its judgment where there is one.

    Args:
        force: The force.
        abbreviation: By which tiles name it; empty where it has none.
        judged: Its judgment.
        path: Its outline, as a path of SVG.
        x: Where its letter stands.
        y: The same.
        mark: Where the mark of a small area stands, which is joined to it by a line.
    """

    force: Force
    abbreviation: str
    judged: Judged | None
    path: str
    x: float
    y: float
    mark: Position | None = None

    @property
    def ink(self) -> str:
        """Return the class of its letters."""
        return ink_on(self.judged)


@dataclass(frozen=True, slots=True)
class OutlineMap:
    """The judgments on one criterion in one cycle, on a map.

    Args:
        cycle: The cycle shown.
        criterion: The criterion shown.
        shapes: One a force, those with a mark last.
        missing: Names of forces that have a judgment and no outline.
        width: Of the drawing.
        height: The same.
        rights: What has to be said below it.
    """

    cycle: Named
    criterion: Named
    shapes: tuple[Shape, ...]
    missing: tuple[str, ...]
    width: float
    height: float
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Single:
    """The outline of one area, drawn alone."""

    path: str
    width: float
    height: float
    rights: str


class Frame:
    """Where places stand in a drawing that holds all of *positions*."""

    def __init__(self, positions: Sequence[Position], width: float, height: float) -> None:
        self._west = min(x for x, _ in positions)
        self._north = max(y for _, y in positions)
        across = (max(x for x, _ in positions) - self._west) * NARROW
        down = self._north - min(y for _, y in positions)
        fits = [size / span for size, span in ((width, across), (height, down)) if span > 0]
        self._scale = min(fits, default=1.0)
        self.width = round(across * self._scale + 2 * EDGE, 1)
        self.height = round(down * self._scale + 2 * EDGE, 1)

    def at(self, position: Position) -> Position:
        """Return where a place stands, from the upper left corner."""
        x = (position[0] - self._west) * NARROW * self._scale + EDGE
        return round(x, 1), round((self._north - position[1]) * self._scale + EDGE, 1)

    def path(self, outline: Outline) -> str:
        """Return an outline as a path of SVG: of numbers and letters of ours alone."""
        return "".join(
            f"M{'L'.join(f'{x:g} {y:g}' for x, y in map(self.at, ring[:-1]))}Z"
            for ring in outline.rings
        )


@once_a_version
def outlines() -> Mapping[str, Outline]:
    """Return the outline of every force that has one, by the IRI of the force."""
    found: dict[str, Outline] = {}
    for row in rows(f"{QUERIES}/outlines.rq"):
        force = row["force"].value
        if force not in found and (outline := outline_of(row)) is not None:
            found[force] = outline
    return found


@once_a_version
def outlines_by_thing() -> Mapping[str, Outline]:
    """Return the same by the IRIs of force, area and geometry."""
    known = outlines()
    every = [(iri, each) for force, each in known.items() for iri in (force, each.area, each.node)]
    return dict(every)


def said_of(drawn: Iterable[Outline]) -> tuple[str, ...]:
    """Return what has to be said where outlines are shown, each once."""
    return tuple(dict.fromkeys(each.rights for each in drawn if each.rights))


def outline_map(cycle: Named, criterion: Named) -> OutlineMap | None:
    """Return the map of the judgments on *criterion* in *cycle*, where there are outlines."""
    known, grades = outlines(), by_force()
    key = (cycle.slug, criterion.slug)
    forces = territorial_forces()
    drawn = [(force, known[force.iri]) for force in forces if force.iri in known]
    if not drawn:
        return None
    frame = Frame(
        [place for _, outline in drawn for ring in outline.rings for place in ring],
        WIDTH - 2 * EDGE,
        2 * WIDTH,
    )
    shapes = [
        _shape(frame, force, outline, grades.get(force.iri, {}).get(key))
        for force, outline in drawn
    ]
    missing = (
        force.name
        for force in forces
        if force.iri not in known and key in grades.get(force.iri, {})
    )
    rights = said_of(outline for _, outline in drawn)
    return OutlineMap(
        cycle, criterion, _marked(shapes, frame), tuple(missing), frame.width, frame.height, rights
    )


def single(iri: str) -> Single | None:
    """Return the drawing of the area, geometry or force with that IRI, where it has an outline."""
    outline = outlines_by_thing().get(iri)
    if outline is None:
        return None
    places_of = [place for ring in outline.rings for place in ring]
    frame = Frame(places_of, LARGEST_SINGLE, LARGEST_SINGLE)
    return Single(frame.path(outline), frame.width, frame.height, outline.rights)


def outline_of(row: Row) -> Outline | None:
    """Return what a row says, where it can be drawn: the graph may hold anything."""
    geometry = geometry_of(row["text"].value) if len(row["text"].value) <= LONGEST_TEXT else None
    if geometry is None or geometry["type"] not in {"Polygon", "MultiPolygon"}:
        return None
    rights = row["rights"].value[:LONGEST_RIGHTS] if "rights" in row else ""
    outline = Outline(row["area"].value, row["outline"].value, geometry, (0, 0), rights)
    try:
        positions = [(float(x), float(y)) for ring in outline.rings for x, y in ring]
    except (TypeError, ValueError):
        return None
    if not positions or not all(abs(x) <= EAST and abs(y) <= NORTH for x, y in positions):
        return None
    middle = geometry_of(row["middle"].value) if "middle" in row else None
    if middle is not None and middle["type"] == "Point":
        place = middle["coordinates"]
    else:
        place = [sum(each) / len(positions) for each in zip(*positions, strict=True)]
    return Outline(outline.area, outline.node, geometry, (place[0], place[1]), rights)


def _shape(frame: Frame, force: Force, outline: Outline, judged: Judged | None) -> Shape:
    rings = [[frame.at(place) for place in ring] for ring in outline.rings]
    corners = [place for ring in rings for place in ring]
    across = max(x for x, _ in corners) - min(x for x, _ in corners)
    down = max(y for _, y in corners) - min(y for _, y in corners)
    x, y = clearing(rings, frame.at(outline.middle), ROOM)
    place = places().get(force.slug)
    mark = (x, y) if max(across, down) < SMALL else None
    abbreviation = place.abbreviation if place else ""
    return Shape(force, abbreviation, judged, frame.path(outline), x, y, mark)


def _marked(shapes: Sequence[Shape], frame: Frame) -> tuple[Shape, ...]:
    """Return *shapes* with the marks of small areas at the eastern edge, none over another."""
    plain = [shape for shape in shapes if shape.mark is None]
    small = sorted((shape for shape in shapes if shape.mark), key=lambda shape: shape.y)
    free, marked = float(RADIUS), []
    for shape in small:
        y = min(max(shape.y - RADIUS, free), max(frame.height - RADIUS, RADIUS))
        marked.append(
            Shape(
                shape.force,
                shape.abbreviation,
                shape.judged,
                shape.path,
                shape.x,
                shape.y,
                (round(frame.width - RADIUS - 1, 1), round(y, 1)),
            )
        )
        free = y + 2 * RADIUS + 2
    return (*plain, *marked)
