"""What a server says of itself, without a worker being asked."""

from __future__ import annotations

import http.client
import json
from contextlib import closing


def busy_workers(netloc: str) -> int:
    """How many of its workers are at work."""
    with closing(http.client.HTTPConnection(netloc, timeout=60)) as connection:
        connection.request("GET", "/status", headers={"Accept": "application/json"})
        return int(json.loads(connection.getresponse().read())["workers"]["busy"])
