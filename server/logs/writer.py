"""Writes lines in a thread of its own, so that no slow disk or reader holds up an answer."""

from __future__ import annotations

import logging
import logging.handlers
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAUSE: Final = 0.2
"""Seconds between two looks for lines."""
MOST_LINES: Final = 50_000
DAYS: Final = 14
END_PATIENCE: Final = 2.0


class LineWriter:
    """Hands lines to a sink, many at a time; when too many wait, new ones are dropped and counted.

    Args:
        sink: Takes lines that each end in a line break; may block, may fail.
        most: Lines that may wait.
    """

    def __init__(self, sink: Callable[[str], None], most: int = MOST_LINES) -> None:
        self._sink = sink
        self._most = most
        self._waiting: deque[str] = deque()
        self._closing = threading.Event()
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Lines that wait to be handed on."""
        return len(self._waiting)

    def put(self, line: str) -> None:
        """Have *line* written soon; never blocks."""
        if len(self._waiting) < self._most:
            self._waiting.append(line)
        else:
            self.dropped += 1

    def close(self) -> None:
        """Write what waits, unless that takes too long."""
        self._closing.set()
        self._thread.join(END_PATIENCE)

    def _run(self) -> None:
        while not self._closing.wait(PAUSE):
            self._write()
        self._write()

    def _write(self) -> None:
        waiting = self._waiting
        lines = [waiting.popleft() for _ in range(len(waiting))]
        if not lines:
            return
        try:
            self._sink("".join(lines))
        except (OSError, ValueError):  # a full disk, a closed pipe: said in the metrics
            self.dropped += len(lines)


def to_descriptor(descriptor: int) -> Callable[[str], None]:
    """Return a sink that writes to an open file, however slow its reader."""

    def write(text: str) -> None:
        rest = memoryview(text.encode("ascii", "backslashreplace"))
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    return write


class DailyFile(logging.handlers.TimedRotatingFileHandler):
    """A file that is set aside at midnight (UTC); those of the last days are kept."""

    terminator = ""

    def __init__(self, path: Path, days: int = DAYS) -> None:
        super().__init__(path, when="midnight", utc=True, backupCount=days, encoding="ascii")

    def write(self, text: str) -> None:
        """Write lines; raises what went wrong."""
        self.emit(logging.makeLogRecord({"msg": text}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """Leave the fault that is being handled to whoever writes."""
        del record
        raise  # noqa: PLE0704 - the base calls this where it has caught the fault
