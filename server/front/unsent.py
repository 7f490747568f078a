"""What slow readers have yet to take: bounded together, and the slowest of them goes for it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelgraph.server.front.seam import Client


class Unsent:
    """The bodies in memory that clients are slow to take; one that several take counts once.

    An answer that is no longer kept lives as long as somebody reads it, so that the cache's limit
    alone would bound nothing.

    Args:
        most: Bytes of all bodies together, unless a single one is larger.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bodies: OrderedDict[Client, bytes] = OrderedDict()
        self._readers: Counter[int] = Counter()  # by identity of a body, which lives as long
        self.bytes = 0

    def add(self, client: Client, body: bytes) -> list[Client]:
        """Note that *client* is slow to take *body*; return those who have to go for it.

        They are those that have taken nothing for longest.
        """
        self.remove(client)
        self._bodies[client] = body
        self._readers[id(body)] += 1
        if self._readers[id(body)] == 1:
            self.bytes += len(body)
        doomed: list[Client] = []
        while self.bytes > self._most and len(self._bodies) > 1:
            doomed.append(next(iter(self._bodies)))
            self.remove(doomed[-1])
        return doomed

    def moved(self, client: Client) -> None:
        """Note that *client* has taken some."""
        if client in self._bodies:
            self._bodies.move_to_end(client)

    def remove(self, client: Client) -> None:
        """Note that *client* has taken enough, or is gone."""
        body = self._bodies.pop(client, None)
        if body is None:
            return
        self._readers[id(body)] -= 1
        if not self._readers[id(body)]:
            del self._readers[id(body)]
            self.bytes -= len(body)
