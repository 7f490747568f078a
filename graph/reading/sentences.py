"""Sentences with their offsets, line by line: a line is a block, so no sentence spans two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]  # ships no types

from peelgraph.graph.reading.wording import BULLET, Line, folded, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

# What parts the entries of a list from each other, and so is no part of an entry.
LIST_PUNCTUATION: Final = re.compile(r"\s*[;,]\s*(?:and|or|but)?\s*$")
CLAUSE_END: Final = re.compile(r";(?:\s+(?:and|but))?\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or clause: ``text == page[start:end]``, ``folded`` for comparison."""

    start: int
    end: int
    text: str
    folded: str

    @classmethod
    def of(cls, page: str, start: int, end: int) -> Sentence:
        """Return the sentence of *page* at the span, white space at its ends left out."""
        first, last = trimmed(page, start, end)
        text = page[first:last]
        return cls(first, last, text, folded(text))


def sentences(page: str, line: Line) -> Iterator[Sentence]:
    """Yield the sentences of one line; the entry of a list comes without marker and list marks.

    >>> [s.text for s in sentences("- one thing; and", Line(0, 16, "- one thing; and"))]
    ['one thing']
    """
    start, end = line.start, line.end
    if marker := BULLET.match(line.text):
        start += marker.end()
        if closing := LIST_PUNCTUATION.search(page, start, end):
            end = closing.start()
    for boundary in get_sentence_boundaries("en", page[start:end]):
        found = Sentence.of(page, start + boundary["start_index"], start + boundary["end_index"])
        if found.text:
            yield found


def clauses(page: str, sentence: Sentence) -> list[Sentence]:
    """Return the parts of *sentence* between semicolons, each with its own offsets.

    >>> page = "It is good; and new."
    >>> [clause.text for clause in clauses(page, Sentence.of(page, 0, 20))]
    ['It is good', 'new.']
    """
    if ";" not in sentence.text:
        return [sentence]
    found, start = [], sentence.start
    for parting in CLAUSE_END.finditer(page, sentence.start, sentence.end):
        found.append(Sentence.of(page, start, parting.start()))
        start = parting.end()
    closing = LIST_PUNCTUATION.search(page, start, sentence.end)
    found.append(Sentence.of(page, start, closing.start() if closing else sentence.end))
    return [clause for clause in found if clause.text]
