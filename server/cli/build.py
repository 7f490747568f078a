"""``peelgraph build``: a version from what is bundled."""

from __future__ import annotations

import time

import click

from peelgraph.graph.build import build
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.calls import Call, Command, now, pass_call, setting_options
from peelgraph.server.cli.rehearsal import rehearsed
from peelgraph.server.cli.screen import working


@setting_options("base")
@click.command(
    "build",
    cls=Command,
    examples=(
        "peelgraph build",
        "peelgraph build --data /srv/peelgraph --base https://data.example.org/police",
        "peelgraph build --dry-run --json",
    ),
)
@click.option("--dry-run", is_flag=True, help="Do everything but publish.")
@pass_call
def command(call: Call, base: str | None, *, dry_run: bool) -> None:
    """Publish a version from the bundled ontology, schemes, shapes and tables.

    What was ingested or loaded before is kept. The same content again publishes nothing.
    """
    began = time.perf_counter()
    folder = call.folder()
    iris = call.iris(folder, base)
    shown = not call.quiet
    with rehearsed(folder, dry_run=dry_run) as place, working("building", shown=shown):
        built = build(place, iris, bundled_tables(), now())
    call.make_files(folder, built.version if built.published else None, dry_run=dry_run)
    seconds, manifest = time.perf_counter() - began, built.version.manifest
    done = "Would publish" if dry_run else "Published"
    opening = f"{done} {manifest.name}" if built.published else f"Nothing changed: {manifest.name}"
    call.answer(
        "build/1",
        {
            "version": manifest.name,
            "published": built.published and not dry_run,
            "changed": built.published,
            "dry_run": dry_run,
            "base": manifest.base,
            "quads": manifest.quads,
            "digest": manifest.digest,
            "seconds": round(seconds, 3),
        },
        f"{opening}, {manifest.quads} quads, {seconds:.1f} s",
    )
