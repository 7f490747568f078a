"""Bytes of strangers become text, quads or outlines, each kind in a confined process of its own.

The processes start at the first source of their kind, serve all that follow, and end with this one.
"""

from __future__ import annotations

import io
import json
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from peelgraph.graph.confined.enclosure import Bounds, Enclosure
from peelgraph.graph.errors import ReadingStopped, SourceUnreadable
from peelgraph.graph.nquads import FLAT_LINES
from peelgraph.graph.settings import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_RDF: Final = 128 * MEBIBYTE
LARGEST_UNPACKED: Final = 128 * MEBIBYTE
LARGEST_GEOJSON: Final = 64 * MEBIBYTE

HTML: Final = "peelgraph.graph.markup:text_of_html_bytes"
PDF: Final = "peelgraph.graph.pdf:text_of_pdf_bytes"
RDF: Final = "peelgraph.graph.confined.rdf:nquads"
ARCHIVE: Final = "peelgraph.graph.confined.archives:unpacked"
OUTLINES: Final = "peelgraph.graph.confined.outlines:outlined"
BOUNDS: Final = {
    HTML: Bounds(memory=512 * MEBIBYTE, seconds=30, answer=64 * MEBIBYTE),
    PDF: Bounds(memory=1024 * MEBIBYTE, seconds=60, answer=64 * MEBIBYTE),
    RDF: Bounds(memory=2048 * MEBIBYTE, seconds=300, answer=1024 * MEBIBYTE),
    ARCHIVE: Bounds(memory=512 * MEBIBYTE, seconds=60, answer=LARGEST_UNPACKED + MEBIBYTE),
    OUTLINES: Bounds(memory=2048 * MEBIBYTE, seconds=300, answer=MEBIBYTE),
}
VINTAGE: Final = re.compile(r"[0-9]{2}")
OUTLINE: Final = re.compile(r"(?:MULTI)?POLYGON \([-0-9., ()]++")
POINT: Final = re.compile(r"POINT \(-?[0-9.]+ -?[0-9.]+\)")
PACKED: Final = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zip": "zip"}


@lru_cache(maxsize=len(BOUNDS))
def _enclosure(function: str, _process: int) -> Enclosure:
    """Return the enclosure of this process; one that was forked off makes its own."""
    return Enclosure(function, BOUNDS[function])


def _asked(function: str, content: bytes, place: str, **options: str) -> bytes:
    return _enclosure(function, os.getpid()).ask(content, place=place, **options)


def html_text(html: str, place: str = "") -> str:
    """Return the text of *html*, as ``markup.text_of_html`` has it.

    Raises:
        SourceUnreadable: it declares entities of its own, or nests too deeply.
        ReadingStopped: it ended the process that read it, or ran over a limit.
    """
    return _asked(HTML, html.encode(), place).decode("utf-8", "replace")


def pdf_text(content: bytes, place: str = "") -> str:
    """Return the text of the PDF *content*, as ``pdf.text_of_pdf`` has it.

    Raises:
        SourceUnreadable: it is damaged, encrypted, too long, or has no text (a scan).
        ReadingStopped: it ended the process that read it, or ran over a limit.
    """
    return _asked(PDF, content, place).decode("utf-8", "replace")


def nquads_of(  # noqa: PLR0913 - what an RDF parser has to be told
    content: bytes, syntax: str, *, graph: str, genid: str, place: str, base: str = ""
) -> bytes:
    """Return what *content* states as sorted N-Quads, each line once, without blank nodes.

    Args:
        content: The bytes of one RDF file.
        syntax: Its syntax, by file extension.
        graph: The graph that triples without a graph name go to.
        genid: How the IRIs begin that stand for blank nodes; the RDFC-1.0 label follows.
        place: What to call the file in an error.
        base: The base of relative IRIs; none unless given.

    Raises:
        RdfSyntaxError: it does not parse, nests too deeply, has a DOCTYPE, or is no RDF 1.1.
        SourceUnreadable: it is too large.
        ReadingStopped: it ended the process that parsed it, ran over a limit, or had it answer
            with anything else.
    """
    if len(content) > LARGEST_RDF:
        raise SourceUnreadable(
            f"the file has more than {LARGEST_RDF:,} bytes",
            place=place,
            expected="a smaller file",
            action="split it: several files may state parts of one graph",
        )
    lines = _asked(RDF, content, place, syntax=syntax, graph=graph, genid=genid, base=base)
    return flat(lines, place)


def flat(lines: bytes, place: str) -> bytes:
    """Return what a confined process says to be N-Quads, where it is, line by line.

    Raises:
        ReadingStopped: it is not; whoever parses it might be led anywhere.
    """
    if not FLAT_LINES.fullmatch(lines):
        raise _nonsense("parsed", place)
    return lines


def outlines_of(
    content: bytes, known: Mapping[str, tuple[str, str, str]], place: str
) -> tuple[str, list[str], list[tuple[str, str, str]]]:
    """Return what a GeoJSON file draws as police areas, simplified.

    Args:
        content: The bytes of the file.
        known: Name, longitude and latitude of each area by its code.
        place: What to call the file in an error.

    Returns:
        The vintage, two digits of a year; the codes of areas that had to be mended; code, outline
        and centroid (well-known text in CRS84) of each area, in order of the codes.

    Raises:
        SourceUnreadable: it is no such file, is too large, or draws not exactly those areas.
        ReadingStopped: it ended the process that read it, ran over a limit, or had it answer
            with anything else.
    """
    if len(content) > LARGEST_GEOJSON:
        raise SourceUnreadable(
            f"the file has more than {LARGEST_GEOJSON:,} bytes",
            place=place,
            expected="generalised outlines",
            action="take a coarser file of the same areas",
        )
    answer = _asked(OUTLINES, content, place, known=json.dumps(known))
    try:
        said = json.loads(answer)
        vintage, mended = str(said["vintage"]), [str(code) for code in said["mended"]]
        areas = [(str(code), str(wkt), str(middle)) for code, wkt, middle in said["areas"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _nonsense("read", place) from error
    fits = [code for code, _, _ in areas] == sorted(known) and set(mended) <= set(known)
    shaped = all(OUTLINE.fullmatch(wkt) and POINT.fullmatch(middle) for _, wkt, middle in areas)
    if not (fits and shaped and VINTAGE.fullmatch(vintage)):
        raise _nonsense("read", place)
    return vintage, mended, areas


def _nonsense(done: str, place: str) -> ReadingStopped:
    return ReadingStopped(f"the process that {done} the source answered nonsense", place=place)


def packing(name: str) -> str:
    """Return the extension by which a file is compressed or an archive, empty if it is neither.

    >>> packing("notes.ttl.GZ"), packing("notes.ttl")
    ('.gz', '')
    """
    extension = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, not a path
    return extension if extension in PACKED else ""


def unpacked(content: bytes, name: str, most: int = LARGEST_UNPACKED) -> list[tuple[str, bytes]]:
    """Return the files in the compressed or archived *content* with their names.

    Args:
        content: The bytes of a file whose name has one of the extensions in ``PACKED``.
        name: Its name.
        most: Bytes that may come of it.

    Raises:
        SourceUnreadable: it is damaged, holds too much, or has members that are no plain files.
        ReadingStopped: it ended the process that unpacked it, or ran over a limit.
    """
    extension = packing(name)
    answer = _asked(ARCHIVE, content, name, kind=PACKED[extension], most=str(most))
    line, _, rest = answer.partition(b"\n")
    try:
        members = [(str(member), int(size)) for member, size in json.loads(line)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _nonsense("unpacked", name) from error
    sizes = [size for _, size in members]
    if min(sizes, default=0) < 0 or sum(sizes) != len(rest):
        raise _nonsense("unpacked", name)
    left = io.BytesIO(rest)
    return [
        (f"{name}/{member}" if member else name[: -len(extension)], left.read(size))
        for member, size in members
    ]
