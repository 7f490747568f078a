"""``peelgraph load``: RDF files into named graphs of a new version."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from peelgraph.graph.errors import UsageError
from peelgraph.graph.iris import Iris, absolute_iri
from peelgraph.graph.load import RdfSource, load, rdf_files
from peelgraph.graph.store import RdfSyntax
from peelgraph.server.cli.calls import Call, Command, checking_of, checking_options, now, pass_call
from peelgraph.server.cli.rehearsal import rehearsed
from peelgraph.server.cli.screen import visible

SYNTAXES = tuple(syntax.value for syntax in RdfSyntax)


@checking_options
@click.command(
    "load",
    cls=Command,
    examples=(
        "peelgraph load wikidata-links.ttl",
        "peelgraph load notes.nt --graph https://example.org/graph/notes",
        "peelgraph load export.trig --dry-run",
        "peelgraph load - --format ttl < notes.ttl",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--graph",
    metavar="IRI",
    help="The graph for triples without one.  [default: /graph/external/ and the file's name]",
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(SYNTAXES),
    help="The syntax of the files.  [default: by extension]",
)
@click.option("--dry-run", is_flag=True, help="Do everything but publish.")
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    files: tuple[str, ...],
    *,
    graph: str | None,
    format_: str | None,
    dry_run: bool,
    shacl_engine: str | None,
    shacl_timeout: float | None,
) -> None:
    """Load RDF files, check them against the shapes and publish them as a new version.

    A graph that a file states is replaced as a whole; quads keep the graphs they name. Graphs
    that the program itself keeps are refused. Files may be compressed (.gz, .bz2, .xz) or stand
    in a zip archive.
    """
    found = rdf_sources(files, format_)
    settings = call.settings(shacl_engine=shacl_engine, shacl_timeout=shacl_timeout)
    with rehearsed(call.folder(), dry_run=dry_run) as folder:
        iris = Iris(call.ready_version(folder).manifest.base)
        name = absolute_iri(graph, "--graph") if graph else None
        loaded = load(folder, found, iris, now(), name, checking_of(settings))
    version = loaded.version
    call.make_files(call.folder(), version, dry_run=dry_run)
    lines = [f"{visible(name)}: {count} triples" for name, count in loaded.graphs.items()]
    done = "Would publish" if dry_run else "Published"
    call.answer(
        "load/1",
        {
            "version": version.name if version else None,
            "published": version is not None and not dry_run,
            "dry_run": dry_run,
            "graphs": loaded.graphs,
        },
        "\n".join([*lines, f"{done} {version.name}" if version else "Nothing new"]),
    )


def rdf_sources(files: tuple[str, ...], format_: str | None) -> list[RdfSource]:
    """Return the RDF files that were named; ``-`` is standard input and needs its syntax said."""
    syntax = RdfSyntax(format_) if format_ else None
    found: list[RdfSource] = []
    for file in files:
        if file != "-":
            found.extend(rdf_files(Path(file), syntax))
        elif syntax is None:
            raise UsageError(
                "standard input has no extension to know its syntax by",
                place="-",
                action=f"add --format, one of {', '.join(SYNTAXES)}",
            )
        else:
            found.append(RdfSource("standard-input", sys.stdin.buffer.read(), syntax))
    return found
