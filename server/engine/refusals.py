"""The source that could not be served: when to try it again, and one log line a change."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.server.engine.source import Source

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between two tries: doubled after each failure, up to the second figure."""

logger = logging.getLogger(__name__)


class Refusals:
    """Remembers the one source that was refused last; another source is always worth a try.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._source: Source | None = None
        self._reason = ""
        self._pause = 0.0
        self._due = 0.0

    def blocks(self, source: Source) -> bool:
        """Return whether *source* was refused so lately that it is not tried yet."""
        return source == self._source and self._clock() < self._due

    def refuse(self, source: Source, error: BaseException) -> None:
        """Note that *source* could not be served; say so if that is news."""
        reason = str(error) or type(error).__name__
        again = source == self._source
        if not again or reason != self._reason:
            logger.warning(
                "version %s cannot be served, and is tried again: %s", source.name, reason
            )
        self._pause = min(self._pause * 2, LONGEST_PAUSE) if again else FIRST_PAUSE
        self._source, self._reason = source, reason
        self._due = self._clock() + self._pause

    def accept(self, source: Source) -> None:
        """Note that *source* is served; say so if it had been refused."""
        if source == self._source:
            logger.warning("version %s is served after all", source.name)
        self._source = None

    def try_now(self) -> None:
        """Let the refused source be tried at once; may be called from a signal."""
        self._due = 0.0
