"""Lines of canonical N-Quads: which graph a line belongs to, and its triple."""

from __future__ import annotations

import re
from typing import Final

DEFAULT: Final = "default"
"""How manifests call the graph without a name; no IRI is this word."""
END: Final = b"> .\n"
_IRI: Final = rb'<[^<>"{}|^`\\\x00-\x20]*+>'
_LITERAL: Final = rb'"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"(?:@[A-Za-z0-9-]++|\^\^' + _IRI + rb")?"
FLAT_LINES: Final = re.compile(
    rb"(?:%b %b (?:%b|%b) %b \.\n)*+" % (_IRI, _IRI, _IRI, _LITERAL, _IRI)
)
"""Whole lines of N-Quads, each with a graph's name and no blank nodes or triple terms."""


def graph_of(line: bytes) -> str:
    r"""Return the name of the graph that *line* belongs to, :data:`DEFAULT` where it names none.

    >>> graph_of(b'<a:s> <a:p> "1"^^<a:dt> <a:g> .\n'), graph_of(b'<a:s> <a:p> "1"^^<a:dt> .\n')
    ('a:g', 'default')
    >>> graph_of(b'<a:s> <a:p> <a:o> .\n')
    'default'
    """
    start = _graph_start(line)
    return line[start + 1 : -4].decode() if start else DEFAULT


def triple_of(line: bytes) -> bytes:
    r"""Return *line* without the name of its graph.

    >>> triple_of(b'<a:s> <a:p> "<" <a:g> .\n')
    b'<a:s> <a:p> "<" .\n'
    """
    start = _graph_start(line)
    return line[: start - 1] + b" .\n" if start else line


def _graph_start(line: bytes) -> int:
    """Return where the graph's name begins; 0 where there is none."""
    if not line.endswith(END):
        return 0
    start = line.rindex(b"<")
    if line[start - 1 : start] != b" ":
        return 0  # the datatype of a literal
    value = line.index(b" ", line.index(b" ") + 1) + 1
    return start if start > value else 0
