"""The text of a captured version as a page shows it: what is held of it, in blocks and parts."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_BLOCK: Final = 20_000
"""Characters of a line that are one block; a longer line is cut at a blank."""
PART: Final = 120_000
"""How much one page shows: characters, and a number of them for each statement."""
STATEMENT: Final = 300
SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(]*[A-Z0-9])")
JOINING: Final = re.compile(r"\b(?:although|though|and|but|or|also|however)\b", re.IGNORECASE)
MOST_AROUND: Final = 600
"""Characters on one side of a passage that are shown at most."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is held, and the offset at which it begins."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Return the offset at which it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation at its place, with what stands before and behind it."""

    start: int
    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: a line of text that is held, or a passage whose text is not.

    Args:
        start: Where it begins.
        end: Where it ends.
        text: Its text; nothing where it is not held.
        gap: Characters before it that are not held.
    """

    start: int
    end: int
    text: str
    gap: int = 0


def joined(quotes: Iterable[Quote]) -> list[Run]:
    """Return the runs of text that *quotes* give together, in order; they may overlap.

    Where two differ about a place, the first in order counts.

    >>> joined([Quote(4, "is", "It ", " so"), Quote(10, "far", "so ")])
    [Run(start=1, text='It is so far')]
    """
    pieces = [
        (quote.start - len(quote.prefix), quote.prefix + quote.exact + quote.suffix)
        for quote in quotes
        if quote.start >= len(quote.prefix)
    ]
    runs: list[Run] = []
    for start, text in sorted(pieces):
        if runs and start <= runs[-1].end:
            more = text[runs[-1].end - start :]
            runs[-1] = Run(runs[-1].start, runs[-1].text + more)
        else:
            runs.append(Run(start, text))
    return runs


def holding(runs: Sequence[Run], place: int) -> Run | None:
    """Return the one of *runs*, which are in order, that has the character at *place*."""
    number = bisect_right(runs, place, key=lambda run: run.start) - 1
    return runs[number] if number >= 0 and place < runs[number].end else None


def blocks(runs: Sequence[Run], places: Iterable[tuple[int, int]]) -> list[Block]:
    """Return the paragraphs of *runs*, and of each of *places* that no run has, in order."""
    made = [block for run in runs for block in _lines(run)]
    made.extend(
        Block(start, end, "") for start, end in sorted(set(places)) if holding(runs, start) is None
    )
    made.sort(key=lambda block: (block.start, block.end))
    whole = len(runs) == 1 and runs[0].start == 0
    return made if whole or not runs else list(_gapped(made))


def _gapped(made: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks, each with how much is missing before it."""
    at = 0
    for block in made:
        missing = max(0, block.start - at)
        yield Block(block.start, block.end, block.text, missing if missing > 1 else 0)
        at = max(at, block.end)


def _lines(run: Run) -> Iterator[Block]:
    """Yield the lines of a run that have more than white space, without it at their ends."""
    at = 0
    while at < len(run.text):
        end = run.text.find("\n", at)
        end = len(run.text) if end < 0 else end
        if end - at > LONGEST_BLOCK:
            blank = run.text.rfind(" ", at + LONGEST_BLOCK // 2, at + LONGEST_BLOCK)
            end = blank if blank > 0 else at + LONGEST_BLOCK
        line = run.text[at:end]
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            text = line.strip()
            yield Block(run.start + start, run.start + start + len(text), text)
        at = end + 1 if run.text[end : end + 1] in {"\n", " "} else end


def left_over(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    r"""Yield the runs of a line that none of *places* has, if there is more to them than a joint.

    >>> text = "Last updated\nIt is good, although it is late."
    >>> [text[start:end] for start, end in left_over(text, [(13, 23), (34, 45)])]
    ['Last updated']
    """
    at = 0
    for start, end in (*sorted(places), (len(text), len(text))):
        for line in re.finditer(r"[^\n]+", text[at:start]):
            words = line[0].strip()
            if re.search(r"\w", JOINING.sub("", words)):
                first = at + line.start() + line[0].index(words)
                yield first, first + len(words)
        at = max(at, end)


def parts(made: Sequence[Block], places: Sequence[tuple[int, int]]) -> list[range]:
    """Return which of the blocks *made* each page shows; *places* have a statement each."""
    starts = sorted(start for start, _ in places)
    found, first, weight, at = [], 0, 0, 0
    for number, block in enumerate(made):
        heavy = len(block.text)
        while at < len(starts) and starts[at] < block.end:
            heavy, at = heavy + STATEMENT, at + 1
        if weight and weight + heavy > PART:
            found.append(range(first, number))
            first, weight = number, 0
        weight += heavy
    found.append(range(first, len(made)))
    return found


def surroundings(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the surroundings of a passage begin and end: the sentences on both sides.

    They stay within the paragraph before and behind, and within bounds.

    >>> text = "One. Two is here. Three. Four."
    >>> first, last = surroundings(text, 5, 17)
    >>> text[first:last]
    'One. Two is here. Three.'
    """
    return _before(text, start), _behind(text, end)


def _before(text: str, start: int) -> int:
    lowest = max(0, start - MOST_AROUND)
    stretch = text[lowest:start]
    kept = stretch.rstrip()
    ends = [0] if lowest == 0 else []
    ends += [m.end() for m in SENTENCE_END.finditer(kept)]
    ends += [m.end() for m in re.finditer(r"\n\s*", kept)]
    if not ends:
        return lowest + (stretch.find(" ") + 1)
    # The sentence that the passage stands in begins last; the one before it is shown too.
    within = kept != "" and not re.search(r"[.!?:;\n]['\"\u201d\u2019)]*\s*$", stretch)
    ends = sorted(set(ends))
    wanted = 2 if within else 1
    return lowest + ends[-wanted] if len(ends) >= wanted else lowest + ends[0]


def _behind(text: str, end: int) -> int:
    stretch = text[end : end + MOST_AROUND]
    whole = re.search(r"[.!?]['\"\u201d\u2019)]*\s*$", text[max(0, end - 3) : end]) is not None
    ends = [m.start() + len(m[0].rstrip()) for m in SENTENCE_END.finditer(stretch)]
    ends += [m.start() for m in re.finditer(r"\n", stretch) if m.start() > 0]
    if end + len(stretch) == len(text):
        ends.append(len(stretch.rstrip()))
    ends = sorted(each for each in set(ends) if stretch[:each].strip(" \n.!?;,"))
    if not ends:
        return end + (stretch.rfind(" ") if " " in stretch else len(stretch))
    wanted = 1 if whole else 2
    return end + ends[min(wanted, len(ends)) - 1]
