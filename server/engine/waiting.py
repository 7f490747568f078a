"""The line of requests that wait for a worker: first come, first served."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from peelgraph.graph.errors import ServerBusy

Lent = TypeVar("Lent")


class LineClosed(Exception):
    """Nothing is lent from this line any more; ask the one that took its place."""


class _Waiter(Generic[Lent]):
    """One request in the line, and what it was handed."""

    def __init__(self) -> None:
        self.served = threading.Event()
        self.lent: Lent | None = None


class WaitingLine(Generic[Lent]):
    """Lends things to requests, at most *places* of which may wait.

    The thing returned last is lent first, since its memory is warm; a thing that comes back is
    handed straight to the request that has waited longest, so that no newcomer overtakes.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._idle: list[Lent] = []
        self._waiters: deque[_Waiter[Lent]] = deque()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Requests that wait now."""
        return len(self._waiters)

    def borrow(self, patience: float) -> Lent:
        """Return one thing, after at most *patience* seconds.

        Raises:
            ServerBusy: The line is full, or nothing came free in time.
            LineClosed: The line was closed, before or while waiting.
        """
        with self._lock:
            if self._closed:
                raise LineClosed
            if self._idle:
                return self._idle.pop()
            if len(self._waiters) >= self._places:
                raise _busy("every worker is busy and the queue is full")
            waiter: _Waiter[Lent] = _Waiter()
            self._waiters.append(waiter)
        waiter.served.wait(patience)
        with self._lock:
            if waiter.lent is not None:
                return waiter.lent
            if self._closed:
                raise LineClosed
            self._waiters.remove(waiter)
        raise _busy(f"no worker came free in {round(patience, 1):g} seconds")

    def put(self, thing: Lent) -> bool:
        """Take *thing* in, or hand it on; return ``False`` when the line is closed."""
        with self._lock:
            if self._closed:
                return False
            if self._waiters:
                waiter = self._waiters.popleft()
                waiter.lent = thing
                waiter.served.set()
            else:
                self._idle.append(thing)
            return True

    def close(self) -> list[Lent]:
        """Lend nothing more, send the waiting away, and return what was idle."""
        with self._lock:
            self._closed = True
            for waiter in self._waiters:
                waiter.served.set()
            self._waiters.clear()
            idle, self._idle = self._idle, []
            return idle


def _busy(found: str) -> ServerBusy:
    return ServerBusy(found, action="try again in a moment")
