"""Ways to run the program: in this process for speed, or as a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from peelgraph.server.cli.program import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "peelgraph.server.cli")


@dataclass(frozen=True)
class Ended:
    """How one run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the program wrote
        """What was written to standard output, as JSON."""
        return json.loads(self.out)

    @property
    def problem(self) -> Any:  # noqa: ANN401 - whatever the program wrote
        """What was written to standard error, as JSON."""
        return json.loads(self.err)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's machine reaches a test."""
    for name in [each for each in os.environ if each.startswith(("PEELGRAPH_", "NO_COLOR"))]:
        if name != "PEELGRAPH_SHARED":
            monkeypatch.delenv(name)


@pytest.fixture
def peelgraph(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ended]:
    """Run the program in this process."""

    def ran(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        asked = {"PEELGRAPH_DUMPS": "request", **environment}  # one test has them made
        code = run([str(each) for each in arguments], asked)
        captured = capsysbinary.readouterr()
        return Ended(code, captured.out.decode(), captured.err.decode())

    return ran


@pytest.fixture
def started() -> Callable[..., subprocess.Popen[bytes]]:
    """Start the program as a process, its streams piped."""

    def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A small Turtle file of things that are no business of any shape."""
    file = tmp_path / "Field notes.ttl"
    file.write_text(
        "<http://example.org/a> <http://example.org/says> 'one', 'two' .\n", encoding="utf-8"
    )
    return file
