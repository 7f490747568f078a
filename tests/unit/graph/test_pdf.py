"""PDFs become the text that they were set from, or are refused with a reason."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelgraph.graph.capture import capture_file, captured
from peelgraph.graph.errors import SourceUnreadable
from peelgraph.graph.pdf import MOST_PAGES, text_of_pdf
from peelgraph.graph.reading import ForceNames, read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

PAGE = Path(__file__).parents[2] / "data" / "wessmarch-2015.txt"
NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)

# What the tests set: Courier, so that lines break where a typesetter would break them.
WIDTH = 78  # characters of Courier at 10 points between margins of 72 points
LINES = 44  # of a page between its running lines
LEADING = 14
TOP = 700


@pytest.fixture(scope="module")
def invented() -> str:
    """The invented page of 2015."""
    return PAGE.read_text(encoding="utf-8").rstrip("\n")


def test_a_page_set_as_pdf_gives_its_text_back(invented: str) -> None:
    """Wrapped lines are one block again, so that sentences and offsets are those of a web page."""
    content = pdf_of(invented, header="An invented report", footer="Page {} of 3")
    assert text_of_pdf(content) == invented


def test_a_pdf_is_read_like_the_page(invented: str, tmp_path: Path) -> None:
    """What a report says does not depend on the form in which it was published."""
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf_of(invented, footer="{}"))
    version = capture_file(path)
    assert version.media_type == "application/pdf"
    assert version.content == path.read_bytes()
    known = reading_context(bundled_tables())
    wessmarch = ForceNames(slug="wessmarch", names=("Wessmarch Police", "Wessmarch"))
    context = dataclasses.replace(known, forces=(*known.forces, wessmarch))
    assert read(version, context).slug == "peel-2015-wessmarch"


def test_running_lines_and_page_numbers_are_no_text() -> None:
    """A header in the middle of a sentence would cut it in two."""
    body = "\n".join(
        f"Sentence number {count} of the invented page is here." for count in range(60)
    )
    text = text_of_pdf(pdf_of(body, header="Exampleshire report", footer="{}"))
    assert text == body


def test_a_block_goes_on_over_the_page() -> None:
    """A page ends where the paper ends."""
    block = " ".join(f"word{count}" for count in range(900)) + "."
    assert text_of_pdf(pdf_of(block)) == block


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the invented harbour has anti-", "social gulls", "anti-social gulls"),
        ("harbour: the har-", "bour has gulls", "the harbour has gulls"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_unless_the_word_is_known(
    first: str, second: str, joined: str
) -> None:
    """Reports are set without hyphenation, so that most such hyphens belong to the word."""
    shown = f"BT /F 10 Tf 14 TL 72 700 Td ({first}) Tj T* ({second}) Tj ET".encode()
    assert text_of_pdf(pdf_of_pages([shown])).endswith(joined)


def test_entries_of_a_list_stay_apart() -> None:
    """An entry may end at the margin, where an ordinary line would go on."""
    entries = "\n".join(["- " + "a" * 76, "- " + "b" * 76, "• last one."])
    assert text_of_pdf(pdf_of(entries)).splitlines() == entries.splitlines()


def test_damaged_pdf_is_refused_with_its_place(invented: str) -> None:
    """A cut download is a common source."""
    with pytest.raises(SourceUnreadable, match="damaged"):
        text_of_pdf(pdf_of(invented)[:900], "cut.pdf")


def test_encrypted_pdf_is_refused() -> None:
    """What needs a password was not published."""
    with pytest.raises(SourceUnreadable, match="encrypted"):
        text_of_pdf(encrypted())


def test_scan_is_refused_with_what_to_do() -> None:
    """A page of pictures has no words to cite."""
    with pytest.raises(SourceUnreadable, match="no text") as raised:
        text_of_pdf(pdf_of_pages([b"0 0 100 100 re f"]))
    assert "scanned" in str(raised.value.action)


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    """A file can be small and have pages without number."""
    with pytest.raises(SourceUnreadable, match=f"{MOST_PAGES + 1} pages"):
        text_of_pdf(pdf_of_pages([b""] * (MOST_PAGES + 1)))


def test_a_source_announced_as_pdf_must_be_one() -> None:
    """An error page served under a report's address is no report."""
    with pytest.raises(SourceUnreadable, match="no PDF"):
        captured(b"<html>gone</html>", media_type="application/pdf", source=None, retrieved=NOW)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(min_value=0, max_value=3000), byte=st.integers(min_value=0, max_value=255))
def test_one_wrong_byte_never_crashes(at: int, byte: int) -> None:
    """Whatever came over the wire is text or a named error."""
    content = bytearray(pdf_of("Exampleshire 2015\nThe invented force keeps a boat."))
    content[at % len(content)] = byte
    with contextlib.suppress(SourceUnreadable):
        assert text_of_pdf(bytes(content))


def encrypted() -> bytes:
    """Return a PDF whose trailer demands a password that nobody has."""
    plain = pdf_of("Exampleshire 2015")
    lock = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>"
        b"/ID[<00><00>]"
    )
    return plain.replace(b"trailer<<", b"trailer<<" + lock)


def pdf_of(text: str, *, header: str = "", footer: str = "") -> bytes:
    """Return *text* as a PDF, one block a line of *text*, wrapped; ``{}`` is the page's number."""
    typeset: list[str] = []
    for block in text.splitlines():
        typeset += textwrap.wrap(block, WIDTH, break_long_words=False) or [""]
        typeset.append("")
    pages = [typeset[at : at + LINES] for at in range(0, len(typeset), LINES)]
    return pdf_of_pages(
        [
            _page(lines, header.format(number), footer.format(number))
            for number, lines in enumerate(pages, start=1)
        ]
    )


def pdf_of_pages(contents: list[bytes]) -> bytes:
    """Return a PDF with a page for each of *contents*, which are content streams."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(contents)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    for index, content in enumerate(contents):
        parts.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * index} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        parts.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return _file(parts)


def _file(parts: list[bytes]) -> bytes:
    """Return the objects *parts* as a file with its table of offsets."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(out)


def _page(lines: list[str], header: str, footer: str) -> bytes:
    """Return a content stream with the running lines above and below *lines*."""
    placed = [(760, header), (30, footer)]
    placed += [(TOP - LEADING * index, line) for index, line in enumerate(lines)]
    return b"\n".join(_shown(height, line) for height, line in placed if line)


def _shown(height: int, line: str) -> bytes:
    escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"BT /F 10 Tf 72 %d Td (%s) Tj ET" % (height, escaped.encode("cp1252"))
