"""Entries of printed lists: where the words of one begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.reading.sentences import LIST_PUNCTUATION
from peelgraph.graph.reading.wording import BULLET

if TYPE_CHECKING:
    from peelgraph.graph.reading.wording import Line


def entry(page: str, line: Line) -> tuple[int, int]:
    """Return the span of an entry's words: no list marker, no closing "; and".

    >>> from peelgraph.graph.reading.wording import Line
    >>> entry("- first thing; and", Line(0, 18, "- first thing; and"))
    (2, 13)
    """
    marker = BULLET.match(line.text)
    start = line.start + (marker.end() if marker else 0)
    closing = LIST_PUNCTUATION.search(page, start, line.end)
    return start, closing.start() if closing else line.end
