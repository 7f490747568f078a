"""Decodes a SPARQL protocol request from its parts, once and strictly."""

from __future__ import annotations

import re
from binascii import a2b_qp
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from peelgraph.server.protocol.errors import (
    BodyTooLarge,
    MethodNotAllowed,
    RequestError,
    UnsupportedType,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST")
MOST_PARAMETERS: Final = 1000
ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*")


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A decoded request: the query text, or ``None`` when none was sent, and its dataset."""

    text: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def body_limit(query_bytes: int) -> int:
    """Return how many bytes a body may have so that a form can hold a query of *query_bytes*."""
    return 3 * query_bytes + 64 * 1024


def decode(
    method: str, query_string: bytes, content_type: str, body: bytes, query_bytes: int
) -> SparqlRequest:
    """Return the decoded request.

    Args:
        method: HTTP method.
        query_string: The address after ``?``, undecoded.
        content_type: The ``Content-Type`` header, empty when there is none.
        body: The whole body.
        query_bytes: Bytes that the query text may have.

    Raises:
        MethodNotAllowed: The method is none of GET, HEAD, POST.
        UnsupportedType: The body is neither a form nor a query.
        BodyTooLarge: The query text is longer than its limit.
        RequestError: Invalid UTF-8, duplicate parameters, or a relative graph IRI.
    """
    if method not in METHODS:
        raise MethodNotAllowed(f"{method} is not a method of this address", allowed=METHODS)
    pairs = pairs_in(query_string)
    if method == "POST":
        pairs += posted(content_type, body, "query", DIRECT)
    return _request(pairs, query_bytes, required=method == "POST")


def _request(pairs: list[tuple[str, str]], query_bytes: int, *, required: bool) -> SparqlRequest:
    queries = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise RequestError("updates are not taken here", place="update", expected="a query")
    if len(queries) > 1:
        raise RequestError(
            f"the request holds {len(queries)} queries", place="query", expected="one query"
        )
    if required and not queries:
        raise RequestError("the request holds no query", place="query", expected="one query")
    if queries and len(queries[0].encode()) > query_bytes:
        raise BodyTooLarge(
            f"the query is longer than {query_bytes:,} bytes",
            place="query",
            action="shorten it, or split it",
        )
    return SparqlRequest(
        queries[0] if queries else None,
        graphs_in(pairs, "default-graph-uri"),
        graphs_in(pairs, "named-graph-uri"),
    )


def posted(content_type: str, body: bytes, name: str, direct: str) -> list[tuple[str, str]]:
    """Return the parameters in a body: those of a form, or *name* alone in a body of type *direct*.

    Raises:
        UnsupportedType: The body is neither.
        RequestError: Invalid UTF-8, or more parameters than any request needs.
    """
    media_type = media_type_of(content_type)
    if media_type == FORM:
        return pairs_in(body)
    if media_type == direct:
        return [(name, text_in(body, "the body"))]
    raise unreadable(media_type, (FORM, direct))


def unreadable(media_type: str, known: Iterable[str]) -> UnsupportedType:
    """Return the error of a body in *media_type* where only the *known* ones are read."""
    return UnsupportedType(
        f"a body of type {media_type or '(none)'} cannot be read here",
        place="Content-Type",
        expected=" or ".join(known),
    )


def graphs_in(pairs: Iterable[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return the IRIs that the parameters called *name* give, each once.

    Raises:
        RequestError: One is not absolute.
    """
    graphs = tuple(dict.fromkeys(value for key, value in pairs if key == name))
    for iri in graphs:
        if not ABSOLUTE.fullmatch(iri):
            raise RequestError(f"{iri[:200]!r} is no absolute IRI", place=name)
    return graphs


def media_type_of(content_type: str) -> str:
    """Return the media type of a Content-Type header, in lower case.

    Raises:
        UnsupportedType: Its character set is not UTF-8.
    """
    media_type, _, parameters = content_type.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([^\s\";]*)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedType(
            f"the character set {charset[1]} is not read here",
            place="Content-Type",
            expected="UTF-8",
        )
    return media_type.strip().lower()


def pairs_in(encoded: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a query string or form.

    Raises:
        RequestError: There are too many, or one is not UTF-8.
    """
    parts = encoded.split(b"&", MOST_PARAMETERS) if encoded else []
    if len(parts) > MOST_PARAMETERS:
        raise RequestError(
            "the request has too many parameters", expected=f"at most {MOST_PARAMETERS}"
        )
    return [_pair(part) for part in parts]


def _pair(encoded: bytes) -> tuple[str, str]:
    name, _, value = encoded.replace(b"+", b" ").partition(b"=")
    name, value = unquoted(name), unquoted(value)
    return text_in(name, "a parameter's name"), text_in(value, "a parameter")


def unquoted(encoded: bytes) -> bytes:
    """Return *encoded* without its percent-escapes, as ``urllib.parse.unquote_to_bytes`` does.

    The decoder of quoted-printable does the same with another mark, in C; it differs where a mark
    is followed by the end of a line, or by no two digits, and then takes fewer than two away.

    >>> unquoted(b"100%25=%7B%")
    b'100%={%'
    """
    if b"%" not in encoded:
        return encoded
    marked = encoded.replace(b"=", b"%3D")
    if b"\n" not in encoded and b"\r" not in encoded:
        decoded = a2b_qp(marked.replace(b"%", b"="))
        if len(decoded) == len(marked) - 2 * marked.count(b"%"):
            return decoded
    return unquote_to_bytes(encoded)


def text_in(encoded: bytes, what: str) -> str:
    """Return *encoded* as text; *what* names it.

    Raises:
        RequestError: It is not UTF-8.
    """
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise RequestError(
            f"{what} is not UTF-8 at byte {error.start}", expected="UTF-8"
        ) from error
