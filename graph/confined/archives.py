"""Compressed files and archives become their contents, within limits; runs in a confined process.

Output is counted as it comes: neither a size that a header states nor a ratio of the whole is
believed.
"""

from __future__ import annotations

import bz2
import codecs
import io
import json
import lzma
import re
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES: Final = codecs.lookup("cp437")  # of members; a confined process can import nothing
PIECE: Final = 64 * 1024
RATIO: Final = 100  # text and RDF compress to a twentieth or so
HARMLESS: Final = 1024 * 1024  # bytes below which no ratio is a bomb
MOST_MEMBERS: Final = 1000
LONGEST_NAME: Final = 200
XZ_MEMORY: Final = 128 * 1024 * 1024
ENCRYPTED: Final = 0x1
UNIX_MODE: Final = 16  # bits above which a member's mode stands
PLAIN_NAME: Final = re.compile(r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))(?!.*//)[^\\:\x00-\x1f\x7f]+")
ARCHIVE_STARTS: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"PK\x03\x04", b"PK\x05\x06")
FAULTS: Final = (
    zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError,
    ValueError,
)  # fmt: skip


def unpacked(content: bytes, *, place: str, kind: str, most: str) -> bytes:
    """Return a line of JSON, pairs of name and size, and the contents one after another.

    Args:
        content: A compressed file, whose only content has an empty name, or an archive.
        place: Its name, for errors.
        kind: ``gzip``, ``bzip2``, ``xz`` or ``zip``.
        most: Bytes that may come of it.

    Raises:
        SourceUnreadable: it is damaged, holds too much, or has members that are no plain files.
    """
    limit = _Limit(place, len(content), int(most))
    try:
        members = (
            _members(content, limit) if kind == "zip" else [("", _whole(content, kind, limit))]
        )
    except FAULTS as error:
        raise SourceUnreadable(
            f"the {kind} file is damaged: {error}", place=place, expected=f"a whole {kind} file"
        ) from error
    for name, inner in members:
        if inner.startswith(ARCHIVE_STARTS):
            limit.refuse(f"holds another archive{f', {name}' if name else ''}")
    sizes = json.dumps([[name, len(inner)] for name, inner in members]).encode()
    return b"".join([sizes, b"\n", *(inner for _, inner in members)])


class _Limit:
    """Counts what comes out of one file."""

    def __init__(self, place: str, size: int, most: int) -> None:
        self._place = place
        self._size = size
        self._most = most
        self._total = 0

    def count(self, piece: bytes) -> bytes:
        """Return *piece*, which came out.

        Raises:
            SourceUnreadable: now it is too much.
        """
        self._total += len(piece)
        if self._total > self._most:
            self.refuse(f"holds more than {self._most:,} bytes")
        if self._total > max(RATIO * self._size, HARMLESS):
            self.refuse(f"holds more than {RATIO} times what it is long")
        return piece

    def refuse(self, found: str) -> None:
        """Raise :class:`SourceUnreadable`."""
        raise SourceUnreadable(
            f"the compressed file {found}",
            place=self._place,
            expected="a compressed text, page or RDF file, or a zip archive of such files",
            action="unpack it by hand and look at what is in it",
        )


def _whole(content: bytes, kind: str, limit: _Limit) -> bytes:
    """Return what a file holds that is compressed as a whole, of one stream or several."""
    streams: dict[str, Callable[[bytes], Iterator[bytes]]] = {
        "gzip": _gunzipped,
        "bzip2": lambda given: _stream(given, bz2.BZ2Decompressor),
        "xz": lambda given: _stream(
            given, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        ),
    }
    return b"".join(limit.count(piece) for piece in streams[kind](content))


def _stream(
    content: bytes, fresh: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]
) -> Iterator[bytes]:
    """Yield what comes of *content*, a piece at a time."""
    rest = content
    while rest:
        current, given = fresh(), rest
        while not current.eof:
            piece = current.decompress(given, PIECE)
            given = b""
            if not piece and current.needs_input:
                raise EOFError("it is cut off")
            yield piece
        rest = current.unused_data.lstrip(b"\0")


def _gunzipped(content: bytes) -> Iterator[bytes]:
    """Yield what comes of *content*, a piece at a time."""
    rest = content
    while rest:
        current, given = zlib.decompressobj(16 + zlib.MAX_WBITS), rest
        while not current.eof:
            piece = current.decompress(given, PIECE)
            given = current.unconsumed_tail
            if not piece and not given and not current.eof:
                raise EOFError("it is cut off")
            yield piece
        rest = current.unused_data.lstrip(b"\0")


def _members(content: bytes, limit: _Limit) -> list[tuple[str, bytes]]:
    """Return the plain files of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = [each for each in archive.infolist() if not each.is_dir()]
        if len(listed) > MOST_MEMBERS:
            limit.refuse(f"has {len(listed):,} members, more than {MOST_MEMBERS:,}")
        names = [each.filename for each in listed]
        if len(set(names)) < len(names):
            limit.refuse("has several members of one name")
        for each in listed:
            _require_plain(each, limit)
        return [(each.filename, _member(archive, each, limit)) for each in listed]


def _require_plain(member: zipfile.ZipInfo, limit: _Limit) -> None:
    name = member.filename
    if len(name) > LONGEST_NAME or not PLAIN_NAME.fullmatch(name):
        limit.refuse(f"has a member of the name {name[:LONGEST_NAME]!r}")
    kind = stat.S_IFMT(member.external_attr >> UNIX_MODE)
    if kind not in {0, stat.S_IFREG}:
        limit.refuse(f"has a member that is no file but a link or device: {name!r}")
    if member.flag_bits & ENCRYPTED:
        limit.refuse(f"has an encrypted member: {name!r}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: _Limit) -> bytes:
    pieces: list[bytes] = []
    with archive.open(member) as stream:
        while piece := stream.read(PIECE):
            pieces.append(limit.count(piece))
    return b"".join(pieces)
