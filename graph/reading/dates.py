"""Printed dates: the last-updated lines of sections, the day of publication."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import DateStatement, StatementType
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

METHOD: Final = "last-updated/1"
PUBLISHED_METHOD: Final = "published/1"
LAST_UPDATED: Final = "last-updated"
PUBLISHED: Final = "published"
DATED: Final = (
    r"(?:(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"|(?P<day2>\d{1,2}) (?P<name>[a-z]+) (?P<year2>\d{4}))\.?"
)
LAST_UPDATED_LINE: Final = re.compile(rf"last updated:?(?: on)? {DATED}")
PUBLISHED_LINE: Final = re.compile(rf"(?:first )?published(?: on)?:? {DATED}")
# Not the locale's names: a page is in English wherever it is read.
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def last_updated(page: Page, _subject: Subject) -> Iterator[DateStatement | str]:
    """Yield the last-updated lines, each dating its section, and a doubt for impossible dates."""
    for block in page.blocks:
        date = printed_date(block.line.text)
        if date is None and LAST_UPDATED_LINE.fullmatch(folded(block.line.text)):
            yield f"'{block.line.text}' is no date, so its section has none"
        elif date is not None:
            yield DateStatement(
                type=StatementType.DATE,
                passage=page.passage(block.section, block.line.start, block.line.end),
                method=METHOD,
                confidence=1.0,
                key=f"last-updated {block.section.slug} {date}",
                date=date,
                dates=LAST_UPDATED,
            )


def published(page: Page, _subject: Subject) -> Iterator[DateStatement | str]:
    """Yield the lines that say when the page was published; only a whole date is one."""
    dates = set()
    for block in page.blocks:
        date = _date(PUBLISHED_LINE.fullmatch(folded(block.line.text)))
        if date is None:
            continue
        dates.add(date)
        yield DateStatement(
            type=StatementType.DATE,
            passage=page.passage(block.section, block.line.start, block.line.end),
            method=PUBLISHED_METHOD,
            confidence=1.0,
            key=f"published {date}",
            date=date,
            dates=PUBLISHED,
        )
    if len(dates) > 1:
        yield "the page prints several dates of publication, so the report has none"


def is_date_line(words: str) -> bool:
    """Whether the folded *words* of a line only say when something was updated or published."""
    return words.startswith("last updated") or PUBLISHED_LINE.fullmatch(words) is not None


def printed_date(line: str) -> dt.date | None:
    """Return the date of a last-updated line; ``None`` for other lines and impossible dates.

    >>> printed_date("Last updated 18/02/2016"), printed_date("Last updated 31 June 2016")
    (datetime.date(2016, 2, 18), None)
    """
    return _date(LAST_UPDATED_LINE.fullmatch(folded(line)))


def _date(found: re.Match[str] | None) -> dt.date | None:
    """Return the date that a line's pattern *found*, if there is such a day."""
    if found is None:
        return None
    name = found["name"]
    if name is not None and name not in MONTHS:
        return None
    month = int(found["month"]) if name is None else MONTHS.index(name) + 1
    try:
        return dt.date(
            int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"])
        )
    except ValueError:
        return None
