"""What a number measures: the thing it counts, its unit and the kind of quantity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from peelgraph.graph.reading.numbers import Number
    from peelgraph.graph.reading.sentences import Sentence

NEAR: Final = 200  # characters on either side of a number that may say what it is
UNNAMED: Final = "unnamed"  # the sentence does not say what is counted

POPULATION_WORDS: Final = frozenset({"people", "residents", "inhabitants"})
PERSONS: Final = frozenset({
    "people", "residents", "inhabitants", "officers", "staff", "constables", "pcsos", "sergeants",
    "employees", "volunteers", "children", "women", "men", "victims", "offenders", "suspects",
    "detectives", "students", "visitors", "passengers", "specials", "persons", "citizens",
    "adults", "witnesses",
})  # fmt: skip
DURATIONS: Final = MappingProxyType(
    {
        form: f"{name}s"
        for name in ("year", "month", "week", "day", "hour", "minute", "second")
        for form in (name, f"{name}s")
    }
)
# Numbers in words that arrange the text and measure nothing in the world.
ARRANGING: Final = frozenset({
    "ways", "pillars", "questions", "aspects", "things", "parts", "respects", "reasons",
    "elements", "types", "kinds", "sections", "themes", "grades", "categories", "headings",
    "principles", "factors",
})  # fmt: skip
NOT_IN_A_NAME: Final = frozenset({
    "of", "and", "or", "the", "a", "an", "to", "in", "by", "for", "at", "on", "is", "was", "are",
    "were", "has", "had", "have", "with", "from", "than", "per", "who", "which", "that", "this",
    "as", "but", "its", "their", "will", "over", "under", "between", "out", "since", "during",
})  # fmt: skip
LENGTHS: Final = frozenset({"miles", "kilometres", "metres", "acres", "hectares"})
NEXT_WORD: Final = re.compile(r"[\s-]+([^\W\d_][\w'\u2019]*(?:-[^\W\d_]+)*)")
MOST_WORDS: Final = 4  # between a number and the end of what it counts
NO_PLURAL: Final = ("ss", "us", "is", "'s", "\u2019s")
PLURALS: Final = frozenset({"people", "staff", "children", "women", "men"})
RATE: Final = re.compile(r"\s+(?:per|for every) ([0-9][0-9,]*) (?:people|population|residents)\b")
SHARE: Final = re.compile(r" of (?:all |the |its |their )*([a-z]+(?: [a-z]+)?)")

# What an amount of money is of; the nearest of these words in its sentence says so.
MONEY: Final = re.compile(
    r"(?P<money_saved>\bsav(?:e|ed|es|ings?)\b"
    r"|\breduc\w+ (?:in |of )?(?:its |their |the )?(?:\w+ )?"
    r"(?:spending|costs?|expenditure)\b"
    r"|\b(?:spending|costs?|expenditure) (?:was |were )?(?:cut|reduced)\b)"
    r"|(?P<reserves>\breserves?\b)"
    r"|(?P<shortfall>\b(?:shortfall|deficit|(?:budget|funding) gap)\b)"
    r"|(?P<funding>\b(?:funding|funded|grants?|precept)\b)"
    r"|(?P<investment>\binvest\w*)"
    r"|(?P<budget>\bbudgets?\b)"
    r"|(?P<spending>\b(?:costs?|costing|spen[dt]\w*)\b(?! review))",
    re.IGNORECASE,
)
POPULATION: Final = re.compile(
    r"\b(?:populations?|lives?|living|residents?|home to|inhabitants?|serv(?:e|es|ing))\b",
    re.IGNORECASE,
)
POPULATION_OF: Final = re.compile(
    r"\bpopulation(?: (?:of|is|was|stands at))?\W{1,3}(?:(?:about|around|approximately|some|over"
    r"|nearly|almost|just|more than|under|roughly) )*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number measures, as slugs, and where the words of the figure end."""

    unit: str
    quantity: str
    end: int


def counted(text: str, number: Number, end: int) -> tuple[str, int] | None:
    """Return the noun that follows *number* within a few words, and where it ends.

    >>> from decimal import Decimal
    >>> from peelgraph.graph.reading.numbers import Number
    >>> page = "40 new police boats"
    >>> counted(page, Number(0, 2, Decimal(40), None, spelled=False), len(page))
    ('boats', 19)
    """
    place = number.end
    for _ in range(MOST_WORDS):
        found = NEXT_WORD.match(text, place, end)
        word = found[1].lower() if found else ""
        if found is None or word in NOT_IN_A_NAME:
            return None
        place = found.end()
        if word in DURATIONS or _is_plural(word):
            return None if word in ARRANGING and number.spelled else (word, place)
    return None


def _is_plural(word: str) -> bool:
    return word in PLURALS or (word.endswith("s") and not word.endswith(NO_PLURAL))


def is_population(text: str, start: int, number: Number) -> bool:
    """Whether the words from *start* to the number say that it is a population."""
    near = max(start, number.start - NEAR)
    return POPULATION_OF.search(text, near, number.start) is not None


def measured(
    text: str, sentence: Sentence, number: Number, noun: tuple[str, int] | None
) -> Measure:
    """Return what *number* measures; *noun* is what it counts, if anything."""
    if number.unit == "percent":
        return Measure("percent", _share(text, number, sentence.end), number.end)
    if number.unit is not None:
        return Measure(number.unit, _money(text, sentence, number), number.end)
    if noun is not None:
        return _count(text, sentence, *noun)
    if is_population(text, sentence.start, number):
        return Measure("people", "population", number.end)
    return Measure("count", UNNAMED, number.end)


def labelled(label: str, number: Number) -> Measure:
    """Return what *number* measures where it stands under a *label*, as in a table of key facts.

    >>> from decimal import Decimal
    >>> from peelgraph.graph.reading.numbers import Number
    >>> labelled("Population", Number(0, 4, Decimal(1200), None, spelled=False)).unit
    'people'
    """
    quantity = _slug(label)
    unit = number.unit or ("people" if quantity in {"population", "workforce"} else "count")
    return Measure(unit, quantity, number.end)


def _count(text: str, sentence: Sentence, noun: str, end: int) -> Measure:
    """Return the measure of so many of *noun*, which ends at *end*."""
    name = _slug(noun)
    if noun in DURATIONS:
        return Measure(DURATIONS[noun], "duration", end)
    if noun in LENGTHS:
        square = text[end - len(noun) - 7 : end - len(noun) - 1] == "square"
        return Measure(f"square-{name}" if square else name, "area" if square else "length", end)
    if rate := RATE.match(text, end, sentence.end):
        return Measure(f"per-{rate[1].replace(',', '')}-people", name, rate.end())
    around = max(sentence.start, end - NEAR), min(sentence.end, end + NEAR)
    if noun in POPULATION_WORDS and POPULATION.search(text, *around):
        return Measure("people", "population", end)
    return Measure("people" if noun in PERSONS else name, name, end)


def _share(text: str, number: Number, end: int) -> str:
    """Return of what a percentage is: ``share-of-crimes``, or ``share`` if the page is silent."""
    of = SHARE.match(text, number.end, end)
    words = [word for word in of[1].split() if word not in NOT_IN_A_NAME] if of else []
    return "-".join(["share", "of", *words]) if words else "share"


def _money(text: str, sentence: Sentence, number: Number) -> str:
    """Return what an amount is of, by the nearest word of money in the sentence."""
    nearest = min(
        MONEY.finditer(
            text, max(sentence.start, number.start - NEAR), min(sentence.end, number.end + NEAR)
        ),
        key=lambda found: max(number.start - found.end(), found.start() - number.end),
        default=None,
    )
    return (nearest.lastgroup or "").replace("_", "-") if nearest else "money"


def _slug(noun: str) -> str:
    """Return a counted noun as a slug; letters beyond ASCII go."""
    return re.sub(r"[^a-z0-9]+", "-", noun.lower()).strip("-") or "count"
