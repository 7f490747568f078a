"""Where a letter stands in a shape: its centroid, else about where there is most room."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

Position = tuple[float, float]

STEPS: Final = 12


def clearing(rings: Sequence[Sequence[Position]], middle: Position, room: float) -> Position:
    """Return *middle* if it has *room* about it, else the best of a grid of places.

    Args:
        rings: The rings of a shape, holes among them.
        middle: Where one would look first.
        room: From there to the nearest edge.

    >>> ring = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4), (0, 0)]
    >>> clearing([ring], (0.5, 2), 0.4), clearing([ring], (1.5, 1.5), 0.4)[0] < 1
    ((0.5, 2), True)
    """
    held = _room(rings, middle)
    if held >= room:
        return middle
    xs, ys = ([place[axis] for ring in rings for place in ring] for axis in (0, 1))
    across, down = max(xs) - min(xs), max(ys) - min(ys)
    grid = (
        (min(xs) + across * column / STEPS, min(ys) + down * row / STEPS)
        for column in range(1, STEPS)
        for row in range(1, STEPS)
    )
    return max(((_room(rings, place), place) for place in grid), default=(held, middle))[1]


def _room(rings: Sequence[Sequence[Position]], place: Position) -> float:
    """Return the distance of *place* to the nearest edge, negative outside."""
    nearest, inside = math.inf, False
    x, y = place
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            part = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
            nearest = min(nearest, math.hypot(x - ax - part * dx, y - ay - part * dy))
    return nearest if inside else -nearest
