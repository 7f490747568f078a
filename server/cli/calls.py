"""What every command shares: the common options, accepted anywhere, and where results go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from peelgraph.graph.build import build
from peelgraph.graph.dumps import make_dumps
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import DEFAULT_BASE
from peelgraph.graph.settings import Settings, setting_help, settings_from
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import ENGINES, Checking
from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli.screen import as_json, print_note, working, write_result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from peelgraph.graph.versions import Version


FILES_PATIENCE: Final = 60.0  # seconds for which another process may be making files


@dataclass(slots=True)
class Call:
    """What one run was told by the common options, wherever they stood among the arguments."""

    environment: Mapping[str, str]
    data: Path | None = None
    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def settings(self, **flags: object) -> Settings:
        """Return the settings: *flags* and ``--data`` before environment before defaults."""
        return settings_from(self.environment, data=self.data, **flags)

    def folder(self) -> DataFolder:
        """Return the data folder."""
        return DataFolder(self.settings().data)

    def iris(self, folder: DataFolder, base: str | None = None) -> Iris:
        """Return the IRIs in use: of *base*, the environment, or the folder's current version."""
        chosen = self.settings(base=base).base
        if base is None and chosen == DEFAULT_BASE and folder.has_version():
            chosen = folder.current().manifest.base
        return Iris(chosen)

    def note(self, text: str) -> None:
        """Tell the person something that is no result, unless ``--quiet``."""
        if not self.quiet:
            print_note(text)

    def detail(self, text: str) -> None:
        """Tell the person something that only ``-v`` asks for."""
        if self.verbose:
            print_note(text)

    def answer(self, schema: str, result: Mapping[str, Any], text: str) -> None:
        """Write the result: *result* as JSON with ``--json``, else *text* and a line's end."""
        write_result(f"{as_json(schema, result) if self.json else text}\n")

    def ready_version(self, folder: DataFolder, base: str | None = None) -> Version:
        """Return the current version, built first where the folder has none."""
        if folder.has_version():
            return folder.current()
        self.note(f"{folder.path} has no version yet: building one from the bundled tables")
        with working("building", shown=not self.quiet):
            built = build(folder, self.iris(folder, base), bundled_tables(), now())
        self.note(f"Built {built.version.name}, {built.version.manifest.quads} quads")
        return built.version

    def make_files(self, folder: DataFolder, version: Version | None, *, dry_run: bool) -> None:
        """Make the files that others take away of a *version* that was published just now.

        Where that fails the version serves all the same, and a server tries again when it is asked.
        """
        if version is None or dry_run or self.settings().dumps != "publish":
            return
        try:
            with working("writing dumps", shown=not self.quiet):
                make_dumps(folder, version.name, FILES_PATIENCE)
        except PeelgraphError as error:
            self.note(f"The dumps of {version.name} are not there yet: {error}")


def checking_of(settings: Settings) -> Checking:
    """Return how data from outside is checked against the shapes."""
    return Checking(settings.shacl_engine, settings.shacl_timeout)


def checking_options(command: click.Command) -> click.Command:
    """Give a command the options of how it checks against the shapes."""
    with_timeout = setting_options("shacl_timeout")(command)
    return setting_options("shacl_engine", type=click.Choice(ENGINES))(with_timeout)


pass_call = click.make_pass_decorator(Call)


def now() -> dt.datetime:
    """Return the present moment, UTC."""
    return dt.datetime.now(dt.UTC)


def _remembered(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep a common option's value for the whole run; a later position wins over an earlier."""
    call = ctx.find_object(Call)
    if call is not None and value:
        setattr(call, parameter.name, value)


def common_options() -> list[click.Parameter]:
    """Return the options that every command and group accepts."""
    shared: dict[str, Any] = {"expose_value": False, "callback": _remembered}
    return [
        setting_parameter("data", **shared, type=click.Path(file_okay=False, path_type=Path)),
        click.Option(["--json"], is_flag=True, help="Write the result as JSON.", **shared),
        click.Option(
            ["--quiet", "-q"], is_flag=True, help="Say nothing but results and errors.", **shared
        ),
        click.Option(
            ["--verbose", "-v"], is_flag=True, help="Say more; show where a fault arose.", **shared
        ),
    ]


def environment_name(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"PEELGRAPH_{name.upper()}"


def setting_parameter(name: str, **attributes: Any) -> click.Option:  # noqa: ANN401 - click's own attributes, handed on
    """Return the option of a setting; its help, environment name and default come from there."""
    default = next(each.default for each in fields(Settings) if each.name == name)
    attributes.setdefault("type", type(default))
    known = f"env: {environment_name(name)}; default: {'none' if default == '' else default}"
    shown = f"{setting_help()[name]}  [{known}]"
    return click.Option([f"--{name.replace('_', '-')}"], default=None, help=shown, **attributes)


def setting_options(
    *names: str,
    **attributes: Any,  # noqa: ANN401 - click's own attributes, handed on
) -> Callable[[click.Command], click.Command]:
    """Return a decorator that gives a command the options of the settings *names*."""

    def extended(command: click.Command) -> click.Command:
        position = len(command.params) - len(common_options())
        command.params[position:position] = [
            setting_parameter(name, envvar=environment_name(name), **attributes) for name in names
        ]
        return command

    return extended


class Command(click.Command):
    """A command with the common options and examples in its help."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **attributes: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*args, **attributes)
        self.params.extend(common_options())
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")


class Group(click.Group):
    """A group of commands that accepts the common options too."""

    command_class = Command

    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **attributes)
        self.params.extend(common_options())
