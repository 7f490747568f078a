"""Runs the program as its user does, but for one thing: the sites it may fetch stand on loopback.

The fetcher believes the system's certificates, calls port 443 and refuses loopback; the program has
no option, setting or variable to change that, and must not have. They are arguments of the classes
that the program makes, though, and this file, which is not installed, gives others in their place.
Pages of which the site never sends all are given up sooner than the program would.
All else is the program's own: hosts allowed, robots, attempts, redirects, what is kept.

Usage: program_on_loopback.py PORT AUTHORITY DAYS ARGUMENT…
"""

from __future__ import annotations

import datetime as dt
import ssl
import sys
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING

from peelgraph.graph.fetching import Clock, Fetcher, Policy
from peelgraph.graph.fetching.connection import Opener
from peelgraph.server.cli import ingest, main, sources
from peelgraph.server.cli.calls import now

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "127.0.0.1"
ENDLESS = {"/slow", "/mute"}
ANSWERS: dict[str, Iterator[str]] = {
    "reports.example": repeat(HERE),
    "inside.example": repeat("10.0.0.1"),
    "mapped.example": repeat("::ffff:127.0.0.1"),
    # The first two requests, for robots.txt and a page, go out; then the name leads elsewhere.
    "moving.example": chain([HERE, HERE], repeat("169.254.169.254")),
}

if __name__ == "__main__":
    port, authority, days = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    del sys.argv[1:4]
    trust = ssl.create_default_context(cafile=authority)
    patient, hasty = Opener(trust=trust), Opener(seconds=1.0, pause=0.5, trust=trust)
    sources.Policy = partial(Policy, ports=frozenset({port}), permitted=frozenset({HERE}))
    sources.Fetcher = partial(
        Fetcher,
        opener=lambda target, *rest: (hasty if target.path in ENDLESS else patient)(target, *rest),
        resolve=lambda host, _port: [next(ANSWERS[host])],
        clock=Clock(sleep=lambda _seconds: None),
    )
    ingest.now = lambda: now() + dt.timedelta(days=days)
    main()
