"""``peelgraph read``: what ingesting a source would assert, without a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from peelgraph.graph.errors import UsageError
from peelgraph.graph.export import exported_graph, exported_graphs
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.mapping.settled import with_status_doubts
from peelgraph.graph.reading import read
from peelgraph.graph.reading.coverage import coverage as page_coverage
from peelgraph.graph.reading.coverage import coverage_counts
from peelgraph.graph.report_json import report_as_dict
from peelgraph.graph.reports import reading_context
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import Call, Command, pass_call, setting_options
from peelgraph.server.cli.screen import as_json, visible, write_result
from peelgraph.server.cli.sources import named_sources

if TYPE_CHECKING:
    from peelgraph.graph.model import Report

JSON: Final = "json"


@setting_options("base")
@click.command(
    "read",
    cls=Command,
    examples=(
        "peelgraph read kent-2015.txt",
        "peelgraph read kent-2015.html --format turtle > kent-2015.ttl",
        "peelgraph read - < kent-2015.txt",
        "peelgraph read kent-2015.txt --coverage",
    ),
)
@click.argument("source")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice([JSON, "turtle", "trig"]),
    default=JSON,
    show_default=True,
    help="JSON with one object a statement, or the document's graph as Turtle or TriG.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Print the page with the kind of each sentence beside it, and the counts; with --json the"
    " counts alone.",
)
@click.option("--force", metavar="SLUG", help="The force, where the page's title does not say it.")
@click.option("--cycle", metavar="SLUG", help="The cycle, where the title does not say it.")
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    *,
    source: str,
    format_: str,
    coverage: bool,
    force: str | None,
    cycle: str | None,
    base: str | None,
) -> None:
    """Read one report and write what it says; nothing is stored.

    SOURCE is a text, HTML or PDF file, compressed or not, or - for standard input. Offsets are
    code points of its text, from 0, end excluded.
    """
    sources = named_sources([source])
    if len(sources) != 1:
        raise UsageError(
            f"{len(sources)} files cannot be read at once",
            place=source,
            expected="one file",
            action="use `peelgraph ingest --dry-run --output FILE` for a folder",
        )
    tables = bundled_tables()
    report = read(sources[0][1](), reading_context(tables), force=force, cycle=cycle)
    report = with_status_doubts(report, tables)
    for warning in report.warnings:
        call.note(f"warning: {warning}")
    if coverage:
        write_result(_coverage(report, as_counts=call.json))
        return
    if format_ == JSON:
        write_result(f"{as_json('read/1', report_as_dict(report))}\n")
        return
    iris = Iris(call.settings(base=base).base)
    graph = document_graph(report, tables, iris)
    if format_ == "trig":
        name = iris.document_graph(report.slug, report.version.sha12)
        write_result(exported_graphs({name: graph}, RdfSyntax.TRIG, iris))
    else:
        write_result(exported_graph(graph, RdfSyntax.TTL, iris))


def _coverage(report: Report, *, as_counts: bool) -> str:
    """Return the page with kinds in the margin and counts below it, or the counts as JSON."""
    covered = list(page_coverage(report))
    counts = coverage_counts(covered)
    if as_counts:
        total = {name: counts.pop(name) for name in ("sentences", "accounted")}
        return f"{as_json('coverage/1', {**total, 'kinds': counts})}\n"
    width = max((len(kind) for each in covered for kind, _ in each.parts), default=0)
    lines = [
        f"{kind:<{width}} | {visible(words)}" for each in covered for kind, words in each.parts
    ]
    lines += ["", *(f"{count:>6} {kind}" for kind, count in counts.items())]
    return "".join(f"{line}\n" for line in lines)
