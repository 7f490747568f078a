"""``peelgraph import``: a known open dataset into a graph of a new version."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from peelgraph.graph.datasets import DATASETS, SourceFile
from peelgraph.graph.importing import Imported, dataset_files, import_dataset
from peelgraph.graph.iris import Iris
from peelgraph.server.cli.calls import Call, Command, checking_of, checking_options, now, pass_call
from peelgraph.server.cli.rehearsal import rehearsed
from peelgraph.server.cli.screen import visible, working


class Importing(Command):
    """A command that lists the datasets in its help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the datasets above the options."""
        with formatter.section("Datasets"):
            formatter.write_dl([(each.name, each.about) for each in DATASETS.values()])
        super().format_options(ctx, formatter)


@checking_options
@click.command(
    "import",
    cls=Importing,
    examples=(
        "peelgraph import police-areas pfa-2020.geojson",
        "peelgraph import police-areas pfa-2020.geojson.gz --dry-run",
        "peelgraph import police-areas - < pfa-2020.geojson",
    ),
)
@click.argument("dataset", type=click.Choice(tuple(DATASETS)), metavar="DATASET")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--dry-run", is_flag=True, help="Do everything but publish.")
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    dataset: str,
    files: tuple[str, ...],
    *,
    dry_run: bool,
    shacl_engine: str | None,
    shacl_timeout: float | None,
) -> None:
    """Import a known open dataset, check it and publish it as a new version.

    The files are those that its publisher offers. What they say is tied to what the version
    knows, by codes; a file with something else in it is refused as a whole. Another edition of a
    dataset replaces the one before, and the same again publishes nothing. Files may be
    compressed (.gz, .bz2, .xz) or stand in a zip archive; - is standard input.
    """
    chosen = DATASETS[dataset]
    found = [each for file in files for each in _files(file, dataset)]
    settings = call.settings(shacl_engine=shacl_engine, shacl_timeout=shacl_timeout)
    with rehearsed(call.folder(), dry_run=dry_run) as folder:
        iris = Iris(call.ready_version(folder).manifest.base)
        with working("importing", shown=not call.quiet):
            done = import_dataset(folder, chosen, found, iris, now(), checking_of(settings))
    version, reading = done.version, done.reading
    call.make_files(call.folder(), version, dry_run=dry_run)
    for remark in reading.remarks:
        call.note(visible(remark))
    result = {
        "dataset": dataset,
        "source": reading.title,
        "graph": str(done.graph),
        "triples": len(reading.graph),
        "counts": dict(reading.counts),
        "remarks": list(reading.remarks),
        "attribution": reading.attribution,
        "version": version.name if version else None,
        "published": version is not None and not dry_run,
        "dry_run": dry_run,
    }
    call.answer("import/1", result, _summary(done, dry_run=dry_run))


def _summary(done: Imported, *, dry_run: bool) -> str:
    reading, version = done.reading, done.version
    counts = ", ".join(f"{count:,} {what}" for what, count in reading.counts.items())
    ended = "Would publish" if dry_run else "Published"
    lines = (
        f"{reading.title}: {counts}, {len(reading.graph)} triples in {done.graph}",
        f"To be said with it: {reading.attribution}",
        f"{ended} {version.name}" if version else "Nothing new",
    )
    return "\n".join(lines)


def _files(file: str, dataset: str) -> list[SourceFile]:
    """Return the files that a word of the command line names; ``-`` is standard input."""
    if file == "-":
        return [SourceFile("standard-input", sys.stdin.buffer.read(DATASETS[dataset].largest + 1))]
    return dataset_files(Path(file), DATASETS[dataset])
