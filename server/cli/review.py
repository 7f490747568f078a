"""``peelgraph review``: uncertain statements out as CSV, a person's corrections back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peelgraph.graph.errors import UsageError
from peelgraph.graph.iris import Iris
from peelgraph.graph.kept_reports import current_pages, reread
from peelgraph.graph.preparation import Run
from peelgraph.graph.review import UNCERTAIN, review_file, told, uncertain
from peelgraph.graph.reviewing import apply_review
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import Call, Command, now, pass_call
from peelgraph.server.cli.inputs import read_one, table_text
from peelgraph.server.cli.screen import as_json, working, write_output, write_result

if TYPE_CHECKING:
    from peelgraph.graph.model import Report


@click.command(
    "review",
    cls=Command,
    examples=(
        "peelgraph review -o uncertain.csv",
        "peelgraph review kent-2015.txt --threshold 0.9 > uncertain.csv",
        "peelgraph review --apply uncertain.csv",
    ),
)
@click.argument("pages", nargs=-1, metavar="[FILE…]")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=UNCERTAIN,
    show_default=True,
    help="Write the statements of a confidence below this.",
)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--apply", "answers", metavar="FILE", help="Read the corrections of FILE back.")
@click.option("--force", metavar="SLUG", help="The force, where a file's title does not say it.")
@click.option("--cycle", metavar="SLUG", help="The cycle, where the title does not say it.")
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    *,
    pages: tuple[str, ...],
    threshold: float,
    output: str | None,
    answers: str | None,
    force: str | None,
    cycle: str | None,
) -> None:
    """Write what was read with little confidence as CSV, of all current pages or of each FILE.

    A person fills in the columns verdict (right, wrong or change), new_type, new_criterion and
    new_themes (several with a blank between them; none empties a cell), reviewer, date
    (2026-11-23) and comment. --apply keeps these corrections for the captured versions they are
    of, where they win over the rules, and publishes a version with them. Rows without a verdict
    are passed over; one that cannot be used is named, and then nothing is applied.
    """
    if answers is not None:
        if pages or output:
            raise UsageError("--apply takes a review file and nothing else", place="--apply")
        apply(call, answers)
        return
    reports = [read_one(page, force=force, cycle=cycle) for page in pages] if pages else kept(call)
    rows = sum(len(uncertain(report, threshold)) for report in reports)
    if call.json and output is None:
        found = [told(report, each) for report in reports for each in uncertain(report, threshold)]
        write_result(f"{as_json('review/1', {'statements': found})}\n")
        return
    write_output(review_file(reports, threshold).encode(), output)
    call.note(f"{rows} statements of {len(reports)} reports have a confidence below {threshold:g}")


def kept(call: Call) -> list[Report]:
    """Return the reports that count in the current version, with the corrections made so far."""
    folder, tables = call.folder(), bundled_tables()
    return [reread(folder, page, tables) for page in current_pages(folder.current())]


def apply(call: Call, answers: str) -> None:
    """Keep the corrections of the file *answers* and tell of the version made by them."""
    folder = call.folder()
    base = folder.current().manifest.base
    run = Run(iris=Iris(base), tables=bundled_tables(), moment=now())
    with working("applying", shown=not call.quiet):
        applied = apply_review(folder, table_text(answers), answers, run)
    version = applied.version
    call.make_files(folder, version, dry_run=False)
    text = f"Published {version.name}" if version else "Nothing new"
    result = {
        "corrections": len(applied.corrections),
        "version": version.name if version else None,
        "published": version is not None,
    }
    call.note(f"{len(applied.corrections)} corrections applied")
    call.answer("review-applied/1", result, text)
