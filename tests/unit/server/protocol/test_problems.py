"""Every error has one status, and a type that is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph import errors
from peelgraph.server.protocol import errors as request_errors
from peelgraph.server.protocol.problems import INTERNAL, catalogue, problem_of, status_of

if TYPE_CHECKING:
    from peelgraph.graph.errors import PeelgraphError

STATUSES = [
    (errors.QuerySyntax, 400),
    (errors.QueryTooDeep, 400),
    (errors.QueryForbidden, 403),
    (errors.QueryTimeout, 503),
    (errors.QueryMemory, 503),
    (errors.QueryCrashed, 503),
    (errors.ResultTooLarge, 503),
    (errors.ServerBusy, 429),
    (errors.NoVersion, 503),
    (errors.NetworkError, 502),
    (errors.PeelgraphError, 500),
    (errors.NotConforming, 422),
    (errors.RdfSyntaxError, 400),
    (errors.DataBusy, 503),
    (errors.GraphChanged, 412),
    (errors.UnknownGraph, 404),
    (errors.UpdateFailed, 409),
    (errors.GraphKept, 403),
    (request_errors.TokenMissing, 401),
    (request_errors.TokenRefused, 403),
    (request_errors.WritesOff, 403),
    (request_errors.ForeignOrigin, 403),
    (request_errors.RequestError, 400),
    (request_errors.PageNotFound, 404),
    (request_errors.BodyTooLarge, 413),
    (request_errors.UnsupportedType, 415),
]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_status_of_an_error(kind: type[PeelgraphError], status: int) -> None:
    """Clients and proxies act on the status alone."""
    assert status_of(kind("something")) == status


def test_a_document_says_where_and_what_to_do() -> None:
    """An error that cannot be acted on is half an error."""
    error = errors.QuerySyntax("no such thing", place="line 1, column 2", expected="a thing")
    assert problem_of(error).document() == {
        "type": "/problems/query-syntax",
        "title": "Query syntax error",
        "status": 400,
        "detail": "No such thing.",
        "place": "line 1, column 2",
        "expected": "a thing",
    }


def test_a_mistake_of_our_own_tells_nothing() -> None:
    """An internal message may hold what a stranger should not read."""
    assert problem_of(errors.PeelgraphError("secret")) is INTERNAL


def test_headers_that_the_standard_asks_for() -> None:
    """405 needs Allow, 429 is useless without Retry-After, 406 lists what there is."""
    wrong = request_errors.MethodNotAllowed("PUT", allowed=("GET", "HEAD"))
    assert problem_of(wrong).headers == {"Allow": "GET, HEAD"}
    missing = problem_of(request_errors.TokenMissing("no token")).headers
    assert missing == {"WWW-Authenticate": 'Bearer realm="peelgraph"'}
    assert "Retry-After" in problem_of(errors.DataBusy("another writes")).headers
    assert problem_of(errors.ServerBusy("full")).headers == {"Retry-After": "2"}
    none = request_errors.NotAcceptable("none", available=("text/csv",))
    assert problem_of(none).document()["available"] == ["text/csv"]


def test_every_type_is_explained() -> None:
    """A type is an address; what stands there must exist."""
    known = catalogue()
    for kind, status in STATUSES[:-5]:
        if status != INTERNAL.status:
            assert known[kind.slug][0] == status, kind
            assert known[kind.slug][2]
    assert known["internal"][0] == 500
