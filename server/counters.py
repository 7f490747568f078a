"""Counts what happens, for whoever shows it: nothing else is kept of a request."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

BOUNDS: Final = (
    *(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
"""Upper bounds in seconds of the classes in which requests are counted by duration."""


@dataclass(slots=True)
class Durations:
    """How long the requests of one route took: how many in each class, and all seconds."""

    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Counters:
    """Sums by name and label; safe to use from many threads.

    The names in use: ``requests`` (label: route and status), ``bytes-sent``, ``cache`` (``hit``,
    ``miss``, ``shortcut``, ``not-modified``), ``problems`` (slug), ``worker-seconds``,
    ``queue-waits``, ``queue-seconds``, ``connections-dropped`` (reason).

    >>> counted = Counters()
    >>> counted.add("cache", "hit")
    >>> counted.read()
    {('cache', 'hit'): 1}
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Counter[tuple[str, str]] = Counter()
        self._durations: dict[str, Durations] = {}
        self._watched: dict[str, Callable[[], float]] = {}
        self.began = time.time()

    def add(self, name: str, label: str = "", amount: float = 1) -> None:
        """Add *amount* to one sum."""
        with self._lock:
            self._sums[name, label] += amount  # type: ignore[assignment]  # seconds are no integers

    def answered(self, route: str, status: int, size: int, seconds: float) -> None:
        """Count one request; *route* must be one of few."""
        place = bisect_left(BOUNDS, seconds)
        with self._lock:
            self._sums["requests", f"{route} {status}"] += 1
            self._sums["bytes-sent", ""] += size
            durations = self._durations.get(route)
            if durations is None:
                durations = self._durations[route] = Durations()
            durations.classes[place] += 1
            durations.seconds += seconds

    def watch(self, name: str, read: Callable[[], float]) -> None:
        """Have *read* tell a number that goes up and down, whenever somebody looks."""
        self._watched[name] = read

    def read(self) -> dict[tuple[str, str], float]:
        """Return every sum so far."""
        with self._lock:
            return dict(self._sums)

    def durations(self) -> dict[str, Durations]:
        """Return how long requests took, by route."""
        with self._lock:
            return {
                route: Durations(list(each.classes), each.seconds)
                for route, each in self._durations.items()
            }

    def watched(self) -> dict[str, float]:
        """Return the numbers that go up and down, as they are now."""
        return {name: read() for name, read in list(self._watched.items())}
