"""Stated figures: money, people, shares, lengths of time and other counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import FigureStatement, StatementType
from peelgraph.graph.reading.dates import printed_date
from peelgraph.graph.reading.numbers import numbers
from peelgraph.graph.reading.quantities import (
    UNNAMED,
    counted,
    is_population,
    labelled,
    measured,
)
from peelgraph.graph.reading.sections import criterion_of, is_heading
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.themes import themes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Passage
    from peelgraph.graph.reading.numbers import Number
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.quantities import Measure
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

SURE: Final = Rule("figure/1", 0.95)
OF_SOMETHING: Final = Rule("figure-unnamed/1", 0.5)

# A number in words after one of these points back to things that were named before.
POINTING: Final = re.compile(
    r"\b(?:the|these|those|its|their|our|his|her|other|this|any|every)\s+$", re.IGNORECASE
)
POINTS_WITHIN: Final = 12  # characters of such a word and the blanks after it
SMALL: Final = 10  # a lone digit below it numbers more often than it counts
PERIOD: Final = re.compile(
    r"\b(?:in|during|for|throughout) (?:the )?(?:financial )?(?:year )?"
    r"(?P<first>20[0-9]{2})(?:[/\u2013-](?P<last>[0-9]{2}))?(?![\w/,]|\.[0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _About:
    """What the figures of one sentence share: a year, if it is of one, themes and criterion."""

    period: str | None = None
    themes: tuple[str, ...] = ()
    criterion: str | None = None


def figures(page: Page, subject: Subject) -> Iterator[FigureStatement]:
    """Yield the figures that sentences and entries state; headings, dates and furniture have none.

    The passage is the number with its sign, scale and unit and the words up to the thing that it
    counts ("£5m", "1.2 million people", "seven published reports").
    """
    label = ""
    for block in page.blocks:
        for sentence in block.sentences if _may_state(block) else ():
            after = sentence.start
            found = numbers(page.text, sentence.start, sentence.end)
            about = _about(sentence, block, subject) if found else _About()
            for number in found:
                measure = _measure(page.text, block, sentence, number, label)
                if measure is None or number.start < after:
                    continue
                after = measure.end
                passage = page.passage(block.section, number.start, measure.end)
                yield _figure(passage, number, measure, about)
        label = block.line.text


def _about(sentence: Sentence, block: Block, subject: Subject) -> _About:
    themes = themes_of(sentence.text, subject.context)
    return _About(_period(sentence), themes, criterion_of(block.section))


def _may_state(block: Block) -> bool:
    """Whether the block's numbers may be figures: no heading, no dated line, no furniture."""
    line = block.line
    if block.section.kind == "site-furniture" or line.start == block.section.start:
        return False
    return not is_heading(line) and printed_date(line.text) is None


def _measure(
    text: str, block: Block, sentence: Sentence, number: Number, label: str
) -> Measure | None:
    """Return what *number* measures, or ``None`` if it only numbers, arranges or points back."""
    noun = counted(text, number, sentence.end)
    if noun is None and block.section.kind == "key-facts" and number.start == block.line.start:
        return labelled(label, number) if label[:1].isalpha() else None
    if number.spelled:
        points = (
            POINTING.search(text, max(sentence.start, number.start - POINTS_WITHIN), number.start)
            is not None
        )
        if number.unit is None and (noun is None or points):
            return None
    elif noun is None and number.unit is None:
        numbering = number.start == sentence.start or number.value < SMALL
        if numbering and not is_population(text, sentence.start, number):
            return None
    return measured(text, sentence, number, noun)


def _figure(passage: Passage, number: Number, measure: Measure, about: _About) -> FigureStatement:
    """Return the figure that *number* states."""
    rule = OF_SOMETHING if measure.quantity == UNNAMED else SURE
    stated = (measure.quantity, number.plain, measure.unit, about.period)
    return FigureStatement(
        type=StatementType.FIGURE,
        passage=passage,
        method=rule.method,
        confidence=rule.confidence,
        criterion=about.criterion,
        themes=about.themes,
        key=" ".join(part for part in stated if part),
        value=number.plain,
        unit=measure.unit,
        quantity=measure.quantity,
        refers_to=about.period,
    )


def _period(sentence: Sentence) -> str | None:
    """Return the one year that the sentence is about, as a path of reference intervals."""
    found = {each.group("first", "last") for each in PERIOD.finditer(sentence.text)}
    if len(found) != 1:
        return None
    first, last = found.pop()
    if last is None:
        return f"year/{first}"
    following = str(int(first) + 1)
    return f"government-year/{first}-{following}" if following.endswith(last) else None
