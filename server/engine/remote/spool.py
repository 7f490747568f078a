"""Collects the answer of an endpoint: in memory while it is small, then in a temporary file."""

from __future__ import annotations

import tempfile
from typing import BinaryIO, Final, cast

from peelgraph.graph.errors import ResultTooLarge

IN_MEMORY: Final = 1024 * 1024


class Spool:
    """An answer that grows up to *limit* bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._file: BinaryIO | None = None
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Append *piece*.

        Raises:
            ResultTooLarge: The answer is now larger than its limit.
        """
        self.size += len(piece)
        if self.size > self._limit:
            raise ResultTooLarge(
                f"the answer is larger than {self._limit:,} bytes",
                action="ask for less: fewer variables, a LIMIT, or several queries with OFFSET",
            )
        if self._file is not None:
            self._file.write(piece)
            return
        self._pieces.append(piece)
        if self.size > IN_MEMORY:
            # Closed by whoever reads the answer, or by `close` when there will be none.
            self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - outlives this
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def body(self) -> bytes | BinaryIO:
        """Return the whole answer: bytes, or the temporary file at its start."""
        if self._file is None:
            return b"".join(self._pieces)
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Drop what was collected."""
        self._pieces.clear()
        if self._file is not None:
            self._file.close()
