"""Sentences as words with places, and where a sentence that praises and criticises is parted."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.graph.reading.sentences import Sentence

# What opens another clause, from the surest to the weakest; a clause keeps the word it opens with
# unless that is a mere joint.
JOINTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r";(?: (?:and|but|or|however,?))? ",
        r",? (?=(?:although|though|however|whereas|despite|but not|except|nevertheless|yet)\b)",
        r",? but (?:also )?",
        r",? (?=while\b)",
        r", and |: | \u2013 | - ",
        r" and (?=(?:has|have|is|are|does|do|needs?|it|the|there)\b)",
        r",? (?=(?:which|with|as|so|because|where|when)\b)",
        r", ",
        r"(?<!\bstop) and ",
    )
)
CONJUNCTION: Final = re.compile(r"(?:although|though|but|however|and),? ", re.IGNORECASE)
CONCESSION: Final = re.compile(r"(?:however, )?(?:although|though|while|whilst|despite)\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with its folded words; ``start`` and ``end`` are those of the page."""

    start: int
    end: int
    folded: str


def parted(sentence: Sentence, places: Iterable[int]) -> list[Clause]:
    """Return the parts of *sentence* when it is cut at *places* of its folded text.

    A place is where a part begins; the joint before it and the sentence's full stop belong to none.

    >>> from peelgraph.graph.reading.sentences import Sentence
    >>> page = "It is good,  but slow."
    >>> whole = Sentence.of(page, 0, len(page))
    >>> [page[c.start : c.end] for c in parted(whole, [joint(whole.folded, 6, 16)[1]])]
    ['It is good', 'slow']
    """
    words = [m.span() for m in re.finditer(r"\S+", sentence.text) if folded(m.group())]
    firsts = [match.start() for match in re.finditer(r"\S+", sentence.folded)]
    if len(words) != len(firsts):  # only white space and words without a mark are folded away
        return [Clause(sentence.start, sentence.end, sentence.folded)]
    cuts = [0, *(bisect.bisect_left(firsts, place) for place in sorted(places)), len(words)]
    found = []
    for first, last in pairwise(cuts):
        if first < last:
            start, end = words[first][0], words[last - 1][1]
            text = sentence.text[start:end]
            text = _without_joint(text) if last < len(words) else _without_stop(text, first)
            opening = CONJUNCTION.match(text) if first else None
            skipped = opening.end() if opening else 0
            text, begin = text[skipped:], sentence.start + start + skipped
            found.append(Clause(begin, begin + len(text), folded(text)))
    return found


def _without_stop(text: str, first: int) -> str:
    """Return the last clause, which keeps the full stop only where it is the whole sentence."""
    return text.rstrip(".") if first else text


def _without_joint(text: str) -> str:
    """Return a clause that another follows, without what joins them."""
    return re.sub(
        r"[\s,;:\u2013-]+(?:(?:and|but|but also|or|however),?\s*)?$|\s+(?:and|but)$", "", text
    )


def joint(words: str, after: int, before: int) -> tuple[int, int] | None:
    """Return the surest joint between two places of folded *words*: its rank and its end.

    >>> joint("the service is effective but there are backlogs", 24, 39)
    (2, 29)
    """
    for rank, pattern in enumerate(JOINTS):
        for found in pattern.finditer(words, max(0, after), before):
            return rank, found.end()
    return None


def is_concession(words: str) -> bool:
    """Whether folded *words* open with something that is conceded before the point is made.

    >>> is_concession("although the force is new"), is_concession("the force is new")
    (True, False)
    """
    return CONCESSION.match(words) is not None


def main_clause(words: str) -> int:
    """Return where the point is made in folded *words* that open with a concession, or 0.

    >>> words = "while it is good at this, it is slow at that"
    >>> words[main_clause(words) :]
    'it is slow at that'
    """
    if not is_concession(words):
        return 0
    comma = re.search(
        r", (?=(?:the|it|its|we|i|there|this|these|they|more|some|not|hmic)\b)", words
    )
    return comma.end() if comma else 0
