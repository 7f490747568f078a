"""What the inspector says will be looked at next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.lists import entry
from peelgraph.graph.reading.themes import themes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.context import ReadingContext
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.subjects import Subject

SENTENCE_METHOD: Final = "look-ahead-sentence/1"
ENTRY_METHOD: Final = "look-ahead-list/1"

# The inspector speaks of a later look; what others will see or do is context.
WATCHING: Final = re.compile(
    r"\b(?:i|we|hmic(?:frs)?)(?: will|'ll| shall)(?: also| continue to)*"
    r" (?:\w+ly )?(?:be (?:\w+ly )?(?:interested (?:in|to)|keen to|looking|examining|monitoring"
    r"|watching|following)|look at|look for|watch|check|assess|examine|monitor|return to|revisit"
    r"|reassess|re-assess|inspect|follow|consider)\b"
    r"|\b(?:i|we) look forward to\b"
    r"|\b(?:i am|we are|i'm|we're)(?: also| \w+ly| very)* (?:interested|keen|eager) to see\b"
    r"|\bour intention is to (?:examine|inspect|assess|look)\b"
)
# Sections where the inspector speaks in person; elsewhere a cue is too often about the past year.
SPOKEN: Final = frozenset({"looking-ahead", "inspector-observations", "overview"})


def look_ahead(page: Page, subject: Subject) -> Iterator[Statement]:
    """Yield the sentences that say what will be looked at, and the entries of such lists.

    A sentence that ends with a colon only opens its list, so its entries are yielded, not it.
    """
    opened = False
    for block in page.blocks:
        if block.section.kind not in SPOKEN:
            opened = False
        elif block.line.is_bullet:
            if opened:
                yield _statement(page, block.section, entry(page.text, block.line), subject.context)
        else:
            yield from _sentences(page, block, subject.context)
            opened = _opens_list(block)


def _opens_list(block: Block) -> bool:
    """Whether the block ends by announcing a list of things to be looked at."""
    last = block.sentences[-1].folded if block.sentences else ""
    return last.endswith(":") and WATCHING.search(last) is not None


def _sentences(page: Page, block: Block, context: ReadingContext) -> Iterator[Statement]:
    """Yield the block's own look-ahead sentences."""
    for sentence in block.sentences:
        if WATCHING.search(sentence.folded) and not sentence.folded.endswith(":"):
            span = sentence.start, sentence.end
            yield _statement(page, block.section, span, context, SENTENCE_METHOD)


def _statement(
    page: Page,
    section: Section,
    span: tuple[int, int],
    context: ReadingContext,
    method: str = ENTRY_METHOD,
) -> Statement:
    """Return the look-ahead statement at *span*, surest in the section that is about it."""
    return Statement(
        type=StatementType.LOOK_AHEAD,
        passage=page.passage(section, *span),
        method=method,
        confidence=0.95 if section.kind == "looking-ahead" else 0.8,
        themes=themes_of(page.text[slice(*span)], context),
    )
