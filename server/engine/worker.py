"""A worker process: asks the store one question after another, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph

from peelgraph.graph.confined import sandbox
from peelgraph.server.engine import wire
from peelgraph.server.engine.coding import WORTH_CODING, coder
from peelgraph.server.engine.datasets import dataset
from peelgraph.server.engine.questions import unpacked
from peelgraph.server.engine.serialising import FormatCannotHold, write

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence
    from pathlib import Path

    from peelgraph.server.engine.coding import Coder
    from peelgraph.server.engine.questions import Question

# A worker whose memory stays this much of its limit larger than at its start is replaced.
KEEP_BELOW = 4


class AnswerTooLarge(Exception):
    """The answer grew past its byte limit; raised through the serialiser."""


class AnswerStream:
    """Takes what a serialiser writes, up to a byte limit: into a file once it is not small.

    Args:
        channel: Where the answer goes.
        limit: Bytes that it may have.
        file: A file for it, if there is one; otherwise it goes in frames of 64 KiB.
        coding: The content coding that was asked for, if any.
    """

    def __init__(
        self, channel: socket.socket, limit: int, file: int | None = None, coding: str = ""
    ) -> None:
        self._channel = channel
        self._limit = limit
        self._file = file
        self._coding = coding
        self._coder: Coder | None = None
        self._held = bytearray()
        self._total = 0
        self._spooled = 0
        self._began = time.process_time()

    def write(self, piece: bytes) -> int:
        """Take *piece*; called by the serialiser.

        Raises:
            AnswerTooLarge: The answer is now larger than its limit.
        """
        self._total += len(piece)
        if self._total > self._limit:
            raise AnswerTooLarge
        self._held += piece
        if len(self._held) >= wire.PIECE:
            self._move_on()
        return len(piece)

    def flush(self) -> None:
        """Do nothing: pieces leave when they are full, or at the end."""

    def end(self, *, fit: bool) -> None:
        """Send what is left together with the end frame, in one call."""
        if self._coder is None and self._coding and self._total >= WORTH_CODING:
            self._coder = coder(self._coding)
        if self._coder is not None:
            self._held = bytearray(self._coder.compress(bytes(self._held)) + self._coder.flush())
        if self._spooled:
            self._store(self._held)
            self._held.clear()
        seconds = time.process_time() - self._began
        summary = wire.Summary(fit, self._coder is not None, self._spooled, seconds)
        self._channel.sendall(wire.frame(wire.END, summary.pack() + self._held))

    def _move_on(self) -> None:
        """Send what is held on its way, coded if that was asked for."""
        if self._coding and self._coder is None:
            self._coder = coder(self._coding)
        piece: bytes | bytearray = self._held
        if self._coder is not None:
            piece = self._coder.compress(bytes(self._held))
        if self._file is not None:
            self._store(piece)
        elif piece:
            self._channel.sendall(wire.frame(wire.CHUNK, piece))
        self._held.clear()

    def _store(self, piece: bytes | bytearray) -> None:
        with memoryview(piece) as rest:
            done = 0
            while done < len(rest):
                done += os.pwrite(self._file or 0, rest[done:], self._spooled + done)
        self._spooled += len(piece)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a template holds for its workers.

    Args:
        store: The store in memory, or the folder of one on disk.
        merged: The store's own default graph is already the union of all graphs. The engine's
            union of its own gives a triple once for every graph that has it, which multiplies
            solutions; a graph is a set.
        alone: A store of that union alone. In the other one, what is looked up by subject,
            predicate or object is found once for each graph more.
        own: Where ``store`` is merged: what stands in the version's own default graph, or the
            folder of a store with that default graph.
    """

    store: pyoxigraph.Store | Path
    merged: bool = False
    alone: pyoxigraph.Store | None = None
    own: pyoxigraph.Store | Path | None = None


class Stores:
    """The stores of one worker.

    Args:
        holding: What the template holds.
        opened: Its ``store``.
    """

    def __init__(self, holding: Holding, opened: pyoxigraph.Store) -> None:
        self._opened = opened
        self._merged = holding.merged
        self._alone = holding.alone
        self._own = holding.own
        self._writable = opened is holding.store

    def answering(self, asked: Question) -> pyoxigraph.Store:
        """Return the store that answers *asked*, the fastest of those that can; tell it of that.

        Raises:
            OSError: A store on disk that is opened when first asked cannot be.
        """
        wants_union = asked.union
        asked.union = wants_union and not self._merged
        asked.writable = self._writable
        if asked.own_default and self._merged and self._own is not None:
            if not isinstance(self._own, pyoxigraph.Store):
                self._own = pyoxigraph.Store.read_only(os.fspath(self._own))
            return self._own
        dataset = asked.names_graphs or asked.default_graphs or asked.named_graphs
        return self._opened if self._alone is None or dataset or not wants_union else self._alone


def run_worker(channel: socket.socket, files: Sequence[int], holding: Holding, parent: int) -> None:
    """Answer the questions that come over *channel* until it closes.

    Args:
        channel: The only socket this process keeps.
        files: Descriptors of the files that large answers are written to.
        holding: What the template holds.
        parent: Process id of the template; this process ends with it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sandbox.die_with(parent)
    sandbox.no_core_files()
    try:
        opened = _sealed(holding.store)
    except OSError as error:
        channel.sendall(wire.frame(wire.HELLO, str(error).encode()))
        return
    failures: list[BaseException] = []

    def answer() -> None:
        try:
            _answer_all(channel, files, holding, opened)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            failures.append(error)

    # The C library gives a second thread memory of its own. In the main thread it would fill the
    # gaps that loading left all over the template's memory, and each write there copies a page.
    thread = threading.Thread(target=answer)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure


def _answer_all(
    channel: socket.socket, files: Sequence[int], holding: Holding, opened: pyoxigraph.Store
) -> None:
    """Answer one question after another until *channel* closes or this process is unfit."""
    meter = sandbox.Meter()
    if opened is holding.store:
        sandbox.no_new_files()
    stores = Stores(holding, opened)
    channel.sendall(wire.frame(wire.HELLO))
    while (message := wire.next_frame(channel)) is not None:
        if not _answer(channel, files, stores, unpacked(message[1]), meter):
            return


def _sealed(store: pyoxigraph.Store | Path) -> pyoxigraph.Store:
    """Install the filter and return the store; a disk store is opened behind the filter."""
    if isinstance(store, pyoxigraph.Store):
        if sandbox.can_filter():
            try:
                sandbox.refuse_system_calls()
            except OSError:
                # Some containers allow no filter; without descriptors no socket opens either.
                return store
        return store
    sandbox.refuse_system_calls()
    return pyoxigraph.Store.read_only(os.fspath(store))


def _answer(
    channel: socket.socket,
    files: Sequence[int],
    stores: Stores,
    asked: Question,
    meter: sandbox.Meter,
) -> bool:
    """Answer one question; return whether this process is fit for another."""
    meter.arm(asked.memory_bytes, asked.timeout)
    file = files[asked.file] if asked.file >= 0 else None
    stream = AnswerStream(channel, asked.result_bytes, file, asked.coding)
    try:
        _serialise(stores.answering(asked), asked, stream)
    except (SyntaxError, ValueError) as error:
        fault = {"kind": "syntax", "message": str(error)}
    except MemoryError:
        fault = {"kind": "memory", "message": ""}
    except AnswerTooLarge:
        fault = {"kind": "too-large", "message": ""}
    except FormatCannotHold as error:
        fault = {"kind": "format", "message": str(error)}
    except OSError as error:
        fault = {"kind": "outside", "message": str(error)}
    except RuntimeError as error:
        fault = {"kind": "evaluation", "message": str(error)}
    else:
        fit = meter.grown() * KEEP_BELOW < asked.memory_bytes
        stream.end(fit=fit)
        return fit
    channel.sendall(wire.frame(wire.FAULT, json.dumps(fault).encode()))
    return fault["kind"] != "memory"


def _serialise(store: pyoxigraph.Store, asked: Question, stream: AnswerStream) -> None:
    with dataset(store, asked) as (chosen, graphs):
        results = chosen.query(
            asked.text,
            base_iri=asked.base_iri,
            substitutions=dict(_bound(each) for each in asked.substitutions),
            **graphs,
        )
        write(results, asked.media_type, stream, asked.genid)


def _bound(given: tuple[str, str]) -> tuple[pyoxigraph.Variable, Any]:
    """Return a variable and its term, read from Turtle."""
    statement = f"[] a {given[1]} ."
    (triple,) = pyoxigraph.parse(statement, format=pyoxigraph.RdfFormat.TURTLE)
    return pyoxigraph.Variable(given[0]), triple.object
