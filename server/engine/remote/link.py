"""One connection to the remote endpoint, kept alive between questions."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from peelgraph.server.engine.interface import PIECE
from peelgraph.server.engine.remote.faults import fault, refuse_other, unavailable
from peelgraph.server.engine.spool import Collector, Shelf

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPResponse

    from peelgraph.server.engine.interface import Limits
    from peelgraph.server.engine.remote.address import Remote

CONNECT_SECONDS: Final = 3.0
GRACE: Final = 0.5
"""Seconds past the deadline after which a read ends by itself; whoever waits ends it sooner."""
FORM: Final = "application/x-www-form-urlencoded"
RETRIABLE: Final = (ConnectionError, NewConnectionError)
"""The connection was refused, or reset before the head of an answer: nothing has been read."""


@dataclass(slots=True)
class Question:
    """One query in the words of the protocol.

    Args:
        form: The encoded form.
        media_type: The only type that is taken for an answer.
        limits: What it may use; the deadline counts from when the question was made.
    """

    form: bytes
    media_type: str
    limits: Limits
    deadline: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Set the deadline."""
        self.deadline = time.monotonic() + self.limits.timeout

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: None are, or nobody waits for the answer any more.
        """
        seconds = self.deadline - time.monotonic()
        if seconds <= 0 or self.stopped.is_set():
            raise TimeoutError
        return seconds


class Link:
    """One connection; asked by one thread at a time, stopped by any.

    Args:
        remote: The endpoint.
        trust: Whose certificates are believed; the system's list unless given.
    """

    def __init__(self, remote: Remote, trust: ssl.SSLContext | None = None) -> None:
        self._remote = remote
        self._trust = trust
        self._connection: HTTPConnection | None = None
        self._socket: socket.socket | None = None

    def ask(self, question: Question) -> Collector:
        """Return the whole answer.

        Raises:
            TimeoutError: The deadline passed, or the question was stopped.
            PeelgraphError: There is no answer, or none that may be handed on.
        """
        try:
            return self._asked(question)
        except BaseException:
            self.close()
            raise

    def stop(self, question: Question) -> None:
        """Break the connection off under *question*, whatever its thread is waiting for."""
        question.stopped.set()
        connected = self._socket
        if connected is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        connection, self._connection, self._socket = self._connection, None, None
        if connection is not None:
            connection.close()

    def _asked(self, question: Question) -> Collector:
        try:
            response = self._head(question)
        except (HTTPError, http.client.HTTPException, OSError) as error:
            question.left()  # a connection that was broken off at the deadline says so
            if isinstance(error, ssl.SSLError):
                raise fault("the remote engine's certificate is not trusted") from error
            if isinstance(error, (OSError, NewConnectionError, ConnectTimeoutError)):
                raise unavailable("the remote engine cannot be reached") from error
            raise fault("the remote engine does not speak HTTP") from error
        most = question.limits.result_bytes
        spool = Collector(most, Shelf(most))
        with contextlib.ExitStack() as otherwise:
            otherwise.callback(response.close)
            otherwise.callback(spool.close)
            try:
                refuse_other(response, question.media_type, question.limits)
                self._read(response, question, spool)
            except (HTTPError, http.client.HTTPException, OSError) as error:
                question.left()
                raise fault("the remote engine broke off in the middle of its answer") from error
            otherwise.pop_all()
        return spool

    def _head(self, question: Question) -> HTTPResponse:
        """Return the answer as far as its head; try once more where nothing had been read."""
        try:
            return self._sent(question)
        except RETRIABLE:
            self.close()
            question.left()
            return self._sent(question)

    def _sent(self, question: Question) -> HTTPResponse:
        connection = self._connected(question)
        connection.timeout = question.left() + GRACE
        headers = {
            "Accept": question.media_type,
            "Accept-Encoding": "identity",
            "Content-Type": FORM,
            "User-Agent": "peelgraph",
        }
        if self._remote.authorization:
            headers["Authorization"] = self._remote.authorization
        connection.request(
            "POST",
            self._remote.target,
            body=question.form,
            headers=headers,
            preload_content=False,
            decode_content=False,
        )
        return connection.getresponse()

    def _connected(self, question: Question) -> HTTPConnection:
        kept = self._connection
        if kept is not None and kept.is_connected:
            return kept
        self.close()
        connection = self._connection = self._fresh(min(CONNECT_SECONDS, question.left()))
        connection.connect()
        # The response takes the connection's socket with it when the endpoint will close it.
        self._socket = connection.sock
        question.left()
        return connection

    def _fresh(self, seconds: float) -> HTTPConnection:
        remote = self._remote
        if remote.scheme == "http":
            return HTTPConnection(remote.host, remote.port, timeout=seconds)
        return HTTPSConnection(
            remote.host,
            remote.port,
            timeout=seconds,
            cert_reqs="CERT_REQUIRED",
            ssl_context=self._trust,
        )

    @staticmethod
    def _read(response: BaseHTTPResponse, question: Question, spool: Collector) -> None:
        while piece := response.read1(PIECE, decode_content=False):
            spool.add(piece)
            question.left()
