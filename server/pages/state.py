"""How the server is doing, as one object: what ``/status`` shows to people and programs."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.pages.exposition import resident_bytes

if TYPE_CHECKING:
    from peelgraph.server.counters import Counters
    from peelgraph.server.pages.service import Service

SCHEMA: Final = "peelgraph/status/1"
PUBLISHED: Final = re.compile(r"(\d{8}T\d{6})Z-[0-9a-f]{8}")
LIMITS: Final = (
    *("timeout", "memory", "result_bytes", "query_bytes", "query_depth"),
    *("queue", "queue_wait", "connections", "client_workers", "client_seconds", "client_errors"),
)


def state_of(service: Service) -> dict[str, Any]:
    """Return how *service* is doing."""
    status, settings, counters = service.engine.status(), service.settings, service.desk.counters
    return {
        "schema": SCHEMA,
        "version": status.version,
        "published": published(status.version or ""),
        "quads": status.quads,
        "held": status.held,
        "memory_bytes": None if status.supervisor is None else resident_bytes(status.supervisor),
        "uptime_seconds": round(time.time() - counters.began, 1),
        "workers": {"all": status.workers, "busy": status.busy, "replaced": status.replaced},
        "waiting": status.waiting,
        "stopped": dict(sorted(status.stopped.items())),
        "loaded": status.loaded,
        "restarts": status.restarts,
        "cache": _cache(service, counters),
        "connections": int(counters.watched().get("connections", 0)),
        "limits": {name: getattr(settings, name) for name in LIMITS},
    }


def published(name: str) -> str | None:
    """Return when the version *name* was published, from its name.

    >>> published("20261126T101500Z-1a2b3c4d"), published("2026-11")
    ('2026-11-26T10:15:00Z', None)
    """
    match = PUBLISHED.fullmatch(name)
    if match is None:
        return None
    moment = dt.datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _cache(service: Service, counters: Counters) -> dict[str, int]:
    sums, watched = counters.read(), counters.watched()
    found = {label: int(value) for (name, label), value in sums.items() if name == "cache"}
    return {
        "answers": service.desk.kept.entries,
        "bytes": int(service.desk.kept.bytes + watched.get("raw-cache-bytes", 0)),
        "hits": found.get("hit", 0) + found.get("shortcut", 0),
        "not_modified": found.get("not-modified", 0),
        "misses": found.get("miss", 0),
    }
