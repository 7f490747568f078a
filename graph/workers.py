"""Several processes that work through a list; the results come in the order of the list."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from peelgraph.graph.confined.enclosure import deaf_to_interrupts, lasting_parent
from peelgraph.graph.confined.sandbox import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")
WAITING: Final = 4  # results a process may be ahead of the slowest one


def cores() -> int:
    """Return how many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workforce(Generic[T, R]):
    """Worker processes, each with what *prepare* returns in it; a context manager.

    They are started afresh, not forked: this process may have threads and open stores. The module
    of the standard library for that runs the main program's file again, which may have no guard.

    Args:
        prepare: Called once in each process; returns the function that does one task. Both, the
            tasks and the results can be pickled.
        lost: Returns the result of a task whose process died or took too long.
        processes: How many.
        seconds: How long one task may take.
    """

    def __init__(
        self,
        prepare: Callable[[], Callable[[T], R]],
        lost: Callable[[T], R],
        processes: int,
        seconds: float = 300.0,
    ) -> None:
        self._prepare = prepare
        self._lost = lost
        self._seconds = seconds
        self._workers = [_Worker(prepare) for _ in range(processes)]

    def __enter__(self) -> Workforce[T, R]:
        """Return itself; the processes run already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.stop()

    def in_order(self, tasks: Iterable[T]) -> Iterator[R]:
        """Yield the result of each task, in the order of *tasks*, which are taken as needed."""
        coming, done = enumerate(tasks), dict[int, R]()
        given = following = 0
        exhausted = False
        while True:
            for worker in self._workers:
                most = following + WAITING * len(self._workers)
                if worker.busy or exhausted or given >= most:
                    continue
                exhausted = (task := next(coming, None)) is None
                if task is not None:
                    worker.give(*task)
                    given += 1
            while following in done:
                yield done.pop(following)
                following += 1
            if busy := [worker for worker in self._workers if worker.busy]:
                self._collect(busy, done)
            elif exhausted:
                return

    def _collect(self, busy: list[_Worker], done: dict[int, R]) -> None:
        """Wait for a result, a death or a deadline and note what came of it."""
        now = time.monotonic()
        patience = min((each.since + self._seconds - now for each in busy), default=0.0)
        ready = wait([each.connection for each in busy], timeout=max(patience, 0.0))
        for worker in busy:
            late = time.monotonic() - worker.since >= self._seconds
            if worker.connection in ready:
                answered, result = worker.answer()
            elif late:
                answered, result = False, None
            else:
                continue
            if answered:
                done[worker.number] = cast("R", result)
            else:
                done[worker.number] = self._lost(worker.task)
                self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        worker.stop()
        self._workers[self._workers.index(worker)] = _Worker(self._prepare)


class _Worker:
    """One process and the task it has."""

    def __init__(self, prepare: Callable[[], Callable[[Any], Any]]) -> None:
        self.connection, theirs = Pipe()
        given = f"{theirs.fileno()}, {lasting_parent()}"
        code = f"from peelgraph.graph.workers import work; work({given})"
        with deaf_to_interrupts():
            self.process = subprocess.Popen(  # noqa: S603 - this program; -P: nothing of the folder
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        theirs.close()
        with contextlib.suppress(OSError):  # it died: the first answer will say so
            self.connection.send(prepare)
        self.busy = False
        self.task: Any = None
        self.number = 0
        self.since = 0.0

    def give(self, number: int, task: Any) -> None:  # noqa: ANN401 - whatever the tasks are
        """Send *task*; the process is idle, so it is read at once."""
        self.busy, self.task, self.number, self.since = True, task, number, time.monotonic()
        try:
            self.connection.send(task)
        except OSError:
            return  # it died: the answer will say so

    def answer(self) -> tuple[bool, Any]:
        """Return whether there is an answer, and the answer."""
        self.busy = False
        try:
            return True, self.connection.recv()
        except (EOFError, OSError):
            return False, None

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self.connection.close()


def work(descriptor: int, parent: int) -> None:
    """Do tasks until the other end is closed: what a worker process runs.

    Args:
        descriptor: The pipe.
        parent: The process to end with, in the middle of a task too; 0 where a thread that may
            end earlier started this one.
    """
    if parent:
        die_with(parent)
    connection: Connection[Any, Any] = Connection(descriptor)
    try:
        done = connection.recv()()
        while True:
            connection.send(done(connection.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
