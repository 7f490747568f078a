"""The engine over a remote SPARQL 1.1 endpoint, behind the limits that the workers have."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from peelgraph.graph.errors import (
    CallerGone,
    EngineFault,
    EngineUnavailable,
    LimitError,
    NetworkError,
    PeelgraphError,
    QuerySyntax,
    ServerBusy,
)
from peelgraph.server.engine.interface import (
    ANYONE,
    CANNED,
    CANNED_TYPE,
    Answer,
    EngineStatus,
    Limits,
)
from peelgraph.server.engine.link import timed_out
from peelgraph.server.engine.loops import LoopCalls
from peelgraph.server.engine.paces import Paces
from peelgraph.server.engine.remote.link import Link, Question
from peelgraph.server.engine.waiting import LineClosed, WaitingLine, busy
from peelgraph.server.protocol.binding import base_declaration, bound, earlier_on_first_line

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Caller, Query
    from peelgraph.server.engine.remote.address import Remote
    from peelgraph.server.engine.spool import Collector

LOOK_UP: Final = 0.25
"""Seconds between two looks whether the caller is still there."""
FRESH: Final = 1.0
"""Seconds for which a look at the endpoint's health holds."""
CANNED_LIMITS: Final = Limits(2.0, 0, 4096)

logger = logging.getLogger(__name__)


class RemoteEngine:
    """Answers by asking another endpoint; has a version only if the operator names one.

    The limit of memory is the endpoint's own affair; those of time and size are kept here.

    Args:
        remote: The endpoint.
        workers: Queries that run there at once.
        places: Requests that may wait for one of these.
        patience: Seconds that a request waits.
        share: Queries of one caller that may run there at once; 0 for all.
        trust: Whose certificates are believed; the system's list unless given.
        loop: A running loop on which :meth:`ask` will be called, as for a pool of workers;
            without one the engine runs a loop of its own.
    """

    def __init__(  # noqa: PLR0913 - the settings of one engine, by keyword
        self,
        remote: Remote,
        *,
        workers: int = 4,
        places: int = 32,
        patience: float = 5.0,
        share: int = 0,
        trust: ssl.SSLContext | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._remote = remote
        self._workers = workers
        self._patience = patience
        self._paces = Paces()
        self._line: WaitingLine[Link] = WaitingLine(places, share, workers // 2, self._paces)
        self._looking = False
        self._calls = LoopCalls(loop)
        self._links = [Link(remote, trust) for _ in range(workers)]
        for link in self._links:
            self._calls.call(self._line.put, link)
        self._threads = ThreadPoolExecutor(workers + 1, "remote-engine")
        self._probe = Link(remote, trust)  # its own: health is asked while all others are busy
        self._probing = threading.Lock()
        self._probed = -FRESH
        self._ill: PeelgraphError | None = None
        self._counting = threading.Lock()
        self._stopped: collections.Counter[str] = collections.Counter()
        self._trouble = ""

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
        coding: str = "",  # noqa: ARG002 - what comes from the endpoint is handed on as it came
    ) -> Answer:
        """Return the whole answer; see ``LoopEngine.ask``."""
        form, declared = self._form(query, limits)
        came = time.monotonic()
        try:
            self._begin_to_look()
            link = await self._line.wait(caller, self._patience)
            began = time.monotonic()
            question = Question(form, media_type, limits)
            try:
                spool = await self._ask(link, question, caller.gone, partial(self._back, caller))
            finally:
                self._paces.note(caller.name, time.monotonic() - began)
                if caller.spent is not None:
                    caller.spent(time.monotonic() - began)
        except LineClosed:
            raise _stopping() from None
        except QuerySyntax as error:
            raise _in_the_text(error, query, declared) from None
        except (LimitError, NetworkError) as error:
            self._note(error)
            raise
        self._note(None)
        seconds = time.monotonic() - began
        version = self._remote.version
        return Answer(media_type, spool.size, spool.body(), version, seconds, began - came)

    def tag(self) -> str | None:
        """Return what the operator calls the data: as long as that stays, so do the answers."""
        return self._remote.version

    def version(self) -> str | None:
        """Return what the operator calls the data that is served, if anything."""
        return self._remote.version

    def ready(self) -> bool:
        """Return whether a canned query is answered; asked at most once a second."""
        with self._probing:
            if time.monotonic() - self._probed >= FRESH:
                self._ill = self._illness()
                self._probed = time.monotonic()
            return self._ill is None

    def greet(self) -> None:
        """Ask the canned query once.

        Raises:
            PeelgraphError: It is not answered; the place is the endpoint's address.
        """
        if not self.ready() and self._ill is not None:
            self._ill.place = self._remote.place
            self._ill.action = "check --engine, and PEELGRAPH_ENGINE_AUTHORIZATION if it needs one"
            raise self._ill

    def status(self) -> EngineStatus:
        """Return how many queries run there and wait here."""
        return EngineStatus(
            version=self._remote.version,
            held="remote",
            quads=None,
            workers=self._workers,
            busy=self._line.lent,
            waiting=self._line.waiting,
            stopped=dict(self._stopped),
        )

    def reload(self) -> None:
        """Look at the endpoint's health anew; it publishes its versions itself."""
        self._probed = -FRESH

    def await_version(self, name: str, seconds: float) -> bool:  # noqa: ARG002 - the engine's own
        """Return ``False``: what is written here does not come to the endpoint."""
        return False

    def close(self) -> None:
        """Close every connection; requests that wait or run fail. Not to be called on the loop."""
        self._calls.call(self._line.close)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for link in (*self._links, self._probe):
            link.close()
        self._calls.close()

    # how a question is asked

    def _form(self, query: Query, limits: Limits) -> tuple[bytes, str]:
        """Return the encoded form, and what was declared before the text."""
        declared = base_declaration(query.text, query.base_iri)
        parameters = [("query", declared + bound(query.text, query.substitutions))]
        parameters += [("default-graph-uri", iri) for iri in query.default_graphs]
        parameters += [("named-graph-uri", iri) for iri in query.named_graphs]
        if query.union and not (query.default_graphs or query.named_graphs):
            parameters += self._remote.union
        parameters += self._remote.deadline(limits.timeout)
        return urlencode(parameters).encode(), declared

    async def _ask(
        self,
        link: Link,
        question: Question,
        gone: Callable[[], bool] | None,
        after: Callable[[Link], None],
    ) -> Collector:
        """Return the answer by *link*, or stop waiting for it at the deadline or if nobody does.

        A thread asks, and *after* is called on the loop when it is done with the link.
        """
        try:
            running = self._threads.submit(link.ask, question)
        except RuntimeError:
            raise _stopping() from None
        running.add_done_callback(lambda _done: self._on_loop(after, link))
        try:
            return await self._awaited(running, question, gone)
        except BaseException:
            link.stop(question)
            running.add_done_callback(_drop)
            raise

    async def _awaited(
        self, running: Future[Collector], question: Question, gone: Callable[[], bool] | None
    ) -> Collector:
        done = asyncio.wrap_future(running)
        done.add_done_callback(_heard)
        while not done.done():
            try:
                left = question.left()
            except TimeoutError:
                break
            await asyncio.wait([done], timeout=left if gone is None else min(left, LOOK_UP))
            if gone is not None and not done.done() and gone():
                raise CallerGone("the caller broke the connection off and the query was stopped")
        if done.done():
            with contextlib.suppress(TimeoutError):
                return done.result()
        raise timed_out(question.limits)

    def _on_loop(self, after: Callable[[Link], None], link: Link) -> None:
        """Call *after* on the loop, from any thread; a loop that has ended needs no link."""
        with contextlib.suppress(RuntimeError):
            self._calls.loop.call_soon_threadsafe(after, link)

    def _back(self, caller: Caller, link: Link) -> None:
        self._line.give_back(caller.name)
        self._line.put(link)

    def _begin_to_look(self) -> None:
        if not self._looking:
            self._looking = True
            self._calls.loop.call_later(LOOK_UP, self._look)

    def _look(self) -> None:
        """Send those away who wait and have gone, again and again."""
        self._line.drop_gone()
        self._looking = False
        if self._line.waiting:
            self._begin_to_look()

    def _illness(self) -> PeelgraphError | None:
        form, _ = self._form(CANNED, CANNED_LIMITS)
        try:
            asked = Question(form, CANNED_TYPE, CANNED_LIMITS)
            asking = self._ask(self._probe, asked, None, lambda _link: None)
            with contextlib.closing(self._calls.wait(asking)):
                return None
        except PeelgraphError as error:
            self._note(error)
            return error

    def _note(self, error: PeelgraphError | None) -> None:
        """Count what stopped a query; log trouble with the endpoint when it is news."""
        if error is not None:
            with self._counting:
                self._stopped[error.slug] += 1
        if isinstance(error, EngineFault | EngineUnavailable):
            if error.found != self._trouble:
                logger.warning("%s: %s", self._remote.place, error.found)
            self._trouble = error.found
        elif error is None and self._trouble:
            logger.warning("%s: the remote engine answers again", self._remote.place)
            self._trouble = ""


def _stopping() -> ServerBusy:
    return busy("the service is stopping")


def _heard(done: asyncio.Future[Collector]) -> None:
    """Take note of how it ended, so that nobody is told that nobody did."""
    if not done.cancelled():
        done.exception()


def _drop(done: Future[Collector]) -> None:
    """Close an answer that came after nobody waited for it any more."""
    if not done.cancelled() and done.exception() is None:
        done.result().close()


def _in_the_text(error: QuerySyntax, query: Query, declared: str) -> QuerySyntax:
    """Return *error* with its place in the text as it was asked, where that can be told."""
    if query.substitutions:
        error.place = ""
    elif declared:
        error.place = earlier_on_first_line(error.place, len(declared))
    return error
