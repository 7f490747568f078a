"""What is wrong with the store, a version or the place it is served at."""

from __future__ import annotations

from peelgraph.graph.errors.base import PeelgraphError


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


class DumpsPending(VersionError):
    """The files of a version are being made and will be there soon."""

    slug, title = "dumps-pending", "Files are being made"


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
