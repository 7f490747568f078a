"""``peelgraph validate``: the shapes over files, or over the current version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from peelgraph.graph.conformance import graphs_report, version_report
from peelgraph.graph.export import exported_graph
from peelgraph.graph.iris import Iris
from peelgraph.graph.load import graphs_of
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import (
    Call,
    Command,
    checking_of,
    checking_options,
    pass_call,
    setting_options,
)
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.load import SYNTAXES, rdf_sources
from peelgraph.server.cli.screen import as_json, print_table, working, write_result

if TYPE_CHECKING:
    from peelgraph.graph.validation import ValidationReport

TABLE, JSON, TURTLE = "table", "json", "turtle"
COLUMNS: Final = ("severity", "focusNode", "path", "value", "message")


@setting_options("base")
@checking_options
@click.command(
    "validate",
    cls=Command,
    examples=(
        "peelgraph validate",
        "peelgraph validate --shacl-engine rust",
        "peelgraph validate kent-2015.ttl",
        "peelgraph validate --format turtle > report.ttl",
        "peelgraph read kent-2015.txt --format turtle | peelgraph validate - --syntax ttl",
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice([TABLE, JSON, TURTLE]),
    help="How to write the report.  [default: table, or json with --json]",
)
@click.option(
    "--syntax",
    type=click.Choice(SYNTAXES),
    help="The syntax of the files.  [default: by extension]",
)
@click.pass_context
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    format_: str | None,
    syntax: str | None,
    base: str | None,
    shacl_engine: str | None,
    shacl_timeout: float | None,
) -> None:
    """Check RDF files, or the current version, against the bundled shapes.

    Files are read together with the bundled ontology, schemes and reference data. Exit 1 where
    there is a violation; warnings alone are no failure. The engine rust needs the extra fast; what
    it is not trusted with is left to pyshacl, and that is said.
    """
    settings = call.settings(shacl_engine=shacl_engine, shacl_timeout=shacl_timeout)
    checking = checking_of(settings)
    if files:
        iris = call.iris(call.folder(), base)
        graphs = graphs_of(rdf_sources(files, syntax), iris, kind="document")
        subject = f"{len(files)} files"
        with working("checking", shown=not call.quiet):
            report = graphs_report(graphs, bundled_tables(), iris, checking)
    else:
        version = call.folder().current()
        iris, subject = Iris(version.manifest.base), version.name
        with working("checking", shown=not call.quiet):
            report = version_report(version, iris, replace(checking, seconds=None))
    chosen = format_ or (JSON if call.json else TABLE)
    if chosen == TURTLE:
        write_result(exported_graph(report.as_graph(iris), RdfSyntax.TTL, iris))
    elif chosen == JSON:
        write_result(f"{as_json('validation/1', {'subject': subject, **report.as_dict()})}\n")
    else:
        tell(call, report, subject)
    ctx.exit(Exit.DONE if report.conforms else Exit.NOT_CONFORMING)


def tell(call: Call, report: ValidationReport, subject: str) -> None:
    """Print the results as a table, and what they add up to."""
    if report.results:
        print_table(
            COLUMNS,
            [
                [each[column] or "" for column in COLUMNS]
                for each in (result.as_dict() for result in report.results)
            ],
        )
    for remark in report.remarks:
        call.note(remark)
    verdict = "conforms" if report.conforms else "does not conform"
    counts = f"{len(report.violations)} violations, {len(report.warnings)} warnings"
    call.note(f"{subject}: {verdict}; {counts}")
