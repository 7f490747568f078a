"""One request for a saved query: its parameters read and bound, its answer from the desk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from flask import request

from peelgraph.graph.errors import ParameterMissing, PeelgraphError, UnknownQuery
from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import bound, known_slugs, saved_queries, saved_query
from peelgraph.server.answering.desk import Incoming, Prepared
from peelgraph.server.engine.interface import Caller, Limits
from peelgraph.server.pages.asking import outline_of, query_of
from peelgraph.server.pages.service import this_note, this_service
from peelgraph.server.protocol.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Identifier

    from peelgraph.graph.saved import Parameter, SavedQuery
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.engine.interface import Answer, Query
    from peelgraph.server.protocol.tokens import Outline

MOST_MADE: Final = 8_000_000
"""Bytes of an answer of which something else is made here."""
LONGEST: Final = 2000
"""Characters that the value of a parameter may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A saved query and what was given for its parameters.

    Args:
        saved: The query.
        values: What was given, by parameter; nothing that is empty.
        terms: The terms that stand for them.
        known: What is known of the text.
    """

    saved: SavedQuery
    values: Mapping[str, str]
    terms: Mapping[str, Identifier]
    known: Outline

    @property
    def query(self) -> Query:
        """Return what the engine is asked."""
        return query_of(this_service(), self.saved.text, self.known, self.terms)

    def reply(self, media_type: str, content_type: str) -> Reply:
        """Return the desk's reply: from what is kept, or from a worker."""
        desk = this_service().desk
        incoming = _incoming()
        incoming.note.query = self.saved.text
        prepared = Prepared(
            self.query, media_type, content_type, "", self.known, page=False, incoming=incoming
        )
        try:
            return desk.known(prepared) or desk.finish(prepared, desk.ask(prepared))
        except PeelgraphError as error:
            desk.note_error(incoming.client, error)
            raise

    def answer(self, media_type: str) -> Answer:
        """Return the engine's answer, of a size that something can be made of here."""
        service = this_service()
        desk, client = service.desk, request.remote_addr or ""
        note = this_note()
        note.query = self.saved.text
        try:
            desk.budgets.admit(client)
            found = service.engine.answer(
                self.query,
                media_type,
                _made_limits(desk.limits),
                Caller(client, spent=partial(desk.budgets.spend, client)),
            )
        except PeelgraphError as error:
            desk.note_error(client, error)
            raise
        note.version = found.version or found.tag or ""
        return found


def known_query(name: str) -> SavedQuery:
    """Return the saved query of that *name*, on the base that is served.

    Raises:
        UnknownQuery: There is none; the nearest names are said.
    """
    try:
        return all_queries(this_service().base)[name]
    except KeyError:
        pass
    try:
        return saved_query(name[:LONGEST], this_service().base)
    except UnknownQuery as error:
        raise UnknownQuery(error.found, expected=error.expected, action="see /q/") from None


@lru_cache(maxsize=4)
def all_queries(base: str) -> Mapping[str, SavedQuery]:
    """Return every saved query by name; reading them takes a while, so it is done once."""
    return saved_queries(base)


def asked_for(saved: SavedQuery, *, apart: frozenset[str] = frozenset()) -> Asked:
    """Return what this request asks of *saved*.

    Args:
        saved: The query.
        apart: Parameters of the address that are not the query's.

    Raises:
        ParameterMissing: A parameter is missing, unknown, or does not fit its kind.
        UnknownForce: No force is called so.
        UnknownCycle: No cycle is called so.
        RequestError: One is given twice, or is far too long.
    """
    values = given(apart)
    terms = terms_of(saved, values)
    depth = this_service().settings.query_depth
    return Asked(saved, values, terms, outline_of(saved.text, depth))


def terms_of(saved: SavedQuery, values: Mapping[str, str]) -> Mapping[str, Identifier]:
    """Return the terms that *values* name; see :func:`asked_for`."""
    try:
        return bound(saved, known_slugs(saved, values), Iris(this_service().base))
    except ParameterMissing as error:
        raise ParameterMissing(
            error.found,
            place=f"/q/{saved.name}",
            expected=expectations(saved),
            action=f"see /q/{saved.name}",
        ) from None


def given(apart: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the parameters of this request's address that are not empty and not *apart*."""
    values: dict[str, str] = {}
    for name, all_of_it in request.args.lists():
        if len(all_of_it) > 1:
            raise RequestError(
                f"the parameter {name[:100]!r} is given {len(all_of_it)} times", expected="once"
            )
        if len(all_of_it[0]) > LONGEST:
            raise RequestError(
                f"the parameter {name[:100]!r} is very long",
                expected=f"at most {LONGEST} characters",
            )
        if name not in apart and all_of_it[0].strip():
            values[name] = all_of_it[0].strip()
    return values


def expectations(saved: SavedQuery) -> str:
    """Return which parameters *saved* takes, in words."""
    return ", ".join(map(_expectation, saved.parameters)) or "no parameter at all"


def _expectation(parameter: Parameter) -> str:
    needed = "required" if parameter.required else "optional"
    example = f" such as {parameter.example}" if parameter.example else ""
    return f"{parameter.name} ({needed}, a {parameter.kind}{example})"


def _incoming() -> Incoming:
    headers = request.headers
    return Incoming(
        method=request.method,
        query_string=b"",
        content_type="",
        body=b"",
        accept="",
        accept_encoding="",
        if_none_match=headers.get("If-None-Match", ""),
        address=request.base_url,
        client=request.remote_addr or "",
        gone=request.environ.get("peelgraph.client_gone"),
        note=this_note(),
    )


def _made_limits(limits: Limits) -> Limits:
    return Limits(limits.timeout, limits.memory_bytes, min(limits.result_bytes, MOST_MADE))
