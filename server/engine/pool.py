"""The engine that is used by default: a pool of worker processes over the current version."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import (
    LimitError,
    PeelgraphError,
    ServerBusy,
    VersionError,
)
from peelgraph.server.engine.generation import Generation, Shape
from peelgraph.server.engine.interface import ANYONE, CANNED, CANNED_TYPE, EngineStatus, Limits
from peelgraph.server.engine.link import WorkerLost
from peelgraph.server.engine.loops import LoopCalls
from peelgraph.server.engine.refusals import Refusals
from peelgraph.server.engine.spool import Shelf
from peelgraph.server.engine.supervisor import TemplateLost
from peelgraph.server.engine.waiting import LineClosed

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Answer, Caller, Query
    from peelgraph.server.engine.source import Source

LOOK: Final = 0.2
"""Seconds between two looks at the pointer to the current version."""
RETRIES: Final = 5
END_PATIENCE: Final = 15.0
DRAIN_PATIENCE: Final = 600.0
"""Longer than any query may run; each of them has its own deadline."""
RESTART_PAUSE: Final = 1.0
CANNED_LIMITS: Final = Limits(2.0, 256 * 1024 * 1024, 1024)

logger = logging.getLogger(__name__)


class WorkerPool:
    """Answers from worker processes, follows the current version, survives its processes.

    Args:
        locate: Returns the source to serve now; called a few times a second.
        workers: Worker processes.
        places: Requests that may wait for one.
        patience: Seconds that a request waits for one in all, be it over a restart.
        budget: MiB up to which a version is held in memory.
        union: The default graph is the union of all graphs; a version in memory then holds that
            union, and queries get it whether or not they say ``union``.
        share: Workers that one caller may hold at a time; 0 for all.
        loop: A running loop on which :meth:`ask` will be called, in another thread than the
            one that makes and closes the pool; without one the pool runs a loop of its own.

    Raises:
        PeelgraphError: The first source cannot be found or loaded.
    """

    def __init__(  # noqa: PLR0913 - the settings of one pool, by keyword
        self,
        locate: Callable[[], Source],
        *,
        workers: int = 4,
        places: int = 32,
        patience: float = 5.0,
        budget: int = 2048,
        union: bool = True,
        share: int = 0,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._locate = locate
        self._patience = patience
        self._shape = Shape(workers, places, share, budget, union)
        self._calls = LoopCalls(loop)
        self._shelf = Shelf()
        self._stopped: collections.Counter[str] = collections.Counter()
        self._installing = threading.Lock()
        self._changed = asyncio.Event()
        self._wanting: queue.SimpleQueue[Generation | None] = queue.SimpleQueue()
        self._lost: queue.SimpleQueue[Generation | None] = queue.SimpleQueue()
        self._draining: list[Generation] = []
        self._drains: list[threading.Thread] = []
        self._closing = False
        self._loaded, self._restarts, self._replaced = 1, 0, 0
        self._refusals = Refusals()
        self._following = threading.Condition()
        self._followed = 0.0  # when the pointer was read of what answers now
        self._trouble = ""  # why no query can be answered, as it was logged last
        try:
            self._current = self._first()
        except BaseException:
            self._calls.close()
            raise
        # Two threads: a version may load for minutes, and workers are replaced meanwhile.
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), name=name, daemon=True)
            for name, step in (("pool-keeper", self._keep), ("pool-loader", self._look))
        ]
        for thread in self._threads:
            thread.start()

    # what the web process asks

    def answer(
        self, query: Query, media_type: str, limits: Limits, caller: Caller = ANYONE
    ) -> Answer:
        """Return the whole answer; see ``Engine.answer``. Not to be called on the loop."""
        return self._calls.wait(self.ask(query, media_type, limits, caller))

    async def ask(
        self,
        query: Query,
        media_type: str,
        limits: Limits,
        caller: Caller = ANYONE,
        coding: str = "",
    ) -> Answer:
        """Return the whole answer; see ``LoopEngine.ask``."""
        left = self._patience
        for _ in range(RETRIES):
            generation, began = self._current, time.monotonic()
            try:
                return await generation.ask(query, media_type, limits, caller, coding, left)
            except LimitError as error:
                self._count(error.slug)
                raise
            except LineClosed:
                left -= time.monotonic() - began
            except TemplateLost:
                # Not the query's doing: its worker went with the template. Reads may be retried.
                self._lost.put(generation)
            left = await self._await_other_than(generation, left)
        raise self._restarting()

    def tag(self) -> str | None:
        """Return a name of exactly the content that answers now."""
        return self._current.tag

    def version(self) -> str | None:
        """Return the name of the version that answers now."""
        return self._current.source.name

    def ready(self) -> bool:
        """Return whether a canned query is answered, and workers that end are replaced."""
        if not all(thread.is_alive() for thread in self._threads):
            return False
        if self._current.supervisor.ended():
            return False  # known at once; a request would wait for the restart
        try:
            answer = self.answer(CANNED, CANNED_TYPE, CANNED_LIMITS)
        except PeelgraphError:
            return False
        answer.close()
        return True

    def status(self) -> EngineStatus:
        """Return how the pool is doing."""
        generation = self._current
        return EngineStatus(
            version=generation.source.name,
            held=generation.held,
            quads=generation.quads,
            workers=self._shape.workers,
            busy=generation.line.lent,
            waiting=generation.line.waiting,
            stopped=dict(self._stopped),
            base=generation.source.base,
            supervisor=generation.supervisor.pid,
            loaded=self._loaded,
            restarts=self._restarts,
            replaced=self._replaced,
        )

    def reload(self) -> None:
        """Look for a newer version now, in the background."""
        self._refusals.try_now()
        self._lost.put(None)

    def await_version(self, name: str, seconds: float) -> bool:
        """Return whether *name*, or what was published after it, answers within *seconds*."""
        asked = time.monotonic()
        if self._current.source.name != name:
            self.reload()
        with self._following:
            return self._following.wait_for(
                lambda: self._current.source.name == name or self._followed > asked, seconds
            )

    def close(self) -> None:
        """End every process of the pool; waiting requests fail."""
        self._closing = True
        self._wanting.put(None)
        self._lost.put(None)
        self._calls.call(self._tell_changed)
        for thread in self._threads:
            thread.join(END_PATIENCE)
        for generation in (self._current, *self._draining):
            generation.close()
        for drain in self._drains:  # they end with their generations, and need the loop for it
            drain.join(END_PATIENCE)
        self._calls.close()

    # what the two threads do

    def _repeat(self, step: Callable[[], None]) -> None:
        while not self._closing:
            try:
                step()
            except Exception:
                # Whatever it was: without this thread the pool starves. Logged with its trace.
                logger.exception("the pool could not look after itself; it will try again")
                time.sleep(RESTART_PAUSE)

    def _keep(self) -> None:
        """Replace a lost worker when there is one."""
        generation = self._wanting.get()
        if generation is not None:
            self._fork_into(generation)

    def _look(self) -> None:
        """Restart an ended template; swap generations when there is another source."""
        try:
            lost = self._lost.get(timeout=LOOK)
        except queue.Empty:
            lost = None
        current = self._current
        if current is lost or current.supervisor.ended():
            self._restart(current)
            return
        looked = time.monotonic()
        try:
            source = self._locate()
        except PeelgraphError:
            return  # a pointer that is gone or being replaced: go on with what is served
        if source == current.source:
            self._refusals.accept(source)
        elif not self._refusals.blocks(source):
            self._swap(source)
        if self._current.source == source:
            with self._following:
                self._followed = looked
                self._following.notify_all()

    def _swap(self, source: Source) -> None:
        try:
            fresh = self._generation(source)
        except (PeelgraphError, TemplateLost, WorkerLost, OSError) as error:
            self._refusals.refuse(source, error)
            return
        self._refusals.accept(source)
        self._loaded += 1
        self._install(fresh)

    def _restart(self, lost: Generation) -> None:
        """Put a new generation in the place of one whose template ended."""
        if self._closing:
            return
        lost.close()
        if not self._trouble:
            logger.warning("the template process ended; starting another")
        failures: list[str] = []
        for source in self._candidates(lost.source):
            try:
                fresh = self._generation(source)
            except (PeelgraphError, TemplateLost, WorkerLost, OSError) as error:
                failures.append(f"{source.name or source.rdf_file}: {str(error) or 'it ended'}")
                continue
            if self._trouble:
                logger.warning("queries are answered again")
            self._trouble = ""
            self._restarts += 1
            self._install(fresh)
            return
        trouble = "; ".join(failures)
        if trouble != self._trouble:
            logger.warning("nothing can be served, and is tried again: %s", trouble)
        self._trouble = trouble
        time.sleep(RESTART_PAUSE)

    def _candidates(self, lost: Source) -> list[Source]:
        """Return what to serve after an outage, best first: the current version, the last one.

        The last one may have been removed meanwhile; the current one may have been refused.
        """
        try:
            current = self._locate()
        except PeelgraphError:
            return [lost]
        if current == lost:
            return [lost]
        return [lost, current] if self._refusals.blocks(current) else [current, lost]

    def _install(self, fresh: Generation) -> None:
        with self._installing:
            if self._closing:
                fresh.close()
                return
            old, self._current = self._current, fresh
            self._draining.append(old)
        self._calls.call(self._tell_changed)
        drain = threading.Thread(target=self._drain, args=(old,), name="pool-drain", daemon=True)
        self._drains[:] = [each for each in self._drains if each.is_alive()]
        self._drains.append(drain)
        drain.start()

    def _drain(self, old: Generation) -> None:
        old.drain(DRAIN_PATIENCE)
        self._draining.remove(old)

    def _replace(self, generation: Generation) -> None:
        """Have the keeper fork another worker for *generation*."""
        self._wanting.put(generation)

    def _fork_into(self, generation: Generation) -> None:
        if generation is not self._current:
            return
        try:
            generation.add_worker()
            self._replaced += 1
        except TemplateLost:
            self._lost.put(generation)
        except (WorkerLost, PeelgraphError, OSError) as error:
            logger.warning("a worker did not start: %s", error)
            time.sleep(RESTART_PAUSE)
            self._replace(generation)

    # small parts

    def _first(self) -> Generation:
        try:
            return self._generation(self._locate())
        except (TemplateLost, WorkerLost) as error:
            raise VersionError(
                "the query workers do not start", action="run `peelgraph doctor`"
            ) from error

    def _generation(self, source: Source) -> Generation:
        return Generation(source, self._shape, self._calls, self._shelf, self._replace)

    def _tell_changed(self) -> None:
        """Wake those who wait for another generation; on the loop."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _await_other_than(self, generation: Generation, patience: float) -> float:
        """Wait for another generation; return how much of *patience* is left.

        Raises:
            ServerBusy: There was none in time.
            VersionError: The pool is being closed.
        """
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(patience, 0)):
                while self._current is generation and not self._closing:
                    await self._changed.wait()
        if self._closing:
            raise VersionError("the service is ending")
        if self._current is generation:
            raise self._restarting()
        return max(patience - (time.monotonic() - began), 0)

    def _count(self, slug: str) -> None:
        self._stopped[slug] += 1

    def _restarting(self) -> ServerBusy:
        self._count("unavailable")
        return ServerBusy("the query workers are restarting", action="try again in a moment")
