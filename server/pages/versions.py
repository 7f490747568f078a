"""The versions that this server has, and their files: what pages and downloads ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import DumpsPending, UnknownVersion
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from peelgraph.graph.dumps import DumpMaker, Dumps
    from peelgraph.graph.versions import DataFolder, Version

PATIENCE: Final = 5.0
"""Seconds that a request waits for files to be made."""
GLANCE: Final = 0.3
"""The same for a request that can do without them."""


def maker() -> DumpMaker:
    """Return what has files of versions made.

    Raises:
        PageNotFound: This server answers from a file or from elsewhere.
    """
    found = this_service().dumps
    if found is None:
        raise PageNotFound("this server serves no versions of its own, so it has no dumps")
    return found


def folder() -> DataFolder:
    """Return the data folder that is served; see :func:`maker`."""
    return maker().data


def version_called(name: str) -> Version:
    """Return the version of exactly that name.

    Raises:
        PageNotFound: There is none.
    """
    try:
        found = folder().version(name)
    except UnknownVersion as error:
        raise PageNotFound(
            f"there is no version {name!r}", action="see /data for those there are"
        ) from error
    if found.name != name:
        raise PageNotFound(f"there is no version {name!r}, but {found.name!r}")
    return found


def served() -> Version:
    """Return the version that queries are answered from."""
    known = this_service().engine.version()
    return folder().version(known) if known else folder().current()


def files_of(name: str) -> Dumps:
    """Return the files of a version that exists, made where they are missing.

    Raises:
        DumpsPending: They are not there yet.
    """
    found = maker().ready(name, PATIENCE)
    if found is None:
        raise DumpsPending(
            f"the files of {name} are being made", action="ask again in some seconds"
        )
    return found
