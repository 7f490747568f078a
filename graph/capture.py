"""One source becomes one captured version (bytes, verbatim text, digest), kept by its digest.

A text source keeps every character (line ends and blanks too); only a byte order mark is dropped.
Encodings, in this order: a UTF-8 or UTF-16 byte order mark; the encoding that the media type or the
HTML declares; UTF-8; Windows-1252, if the result has no control characters and few letters beyond
ASCII. Anything else is refused, never guessed.
"""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import (
    DataUnwritable,
    NotAReport,
    SourceMissing,
    SourceUnreadable,
    UsageError,
    VersionDamaged,
)
from peelgraph.graph.model import CapturedVersion
from peelgraph.graph.parsing import html_text, packing, pdf_text, unpacked

if TYPE_CHECKING:
    from typing import BinaryIO

LARGEST: Final = 8 * 1024 * 1024  # bytes; the longest report is under one tenth of it
TEXT: Final = "text/plain"
HTML: Final = "text/html"
PDF: Final = "application/pdf"
READABLE: Final = "a text, HTML or PDF page"
PDF_START: Final = b"%PDF-"
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What declared names mean: Latin-1 on the web is Windows-1252.
ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
DECLARED: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
DECLARED_WITHIN: Final = 1024  # bytes, as in the HTML standard
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MOST_FOREIGN: Final = 0.2  # share of characters beyond ASCII in plausible Windows-1252
HTML_START: Final = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def captured(
    content: bytes,
    *,
    media_type: str | None,
    source: str | None,
    retrieved: dt.datetime,
    place: str = "",
) -> CapturedVersion:
    """Return the captured version of *content*.

    Args:
        content: The bytes as they came.
        media_type: Their media type, with or without charset; ``None`` looks at the bytes.
        source: The address they came from, ``None`` for a local file.
        retrieved: When, timezone-aware.
        place: What to call the source in an error; the address unless given.

    Raises:
        NotAReport: there is nothing in it.
        SourceUnreadable: it is no PDF, and no text or HTML of a known encoding, or too large.
        ReadingStopped: it ended the confined process that parsed it, or ran over a limit.

    >>> page = captured(b"Kent 2015", media_type=None, source=None,
    ...                 retrieved=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    >>> page.text, page.media_type, page.sha12
    ('Kent 2015', 'text/plain', '3d3bd5e566e9')
    """
    named = place or source or ""
    _require_readable(content, named)
    kind, _, parameters = (media_type or "").partition(";")
    text, media_type = _text(content, kind.strip().lower(), _charset(parameters), named)
    if not text.strip():
        raise NotAReport("the source holds no text", place=named, expected="the text of a report")
    return CapturedVersion(
        text=text,
        content=content,
        sha256=sha256_of(text),
        media_type=media_type,
        source=source,
        retrieved=retrieved.astimezone(dt.UTC),
    )


def _text(content: bytes, kind: str, charset: str | None, place: str) -> tuple[str, str]:
    """Return the text of *content* and the media type that it turned out to have."""
    if content.startswith(PDF_START):
        return _printable(pdf_text(content, place), place), PDF
    if kind == PDF:
        raise SourceUnreadable("the source is no PDF", place=place, expected="a PDF, as announced")
    decoded = _decoded(content, charset, place)
    if _is_html(kind, decoded, place):
        return html_text(decoded, place), HTML
    return decoded, TEXT


def sha256_of(text: str) -> str:
    """Return the digest of *text* in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _require_readable(content: bytes, place: str) -> None:
    """Raise for content that is empty, too large or of a kind that cannot be read."""
    if not content:
        raise NotAReport("the source is empty", place=place, expected="the text of a report")
    if len(content) > LARGEST:
        raise SourceUnreadable(
            f"the source has more than {LARGEST:,} bytes", place=place, expected=READABLE
        )


def _charset(parameters: str) -> str | None:
    """Return the charset that a media type's parameters name."""
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.IGNORECASE)
    return found[1].lower() if found else None


def _decoded(content: bytes, charset: str | None, place: str) -> str:
    """Return the text of *content*, its byte order mark dropped."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _printable(_attempt(content.removeprefix(mark), encoding), place)
    declared = DECLARED.search(content[:DECLARED_WITHIN])
    name = charset or (declared[1].decode("ascii", "replace").lower() if declared else "")
    for candidate in (ENCODINGS.get(name), "utf-8"):
        if candidate and (text := _attempt(content, candidate)) is not None:
            return _printable(text, place)
    foreign = sum(byte > 0x7F for byte in content)  # noqa: PLR2004 - the last ASCII code
    plausible = foreign <= MOST_FOREIGN * len(content)
    return _printable(_attempt(content, "cp1252") if plausible else None, place)


def _attempt(content: bytes, encoding: str) -> str | None:
    """Return *content* decoded, or ``None`` where it is not of that encoding."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _printable(text: str | None, place: str) -> str:
    """Return *text* if it was decoded and has no control characters beyond white space."""
    if text is None:
        raise SourceUnreadable(
            "the bytes are no text of a known encoding",
            place=place,
            expected=f"{READABLE} in UTF-8, UTF-16 with its mark, or Windows-1252",
        )
    if control := CONTROL.search(text):
        raise SourceUnreadable(
            f"the source is binary: control character {ord(control[0]):#04x} at {control.start()}",
            place=place,
            expected=READABLE,
        )
    return text


def _is_html(kind: str, decoded: str, place: str) -> bool:
    """Whether the source is HTML, by its media type or, where that says nothing, by its start."""
    if kind in {HTML, "application/xhtml+xml"}:
        return True
    if kind in {"", "application/octet-stream"}:
        return HTML_START.match(decoded) is not None
    if kind.startswith("text/"):
        return False
    raise SourceUnreadable(f"the source is {kind}", place=place, expected=READABLE)


def captured_text(text: str, *, retrieved: dt.datetime | None = None) -> CapturedVersion:
    """Return the captured version of *text* as a program holds it, every character kept.

    Raises:
        NotAReport: there is nothing in it.
        SourceUnreadable: it has control characters or half of a surrogate pair.
    """
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise SourceUnreadable(
            f"the text has half of a surrogate pair at {error.start}", expected="Unicode text"
        ) from error
    if content.startswith(codecs.BOM_UTF8):
        content = codecs.BOM_UTF8 + content  # the text's own first character, not a mark
    moment = retrieved or now()
    return captured(content, media_type=f"{TEXT}; charset=utf-8", source=None, retrieved=moment)


def capture_file(path: Path, *, retrieved: dt.datetime | None = None) -> CapturedVersion:
    """Return the captured version of a local file; *retrieved* is now unless given.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: it is a folder, may not be read, or is no text, HTML or PDF.
        NotAReport: it is empty.
        ReadingStopped: it ended the confined process that parsed it, or ran over a limit.
    """
    name, content = str(path), _content(path)
    if packing(name) and len(content) <= LARGEST:
        packed = unpacked(content, name, LARGEST)
        if len(packed) != 1:
            raise SourceUnreadable(
                f"the archive holds {len(packed)} files", place=name, expected="one page"
            )
        ((name, content),) = packed
    return captured_member(name, content, retrieved=retrieved)


def captured_member(
    name: str, content: bytes, *, retrieved: dt.datetime | None = None
) -> CapturedVersion:
    """Return the captured version of what stood in a file of that *name*."""
    html = name.lower().endswith((".html", ".htm", ".xhtml"))
    return captured(
        content,
        media_type=HTML if html else None,
        source=None,
        retrieved=retrieved or now(),
        place=name,
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a local file, and no more than one too many.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: it is a folder or may not be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise SourceMissing(
            "there is no such file", place=str(path), expected="a file that exists"
        ) from error
    except OSError as error:
        raise SourceUnreadable(
            f"the file cannot be read: {error.strerror}", place=str(path), expected=READABLE
        ) from error


def capture_stdin(stream: BinaryIO, *, retrieved: dt.datetime | None = None) -> CapturedVersion:
    """Return the captured version of what a binary *stream* holds."""
    content = stream.read(LARGEST + 1)
    return captured(
        content,
        media_type=None,
        source=None,
        retrieved=retrieved or now(),
        place="standard input",
    )


def now() -> dt.datetime:
    """Return the time to the second, in UTC."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


class Captures:
    """The captured versions kept in a folder, addressed by the digest of their text.

    A version is three files, ``ab/cdef….bytes``, ``.txt`` and ``.json``; the last is written last,
    so a version without it does not exist. Nothing kept and whole is ever changed: a later capture
    of the same text leaves the first one's bytes, address and time as they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, version: CapturedVersion) -> Path:
        """Keep *version* unless its text is known, and return the path of its record.

        Raises:
            DataUnwritable: the disk is full or the folder may not be written.
        """
        record = self._path(version.sha256, ".json")
        if self.intact(version.sha256):
            return record
        said = {
            "sha256": version.sha256,
            "media_type": version.media_type,
            "source": version.source,
            "retrieved": version.retrieved.isoformat(),
        }
        try:
            record.parent.mkdir(parents=True, exist_ok=True)
            _write(record.with_suffix(".bytes"), version.content)
            _write(record.with_suffix(".txt"), version.text.encode())
            _write(record, json.dumps(said, indent=2, sort_keys=True).encode() + b"\n")
        except OSError as error:
            raise DataUnwritable(
                f"the captured page cannot be kept: {error.strerror}",
                place=str(self.folder),
                action="free some space or choose another folder with --data",
            ) from error
        return record

    def known(self, sha256: str) -> bool:
        """Whether a version with that digest of its text is kept."""
        return self._path(sha256, ".json").is_file()

    def first_retrieved(self, version: CapturedVersion) -> dt.datetime:
        """Return when the text of *version* was first captured: now or at the kept capture."""
        if not self.intact(version.sha256):
            return version.retrieved
        return self.read(version.sha256).retrieved

    def intact(self, sha256: str) -> bool:
        """Return whether a version is kept and whole; a damaged one is written anew."""
        try:
            return self.known(sha256) and self.read(sha256).sha256 == sha256
        except VersionDamaged:
            return False

    def read(self, sha256: str) -> CapturedVersion:
        """Return the version with that digest, as it was first captured.

        Raises:
            SourceMissing: no such version is kept.
            VersionDamaged: its files do not match its digest or cannot be read.
        """
        if not self.known(sha256):
            raise SourceMissing("no such captured version is kept", place=sha256)
        record = self._path(sha256, ".json")
        try:
            said = json.loads(record.read_bytes())
            text = record.with_suffix(".txt").read_bytes().decode()
            version = CapturedVersion(
                text=text,
                content=record.with_suffix(".bytes").read_bytes(),
                sha256=sha256_of(text),
                media_type=said["media_type"],
                source=said["source"],
                retrieved=dt.datetime.fromisoformat(said["retrieved"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VersionDamaged("a captured version cannot be read", place=str(record)) from error
        if version.sha256 != sha256:
            raise VersionDamaged(
                f"a captured text has the digest {version.sha256}",
                place=str(record),
                expected=sha256,
                action="capture the page again",
            )
        return version

    def _path(self, sha256: str, suffix: str) -> Path:
        """Return the path of one of a version's files; a digest can name no other place."""
        if not DIGEST.fullmatch(sha256):
            raise UsageError(f"'{sha256}' is no SHA-256 digest", expected="64 hexadecimal digits")
        return self.folder / sha256[:2] / f"{sha256[2:]}{suffix}"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a temporary file, on disk, then renamed into place."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
