"""The program ``peelgraph``: finds the command, loads only its module, and ends with its code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from peelgraph.server.cli.calls import Call, Group
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.failures import Ending, silence_output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMANDS = (
    "build",
    "ingest",
    "read",
    "evaluate",
    "review",
    "validate",
    "query",
    "export",
    "load",
    "import",
    "versions",
    "backup",
    "restore",
    "diff",
    "serve",
    "token",
    "audit",
    "doctor",
    "completion",
)


class Program(Group):
    """The group of all commands; a command's module is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command that a module of this package holds."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"peelgraph.server.cli.{cmd_name}{'_' * iskeyword(cmd_name)}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; a reader that closes its pipe has had what it wanted."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()
            ctx.exit(Exit.DONE)
        return result

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes below the commands."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), code.meaning) for code in Exit])


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peelgraph")
def program() -> None:
    """Police inspections of England and Wales as a knowledge graph with its evidence.

    Results go to standard output, everything else to standard error. Options come before the
    environment (PEELGRAPH_DATA, PEELGRAPH_PORT, …), which comes before the defaults.
    """


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command line and return its exit code."""
    call = Call(environment, json="--json" in arguments)  # an error of parsing is JSON too
    with Ending(call) as ending:
        code = program.main(list(arguments), "peelgraph", standalone_mode=False, obj=call)
        if isinstance(code, int):
            return code
    return ending.code


def main() -> None:
    """Run the program with the arguments and environment of this process."""
    sys.exit(run(sys.argv[1:], os.environ))
