"""One Chromium of the system, driven by Playwright: started when first needed, ended by name."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext

ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Whatever it may want to reach by name is nowhere: pages are asked of this machine's address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
PATIENCE: Final = 30_000
"""Milliseconds that a page or an element may take on a machine that is busy with other tests."""
expect.set_options(timeout=PATIENCE)


class Chromium:
    """A browser that is there while it is used.

    Playwright keeps an event loop running in its thread from start to :meth:`close`; nothing else
    in that thread can run one meanwhile. So it ends with the tests that use it, not with the run.
    """

    def __init__(self, program: Callable[[], str]) -> None:
        """Start nothing yet; *program* finds the browser when it is first needed."""
        self._program = program
        self._running = contextlib.ExitStack()
        self._browser: Browser | None = None

    def context(self, *, width: int, dark: bool, script: bool) -> BrowserContext:
        """Return a new profile without history: a window of that width."""
        context = self._started().new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(PATIENCE)
        return context

    def _started(self) -> Browser:
        if self._browser is None:
            program = self._program()
            playwright = self._running.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(
                executable_path=program, args=list(ARGUMENTS), timeout=4 * PATIENCE
            )
            self._running.callback(self._browser.close)
        return self._browser

    def close(self) -> None:
        """End it; the next that needs one starts another."""
        self._browser = None
        self._running.close()
