"""Text as rules compare it: lines with offsets, and a folded form that is never an offset."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_END: Final = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
BULLET: Final = re.compile(r"(?:[-*•‣▪◦·\u2013]|o(?= ))\s+")
# Marks that are typed in several ways, and those that nobody sees.
UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
PLAIN: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u00b4\u2032", "'")
    | dict.fromkeys("\u2010\u2011", "-")
    | dict.fromkeys(UNSEEN, "")
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the white space around it: ``text == page[start:end]``."""

    start: int
    end: int
    text: str

    @property
    def is_bullet(self) -> bool:
        """Whether the line is an entry of a list."""
        return BULLET.match(self.text) is not None


def lines(page: str) -> Iterator[Line]:
    r"""Yield the lines of *page* that hold more than white space, whatever its line ends.

    >>> [line.text for line in lines("Kent 2015\r\n\r\n  Effectiveness ")]
    ['Kent 2015', 'Effectiveness']
    """
    start = 0
    for end, following in _line_bounds(page):
        trimmed_start, trimmed_end = trimmed(page, start, end)
        if trimmed_start < trimmed_end:
            yield Line(trimmed_start, trimmed_end, page[trimmed_start:trimmed_end])
        start = following


def _line_bounds(page: str) -> Iterator[tuple[int, int]]:
    """Yield where each line ends and where the next one starts."""
    for match in LINE_END.finditer(page):
        yield match.span()
    yield len(page), len(page)


def trimmed(page: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the white space at its ends.

    >>> trimmed("  good ", 0, 7)
    (2, 6)
    """
    part = page[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def visible(text: str) -> str:
    """Return *text* without marks that nobody sees, with plain apostrophes and hyphens."""
    return text.translate(PLAIN)


def folded(text: str) -> str:
    """Return *text* for comparison: lower case, plain apostrophes and hyphens, single blanks.

    Welsh and other letters stay themselves; soft hyphens and marks without width are left out.

    >>> folded("HMI\u2019s  Obser\u00advations ")
    "hmi's observations"
    """
    plain = unicodedata.normalize("NFC", text).translate(PLAIN)
    return re.sub(r"\s+", " ", plain).strip().casefold()


@lru_cache(maxsize=8192)  # the names of forces and areas, asked for in every sentence
def name_key(name: str) -> str:
    """Return the form under which a force's name is looked up.

    >>> name_key("Dyfed-Powys Police"), name_key("Devon & Cornwall")
    ('dyfed powys police', 'devon and cornwall')
    """
    return re.sub(r"\s+", " ", re.sub(r"[-\u2010-\u2015]", " ", folded(name).replace("&", "and")))
