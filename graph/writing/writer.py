"""The writer of one data folder: takes changes from many threads, in turn and in batches.

Group commit: who comes while a batch runs waits, and all who waited make the next batch. It is
published once, and each is told what became of its own change when that is on disk.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.audit import ACCEPTED, Audit, Entry
from peelgraph.graph.confined.enclosure import Bounds as ParseBounds
from peelgraph.graph.confined.enclosure import Enclosure
from peelgraph.graph.errors import (
    DataBusy,
    PeelgraphError,
    QueryCrashed,
    RdfSyntaxError,
    kinds,
)
from peelgraph.graph.nquads import graph_of, triple_of
from peelgraph.graph.parsing import RDF, flat
from peelgraph.graph.settings import MEBIBYTE
from peelgraph.graph.tokens import told
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.link import Divide, ScribeLink, Stopped
from peelgraph.graph.writing.model import Change, Outcome, Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_TOGETHER: Final = 200  # changes of a batch
MOST_BYTES: Final = 64 * MEBIBYTE  # of a batch
ANSWER: Final = 1024 * MEBIBYTE
NAMELESS: Final = "urn:x-peelgraph:default"  # stands for the graph without a name while parsing
ANCESTORS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What writing may take.

    Args:
        memory: Bytes that a batch may use beyond the loaded version.
        seconds: To run and judge a batch.
        patience: Seconds that a change waits for its turn, and a batch for another process.
        waiting: Changes that may wait.
        held: Bytes up to which the current version is held in memory.
        keep: How many versions that writes have made are kept; 0 keeps all.
    """

    memory: int
    seconds: float
    patience: float
    waiting: int
    held: int
    keep: int


class _Slot:
    """A change that waits, and what became of it."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.result: Outcome | BaseException | None = None

    @property
    def done(self) -> bool:
        """Whether it has been carried out or refused."""
        return self.result is not None


class Writer:
    """Carries out changes; safe to call from many threads. Its process starts with the first."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self._data = DataFolder(folder)
        self._bounds = bounds
        self._turn = threading.Condition()
        self._waiting: list[_Slot] = []
        self._leading = False
        self._link: ScribeLink | None = None
        limits = ParseBounds(memory=bounds.memory, seconds=bounds.seconds, answer=ANSWER)
        self._parser = Enclosure(RDF, limits)

    def triples(  # noqa: PLR0913 - what an RDF parser has to be told
        self, content: bytes, syntax: str, *, graph: str | None, genid: str, base: str, place: str
    ) -> bytes:
        """Return what a stranger's RDF states of one graph as N-Triples without blank nodes.

        Raises:
            RdfSyntaxError: it does not parse, nests too deeply, or states another graph.
            ReadingStopped: it ended the process that parsed it, or ran over a limit.
        """
        name = graph or NAMELESS
        lines = self._parser.ask(
            content, place=place, syntax=syntax, graph=name, genid=genid, base=base
        )
        found = flat(lines, place).splitlines(keepends=True)
        if any(graph_of(line) != name for line in found):
            raise RdfSyntaxError(
                "the body names a graph of its own",
                place=place,
                expected="the triples of one graph",
                action="use /update to write to several graphs",
            )
        return b"".join(triple_of(line) for line in found)

    def write(self, change: Change) -> Outcome:
        """Carry out *change* and return what became of it, on disk when this returns.

        Raises:
            DataBusy: too many wait, or the turn did not come in time; nothing was changed.
            PeelgraphError: the change was refused; nothing was changed.
        """
        slot = _Slot(change)
        self._await_turn(slot)
        while not slot.done:
            batch = self._next_batch()
            try:
                self._carry_out(batch)
            finally:
                with self._turn:
                    self._leading = not slot.done
                    self._turn.notify_all()
        if isinstance(slot.result, Outcome):
            return slot.result
        raise slot.result or AssertionError

    def refuse(self, change: Change, error: PeelgraphError) -> None:
        """Write into the audit that *change* was refused before it came to the writer."""
        current = self._data.current().name
        self._audited(change, current, f"refused: {error.slug}")

    def close(self) -> None:
        """End the processes; what waits fails."""
        with self._turn:
            link, self._link = self._link, None
        if link is not None:
            link.close()
        self._parser.close()

    def _await_turn(self, slot: _Slot) -> None:
        """Wait until *slot* is done, or this thread is to lead the next batch."""
        deadline = time.monotonic() + self._bounds.patience
        with self._turn:
            if len(self._waiting) >= self._bounds.waiting:
                raise _busy("too many changes wait already")
            self._waiting.append(slot)
            # One that is being carried out is waited for: its end is not in doubt for long.
            while self._leading and not slot.done:
                waits = slot in self._waiting
                left = deadline - time.monotonic()
                if waits and left <= 0:
                    self._waiting.remove(slot)
                    raise _busy("the turn of this change did not come in time")
                self._turn.wait(left if waits else None)
            if not slot.done:
                self._leading = True

    def _next_batch(self) -> list[_Slot]:
        """Take those that wait longest; a conditional change begins a batch."""
        with self._turn:
            batch = [self._waiting.pop(0)]
            size = batch[0].change.size
            while self._waiting and len(batch) < MOST_TOGETHER:
                following = self._waiting[0].change
                size += following.size
                if following.conditional or size > MOST_BYTES:
                    break
                batch.append(self._waiting.pop(0))
            return batch

    def _carry_out(self, batch: list[_Slot]) -> None:
        try:
            results = self._together([slot.change for slot in batch])
        except BaseException as error:
            for slot in batch:
                slot.result = error
            raise
        for slot, result in zip(batch, results, strict=True):
            slot.result = result

    def _together(self, changes: list[Change]) -> list[Outcome | PeelgraphError]:
        try:
            return self._asked(changes)
        except Divide:
            return [self._alone(change) for change in changes]
        except Stopped as stopped:
            landed = self._landed(changes)
            if landed is not None:
                return landed
            if len(changes) > 1:
                return [self._alone(change) for change in changes]
            self._audited(changes[0], self._data.current().name, f"refused: {stopped.error.slug}")
            return [stopped.error]

    def _alone(self, change: Change) -> Outcome | PeelgraphError:
        return self._together([change])[0]

    def _asked(self, changes: list[Change]) -> list[Outcome | PeelgraphError]:
        bounds = self._bounds
        if self._link is None or self._link.process.poll() is not None:
            self._link = ScribeLink(self._data.path, bounds.held)
        task = Task(changes, bounds.memory, bounds.seconds, bounds.patience, bounds.keep)
        try:
            return self._link.carry_out(task)
        except Stopped:
            if self._link.process.poll() is not None:
                self._link = None
            raise

    def _landed(self, changes: list[Change]) -> list[Outcome | PeelgraphError] | None:
        """Return the outcomes of a batch that was published before its process ended."""
        requests = {change.request for change in changes}
        entries = {
            entry["request"]: entry
            for entry in Audit(self._data.path).entries()
            if entry.get("request") in requests
        }
        version = self._data.current()
        names = [version.name]
        while version.manifest.parent in self._data.names() and len(names) < ANCESTORS:
            version = self._data.version(version.manifest.parent)
            names.append(version.name)
        after = {entry["after"] for entry in entries.values() if entry["verdict"] == ACCEPTED}
        if entries.keys() != requests or not after or not after.issubset(names):
            return None
        return [_told_of(entries[change.request]) for change in changes]

    def _audited(self, change: Change, version: str, verdict: str) -> None:
        Audit(self._data.path).append(
            [
                Entry(
                    time=told(dt.datetime.now(dt.UTC)),
                    request=change.request,
                    token=change.token,
                    scope=change.scope,
                    route=change.route,
                    graph=change.graph or "",
                    body=change.body,
                    before=version,
                    after=version,
                    verdict=verdict,
                )
            ]
        )


def _told_of(entry: Mapping[str, Any]) -> Outcome | PeelgraphError:
    """Return what an entry of the audit says of a change, which is less than its process knew."""
    if entry["verdict"] == ACCEPTED:
        return Outcome(str(entry["after"]), published=True, created=False)
    slug = str(entry["verdict"]).rpartition(" ")[2]
    return kinds().get(slug, QueryCrashed)("the change was refused")


def _busy(found: str) -> DataBusy:
    return DataBusy(found, action="nothing was changed; try again in a moment")
