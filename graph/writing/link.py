"""The web process's end of the writer's process: starts it, hands it batches, ends it."""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import weakref
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.confined.enclosure import deaf_to_interrupts
from peelgraph.graph.errors import (
    DataBusy,
    NotConforming,
    PeelgraphError,
    QueryCrashed,
    QueryMemory,
    QueryTimeout,
    VersionError,
    kinds,
)
from peelgraph.graph.settings import MEBIBYTE
from peelgraph.graph.writing import framing
from peelgraph.graph.writing.model import BUG, OUT_OF_MEMORY, PUBLISHING, Outcome, Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STARTING: Final = 120.0  # seconds that a new process may take beyond the batch's own
ENDING: Final = 60.0  # seconds that one that is killed may take to let go of the disk


class Divide(Exception):
    """The changes of a batch have to be tried one by one."""


class Stopped(Exception):
    """A batch ended its process; ``error`` says why."""

    def __init__(self, error: PeelgraphError) -> None:
        super().__init__(str(error))
        self.error = error


class ScribeLink:
    """One writer's process; used by one thread at a time."""

    def __init__(self, folder: Path, held: int) -> None:
        ours, theirs = socket.socketpair()
        # The process and its child hold the other end, so this one ends when both have.
        watched, life = os.pipe()
        with theirs, deaf_to_interrupts():  # it is deaf by itself only once it runs
            end = theirs.fileno()
            # -P: a folder named like this package where the server was started must not shadow it.
            command = [sys.executable, "-P", "-m", "peelgraph.graph.writing.scribe", str(end)]
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, str(folder.resolve()), str(held)],
                pass_fds=[end, life],
                stdin=subprocess.DEVNULL,
            )
        os.close(life)
        self._control = ours
        self._finalizer = weakref.finalize(self, _end, os.getpid(), self.process, ours, watched)

    def carry_out(self, task: Task) -> list[Outcome | PeelgraphError]:
        """Return what became of each change of *task*.

        Raises:
            Divide: they do not pass together.
            Stopped: they ended the process that ran them, and nothing of it runs any more; what
                was published stands.
        """
        patience = task.seconds + task.patience + PUBLISHING + STARTING
        self._control.settimeout(patience)
        try:
            framing.send(self._control, pickle.dumps(task))
            message = framing.received(self._control)
        except OSError as error:
            self.close()
            raise Stopped(_ended(task, -signal.SIGKILL)) from error
        if message is None:
            self.close()
            raise Stopped(_ended(task, -signal.SIGKILL))
        return _outcomes(json.loads(message), task)

    def close(self) -> None:
        """End the process and its child."""
        self._finalizer()


def _end(
    owner: int, process: subprocess.Popen[bytes], control: socket.socket, watched: int
) -> None:
    """End *process* and its child, unless this is a fork of the one that started it.

    A process closes its files before its child is told to end, so that without waiting for the
    child it might still publish what is about to be tried again.
    """
    control.close()
    if os.getpid() == owner:
        process.kill()
        process.wait()
        watch = select.poll()
        watch.register(watched, 0)  # of the other end, only that it is gone
        watch.poll(ENDING * 1000)
    os.close(watched)


def _outcomes(said: Mapping[str, Any], task: Task) -> list[Outcome | PeelgraphError]:
    if said.get("divided"):
        raise Divide
    if said.get("moved"):
        busy = DataBusy("others publish all the time", action="nothing was changed; try again")
        return [busy] * len(task.changes)
    if "fault" in said:
        return [_error(said["fault"])] * len(task.changes)
    if len(said.get("outcomes", ())) != len(task.changes):
        raise Stopped(_ended(task, int(said.get("status", 0))))
    return [_outcome(each) for each in said["outcomes"]]


def _outcome(each: Mapping[str, Any]) -> Outcome | PeelgraphError:
    if "fault" in each:
        return _error(each["fault"])
    return Outcome(str(each["version"]), bool(each["published"]), bool(each["created"]))


def _error(fault: Mapping[str, Any]) -> PeelgraphError:
    """Return the project's error that was told."""
    error = kinds()[str(fault["slug"])].of_parts(fault)
    if isinstance(error, NotConforming):
        error.violations = tuple(fault.get("violations", ()))
        error.turtle = str(fault.get("turtle", "")).encode()
    return error


def _ended(task: Task, status: int) -> PeelgraphError:
    """Return the error for a batch whose process ended with *status*."""
    undone = "nothing was changed; "
    if status in {-signal.SIGALRM, -signal.SIGXCPU}:
        return QueryTimeout(
            f"the update ran longer than {task.seconds:g} seconds",
            action=f"{undone}split it, or make its patterns narrower",
        )
    if status in {-signal.SIGABRT, OUT_OF_MEMORY}:
        return QueryMemory(
            f"the update needed more than {task.memory // MEBIBYTE:,} MiB",
            action=f"{undone}split it, or make its patterns narrower",
        )
    if status == BUG:
        return VersionError(
            "the write met a fault of the program",
            action=f"{undone}the server's log has its trace",
        )
    return QueryCrashed(
        f"the update ended the process that ran it ({status})",
        action=f"{undone}nest less, or split it",
    )
