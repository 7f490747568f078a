"""The writer's process, as the web process starts and ends it."""

from __future__ import annotations

import signal
from contextlib import closing
from typing import TYPE_CHECKING

from peelgraph.graph.writing.link import ScribeLink
from peelgraph.graph.writing.model import Task

if TYPE_CHECKING:
    from pathlib import Path


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
