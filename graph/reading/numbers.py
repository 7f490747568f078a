"""Numbers in running text, in digits or in words, as plain decimals with their spans."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from text_to_num import find_numbers  # type: ignore[import-untyped]  # ships no types

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 10_000  # characters; a longer run without a full stop is no sentence
CURRENCIES: Final = MappingProxyType({"£": "gbp", "€": "eur", "$": "usd"})
SCALES: Final = MappingProxyType(
    {
        "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9,
        "trillion": 12,
    }
)  # fmt: skip

# ASCII digits only; a number inside a word, a road or a longer number is none.
DIGITS: Final = re.compile(
    r"(?<![\w.,/£$€%\u2010-\u2015-])(?P<currency>[£$€])?\s?"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,12}(?:\.[0-9]{1,6})?)"
    r"(?:(?:\s?(?P<scale>thousand|million|billion|trillion)|(?P<suffix>bn|mn|m|k))(?!\w))?"
    r"(?:(?:\s?(?P<percent>%|per ?cent))(?!\w)|\s(?P<pounds>pounds)(?!\w))?"
    r"(?![\w/%]|[.,][0-9]|[\u2010-\u2015-][0-9£$€])",
    re.IGNORECASE,
)
WORD: Final = re.compile(r"[^\W\d_]+")
# Most sentences have no number, which this tells sooner than the patterns below.
SOME: Final = re.compile(
    r"[0-9]|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)\b",
    re.IGNORECASE,
)
MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
# Digits that date, number or name something and count nothing.
NO_NUMBERS: Final = re.compile(
    rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\b(?:,? [0-9]{{4}})?"
    rf"|\b{MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}"
    r"|\b[0-9]{1,4}/[0-9]{1,2}(?:/[0-9]{2,4})?\b"
    r"|(?<![£$€,.])\b(?:19|20)[0-9]{2}\b(?!,[0-9]|\.[0-9]| ?%| per ?cent| ?(?:m|bn|million)\b)"
    r"(?:[/\u2010-\u2015-][0-9]{2,4}\b)?"
    r"|(?<![\w,.£$€])(?:999|101|111|112)\b(?! (?:people|officers|staff)|[,.][0-9])"
    r"|\b24[ /-](?:7|hours? a day)\b|\bseven days a week\b"
    r"|\baged? [0-9]{1,2}(?: (?:to|and|or) [0-9]{1,2})?\b|\b[0-9]{1,3}[- ]years?[- ]olds?\b"
    r"|\b(?:under|over)[- ](?:16|18|21|25)s?\b(?! (?:per ?cent|%|[a-z]+s\b))"
    r"|\b(?:section|tier|level|phase|category|question|part|schedule|annex|chapter|page|figure"
    r"|table|version|number|no\.?|act|peel|grade|operation|stage|step|article) [0-9]{1,4}\b",
    re.IGNORECASE,
)
PERCENT: Final = re.compile(r" per ?cent\b", re.IGNORECASE)
FRACTION: Final = re.compile(r"[\s-]+(?:thirds?|quarters?|fifths?|tenths?|halves)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """One number: its span with currency sign and scale, its value written out, its unit if any.

    ``unit`` is a currency code, ``percent`` or ``None``; ``spelled`` tells words from digits.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None
    spelled: bool

    @property
    def plain(self) -> str:
        """The value without exponent, grouping or idle zeros.

        >>> Number(0, 6, Decimal("49.40"), "gbp", spelled=False).plain
        '49.4'
        """
        written = f"{self.value:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written


class _Word:
    """One word as the library asks for it (by these three methods)."""

    def __init__(self, page: str, start: int, end: int) -> None:
        self.page, self.start, self.end = page, start, end

    def text(self) -> str:
        """Return the word as printed."""
        return self.page[self.start : self.end]

    def nt_separated(self, previous: _Word) -> bool:
        """Return whether more than a blank or hyphen parts the word from *previous*."""
        return self.page[previous.end : self.start].strip() not in {"", "-", "\u2011"}

    def not_a_number_part(self) -> bool:
        """Return ``False``: any word may be part of a number."""
        return False


def numbers(page: str, start: int, end: int) -> list[Number]:
    """Return the numbers of ``page[start:end]`` in order; dates, ordinals and names are none.

    >>> text = "It saved £49.4m in 2015 and wrote seven reports for the first time."
    >>> [(number.plain, number.unit) for number in numbers(text, 0, len(text))]
    [('49400000', 'gbp'), ('7', None)]
    """
    if end - start > LONGEST or not SOME.search(page, start, end):
        return []
    taken = [found.span() for found in NO_NUMBERS.finditer(page, start, end)]
    written = [n for n in _written(page, start, end) if not _overlaps(n, taken)]
    taken = sorted([*taken, *((number.start, number.end) for number in written)])
    spelled = [n for n in _spelled(page, start, end) if not _overlaps(n, taken)]
    return sorted([*written, *spelled], key=lambda number: number.start)


def _overlaps(number: Number, spans: list[tuple[int, int]]) -> bool:
    """Whether *number* shares a character with one of the sorted and separate *spans*."""
    before = bisect.bisect_left(spans, (number.end, 0)) - 1
    return before >= 0 and spans[before][1] > number.start


def _written(page: str, start: int, end: int) -> Iterator[Number]:
    """Yield the numbers in digits."""
    for found in DIGITS.finditer(page, start, end):
        scale = (found["scale"] or found["suffix"] or "").lower()
        value = Decimal(found["number"].replace(",", "")).scaleb(SCALES.get(scale, 0))
        unit = CURRENCIES.get(found["currency"] or "")
        if found["percent"]:
            unit = "percent"
        elif found["pounds"]:
            unit = "gbp"
        first = found.start("currency") if found["currency"] else found.start("number")
        yield Number(first, found.end(), value, unit, spelled=False)


def _spelled(page: str, start: int, end: int) -> Iterator[Number]:
    """Yield the numbers in words: no ordinal, no fraction, and no "one", which is a pronoun too."""
    words = [_Word(page, *found.span()) for found in WORD.finditer(page, start, end)]
    for found in find_numbers(words, "en", 0.0):
        first, last = words[found.start].start, words[found.end - 1].end
        if found.is_ordinal or found.value <= 1 or FRACTION.match(page, last, end):
            continue
        percent = PERCENT.match(page, last, end)
        yield Number(
            first,
            percent.end() if percent else last,
            Decimal(found.text),
            "percent" if percent else None,
            spelled=True,
        )
