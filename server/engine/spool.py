"""Large answers lie in unlinked files, never in the memory of the web process."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import ResultTooLarge, ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

IN_MEMORY: Final = 1024 * 1024
MOST_BYTES: Final = 1024 * 1024 * 1024
"""Bytes that all large answers together may have while they wait to be sent."""


class Spooled:
    """A large answer in a file, read with a position of its own.

    Args:
        descriptor: An open file; whoever made it closes it.
        size: Bytes of the answer, from the start of the file.
        release: Called once, when nobody reads the answer any more.
    """

    def __init__(self, descriptor: int, size: int, release: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._size = size
        self._release: Callable[[], None] | None = release
        self._place = 0

    def fileno(self) -> int:
        """Return the descriptor; to be read by position only."""
        return self._descriptor

    def read(self, size: int = -1, /) -> bytes:
        """Return at most *size* bytes more, none at the end."""
        left = self._size - self._place
        piece = os.pread(self._descriptor, left if size < 0 else min(size, left), self._place)
        self._place += len(piece)
        return piece

    def close(self) -> None:
        """Give the file back."""
        release, self._release = self._release, None
        if release is not None:
            release()

    __del__ = close


class Shelf:
    """Counts the bytes of all large answers, which are bounded together."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._bytes = 0

    def add(self, size: int) -> None:
        """Count *size* bytes in.

        Raises:
            ServerBusy: They would be too many.
        """
        if self._bytes + size > self._most:
            raise ServerBusy(
                "too many large answers are being sent", action="try again in a moment"
            )
        self._bytes += size

    def remove(self, size: int) -> None:
        """Count *size* bytes out."""
        self._bytes -= size


class SpoolFile:
    """One file that a worker was given when it was forked, for one answer at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as its worker
        self._abandoned = False
        self.free = True

    def fileno(self) -> int:
        """Return the descriptor, to be handed to the worker."""
        return self._file.fileno()

    def answer(self, size: int) -> Spooled:
        """Return the answer of *size* bytes that the worker has written.

        Raises:
            ServerBusy: All large answers together are too many bytes.
        """
        if os.fstat(self.fileno()).st_size < size:
            raise ValueError("the file is shorter than the answer")
        self._shelf.add(size)
        self.free = False

        def release() -> None:
            self._shelf.remove(size)
            os.ftruncate(self.fileno(), 0)
            self.free = True
            if self._abandoned:
                self._file.close()

        return Spooled(self.fileno(), size, release)

    def empty(self) -> None:
        """Drop what a query that failed has left in it."""
        if self.free:
            os.ftruncate(self.fileno(), 0)

    def abandon(self) -> None:
        """Close the file as soon as nobody reads it: its worker has ended."""
        self._abandoned = True
        if self.free:
            self._file.close()


class Collector:
    """Takes an answer in pieces: in memory while it is small, then in a file of its own."""

    def __init__(self, limit: int, shelf: Shelf) -> None:
        self._limit = limit
        self._shelf = shelf
        self._pieces: list[bytes] = []
        self._file: SpoolFile | None = None
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Append *piece*.

        Raises:
            ResultTooLarge: The answer is now larger than its limit.
        """
        if self.size + len(piece) > self._limit:
            raise too_large(self._limit)
        self._pieces.append(piece)
        self.size += len(piece)
        if self._file is None and self.size > IN_MEMORY:
            self._file = SpoolFile(self._shelf)
        if self._file is not None:
            whole = b"".join(self._pieces)
            os.pwrite(self._file.fileno(), whole, self.size - len(whole))
            self._pieces.clear()

    def body(self) -> bytes | Spooled:
        """Return the whole answer.

        Raises:
            ServerBusy: All large answers together are too many bytes.
        """
        if self._file is None:
            return b"".join(self._pieces)
        answer = self._file.answer(self.size)
        self._file.abandon()
        return answer

    def close(self) -> None:
        """Drop what was collected."""
        self._pieces.clear()
        if self._file is not None:
            self._file.abandon()


def too_large(limit: int) -> ResultTooLarge:
    """Return the error of an answer that passed its byte limit."""
    return ResultTooLarge(
        f"the answer is larger than {limit:,} bytes",
        action="ask for less: fewer variables, a LIMIT, or several queries with OFFSET",
    )
