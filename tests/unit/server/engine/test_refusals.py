"""A source that was refused is tried again, ever more seldom, and the log stays short."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.server.engine.refusals import FIRST_PAUSE, LONGEST_PAUSE, Refusals
from peelgraph.server.engine.source import Source

if TYPE_CHECKING:
    import pytest

NEXT = Source(Path("next.nq"), name="next")
OTHER = Source(Path("other.nq"), name="other")


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_tries_become_rarer_but_never_end() -> None:
    """A copy that takes an hour to arrive must be served then, without anybody's signal."""
    clock = Clock()
    refusals = Refusals(clock)
    pauses = []
    for _ in range(9):
        refusals.refuse(NEXT, OSError("not there yet"))
        began = clock.now
        while refusals.blocks(NEXT):
            clock.now += 0.5
        pauses.append(clock.now - began)
    assert pauses[:4] == [FIRST_PAUSE, 2.0, 4.0, 8.0]
    assert pauses[-2:] == [LONGEST_PAUSE, LONGEST_PAUSE]


def test_another_source_or_a_signal_does_not_wait() -> None:
    """Only what failed has to wait, and only until the operator says otherwise."""
    refusals = Refusals(Clock())
    refusals.refuse(NEXT, OSError("no"))
    assert refusals.blocks(NEXT)
    assert not refusals.blocks(OTHER)
    refusals.try_now()
    assert not refusals.blocks(NEXT)


def test_the_log_tells_changes_only(caplog: pytest.LogCaptureFixture) -> None:
    """A night of failures must not bury the line that says why."""
    refusals = Refusals(Clock())
    refusals.accept(OTHER)
    for reason in ("no file", "no file", "no file", "does not parse", "does not parse"):
        refusals.refuse(NEXT, OSError(reason))
    refusals.accept(NEXT)
    refusals.accept(NEXT)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert "no file" in said[0]
    assert "does not parse" in said[1]
    assert "after all" in said[2]
