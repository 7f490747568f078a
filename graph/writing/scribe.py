"""The writer's process: holds the current version ready and forks a confined child a batch.

It is started afresh, never forked from the threaded web process, runs one thread, and ends when
its control socket closes. What comes in is of the web process's own making; what a child says is
a line of JSON and believed only as such.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from peelgraph.graph.confined import sandbox
from peelgraph.graph.errors import NotConforming, PeelgraphError, VersionError
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing import framing
from peelgraph.graph.writing.batch import Divided, GroundMoved, carry_out
from peelgraph.graph.writing.ground import prepared
from peelgraph.graph.writing.model import BUG, OUT_OF_MEMORY, PUBLISHING

if TYPE_CHECKING:
    from peelgraph.graph.writing.ground import Ground
    from peelgraph.graph.writing.model import Outcome, Task

SHOWN: Final = 1000  # results of a report that are told
TRIES: Final = 3


class Scribe:
    """One control socket, one data folder, and the current version made ready."""

    def __init__(self, control: socket.socket, folder: Path, held: int) -> None:
        self._control = control
        self._data = DataFolder(folder)
        self._held = held
        self._ground: Ground | None = None

    def obey(self) -> None:
        """Carry out batches until the control socket closes."""
        try:
            self._make_ready()
            while (message := framing.received(self._control)) is not None:
                framing.send(self._control, self._answer(pickle.loads(message)))  # noqa: S301 - the web process's own
                self._make_ready()  # while nobody waits
        except ConnectionError:
            return

    def _make_ready(self) -> None:
        try:
            ground = prepared(self._data, self._held, self._ground)
        except (PeelgraphError, OSError):
            return  # the batch that comes will say so
        if ground is not self._ground:
            self._ground = ground
            gc.collect()
            gc.freeze()  # keep the collector from touching, and so copying, pages in every child

    def _answer(self, task: Task) -> bytes:
        said: dict[str, Any] = {"moved": True}
        for _ in range(TRIES):
            try:
                self._ground = prepared(self._data, self._held, self._ground)
            except PeelgraphError as error:
                return json.dumps({"fault": as_plain(error)}).encode()
            said = self._child(self._ground, task)
            if "moved" not in said:
                break
        return json.dumps(said).encode()

    def _child(self, ground: Ground, task: Task) -> dict[str, Any]:
        """Return what a child said of *task*, and how it ended."""
        reading, writing = os.pipe()
        scribe, child = os.getpid(), os.fork()
        if child == 0:
            os.close(reading)
            self._become_child(ground, task, writing, scribe)
        os.close(writing)
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            content = self._heard(pipe.fileno(), child)
        _, status = os.waitpid(child, 0)
        try:
            said = json.loads(content)
        except ValueError:
            said = {}
        heard = said if isinstance(said, dict) else {}
        return {**heard, "status": os.waitstatus_to_exitcode(status)}

    def _heard(self, pipe: int, child: int) -> bytes:
        """Return what comes over *pipe*; a child outlives the web process by no moment."""
        watch, held = select.poll(), bytearray()
        watch.register(pipe, select.POLLIN)
        watch.register(self._control, select.POLLRDHUP)
        while True:
            for descriptor, _ in watch.poll():
                if descriptor != pipe:
                    os.kill(child, signal.SIGKILL)
                    watch.unregister(self._control)
                elif piece := os.read(pipe, framing.PIECE):
                    held += piece
                else:
                    return bytes(held)

    def _become_child(self, ground: Ground, task: Task, writing: int, scribe: int) -> NoReturn:
        code = BUG
        try:
            self._control.close()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1):
                os.dup2(nowhere, standard)
            os.close(nowhere)
            answer = _confined(self._data, ground, task, scribe)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(answer).encode())
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        except Exception as error:  # noqa: BLE001 - a bug: its trace goes to the server's log
            traceback.print_exception(error)
        finally:
            os._exit(code)


def _confined(data: DataFolder, ground: Ground, task: Task, scribe: int) -> dict[str, Any]:
    """Take every freedom away, carry out *task*, and return what is to be told."""
    sandbox.die_with(scribe)
    sandbox.no_core_files()
    try:
        sandbox.refuse_system_calls()
    except OSError:
        return {"fault": as_plain(_unconfined())}
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    meter = sandbox.Meter()
    meter.arm(task.memory, task.seconds)
    signal.setitimer(signal.ITIMER_REAL, task.seconds + task.patience)

    def judged() -> None:
        signal.setitimer(signal.ITIMER_REAL, PUBLISHING)
        meter.arm(task.memory, PUBLISHING)

    try:
        outcomes = carry_out(data, ground, task, judged)
    except GroundMoved:
        return {"moved": True}
    except Divided:
        return {"divided": True}
    except PeelgraphError as error:
        return {"fault": as_plain(error)}
    return {"outcomes": [_plain(outcome) for outcome in outcomes]}


def _unconfined() -> VersionError:
    return VersionError(
        "this machine has no system call filter, without which no update is run",
        action="allow seccomp in the container, or write with `peelgraph load`",
    )


def _plain(outcome: Outcome | PeelgraphError) -> dict[str, Any]:
    if isinstance(outcome, PeelgraphError):
        return {"fault": as_plain(outcome)}
    return {
        "version": outcome.version,
        "published": outcome.published,
        "created": outcome.created,
    }


def as_plain(error: PeelgraphError) -> dict[str, Any]:
    """Return *error* as JSON values."""
    told: dict[str, Any] = {"slug": error.slug, **error.parts()}
    if isinstance(error, NotConforming):
        told["violations"] = [dict(each) for each in error.violations[:SHOWN]]
        told["turtle"] = error.turtle.decode()
    return told


def main() -> None:
    """Run a scribe: control socket, data folder and bytes to hold are the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the web process decides when to end
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sandbox.one_arena()
    descriptor, folder, held = sys.argv[1:4]
    Scribe(socket.socket(fileno=int(descriptor)), Path(folder), int(held)).obey()


if __name__ == "__main__":
    main()
