"""What operators and their tools ask: does the process live, can it answer, how is it doing."""

from __future__ import annotations

import datetime as dt
import json
from typing import Final

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.settings import setting_help
from peelgraph.server.pages.exposition import CONTENT_TYPE, exposition
from peelgraph.server.pages.service import this_note, this_service
from peelgraph.server.pages.state import state_of
from peelgraph.server.protocol.negotiation import HTML, Format, choose

pages = Blueprint("operation", __name__)
PLAIN: Final = "text/plain; charset=utf-8"
JSON: Final = Format("application/json", "application/json", (), "JSON", "")


def note_route() -> None:
    """Note which pattern of address is asked for, for counters and log."""
    if request.url_rule is not None:
        this_note().route = request.url_rule.rule


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


@pages.get("/metrics")
def metrics() -> Response:
    """Tell what has been counted, in the words of Prometheus."""
    response = Response(exposition(this_service()), content_type=CONTENT_TYPE)
    response.cache_control.no_store = True
    return response


@pages.get("/status")
def status() -> Response:
    """Tell how the server is doing: a page, or JSON."""
    service = this_service()
    state = state_of(service)
    chosen, content_type = choose(request.headers.get("Accept", ""), (HTML, JSON))
    if chosen is JSON:
        body = f"{json.dumps(state)}\n"
    else:
        body = render_template(
            "status.html",
            state=state,
            ready=service.engine.ready(),
            uptime=str(dt.timedelta(seconds=int(state["uptime_seconds"]))),
            help=setting_help(),
        )
    response = Response(body, content_type=content_type)
    response.cache_control.no_store = True
    return response
