"""One source's template and workers: made together, drained together."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import PeelgraphError, QueryCrashed
from peelgraph.server.engine.interface import Answer
from peelgraph.server.engine.link import (
    NeverAsked,
    WorkerLink,
    WorkerLost,
    out_of_memory,
    timed_out,
)
from peelgraph.server.engine.paces import LONG, Paces
from peelgraph.server.engine.supervisor import Supervisor, TemplateLost
from peelgraph.server.engine.template import OUT_OF_MEMORY
from peelgraph.server.engine.waiting import WaitingLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Caller, Limits, Query
    from peelgraph.server.engine.link import Found
    from peelgraph.server.engine.loops import LoopCalls
    from peelgraph.server.engine.source import Source
    from peelgraph.server.engine.spool import Shelf

DRAIN_POLL: Final = 0.05
LOOK: Final = 0.05
"""Seconds between two looks at the deadlines of running queries and at who waits for them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What every generation of one pool has in common.

    Args:
        workers: How many workers it keeps.
        places: Requests that may wait.
        share: Workers that one caller may hold at a time; 0 for all.
        budget: MiB up to which the source is held in memory.
        union: Its default graph is the union of all graphs.
        paces: How clients ask.
    """

    workers: int
    places: int
    share: int
    budget: int
    union: bool
    paces: Paces = field(default_factory=Paces)

    @property
    def kept(self) -> int:
        """Workers that are kept from those who ask long queries, where others ask too."""
        return self.workers // 2


EARLY: Final = 1.0
"""Seconds within which a query whose worker was killed is asked again, once."""


class _Overtaken(Exception):
    """A long query makes room for quick ones and goes back into the line."""


class _KilledEarly(Exception):
    """Something else than the query killed its worker, as far as can be told: ask another."""


class Generation:
    """A template over one source, with its workers and the line of requests before them.

    Args:
        source: What it serves.
        shape: What every generation has.
        calls: The event loop that workers are asked on; this is made off that loop.
        shelf: What bounds all large answers together.
        replace: Called (from any thread) when a worker was lost and another is wanted.

    Raises:
        PeelgraphError: The source cannot be loaded.
        TemplateLost: The template ended while it loaded.
        WorkerLost: A worker ended before its first query.
    """

    def __init__(
        self,
        source: Source,
        shape: Shape,
        calls: LoopCalls,
        shelf: Shelf,
        replace: Callable[[Generation], None],
    ) -> None:
        self.source = source
        # A file may be another the next time it is loaded; a version may not.
        self.tag = source.name or f"file-{secrets.token_hex(8)}"
        self.line: WaitingLine[WorkerLink] = WaitingLine(
            shape.places, shape.share, shape.kept, shape.paces
        )
        self.supervisor = Supervisor()
        self._calls = calls
        self._shelf = shelf
        self._replace = replace
        self._asked: dict[WorkerLink, str] = {}
        self._paces = shape.paces
        self._long = shape.workers - shape.kept
        self._looking = False
        try:
            loaded = self.supervisor.load(
                source,
                into_memory=source.fits(shape.budget, union=shape.union),
                union=shape.union,
            )
            self.held: str = loaded["held"]
            self.quads: int | None = source.quads if loaded["quads"] is None else loaded["quads"]
            for _ in range(shape.workers):
                self.add_worker()
        except BaseException:
            self.close()
            raise

    def add_worker(self) -> None:
        """Fork one worker more; nothing happens to it when the line has closed meanwhile.

        Not to be called on the loop.
        """
        link = self.supervisor.fork(self._shelf)
        self._calls.call(self._admit, link)

    async def ask(  # noqa: PLR0913, PLR0917 - all that a query comes with
        self,
        query: Query,
        media_type: str,
        limits: Limits,
        caller: Caller,
        coding: str,
        patience: float,
    ) -> Answer:
        """Return the answer of one worker; see ``LoopEngine.ask``.

        Raises:
            LineClosed: This generation lends no more workers.
            TemplateLost: The template ended, so its workers did.
            LimitError: The query was stopped, or nobody waits for its answer any more.
        """
        came, again = time.monotonic(), True
        while True:
            self._begin_to_look()
            left = patience - (time.monotonic() - came)
            link = self.line.take(caller.name) or await self.line.wait(caller, left)
            began = time.monotonic()
            try:
                found = await self._ask(link, query, media_type, limits, caller, coding)
            except (NeverAsked, _Overtaken):
                continue
            except _KilledEarly:
                if not again:
                    raise out_of_memory(limits) from None
                again = False
                continue
            return Answer(
                media_type,
                found.size,
                found.body,
                self.source.name,
                found.seconds,
                began - came,
                self.tag,
                coding if found.coded else "",
            )

    async def _ask(  # noqa: PLR0913, PLR0917 - all that a query comes with
        self,
        link: WorkerLink,
        query: Query,
        media_type: str,
        limits: Limits,
        caller: Caller,
        coding: str,
    ) -> Found:
        """Return what one worker has found, and put it back."""
        self._asked[link] = caller.name
        began, spent, least = time.monotonic(), None, 0.0
        try:
            found = await link.ask(query, media_type, limits, caller.gone, coding)
            spent = found.seconds
        except NeverAsked:
            spent = 0.0
            raise
        except WorkerLost:
            least, lasted = LONG, time.monotonic() - began  # the next worker has to be made
            link.close()
            status = await self._calls.loop.run_in_executor(None, self.supervisor.reap, link)
            # A query's own need of memory ends in an abort; this signal came from outside.
            if lasted < EARLY and os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
                raise _KilledEarly from None
            raise _why(status, limits) from None
        else:
            return found
        finally:
            del self._asked[link]
            cost = time.monotonic() - began if spent is None else spent
            self._paces.note(caller.name, max(cost, least))
            self._return(link, caller.name)
            if caller.spent is not None:
                caller.spent(cost)

    def drain(self, patience: float) -> None:
        """Lend nothing more, wait for the running queries, then close; not on the loop."""
        self._calls.call(self._send_away)
        deadline = time.monotonic() + patience
        while self.line.lent and time.monotonic() < deadline:
            time.sleep(DRAIN_POLL)
        self.close()

    def close(self) -> None:
        """End the template and every worker at once; not to be called on the loop."""
        self._calls.call(self._send_away)
        self.supervisor.close()

    def _admit(self, link: WorkerLink) -> None:
        link.attach(self._calls.loop, self._idle_ended)
        if not self.line.put(link):
            link.close()

    def _idle_ended(self, link: WorkerLink) -> None:
        """Replace a worker that ended while nothing was asked of it."""
        if self.line.discard(link):
            self._dismiss(link)

    def _return(self, link: WorkerLink, client: str) -> None:
        """Put a worker back, or end it and ask for another."""
        self.line.give_back(client)
        if not (link.reusable and self.line.put(link)):
            self._dismiss(link)

    def _dismiss(self, link: WorkerLink) -> None:
        """End a worker and ask for another, in the background: nobody waits for that."""
        link.close()
        self._calls.loop.run_in_executor(None, self._end, link)

    def _end(self, link: WorkerLink) -> None:
        # A template that is gone has taken its workers along.
        with contextlib.suppress(TemplateLost):
            self.supervisor.reap(link)
        self._replace(self)

    def _begin_to_look(self) -> None:
        if not self._looking:
            self._looking = True
            self._calls.loop.call_later(LOOK, self._look)

    def _look(self) -> None:
        """Stop queries whose time is over or whose caller has gone, again and again."""
        now = self._calls.loop.time()
        for link in self._asked:
            link.look(now)
        self.line.drop_gone()
        if self.line.quick_waits():
            self._make_room(now)
        self._looking = bool(self._asked or self.line.waiting)
        if self._looking:
            self._calls.loop.call_later(LOOK, self._look)

    def _make_room(self, now: float) -> None:
        """Put the long query back into the line that began last, if there are too many of them.

        Those of clients that have asked long ones before go first.
        """
        running = {link: link.running(now) for link in self._asked}
        long = [link for link, seconds in running.items() if seconds >= LONG]
        if len(long) > self._long:
            chosen = max(long, key=lambda each: (self._paces.of(self._asked[each]), -running[each]))
            chosen.interrupt(_Overtaken())

    def _send_away(self) -> None:
        for link in self.line.close():
            link.close()


def _why(status: int, limits: Limits) -> PeelgraphError:
    """Return the error for a worker that ended with wait *status*."""
    code = os.waitstatus_to_exitcode(status)
    if code in {-signal.SIGABRT, -signal.SIGKILL, OUT_OF_MEMORY}:
        # The engine aborts when an allocation fails; the kernel kills when the machine is full.
        return out_of_memory(limits)
    if code == -signal.SIGXCPU:
        return timed_out(limits)
    return QueryCrashed(
        "the query ended the process that ran it, as very deep nesting does",
        action="nest less, or split the query",
    )
