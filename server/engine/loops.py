"""The event loop that a pool asks its workers on: the server's own, or one in a thread."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


class LoopCalls:
    """Calls onto one event loop from other threads.

    Args:
        running: A loop that somebody else runs; without one, a thread is started that runs one.
    """

    def __init__(self, running: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop = running or asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        if running is None:
            self._thread = threading.Thread(target=self._run, name="pool-loop", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def call(
        self, function: Callable[Taken, Given], *given: Taken.args, **named: Taken.kwargs
    ) -> Given:
        """Return what *function* returns on the loop; must not be called on the loop itself."""

        async def called() -> Given:
            return function(*given, **named)

        return self.wait(called())

    def wait(self, coroutine: Coroutine[Any, Any, Given]) -> Given:
        """Return what *coroutine* gives on the loop; must not be called on the loop itself."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def close(self) -> None:
        """End what still waits on a loop of our own, and the loop."""
        if self._thread is not None:
            self.wait(_end_others())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()


async def _end_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
