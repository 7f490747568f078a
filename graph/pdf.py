"""PDF to plain text: one block a line, wrapped lines joined, running headers and footers dropped.

PDFium reads a page in the order of its content. Lines belong to one block if they are set close
together in letters of one size and the first word of the next would not have fitted on the line
before: where a typesetter broke a line that had room, a paragraph ended. PDFium reads files of
strangers, and is not thread-safe: it runs in a confined process, see ``parsing.pdf_text``.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pypdfium2  # type: ignore[import-untyped]  # its hints come without the marker
import pypdfium2.raw  # type: ignore[import-untyped]  # the same

from peelgraph.graph.errors import SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAGES: Final = 300  # the longest report has under one hundred
MOST_CHARACTERS: Final = 2_000_000
EXPECTED: Final = "a PDF with text that opens without a password"

BAND: Final = 0.08  # share of a page's height, above and below, where running lines stand
STEP: Final = 1.7  # line heights from one line of a block to the next, at most
ALIKE: Final = 0.15  # difference of letter heights within a block, at most
PAGE_NUMBER: Final = re.compile(r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?", re.IGNORECASE)
LIST_MARK: Final = re.compile(r"(?:[-*•‣▪◦·\u2013\uf0b7]|o|\d{1,2}[.)]|\([a-z]\))\s")
# PDFium puts one of the first two for any hyphen at the end of a line, and no line end after it.
BROKEN: Final = "\x02\ufffe"
SOFT_HYPHEN: Final = "\xad"
LINE_ENDS: Final = "\r\n"
UNBROKEN: Final = str.maketrans({"\x02": "-", "\ufffe": "-", SOFT_HYPHEN: ""})
LAST_PART: Final = re.compile(r"[^\W\d_]+$")
FIRST_PART: Final = re.compile(r"[^\W\d_]+")
PLAIN: Final = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\uf0b7": "•",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """One set line: its words, its box from the lower left corner, and its page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    page: int

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class _PageText:
    """The lines of a page and its height."""

    lines: tuple[_Line, ...]
    height: float


def text_of_pdf(content: bytes, place: str = "") -> str:
    """Return the text of the PDF *content*, one block a line, without a final line end.

    Raises:
        SourceUnreadable: it is damaged, encrypted, too long, or has no text (a scan).
    """
    pages = _pages(content, place)
    lines = [line for page in _without_running_lines(pages) for line in page]
    if not lines:
        raise SourceUnreadable(
            "the PDF holds no text",
            place=place,
            expected=EXPECTED,
            action="a scanned report must be turned into text first",
        )
    return "\n".join(_blocks(lines))


def text_of_pdf_bytes(content: bytes, *, place: str) -> bytes:
    """Return the text of a PDF in UTF-8, with a mark for half of a surrogate pair."""
    halves = text_of_pdf(content, place).encode("utf-16", "surrogatepass")
    return halves.decode("utf-16", "replace").encode()


def _pages(content: bytes, place: str) -> list[_PageText]:
    """Return the lines of every page."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise SourceUnreadable(
            "the PDF is encrypted" if locked else "the PDF is damaged",
            place=place,
            expected=EXPECTED,
        ) from error
    try:
        return _opened(document, place)
    except pypdfium2.PdfiumError as error:
        raise SourceUnreadable(
            "a page of the PDF is damaged", place=place, expected=EXPECTED
        ) from error
    finally:
        document.close()


def _opened(document: pypdfium2.PdfDocument, place: str) -> list[_PageText]:
    """Return the lines of every page of an open document, within the limits."""
    if len(document) > MOST_PAGES:
        raise SourceUnreadable(
            f"the PDF has {len(document)} pages",
            place=place,
            expected=f"a report of at most {MOST_PAGES} pages",
        )
    pages: list[_PageText] = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        characters += text.count_chars()
        if characters > MOST_CHARACTERS:
            raise SourceUnreadable(
                f"the PDF has more than {MOST_CHARACTERS:,} characters",
                place=place,
                expected="a report",
            )
        pages.append(_PageText(tuple(_lines(text, number)), page.get_height()))
        text.close()
        page.close()
    return pages


def _lines(text: pypdfium2.PdfTextPage, page: int) -> Iterator[_Line]:
    """Yield the set lines of a page in the order of its content."""
    start = 0
    count = text.count_chars()
    codes = [pypdfium2.raw.FPDFText_GetUnicode(text, index) for index in range(count)]
    letters = [chr(code) if code else " " for code in codes]
    for end in range(count + 1):
        if end < count and letters[end] not in LINE_ENDS + BROKEN:
            continue
        last = end + 1 if end < count and letters[end] in BROKEN else end
        shown = [index for index in range(start, last) if not letters[index].isspace()]
        if shown:
            yield _line(text, "".join(letters[start:last]), shown, page)
        start = end + 1


def _line(text: pypdfium2.PdfTextPage, words: str, shown: list[int], page: int) -> _Line:
    """Return the line whose visible characters have the indices *shown*."""
    first = text.get_charbox(shown[0], loose=True)
    last = text.get_charbox(shown[-1], loose=True)
    return _Line(
        text=re.sub(r"\s+", " ", words.translate(PLAIN)).strip(),
        left=first[0],
        right=last[2],
        bottom=min(first[1], last[1]),
        top=max(first[3], last[3]),
        page=page,
    )


def _without_running_lines(pages: list[_PageText]) -> list[list[_Line]]:
    """Return each page's lines without page numbers and what stands on several pages' edges."""
    edges = [{_edge(line, page.height) for line in page.lines} for page in pages]
    seen = Counter(edge for page in edges for edge in page if edge)
    return [
        [line for line in page.lines if not _runs(_edge(line, page.height), line, seen)]
        for page in pages
    ]


def _edge(line: _Line, height: float) -> str:
    """Return a line at a page's edge with its numbers masked, or nothing for other lines."""
    if line.bottom < (1 - BAND) * height and line.top > BAND * height:
        return ""
    return re.sub(r"\d+", "#", line.text).casefold()


def _runs(edge: str, line: _Line, seen: Counter[str]) -> bool:
    return bool(edge) and (seen[edge] > 1 or PAGE_NUMBER.fullmatch(line.text) is not None)


def _blocks(lines: list[_Line]) -> Iterator[str]:
    """Yield the blocks that *lines* make up."""
    margins = _right_margins(lines)
    words = {word.casefold() for line in lines for word in FIRST_PART.findall(line.text)}
    parts = [lines[0].text]
    for line, following in pairwise(lines):
        if _continues(line, following, margins[line.page]):
            parts.append(following.text)
        else:
            yield _joined(parts, words)
            parts = [following.text]
    yield _joined(parts, words)


def _right_margins(lines: list[_Line]) -> dict[int, float]:
    """Return how far the lines of each page reach; a short page is set as the others are."""
    reach: dict[int, float] = {}
    for line in lines:
        reach[line.page] = max(line.right, reach.get(line.page, 0.0))
    usual = statistics.median(reach.values())
    return {page: max(right, usual) for page, right in reach.items()}


def _continues(line: _Line, following: _Line, margin: float) -> bool:
    """Whether *following* goes on with the block that *line* belongs to."""
    if LIST_MARK.match(following.text) or abs(line.height - following.height) > (
        ALIKE * line.height
    ):
        return False
    if line.text[-1] in BROKEN + SOFT_HYPHEN:
        return True
    word = following.text.split(" ", 1)[0]
    letter = (following.right - following.left) / max(len(following.text), 1)
    if line.right + letter * (len(word) + 1) <= margin:
        return False
    if line.page == following.page and line.bottom > following.bottom:
        return line.bottom - following.bottom <= STEP * line.height
    return following.text[0].islower() and line.text[-1] not in ".?!:;"


def _joined(parts: list[str], words: set[str]) -> str:
    """Return lines as one.

    A hyphen at the end of a line goes if the whole word stands elsewhere in the document, or if it
    is a soft one; else it stays, since these reports are set without hyphenation.
    """
    block = parts[0]
    for part in parts[1:]:
        if block[-1] == SOFT_HYPHEN or (block[-1] in BROKEN and _is_one_word(block, part, words)):
            block = block[:-1] + part
        elif block[-1] in BROKEN:
            block = f"{block[:-1]}-{part}"
        else:
            block += part if block.endswith("-") else f" {part}"
    return block.translate(UNBROKEN)


def _is_one_word(block: str, part: str, words: set[str]) -> bool:
    """Whether the parts of a word on either side of a hyphen make a word of the document."""
    first, last = LAST_PART.search(block[:-1]), FIRST_PART.match(part)
    return first is not None and last is not None and (first[0] + last[0]).casefold() in words
