"""The way of a SPARQL request: decoded, checked, negotiated, looked up, asked, worded."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import CallerGone, PeelgraphError, QuerySyntax, ServerBusy
from peelgraph.server.answering.budgets import Budgets
from peelgraph.server.answering.kept import KeptAnswers, shares
from peelgraph.server.answering.reply import Reply
from peelgraph.server.engine.interface import Caller, LoopEngine, Query, limits_of
from peelgraph.server.logs.note import Note
from peelgraph.server.protocol.coding import choose_coding
from peelgraph.server.protocol.conditions import entity_tag, is_known
from peelgraph.server.protocol.negotiation import (
    GRAPHS,
    N_TRIPLES,
    SOLUTIONS,
    TSV,
    choose,
    prefers_html,
)
from peelgraph.server.protocol.problems import occurrence, problem_of, problem_type
from peelgraph.server.protocol.request import decode
from peelgraph.server.protocol.syntax import explained
from peelgraph.server.protocol.tokens import FORM_NAMES, outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.settings import Settings
    from peelgraph.server.counters import Counters
    from peelgraph.server.engine.interface import Answer, Engine
    from peelgraph.server.protocol.problems import Problem
    from peelgraph.server.protocol.tokens import Outline

NOTEWORTHY: Final = 0.001
"""Seconds before a worker from which a request counts as one that has waited."""
LONG_TEXT: Final = 32 * 1024
"""Characters of a query from which reading it holds others up; the loop reads none so long."""
REVALIDATE: Final = "public, no-cache"
"""Anyone may keep an answer, and asks whether it still holds before using it: that is cheap."""


@dataclass(slots=True)
class Incoming:
    """What of an HTTP request decides its answer.

    Args:
        method: GET, HEAD or POST.
        query_string: The address after ``?``, undecoded.
        content_type: The ``Content-Type`` header; as all others, empty where there is none.
        body: The whole body.
        accept: The ``Accept`` header.
        accept_encoding: The ``Accept-Encoding`` header; empty too where codings are not offered.
        if_none_match: The ``If-None-Match`` header.
        address: The address asked, without the query string.
        client: Address of who asks.
        gone: Tells whether the connection is broken.
        note: Where it is noted what was asked and how it was answered.
    """

    method: str
    query_string: bytes
    content_type: str
    body: bytes
    accept: str
    accept_encoding: str
    if_none_match: str
    address: str
    client: str = ""
    gone: Callable[[], bool] | None = None
    note: Note = field(default_factory=Note)


@dataclass(slots=True)
class Prepared:
    """A query that may be asked, and how its answer is to be worded.

    Args:
        query: The query.
        media_type: What the engine is to write.
        content_type: What the client is told that this is.
        coding: The content coding, if any.
        known: What is known of the text.
        page: A browser asks, so that the answer is shown as a page.
        incoming: The request.
    """

    query: Query
    media_type: str
    content_type: str
    coding: str
    known: Outline
    page: bool
    incoming: Incoming
    _etags: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def lasting(self) -> bool:
        """Whether the same content gives the same answer: nothing depends on time or chance."""
        return not self.known.volatile

    def etag(self, tag: str) -> str:
        """Return the name of the answer that the content *tag* gives."""
        known = self._etags.get(tag)
        if known is None:
            known = self._etags[tag] = self._etag(tag)
        return known

    def _etag(self, tag: str) -> str:
        query = self.query
        return entity_tag(
            (
                tag,
                query.text,
                query.base_iri or "",
                self.content_type,
                self.coding,
                str(len(query.default_graphs)),
                *query.default_graphs,
                *query.named_graphs,
                *[f"{name}={term}" for name, term in query.substitutions],
            )
        )


class Desk:
    """Answers SPARQL requests for one application, under its settings.

    Args:
        settings: All settings.
        engine: What answers queries.
        counters: Where things are counted.
    """

    def __init__(self, settings: Settings, engine: Engine, counters: Counters) -> None:
        self.counters = counters
        self._settings = settings
        self._engine = engine
        self._tag = engine.tag if isinstance(engine, LoopEngine) else engine.version
        self.kept: KeptAnswers[Reply] = KeptAnswers(shares(settings.cache_bytes)[0])
        self.budgets = Budgets(settings.client_seconds, settings.client_errors)
        self._reading_long = threading.Lock()
        self.limits = limits_of(settings)

    def tag(self) -> str | None:
        """Return the name of exactly the content that answers now, if it has one."""
        return self._tag()

    def prepare(self, incoming: Incoming) -> Prepared | None:
        """Return the query of a request; ``None`` where it holds none.

        Raises:
            RequestError: The request is none that the protocol knows.
            QueryError: The query is refused.
            ClientLimit: It is long, and the client has used up a budget.
        """
        settings = self._settings
        asked = decode(
            incoming.method,
            incoming.query_string,
            incoming.content_type,
            incoming.body,
            settings.query_bytes,
        )
        if asked.text is None:
            return None
        incoming.note.query = asked.text
        known = self._outline(asked.text, incoming.client)
        if known.is_update:
            raise QuerySyntax("this is an update, not a query", expected=FORM_NAMES)
        page = "html" in incoming.accept and prefers_html(incoming.accept)
        media_type, content_type = ("", "") if page else _format(incoming.accept, known)
        query = Query(
            asked.text,
            asked.default_graphs,
            asked.named_graphs,
            union=settings.default_graph == "union" and not known.own_dataset,
            base_iri=incoming.address,
            own_graphs=known.own_graphs,
            names_graphs=known.names_graphs,
        )
        coding = choose_coding(incoming.accept_encoding)
        return Prepared(
            query, media_type or page_type(known), content_type, coding, known, page, incoming
        )

    def _outline(self, text: str, client: str) -> Outline:
        """Read *text*: a long one only within its client's budgets, and one at a time.

        Threads that read several would leave the loop a fraction of the processor.
        """
        if len(text) <= LONG_TEXT:
            return outline(text, self._settings.query_depth)
        self.budgets.admit(client)
        with self._reading_long:
            return outline(text, self._settings.query_depth)

    def known(self, prepared: Prepared) -> Reply | None:
        """Return the reply that needs no worker: not modified, or answered before."""
        tag = self.tag()
        if tag is None or not prepared.lasting:
            return None
        note = prepared.incoming.note
        note.version = tag
        etag = prepared.etag(tag)
        if is_known(prepared.incoming.if_none_match, etag):
            note.cache = "not-modified"
            self.counters.add("cache", note.cache)
            return Reply(304, (("ETag", etag), ("Cache-Control", REVALIDATE)), b"", 0, tag)
        found = self.kept.get(tag, etag)
        note.cache = "miss" if found is None else "hit"
        self.counters.add("cache", note.cache)
        return found

    def ask(self, prepared: Prepared) -> Answer:
        """Return the engine's answer, waiting for it in this thread.

        Raises:
            QueryError: The query is refused.
            LimitError: A limit of the query, the client or the engine was reached.
        """
        self.budgets.admit(prepared.incoming.client)
        return self._engine.answer(
            prepared.query, prepared.media_type, self.limits, self._caller(prepared)
        )

    async def ask_on_loop(self, engine: LoopEngine, prepared: Prepared) -> Answer:
        """Return the engine's answer, coded as the client likes it; see :meth:`ask`."""
        self.budgets.admit(prepared.incoming.client)
        return await engine.ask(
            prepared.query,
            prepared.media_type,
            self.limits,
            self._caller(prepared),
            prepared.coding,
        )

    def finish(self, prepared: Prepared, answer: Answer) -> Reply:
        """Return the reply that brings *answer*; it is kept if it may be asked for again."""
        tag = answer.tag or answer.version
        prepared.incoming.note.version = answer.version or tag or ""
        if answer.waited > NOTEWORTHY:
            self.counters.add("queue-waits")
            self.counters.add("queue-seconds", amount=answer.waited)
        headers = [("Content-Type", prepared.content_type)]
        if answer.coding:
            headers.append(("Content-Encoding", answer.coding))
        if tag is None or not prepared.lasting:
            headers.append(("Cache-Control", "no-cache" if prepared.lasting else "no-store"))
            return Reply(200, tuple(headers), answer.body, answer.size)
        etag = prepared.etag(tag)
        headers += [("ETag", etag), ("Cache-Control", REVALIDATE)]
        if answer.size > self.kept.largest:
            return Reply(200, tuple(headers), answer.body, answer.size)
        named, body = tuple(headers), answer.read()
        # Only under the content that has answered: another may have come meanwhile.
        kept = Reply(200, named, body, answer.size, tag)
        self.kept.put(tag, etag, kept, answer.size + len(etag))
        return Reply(200, named, body, answer.size)

    def why(self, prepared: Prepared, error: PeelgraphError) -> PeelgraphError:
        """Return *error*, or one that says more about a query that the engine refused."""
        if isinstance(error, QuerySyntax):
            return explained(error, prepared.query.text)
        return error

    def note_error(self, client: str, error: PeelgraphError) -> None:
        """Count an error, against its client too unless it was none of the client's doing."""
        self.counters.add("problems", problem_of(error).slug)
        if not isinstance(error, ServerBusy | CallerGone):
            self.budgets.err(client)

    def _caller(self, prepared: Prepared) -> Caller:
        incoming = prepared.incoming
        return Caller(incoming.client, incoming.gone, partial(self._spent, incoming))

    def _spent(self, incoming: Incoming, seconds: float) -> None:
        incoming.note.worker_seconds += seconds
        self.counters.add("worker-seconds", amount=seconds)
        self.budgets.spend(incoming.client, seconds)


def page_type(known: Outline) -> str:
    """Return the media type in which the engine is asked for what a page shows: one of lines."""
    return (N_TRIPLES if known.gives_graph else TSV).media_type


def _format(accept: str, known: Outline) -> tuple[str, str]:
    chosen, content_type = choose(accept, GRAPHS if known.gives_graph else SOLUTIONS)
    return chosen.media_type, content_type


def problem_reply(found: Problem, accept: str = "", request_id: str = "") -> Reply:
    """Return *found* as a problem document that names its request."""
    document = {**found.document(), **occurrence(request_id)}
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = (
        ("Content-Type", problem_type(accept)),
        ("Cache-Control", "no-store"),
        *found.headers.items(),
    )
    return Reply(found.status, headers, body, len(body))


def error_reply(error: PeelgraphError, accept: str = "", request_id: str = "") -> Reply:
    """Return *error* as a problem document that names its request."""
    return problem_reply(problem_of(error), accept, request_id)
