"""``peelgraph versions``: list, look into, compare, roll back and prune."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from peelgraph.graph.comparison import difference
from peelgraph.graph.errors import UsageError, VersionError
from peelgraph.graph.nquads import graph_of
from peelgraph.server.cli.calls import Call, Group, pass_call
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.screen import print_table

if TYPE_CHECKING:
    from peelgraph.graph.versions import DataFolder, Version


@click.group("versions", cls=Group, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, compare, roll back and prune the published versions; without a command, list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_versions)


def summary(version: Version, current: str | None) -> dict[str, Any]:
    """Return what every list of versions says of one."""
    manifest = version.manifest
    return {
        "name": manifest.name,
        "published": manifest.published,
        "quads": manifest.quads,
        "digest": manifest.digest,
        "parent": manifest.parent,
        "base": manifest.base,
        "current": manifest.name == current,
    }


def current_name(folder: DataFolder) -> str | None:
    """Return the current version's name, if anything has been published."""
    try:
        return folder.current().name
    except VersionError:  # nothing published, or the current version is damaged
        return None


@command.command("list", examples=("peelgraph versions list", "peelgraph versions list --json"))
@pass_call
def list_versions(call: Call) -> None:
    """List every version, oldest first; * marks the one that serves."""
    folder = call.folder()
    current = current_name(folder)
    rows = [summary(version, current) for version in folder.versions()]
    for damaged in folder.damaged():
        call.note(f"{damaged} is damaged: its manifest cannot be read")
    if call.json:
        call.answer("versions/1", {"current": current, "versions": rows}, "")
        return
    columns = ("current", "name", "published", "quads", "parent")
    print_table(
        columns,
        [
            ("*" if row["current"] else "", *(row[column] or "" for column in columns[1:]))
            for row in rows
        ],
    )


@command.command(
    "show",
    examples=("peelgraph versions show", "peelgraph versions show 20261123T101500Z-1a2b3c4d"),
)
@click.argument("name", required=False)
@pass_call
def show_version(call: Call, name: str | None) -> None:
    """Show what a version holds: its graphs, inputs and tools.

    NAME is a version's name or the start of one; without it, the current version.
    """
    folder = call.folder()
    version = folder.version(name) if name else folder.current()
    manifest = version.manifest
    if call.json:
        parts = {"graphs": manifest.graphs, "inputs": manifest.inputs, "tools": manifest.tools}
        call.answer("version/1", {**summary(version, current_name(folder)), **parts}, "")
        return
    rows = [
        ("name", manifest.name),
        ("published", manifest.published),
        ("base", manifest.base),
        ("parent", manifest.parent or "-"),
        ("digest", manifest.digest),
        ("quads", manifest.quads),
        *((f"graph {graph}", quads) for graph, quads in manifest.graphs.items()),
        *((f"input {source}", sha256) for source, sha256 in manifest.inputs.items()),
        *((f"tool {tool}", release) for tool, release in manifest.tools.items()),
    ]
    print_table(("part", "value"), rows)


@command.command(
    "diff",
    examples=(
        "peelgraph versions diff",
        "peelgraph versions diff 20261123T101500Z 20261124T090000Z --lines",
    ),
)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--lines", is_flag=True, help="Show each added and removed quad, + or - before it.")
@click.pass_context
@pass_call
def compare_versions(
    call: Call, ctx: click.Context, old: str | None, new: str | None, *, lines: bool
) -> None:
    """Compare two versions, graph by graph; exit 1 where they differ.

    NEW is the current version where it is not given, OLD the parent of NEW.
    """
    folder = call.folder()
    later = folder.version(new) if new else folder.current()
    earlier = folder.version(old or _parent_of(later))
    found = difference(earlier, later)
    added, removed = (Counter(map(_graph_of, side)) for side in (found.added, found.removed))
    graphs = sorted(added | removed)
    if call.json:
        result: dict[str, Any] = {
            "old": earlier.name,
            "new": later.name,
            "added": len(found.added),
            "removed": len(found.removed),
            "graphs": [{"graph": g, "added": added[g], "removed": removed[g]} for g in graphs],
        }
        if lines:
            result["lines"] = {"added": list(found.added), "removed": list(found.removed)}
        call.answer("difference/1", result, "")
    elif lines:
        marked = [*(f"- {line}" for line in found.removed), *(f"+ {line}" for line in found.added)]
        call.answer("", {}, "\n".join(marked)) if marked else None
    else:
        call.note(f"{earlier.name} → {later.name}")
        print_table(("graph", "added", "removed"), [(g, added[g], removed[g]) for g in graphs])
    ctx.exit(Exit.NOT_CONFORMING if graphs else Exit.DONE)


def _parent_of(version: Version) -> str:
    if version.manifest.parent is None:
        raise UsageError(
            f"{version.name} has no parent to compare with", expected="the names of two versions"
        )
    return version.manifest.parent


def _graph_of(line: str) -> str:
    """Return the graph's name of an N-Quads line."""
    return graph_of(f"{line}\n".encode())


@command.command(
    "rollback",
    examples=(
        "peelgraph versions rollback",
        "peelgraph versions rollback 20261123T101500Z --dry-run",
    ),
)
@click.argument("name", required=False)
@click.option("--dry-run", is_flag=True, help="Check the version but leave the pointer alone.")
@pass_call
def roll_back(call: Call, name: str | None, *, dry_run: bool) -> None:
    """Make an earlier version current again, after checking its files.

    NAME is a version's name or the start of one; without it, the current version's parent. A
    running server follows within a second.
    """
    folder = call.folder()
    before = current_name(folder)
    if dry_run:
        wanted = folder.version(name or folder.before_current())
        wanted.check()
    else:
        wanted = folder.rollback(name)
    done = "Would make current" if dry_run else "Current is"
    call.answer(
        "rollback/1",
        {"version": wanted.name, "before": before, "dry_run": dry_run},
        f"{done} {wanted.name} (before: {before or 'none that can be read'})",
    )


@command.command(
    "prune",
    examples=("peelgraph versions prune --keep 5", "peelgraph versions prune --keep 1 --dry-run"),
)
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, help="How many of the newest to keep."
)
@click.option("--dry-run", is_flag=True, help="Name what would be deleted, and delete nothing.")
@pass_call
def prune(call: Call, keep: int, *, dry_run: bool) -> None:
    """Delete all versions but the newest and the current one."""
    folder = call.folder()
    names = folder.prunable(keep) if dry_run else folder.prune(keep)
    done = "Would delete" if dry_run else "Deleted"
    told = "\n".join(f"{done} {name}" for name in names) or "Nothing to delete"
    call.answer("prune/1", {"deleted": names, "keep": keep, "dry_run": dry_run}, told)
