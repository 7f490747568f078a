"""Counts what happens, for whoever shows it: nothing else is kept of a request."""

from __future__ import annotations

import threading
from collections import Counter


class Counters:
    """Sums by name and label; safe to use from many threads.

    The names in use: ``requests`` (label: route and status), ``cache`` (``hit``, ``miss``,
    ``shortcut``, ``not-modified``), ``stopped`` (slug of the reason), ``worker-seconds``,
    ``queue-waits``, ``queue-seconds``, ``connections-dropped`` (reason).

    >>> counted = Counters()
    >>> counted.add("cache", "hit")
    >>> counted.read()
    {('cache', 'hit'): 1}
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Counter[tuple[str, str]] = Counter()

    def add(self, name: str, label: str = "", amount: float = 1) -> None:
        """Add *amount* to one sum."""
        with self._lock:
            self._sums[name, label] += amount  # type: ignore[assignment]  # seconds are no integers

    def read(self) -> dict[tuple[str, str], float]:
        """Return every sum so far."""
        with self._lock:
            return dict(self._sums)
