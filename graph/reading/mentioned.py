"""Dates that a sentence names: days, months, years, and spans such as a financial year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import MentionedDateStatement, StatementType
from peelgraph.graph.reading.dates import MONTHS, is_date_line
from peelgraph.graph.reading.title import is_title
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

METHOD: Final = "mentioned-date/1"
CENTURY: Final = 100
YEAR: Final = r"(?:19|20)\d{2}"
# A bare year counts after a word of time only: "PEEL 2016" and "Kent 2015" are names.
TIME_WORDS: Final = "after|before|between|by|during|from|in|of|since|to|until|year"
DATE: Final = re.compile(
    rf"\b(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(MONTHS)}) (?P<year>{YEAR})"
    rf"|(?P<first>{YEAR})(?:/|-|\u2013)(?P<last>\d{{2}}|{YEAR})"
    rf"|(?<=\b)(?:(?:{TIME_WORDS}) )(?P<alone>{YEAR}))\b(?!/|\d)",
    re.IGNORECASE,
)


def mentioned_dates(page: Page, _subject: Subject) -> Iterator[MentionedDateStatement]:
    """Yield the dates named in lines that do more than say when they were updated."""
    for block in page.blocks:
        if is_date_line(folded(block.line.text)) or is_title(block):
            continue  # the years of a title are part of the report's name
        for found in DATE.finditer(block.line.text):
            date = _iso(found)
            if date is None:
                continue
            start = found.start("alone") if found["alone"] else found.start()
            passage = page.passage(
                block.section, block.line.start + start, block.line.start + found.end()
            )
            yield MentionedDateStatement(
                type=StatementType.DATE,
                passage=passage,
                method=METHOD,
                confidence=0.9,
                key=f"mentioned {date}",
                date=date,
            )


def _iso(found: re.Match[str]) -> str | None:
    """Return what a match names in ISO 8601, or ``None`` where there is no such day or span.

    >>> [_iso(m) for m in DATE.finditer("In May 2016, by 2017, on 3 June 2015 and in 2019/20")]
    ['2016-05', '2017', '2015-06-03', '2019/2020']
    """
    if found["alone"]:
        return found["alone"]
    if found["first"]:
        first, last = int(found["first"]), int(found["last"])
        last = last if last >= CENTURY else first - first % CENTURY + last
        return f"{first}/{last}" if last > first else None
    month = MONTHS.index(found["month"].lower()) + 1
    if found["day"] is None:
        return f"{found['year']}-{month:02}"
    day = int(found["day"])
    return f"{found['year']}-{month:02}-{day:02}" if 1 <= day <= 31 else None  # noqa: PLR2004
