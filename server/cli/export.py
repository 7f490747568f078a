"""``peelgraph export``: the current version, whole or one graph of it, byte for byte the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import click

from peelgraph.graph.errors import UsageError
from peelgraph.graph.export import exported
from peelgraph.graph.iris import Iris, absolute_iri
from peelgraph.graph.saved import saved_query
from peelgraph.graph.store import RdfSyntax
from peelgraph.server.cli.asking import asked
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.screen import as_json, write_output, write_result
from peelgraph.server.engine.interface import Query
from peelgraph.server.protocol.negotiation import CSV

if TYPE_CHECKING:
    from peelgraph.graph.settings import Settings
    from peelgraph.graph.versions import Version

TABLE_FORMAT: Final = "csv"
TABLE_QUERY: Final = "force-grades"
FORMATS: Final = (*(syntax.value for syntax in RdfSyntax), TABLE_FORMAT)


@click.command(
    "export",
    cls=Command,
    examples=(
        "peelgraph export > peelgraph.nq",
        "peelgraph export --format trig -o peelgraph.trig",
        "peelgraph export --format csv -o judgments.csv",
        "peelgraph export --format ttl --graph https://w3id.org/peelgraph/graph/reference/force",
    ),
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(FORMATS),
    help="nq and trig hold named graphs, the others their union; csv is the table of judgments."
    "  [default: nq, or jsonld with --json and no file]",
)
@click.option("--graph", metavar="IRI", help="Only this named graph.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to FILE, whole or not at all; - is standard output.",
)
@pass_call
def command(call: Call, format_: str | None, graph: str | None, output: str | None) -> None:
    """Write the current version to standard output or a file.

    Equal content gives equal bytes, on any machine. With --json and a file, what was written is
    told as JSON.
    """
    version = call.folder().current()
    to_file = output not in {None, "-"}
    chosen = format_ or ("jsonld" if call.json and not to_file else "nq")
    content = content_of(version, chosen, graph, call.settings())
    write_output(content, output)
    if not to_file:
        return
    digest = hashlib.sha256(content).hexdigest()
    if call.json:
        told = {
            "version": version.name,
            "format": chosen,
            "graph": graph,
            "file": output,
            "bytes": len(content),
            "sha256": digest,
        }
        write_result(f"{as_json('export/1', told)}\n")
    else:
        call.note(f"Wrote {output}: {len(content)} bytes, SHA-256 {digest}")


def content_of(version: Version, chosen: str, graph: str | None, settings: Settings) -> bytes:
    """Return *version* in the format *chosen*.

    Raises:
        UsageError: there is no such graph, or a graph is asked for as a table.
    """
    iris = Iris(version.manifest.base)
    if chosen != TABLE_FORMAT:
        name = absolute_iri(graph, "--graph") if graph else None
        return exported(version, RdfSyntax(chosen), iris, name)
    if graph is not None:
        raise UsageError(
            "the table of judgments is not of one graph",
            place="--graph",
            expected=f"--format {', '.join(FORMATS[:-1])}",
        )
    return asked(
        version,
        Query(saved_query(TABLE_QUERY, iris.base).text, union=True),
        CSV.media_type,
        settings,
    )
