"""One captured version read into a report: the order of the rules, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import NotAReport
from peelgraph.graph.model import DateStatement, JudgmentStatement, Report
from peelgraph.graph.reading import cues
from peelgraph.graph.reading.collaborations import collaborations
from peelgraph.graph.reading.completeness import require_whole
from peelgraph.graph.reading.dates import LAST_UPDATED, PUBLISHED, last_updated, published
from peelgraph.graph.reading.events import exceptional_events
from peelgraph.graph.reading.figures import figures
from peelgraph.graph.reading.findings import findings
from peelgraph.graph.reading.inspections import other_inspections, own_report
from peelgraph.graph.reading.judgments import judgments
from peelgraph.graph.reading.lookahead import look_ahead
from peelgraph.graph.reading.mentioned import mentioned_dates
from peelgraph.graph.reading.page import Page
from peelgraph.graph.reading.places import places
from peelgraph.graph.reading.priorities import plan_priorities
from peelgraph.graph.reading.sections import Asked, dated
from peelgraph.graph.reading.subjects import Subject
from peelgraph.graph.reading.title import EXPECTED, identity
from peelgraph.graph.reading.wording import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from peelgraph.graph.model import CapturedVersion, Statement
    from peelgraph.graph.reading.context import ReadingContext

# Each rule yields statements and, as plain sentences, doubts for the user.
RULES: Final[tuple[Callable[[Page, Subject], Iterator[Statement | str]], ...]] = (
    judgments,
    last_updated,
    published,
    mentioned_dates,
    look_ahead,
    plan_priorities,
    figures,
    places,
    collaborations,
    exceptional_events,
    own_report,
    other_inspections,
)

# These are also told what the rules above and those before them in this list found, by place.
CLOSING_RULES: Final[
    tuple[Callable[[Page, Subject, Sequence[Statement]], Iterator[Statement | str]], ...]
] = (findings,)


def read(
    version: CapturedVersion,
    context: ReadingContext,
    *,
    force: str | None = None,
    cycle: str | None = None,
) -> Report:
    """Return what the page captured as *version*, an overview or one about a pillar, says.

    Args:
        version: The page's text; offsets of the report are into it.
        context: The forces and cycles that are known.
        force: The slug of the force, where the page's title cannot say it.
        cycle: The slug of the cycle, likewise.

    Raises:
        NotAReport: the text is empty, no PEEL page, or a cut one.
        UnknownForce: the title names a force that *context* lacks; the nearest three are named.
        UnknownCycle: the title's year is no cycle, or one whose pages cannot be read yet.
        UsageError: *force* or *cycle* contradicts the title.
    """
    found_lines = list(lines(version.text))
    if not found_lines:
        raise NotAReport("the text is empty", expected=EXPECTED)
    found, title = identity(found_lines, context, force=force, cycle=cycle, source=version.source)
    subject = Subject(found.force, found.cycle, context)
    asked = Asked(found.pillar, subject.questions(found.cycle))
    page = Page.of(version.text, found_lines, title.line if title else None, asked)
    require_whole(page, subject)
    statements, doubts = _stated(page, subject)
    graded = [each for each in statements if isinstance(each, JudgmentStatement)]
    if page.pillar is None:
        require_judgments(graded)
    dates = [each for each in statements if isinstance(each, DateStatement)]
    updated = {d.passage.section: d.date for d in dates if d.dates == LAST_UPDATED}
    issued = {d.date for d in dates if d.dates == PUBLISHED}
    return Report(
        slug="-".join(filter(None, (found.cycle.slug, found.force.slug, page.pillar))),
        title=_title(title.line.text if title else found_lines[0].text, page.pillar),
        force=found.force.slug,
        cycle=found.cycle.slug,
        inspectorate=found.cycle.inspectorate,
        version=version,
        sections=dated(page.sections, updated),
        statements=tuple(statements),
        issued=issued.pop() if len(issued) == 1 else None,
        warnings=(*found.warnings, *doubts, *_unstated(page, graded, subject)),
    )


def _title(printed: str, pillar: str | None) -> str:
    """Return the report's title: pages about one pillar print the pillar on a line of its own."""
    return f"{printed}, {pillar}" if pillar else printed


def _stated(page: Page, subject: Subject) -> tuple[list[Statement], list[str]]:
    """Return what all rules find, by place, and the doubts that they have."""
    statements: list[Statement] = []
    doubts: list[str] = []
    for rule in RULES:
        _sort(rule(page, subject), statements, doubts)
    statements.sort(key=_place)
    for closing in CLOSING_RULES:
        _sort(closing(page, subject, tuple(statements)), statements, doubts)
        statements.sort(key=_place)
    return statements, doubts


def _sort(found: Iterable[Statement | str], statements: list[Statement], doubts: list[str]) -> None:
    """Add what a rule found to the statements or to the doubts."""
    for each in found:
        if isinstance(each, str):
            doubts.append(each)
        else:
            statements.append(each)


def require_judgments(graded: list[JudgmentStatement]) -> None:
    """Raise ``NotAReport`` for a page that states no judgment at all."""
    if not graded:
        raise NotAReport(
            "the page states no judgment",
            expected="summary lines such as 'The extent to which … is good.'",
        )


def _unstated(page: Page, graded: list[JudgmentStatement], subject: Subject) -> list[str]:
    """Return a warning for each graded pillar that the page is about and does not judge."""
    stated = {each.criterion for each in graded if each.cycle == subject.cycle.slug}
    return [
        f"the page states no judgment on {pillar}"
        for pillar in cues.PILLARS
        if page.pillar in (None, pillar)
        and pillar in subject.cycle.pillars
        and pillar not in subject.cycle.ungraded
        and pillar not in stated
    ]


def _place(statement: Statement) -> tuple[int, int, str, str]:
    """Return the key by which statements are ordered: place, then type, then criterion."""
    passage = statement.passage
    return passage.start, passage.end, statement.type, statement.criterion or ""
