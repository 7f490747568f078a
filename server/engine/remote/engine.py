"""The engine over a remote SPARQL 1.1 endpoint, behind the limits that the workers have."""

from __future__ import annotations

import collections
import contextlib
import logging
import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
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
from peelgraph.server.engine.interface import ANYONE, Answer, EngineStatus, Limits, Query
from peelgraph.server.engine.link import timed_out
from peelgraph.server.engine.remote.link import Link, Question
from peelgraph.server.protocol.binding import base_declaration, bound, earlier_on_first_line

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from peelgraph.server.engine.interface import Caller
    from peelgraph.server.engine.remote.address import Remote
    from peelgraph.server.engine.spool import Collector

LOOK_UP: Final = 0.25
"""Seconds between two looks whether the caller is still there."""
FRESH: Final = 1.0
"""Seconds for which a look at the endpoint's health holds."""
CANNED: Final = Query("ASK {}")
CANNED_TYPE: Final = "application/sparql-results+json"
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
        trust: Whose certificates are believed; the system's list unless given.
    """

    def __init__(
        self,
        remote: Remote,
        *,
        workers: int = 4,
        places: int = 32,
        patience: float = 5.0,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._remote = remote
        self._workers = workers
        self._patience = patience
        self._places = places
        self._waiting = 0
        self._links = [Link(remote, trust) for _ in range(workers)]
        # The one that came back last is lent first: its connection is the likeliest to be open.
        self._idle: queue.LifoQueue[Link] = queue.LifoQueue()
        for link in self._links:
            self._idle.put(link)
        self._threads = ThreadPoolExecutor(workers + 1, "remote-engine")
        self._probe = Link(remote, trust)  # its own: health is asked while all others are busy
        self._probing = threading.Lock()
        self._probed = -FRESH
        self._ill: PeelgraphError | None = None
        self._counting = threading.Lock()
        self._busy = 0
        self._stopped: collections.Counter[str] = collections.Counter()
        self._trouble = ""

    # what the web process asks

    def answer(
        self, query: Query, media_type: str, limits: Limits, caller: Caller = ANYONE
    ) -> Answer:
        """Return the whole answer; see ``Engine.answer``."""
        form, declared = self._form(query, limits)
        try:
            link = self._borrow()
            began = time.monotonic()
            question = Question(form, media_type, limits)
            try:
                spool = self._ask(link, question, caller.gone, self._back)
            finally:
                if caller.spent is not None:
                    caller.spent(time.monotonic() - began)
        except QuerySyntax as error:
            raise _in_the_text(error, query, declared) from None
        except (LimitError, NetworkError) as error:
            self._note(error)
            raise
        self._note(None)
        seconds = time.monotonic() - began
        return Answer(media_type, spool.size, spool.body(), self._remote.version, seconds)

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
            busy=self._busy,
            waiting=self._waiting,
            stopped=dict(self._stopped),
        )

    def reload(self) -> None:
        """Look at the endpoint's health anew; it publishes its versions itself."""
        self._probed = -FRESH

    def await_version(self, name: str, seconds: float) -> bool:  # noqa: ARG002 - the engine's own
        """Return ``False``: what is written here does not come to the endpoint."""
        return False

    def close(self) -> None:
        """Close every connection; requests that wait or run fail."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for link in (*self._links, self._probe):
            link.close()

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

    def _ask(
        self,
        link: Link,
        question: Question,
        gone: Callable[[], bool] | None,
        after: Callable[[Link], None],
    ) -> Collector:
        """Return the answer by *link*, or stop waiting for it at the deadline or if nobody does."""
        try:
            running = self._threads.submit(link.ask, question)
        except RuntimeError:
            raise ServerBusy("the service is stopping", action="try again in a moment") from None
        running.add_done_callback(lambda _done: after(link))
        try:
            return self._awaited(running, question, gone)
        except BaseException:
            link.stop(question)
            running.add_done_callback(_drop)
            raise

    def _awaited(
        self, running: Future[Collector], question: Question, gone: Callable[[], bool] | None
    ) -> Collector:
        while not running.done():
            try:
                left = question.left()
            except TimeoutError:
                break
            wait([running], left if gone is None else min(left, LOOK_UP))
            if gone is not None and not running.done() and gone():
                raise CallerGone("the caller broke the connection off and the query was stopped")
        if running.done():
            try:
                return running.result()
            except TimeoutError:
                pass
        raise timed_out(question.limits)

    def _borrow(self) -> Link:
        """Return a connection that nobody uses, after at most the patience there is."""
        with contextlib.suppress(queue.Empty):
            return self._taken(self._idle.get_nowait())
        with self._counting:
            if self._waiting >= self._places:
                raise _busy("as many queries run as may, and the queue is full")
            self._waiting += 1
        try:
            return self._taken(self._idle.get(timeout=self._patience))
        except queue.Empty:
            raise _busy(f"no place came free in {self._patience:g} seconds") from None
        finally:
            with self._counting:
                self._waiting -= 1

    def _taken(self, link: Link) -> Link:
        with self._counting:
            self._busy += 1
        return link

    def _back(self, link: Link) -> None:
        with self._counting:
            self._busy -= 1
        self._idle.put(link)

    def _illness(self) -> PeelgraphError | None:
        form, _ = self._form(CANNED, CANNED_LIMITS)
        try:
            asked = Question(form, CANNED_TYPE, CANNED_LIMITS)
            with contextlib.closing(self._ask(self._probe, asked, None, lambda _link: None)):
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


def _busy(found: str) -> ServerBusy:
    return ServerBusy(found, action="try again in a moment")


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
