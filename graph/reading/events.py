"""The exceptional events of the year, in the section that a page has for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.themes import themes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

METHOD: Final = "exceptional-event/1"

# Sentences of that section that tell no event: there was none, or where to read on.
NO_EVENT: Final = re.compile(
    r"\bno (?:\w+ )?(?:exceptional |significant )?events?\b|\bnot (?:\w+ )*exceptional events?\b"
    r"|^read more\b|\bcan be found\b|^(?:none|not applicable|n/a)\b"
    r"|^exceptional events (?:are|may be|include)\b"
)


def exceptional_events(page: Page, subject: Subject) -> Iterator[Statement]:
    """Yield the sentences that tell an exceptional event; what they praise is a finding besides."""
    for section in page.sections:
        if section.kind != "exceptional-events":
            continue
        for block in page.blocks:
            if block.section is not section or block.line.start == section.start:
                continue
            for sentence in block.sentences:
                if not NO_EVENT.search(sentence.folded):
                    yield Statement(
                        type=StatementType.EXCEPTIONAL_EVENT,
                        passage=block.passage(page.text, sentence),
                        method=METHOD,
                        confidence=0.9,
                        themes=themes_of(sentence.text, subject.context),
                    )
