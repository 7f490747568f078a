"""A remote endpoint on loopback that does whatever a test tells it to, well or badly."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

import pytest

from peelgraph.server.engine.interface import Limits
from peelgraph.server.engine.remote import engine, link

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

PATIENCE = 60.0


class FakeRemote:
    """Reads whole requests and lets *behave* answer each on its connection.

    Args:
        behave: Called with the connection and the number of the request, from 0; the connection
            is kept if it returns true.
        tls: Makes each connection a secure one.
    """

    def __init__(
        self, behave: Callable[[socket.socket, int], bool], tls: ssl.SSLContext | None = None
    ) -> None:
        self._behave = behave
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ending = threading.Event()
        self.requests: list[bytes] = []
        self._noting = threading.Lock()
        self.connections = 0
        self.hung_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def address(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/sparql"

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def until_hung_up(self, channel: socket.socket) -> None:
        """Wait until the other side closes."""
        with contextlib.suppress(OSError):
            while channel.recv(65536):
                pass
        self.hung_up.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                channel, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(channel,), daemon=True).start()

    def _serve(self, channel: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            held.enter_context(channel)
            if self._tls is not None:
                channel = held.enter_context(self._tls.wrap_socket(channel, server_side=True))
            while (asked := _request(channel)) is not None:
                with self._noting:
                    number = len(self.requests)
                    self.requests.append(asked)
                if not self._behave(channel, number):
                    return


def _request(channel: socket.socket) -> bytes | None:
    held = b""
    while b"\r\n\r\n" not in held:
        piece = channel.recv(65536)
        if not piece:
            return None
        held += piece
    start, _, body = held.partition(b"\r\n\r\n")
    lengths = [line for line in start.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        piece = channel.recv(65536)
        if not piece:
            return None
        body += piece
    return start + b"\r\n\r\n" + body


@pytest.fixture(autouse=True)
def patient_remotes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have engines give connections and a look at an endpoint's health time on a busy machine."""
    monkeypatch.setattr(engine, "CANNED_LIMITS", Limits(PATIENCE, 0, 4096))
    monkeypatch.setattr(link, "CONNECT_SECONDS", PATIENCE)


@pytest.fixture
def fake_remote() -> Iterator[Callable[..., FakeRemote]]:
    """Start fake endpoints; all end with the test."""
    with contextlib.ExitStack() as running:
        yield lambda *given, **named: running.enter_context(FakeRemote(*given, **named))
