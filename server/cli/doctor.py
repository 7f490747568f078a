"""``peelgraph doctor``: what could keep this machine from building and serving."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from peelgraph.server.cli.calls import Call, Command, pass_call, setting_options
from peelgraph.server.cli.checks import checks
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.findings import State
from peelgraph.server.cli.screen import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.server.cli.findings import Check


@setting_options("memory", "memory_budget", "workers", "connections")
@setting_options("host", "port", "proxies", "hosts")
@click.command(
    "doctor", cls=Command, examples=("peelgraph doctor --deep", "peelgraph doctor --port 80 --json")
)
@click.option("--deep", is_flag=True, help="Read every quad of the version that serves, too.")
@click.pass_context
@pass_call
def command(call: Call, ctx: click.Context, /, *, deep: bool, **flags: Any) -> None:  # noqa: ANN401 - one value a setting
    """Check data, access, disk, memory, clock, limits, network block and the way in.

    Each line says what to do. Exit 4 where a check fails; warnings alone are no failure.
    """
    found = list(checks(call.settings(**flags), deep=deep))
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
