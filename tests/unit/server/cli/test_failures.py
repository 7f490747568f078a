"""How a run ends."""

from __future__ import annotations

import json

import click
import pytest

from peelgraph.graph.errors import NotConforming, UnknownForce
from peelgraph.server.cli.calls import Call
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.failures import VIOLATIONS_SHOWN, Ending, block


def ended(call: Call, error: BaseException) -> Exit:
    """The code with which a run ends that *error* ended."""
    with Ending(call) as ending:
        raise error
    return ending.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnknownForce("x"), Exit.INPUT),
        (click.UsageError("x"), Exit.USAGE),
        (click.Abort(), Exit.INTERRUPTED),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (ZeroDivisionError(), Exit.BUG),
        (MemoryError(), Exit.BUG),
    ],
)
def test_every_end_has_its_code_and_a_line_on_standard_error(
    error: BaseException, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never a traceback, never a word on standard output."""
    assert ended(Call({}), error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_system_exit_passes() -> None:
    """Shell completion ends the program that way."""
    with pytest.raises(SystemExit), Ending(Call({})):
        raise SystemExit(0)


def test_error_as_json_keeps_violations(capsys: pytest.CaptureFixture[str]) -> None:
    """A program wants each violation as an object."""
    error = NotConforming("2 violations")
    error.violations = ({"focusNode": "a"}, {"focusNode": "b"})
    ended(Call({}, json=True), error)
    problem = json.loads(capsys.readouterr().err)
    assert problem["violations"] == [{"focusNode": "a"}, {"focusNode": "b"}]


def test_many_violations_are_cut_and_the_rest_counted() -> None:
    """A screen full is enough; -v shows all."""
    error = NotConforming("many")
    error.violations = tuple(
        {"focusNode": f"n{n}", "path": "p", "value": None, "message": "m"} for n in range(30)
    )
    lines = block(error).splitlines()
    assert f"  … and {30 - VIOLATIONS_SHOWN} more: -v shows all" == lines[-1]
    assert "  - m [n0 p]" in lines
    assert len(block(error, everything=True).splitlines()) == 2 + 30
