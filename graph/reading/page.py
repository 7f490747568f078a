"""One page as every rule sees it: text, lines, sections and sentences, made once."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.graph.model import Passage
from peelgraph.graph.reading.sections import Asked, sections
from peelgraph.graph.reading.sentences import Sentence, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.wording import Line


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page with its section and its sentences."""

    line: Line
    section: Section
    sentences: tuple[Sentence, ...]

    def passage(self, page: str, span: Line | Sentence) -> Passage:
        """Return the passage of *page* at a line or sentence of this block."""
        return Passage.of(page, span.start, span.end, self.section.slug)


@dataclass(frozen=True, slots=True)
class Page:
    """A page cut into sections and blocks; ``pillar`` is set on a page about one pillar alone."""

    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    pillar: str | None = None

    @classmethod
    def of(cls, text: str, lines: list[Line], title: Line | None, asked: Asked) -> Page:
        """Return *text* cut up.

        Args:
            text: The captured text.
            lines: Its lines.
            title: The line that opens the report, if it has one.
            asked: The questions of its cycle, and the pillar that it is about if it is only one.
        """
        found = sections(text, lines, title, asked)
        starts = [section.start for section in found]
        blocks = tuple(
            Block(
                line,
                found[bisect.bisect_right(starts, line.start) - 1],
                tuple(sentences(text, line)),
            )
            for line in lines
        )
        return cls(text, found, blocks, asked.pillar)

    def sentences(self) -> Iterator[tuple[Section, Sentence]]:
        """Yield every sentence with its section."""
        for block in self.blocks:
            for sentence in block.sentences:
                yield block.section, sentence

    def passage(self, section: Section, start: int, end: int) -> Passage:
        """Return the passage of this page at the span."""
        return Passage.of(self.text, start, end, section.slug)
