"""Queries, answered on the loop; whatever is not plainly one goes to Flask."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import PeelgraphError
from peelgraph.server.answering.desk import LONG_TEXT, Incoming, error_reply
from peelgraph.server.engine.interface import LoopEngine
from peelgraph.server.protocol.negotiation import prefers_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.server.answering.desk import Prepared
    from peelgraph.server.front.requests import Request
    from peelgraph.server.front.seam import Client
    from peelgraph.server.pages.service import Service

ROUTE: Final = "/sparql"
PATH: Final = ROUTE.encode()
METHODS: Final = frozenset({"GET", "HEAD", "POST"})
HOST: Final = re.compile(r"(?:[a-z0-9.-]+|\[[a-f0-9:.]+\])(?::[1-9][0-9]{0,4})?", re.ASCII)
DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


class QueryDesk:
    """Answers SPARQL queries for a front.

    Args:
        service: The desk and the engine.
        failed: Answers for a mistake of our own.
    """

    def __init__(
        self, service: Service, failed: Callable[[Client, Request, Exception], None]
    ) -> None:
        self._desk = service.desk
        self._engine = service.engine if isinstance(service.engine, LoopEngine) else None
        self._failed = failed
        self._running: set[asyncio.Task[None]] = set()

    def take(self, connection: Client, request: Request) -> bool:
        """Answer *request* if it is a query for here; return whether it is."""
        if self._engine is None or request.method not in METHODS:
            return False
        path, _, query_string = request.target.partition(b"?")
        if path != PATH or len(query_string) + request.body_size > LONG_TEXT:
            return False
        headers = dict(request.headers)
        host = address_of(headers.get(b"host", b""), secure=request.secure)
        accept = _text(headers, b"accept") if len(headers) == len(request.headers) else None
        if host is None or accept is None or ("html" in accept and prefers_html(accept)):
            return False
        incoming = Incoming(
            request.method,
            query_string,
            _text(headers, b"content-type"),
            b"" if request.body is None else request.input().read(),
            accept,
            _text(headers, b"accept-encoding"),
            _text(headers, b"if-none-match"),
            host,
            request.client,
            connection.gone,
            request.note,
        )
        request.note.route = ROUTE
        return self._answered(self._engine, connection, request, incoming)

    def _answered(
        self, engine: LoopEngine, connection: Client, request: Request, incoming: Incoming
    ) -> bool:
        try:
            prepared = self._desk.prepare(incoming)
            if prepared is None:
                return False
            reply = self._desk.known(prepared)
        except PeelgraphError as error:
            self._refuse(connection, request, incoming, error)
            return True
        if reply is not None:
            connection.reply(request, reply)
            return True
        task = asyncio.get_running_loop().create_task(
            self._ask(engine, connection, request, prepared)
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def _ask(
        self, engine: LoopEngine, connection: Client, request: Request, prepared: Prepared
    ) -> None:
        try:
            reply = self._desk.finish(prepared, await self._desk.ask_on_loop(engine, prepared))
        except PeelgraphError as error:
            why = self._desk.why(prepared, error)
            self._refuse(connection, request, prepared.incoming, why)
        except Exception as error:  # noqa: BLE001 - logged with its trace, answered as our own fault
            self._failed(connection, request, error)
        else:
            connection.reply(request, reply)

    def _refuse(
        self, connection: Client, request: Request, incoming: Incoming, error: PeelgraphError
    ) -> None:
        self._desk.note_error(incoming.client, error)
        connection.reply(request, error_reply(error, incoming.accept, request.id))


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers[name].decode("latin-1") if name in headers else ""


@lru_cache(maxsize=256)
def address_of(host: bytes, *, secure: bool = False) -> str | None:
    """Return the address of the endpoint under *host*; ``None`` where that is no plain host.

    >>> address_of(b"peel.example:80")
    'http://peel.example/sparql'
    """
    name = host.decode("latin-1")
    if not HOST.fullmatch(name) or len(name) > 255:  # noqa: PLR2004 - the longest name there is
        return None
    scheme = "https" if secure else "http"
    return f"{scheme}://{name.removesuffix(DEFAULT_PORTS[scheme])}{ROUTE}"
