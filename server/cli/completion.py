"""``peelgraph completion``: the script that completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from peelgraph.graph.errors import UsageError
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.screen import as_json, write_result

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    examples=(
        "peelgraph completion bash > ~/.local/share/bash-completion/completions/peelgraph",
        "peelgraph completion zsh > ~/.zfunc/_peelgraph",
        "peelgraph completion fish > ~/.config/fish/completions/peelgraph.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
@pass_call
def command(call: Call, ctx: click.Context, shell: str) -> None:
    """Write the completion script of a SHELL to standard output."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion for {shell}", expected=f"one of {', '.join(SHELLS)}")
    script = kind(ctx.find_root().command, {}, "peelgraph", "_PEELGRAPH_COMPLETE").source()
    if call.json:
        write_result(f"{as_json('completion/1', {'shell': shell, 'script': script})}\n")
    else:
        write_result(script)
