"""The writer's process, as the web process starts and ends it."""

from __future__ import annotations

import signal
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.writing.link import ScribeLink, Stopped
from peelgraph.graph.writing.model import Task

if TYPE_CHECKING:
    from pathlib import Path

STAND_IN = """#!{python}
import os, pathlib, sys, time
if os.fork() == 0:
    os.close(int(sys.argv[4]))
    time.sleep(1)
    pathlib.Path({published!r}).touch()
"""


def test_ctrl_c_while_it_starts_does_not_end_it(tmp_path: Path) -> None:
    """A terminal sends it to every process; the web process ends in order, and its writes with it.

    It asks for a folder without a version, which is told as an error and ends nothing.
    """
    with closing(ScribeLink(tmp_path, 0)) as link:
        link.process.send_signal(signal.SIGINT)
        task = Task([], memory=2**30, seconds=30, patience=0, keep=0)
        assert link.carry_out(task) == []
        link.process.send_signal(signal.SIGINT)
        assert link.carry_out(task) == []


def test_a_batch_has_stopped_when_nothing_of_it_runs_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process is gone at once, and that one's child publishes a moment later.

    Whoever is told that the batch has stopped looks whether it was published, and tries it again
    if not: it would be carried out twice.
    """
    published, stand_in = tmp_path / "published", tmp_path / "python"
    stand_in.write_text(STAND_IN.format(python=sys.executable, published=str(published)), "utf-8")
    stand_in.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stand_in))
    task = Task([], memory=2**30, seconds=30, patience=0, keep=0)
    with closing(ScribeLink(tmp_path, 0)) as link, pytest.raises(Stopped):
        link.carry_out(task)
    assert published.exists()
