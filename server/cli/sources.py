"""What stands on the command line as a source: files, folders, standard input, addresses."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from peelgraph.graph.capture import (
    Captures,
    capture_file,
    capture_stdin,
    captured_member,
    now,
)
from peelgraph.graph.errors import PeelgraphError, SourceMissing
from peelgraph.graph.fetching import AddressBook, Fetcher, Policy, capture_address
from peelgraph.graph.ingest import Here
from peelgraph.graph.parsing import packing, unpacked
from peelgraph.graph.settings import settings_from

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from peelgraph.graph.model import CapturedVersion
    from peelgraph.graph.settings import Settings

    Capturing: TypeAlias = Callable[[str], CapturedVersion]
    NamedSource: TypeAlias = tuple[str, Callable[[], CapturedVersion]]

EXTENSIONS: Final = (".txt", ".html", ".htm", ".pdf")
ARCHIVE: Final = ".zip"
LARGEST_ARCHIVE: Final = 64 * 1024 * 1024  # bytes, of the archive and of what is in it
ADDRESSES: Final = ("http://", "https://", "ftp://")


def named_sources(arguments: Iterable[str], fetch: Capturing | None = None) -> list[NamedSource]:
    """Return each source with the function that captures it, folders and lists opened up.

    Args:
        arguments: Files, folders, addresses, ``-``, or ``@FILE`` for a list of addresses.
        fetch: Captures the page at an address; unless given, nothing of it is kept.

    Raises:
        SourceMissing: a folder or a list holds nothing that could be read.
    """
    return [
        source for argument in arguments for source in _sources(argument, fetch or _fetched_once)
    ]


def _fetched_once(address: str) -> CapturedVersion:
    """Return the page at *address*; what is kept of it is deleted."""
    with tempfile.TemporaryDirectory(prefix="peelgraph-") as scratch:
        return fetching(settings_from(os.environ), Path(scratch), now())(address)


def fetching(settings: Settings, captures: Path, moment: dt.datetime) -> Capturing:
    """Return the function that captures the page at an address and keeps it in *captures*."""
    hosts = (host.strip().lower() for host in settings.fetch_hosts.split(","))
    policy = Policy(hosts=frozenset(host for host in hosts if host))
    fetcher = Fetcher(policy, pause=settings.fetch_pause)
    return partial(
        capture_address, fetcher=fetcher, book=AddressBook(Captures(captures)), moment=moment
    )


def _sources(argument: str, fetch: Capturing) -> list[NamedSource]:
    if argument == "-":
        return [("standard input", Here(partial(capture_stdin, sys.stdin.buffer)))]
    if argument.lower().startswith(ADDRESSES):
        return [(argument, Here(partial(fetch, argument)))]
    if argument.startswith("@"):
        return [(each, Here(partial(fetch, each))) for each in _listed(Path(argument[1:]))]
    path = Path(argument)
    if not path.is_dir():
        return _file(path)
    found = sorted(each for each in path.rglob("*") if _is_page(each.name) and each.is_file())
    if not found:
        raise SourceMissing(
            "the folder holds no file that can be read",
            place=argument,
            expected="files named *.txt, *.html, *.htm or *.pdf, compressed or not, or *.zip",
        )
    return [source for each in found for source in _file(each)]


def _is_page(name: str) -> bool:
    """Return whether a file of that name is looked into where a folder is searched."""
    packed = packing(name)
    return packed == ARCHIVE or name.lower().removesuffix(packed).endswith(EXTENSIONS)


def _file(path: Path) -> list[NamedSource]:
    """Return a file, or the pages in an archive; one that is a fault itself is its own source."""
    if packing(path.name) != ARCHIVE:
        return [(str(path), partial(capture_file, path))]
    try:
        with path.open("rb") as stream:
            packed = unpacked(stream.read(LARGEST_ARCHIVE + 1), str(path), LARGEST_ARCHIVE)
    except (OSError, PeelgraphError):
        return [(str(path), partial(capture_file, path))]  # which says what is wrong with it
    pages = [(name, content) for name, content in packed if _is_page(name)]
    if not pages:
        return [(str(path), partial(capture_file, path))]
    return [(name, partial(captured_member, name, content)) for name, content in pages]


def _listed(path: Path) -> list[str]:
    """Return the addresses of a list file; blank lines and lines that begin with # are left out.

    Raises:
        SourceMissing: there is no such file, or no address in it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceMissing("the list cannot be read", place=str(path)) from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise SourceMissing(
            "the list holds no address", place=str(path), expected="one https address a line"
        )
    return found
