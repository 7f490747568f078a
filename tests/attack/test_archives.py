"""Compressed files made to harm: bombs of five kinds, and archives that are no archives."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from peelgraph.graph import parsing
from peelgraph.graph.capture import capture_file
from peelgraph.graph.errors import ReadingStopped, SourceUnreadable
from peelgraph.graph.load import rdf_files
from peelgraph.graph.parsing import PACKED, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTE: Final = 1_000_000
WORDS: Final = b"Wessmarch 2015, an invented page."
PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zip": lambda content: zipped({"page.txt": content}),
}


def zipped(members: dict[str, bytes], **attributes: int) -> bytes:
    """A zip archive; *attributes* are set on every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
            archive.writestr(member, content)
    return out.getvalue()


def bomb(extension: str, megabytes: int) -> bytes:
    """So many megabytes of nothing, never held in memory."""
    piece = bytes(MEGABYTE)
    if extension == ".zip":
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("page.txt", "w", force_zip64=True) as member,
        ):
            for _ in range(megabytes):
                member.write(piece)
        return out.getvalue()
    packing = {
        ".gz": lambda: zlib.compressobj(9, zlib.DEFLATED, 31),
        ".bz2": bz2.BZ2Compressor,
        ".xz": lzma.LZMACompressor,
    }[extension]()  # type: ignore[no-untyped-call]
    return b"".join([packing.compress(piece) for _ in range(megabytes)]) + packing.flush()


@pytest.mark.parametrize("extension", PACKERS)
@pytest.mark.parametrize("megabytes", [2, 100, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_bomb_is_refused(extension: str, megabytes: int) -> None:
    """It is stopped while it comes out, whatever its header states."""
    content = bomb(extension, megabytes)
    assert len(content) * 100 < megabytes * MEGABYTE
    with pytest.raises(SourceUnreadable, match=r"100 times|134,217,728 bytes"):
        unpacked(content, f"bomb{extension}")


@pytest.mark.parametrize("extension", PACKERS)
def test_what_is_packed_is_read_like_what_is_not(extension: str, tmp_path: Path) -> None:
    """Pages and RDF alike; words repeat themselves, which is no bomb."""
    page = tmp_path / f"page.txt{extension}"
    page.write_bytes(PACKERS[extension](WORDS * 1000))
    version = capture_file(page)
    assert (version.text, version.content) == ((WORDS * 1000).decode(), WORDS * 1000)
    notes = tmp_path / f"notes.ttl{extension}"
    turtle = b"<http://e.org/a> <http://e.org/p> 1 ."
    given = zipped({"a/notes.ttl": turtle, "b.nt": turtle, "c/": b""})
    notes.write_bytes(given if extension == ".zip" else PACKERS[extension](turtle))
    files = rdf_files(notes)
    expected = ["a/notes.ttl", "b.nt"] if extension == ".zip" else [""]
    assert [(each.name, each.content) for each in files] == [
        (f"{notes}/{name}" if name else str(notes.with_suffix("")), turtle) for name in expected
    ]
    assert files[0].slug == "notes"


@pytest.mark.parametrize("extension", PACKERS)
def test_damaged_files_are_refused(extension: str) -> None:
    """Cut anywhere, or with any byte changed: refused, or what it was."""
    whole = PACKERS[extension](WORDS)
    for at in range(1, len(whole), 3):
        with pytest.raises(SourceUnreadable):
            unpacked(whole[:at], f"page.txt{extension}")
        changed = bytearray(whole)
        changed[at] ^= 0x55
        try:
            assert unpacked(bytes(changed), f"page.txt{extension}")
        except SourceUnreadable as error:
            assert error.place == f"page.txt{extension}"  # noqa: PT017 - being read is as good


@pytest.mark.parametrize("outer", PACKERS)
@pytest.mark.parametrize("inner", PACKERS)
def test_an_archive_in_an_archive_is_refused(outer: str, inner: str) -> None:
    """Each layer would multiply what the last one held."""
    with pytest.raises(SourceUnreadable, match="another archive"):
        unpacked(PACKERS[outer](PACKERS[inner](WORDS)), f"nested{outer}")


HOSTILE_ZIPS: Final = {
    "many members": (zipped({f"{n}.txt": b"x" for n in range(1001)}), "1,001 members"),
    "absolute": (zipped({"/etc/passwd": b"x"}), "of the name"),
    "upwards": (zipped({"a/../../b.txt": b"x"}), "of the name"),
    "backslash": (zipped({"..\\b.txt": b"x"}), "of the name"),
    "drive": (zipped({"C:b.txt": b"x"}), "of the name"),
    "control": (zipped({"a\x1b[31m.txt": b"x"}), "of the name"),
    "long": (zipped({"a" * 201: b"x"}), "of the name"),
    "link": (zipped({"a.txt": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16), "link"),
    "device": (zipped({"a.txt": b""}, external_attr=(stat.S_IFCHR | 0o777) << 16), "link"),
    "one name twice": (
        zipped({"a.txt": b"x", "b.txt": b"y"}).replace(b"b.txt", b"a.txt"),
        "one name",
    ),
}


@pytest.mark.parametrize("name", HOSTILE_ZIPS)
def test_members_are_plain_files_with_plain_names(name: str) -> None:
    """Nothing is ever written to disk, and no name says where it might have been."""
    content, found = HOSTILE_ZIPS[name]
    with pytest.raises(SourceUnreadable, match=found):
        unpacked(content, "hostile.zip")


def test_encrypted_members_are_refused() -> None:
    """What needs a password was not published."""
    content = bytearray(zipped({"a.txt": b"x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceUnreadable, match="encrypted"):
        unpacked(bytes(content), "locked.zip")


def test_a_limit_of_the_caller_holds() -> None:
    """A page may be smaller than a file of RDF."""
    with pytest.raises(SourceUnreadable, match="more than 30 bytes"):
        unpacked(gzip.compress(WORDS), "page.txt.gz", most=30)
    assert set(PACKED) == set(PACKERS)


def test_members_of_one_archive_count_together() -> None:
    """A thousand members of a megabyte are a gigabyte."""
    members = {f"{n}.txt": bytes([n % 7]) * (MEGABYTE // 4) for n in range(40)}
    with pytest.raises(SourceUnreadable, match="100 times"):
        unpacked(zipped(members), "many.zip")


def test_every_member_of_a_full_archive_comes_out_as_it_went_in() -> None:
    """A thousand of them, some empty: each has its own name and bytes, in the archive's order."""
    members = {f"{n}.txt": b"%d, an invented page." % n * (n % 7) for n in range(1000)}
    found = unpacked(zipped(members), "many.zip")
    assert found == [(f"many.zip/{name}", content) for name, content in members.items()]


@pytest.mark.parametrize(
    "line",
    [
        b'[["a.txt", -1]]',
        b'[["a.txt", 6], ["b.txt", -1]]',
        b'[["a.txt", 6]]',
        b'[["a.txt", 1e400]]',
        b'[["a.txt", Infinity]]',
        b'[["a.txt", 36893488147419103232]]',
        b'[["a.txt"]]',
        b"[" * 100_000,
    ],
)
def test_a_confined_process_that_lies_about_its_members_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    """What has unpacked a hostile file may say anything; sizes below none would read the rest."""
    monkeypatch.setattr(parsing, "_asked", lambda *_, **__: line + b"\nhello")
    with pytest.raises(ReadingStopped, match="answered nonsense"):
        unpacked(b"", "lies.zip")
