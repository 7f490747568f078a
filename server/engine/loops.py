"""The event loop that a pool asks its workers on: the server's own, or one in a thread."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
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
        self._thread: threading.Thread | None = None
        if running is None:
            # Made in the thread too: a loop that Ctrl-C leaves half made, which it does in the main
            # thread alone, complains of that on its way out.
            made: Future[asyncio.AbstractEventLoop] = Future()
            self._thread = threading.Thread(
                target=self._run, args=(made,), name="pool-loop", daemon=True
            )
            self._thread.start()
            running = made.result()
        self.loop = running

    @staticmethod
    def _run(made: Future[asyncio.AbstractEventLoop]) -> None:
        try:
            loop = asyncio.new_event_loop()
        except OSError as error:  # no descriptors are left
            made.set_exception(error)
            return
        made.set_result(loop)
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

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
