"""The priorities of the local policing plan that a page quotes: no findings of the inspectorate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.lists import entry
from peelgraph.graph.reading.themes import themes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

METHOD: Final = "plan-priority/1"


def plan_priorities(page: Page, subject: Subject) -> Iterator[Statement]:
    """Yield one statement per entry of the section on the police and crime plan.

    The passage is the whole entry, without its list marker and the semicolon that parts it from
    the next; the full stop that closes a sentence stays. A page whose list marks were lost has
    one entry a line.
    """
    for section in page.sections:
        if section.kind != "policing-plan-priorities":
            continue
        body = [b for b in page.blocks if b.section is section][1:]
        listed = [block for block in body if block.line.is_bullet]
        for block in listed or [b for b in body if not b.line.text.endswith(":")]:
            start, end = entry(page.text, block.line)
            yield Statement(
                type=StatementType.PLAN_PRIORITY,
                passage=page.passage(section, start, end),
                method=METHOD,
                confidence=1.0 if listed else 0.8,
                themes=themes_of(page.text[start:end], subject.context),
            )
