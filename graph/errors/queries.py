"""What is wrong with a query, and the limits that one can reach."""

from __future__ import annotations

from peelgraph.graph.errors.base import PeelgraphError


class LimitError(PeelgraphError):
    """A limit was reached; the same call may pass with a smaller question or a larger limit."""

    slug, title = "limit", "Limit reached"


class QueryTimeout(LimitError):
    """A query ran past its deadline and was stopped."""

    slug, title = "query-timeout", "Query timed out"


class QueryMemory(LimitError):
    """A query needed more memory than one query may have."""

    slug, title = "query-memory", "Query ran out of memory"


class QueryCrashed(LimitError):
    """A query ended its worker process, as very deep nesting does."""

    slug, title = "query-crashed", "Query crashed its worker"


class ResultTooLarge(LimitError):
    """An answer grew past the byte limit; no part of it was sent."""

    slug, title = "result-too-large", "Result too large"


class ReadingStopped(LimitError):
    """A page ended the process that read it, or took longer than a page may."""

    slug, title = "reading-stopped", "Reading stopped"


class ValidationTimeout(LimitError):
    """Checking data against the shapes took longer than it may; nothing was stored."""

    slug, title = "validation-timeout", "Validation timed out"


class CallerGone(LimitError):
    """Whoever asked broke the connection off, and the query was stopped."""

    slug, title = "caller-gone", "Caller gone"


class ServerBusy(LimitError):
    """No worker came free within the queue's waiting time."""

    slug, title = "busy", "Server busy"


class ClientLimit(ServerBusy):
    """One address has used up what it may use in a minute.

    Args:
        found: As for every error.
        retry_after: Seconds after which it may go on.
    """

    slug, title = "client-limit", "Client limit reached"

    def __init__(self, found: str, *, retry_after: int = 60) -> None:
        super().__init__(found, action=f"try again in {retry_after} seconds")
        self.retry_after = retry_after


class QueryError(PeelgraphError):
    """A query is refused before it runs."""

    slug, title = "query", "Query refused"


class QuerySyntax(QueryError):
    """The query is not SPARQL; the place is line and column where known."""

    slug, title = "query-syntax", "Query syntax error"


class QueryTooDeep(QueryError):
    """Brackets nest deeper than the limit."""

    slug, title = "query-too-deep", "Query nested too deeply"


class ResultUnwritable(QueryError):
    """The format that was asked for cannot say what the answer holds; another can."""

    slug, title = "result-unwritable", "Result cannot be written in this format"


class UpdateFailed(QueryError):
    """The update asks for what cannot be done, such as to drop a graph that is not there."""

    slug, title = "update-failed", "Update failed"


class GraphKept(QueryError):
    """The change adds to a graph that the program itself writes anew with every version."""

    slug, title = "graph-kept", "Graph kept by the program"


class QueryForbidden(QueryError):
    """The query asks for SERVICE or LOAD, which this service never runs."""

    slug, title = "query-forbidden", "Query forbidden"
