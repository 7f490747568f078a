"""However the server ends, nothing that it started lives on."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ending_the_server_leaves_no_process(
    started_servers: Callable[..., Any],
    small_quads: Path,
    processes_below: Callable[[int], set[int]],
    await_gone: Callable[..., None],
    number: signal.Signals,
) -> None:
    """An orphan holds a whole version in memory."""
    process = started_servers(small_quads, workers=2).process
    below = processes_below(process.pid)
    assert len(below) == 3
    os.kill(process.pid, number)
    ended = process.wait(60)
    assert ended == (0 if number == signal.SIGTERM else -number)
    await_gone(below, 60)
