"""The content codings that a worker can put an answer into."""

from __future__ import annotations

import sys
import zlib
from typing import Final, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

WORTH_CODING: Final = 1000
"""Bytes below which an answer fits one packet anyway."""
GZIP_LEVEL: Final = 1
ZSTD_LEVEL: Final = 1
GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS


class Coder(Protocol):
    """Compresses a stream of bytes."""

    def compress(self, data: bytes, /) -> bytes:
        """Return what *data* adds to the stream; possibly nothing yet."""
        ...

    def flush(self) -> bytes:
        """Return the end of the stream."""
        ...


def coder(coding: str) -> Coder:
    """Return a compressor for a content coding.

    >>> import gzip
    >>> made = coder("gzip")
    >>> gzip.decompress(made.compress(b"peel") + made.flush())
    b'peel'
    """
    if coding == "gzip":
        return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
    if coding == "zstd":
        return zstd.ZstdCompressor(level=ZSTD_LEVEL)
    raise ValueError(f"{coding!r} is no content coding known here")
