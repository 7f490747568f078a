"""The seam between the web process and whatever answers queries: workers or a remote endpoint."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from peelgraph.graph.settings import Settings

PIECE = 64 * 1024
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Query:
    """One query and the dataset it is asked over.

    Args:
        text: SPARQL, already checked for length, depth and forbidden keywords.
        default_graphs: Graphs that the protocol's ``default-graph-uri`` named.
        named_graphs: Graphs that the protocol's ``named-graph-uri`` named.
        own_graphs: The graphs that the query names itself, as Turtle, where their triples must
            be merged; see ``protocol.tokens``. The protocol's graphs take their place.
        union: The default graph is the union of all named graphs; only where neither the
            protocol nor the query's own FROM names a dataset.
        base_iri: What relative IRIs of the query are resolved against, if anything.
        substitutions: Variables and the Turtle terms that stand for them: the parameters of a
            saved query, which never become part of its text.
        names_graphs: The text may ask in which graph something is. One that does not is answered
            faster from a copy of the union alone.
        own_default: The default graph is the store's own, whatever the union of the others.
        genid: How the IRIs begin that a graph in answer shows as blank nodes; none if empty.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    own_graphs: str = ""
    union: bool = False
    base_iri: str | None = None
    substitutions: tuple[tuple[str, str], ...] = ()
    names_graphs: bool = True
    own_default: bool = False
    genid: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: wall seconds, bytes of memory, bytes of answer."""

    timeout: float
    memory_bytes: int
    result_bytes: int


def limits_of(settings: Settings) -> Limits:
    """Return what the operator lets every query use."""
    return Limits(settings.timeout, settings.memory * MEBIBYTE, settings.result_bytes)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Args:
        name: A name for fair shares.
        gone: Tells that they have gone away; asked often, so it must be quick.
        spent: Told what a worker has spent on the query, in seconds: processor time, or the
            whole time of a query that was stopped.
    """

    name: str = ""
    gone: Callable[[], bool] | None = None
    spent: Callable[[float], None] | None = None


ANYONE = Caller()
CANNED = Query("ASK {}")
"""What an engine is asked to see whether it answers; it does so in ``CANNED_TYPE``."""
CANNED_TYPE = "application/sparql-results+json"


class LargeBody(Protocol):
    """An answer that lies in a file, from its start; an open binary file is one."""

    def read(self, size: int = ..., /) -> bytes:
        """Return at most *size* bytes more."""
        ...

    def fileno(self) -> int:
        """Return the descriptor of the file, which is read by position alone."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(slots=True)
class Answer:
    """A whole answer: nothing of it is sent before all of it is here.

    Args:
        media_type: What the body is, as it was asked for.
        size: Bytes of the body.
        body: The bytes, or a file at position 0 when there are many.
        version: Name of the version that answered, if the engine has versions.
        seconds: Processor time that a worker spent on it.
        waited: Seconds that it waited for a worker.
        tag: Name of exactly the content that answered; see ``LoopEngine.tag``.
        coding: The content coding of the body, if any.
    """

    media_type: str
    size: int
    body: bytes | LargeBody
    version: str | None = None
    seconds: float = 0.0
    waited: float = 0.0
    tag: str | None = None
    coding: str = ""

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces of 64 KiB and close it."""
        if isinstance(self.body, bytes):
            yield self.body
        else:
            yield from pieces_of(self.body)

    def read(self) -> bytes:
        """Return the whole body as bytes and close it; there is never more than one copy."""
        if isinstance(self.body, bytes):
            return self.body
        try:
            return os.pread(self.body.fileno(), self.size, 0)
        finally:
            self.body.close()

    def close(self) -> None:
        """Let go of the temporary file, if there is one."""
        if not isinstance(self.body, bytes):
            self.body.close()


def pieces_of(body: LargeBody) -> Iterator[bytes]:
    """Yield a large body in pieces of 64 KiB and close it."""
    try:
        while piece := body.read(PIECE):
            yield piece
    finally:
        body.close()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """How an engine is doing, for ``/status`` and ``doctor``.

    Args:
        version: Name of the version that answers, if any.
        held: ``memory``, ``disk`` or ``remote``.
        quads: Quads of that version, where known.
        workers: Queries that can run at once.
        busy: Queries that run now.
        waiting: Queries that wait for a worker.
        stopped: How many queries were stopped, by slug of the reason.
        base: Base IRI of the version, where known.
        supervisor: Id of the process that workers are forked from, if there is one.
        loaded: Versions that were loaded to be served, the first included.
        restarts: How often that process was lost and started again.
        replaced: Workers forked in the place of others.
    """

    version: str | None
    held: str
    quads: int | None
    workers: int
    busy: int
    waiting: int
    stopped: Mapping[str, int] = field(default_factory=dict[str, int])
    base: str | None = None
    supervisor: int | None = None
    loaded: int = 0
    restarts: int = 0
    replaced: int = 0


class Engine(Protocol):
    """Answers queries under limits; safe to call from many threads."""

    def answer(
        self, query: Query, media_type: str, limits: Limits, caller: Caller = ANYONE
    ) -> Answer:
        """Return the whole answer in *media_type*.

        Raises:
            QueryError: The query is refused or is not SPARQL.
            LimitError: A limit of the query or of the engine was reached.
            VersionError: There is nothing to ask.
            NetworkError: A remote engine did not answer.
        """
        ...

    def version(self) -> str | None:
        """Return the name of the version that answers now; ``None`` where there is none."""
        ...

    def ready(self) -> bool:
        """Return whether a canned query is answered."""
        ...

    def status(self) -> EngineStatus:
        """Return how the engine is doing."""
        ...

    def reload(self) -> None:
        """Look at once whether there is a newer version to answer from."""
        ...

    def await_version(self, name: str, seconds: float) -> bool:
        """Return whether what *name* holds, published a moment ago, is answered from within time.

        A later version that holds it too will do.
        """
        ...

    def close(self) -> None:
        """End everything the engine started; further calls fail."""
        ...


@runtime_checkable
class LoopEngine(Engine, Protocol):
    """An engine that can also be asked on an event loop, and whose content has a name."""

    async def ask(
        self,
        query: Query,
        media_type: str,
        limits: Limits,
        caller: Caller = ANYONE,
        coding: str = "",
    ) -> Answer:
        """Return the whole answer, in *coding* where that is worth it; see ``Engine.answer``."""
        ...

    def tag(self) -> str | None:
        """Return a name of exactly the content that answers now.

        As long as it stays the same, so does every answer. ``None`` where nothing says so.
        """
        ...
