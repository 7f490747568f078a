"""Decodes an update of the SPARQL 1.1 Protocol, and gives it the dataset that the request names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from peelgraph.graph.errors import QuerySyntax
from peelgraph.server.protocol.errors import BodyTooLarge, RequestError
from peelgraph.server.protocol.request import graphs_in, pairs_in, posted
from peelgraph.server.protocol.tokens import TOKEN, UPDATE_FORMS, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECT: Final = "application/sparql-update"
UPDATE_NAMES: Final = "INSERT, DELETE, WITH, CLEAR, DROP, CREATE, ADD, MOVE or COPY"
OPENING: Final = frozenset("([{")
CLOSING: Final = frozenset(")]}")


class UpdateRequest(NamedTuple):
    """An update and the dataset that the protocol names for its patterns."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


def decode_update(
    query_string: bytes, content_type: str, body: bytes, most_bytes: int
) -> UpdateRequest:
    """Return the decoded request, a POST.

    Raises:
        UnsupportedType: The body is neither a form nor an update.
        BodyTooLarge: The update is longer than its limit.
        RequestError: Invalid UTF-8, none or two updates, or a relative graph IRI.
    """
    pairs = [*pairs_in(query_string), *posted(content_type, body, "update", DIRECT)]
    updates = [value for name, value in pairs if name == "update"]
    if any(name == "query" for name, _ in pairs):
        raise RequestError("queries are not taken here", place="query", expected="an update")
    if len(updates) != 1:
        raise RequestError(
            f"the request holds {len(updates)} updates", place="update", expected="one update"
        )
    if len(updates[0].encode()) > most_bytes:
        raise BodyTooLarge(f"the update is longer than {most_bytes:,} bytes", place="update")
    return UpdateRequest(
        updates[0], graphs_in(pairs, "using-graph-uri"), graphs_in(pairs, "using-named-graph-uri")
    )


def checked_update(asked: UpdateRequest, depth: int) -> str:
    """Return the text to run, after what is known of it before any engine sees it.

    Raises:
        QueryForbidden: It asks for LOAD or SERVICE, in some reading.
        QueryTooDeep: Brackets nest deeper than *depth*.
        QuerySyntax: It is a query, or a string does not end.
        RequestError: The request names a dataset, and so does the text.
    """
    form = outline(asked.text, depth).form
    if form is not None and form not in UPDATE_FORMS:
        raise QuerySyntax("this is a query, not an update", expected=UPDATE_NAMES)
    if not asked.using and not asked.using_named:
        return asked.text
    text = with_dataset(asked)
    outline(text, depth)
    return text


def with_dataset(asked: UpdateRequest) -> str:
    """Return the update with USING clauses for the dataset that the request names.

    The engine takes no dataset for an update, so each pattern is given it as a clause.

    Raises:
        RequestError: The text has USING or WITH of its own, which the standard forbids here.
    """
    clauses = "".join(f" USING <{iri}>" for iri in asked.using)
    clauses += "".join(f" USING NAMED <{iri}>" for iri in asked.using_named)
    text, done, given = asked.text, 0, ""
    for word, start, end in _words_outside(text):
        if word in {"using", "with"}:
            raise RequestError(
                f"the update says {word.upper()}, and the request names a dataset",
                place="using-graph-uri",
                expected="one of them",
            )
        if word.endswith("where") and word != "where" and ":" not in word:
            raise QuerySyntax(
                f"{word[:40]!r} is not one word", place="update", action="put a space before WHERE"
            )
        if word == "where":
            given += text[done:start] + _template(text, start, end) + clauses + " "
            done = start
    return given + text[done:]


def _template(text: str, start: int, end: int) -> str:
    """Return what stands for the template of DELETE WHERE: its pattern; else nothing."""
    before = [token for token in _tokens(text[:start]) if token[0]]
    if not before or before[-1][0] != "delete":
        return ""
    depth = 0
    for mark, _, close in _tokens(text[end:]):
        depth += (mark in OPENING) - (mark in CLOSING)
        if mark in CLOSING and depth == 0:
            return f"{text[end : end + close]} "
    raise QuerySyntax("a bracket does not close", expected="}")


def _words_outside(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word that stands in no bracket."""
    depth = 0
    for mark, start, end in _tokens(text):
        depth += (mark in OPENING) - (mark in CLOSING)
        if depth == 0 and mark not in CLOSING:
            yield mark, start, end


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each token that is no blank: a word in lower case, or a mark, and its place."""
    for token in TOKEN.finditer(text):
        if token.lastgroup != "blank":
            yield token[0].lower(), token.start(), token.end()
