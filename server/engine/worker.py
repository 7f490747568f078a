"""A worker process: asks the store one question after another, and nothing else."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph

from peelgraph.graph.confined import sandbox
from peelgraph.server.engine import wire
from peelgraph.server.engine.datasets import dataset
from peelgraph.server.engine.serialising import FormatCannotHold, write

if TYPE_CHECKING:
    import socket
    from pathlib import Path

# A worker whose memory stays this much of its limit larger than at its start is replaced.
KEEP_BELOW = 4


class AnswerTooLarge(Exception):
    """The answer grew past its byte limit; raised through the serialiser."""


class AnswerStream:
    """Sends what a serialiser writes in frames of 64 KiB, up to a byte limit."""

    def __init__(self, channel: socket.socket, limit: int) -> None:
        self._channel = channel
        self._limit = limit
        self._held = bytearray()
        self._total = 0

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
            self._channel.sendall(wire.frame(wire.CHUNK, self._held))
            self._held.clear()
        return len(piece)

    def flush(self) -> None:
        """Do nothing: pieces leave when they are full, or at the end."""

    def end(self, last: bytes) -> None:
        """Send what is left together with the end frame, in one call."""
        rest = wire.frame(wire.CHUNK, self._held) if self._held else b""
        self._channel.sendall(rest + wire.frame(wire.END, last))


@dataclass(frozen=True, slots=True)
class Holding:
    """What a template holds for its workers.

    Args:
        store: The store in memory, or the folder of one on disk.
        merged: The store's own default graph is already the union of all graphs. The engine's
            union of its own gives a triple once for every graph that has it, which multiplies
            solutions; a graph is a set.
        own: What stands in the version's own default graph, where ``store`` is merged.
    """

    store: pyoxigraph.Store | Path
    merged: bool = False
    own: pyoxigraph.Store | None = None


def run_worker(channel: socket.socket, holding: Holding, parent: int) -> None:
    """Answer the questions that come over *channel* until it closes.

    Args:
        channel: The only descriptor this process keeps.
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
    meter = sandbox.Meter()
    if opened is holding.store:
        sandbox.no_new_files()
    channel.sendall(wire.frame(wire.HELLO))
    while (message := wire.next_frame(channel)) is not None:
        asked = json.loads(message[1])
        asked["union"] = asked["union"] and not holding.merged
        asked["writable"] = opened is holding.store
        own = holding.own if asked["own_default"] and holding.merged else None
        if not _answer(channel, opened if own is None else own, asked, meter):
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
    channel: socket.socket, store: pyoxigraph.Store, asked: dict[str, Any], meter: sandbox.Meter
) -> bool:
    """Answer one question; return whether this process is fit for another."""
    meter.arm(asked["memory_bytes"], asked["timeout"])
    stream = AnswerStream(channel, asked["result_bytes"])
    try:
        _serialise(store, asked, stream)
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
        fit = meter.grown() * KEEP_BELOW < int(asked["memory_bytes"])
        stream.end(b"" if fit else b"last")
        return fit
    channel.sendall(wire.frame(wire.FAULT, json.dumps(fault).encode()))
    return fault["kind"] != "memory"


def _serialise(store: pyoxigraph.Store, asked: dict[str, Any], stream: AnswerStream) -> None:
    with dataset(store, asked, writable=asked["writable"]) as (chosen, graphs):
        results = chosen.query(
            asked["text"],
            base_iri=asked["base_iri"],
            substitutions=dict(_bound(each) for each in asked["substitutions"]),
            **graphs,
        )
        write(results, asked["media_type"], stream, asked["genid"])


def _bound(given: list[str]) -> tuple[pyoxigraph.Variable, Any]:
    """Return a variable and its term, read from Turtle."""
    statement = f"[] a {given[1]} ."
    (triple,) = pyoxigraph.parse(statement, format=pyoxigraph.RdfFormat.TURTLE)
    return pyoxigraph.Variable(given[0]), triple.object
