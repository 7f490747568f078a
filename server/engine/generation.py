"""One source's template and workers: made together, drained together."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import PeelgraphError, QueryCrashed
from peelgraph.server.engine.interface import Answer
from peelgraph.server.engine.link import (
    WorkerLink,
    WorkerLost,
    out_of_memory,
    question,
    timed_out,
)
from peelgraph.server.engine.supervisor import Supervisor
from peelgraph.server.engine.template import OUT_OF_MEMORY
from peelgraph.server.engine.waiting import WaitingLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Caller, Limits, Query
    from peelgraph.server.engine.source import Source

DRAIN_POLL: Final = 0.05


class Generation:
    """A template over one source, with its workers and the line of requests before them.

    Args:
        source: What it serves.
        workers: How many workers it keeps.
        places: Requests that may wait.
        budget: MiB up to which the source is held in memory.
        union: Its default graph is the union of all graphs.
        replace: Called (from any thread) when a worker was lost and another is wanted.

    Raises:
        PeelgraphError: The source cannot be loaded.
        TemplateLost: The template ended while it loaded.
        WorkerLost: A worker ended before its first query.
    """

    def __init__(  # noqa: PLR0913 - the settings of one pool, by keyword
        self,
        source: Source,
        *,
        workers: int,
        places: int,
        budget: int,
        union: bool,
        replace: Callable[[Generation], None],
    ) -> None:
        self.source = source
        self.line: WaitingLine[WorkerLink] = WaitingLine(places)
        self.supervisor = Supervisor()
        self._replace = replace
        self._lock = threading.Lock()
        self._lent = 0
        try:
            loaded = self.supervisor.load(
                source, into_memory=source.fits(budget, union=union), union=union
            )
            self.held: str = loaded["held"]
            self.quads: int | None = source.quads if loaded["quads"] is None else loaded["quads"]
            for _ in range(workers):
                self.add_worker()
        except BaseException:
            self.close()
            raise

    @property
    def busy(self) -> int:
        """Workers that answer now."""
        return self._lent

    def add_worker(self) -> None:
        """Fork one worker more; nothing happens to it when the line has closed meanwhile."""
        link = self.supervisor.fork()
        if not self.line.put(link):
            link.close()

    def answer(
        self, query: Query, media_type: str, limits: Limits, caller: Caller, patience: float
    ) -> Answer:
        """Return the answer of one worker; see ``Engine.answer``.

        Raises:
            LineClosed: This generation lends no more workers.
            TemplateLost: The template ended, so its workers did.
            LimitError: The query was stopped, or nobody waits for its answer any more.
        """
        link = self._living_worker(patience)
        began = time.monotonic()
        try:
            spool = link.ask(question(query, media_type, limits), limits, caller.gone)
        except WorkerLost:
            status = self._bury(link)
            raise _why(status, limits) from None
        finally:
            self._return(link)
        seconds = time.monotonic() - began
        return Answer(media_type, spool.size, spool.body(), self.source.name, seconds)

    def _living_worker(self, patience: float) -> WorkerLink:
        while True:
            with self._lock:
                self._lent += 1
            try:
                link = self.line.borrow(patience)
            except BaseException:
                with self._lock:
                    self._lent -= 1
                raise
            if link.alive():
                return link
            try:
                self._bury(link)
            finally:
                self._return(link)

    def _bury(self, link: WorkerLink) -> int:
        link.reusable = False
        link.buried = True
        return self.supervisor.reap(link)

    def _return(self, link: WorkerLink) -> None:
        """Put a worker back, or end it and ask for another."""
        try:
            if link.reusable and self.line.put(link):
                return
            if not link.buried:
                self._bury(link)
            self._replace(self)
        finally:
            with self._lock:
                self._lent -= 1

    def drain(self, patience: float) -> None:
        """Lend nothing more, wait for the running queries, then close."""
        self._send_away()
        deadline = time.monotonic() + patience
        while self._lent and time.monotonic() < deadline:
            time.sleep(DRAIN_POLL)
        self.close()

    def close(self) -> None:
        """End the template and every worker at once."""
        self._send_away()
        self.supervisor.close()

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
