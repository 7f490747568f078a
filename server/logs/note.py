"""What is known of one request beside its head: filled in by whoever answers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Note:
    """Facts about one request and its answer.

    Args:
        route: The address as a pattern: one of few, whatever is asked for; empty for none of ours.
        query: Text of the query, if there is one.
        cache: ``hit``, ``miss`` or ``not-modified``; empty where nothing is kept.
        version: Name of the content that answered.
        worker_seconds: What workers have spent on it.
    """

    route: str = ""
    query: str = ""
    cache: str = ""
    version: str = ""
    worker_seconds: float = 0.0
