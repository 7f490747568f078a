"""Turns errors into RFC 9457 problem documents: one table from error class to status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from peelgraph.graph import errors as graph_errors
from peelgraph.graph.errors import kinds
from peelgraph.server.protocol import errors as request_errors
from peelgraph.server.protocol.negotiation import PROBLEM, choose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.errors import PeelgraphError

RETRY_AFTER: Final = 2
CHALLENGE: Final = 'Bearer realm="peelgraph"'
PROBLEMS: Final = "/problems/"
"""Where problem types live on every server: a type is this path and the slug of the error."""

STATUSES: Final[tuple[tuple[type[PeelgraphError], int], ...]] = (
    (request_errors.PageNotFound, 404),
    (request_errors.Gone, 410),
    (request_errors.MethodNotAllowed, 405),
    (request_errors.NotAcceptable, 406),
    (request_errors.BodyTooLarge, 413),
    (request_errors.UnsupportedType, 415),
    (request_errors.RangeOutside, 416),
    (request_errors.HeadTooLarge, 431),
    (request_errors.RequestTimeout, 408),
    (request_errors.ExpectationFailed, 417),
    (request_errors.UnknownVersionOfHttp, 505),
    (request_errors.TokenMissing, 401),
    (request_errors.TokenRefused, 403),
    (request_errors.WritesOff, 403),
    (request_errors.ForeignOrigin, 403),
    (request_errors.UnknownHost, 421),
    (request_errors.RequestError, 400),
    (graph_errors.QueryForbidden, 403),
    (graph_errors.ResultUnwritable, 406),
    (graph_errors.GraphKept, 403),
    (graph_errors.UpdateFailed, 409),
    (graph_errors.QueryError, 400),
    (graph_errors.UnknownQuery, 404),
    (graph_errors.UsageError, 400),
    (graph_errors.ServerBusy, 429),
    (graph_errors.LimitError, 503),
    (graph_errors.NotConforming, 422),
    (graph_errors.UnknownGraph, 404),
    (graph_errors.GraphChanged, 412),
    (graph_errors.InputError, 400),
    (graph_errors.VersionError, 503),
    (graph_errors.EngineUnavailable, 503),
    (graph_errors.NetworkError, 502),
)
"""The first class that fits decides; what fits none is the service's own fault: 500."""
WORTH_ANOTHER_TRY: Final = (
    graph_errors.ServerBusy,
    graph_errors.DataBusy,
    graph_errors.DumpsPending,
    graph_errors.EngineUnavailable,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document and the headers that go with it."""

    status: int
    slug: str
    title: str
    detail: str
    members: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def type(self) -> str:
        """Address of the problem's type, the same on every server."""
        return PROBLEMS + self.slug

    def document(self) -> dict[str, object]:
        """Return the members of the document, in reading order."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }


INTERNAL: Final = Problem(
    500, "internal", "Internal error", "The service made a mistake; the request may be right."
)


def status_of(error: PeelgraphError) -> int:
    """Return the HTTP status for *error*."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def problem_of(error: PeelgraphError) -> Problem:
    """Return the problem document for *error*."""
    status = status_of(error)
    if status == INTERNAL.status:
        return INTERNAL
    named = {"place": error.place, "expected": error.expected, "action": error.action}
    members: dict[str, object] = {name: value for name, value in named.items() if value}
    headers: dict[str, str] = {}
    if isinstance(error, request_errors.NotAcceptable):
        members["available"] = list(error.available)
    if isinstance(error, request_errors.Gone) and error.replaced_by:
        members["replaced_by"] = list(error.replaced_by)
        links = (f'<{each}>; rel="successor-version"' for each in error.replaced_by)
        headers["Link"] = ", ".join(links)
    if isinstance(error, request_errors.MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, request_errors.TokenMissing):
        headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, graph_errors.NotConforming):
        members["violations"] = [dict(each) for each in error.violations]
    if isinstance(error, WORTH_ANOTHER_TRY):
        headers["Retry-After"] = str(getattr(error, "retry_after", RETRY_AFTER))
    return Problem(status, error.slug, error.title, _sentence(error.found), members, headers)


def occurrence(request_id: str) -> dict[str, str]:
    """Return the members that say which request a problem was met in, as its log line does.

    >>> occurrence("")
    {}
    """
    if not request_id:
        return {}
    return {"instance": UUID(request_id).urn, "request_id": request_id}


def problem_type(accept: str) -> str:
    """Return the problem document's type; an error is told even to those who accept neither."""
    try:
        return choose(accept, (PROBLEM,))[1]
    except request_errors.NotAcceptable:
        return PROBLEM.header


def catalogue() -> dict[str, tuple[int, str, str]]:
    """Return every problem type: slug to status, title and what it means."""
    found: dict[str, tuple[int, str, str]] = {}
    for slug, kind in kinds().items():
        status = next((status for known, status in STATUSES if issubclass(kind, known)), None)
        if status is not None:
            meaning = (kind.__doc__ or "").partition("\n")[0]
            found[slug] = (status, kind.title, meaning)
    found[INTERNAL.slug] = (INTERNAL.status, INTERNAL.title, INTERNAL.detail)
    return dict(sorted(found.items()))


def _sentence(found: str) -> str:
    return f"{found[:1].upper()}{found[1:]}" + ("" if found.endswith(".") else ".")
