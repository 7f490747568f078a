"""A deadline for what runs in this process: an alarm of the operating system ends it."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import ValidationTimeout

if TYPE_CHECKING:
    from collections.abc import Generator

AGAIN: Final = 0.5  # seconds after which the alarm sounds again, where it was caught and dropped


@contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Raise :class:`ValidationTimeout` in the block once it has run for *seconds*.

    The alarm also ends a search by Python's ``re``, which looks for signals as it goes, and a wait
    for a thread. Alarms reach the main thread of a Unix process alone; elsewhere there is no
    deadline. A timer that is running already is set again afterwards, less the time that passed;
    one that would sound sooner is left alone.

    >>> with deadline(0.05):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    ...
    peelgraph.graph.errors.queries.ValidationTimeout: the check against the shapes took \
longer than 0.05 seconds; make the data smaller, or allow more time with --shacl-timeout
    """
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    running, interval = signal.getitimer(signal.ITIMER_REAL)
    if 0 < running <= seconds:
        yield
        return

    def late(_number: int, _frame: object) -> None:
        raise ValidationTimeout(
            f"the check against the shapes took longer than {seconds:g} seconds",
            action="make the data smaller, or allow more time with --shacl-timeout",
        )

    started = time.monotonic()
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if running:
            left = max(running - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval)
