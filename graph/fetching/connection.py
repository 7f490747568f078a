"""One request to one network address, over TLS, within limits of time and size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import urllib3
from urllib3.connection import HTTPSConnection

from peelgraph.graph.capture import LARGEST
from peelgraph.graph.errors import FetchTimeout, FetchTooLarge, Unreachable

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator, Mapping

    from peelgraph.graph.fetching.addresses import Target

PIECE: Final = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """Makes requests.

    Args:
        seconds: How long a page may take, from connecting to its last byte.
        pause: How long a site may say nothing.
        size: How many bytes a page may have.
        trust: Whose certificates are believed; the system's list unless given.
    """

    seconds: float = 60.0
    pause: float = 20.0
    size: int = LARGEST
    trust: ssl.SSLContext | None = None

    def __call__(self, target: Target, address: str, headers: Mapping[str, str]) -> Answer:
        """Return the answer of the computer at *address*, asked under the name of its host.

        Raises:
            Unreachable: no connection, no trusted certificate, or an answer that was cut.
            FetchTimeout: it took too long.
            FetchTooLarge: it is too large, or compressed.
        """
        connection = HTTPSConnection(
            address,
            target.port,
            timeout=min(self.pause, self.seconds),
            server_hostname=target.host,
            assert_hostname=target.host,
            ssl_context=self.trust,
            cert_reqs="CERT_REQUIRED",
        )
        late = threading.Event()
        try:
            with _deadline(self.seconds, late) as held:
                connection.connect()
                held.append(connection.sock)
                if late.is_set():
                    raise TimeoutError
                return self._asked(connection, target, headers)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            slow = isinstance(error, (TimeoutError, urllib3.exceptions.TimeoutError))
            if late.is_set() or slow:
                raise FetchTimeout(
                    f"the page did not arrive within {self.seconds:g} seconds", place=target.url
                ) from error
            raise Unreachable(f"the connection failed: {error}", place=target.url) from error
        finally:
            connection.close()

    def _asked(
        self, connection: HTTPSConnection, target: Target, headers: Mapping[str, str]
    ) -> Answer:
        port = "" if target.port == connection.default_port else f":{target.port}"
        named = {**headers, "Host": f"{target.host}{port}", "Accept-Encoding": "identity"}
        connection.request(
            "GET", target.path, headers=named, preload_content=False, decode_content=False
        )
        response = connection.getresponse()
        body = bytearray()
        while piece := response.read1(PIECE):
            body += piece
            if len(body) > self.size:
                break
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        if encoded or len(body) > self.size:
            raise FetchTooLarge(
                "the page is compressed though plain was asked for"
                if encoded
                else f"the page has more than {self.size:,} bytes",
                place=target.url,
            )
        if response.length_remaining:
            raise Unreachable("the connection was cut within the page", place=target.url)
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, found, bytes(body))


@contextlib.contextmanager
def _deadline(seconds: float, late: threading.Event) -> Generator[list[socket.socket | None]]:
    """Break off what is held after *seconds*: a site that trickles never lets a read time out.

    Yields a list for the socket: a connection forgets its own as soon as the site says that it
    will hang up, and the answer is still read from it.
    """
    held: list[socket.socket | None] = []

    def end() -> None:
        late.set()
        for each in held:
            with contextlib.suppress(OSError):
                if each is not None:
                    each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield held
        if late.is_set():
            raise TimeoutError
    finally:
        timer.cancel()
