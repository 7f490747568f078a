"""``peelgraph audit``: what was written over HTTP, by which token, and whether it is all there."""

from __future__ import annotations

import click

from peelgraph.graph.audit import Audit
from peelgraph.graph.writing.corrections import ANNOUNCED, uncertain
from peelgraph.server.cli.calls import Call, Group, pass_call
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.screen import print_table


@click.group("audit", cls=Group, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the writes over HTTP, or verify that none was changed or lost; alone, list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_entries)


@command.command("list", examples=("peelgraph audit list", "peelgraph audit list --last 10 --json"))
@click.option("--last", type=click.IntRange(min=1), help="Only that many of the newest.")
@pass_call
def list_entries(call: Call, last: int | None) -> None:
    """List every write: when, by which token, what it asked for and what became of it.

    One whose version has not come is announced: it is being published, or its writer was killed
    and the next write will say so.
    """
    data = call.folder()
    entries = list(Audit(data.path).entries())
    pending = uncertain(data, entries)
    entries = entries[-(last or 0) :]
    if call.json:
        announced = [each["n"] for each in entries if each["n"] in pending]
        call.answer("audit/1", {"entries": entries, "announced": announced}, "")
        return
    columns = ("n", "time", "token", "route", "graph", "verdict", "after")
    told = [{**each, "verdict": ANNOUNCED} if each["n"] in pending else each for each in entries]
    print_table(columns, [[entry.get(column, "") for column in columns] for entry in told])


@command.command("verify", examples=("peelgraph audit verify", "peelgraph audit verify --json"))
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check the chain of the audit; exit 1 where an entry was changed, put in or taken out.

    What a crash leaves behind is said, and is no fault.
    """
    call = ctx.ensure_object(Call)
    found = Audit(call.folder().path).examined()
    faults, count = found.faults, found.entries
    bad = [fault for fault in faults if not fault.harmless]
    lines = [f"line {fault.line}: {fault.found}" for fault in faults]
    verdict = f"{len(bad)} faults" if bad else "The chain is whole"
    call.answer(
        "audit-verify/1",
        {
            "whole": not bad,
            "entries": count,
            "faults": [
                {"line": each.line, "found": each.found, "harmless": each.harmless}
                for each in faults
            ],
        },
        "\n".join([*lines, f"{verdict}: {count} entries"]),
    )
    if bad:
        ctx.exit(Exit.NOT_CONFORMING)
