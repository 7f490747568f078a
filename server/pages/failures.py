"""Every error as a problem document, or as a page for a browser; and the list of problems."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from peelgraph.graph.errors import NotConforming, PeelgraphError
from peelgraph.server.answering.desk import problem_reply
from peelgraph.server.pages.service import response_of
from peelgraph.server.protocol.errors import (
    BodyTooLarge,
    MethodNotAllowed,
    NotAcceptable,
    PageNotFound,
    RangeOutside,
    RequestError,
)
from peelgraph.server.protocol.negotiation import HTML, PROBLEM, TURTLE, choose, prefers_html
from peelgraph.server.protocol.problems import INTERNAL, Problem, catalogue, problem_of

if TYPE_CHECKING:
    from flask import Flask

NEAREST: Final = "peelgraph-nearest"
Nearest = Callable[[str], Sequence[Mapping[str, str]]]
"""Address and name of what is like a path, the likest first."""
logger = logging.getLogger(__name__)
pages = Blueprint("problems", __name__)
ALWAYS: Final[dict[int, Callable[[], PeelgraphError]]] = {
    413: partial(BodyTooLarge, "the body is larger than this address takes"),
    416: partial(RangeOutside, "the range lies outside of what is there"),
}
"""What is said of a status of the framework, whatever led to it."""


@pages.get("/problems/")
def problems() -> str:
    """Return the list of everything that can go wrong."""
    return render_template("problems.html", catalogue=catalogue())


@pages.get("/problems/<slug>")
def problem(slug: str) -> str:
    """Return what one problem type means."""
    known = catalogue()
    if slug not in known:
        raise PageNotFound(f"there is no problem type {slug!r}", action="see /problems/")
    return render_template("problems.html", catalogue={slug: known[slug]})


def register(app: Flask, nearest: Nearest) -> None:
    """Have *app* answer every error by :func:`respond`.

    Args:
        app: The application.
        nearest: Finds what is there that has an address like one where nothing is.
    """
    app.extensions[NEAREST] = nearest
    app.register_error_handler(PeelgraphError, _peelgraph_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _bug)


def respond(found: Problem) -> Response:
    """Return *found* as a page for a browser, else as a problem document.

    Where nothing is at an address, it offers what is nearest.
    """
    if found.slug == PageNotFound.slug:
        found = _with_nearest(found)
    accept = request.headers.get("Accept", "")
    request_id = request.environ.get("peelgraph.request_id", "")
    if not prefers_html(accept):
        return response_of(problem_reply(found, accept, request_id))
    body = render_template("problem.html", problem=found, request_id=request_id)
    headers = dict(found.headers)
    response = Response(body, found.status, content_type=HTML.header, headers=headers)
    response.cache_control.no_store = True
    return response


def _with_nearest(found: Problem) -> Problem:
    """Return *found* with addresses like the one that was asked for, where the engine has some."""
    try:
        nearest = current_app.extensions[NEAREST](request.path)
    except PeelgraphError:
        return found  # what cannot be asked now must not hide that nothing is here
    if not nearest:
        return found
    return replace(found, members={**found.members, "nearest": list(nearest)})


def _peelgraph_error(error: PeelgraphError) -> Response:
    found = problem_of(error)
    if isinstance(error, NotConforming) and error.turtle and _wants_turtle():
        return Response(error.turtle, found.status, content_type=TURTLE.header)
    if found is INTERNAL:
        logger.error("unexpected %s: %s", type(error).__name__, error)
    return respond(found)


def _wants_turtle() -> bool:
    """Return whether the client would rather have a report of the shapes than a problem."""
    try:
        return choose(request.headers.get("Accept", ""), (PROBLEM, TURTLE))[0] is TURTLE
    except NotAcceptable:
        return False


def _http_error(error: HTTPException) -> Response:
    """Translate what the framework found: no such address, method, size."""
    code = error.code or INTERNAL.status
    if code == INTERNAL.status:
        return respond(INTERNAL)
    if code == 404:  # noqa: PLR2004 - the framework's own code
        return respond(problem_of(PageNotFound(f"there is nothing at {request.path[:200]}")))
    if code == 405:  # noqa: PLR2004 - the same
        return respond(problem_of(_wrong_method(error)))
    if code in ALWAYS:
        return respond(problem_of(ALWAYS[code]()))
    if code in {301, 302, 307, 308}:
        return error.get_response()  # type: ignore[return-value]  # werkzeug's own class
    return respond(problem_of(RequestError(error.description or error.name)))


def _wrong_method(error: HTTPException) -> MethodNotAllowed:
    allowed = tuple(sorted(getattr(error, "valid_methods", None) or ("GET", "HEAD", "OPTIONS")))
    return MethodNotAllowed(f"{request.method} is not a method of this address", allowed=allowed)


def _bug(error: Exception) -> Response:
    """Answer for a mistake of our own; Flask has logged it with its trace."""
    logger.debug("answered 500 for %s", type(error).__name__)
    return respond(INTERNAL)
