"""Locks between processes: one writer of a file or folder at a time."""

from __future__ import annotations

import fcntl
import time
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import DataBusy

if TYPE_CHECKING:
    from pathlib import Path

PAUSE: Final = 0.02


def hold(descriptor: int, place: Path, patience: float = 0.0) -> None:
    """Take the lock of an open file; it ends when the file is closed, or the process.

    Args:
        descriptor: The open file.
        place: What it guards, for the error.
        patience: Seconds to wait for another process.

    Raises:
        DataBusy: another process has it.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() < deadline:
                time.sleep(PAUSE)
                continue
            raise DataBusy(
                "another process is writing to this data folder",
                place=str(place),
                action="wait for it to end, then try again",
            ) from error
        return
