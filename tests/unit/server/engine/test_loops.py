"""A loop of the pool's own is nothing that happens in the main thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest

from peelgraph.server.engine.loops import LoopCalls


def test_the_loop_is_made_where_nothing_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes to the main thread, and a loop that it leaves half made prints a traceback."""
    makers: list[threading.Thread] = []
    make = asyncio.new_event_loop

    def noted() -> asyncio.AbstractEventLoop:
        makers.append(threading.current_thread())
        return make()

    monkeypatch.setattr(asyncio, "new_event_loop", noted)
    with contextlib.closing(LoopCalls()) as calls:
        assert calls.call(threading.get_ident) == makers[0].ident
    assert len(makers) == 1
    assert makers[0] is not threading.main_thread()


def test_a_loop_that_cannot_be_made_is_no_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a descriptor left there is none, and whoever wanted it is told."""

    def refused() -> asyncio.AbstractEventLoop:
        raise OSError(24, "too many open files")

    monkeypatch.setattr(asyncio, "new_event_loop", refused)
    with pytest.raises(OSError, match="too many open files"):
        LoopCalls()
