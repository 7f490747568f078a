"""What becomes of a source's bytes, and how captured versions are kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import (
    LARGEST,
    Captures,
    capture_file,
    capture_stdin,
    captured,
    captured_text,
    sha256_of,
)
from peelgraph.graph.errors import (
    DataUnwritable,
    NotAReport,
    SourceMissing,
    SourceUnreadable,
    UsageError,
    VersionDamaged,
)

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.model import CapturedVersion

MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def version(content: bytes, media_type: str | None = None) -> CapturedVersion:
    """*content* captured at a fixed moment."""
    return captured(content, media_type=media_type, source=None, retrieved=MOMENT)


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "  a \n\n\tb", "Ŵ \u2013 \u2019 😀", "a\rb\u2028c"])
def test_text_is_kept_to_the_character(text: str) -> None:
    """Offsets and digest are of the text as captured, so nothing may be tidied."""
    found = version(text.encode())
    assert found.text == text
    assert found.sha256 == sha256_of(text)
    assert captured_text(text, retrieved=MOMENT).text == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfKent", "Kent"),
        ("Kent ŵ".encode("utf-16"), "Kent ŵ"),
        (b"\xfe\xff" + "Kent".encode("utf-16-be"), "Kent"),
        ("It is Kent\u2019s \u2013 £9".encode("cp1252"), "It is Kent\u2019s \u2013 £9"),
    ],
)
def test_known_encodings_are_decoded(content: bytes, text: str) -> None:
    """Pages saved by office programs and old browsers are read too."""
    assert version(content).text == text


def test_the_declared_charset_wins_where_it_fits() -> None:
    """Latin-1 on the web means Windows-1252; a false declaration falls back to UTF-8."""
    assert version("£\u2019".encode("cp1252"), "text/plain; charset=ISO-8859-1").text == "£\u2019"
    page = "<meta charset='utf-8'><p>Kent\u2019s".encode()
    assert version(page, "text/html").text == "Kent\u2019s"


@pytest.mark.parametrize(
    ("content", "media_type", "words"),
    [
        (b"\x00\x01\x02binary", None, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "binary"),
        (bytes(range(0x80, 0x100)) * 4, None, "no text of a known encoding"),
        (b"%PDF-1.7 ...", None, "PDF"),
        (b"{}", "application/json", "application/json"),
        (b"x" * (LARGEST + 1), None, "more than"),
        (b"\xff\xfe\x00\xd8", None, "no text"),  # half of a surrogate pair
        (b"<!DOCTYPE html [<!ENTITY a 'b'>]><p>&a;", None, "entities"),
        (b"<div>" * 400 + b"deep", "text/html", "deeper"),
    ],
)
def test_what_is_no_page_is_unreadable(content: bytes, media_type: str | None, words: str) -> None:
    """The sentence says what was found; the other half what was expected."""
    with pytest.raises(SourceUnreadable, match=words) as caught:
        version(content, media_type)
    assert caught.value.expected


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"<html><body></body></html>"]
)
def test_an_empty_source_is_no_report(content: bytes) -> None:
    """Nothing in it is told apart from something unreadable in it."""
    with pytest.raises(NotAReport):
        version(content)


def test_html_is_known_by_type_or_by_its_start() -> None:
    """A text that merely mentions markup stays text."""
    assert version(b"<!doctype html><p>Kent").text == "Kent"
    assert version(b"<p>Kent", "text/html; charset=utf-8").media_type == "text/html"
    assert version(b"The tag <html> is markup").media_type == "text/plain"


def test_files_and_streams(tmp_path: Path) -> None:
    """The three ways in give one result for one content."""
    path = tmp_path / "page.HTM"
    path.write_bytes(b"<p>Kent 2015")
    assert capture_file(path, retrieved=MOMENT).text == "Kent 2015"
    stream = capture_stdin(io.BytesIO(b"Kent 2015"), retrieved=MOMENT)
    assert stream.sha256 == sha256_of("Kent 2015")
    with pytest.raises(SourceMissing):
        capture_file(tmp_path / "absent.txt")
    with pytest.raises(SourceUnreadable):
        capture_file(tmp_path)
    with pytest.raises(SourceUnreadable):
        captured_text("half \ud800")


def test_the_real_page_has_its_known_digest(kent_2015_path: Path) -> None:
    """The digest stands in published IRIs."""
    assert capture_file(kent_2015_path).sha12 == "bf6ea9beedad"


def test_kept_versions_come_back_and_are_never_changed(tmp_path: Path) -> None:
    """A second capture of the same words tells nothing new, so the first record stays."""
    captures = Captures(tmp_path / "captures")
    first = version(b"Kent 2015")
    later = dataclasses.replace(
        first, source="https://example.org/", retrieved=MOMENT.replace(year=2027)
    )
    record = captures.keep(first)
    assert record.relative_to(tmp_path).parts[:2] == ("captures", first.sha256[:2])
    before = {path: path.read_bytes() for path in record.parent.iterdir()}
    assert captures.first_retrieved(later) == MOMENT
    captures.keep(later)
    assert {path: path.read_bytes() for path in record.parent.iterdir()} == before
    assert len(before) == 3
    assert captures.read(first.sha256) == first


def test_unknown_and_damaged_versions_are_errors(tmp_path: Path) -> None:
    """A text that does not match its digest is no evidence; a digest is no path."""
    captures = Captures(tmp_path)
    kept = version(b"Kent 2015")
    with pytest.raises(SourceMissing):
        captures.read(kept.sha256)
    captures.keep(kept).with_suffix(".txt").write_bytes(b"Kent 2016")
    with pytest.raises(VersionDamaged):
        captures.read(kept.sha256)
    with pytest.raises(UsageError):
        captures.known("../../etc/passwd")


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """The user must learn that nothing was kept."""
    (tmp_path / "captures").write_bytes(b"a file where the folder should be")
    with pytest.raises(DataUnwritable):
        Captures(tmp_path / "captures").keep(version(b"Kent 2015"))
