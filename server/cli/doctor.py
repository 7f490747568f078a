"""``peelgraph doctor``: what could keep this machine from building and serving."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from peelgraph.server.cli.calls import Call, Command, pass_call, setting_options
from peelgraph.server.cli.checks import State, checks
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.screen import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.server.cli.checks import Check


@setting_options("host", "port")
@click.command(
    "doctor", cls=Command, examples=("peelgraph doctor", "peelgraph doctor --port 80 --json")
)
@click.pass_context
@pass_call
def command(call: Call, ctx: click.Context, host: str | None, port: int | None) -> None:
    """Check versions, data folder, disk, limits, network block and port, and say what to do.

    Exit 4 where a check fails; warnings alone are no failure.
    """
    found = list(checks(call.settings(host=host, port=port)))
    worst = worst_of(found)
    if call.json:
        call.answer("doctor/1", {"state": worst, "checks": [asdict(each) for each in found]}, "")
    else:
        rows = [(each.state, each.name, each.found, each.action) for each in found]
        print_table(("state", "check", "found", "what to do"), rows)
    ctx.exit(Exit.VERSION if worst == State.FAIL else Exit.DONE)


def worst_of(found: Sequence[Check]) -> State:
    """Return the worst state of all checks."""
    order = list(State)
    return max((each.state for each in found), key=order.index, default=State.OK)
