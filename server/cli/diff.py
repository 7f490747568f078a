"""``peelgraph diff``: what changed between captured versions, in statements."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from peelgraph.graph.kept_reports import current_pages, page_of, reread
from peelgraph.graph.report_difference import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    report_difference,
)
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.inputs import read_one
from peelgraph.server.cli.screen import as_json, print_table, write_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peelgraph.graph.model import Report
    from peelgraph.graph.report_difference import Change, Said
    from peelgraph.graph.versions import DataFolder

    Pair: TypeAlias = tuple[Report | None, Report | None]

COLUMNS = ("report", "change", "type", "criterion", "place", "was", "is")
SHOWN = 120  # characters of a sentence on a terminal


@click.command(
    "diff",
    cls=Command,
    examples=(
        "peelgraph diff kent-2015.txt kent-2015-later.txt",
        "peelgraph diff --report peel-2015-kent bf6ea9beedad 0c13d5a2e8f1",
        "peelgraph diff 20261123T101500Z 20261124T090000Z --json",
    ),
)
@click.argument("old")
@click.argument("new")
@click.option("--report", metavar="SLUG", help="OLD and NEW are captured versions of this report.")
@click.option("--force", metavar="SLUG", help="The force, where the pages' titles do not say it.")
@click.option("--cycle", metavar="SLUG", help="The cycle, where the titles do not say it.")
@click.pass_context
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    ctx: click.Context,
    *,
    old: str,
    new: str,
    report: str | None,
    force: str | None,
    cycle: str | None,
) -> None:
    """Say which statements were added, removed, changed or only moved from OLD to NEW.

    OLD and NEW are two files, or versions of the data folder, whose current pages are compared
    report by report; with --report, two captured versions of that report, by the first digits of
    their digests. Exit 1 where there is a difference.
    """
    pairs: Iterator[Pair]
    if report is not None:
        pairs = captured_pair(call.folder(), report, old, new)
    elif Path(old).exists() or Path(new).exists():
        earlier, later = (read_one(each, force=force, cycle=cycle) for each in (old, new))
        pairs = iter([(earlier, later)])
    else:
        pairs = version_pairs(call.folder(), old, new)
    changes = [(slug_of(*pair), change) for pair in pairs for change in report_difference(*pair)]
    if call.json:
        told = {"changes": [as_dict(slug, change) for slug, change in changes]}
        write_result(f"{as_json('diff/1', told)}\n")
    else:
        tell(call, changes)
    ctx.exit(Exit.NOT_CONFORMING if changes else Exit.DONE)


def captured_pair(data: DataFolder, report: str, old: str, new: str) -> Iterator[Pair]:
    """Yield two captured versions of a report, read again."""
    version, tables = data.current(), bundled_tables()
    pages = (page_of(version, report, sha12) for sha12 in (old, new))
    earlier, later = (reread(data, page, tables) for page in pages)
    yield earlier, later


def version_pairs(data: DataFolder, old: str, new: str) -> Iterator[Pair]:
    """Yield what counts of each report in two versions of the data folder, where it differs."""
    tables = bundled_tables()
    before, after = (
        {page.report: page for page in current_pages(data.version(name))} for name in (old, new)
    )
    for slug in sorted(before.keys() | after.keys()):
        was, now = before.get(slug), after.get(slug)
        if was != now:
            yield (
                reread(data, was, tables) if was else None,
                reread(data, now, tables) if now else None,
            )


def slug_of(old: Report | None, new: Report | None) -> str:
    """Return the slug of a pair of which one report may be missing."""
    report = new or old
    return report.slug if report else ""


def tell(call: Call, changes: Sequence[tuple[str, Change]]) -> None:
    """Print what was added, removed or changed as a table, and how much only moved."""
    rows = [cells(slug, change) for slug, change in changes if change.kind != MOVED]
    if rows:
        print_table(COLUMNS, rows)
    counts = Counter(change.kind for _, change in changes)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in (ADDED, REMOVED, CHANGED, MOVED))
    call.note(told if changes else "No statement differs")


def cells(slug: str, change: Change) -> tuple[str, ...]:
    """Return the cells of one change's row."""
    passage = change.statement.passage
    was, now = words(change.old), words(change.new)
    if change.kind == CHANGED and "text" not in change.aspects:
        was = "; ".join(f"{name}: {old}" for name, (old, _) in change.aspects.items())
        now = "; ".join(f"{name}: {new}" for name, (_, new) in change.aspects.items())
    place, criterion = f"{passage.start}-{passage.end}", change.statement.criterion or ""
    return (slug, change.kind, change.statement.type.value, criterion, place, was, now)


def words(said: Said | None) -> str:
    """Return the words of a statement in one line, a long sentence cut."""
    text = " ".join(said.first.passage.text.split()) if said else ""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def as_dict(slug: str, change: Change) -> dict[str, Any]:
    """Return one change as JSON values."""
    statement = change.statement
    return {
        "report": slug,
        "change": change.kind,
        "type": statement.type.value,
        "id": statement.id,
        "criterion": statement.criterion,
        "aspects": {
            name: {"old": old or None, "new": new or None}
            for name, (old, new) in change.aspects.items()
        },
        "old": places(change.old),
        "new": places(change.new),
    }


def places(said: Said | None) -> list[dict[str, Any]]:
    """Return every place of a statement in one reading."""
    stated = [each.passage for each in said.places] if said else []
    return [{"start": p.start, "end": p.end, "text": p.text} for p in stated]
