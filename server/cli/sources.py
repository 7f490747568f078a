"""What stands on the command line as a source: files, folders, standard input, addresses."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from peelgraph.graph.capture import capture_file, capture_stdin
from peelgraph.graph.errors import NetworkError, SourceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NoReturn

    from peelgraph.graph.model import CapturedVersion

    NamedSource: TypeAlias = tuple[str, Callable[[], CapturedVersion]]

EXTENSIONS: Final = frozenset({".txt", ".html", ".htm", ".pdf"})
ADDRESSES: Final = ("http://", "https://", "ftp://")


def named_sources(arguments: Iterable[str]) -> list[NamedSource]:
    """Return each source with the function that captures it, folders opened up and sorted.

    Raises:
        SourceMissing: a folder holds nothing that could be read.
    """
    return [source for argument in arguments for source in _sources(argument)]


def _sources(argument: str) -> list[NamedSource]:
    if argument == "-":
        return [("standard input", partial(capture_stdin, sys.stdin.buffer))]
    if argument.lower().startswith(ADDRESSES):
        return [(argument, partial(_refuse_address, argument))]
    path = Path(argument)
    if not path.is_dir():
        return [(argument, partial(capture_file, path))]
    found = sorted(
        each for each in path.rglob("*") if each.suffix.lower() in EXTENSIONS and each.is_file()
    )
    if not found:
        raise SourceMissing(
            "the folder holds no file that can be read",
            place=argument,
            expected="files named *.txt, *.html, *.htm or *.pdf",
        )
    return [(str(each), partial(capture_file, each)) for each in found]


def _refuse_address(address: str) -> NoReturn:
    raise NetworkError(
        "an address cannot be fetched yet",
        place=address,
        expected="a file, a folder or - for standard input",
        action="save the page from a browser and give the file",
    )
