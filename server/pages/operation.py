"""What operators' tools ask: does the process live, can it answer."""

from __future__ import annotations

from flask import Blueprint, Response

from peelgraph.server.pages.service import this_service

pages = Blueprint("operation", __name__)
PLAIN = "text/plain; charset=utf-8"


def _plain(text: str, status: int = 200) -> Response:
    response = Response(f"{text}\n", status, content_type=PLAIN)
    response.cache_control.no_store = True
    return response


@pages.get("/livez")
def livez() -> Response:
    """Say that the web process answers."""
    return _plain("live")


@pages.get("/readyz")
def readyz() -> Response:
    """Say whether a canned query is answered through a worker."""
    return _plain("ready") if this_service().engine.ready() else _plain("not ready", 503)
