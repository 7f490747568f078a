"""A text with its marked runs, which may nest and cross: split where they begin and end."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

DEEPEST: Final = 8
"""Runs within runs that are marked; what lies deeper is listed, but not marked in the text."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A run of a text, in code points from 0, its end excluded, and the kind that it shows.

    Args:
        start: Where it begins.
        end: Where it ends.
        kind: The slug of the kind whose colour it has.
        words: That kind in words, and any others it has.
        number: What stands before it, and before its note.
    """

    start: int
    end: int
    kind: str = ""
    words: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """Return what the run is called in an address: ``414-509``."""
        return f"{self.start}-{self.end}"


@dataclass(slots=True)
class Marked:
    """A run as it is shown: whole, or one of the parts that a block or another run cuts it into.

    Args:
        span: The whole run.
        first: This is where it begins, so this part bears its name.
        parts: Text and marked runs, in order.
    """

    span: Span
    first: bool
    parts: list[str | Marked] = field(default_factory=list["str | Marked"])


def marked(text: str, spans: Iterable[Span], offset: int = 0) -> list[str | Marked]:
    """Return *text*, which begins at *offset*, with *spans* marked in it.

    All text is there once and in order. A run that crosses the end of another is cut there.

    >>> [part if isinstance(part, str) else part.parts for part in marked("It is.", [Span(3, 5)])]
    ['It ', ['is'], '.']
    """
    maker = _Maker(text, offset)
    waiting = [
        (max(span.start, offset), -min(span.end, offset + len(text)), span)
        for span in set(spans)
        if span.start < offset + len(text) and span.end > offset and span.start < span.end
    ]
    heapq.heapify(waiting)
    while waiting:
        start, end, span = heapq.heappop(waiting)
        rest = maker.open(start, -end, span)
        if rest is not None:
            heapq.heappush(waiting, (rest, end, span))
    return maker.close()


class _Maker:
    """Puts text into what is open, innermost last."""

    def __init__(self, text: str, offset: int) -> None:
        self._text, self._offset = text, offset
        self._at = offset
        self._whole: list[str | Marked] = []
        self._open: list[tuple[int, Marked]] = []

    def open(self, start: int, end: int, span: Span) -> int | None:
        """Open the run from *start*; return where the rest of it begins if it must be cut."""
        self._close_until(start)
        self._write_to(start)
        if len(self._open) >= DEEPEST:
            return None
        limit = self._open[-1][0] if self._open else end
        part = Marked(span, first=start == span.start)
        self._parts.append(part)
        self._open.append((min(end, limit), part))
        return limit if limit < end else None

    def close(self) -> list[str | Marked]:
        """Close what is open, add the rest of the text and return it all."""
        end = self._offset + len(self._text)
        self._close_until(end)
        self._write_to(end)
        return self._whole

    def _close_until(self, place: int) -> None:
        while self._open and self._open[-1][0] <= place:
            self._write_to(self._open[-1][0])
            self._open.pop()

    @property
    def _parts(self) -> list[str | Marked]:
        return self._open[-1][1].parts if self._open else self._whole

    def _write_to(self, end: int) -> None:
        if end > self._at:
            self._parts.append(self._text[self._at - self._offset : end - self._offset])
            self._at = end
