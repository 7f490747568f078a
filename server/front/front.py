"""The front: every connection, who answers what, and the orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import ServerBusy
from peelgraph.server.answering.desk import error_reply, problem_reply
from peelgraph.server.answering.kept import KeptAnswers, shares
from peelgraph.server.front.bridge import Place, environ_of, run_safely
from peelgraph.server.front.connection import Connection
from peelgraph.server.front.heads import changing_lines, header_block
from peelgraph.server.front.queries import QueryDesk
from peelgraph.server.front.record import Recorder, Shortcut
from peelgraph.server.front.unsent import Unsent
from peelgraph.server.protocol.errors import RequestError
from peelgraph.server.protocol.problems import INTERNAL
from peelgraph.server.protocol.request import body_limit
from peelgraph.server.security import WRITING, every_header, is_write

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from flask import Flask

    from peelgraph.graph.settings import Settings
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.counters import Counters
    from peelgraph.server.front.requests import Request
    from peelgraph.server.front.seam import Client
    from peelgraph.server.logs.log import RequestLog
    from peelgraph.server.pages.service import Service

THREADS: Final = 16
QUEUED: Final = 128
"""Requests that Flask may have at a time, in threads and before them."""
BODY_BYTES: Final = 1024 * 1024
UNSENT: Final = 64 * 1024 * 1024
"""Bytes that all slow readers together may leave in memory, or as many as may be kept."""
SPARE_FILES: Final = 200
"""Descriptors for everything but connections: workers, files of large answers, bodies."""
BACKLOG: Final = 1024
LOOK: Final = 1.0
COMMON: Final = {
    (secure, writes): header_block(every_header(secure=secure, writes=writes))
    for secure in (False, True)
    for writes in (False, True)
}
"""The lines that many replies have, by whether they go over TLS and answer a write."""
FINISH: Final = 15.0
"""Seconds that running requests are given when the service is told to stop."""

logger = logging.getLogger(__name__)


class Front:
    """The web server of one application, on the loop that is running now.

    Args:
        app: The Flask application.
        service: Its settings, engine and desk.
        log: Where requests are written, if anywhere.
    """

    def __init__(
        self,
        app: Flask,
        service: Service,
        *,
        log: RequestLog | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self._date = b""
        self._app = app
        self._desk = service.desk
        self._queries = QueryDesk(service, self.failed)
        self._limits = _body_limits(service.settings)
        self._most = _possible(service.settings.connections)
        self._all: set[Client] = set()
        self._idle: OrderedDict[Client, None] = OrderedDict()
        _, raw_bytes = shares(service.settings.cache_bytes)
        self._raw: KeptAnswers[Shortcut] = KeptAnswers(raw_bytes)
        self.unsent = Unsent(max(service.settings.cache_bytes, UNSENT))
        self._origins = service.origins
        self._record = Recorder(service.desk.counters, service.origins, log)
        self._be_watched(service.desk.counters, log)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="flask")
        self._in_flask = 0
        self._place = Place("localhost", 0)
        self._server: asyncio.Server | None = None
        self._stopping = 0
        self._stopped = asyncio.Event()
        self._fewer = asyncio.Event()

    # its life

    async def run(self, listener: socket.socket, announce: Callable[[], None]) -> None:
        """Serve on *listener* until :meth:`stop`, then finish the requests that run."""
        host, port = listener.getsockname()[:2]
        self._place = Place(str(host), int(port))
        self._tick()
        self._server = await self.loop.create_server(
            lambda: Connection(self), sock=listener, backlog=BACKLOG
        )
        announce()
        await self._stopped.wait()
        self._server.close()
        for connection in list(self._all):
            connection.finish()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH):
                while self._all and self._stopping == 1:
                    self._fewer.clear()
                    await self._fewer.wait()
        for connection in list(self._all):
            connection.drop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """End :meth:`run`; a second call ends it without waiting for running requests."""
        self._stopping += 1
        self._stopped.set()
        self._fewer.set()

    def _tick(self) -> None:
        self._date = formatdate(usegmt=True).encode() + b"\r\n"
        now = self.loop.time()
        for connection in list(self._all):
            connection.look(now)
        self.loop.call_later(LOOK, self._tick)

    # its connections

    def opened(self, connection: Client) -> None:
        """Take in a new connection; at the limit, drop the one that has been idle longest."""
        self._all.add(connection)
        self._idle[connection] = None
        if len(self._all) > self._most:
            self._drop(next(iter(self._idle)), "limit")

    def choked(self, connection: Client, body: bytes) -> None:
        """Note that *connection* is slow to take *body*, for which slower ones may have to go."""
        for slowest in self.unsent.add(connection, body):
            self._drop(slowest, "unsent")

    def _drop(self, connection: Client, reason: str) -> None:
        self._desk.counters.add("connections-dropped", reason)
        connection.drop()
        self.closed(connection)

    def idle(self, connection: Client) -> None:
        """Note that nothing is due on *connection*."""
        if connection in self._all:
            self._idle[connection] = None
            self._idle.move_to_end(connection)

    def closed(self, connection: Client) -> None:
        """Forget a connection."""
        self._all.discard(connection)
        self._idle.pop(connection, None)
        self.unsent.remove(connection)
        self._fewer.set()

    def answering(self, connection: Client) -> None:
        """Note that something is due on *connection*."""
        self._idle.pop(connection, None)

    # its requests

    def body_limit(self, request: Request) -> int:
        """Return how many bytes the body of *request* may have."""
        return self._limits.get(request.section(), BODY_BYTES)

    def begin(self, connection: Client, request: Request) -> None:
        """Name *request*, whose turn it is, and note who asks."""
        self._record.begin(connection.client, request, time.perf_counter())

    def common_lines(self, request: Request) -> bytes:
        """Return the lines of a reply to *request* that others have too."""
        section, writes = request.section(), False
        if section in WRITING:
            asked = request.header(b"access-control-request-method") or request.method
            writes = is_write(section, asked.upper())
        return COMMON[request.secure, writes]

    def start_of_head(self, status: int, request_id: str) -> bytes:
        """Return the lines of a reply that are another each time."""
        return changing_lines(status, self._date, request_id)

    def answer(self, connection: Client, request: Request) -> None:
        """Have *request* answered."""
        self.answering(connection)
        try:
            self._origins.check_host(request.header(b"host"), request.client)
        except RequestError as error:
            refusal = error_reply(error, request.header(b"accept"), request.id)
            connection.reply(request, refusal)
            return
        if not self._queries.take(connection, request):
            self.through_flask(connection, request)

    def through_flask(self, connection: Client, request: Request) -> None:
        """Have the application answer *request*, in a thread."""
        if self._in_flask >= QUEUED:
            busy = ServerBusy("too many requests are waiting")
            connection.reply(request, error_reply(busy, request_id=request.id))
            return
        self._in_flask += 1
        environ = environ_of(request, self._place, connection.gone)
        running = self.loop.run_in_executor(self._threads, run_safely, self._app, environ)

        def answered(future: asyncio.Future[Reply]) -> None:
            self._in_flask -= 1
            if not future.cancelled():
                connection.reply(request, future.result(), common=b"")

        running.add_done_callback(answered)

    def failed(self, connection: Client, request: Request, error: Exception) -> None:
        """Answer for a mistake of our own."""
        logger.error("a query could not be answered", exc_info=error)
        connection.reply(request, problem_reply(INTERNAL, request_id=request.id))

    def replied(
        self, connection: Client, request: Request, reply: Reply, rest: bytes | None
    ) -> None:
        """Count, log and remember a reply once it has left: nobody need wait for that.

        The loop does so before it looks for more: whoever has the answer and asks again is
        told of it.
        """
        now = time.perf_counter()
        self.loop.call_soon(self._note, connection.client, request, reply, rest, now)

    def _note(
        self, peer: str, request: Request, reply: Reply, rest: bytes | None, now: float
    ) -> None:
        told = self._record.replied(request, reply, now)
        if reply.tag is not None and request.raw is not None and request.keep_alive and rest:
            size = len(request.raw) + len(rest) + len(request.note.query)
            known = self._record.shortcut_for(peer, request, reply, told, rest)
            self._raw.put(reply.tag, request.raw, known, size)

    # the same bytes again

    def shortcut(self, data: bytes, peer: str) -> tuple[bytes, bytes] | None:
        """Return the reply to exactly the bytes *data*, if it is known; count and log it."""
        known = self._raw.get(self._desk.tag(), data)
        if known is None or not self._record.usable(known, peer):
            return None
        request_id = self._record.next_id()
        self._record.repeated(known, peer, request_id)
        return changing_lines(known.status, self._date, request_id), known.rest

    def _be_watched(self, counters: Counters, log: RequestLog | None) -> None:
        """Tell the counters what goes up and down here."""
        counters.watch("connections", lambda: len(self._all))
        counters.watch("unsent-bytes", lambda: self.unsent.bytes)
        counters.watch("raw-cache-bytes", lambda: self._raw.bytes)
        counters.watch("raw-cache-entries", lambda: self._raw.entries)
        counters.watch("log-lines-dropped", lambda: log.dropped if log is not None else 0)


def _body_limits(settings: Settings) -> dict[str, int]:
    """Return how many bytes a body may have, by section, where not the usual ones."""
    return {
        "sparql": body_limit(settings.query_bytes),
        "update": body_limit(settings.write_bytes),
        "store": settings.write_bytes,
    }


def _possible(connections: int) -> int:
    """Return how many of *connections* the machine lets this process have, after asking for all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(min(connections, max(allowed, soft) - SPARE_FILES), 1)
