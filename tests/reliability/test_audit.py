"""The audit after accidents: it has a write as accepted if its version served, and only then."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.audit import Audit
from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROGRAM = Path(__file__).parent / "kill_batches.py"
LAST = 9  # operations at the end of a write: the version's folder gets its name, then the pointer


class Folder:
    """A data folder that is written to by a process whose children are killed."""

    def __init__(self, path: Path) -> None:
        self.data = DataFolder(path)
        graph = Graph()
        graph.add((URIRef("a:seed"), URIRef("a:p"), Literal("seed")))
        with staged(self.data, Iris()) as stage:
            stage.replace_graphs({URIRef("a:seeds"): graph})
            stage.publish(self.data, dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
        self.process = subprocess.Popen(
            [sys.executable, PROGRAM, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.came: dict[str, bool] = {}
        self._numbers = itertools.count()

    def write(self, step: int = 0) -> tuple[int, int]:
        """Write one number more, killed before operation *step*, and note whether that serves.

        Returns:
            How the process ended, and how many file operations it came to.
        """
        number = next(self._numbers)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        text = f"INSERT DATA {{ GRAPH <a:load> {{ <a:s> <a:p> {number} }} }}"
        self.process.stdin.write(f"{step} r{number} {text}\n")
        self.process.stdin.flush()
        code, operations = map(int, self.process.stdout.readline().split())
        serving = (self.data.path / self.data.pointer.readlink() / "quads.nq").read_text("utf-8")
        self.came[f"r{number}"] = f'"{number}"' in serving
        return code, operations

    def told(self) -> dict[str, str]:
        """The last verdict of the audit on every write that it knows of."""
        return {entry["request"]: entry["verdict"] for entry in Audit(self.data.path).entries()}

    def end(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A data folder of one small version."""
    folder = Folder(tmp_path / "data")
    yield folder
    folder.end()


def roll_back_and_prune(data: DataFolder) -> None:
    """Go back to what came before, if there is any, and remove all else."""
    if data.current().manifest.parent in data.names():
        data.rollback()
    data.prune(0)


AFTERWARDS: dict[str, Callable[[DataFolder], object]] = {
    "nothing": lambda _: None,
    "prune": lambda data: data.prune(1),
    "roll back": lambda data: data.rollback(data.current().name),
    "roll back and prune": roll_back_and_prune,
}


@pytest.mark.timeout(1200)
def test_what_the_audit_has_as_accepted_has_served(folder: Folder, *, soak: bool) -> None:
    """Killed before any file operation, and whatever command comes before the next write."""
    chosen = random.Random(2026)  # noqa: S311 - moments, not secrets
    assert folder.write()[0] == 0
    code, operations = folder.write()
    assert code == 0
    last = range(operations + 1 - LAST, operations + 1)
    steps = [chosen.randint(1, operations) for _ in range(200)] if soak else chosen.sample(last, 5)
    killed = 0
    for step in steps:
        killed += folder.write(step)[0] != 0
        AFTERWARDS[chosen.choice(sorted(AFTERWARDS))](folder.data)
        assert folder.write()[0] == 0
        told = folder.told()
        untrue = [
            (request, told.get(request))
            for request, came in folder.came.items()
            if told.get(request) not in ({"accepted"} if came else {"interrupted", None})
        ]
        assert untrue == [], step
    assert killed
    folder.data.current().check()
    assert [fault for fault in Audit(folder.data.path).verify() if not fault.harmless] == []
