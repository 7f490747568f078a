"""Books are kept of a reply when it has left: nobody waits for them."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import uvloop

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app
from peelgraph.server.front.front import Front
from peelgraph.server.serving import listening_socket

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import Engine
    from peelgraph.server.logs.log import RequestLog

ASKED = b"GET /no-such-page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PATIENCE = 20
NOBODY = SimpleNamespace(version=lambda: None, status=lambda: SimpleNamespace(base=None))
"""In an engine's place: no page that is asked for here asks one."""


class Slow:
    """A log that takes a line only when the client has its answer, or has waited too long."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.in_time: list[bool] = []

    def add(self, *_: object) -> None:
        """Wait for the client."""
        self.in_time.append(self.answered.wait(PATIENCE))


def asked(port: int, log: Slow) -> bytes:
    """Return the start of the answer that a client gets."""
    with socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE) as client:
        client.sendall(ASKED)
        answer = client.recv(1024)
        log.answered.set()
        return answer


async def served(log: Slow) -> bytes:
    """Have one request answered by a front that writes to *log*."""
    app = create_app(Settings(), cast("Engine", NOBODY))
    front = Front(app, app.extensions["peelgraph"], log=cast("RequestLog", log))
    with listening_socket("127.0.0.1", 0) as listener:
        running = asyncio.create_task(front.run(listener, lambda: None))
        answer = await asyncio.to_thread(asked, listener.getsockname()[1], log)
        front.stop()
        await running
        return answer


def test_an_answer_leaves_before_it_is_logged() -> None:
    """Wording a line of the log costs a tenth of what a small query costs."""
    log = Slow()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answer = runner.run(served(log))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert log.in_time == [True]
