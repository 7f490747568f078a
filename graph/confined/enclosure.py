"""The way to have a function run over a stranger's bytes in a confined process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from peelgraph.graph.confined.child import LENGTHS
from peelgraph.graph.errors import (
    NotAReport,
    PeelgraphError,
    RdfSyntaxError,
    ReadingStopped,
    SourceUnreadable,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

START: Final = 60.0  # seconds a process may take to be ready
ENDING: Final = 1.0
LONGEST_LINE: Final = 64 * 1024
MEBIBYTE: Final = 1024 * 1024
PROGRAM: Final = (
    "import sys; from peelgraph.graph.confined.child import main; "
    "main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
)
OVER_MEMORY: Final = "memory"
# What may be wrong with a source; nothing else that a confined process says is believed.
FAULTS: Final[Mapping[str, type[PeelgraphError]]] = {
    kind.slug: kind for kind in (NotAReport, RdfSyntaxError, SourceUnreadable)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What reading one source may take.

    Args:
        memory: Bytes beyond what the process has at its start, the source's own included.
        seconds: From handing the source over to having the answer.
        answer: Bytes.
    """

    memory: int
    seconds: float
    answer: int


class Broken(Exception):
    """A confined process ended, was late, or said what it may not say."""


class Enclosure:
    """One confined process and its replacements; safe to call from many threads, one at a time.

    Args:
        function: Module and name with a colon between: ``(content, *, place, …) -> bytes``.
        bounds: What one source may take.
    """

    def __init__(self, function: str, bounds: Bounds) -> None:
        self._function = function
        self._bounds = bounds
        self._lock = threading.Lock()
        self._child: Child | None = None

    def ask(self, content: bytes, *, place: str, **options: str) -> bytes:
        """Return what the function makes of *content*.

        Args:
            content: The bytes of one source.
            place: What to call the source in an error.
            options: Handed to the function.

        Raises:
            InputError: the function refused the source.
            ReadingStopped: the source ended the process or ran over a limit; the next one gets a
                new process.
        """
        bounds = self._bounds
        asked = {
            "memory": bounds.memory,
            "seconds": bounds.seconds,
            "options": {**options, "place": place},
        }
        with self._lock:
            if self._child is None:
                self._child = Child(self._function)
            try:
                said, answer = self._child.exchange(asked, content, bounds)
            except (Broken, OSError) as error:
                raise self._stopped(place, late=isinstance(error, TimeoutError)) from error
            except BaseException:  # interrupted in the middle: what it answers later is not ours
                self._release().end()
                raise
            if said.get("last"):
                self._release().end()
        return self._judged(said, answer, place)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            if self._child is not None:
                self._release().end()

    @property
    def pid(self) -> int | None:
        """Process id of the confined process, if one runs."""
        return self._child.process.pid if self._child else None

    def _release(self) -> Child:
        child, self._child = self._child, None
        if child is None:
            raise AssertionError
        return child

    def _judged(self, said: Mapping[str, Any], answer: bytes, place: str) -> bytes:
        """Return the answer, or raise the error that was sent in its place."""
        fault = said.get("fault")
        if fault is None:
            return answer
        if fault in FAULTS:
            raise FAULTS[fault].of_parts(said)
        raise self._over_memory(place)

    def _stopped(self, place: str, *, late: bool) -> ReadingStopped:
        """End the process and return why the source was not read."""
        status, complaint = self._release().end(patience=0.0 if late else ENDING)
        if late or status in {-signal.SIGXCPU, -signal.SIGALRM}:
            return _stopped(f"took longer than {self._bounds.seconds:g} seconds to read", place)
        if status == -signal.SIGABRT:
            return self._over_memory(place)
        ended = signal.Signals(-status).name if status < 0 else f"exit {status}"
        why = f"{ended}: {complaint}" if complaint else ended
        return _stopped(f"ended the process that read it ({why})", place)

    def _over_memory(self, place: str) -> ReadingStopped:
        limit = self._bounds.memory // MEBIBYTE
        return _stopped(f"needed more memory to read than the {limit:,} MiB it may have", place)


@contextmanager
def deaf_to_interrupts() -> Generator[None]:
    """Start processes that Ctrl-C, which reaches all of a terminal, does not end.

    The one that started them does, and gets the signal when the block is left.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def lasting_parent() -> int:
    """Return the process that a child may end with, 0 where this thread may end before it.

    The kernel tells a child of the end of the thread that started it.
    """
    return os.getpid() if threading.current_thread() is threading.main_thread() else 0


def _stopped(found: str, place: str) -> ReadingStopped:
    return ReadingStopped(
        f"the source {found}",
        place=place,
        expected="a source that is no larger or deeper than it looks",
        action="look at the source; nothing of it was kept, and others are read",
    )


class Child:
    """One confined process, ready to be asked."""

    def __init__(self, function: str) -> None:
        self._pipe, theirs = socket.socketpair()
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed at its end
        with theirs, deaf_to_interrupts():
            end, parent = str(theirs.fileno()), str(lasting_parent())
            self.process = subprocess.Popen(  # noqa: S603 - this program; -P: nothing of the folder
                [sys.executable, "-P", "-c", PROGRAM, end, function, parent],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=[theirs.fileno()],
            )
        self._finalizer = weakref.finalize(
            self, _end, os.getpid(), self.process, self._pipe, self._complaints
        )
        try:
            self._message(time.monotonic() + START, 0)
        except (Broken, OSError) as error:
            status, complaint = self.end()
            message = f"no confined process for {function}: it ended with {status}: {complaint}"
            raise RuntimeError(message) from error

    def exchange(
        self, asked: Mapping[str, Any], content: bytes, bounds: Bounds
    ) -> tuple[dict[str, Any], bytes]:
        """Return the line and the bytes that answer *content*.

        Raises:
            TimeoutError: it took too long.
            Broken: the process ended, or answered what cannot be.
            OSError: the process ended.
        """
        deadline = time.monotonic() + bounds.seconds
        line = json.dumps(asked).encode()
        for part in (LENGTHS.pack(len(line), len(content)) + line, content):
            self._pipe.settimeout(_left(deadline))
            self._pipe.sendall(part)
        return self._message(deadline, bounds.answer)

    def end(self, patience: float = 0.0) -> tuple[int, str]:
        """End the process; return how it ended and the last line that it complained with.

        Args:
            patience: Seconds given to a process that is ending by itself.
        """
        self._pipe.close()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        status = self.process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        said = next((line for line in reversed(lines) if line.strip()), "")
        self._finalizer()
        return status, "".join(each for each in said[:200] if each.isprintable())

    def _message(self, deadline: float, most: int) -> tuple[dict[str, Any], bytes]:
        length, size = LENGTHS.unpack(self._received(LENGTHS.size, deadline))
        if length > LONGEST_LINE or size > most:
            raise Broken
        try:
            said = json.loads(self._received(length, deadline))
        except (ValueError, RecursionError) as error:
            raise Broken from error
        if not isinstance(said, dict):
            raise Broken
        if said.get("fault") not in {None, OVER_MEMORY, *FAULTS}:
            raise Broken
        return said, bytes(self._received(size, deadline))

    def _received(self, size: int, deadline: float) -> bytearray:
        held = bytearray(size)
        left = memoryview(held)
        while left:
            self._pipe.settimeout(_left(deadline))
            got = self._pipe.recv_into(left)
            if not got:
                raise Broken
            left = left[got:]
        return held


def _left(deadline: float) -> float:
    """Return the seconds until *deadline*.

    Raises:
        TimeoutError: there are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _end(
    owner: int, process: subprocess.Popen[bytes], pipe: socket.socket, complaints: IO[bytes]
) -> None:
    """End a process however this one ends; a fork of this one leaves it alone."""
    if os.getpid() != owner:
        return
    pipe.close()
    process.kill()
    process.wait()
    complaints.close()
