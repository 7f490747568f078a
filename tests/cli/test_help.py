"""Help is the manual: every option, an example of each command, every exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from peelgraph.graph.settings import setting_help
from peelgraph.server.cli.calls import Command, Group
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.program import COMMANDS, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Ended


def commands(group: click.Group = program, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command's path, those within groups too."""
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            command = group.get_command(ctx, name)
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))
            else:
                yield (*path, name)


def command_at(path: tuple[str, ...]) -> click.Command:
    """The command of a path."""
    found: click.Command = program
    for name in path:
        assert isinstance(found, click.Group)
        with click.Context(found) as ctx:
            below = found.get_command(ctx, name)
        assert below is not None
        found = below
    return found


PATHS = list(commands())


def test_every_promised_command_is_there() -> None:
    """The list of commands is an interface: a missing one is a broken script somewhere."""
    assert {path[0] for path in PATHS} == set(COMMANDS)
    assert {path[1] for path in PATHS if path[0] == "versions"} == {
        "list",
        "show",
        "diff",
        "rollback",
        "prune",
    }


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_tells_every_option_and_gives_examples(
    path: tuple[str, ...], peelgraph: Callable[..., Ended]
) -> None:
    """An option without help, or a command without an example, is found by nobody."""
    command = command_at(path)
    assert isinstance(command, Command)
    ended = peelgraph(*path, "--help")
    words = " ".join(ended.out.split())
    assert ended.code == 0
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help
            assert " ".join(parameter.help.split()) in words
            assert parameter.opts[0] in words
    assert command.examples
    for example in command.examples:
        assert example.split()[0] == "peelgraph" or "| peelgraph" in example
        assert " ".join(example.split()) in words


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_examples_use_options_that_exist(path: tuple[str, ...]) -> None:
    """Examples are copied and pasted."""
    command = command_at(path)
    assert isinstance(command, Command)
    known = {name for parameter in command.params for name in parameter.opts}
    for example in command.examples:
        mine = example[example.index(f"peelgraph {' '.join(path)}") :].partition("|")[0]
        used = {word for word in mine.split() if word.startswith("--")}
        assert used <= known


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_takes_the_common_options(path: tuple[str, ...]) -> None:
    """They are the same everywhere, so nobody has to look them up."""
    names = {parameter.name for parameter in command_at(path).params}
    assert {"data", "json", "quiet", "verbose"} <= names


def test_help_of_a_setting_is_the_setting_s_own(peelgraph: Callable[..., Ended]) -> None:
    """A setting is described once."""
    words = " ".join(peelgraph("serve", "--help").out.split())
    for name in ("host", "port", "timeout", "memory", "workers", "default_graph", "data"):
        assert f"{setting_help()[name]} [env: PEELGRAPH_{name.upper()};" in words


def test_program_help_lists_commands_and_exit_codes(peelgraph: Callable[..., Ended]) -> None:
    """Scripts branch on exit codes: they are documented where one looks first."""
    ended = peelgraph("--help")
    assert ended.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in ended.out
    for code in Exit:
        assert f"\n  {int(code)} " in ended.out


def test_group_of_versions_takes_the_common_options() -> None:
    """`peelgraph versions --json list` is as good as `peelgraph versions list --json`."""
    group = command_at(("versions",))
    assert isinstance(group, Group)
    assert "json" in {parameter.name for parameter in group.params}


def test_version_is_told(peelgraph: Callable[..., Ended]) -> None:
    """A bug report begins with it."""
    ended = peelgraph("--version")
    assert (ended.code, ended.out.split()[0]) == (0, "peelgraph,")
