"""Many phrases looked for at once: one pass over a sentence, whatever the number of cues."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ahocorasick  # type: ignore[import-not-found]  # an extension module without types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LETTERS: Final = frozenset("-")  # joins two words to one: "well" is no part of "well-being"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to look for in folded text; ``whole`` unless any word that begins so will do."""

    words: str
    name: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in folded text, at its place there."""

    start: int
    end: int
    phrase: Phrase


class Lexicon:
    """Phrases that are looked for together, by the automaton of Aho and Corasick.

    >>> known = Lexicon((Phrase("good", "praise"), Phrase("investigat", "theme", whole=False)))
    >>> [(hit.start, hit.phrase.name) for hit in known.hits("good investigations, no goods")]
    [(0, 'praise'), (5, 'theme')]
    """

    def __init__(self, phrases: tuple[Phrase, ...]) -> None:
        found: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            found.setdefault(phrase.words, []).append(phrase)
        self._automaton = ahocorasick.Automaton()
        for words, named in found.items():
            self._automaton.add_word(words, tuple(named))
        self._automaton.make_automaton()

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield every place of folded *text* where a phrase stands as words of its own."""
        if not len(self._automaton):
            return
        for last, named in self._automaton.iter(text):
            end = last + 1
            for phrase in named:
                start = end - len(phrase.words)
                if _begins(text, start) and (not phrase.whole or _ends(text, end)):
                    yield Hit(start, end, phrase)


def _begins(text: str, place: int) -> bool:
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] in LETTERS)


def _ends(text: str, place: int) -> bool:
    return place == len(text) or not (text[place].isalnum() or text[place] in LETTERS)


def longest(found: Iterable[Hit]) -> list[Hit]:
    """Return the hits by place, without those that a longer one overlaps.

    >>> known = Lexicon((Phrase("good", "praise"), Phrase("good practice", "practice")))
    >>> [hit.phrase.name for hit in longest(known.hits("it is good practice"))]
    ['practice']
    """
    kept: list[Hit] = []
    starts: list[int] = []
    for hit in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        place = bisect.bisect_left(starts, hit.start)
        around = kept[max(place - 1, 0) : place + 1]
        if not any(hit.start < each.end and each.start < hit.end for each in around):
            kept.insert(place, hit)
            starts.insert(place, hit.start)
    return kept
