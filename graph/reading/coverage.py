"""What of a page is spoken for: every sentence belongs to a statement, context or furniture."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import MentionedDateStatement, StatementType
from peelgraph.graph.reading.sentences import Sentence, sentences
from peelgraph.graph.reading.wording import Line, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from peelgraph.graph.model import Report, Statement
    from peelgraph.graph.reading.page import Block, Page

# Kinds that pick words out of a sentence without accounting for the rest of it.
WITHIN: Final = frozenset({StatementType.FIGURE, StatementType.PLACE})
UNACCOUNTED: Final = "not accounted for"
JOINT: Final = re.compile(
    r"^[\W_]*(?:(?:although|though|and|but|or|also|however)\b[\W_]*)?|[\W_]*(?:\b(?:and|but|or))?[\s,;:\u2013-]*$"
)


@dataclass(frozen=True, slots=True)
class Covered:
    """One sentence of a page and the statements that speak for it."""

    sentence: Sentence
    statements: tuple[Statement, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of its statements, those that speak for all of it first."""
        return tuple(dict.fromkeys(each.type.value for each in self._by_span()))

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Its kinds, each with the words that it rests on, on one line; what no kind has is named.

        Kinds that pick out words come last.
        """
        found = [(each.type.value, each.passage.text) for each in self._by_span()]
        if not self.accounted:
            found.append((UNACCOUNTED, self.sentence.text))
        return tuple(dict.fromkeys((kind, " ".join(words.split())) for kind, words in found))

    def _by_span(self) -> list[Statement]:
        return sorted(self.statements, key=picks_words)

    @property
    def accounted(self) -> bool:
        """Whether no word of the sentence is left without a statement."""
        return not list(left_over(self.sentence.text, self.sentence, self.statements, shift=True))


def picks_words(statement: Statement) -> bool:
    """Return whether *statement* picks words out of a sentence and leaves the rest to others."""
    return statement.type in WITHIN or isinstance(statement, MentionedDateStatement)


def remaining(page: Page, found: Iterable[Statement]) -> Iterator[tuple[Block, Sentence]]:
    """Yield each sentence, or what is left of it, for which no statement of *found* speaks."""
    speaking = [each for each in found if not picks_words(each)]
    for block in page.blocks:
        own = _within(block.line.start, block.line.end, speaking)
        for sentence in block.sentences:
            there = _within(sentence.start, sentence.end, own)
            for start, end in left_over(page.text, sentence, there):
                yield block, Sentence.of(page.text, start, end)


def left_over(
    page: str, sentence: Sentence, found: Sequence[Statement], *, shift: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield the spans of *sentence* that have words and no statement of *found*.

    Joints between two statements ("; and") need none. With *shift*, *page* is the sentence alone.
    """
    offset = sentence.start if shift else 0
    start = sentence.start
    for each in sorted(found, key=lambda s: s.passage.start):
        if not picks_words(each) and each.passage.end > start:
            yield from _words(page, start - offset, each.passage.start - offset)
            start = max(start, each.passage.end)
    if start == sentence.start:
        yield start - offset, sentence.end - offset
    else:
        yield from _words(page, start - offset, sentence.end - offset)


def _words(page: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without the joints at its ends, if words are left."""
    text = page[start : max(start, end)]
    opening, closing = JOINT.match(text), None
    first = opening.end() if opening else 0
    closing = re.search(r"[\s,;:\u2013-]+(?:(?:and|but|or)\s*)?$", text[first:])
    last = first + closing.start() if closing else len(text)
    if re.search(r"\w", text[first:last]):
        yield start + first, start + last


def _within(start: int, end: int, found: Iterable[Statement]) -> list[Statement]:
    """Return the statements that share a character with the span."""
    return [each for each in found if each.passage.start < end and each.passage.end > start]


def coverage(report: Report) -> Iterator[Covered]:
    """Yield every sentence of the report's page with what speaks for it."""
    page = report.version.text
    for line in lines(page):
        own = _within(line.start, line.end, report.statements)
        for sentence in _sentences(page, line):
            yield Covered(sentence, tuple(_within(sentence.start, sentence.end, own)))


def _sentences(page: str, line: Line) -> list[Sentence]:
    """Return the sentences of a line, or the whole of one that is only marks."""
    return list(sentences(page, line)) or [Sentence.of(page, line.start, line.end)]


def coverage_counts(covered: Iterable[Covered]) -> dict[str, int]:
    """Return how many sentences there are, are accounted for, and have each kind."""
    counts: Counter[str] = Counter()
    for each in covered:
        counts["sentences"] += 1
        counts["accounted"] += each.accounted
        counts.update(each.kinds)
    rest = {kind: counts[kind] for kind in sorted(counts) if kind not in {"sentences", "accounted"}}
    return {"sentences": counts["sentences"], "accounted": counts["accounted"], **rest}
