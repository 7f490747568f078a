"""Pages that are a function of the version and their address: made once, named, known again."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Response, request

from peelgraph.server.answering.desk import REVALIDATE
from peelgraph.server.engine.coding import WORTH_CODING, coder
from peelgraph.server.pages.service import Made, this_service
from peelgraph.server.protocol.coding import choose_coding
from peelgraph.server.protocol.conditions import entity_tag, is_known

if TYPE_CHECKING:
    from collections.abc import Callable

MAKING: Final = frozenset({".py", ".html", ".rq", ".svg", ".csv", ".md", ".ttl"})


def lasting(make: Callable[[], str | bytes], content_type: str, *variant: str) -> Response:
    """Return the response whose body *make* returns, made once for each version and address.

    It carries an entity tag and is answered with 304 where the client has it; it is compressed
    where the client likes that. An engine without versions has it made each time.

    Args:
        make: Makes the body from the version, the address and *variant* alone; whatever it
            raises is not kept.
        content_type: Of the body.
        variant: What else decides the body: a chosen format, say.
    """
    service = this_service()
    tag = service.desk.tag()
    if tag is None:
        response = Response(make(), content_type=content_type)
        response.headers["Cache-Control"] = "no-cache"
        return response
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    etag = entity_tag((tag, program(), request.url, content_type, coding, *variant))
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    if is_known(request.headers.get("If-None-Match", ""), etag):
        return Response(status=304, headers=headers)
    made = service.made.get(tag, etag)
    if made is None:
        made = _coded(make(), coding)
        service.made.put(tag, etag, made, len(made.body) + len(etag))
    if made.coding:
        headers["Content-Encoding"] = made.coding
    return Response(made.body, content_type=content_type, headers=headers)


@lru_cache(maxsize=1)
def program() -> str:
    """Return a digest of all that pages are made with: after an upgrade none is known any more."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(Path(str(files("peelgraph"))).rglob("*")):
        if file.suffix in MAKING:
            digest.update(f"{file.name}:{file.stat().st_size}:".encode() + file.read_bytes())
    return digest.hexdigest()


def _coded(made: str | bytes, coding: str) -> Made:
    body = made.encode() if isinstance(made, str) else made
    if not coding or len(body) < WORTH_CODING:
        return Made(body)
    compressor = coder(coding)
    return Made(compressor.compress(body) + compressor.flush(), coding)
