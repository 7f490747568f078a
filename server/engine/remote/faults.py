"""From what a remote endpoint answers to the project's errors."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import (
    EngineFault,
    EngineUnavailable,
    PeelgraphError,
    QueryError,
    QuerySyntax,
)
from peelgraph.server.engine.link import syntax_error, timed_out

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

    from peelgraph.server.engine.interface import Limits

OK: Final = 200
BAD_REQUEST: Final = 400
SLOW: Final = frozenset({408, 504})
BUSY: Final = frozenset({429, 503})
TOO_LONG: Final = frozenset({413, 414, 431})
LONGEST_SAID: Final = 4096
LONGEST_TOLD: Final = 300
UTF_8: Final = frozenset({"", "utf-8", "utf8"})
CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]*)", re.IGNORECASE)
PARTIAL: Final = "X-SQL-State"
"""Virtuoso sends an answer that ran out of time as 200, with this header alone to say so."""
PLACE: Final = re.compile(
    r"line:? *(\d+)[,;]? *(?:at )?(?:column|col\.?|position|positionInLine):? *(\d+)", re.IGNORECASE
)
MARKUP: Final = re.compile(r"\s*<")
MESSAGES: Final = ("exception", "detailedMessage", "message", "detail", "error")
OPERATOR: Final = "tell whoever runs this service"


def refuse_other(response: HTTPResponse, media_type: str, limits: Limits) -> None:
    """Return if *response* is the whole of an answer in *media_type* that can be seen to end.

    Raises:
        PeelgraphError: It is an error, a redirect, partial, of another type, or without an end.
    """
    if response.status != OK:
        raise _of_status(response, limits)
    if response.headers.get(PARTIAL):
        raise timed_out(limits)
    content_type = response.headers.get("Content-Type", "")
    found = content_type.partition(";")[0].strip().lower()
    charset = CHARSET.search(content_type)
    if found != media_type or (charset and charset[1].lower() not in UTF_8):
        raise fault(f"the remote engine answered in {_shown(content_type)}, not in {media_type}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise fault("the remote engine compressed its answer, though plain was asked for")
    if not response.chunked and response.length_remaining is None:
        raise fault("the remote engine does not say where its answer ends")


def fault(found: str) -> EngineFault:
    """Return the error of an endpoint that gave no answer."""
    return EngineFault(found, action=OPERATOR)


def unavailable(found: str) -> EngineUnavailable:
    """Return the error of an endpoint that may answer in a while."""
    return EngineUnavailable(found, action="try again in a moment")


def _of_status(response: HTTPResponse, limits: Limits) -> PeelgraphError:
    status = response.status
    if status == BAD_REQUEST:
        return _refused(_said(response))
    if status in SLOW:
        return timed_out(limits)
    if status in BUSY:
        return unavailable("the remote engine is too busy to answer")
    if status in TOO_LONG:
        return QueryError("the query is longer than the remote engine takes", action="shorten it")
    return fault(f"the remote engine answered with status {status}")


def _refused(said: str) -> QuerySyntax:
    """Return the error for the text of a 400.

    >>> _refused("error at 2:18: expected SELECT").place
    'line 2, column 18'
    >>> str(_refused("Lexical error at line 3, column 7. Encountered: x"))
    'line 3, column 7: the query is not SPARQL: Lexical error at line 3, column 7. Encountered: x'
    """
    if said.startswith("error at "):
        return syntax_error(said)
    place = PLACE.search(said)
    told = next((line.strip() for line in said.splitlines() if line.strip()), "")[:LONGEST_TOLD]
    return QuerySyntax(
        f"the query is not SPARQL: {told}" if told else "the query is not SPARQL",
        place=f"line {place[1]}, column {place[2]}" if place else "",
    )


def _said(response: HTTPResponse) -> str:
    """Return what a 400 says in words; pages of HTML say it to browsers alone."""
    text = response.read(LONGEST_SAID, decode_content=False).decode("utf-8", "replace")
    if MARKUP.match(text):
        return ""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if not isinstance(told, dict):
        return ""
    return next((str(told[key]) for key in MESSAGES if isinstance(told.get(key), str)), "")


def _shown(content_type: str) -> str:
    return repr(content_type[:100]) if content_type else "no named type"
