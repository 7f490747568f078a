"""What was typed into a search, as words to find: never as syntax."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200
"""Characters of a search that are read."""
MOST_WORDS: Final = 12
LONGEST_WORD: Final = 40
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
WORD: Final = re.compile(r"[^\W_]+")
ENDINGS: Final = ("ingly", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "y")
COMMON: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "the",
        "to",
        "was",
        "with",
    ]
)
"""Words that are not searched for beside others."""
SHORTEST_STEM: Final = 4
SHORTEST_START: Final = 3


@dataclass(frozen=True, slots=True)
class Search:
    """The words of a search.

    Args:
        text: What was typed, as far as it is read.
        words: Its words, in lower case, each once.
        cut: Some of what was typed is left out.
    """

    text: str
    words: tuple[str, ...]
    cut: bool = False

    def all_of(self) -> str:
        """Return the expression that finds what has all of the words."""
        return " AND ".join(map(_either, self.words))

    def any_of(self) -> str:
        """Return the expression that finds what has some of the words."""
        return " OR ".join(map(_either, self.words))


def search_for(typed: str) -> Search:
    r"""Return the words of what was *typed*.

    >>> search_for("Stop-and-SEARCH records*").words
    ('stop', 'search', 'records')
    >>> search_for('") OR title:x NEAR/2 \x00').words
    ('title', 'x', 'near', '2')
    >>> search_for("the").words
    ('the',)
    """
    text = " ".join(CONTROL.sub(" ", typed[:LONGEST]).split())
    plain = unicodedata.normalize("NFC", text).casefold()
    found = dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(plain))
    telling = [word for word in found if word not in COMMON] or list(found)
    words = tuple(telling[:MOST_WORDS])
    return Search(text, words, len(typed) > LONGEST or len(telling) > MOST_WORDS)


def folded(word: str) -> str:
    """Return *word* without marks on its letters, as the index has it.

    >>> folded("dŵr")
    'dwr'
    """
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def stem(word: str) -> str:
    """Return the beginning that *word* shares with its other forms, as far as that is easy.

    >>> stem("searches"), stem("policing"), stem("bus"), stem("victims")
    ('search', 'polic', 'bus', 'victim')
    """
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _either(word: str) -> str:
    """Return the expression for one word or what begins like it; a word is letters and digits."""
    if len(word) < SHORTEST_START:
        return f'"{word}"'
    return f'("{word}" OR "{stem(word)}"*)'
