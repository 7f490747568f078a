"""Fetching politely: robots.txt, one request at a time, patience, redirects checked hop by hop."""

from __future__ import annotations

import datetime as dt
import email.utils
import importlib.metadata
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from peelgraph.graph.errors import FetchTimeout, RobotsRefused, StatusRefused, Unreachable
from peelgraph.graph.fetching.addresses import Policy, Target, resolved
from peelgraph.graph.fetching.connection import Answer, Opener

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AGENT: Final = "peelgraph"
ATTEMPTS: Final = 4
MOST_HOPS: Final = 5
LONGEST_WAIT: Final = 300.0  # seconds a site may ask us to come back after
PASSING: Final = frozenset({429, 500, 502, 503, 504})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED, REFUSALS, FAULTS = 200, 304, range(400, 500), range(500, 600)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the fetcher sees it; tests pass their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    today: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it came; ``address`` is where it was found in the end."""

    address: str
    content: bytes
    media_type: str | None
    etag: str
    modified: str


class Fetcher:
    """Fetches pages, one at a time.

    Args:
        policy: Which addresses may be fetched.
        pause: Seconds between two requests to one host, unless its robots.txt asks for more.
        opener: Makes one request.
        resolve: Returns the network addresses of a host.
        clock: Time.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        pause: float = 1.0,
        opener: Callable[[Target, str, Mapping[str, str]], Answer] | None = None,
        resolve: Callable[[str, int], list[str]] = resolved,
        clock: Clock | None = None,
    ) -> None:
        self._policy = policy
        self._pause = pause
        self._opener = opener or Opener()
        self._resolve = resolve
        self._clock = clock or Clock()
        self._free: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}

    def fetch(self, address: str, *, etag: str = "", modified: str = "") -> Page | None:
        """Return the page at *address*; ``None`` if it is still the one that had those validators.

        Raises:
            NetworkError: it may not be fetched, or could not be.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in known.items() if value}
        url = address
        for _ in range(MOST_HOPS + 1):
            target = self._policy.target(url)
            self._require_allowed(target)
            answer = self._asked(target, headers)
            if answer.status in REDIRECTS and "location" in answer.headers:
                url = urljoin(target.url, answer.headers["location"])
                continue
            if answer.status == NOT_MODIFIED and headers:
                return None
            return _page(target, answer)
        raise StatusRefused(f"more than {MOST_HOPS} redirects", place=address)

    def _require_allowed(self, target: Target) -> None:
        """Raise where robots.txt of the target's site asks programs to stay away."""
        site = f"{target.host}:{target.port}"
        if site not in self._robots:
            self._robots[site] = self._read_robots(target)
            asked = self._robots[site].crawl_delay(AGENT)
            self._pauses[site] = max(self._pause, float(asked or 0))
        if not self._robots[site].can_fetch(AGENT, target.url):
            raise RobotsRefused(
                "the site's robots.txt asks programs not to fetch this page",
                place=target.url,
                action="save the page from a browser and give the file",
            )

    def _read_robots(self, target: Target) -> RobotFileParser:
        """Return the rules of the target's site; none where it has no robots.txt (RFC 9309)."""
        rules, url = RobotFileParser(), f"https://{target.host}:{target.port}/robots.txt"
        for _ in range(MOST_HOPS + 1):
            place = self._policy.target(url)
            answer = self._asked(place, {})
            if answer.status in REDIRECTS and "location" in answer.headers:
                url = urljoin(place.url, answer.headers["location"])
                continue
            if answer.status in FAULTS:
                raise StatusRefused(
                    f"robots.txt cannot be read: status {answer.status}", place=place.url
                )
            text = answer.body.decode("utf-8", "replace") if answer.status == OK else ""
            rules.parse(text.splitlines())
            return rules
        raise StatusRefused(f"more than {MOST_HOPS} redirects", place=url)

    def _asked(self, target: Target, headers: Mapping[str, str]) -> Answer:
        """Return the site's answer, asked again with growing patience where that may help."""
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            wait = 2.0**attempt * (0.5 + self._clock.jitter())
            try:
                answer = self._once(target, headers)
            except (Unreachable, FetchTimeout):
                if last:
                    raise
            else:
                if answer.status not in PASSING or last:
                    return answer
                wait = max(wait, self._retry_after(answer))
                if wait > LONGEST_WAIT:
                    return answer
            self._clock.sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    def _once(self, target: Target, headers: Mapping[str, str]) -> Answer:
        """Ask once, when the host's pause is over."""
        address = self._policy.public_address(target, self._resolve)
        site = f"{target.host}:{target.port}"
        waiting = self._free.get(site, 0.0) - self._clock.now()
        if waiting > 0:
            self._clock.sleep(waiting)
        try:
            return self._opener(target, address, {**_introduction(), **headers})
        finally:
            self._free[site] = self._clock.now() + self._pauses.get(site, self._pause)

    def _retry_after(self, answer: Answer) -> float:
        """Return the seconds for which a site asks us to stay away."""
        said = answer.headers.get("retry-after", "")
        if said.isdecimal():
            return float(said)
        try:
            return (email.utils.parsedate_to_datetime(said) - self._clock.today()).total_seconds()
        except (ValueError, TypeError):
            return 0.0


def _introduction() -> dict[str, str]:
    version = importlib.metadata.version("peelgraph")
    return {
        "User-Agent": f"{AGENT}/{version} (+https://w3id.org/peelgraph)",
        "Accept": "text/html, application/xhtml+xml, text/plain, application/pdf",
    }


def _page(target: Target, answer: Answer) -> Page:
    """Return the page in *answer*.

    Raises:
        StatusRefused: there is none.
    """
    if answer.status != OK:
        raise StatusRefused(
            f"the site answered with status {answer.status}",
            place=target.url,
            action="check the address" if answer.status in REFUSALS else "try again later",
        )
    return Page(
        address=target.url,
        content=answer.body,
        media_type=answer.headers.get("content-type"),
        etag=answer.headers.get("etag", ""),
        modified=answer.headers.get("last-modified", ""),
    )
