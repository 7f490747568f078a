"""How a run ends: whatever goes wrong becomes one block on standard error and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, Self

import click

from peelgraph.graph.errors import (
    DataUnwritable,
    NotConforming,
    PeelgraphError,
    SourceMissing,
    UsageError,
)
from peelgraph.server.cli.exits import Exit, exit_of
from peelgraph.server.cli.screen import as_json, print_note
from peelgraph.server.protocol.problems import INTERNAL, PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from peelgraph.server.cli.calls import Call

VIOLATIONS_SHOWN = 20
# What the machine says of itself; any other OSError is taken for a fault of the program.
MACHINE = frozenset(
    {errno.ENAMETOOLONG, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
)


class Ending:
    """The outermost boundary: a context that ends every run with a code, never with a traceback.

    It is a context and not an ``except`` so that a fault of the program is seen here and nowhere
    taken for a fault of the caller.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.code = Exit.DONE

    def __enter__(self) -> Self:
        """Begin the run."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Report what ended the run and keep its exit code; ``SystemExit`` passes."""
        if error is None or isinstance(error, SystemExit):
            return error is None
        self.code = self._reported(error)
        return True

    def _reported(self, error: BaseException) -> Exit:
        match error:
            case BrokenPipeError():
                silence_output()
                return Exit.DONE
            case click.Abort() | KeyboardInterrupt():
                print_note("Interrupted; what was published before stands.")
                return Exit.INTERRUPTED
            case click.ClickException():
                return self._told(usage_error(error))
            case PeelgraphError():
                return self._told(error)
            case OSError() if error.errno in MACHINE:
                return self._told(machine_error(error))
            case _:
                return self._bug(error)

    def _told(self, error: PeelgraphError) -> Exit:
        if self.call.json:
            print_note(as_json("error/1", as_problem(error)))
        else:
            print_note(block(error, everything=self.call.verbose))
        return exit_of(error)

    def _bug(self, error: BaseException) -> Exit:
        summary = "".join(traceback.format_exception_only(error)).strip().replace("\n", " ")
        if self.call.verbose:
            print_note("".join(traceback.format_exception(error)).rstrip())
        if self.call.json:
            print_note(as_json("error/1", bug_problem(summary)))
        else:
            print_note(f"Fault in the program: {summary} (run again with -v for the traceback)")
        return Exit.BUG


def machine_error(error: OSError) -> PeelgraphError:
    """Return what the machine refused (a full disk, a name too long) as one of the project's."""
    place = str(error.filename or "standard output")
    if error.errno == errno.ENAMETOOLONG:
        return SourceMissing("the name is longer than this machine allows", place=place[:60] + "…")
    return DataUnwritable(
        f"the machine refused: {error.strerror}",
        place=place,
        action="free space, or write to another place",
    )


def usage_error(error: click.ClickException) -> UsageError:
    """Return click's error as one of the project's."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx is not None else "peelgraph"
    return UsageError(error.format_message(), place=command, action=f"see `{command} --help`")


def as_problem(error: PeelgraphError) -> dict[str, Any]:
    """Return *error* as a mapping with the keys every error of every command has."""
    problem: dict[str, Any] = {
        "type": f"{PROBLEMS}{error.slug}",
        "title": error.title,
        "detail": error.found,
        "place": error.place,
        "expected": error.expected,
        "action": error.action,
    }
    if isinstance(error, NotConforming):
        problem["violations"] = [dict(each) for each in error.violations]
    return problem


def bug_problem(summary: str) -> dict[str, Any]:
    """Return the problem that stands for a fault of the program."""
    return {
        "type": f"{PROBLEMS}{INTERNAL.slug}",
        "title": "Fault in the program",
        "detail": summary,
        "place": "",
        "expected": "",
        "action": "run again with -v for the traceback",
    }


def block(error: PeelgraphError, *, everything: bool = False) -> str:
    """Return *error* as the block a person reads: what was found, where, what to do."""
    parts = (
        ("found", error.found),
        ("place", error.place),
        ("expected", error.expected),
        ("to do", error.action),
    )
    lines = [f"Error: {error.title}", *(f"  {name:<9} {text}" for name, text in parts if text)]
    if isinstance(error, NotConforming):
        shown = error.violations if everything else error.violations[:VIOLATIONS_SHOWN]
        lines += [f"  - {violation_line(each)}" for each in shown]
        if len(shown) < len(error.violations):
            lines.append(f"  … and {len(error.violations) - len(shown)} more: -v shows all")
    return "\n".join(lines)


def violation_line(violation: Mapping[str, object]) -> str:
    """Return one violation in a line: message, node, path and value."""
    places = (violation.get(key) for key in ("focusNode", "path", "value"))
    told = " ".join(str(place) for place in places if place)
    return f"{violation.get('message', '')} [{told}]"


def silence_output() -> None:
    """Send what is still unwritten to nowhere: the reader of the pipe has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
