"""Names requests, says who asks, and notes how each was answered: for counters and log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from peelgraph.server.logs.lines import Told

if TYPE_CHECKING:
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.counters import Counters
    from peelgraph.server.front.requests import Request
    from peelgraph.server.logs.log import RequestLog
    from peelgraph.server.protocol.origin import Origins

NOT_MODIFIED: Final = 304
OTHER: Final = "other"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """The reply to the very bytes of a request.

    Args:
        status: Its status.
        rest: All that follows the lines that are another each time.
        peer: Who sent the bytes: what a proxy says may come from a proxy alone.
        client: Who asked.
        told: What the log says of it.
    """

    status: int
    rest: bytes
    peer: str
    client: str
    told: Told


class Recorder:
    """Keeps the books of one front; everything happens on its loop.

    Args:
        counters: Where things are counted.
        origins: Which proxies are believed.
        log: Where requests are written, if anywhere.
    """

    def __init__(self, counters: Counters, origins: Origins, log: RequestLog | None) -> None:
        self._counters = counters
        self._origins = origins
        self._log = log
        # A UUID (version 8): unique among processes by its start, within one by its end.
        start = secrets.token_hex(9)
        self._prefix = f"{start[:8]}-{start[8:12]}-8{start[12:15]}-a{start[15:18]}-"
        self._numbers = count(1)

    def next_id(self) -> str:
        """Return a name that no other request has."""
        return f"{self._prefix}{next(self._numbers):012x}"

    def begin(self, peer: str, request: Request, now: float) -> None:
        """Name *request*, whose turn it is, and note who asks."""
        request.began, request.client = now, peer
        if self._origins.believes_any:
            origin = self._origins.of(
                peer,
                request.header(b"x-forwarded-for"),
                request.header(b"x-forwarded-proto"),
                request.header(b"x-request-id"),
            )
            request.client, request.secure = origin.client, origin.secure
            request.id = origin.request_id
        request.id = request.id or self.next_id()

    def replied(self, request: Request, reply: Reply, now: float) -> Told:
        """Count and log the reply to *request*; return what was told of it."""
        route = request.note.route or (REFUSED if request.fault is not None else OTHER)
        seconds, told = max(now - request.began, 0), told_of(request, reply)
        self._counters.answered(route, told.status, told.size, seconds)
        if self._log is not None:
            self._log.add(told, request.id, request.client, seconds)
        return told

    def shortcut_for(
        self, peer: str, request: Request, reply: Reply, told: Told, rest: bytes
    ) -> Shortcut:
        """Return what to keep of a reply for the next time that the same bytes come."""
        cache = "not-modified" if reply.status == NOT_MODIFIED else "hit"
        note = replace(request.note, cache=cache, worker_seconds=0.0)
        again = replace(told, note=note, worded="")
        return Shortcut(reply.status, rest, peer, request.client, again)

    def usable(self, known: Shortcut, peer: str) -> bool:
        """Return whether *peer* may have what is known."""
        return peer == known.peer or not self._origins.believes_any

    def repeated(self, known: Shortcut, peer: str, request_id: str) -> None:
        """Count and log that the same bytes got the same reply."""
        told = known.told
        self._counters.answered(told.note.route, told.status, told.size, 0.0)
        self._counters.add("cache", "shortcut")
        if self._log is not None:
            client = known.client if self._origins.believes_any else peer
            self._log.add(told, request_id, client, 0.0)


def told_of(request: Request, reply: Reply) -> Told:
    """Return what the log says of a request, but for its moment and its client."""
    without_body = request.method == "HEAD" or reply.status == NOT_MODIFIED
    return Told(
        request.method,
        request.target.partition(b"?")[0],
        reply.status,
        0 if without_body else reply.size,
        request.note,
    )
