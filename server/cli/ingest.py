"""``peelgraph ingest``: reports in, one new version out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peelgraph.graph.errors import NotConforming
from peelgraph.graph.export import prefixes
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import Call, Command, checking_of, checking_options, now, pass_call
from peelgraph.server.cli.exits import Exit, exit_of
from peelgraph.server.cli.failures import as_problem, block
from peelgraph.server.cli.rehearsal import rehearsed
from peelgraph.server.cli.screen import (
    draws_progress,
    print_note,
    progress,
    visible,
    write_file,
    write_result,
)
from peelgraph.server.cli.sources import fetching, named_sources
from peelgraph.server.cli.summary import COUNTED, counted, print_summary, summary_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.ingest import Ingestion, Outcome
    from peelgraph.graph.versions import DataFolder
    from peelgraph.server.cli.sources import NamedSource


@checking_options
@click.command(
    "ingest",
    cls=Command,
    examples=(
        "peelgraph ingest kent-2015.txt",
        "peelgraph ingest reports/ --dry-run",
        "peelgraph ingest page.html --force kent --cycle peel-2015",
        "peelgraph ingest - < kent-2015.txt",
        "peelgraph ingest @addresses.txt",
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--dry-run", is_flag=True, help="Do everything but keep and publish.")
@click.option("--force", metavar="SLUG", help="The force, where the page's title does not say it.")
@click.option("--cycle", metavar="SLUG", help="The cycle, where the title does not say it.")
@click.option("--output", metavar="FILE", help="Also write what was asserted to FILE, as TriG.")
@click.pass_context
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    ctx: click.Context,
    *,
    sources: tuple[str, ...],
    force: str | None,
    cycle: str | None,
    output: str | None,
    dry_run: bool,
    shacl_engine: str | None,
    shacl_timeout: float | None,
) -> None:
    """Read reports, check them against the shapes and publish them as one version.

    SOURCE is a text, HTML or PDF file, compressed or not, a zip archive or a folder (searched for
    those), - for standard input, an https address, or @FILE for a list of addresses, one a line.
    Pages are fetched from the inspectorate's own hosts only, one a second; one that was fetched
    within a day is not asked for again. A source that is refused is named with its reason, and
    the others still land. A data folder without a version gets one first.
    """
    settings = call.settings(shacl_engine=shacl_engine, shacl_timeout=shacl_timeout)
    with rehearsed(call.folder(), dry_run=dry_run) as folder:
        found = named_sources(sources, fetching(settings, folder.captures, now()))
        iris = Iris(call.ready_version(folder).manifest.base)
        run = Run(
            iris=iris,
            tables=bundled_tables(),
            moment=now(),
            force=force,
            cycle=cycle,
            checking=checking_of(settings),
        )
        ingestion = ingested(call, folder, found, run)
        if output:
            store, names = folder.current().store(), sorted(ingestion.graphs)
            known = dict(prefixes(iris))
            write_file(
                Path(output), lambda file: store.write_graphs(names, file, RdfSyntax.TRIG, known)
            )
    call.make_files(call.folder(), ingestion.version, dry_run=dry_run)
    tell(call, ingestion, dry_run=dry_run)
    ctx.exit(exit_for(ingestion.outcomes))


def ingested(call: Call, folder: DataFolder, found: Sequence[NamedSource], run: Run) -> Ingestion:
    """Ingest *found* into *folder* and tell of each source as it is done."""
    drawn, alone = draws_progress(len(found)) and not call.quiet, len(found) == 1
    with progress("ingesting", len(found), shown=drawn) as step:

        def heard(outcome: Outcome) -> None:
            step(outcome.source)
            if not drawn:
                tell_outcome(call, outcome, alone=alone)

        ingestion = ingest(folder, found, run, heard)
    if drawn:  # a line printed while a bar is drawn would be drawn over
        for outcome in ingestion.outcomes:
            tell_outcome(call, outcome, alone=alone)
    return ingestion


def tell_outcome(call: Call, outcome: Outcome, *, alone: bool) -> None:
    """Print the line of one source and its warnings; the only one's refusal is told at length."""
    if outcome.error is None and not call.json:
        write_result(f"{visible(line_of(outcome))}\n")
    elif outcome.error is not None and not call.json:
        print_note(block(outcome.error) if alone else line_of(outcome))
    for warning in outcome.warnings:
        call.note(f"  warning: {warning}")
    for stage, seconds in outcome.seconds.items():
        call.detail(f"  {stage}: {seconds:.3f} s")


def line_of(outcome: Outcome) -> str:
    """Return what became of one source, in a line."""
    if outcome.error is not None:
        why = str(outcome.error).removeprefix(f"{outcome.source}: ").replace("\n", " ")
        return f"{outcome.source}: refused: {why}"
    if outcome.state == "unchanged":
        return f"{outcome.source}: unchanged: {outcome.report}"
    counts = ", ".join(counted(outcome.counts.get(name, 0), name) for name in COUNTED)
    return f"{outcome.source}: landed: {outcome.report}: {counts}"


def tell(call: Call, ingestion: Ingestion, *, dry_run: bool) -> None:
    """Print the table of several sources and the last line, or the whole result as JSON."""
    version, summary = ingestion.version, summary_of(ingestion)
    if len(ingestion.outcomes) > 1 and not (call.json or call.quiet):
        print_summary(summary)
    if version is None:
        told = "Nothing new"
    else:
        told = f"{'Would publish' if dry_run else 'Published'} {version.name}"
    result = {
        "version": version.name if version else None,
        "published": version is not None and not dry_run,
        "dry_run": dry_run,
        "quads": version.manifest.quads if version else None,
        "publishing_seconds": round(ingestion.publishing_seconds, 3),
        "summary": summary.as_dict(),
        "outcomes": [outcome_as_dict(outcome) for outcome in ingestion.outcomes],
    }
    call.answer("ingest/1", result, told)


def outcome_as_dict(outcome: Outcome) -> dict[str, Any]:
    """Return what became of one source as JSON values."""
    return {
        "source": outcome.source,
        "state": outcome.state,
        "report": outcome.report or None,
        "counts": {name: outcome.counts.get(name, 0) for name in COUNTED},
        "warnings": list(outcome.warnings),
        "seconds": {stage: round(seconds, 3) for stage, seconds in outcome.seconds.items()},
        "error": as_problem(outcome.error) if outcome.error else None,
    }


def exit_for(outcomes: Sequence[Outcome]) -> Exit:
    """Return 0 when all landed, 1 when some did not, else why none did."""
    errors = [each.error for each in outcomes if each.error is not None]
    if not errors:
        return Exit.DONE
    if len(errors) < len(outcomes) or any(isinstance(each, NotConforming) for each in errors):
        return Exit.NOT_CONFORMING
    return exit_of(errors[0]) if len(errors) == 1 else Exit.INPUT
