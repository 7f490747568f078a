"""The home page: what this is, how much there is, and how to ask."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from peelgraph.graph.errors import LimitError, NetworkError, VersionError
from peelgraph.server.pages import saved
from peelgraph.server.pages.service import this_service

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    """Return the home page; without the numbers when the engine cannot be asked now."""
    service = this_service()
    try:
        counts = saved.counts(service)
    except (LimitError, NetworkError, VersionError):
        counts = {}
    return render_template(
        "home.html",
        counts=counts if any(counts.values()) else {},
        version=service.engine.version(),
        endpoint=f"{request.host_url}sparql",
        example=saved.text_of("example.rq", service.base).strip(),
        settings=service.settings,
        union=service.union,
    )
