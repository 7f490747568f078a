"""Keeps what was answered, up to a number of bytes; what was used longest ago goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, Generic, TypeVar

Kept = TypeVar("Kept")

OVERHEAD: Final = 600
"""Bytes that an entry costs beside its key and value."""
LARGEST: Final = 16
"""No entry may have more than this part of all bytes."""
RAW_PART: Final = 4


def shares(most_bytes: int) -> tuple[int, int]:
    """Return how many of all bytes go to answers by request, and to those by its very bytes.

    >>> shares(64), shares(1), shares(0)
    ((48, 16), (1, 0), (0, 0))
    """
    raw = most_bytes // RAW_PART
    return most_bytes - raw, raw


class KeptAnswers(Generic[Kept]):
    """Things by key, all about one content; safe to use from many threads.

    Args:
        most_bytes: Bytes of all entries together; 0 keeps nothing.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._entries: OrderedDict[object, tuple[Kept, int]] = OrderedDict()
        self._bytes = 0
        self._tag: str | None = None

    @property
    def largest(self) -> int:
        """Bytes that one entry may have."""
        return self._most // LARGEST

    def get(self, tag: str | None, key: object) -> Kept | None:
        """Return what is kept of the content *tag* under *key*; another tag empties everything."""
        with self._lock:
            if tag != self._tag:
                self._begin(tag)
                return None
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, tag: str | None, key: object, value: Kept, size: int) -> None:
        """Keep *value* of *size* bytes; nothing happens if it is too large, or of another tag."""
        size += OVERHEAD
        with self._lock:
            if tag != self._tag or tag is None or size > self.largest:
                return
            old = self._entries.pop(key, None)
            self._bytes += size - (old[1] if old else 0)
            self._entries[key] = (value, size)
            while self._bytes > self._most:
                _, (_, gone) = self._entries.popitem(last=False)
                self._bytes -= gone

    @property
    def bytes(self) -> int:
        """Bytes of all entries now."""
        return self._bytes

    @property
    def entries(self) -> int:
        """How many there are now."""
        return len(self._entries)

    def _begin(self, tag: str | None) -> None:
        self._entries.clear()
        self._bytes = 0
        self._tag = tag
