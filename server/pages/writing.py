"""What the pages that write share: who may, what was sent, what is answered."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Response, request

from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.writing.model import Change
from peelgraph.server.pages.service import sent_body, this_service
from peelgraph.server.protocol.errors import (
    ForeignOrigin,
    RequestError,
    TokenMissing,
    TokenRefused,
    UnsupportedType,
    WritesOff,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.tokens import Token
    from peelgraph.graph.writing.model import Kind, Outcome
    from peelgraph.graph.writing.writer import Writer

SCOPE: Final = "update"
"""What a token must be for to write here."""
BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE)
SERVED_WITHIN: Final = 30.0  # seconds that an answer waits for the engine to have the new version
DIGESTS: Final = re.compile(r"sha-256=:([A-Za-z0-9+/=]*):")


def writer() -> Writer:
    """Return the writer of this server.

    Raises:
        WritesOff: it serves a file, or no token was created.
    """
    service = this_service()
    if service.writer is None:
        raise WritesOff("this server serves a file, which nobody writes to")
    if not service.tokens.any():
        raise WritesOff(
            "this server takes no writes: no token was created",
            action="run `peelgraph token create --scope update` where it keeps its data",
        )
    return service.writer


def permitted() -> Token:
    """Return the token that allows this request.

    Raises:
        WritesOff: nobody may write here.
        ForeignOrigin: a page of another site sent it.
        TokenMissing: there is no token, or none that is known.
        TokenRefused: it has ended, or is for something else.
    """
    writer()
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise ForeignOrigin(
            "a page of another site sent this write",
            place="Origin",
            action="write from a program, or from a page of this server",
        )
    given = BEARER.fullmatch(request.headers.get("Authorization", ""))
    token = this_service().tokens.find(given[1]) if given else None
    if token is None:
        raise TokenMissing(
            "writing needs a token" if given is None else "the token is not known",
            place="Authorization",
            expected="Authorization: Bearer and a token of `peelgraph token create`",
        )
    if token.expired(dt.datetime.now(dt.UTC)):
        raise TokenRefused("the token has ended", place="Authorization", action="create another")
    if not token.allows(SCOPE):
        raise TokenRefused(
            f"the token is for {token.scope!r}",
            place="Authorization",
            expected=f"a token with the scope {SCOPE!r}",
        )
    return token


def whole_body(limit: int) -> bytes:
    """Return the whole body of this request, checked.

    Raises:
        RequestEntityTooLarge: It is larger than *limit*.
        UnsupportedType: It is compressed.
        RequestError: It is not what its digest says.
    """
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"identity", ""}:
        raise UnsupportedType(
            f"a body in the encoding {coding[:40]} is not read here",
            place="Content-Encoding",
            expected="identity",
        )
    request.max_content_length = limit
    body = sent_body()
    for header in ("Content-Digest", "Repr-Digest"):
        _compare(body, request.headers.get(header, ""), header)
    return body


def _compare(body: bytes, stated: str, header: str) -> None:
    for digest in DIGESTS.findall(stated):
        try:
            expected = base64.b64decode(digest, validate=True)
        except binascii.Error:
            expected = b""
        if expected != hashlib.sha256(body).digest():
            raise RequestError(
                "the body is not what its digest says",
                place=header,
                action="send it again; nothing was changed",
            )


def begun(kind: Kind, token: Token, body: bytes) -> Change:
    """Return a change of which only that is known yet which the audit needs."""
    return Change(
        kind=kind,
        request=secrets.token_hex(16),
        token=token.id,
        scope=token.scope,
        route=f"{request.method} {request.path[:1000]}",
        body=hashlib.sha256(body).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class Done:
    """A write that is on disk: whether queries see it, and the seconds it took until both."""

    outcome: Outcome
    served: bool
    writing: float
    serving: float


def carried_out(change: Change, checked: Callable[[], Change]) -> Done:
    """Carry out what *checked* returns; a refusal before that is audited too.

    Args:
        change: The change as far as it is known.
        checked: Returns the whole change.

    Returns:
        What became of it.
    """
    try:
        whole = checked()
    except PeelgraphError as error:
        writer().refuse(change, error)
        raise
    began = time.monotonic()
    outcome = writer().write(whole)
    written = time.monotonic()
    served = this_service().engine.await_version(outcome.version, SERVED_WITHIN)
    return Done(outcome, served, written - began, time.monotonic() - written)


def answer(done: Done, status: int) -> Response:
    """Return the answer to a write: on disk, and 202 where queries do not see it yet."""
    outcome = done.outcome
    told = {"version": outcome.version, "published": outcome.published, "served": done.served}
    status = status if done.served else 202
    body = b"" if status == 204 else json.dumps(told).encode() + b"\n"  # noqa: PLR2004 - No Content
    response = Response(body, status, content_type="application/json")
    response.headers["Peelgraph-Version"] = outcome.version
    written, served = (f"{1000 * seconds:.0f}" for seconds in (done.writing, done.serving))
    response.headers["Server-Timing"] = f"write;dur={written}, serve;dur={served}"
    response.cache_control.no_store = True
    return response
