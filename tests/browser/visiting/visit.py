"""A visit: one window, and everything that went on in it."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response

    from visiting.chromium import Chromium

INSIDE: Final = frozenset({"data", "blob"})
"""Schemes of what a page makes itself: nothing is asked of anybody."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
EDITOR_POLICY: Final = POLICY.replace(
    "style-src 'self'",
    "style-src 'self' 'unsafe-hashes' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='",
)
"""Of the page with the editor alone, which sets one style attribute."""
LOST_ANCHORS: Final = """() => [...document.querySelectorAll('a[href*="#"]')]
  .filter((a) => a.href.split("#")[0] === location.href.split("#")[0])
  .map((a) => decodeURIComponent(a.hash.slice(1)))
  .filter((id) => id && !document.getElementById(id))"""
UNFOLLOWABLE: Final = """() => {
  const names = ["href", "src", "action", "formaction", "data", "xlink:href"];
  return [...document.querySelectorAll("[href], [src], [action], [formaction], [data]")]
    .flatMap((e) => names.map((name) => e.getAttribute(name)))
    .filter((value) => value !== null && URL.canParse(value, location.href))
    .filter((value) => !/^(https?:|mailto:|data:image\\/)/i
      .test(new URL(value, location.href).href));
}"""
DUPLICATE_IDS: Final = """() => Object.entries([...document.querySelectorAll("[id]")]
  .reduce((n, e) => ({ ...n, [e.id]: (n[e.id] || 0) + 1 }), {}))
  .filter(([, times]) => times > 1).map(([id]) => id)"""
SPREADING: Final = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .filter((e) => { // not inside something that scrolls by itself
      for (let up = e; up; up = up.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false;
      }
      return true;
    })
    .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5).concat("the page is wider than the window");
}"""
AXE_OPTIONS: Final = {"resultTypes": ["violations"]}


class Visit:
    """A window on the pages of one server; :meth:`faults` is what was wrong in it so far."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Open an empty window.

        Args:
            context: The profile; closed by whoever made it.
            origin: Scheme, host and port of the server: nothing may be asked of another.
        """
        self.origin = origin.rstrip("/")
        self.context = context
        self.page = context.new_page()
        self.requests: list[str] = []
        self.told: list[str] = []
        self.expected: list[str] = []
        context.on("request", self._asked)
        context.on("page", lambda page: self.told.append(f"another window: {page.url}"))
        self.page.on("console", self._spoken)
        self.page.on("pageerror", lambda error: self.told.append(f"script failed: {error}"))
        self.page.on("dialog", self._dialog)

    def go(self, path: str, status: int = 200) -> Response:
        """Open *path*, which must answer with *status*."""
        if status >= 400:  # the console says so of every such page
            self.expected.append(f"status of {status}")
        response = self.page.goto(urljoin(f"{self.origin}/", path))
        assert response is not None
        assert response.status == status, (path, response.status, response.text()[:2000])
        return response

    def faults(self) -> list[str]:
        """Return what no visit may bring: requests elsewhere, complaints, dialogs, windows."""
        away = [
            f"request to {url}"
            for url in self.requests
            if urlsplit(url).scheme not in INSIDE and not url.startswith(f"{self.origin}/")
        ]
        return away + [each for each in self.told if not any(e in each for e in self.expected)]

    def layout_faults(self) -> list[str]:
        """Return what is wrong with how the page that is shown is made, at this width."""
        found = [f"no anchor #{each}" for each in self.page.evaluate(LOST_ANCHORS)]
        found += [f"two of #{each}" for each in self.page.evaluate(DUPLICATE_IDS)]
        found += [f"too wide: {each}" for each in self.page.evaluate(SPREADING)]
        return found + self.unfollowable()

    def unfollowable(self) -> list[str]:
        """Return addresses on the page that a browser must not be given."""
        return [f"address {each[:100]}" for each in self.page.evaluate(UNFOLLOWABLE)]

    def barriers(self, axe: Path) -> list[str]:
        """Return what axe finds: its rule, and the elements."""
        self.page.evaluate(f"() => {{ {axe.read_text(encoding='utf-8')} }}")
        found: list[Any] = self.page.evaluate(
            f"async () => (await axe.run(document, {json.dumps(AXE_OPTIONS)})).violations"
        )
        return [
            f"{each['id']}: {each['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
            for each in found
            for node in each["nodes"][:3]
        ]

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _spoken(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            self.told.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.told.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextlib.contextmanager
def visited(
    chromium: Chromium, origin: str, *, width: int = 1280, dark: bool = False, script: bool = True
) -> Iterator[Visit]:
    """Give a visit to *origin*, and check when it is over that nothing was wrong in it."""
    with contextlib.closing(chromium.context(width=width, dark=dark, script=script)) as context:
        visit = Visit(context, origin)
        yield visit
        assert visit.faults() == []
