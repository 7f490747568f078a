"""The project's errors: one tree, each class with a stable address and what to do next.

PeelgraphError
├── UsageError              the call itself is wrong                       exit 2
│   ├── UnknownQuery        no saved query has that name
│   ├── EngineMissing       an optional engine that was asked for is not installed
│   ├── UnknownToken        no token has that id
│   └── ParameterMissing    a saved query lacks a parameter, or got a wrong one
├── InputError              a source is missing or unreadable              exit 3
│   ├── SourceMissing       no file, folder or address there
│   ├── SourceUnreadable    bytes that are no text of a known encoding or type
│   ├── NotAReport          text that is no PEEL report, or a cut one
│   ├── UnknownCycle        a report of a cycle the tables do not know
│   ├── UnknownForce        a force name the tables do not know
│   ├── TableError          a bundled or given table breaks a rule
│   ├── RdfSyntaxError      RDF that does not parse
│   └── BackupDamaged       a backup that was cut or changed, or is none
├── NotConforming           data breaks a shape                            exit 1
├── VersionError            the store or a version cannot be used          exit 4
│   ├── NoVersion           nothing has been published yet
│   ├── UnknownVersion      no version has that name
│   ├── VersionDamaged      a version's files do not match its manifest
│   ├── BaseDiffers         the data folder has another base IRI
│   ├── DataBusy            another writer holds the data folder
│   ├── DataUnwritable      the disk is full or the folder not writable
│   ├── UnknownGraph        the version has no graph of that name
│   ├── GraphChanged        a graph is not what the writer thought it to be
│   └── AddressBusy         the port to serve on is taken
├── NetworkError            a fetch or a remote engine failed              exit 5
│   ├── AddressRefused      an address that is never fetched: scheme, host, private network
│   ├── RobotsRefused       the site asks programs not to fetch that page
│   ├── Unreachable         no connection, or one that was cut
│   ├── FetchTimeout        the page did not arrive in time
│   ├── FetchTooLarge       the page is larger than any report
│   ├── StatusRefused       the site answered with an error
│   ├── EngineUnavailable   the remote engine cannot be reached, or is too busy
│   └── EngineFault         the remote engine gave an error, or no whole answer
├── LimitError              a limit was reached                            exit 6
│   ├── QueryTimeout        a query ran past its deadline
│   ├── QueryMemory         a query needed more memory than it may have
│   ├── QueryCrashed        a query ended its worker process
│   ├── ResultTooLarge      an answer grew past its byte limit
│   ├── ReadingStopped      a page ended, or held up, the process that read it
│   ├── ValidationTimeout   checking data against the shapes took too long
│   ├── CallerGone          whoever asked broke the connection off
│   └── ServerBusy          no worker came free in time
│       └── ClientLimit     one address has used up what it may use in a minute
└── QueryError              a query is refused before it runs              exit 2
    ├── QuerySyntax         it is not SPARQL
    ├── QueryTooDeep        brackets nest deeper than the limit
    ├── ResultUnwritable    its answer holds what the format asked for cannot say
    ├── UpdateFailed        an update asks for what cannot be done
    ├── GraphKept           a change to a graph that the program itself keeps
    └── QueryForbidden      SERVICE or LOAD, which this service never runs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class PeelgraphError(Exception):
    """Base of every error a user can meet; never raised itself.

    Args:
        found: What is wrong, in one sentence that says what was found.
        place: File and line, IRI, setting or option; empty when the error has no place.
        expected: What would have been right.
        action: What to do next.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"

    def __init__(
        self, found: str, *, place: str = "", expected: str = "", action: str = ""
    ) -> None:
        super().__init__(found)
        self.found = found
        self.place = place
        self.expected = expected
        self.action = action

    def __str__(self) -> str:
        """Return one line: place, what was found, what was expected, what to do."""
        parts = [f"{self.place}: {self.found}" if self.place else self.found]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.action:
            parts.append(self.action)
        return "; ".join(parts)


class UsageError(PeelgraphError):
    """The call itself is wrong: an option, a name, a combination."""

    slug, title = "usage", "Wrong usage"


class UnknownQuery(UsageError):
    """No saved query has the name that was asked for."""

    slug, title = "unknown-query", "Unknown saved query"


class EngineMissing(UsageError):
    """An optional engine was asked for and is not installed."""

    slug, title = "engine-missing", "Engine not installed"


class UnknownToken(UsageError):
    """No token of this data folder has the id that was given."""

    slug, title = "unknown-token", "Unknown token"


class ParameterMissing(UsageError):
    """A saved query lacks a parameter, or was given one it does not have."""

    slug, title = "parameter", "Wrong query parameter"


class InputError(PeelgraphError):
    """A source is missing or cannot be read; nothing was stored."""

    slug, title = "input", "Unreadable input"


class SourceMissing(InputError):
    """There is no file, folder or address where the source was said to be."""

    slug, title = "source-missing", "Source not found"


class SourceUnreadable(InputError):
    """The bytes are no text of a known encoding or media type."""

    slug, title = "source-unreadable", "Source unreadable"


class NotAReport(InputError):
    """The text is no PEEL report, or one that was cut in the middle."""

    slug, title = "not-a-report", "Not a report"


class UnknownCycle(InputError):
    """The report belongs to a cycle that the tables do not know."""

    slug, title = "unknown-cycle", "Unknown cycle"


class UnknownForce(InputError):
    """A force name that the tables do not know; the message holds the nearest three."""

    slug, title = "unknown-force", "Unknown force"


class TableError(InputError):
    """A table breaks one of its rules; the place is file and line."""

    slug, title = "table", "Table at fault"


class RdfSyntaxError(InputError):
    """RDF that does not parse; the place is file and line."""

    slug, title = "rdf-syntax", "RDF syntax error"


class BackupDamaged(InputError):
    """A backup was cut or changed since it was written, or is none; nothing was restored."""

    slug, title = "backup-damaged", "Backup damaged"


class NotConforming(PeelgraphError):
    """Data breaks a shape.

    ``violations`` holds one plain mapping a result: focus node, path, value, component, severity,
    message and the graphs that hold the value. ``turtle`` is the whole report, where it was made.
    """

    slug, title = "not-conforming", "Data does not conform"
    violations: tuple[Mapping[str, object], ...] = ()
    turtle: bytes = b""


class VersionError(PeelgraphError):
    """The data folder or one of its versions cannot be used."""

    slug, title = "version", "Version unusable"


class NoVersion(VersionError):
    """Nothing has been published in this data folder yet."""

    slug, title = "no-version", "No version"


class UnknownVersion(VersionError):
    """No version in this data folder has the name that was asked for."""

    slug, title = "unknown-version", "Unknown version"


class VersionDamaged(VersionError):
    """A version's files do not match its manifest."""

    slug, title = "version-damaged", "Version damaged"


class BaseDiffers(VersionError):
    """The data folder holds IRIs under another base than the one asked for."""

    slug, title = "base-differs", "Other base"


class DataBusy(VersionError):
    """Another process is writing to this data folder."""

    slug, title = "data-busy", "Data folder busy"


class DataUnwritable(VersionError):
    """The disk is full or the folder may not be written; the previous version still serves."""

    slug, title = "data-unwritable", "Data folder not writable"


class UnknownGraph(VersionError):
    """The version that serves has no graph of that name."""

    slug, title = "unknown-graph", "Unknown graph"


class GraphChanged(VersionError):
    """A graph is not, or no longer, what the writer thought it to be; nothing was changed."""

    slug, title = "graph-changed", "Graph has changed"


class AddressBusy(VersionError):
    """The address to serve on is taken by another process."""

    slug, title = "address-busy", "Address in use"


class NetworkError(PeelgraphError):
    """A fetch failed, or a remote engine did not answer."""

    slug, title = "network", "Network failure"


class AddressRefused(NetworkError):
    """The address is one that is never fetched: no https, a foreign host, a private network."""

    slug, title = "address-refused", "Address refused"


class RobotsRefused(NetworkError):
    """The site's robots.txt asks programs not to fetch that page."""

    slug, title = "robots", "Refused by robots.txt"


class Unreachable(NetworkError):
    """No connection could be made, or it was cut before the page had arrived."""

    slug, title = "unreachable", "Site unreachable"


class FetchTimeout(NetworkError):
    """The page did not arrive in time."""

    slug, title = "fetch-timeout", "Fetch timed out"


class FetchTooLarge(NetworkError):
    """The page is larger than any report is; no part of it was kept."""

    slug, title = "fetch-too-large", "Page too large"


class StatusRefused(NetworkError):
    """The site answered with an error, or with a redirect that leads nowhere."""

    slug, title = "status", "Site answered with an error"


class EngineUnavailable(NetworkError):
    """The remote engine cannot be reached, or is too busy to answer."""

    slug, title = "engine-unavailable", "Remote engine unavailable"


class EngineFault(NetworkError):
    """The remote engine gave an error, a redirect, another format, or no whole answer."""

    slug, title = "engine-fault", "Remote engine at fault"


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
    """The change is to a graph that the program itself writes anew with every version."""

    slug, title = "graph-kept", "Graph kept by the program"


class QueryForbidden(QueryError):
    """The query asks for SERVICE or LOAD, which this service never runs."""

    slug, title = "query-forbidden", "Query forbidden"
