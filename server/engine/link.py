"""The web process's end of one worker: asks it, within the limits, and collects the answer."""

from __future__ import annotations

import asyncio
import json
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import (
    CallerGone,
    PeelgraphError,
    QueryError,
    QueryForbidden,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    ResultUnwritable,
    VersionDamaged,
)
from peelgraph.server.engine import wire
from peelgraph.server.engine.questions import packed
from peelgraph.server.engine.spool import Collector, too_large

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Limits, Query
    from peelgraph.server.engine.spool import Shelf, Spooled, SpoolFile

RECEIVE: Final = 2 * wire.PIECE
WANTED: Final = re.compile(
    r"""
    "(?:[^"\\]|\\.)*"                                     # a mark: "{"
  | \[(?:'(?:\\u\{\w+\}|\\.|[^\\])'|[^'\]])*\]            # a class of characters: ['a' ..= 'z']
  | [^\s,"\[](?:[^,"\[]|"(?!,))*                          # a keyword, or a rule in words
    """,
    re.VERBOSE,
)
REFUSED: Final = "SERVICE"
"""What the engine would read and this service never runs."""
REASON: Final = re.compile(r"[A-Za-z*]+(?: [*A-Za-z]+){2}")


class WorkerLost(Exception):
    """The worker ended in the middle of an answer; its wait status says why."""


class NeverAsked(WorkerLost):
    """The worker had ended before the question reached it: another one can be asked."""


@dataclass(slots=True)
class _Asked:
    """The question that a worker answers now."""

    answered: asyncio.Future[Found]
    deadline: float
    limits: Limits
    gone: Callable[[], bool] | None
    file: SpoolFile | None
    pieces: Collector


@dataclass(slots=True)
class Found:
    """What a worker has answered.

    Args:
        body: The whole answer.
        size: Its bytes.
        coded: It is in the content coding that was asked for.
        seconds: Processor time that it took.
    """

    body: bytes | Spooled
    size: int
    coded: bool
    seconds: float


class WorkerLink:
    """One worker process, as the web process sees it. Belongs to one loop once it is attached.

    Args:
        pid: Its process id.
        channel: Our end of its socket.
        files: Files that it was given for large answers.
        shelf: What bounds all large answers together.
    """

    def __init__(
        self, pid: int, channel: socket.socket, files: tuple[SpoolFile, ...], shelf: Shelf
    ) -> None:
        self.pid = pid
        self.reusable = True
        self._channel = channel
        self._files = files
        self._shelf = shelf
        self._frames = wire.Frames()
        self._asked: _Asked | None = None
        self._over = False
        self._unsent = memoryview(b"")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_end: Callable[[WorkerLink], None] | None = None

    def greet(self, patience: float) -> None:
        """Wait until the worker says that it can answer; blocks.

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

    def attach(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[WorkerLink], None]) -> None:
        """Listen on *loop*; *on_end* is told when the worker ends while nothing is asked."""
        self._channel.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._loop, self._on_end = loop, on_end
        loop.add_reader(self._channel.fileno(), self._readable)

    async def ask(
        self,
        query: Query,
        media_type: str,
        limits: Limits,
        gone: Callable[[], bool] | None,
        coding: str = "",
    ) -> Found:
        """Return the whole answer.

        After any error but a fault that the worker itself reported, the worker is unusable:
        ``reusable`` says so.

        Raises:
            QueryTimeout: The deadline passed.
            NeverAsked: The worker had ended before.
            WorkerLost: The worker ended.
            CallerGone: *gone* said so.
            ResultTooLarge: The answer passed its byte limit.
            ServerBusy: All large answers together are too many bytes.
            QueryError: The worker refused the query.
        """
        self.reusable = False
        if self._over:
            raise NeverAsked
        loop = asyncio.get_running_loop()
        number = next((n for n, file in enumerate(self._files) if file.free), -1)
        self._asked = asked = _Asked(
            loop.create_future(),
            loop.time() + limits.timeout,
            limits,
            gone,
            self._files[number] if number >= 0 else None,
            Collector(limits.result_bytes, self._shelf),
        )
        try:
            self._send(wire.frame(wire.QUESTION, packed(query, media_type, limits, coding, number)))
            return await asked.answered
        except BaseException:
            asked.pieces.close()
            if asked.file is not None:
                asked.file.empty()
            raise
        finally:
            self._asked = None

    def look(self, now: float) -> None:
        """Stop waiting for an answer whose time is over, or whose caller has gone."""
        asked = self._asked
        if asked is None or asked.answered.done():
            return
        if now >= asked.deadline:
            self.interrupt(timed_out(asked.limits))
        elif asked.gone is not None and asked.gone():
            self.interrupt(
                CallerGone("the caller broke the connection off and the query was stopped")
            )

    def running(self, now: float) -> float:
        """Return for how many seconds it has been answering."""
        return (
            0.0 if self._asked is None else now - self._asked.deadline + self._asked.limits.timeout
        )

    def interrupt(self, error: Exception) -> None:
        """Stop waiting for the answer, because of *error*."""
        if self._asked is not None and not self._asked.answered.done():
            self._asked.answered.set_exception(error)

    def close(self) -> None:
        """Close this end; an idle worker then ends by itself."""
        if self._loop is not None and self._channel.fileno() >= 0:
            self._loop.remove_reader(self._channel.fileno())
            self._loop.remove_writer(self._channel.fileno())
        self._channel.close()
        for file in self._files:
            file.abandon()

    def _send(self, message: bytes) -> None:
        try:
            sent = self._channel.send(message)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._over = True
            raise NeverAsked from error
        if sent < len(message) and self._loop is not None:
            self._unsent = memoryview(message)[sent:]
            self._loop.add_writer(self._channel.fileno(), self._writable)

    def _writable(self) -> None:
        try:
            self._unsent = self._unsent[self._channel.send(self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._unsent = memoryview(b"")
        if not self._unsent and self._loop is not None:
            self._loop.remove_writer(self._channel.fileno())

    def _readable(self) -> None:
        try:
            piece = self._channel.recv(RECEIVE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        asked = self._asked
        if not piece or asked is None:
            self._ended()  # what nobody asked for is no answer to the next question
        elif not asked.answered.done():
            # What comes after a query was given up is dropped: the worker is about to be killed.
            self._take_in(asked, piece)

    def _take_in(self, asked: _Asked, piece: bytes) -> None:
        try:
            for kind, payload in tuple(self._frames.feed(piece)):
                self._take(asked, kind, payload)
        except PeelgraphError as error:
            asked.answered.set_exception(error)
        except (ValueError, KeyError, struct.error) as error:
            asked.answered.set_exception(WorkerLost(f"an answer that is none: {error}"))

    def _take(self, asked: _Asked, kind: bytes, payload: bytes) -> None:
        if kind == wire.CHUNK:
            asked.pieces.add(payload)
        elif kind == wire.END:
            self._finish(asked, payload)
        else:
            fault = json.loads(payload)
            self.reusable = fault["kind"] != "memory"
            raise reported(fault, asked.limits)

    def _finish(self, asked: _Asked, payload: bytes) -> None:
        said = wire.summary_of(payload)
        self.reusable = said.fit
        body: bytes | Spooled
        if said.size:
            # Twice: what does not compress is a little larger in its coding.
            if asked.file is None or not 0 <= said.size <= 2 * asked.limits.result_bytes:
                raise ValueError("no file, or too much in it")
            body, size = asked.file.answer(said.size), said.size
        elif asked.pieces.size:
            asked.pieces.add(payload[wire.SUMMARY.size :])
            body, size = asked.pieces.body(), asked.pieces.size
        else:
            body = payload[wire.SUMMARY.size :]
            size = len(body)
        asked.answered.set_result(Found(body, size, said.coded, said.seconds))

    def _ended(self) -> None:
        """Stop listening, and say that the worker has ended."""
        self._over = True
        if self._loop is not None:
            self._loop.remove_reader(self._channel.fileno())
            self._loop.remove_writer(self._channel.fileno())
        if self._asked is None:
            if self._on_end is not None:
                self._on_end(self)
        elif not self._asked.answered.done():
            self._asked.answered.set_exception(WorkerLost())


def timed_out(limits: Limits) -> QueryTimeout:
    """Return the error of a query that ran past its deadline."""
    return QueryTimeout(
        f"the query ran longer than {limits.timeout:g} seconds and was stopped",
        action="make it more selective, or add a LIMIT",
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
    >>> syntax_error("error at 1:9: expected one of LATERAL, SERVICE").expected
    'LATERAL'
    >>> syntax_error("error at 1:30: expected one of Prefix not found, [_]").found
    'the query is not SPARQL: Prefix not found'
    """
    place, separator, rest = message.removeprefix("error at ").partition(": ")
    line, colon, column = place.partition(":")
    if not (separator and colon and line.isdigit() and column.isdigit()):
        return QuerySyntax(f"the query is not SPARQL: {message}")
    place = f"line {line}, column {column}"
    expected = rest.removeprefix("expected ").removeprefix("one of ")
    wanted = [each for each in WANTED.findall(expected) if each[0] not in "[<" and each != REFUSED]
    reasons = [each for each in wanted if REASON.match(each)]
    if reasons:
        return QuerySyntax(f"the query is not SPARQL: {'; '.join(reasons)}", place=place)
    return QuerySyntax("the query is not SPARQL", place=place, expected=_alternatives(wanted))


def _alternatives(wanted: list[str]) -> str:
    """Return the keywords and marks of *wanted* as a list."""
    return f"one of {', '.join(wanted)}" if len(wanted) > 1 else "".join(wanted)
