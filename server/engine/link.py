"""The web process's end of one worker: asks it, within the limits, and collects the answer."""

from __future__ import annotations

import json
import re
import tempfile
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from peelgraph.graph.errors import (
    CallerGone,
    PeelgraphError,
    QueryError,
    QueryForbidden,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    ResultTooLarge,
    ResultUnwritable,
    VersionDamaged,
)
from peelgraph.server.engine import wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Limits, Query

IN_MEMORY: Final = 1024 * 1024
RECEIVE: Final = 2 * wire.PIECE
LOOK_UP: Final = 0.25
"""Seconds between two looks whether the caller is still there."""
WANTED: Final = re.compile(
    r"""
    "(?:[^"\\]|\\.)*"                                     # a mark: "{"
  | \[(?:'(?:\\u\{\w+\}|\\.|[^\\])'|[^'\]])*\]            # a class of characters: ['a' ..= 'z']
  | [^\s,"\[](?:[^,"\[]|"(?!,))*                          # a keyword, or a rule in words
    """,
    re.VERBOSE,
)
REASON: Final = re.compile(r"[A-Za-z*]+(?: [*A-Za-z]+){2}")


class WorkerLost(Exception):
    """The worker ended in the middle of an answer; its wait status says why."""


class Spool:
    """Collects an answer: in memory while it is small, then in a temporary file."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._file: BinaryIO | None = None
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Append *piece*.

        Raises:
            ResultTooLarge: The answer is now larger than its limit.
        """
        self.size += len(piece)
        if self.size > self._limit:
            raise too_large(self._limit)
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        if self.size > IN_MEMORY:
            # Closed by whoever reads the answer, or by `close` when there will be none.
            self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - outlives this
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def body(self) -> bytes | BinaryIO:
        """Return the whole answer: bytes, or the temporary file at its start."""
        if self._file is None:
            return b"".join(self._pieces)
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Drop what was collected."""
        self._pieces.clear()
        if self._file is not None:
            self._file.close()


def question(query: Query, media_type: str, limits: Limits) -> bytes:
    """Return the frame that asks *query*."""
    asked = {**asdict(query), **asdict(limits), "media_type": media_type}
    return wire.frame(wire.QUESTION, json.dumps(asked).encode())


class WorkerLink:
    """One worker process, as the web process sees it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self._channel = channel
        self.reusable = True
        self.buried = False

    def greet(self, patience: float) -> None:
        """Wait until the worker says that it can answer.

        Raises:
            VersionDamaged: It cannot open its store, or cannot be confined.
            WorkerLost: It ended instead.
        """
        self._channel.settimeout(patience)
        message = wire.next_frame(self._channel)
        if message is None:
            raise WorkerLost
        if message[1]:
            raise VersionDamaged(
                f"a worker cannot start: {message[1].decode(errors='replace')}",
                action="run `peelgraph doctor`",
            )

    def alive(self) -> bool:
        """Return whether the worker still holds its end; it must have nothing to say."""
        self._channel.setblocking(False)  # noqa: FBT003 - the standard library's signature
        try:
            self._channel.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def ask(self, asked: bytes, limits: Limits, gone: Callable[[], bool] | None) -> Spool:
        """Return the whole answer to the frame *asked*.

        After any error but a fault that the worker itself reported, the worker is unusable:
        ``reusable`` says so.

        Raises:
            QueryTimeout: The deadline passed.
            WorkerLost: The worker ended.
            CallerGone: *gone* said so.
            ResultTooLarge: The answer passed its byte limit.
            QueryError: The worker refused the query.
        """
        deadline = time.monotonic() + limits.timeout
        spool = Spool(limits.result_bytes)
        self.reusable = False
        try:
            self._channel.settimeout(limits.timeout)
            self._channel.sendall(asked)
            self._collect(spool, deadline, limits, gone)
        except (ConnectionError, TimeoutError) as error:
            spool.close()
            if isinstance(error, TimeoutError):
                raise timed_out(limits) from None
            raise WorkerLost from error
        except BaseException:
            spool.close()
            raise
        return spool

    def _collect(
        self, spool: Spool, deadline: float, limits: Limits, gone: Callable[[], bool] | None
    ) -> None:
        frames = wire.Frames()
        while True:
            piece = self._receive(deadline, gone)
            if not piece:
                raise WorkerLost
            for kind, payload in frames.feed(piece):
                if kind == wire.CHUNK:
                    spool.add(payload)
                elif kind == wire.END:
                    self.reusable = not payload
                    return
                else:
                    fault = json.loads(payload)
                    self.reusable = fault["kind"] != "memory"
                    raise reported(fault, limits)

    def _receive(self, deadline: float, gone: Callable[[], bool] | None) -> bytes:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(left if gone is None else min(left, LOOK_UP))
            try:
                return self._channel.recv(RECEIVE)
            except TimeoutError:
                if gone is not None and gone():
                    raise CallerGone(
                        "the caller broke the connection off and the query was stopped"
                    ) from None

    def close(self) -> None:
        """Close this end; an idle worker then ends by itself."""
        self._channel.close()


def timed_out(limits: Limits) -> QueryTimeout:
    """Return the error of a query that ran past its deadline."""
    return QueryTimeout(
        f"the query ran longer than {limits.timeout:g} seconds and was stopped",
        action="make it more selective, or add a LIMIT",
    )


def too_large(limit: int) -> ResultTooLarge:
    """Return the error of an answer that passed its byte limit."""
    return ResultTooLarge(
        f"the answer is larger than {limit:,} bytes",
        action="ask for less: fewer variables, a LIMIT, or several queries with OFFSET",
    )


def out_of_memory(limits: Limits) -> QueryMemory:
    """Return the error of a query that ran out of memory."""
    return QueryMemory(
        f"the query needed more than {limits.memory_bytes // (1024 * 1024):,} MiB of memory",
        action="make it more selective, or sort and group less",
    )


def reported(fault: dict[str, str], limits: Limits) -> PeelgraphError:
    """Return the error for a fault that a worker reported about the query itself."""
    kind, message = fault["kind"], fault["message"]
    if kind == "too-large":
        return too_large(limits.result_bytes)
    if kind == "memory":
        return out_of_memory(limits)
    if kind == "format":
        return ResultUnwritable(
            f"the answer holds {message}, which the format asked for cannot say",
            place="Accept",
            action="ask for another format",
        )
    if kind == "outside":
        return QueryForbidden(
            "the query reaches for something outside this service",
            expected="a query over this service's own data",
            action="leave out SERVICE",
        )
    if kind == "syntax":
        return syntax_error(message)
    return QueryError(f"the query cannot be evaluated: {message}")


def syntax_error(message: str) -> QuerySyntax:
    """Return the error for the engine's own *message*, with its line and column as the place.

    The engine lists what may follow: keywords, marks and classes of characters, which tell a
    person nothing; and among them a rule that was broken, which says it all.

    >>> syntax_error("error at 1:18: expected SELECT").place
    'line 1, column 18'
    >>> syntax_error("error at 1:9: expected one of DESCRIBE, FROM, [_]").expected
    'one of DESCRIBE, FROM'
    >>> syntax_error("error at 1:30: expected one of Prefix not found, [_]").found
    'the query is not SPARQL: Prefix not found'
    """
    place, separator, rest = message.removeprefix("error at ").partition(": ")
    line, colon, column = place.partition(":")
    if not (separator and colon and line.isdigit() and column.isdigit()):
        return QuerySyntax(f"the query is not SPARQL: {message}")
    place = f"line {line}, column {column}"
    expected = rest.removeprefix("expected ").removeprefix("one of ")
    wanted = [each for each in WANTED.findall(expected) if each[0] not in "[<"]
    reasons = [each for each in wanted if REASON.match(each)]
    if reasons:
        return QuerySyntax(f"the query is not SPARQL: {'; '.join(reasons)}", place=place)
    return QuerySyntax("the query is not SPARQL", place=place, expected=_alternatives(wanted))


def _alternatives(wanted: list[str]) -> str:
    """Return the keywords and marks of *wanted* as a list."""
    return f"one of {', '.join(wanted)}" if len(wanted) > 1 else "".join(wanted)
