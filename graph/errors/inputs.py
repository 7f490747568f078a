"""What is wrong with a call, a source or data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.errors.base import PeelgraphError

if TYPE_CHECKING:
    from collections.abc import Mapping


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
