"""Files in gzip that are the same bytes whenever they are written, and their digests."""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from _typeshed import ReadableBuffer

LEVEL: Final = 6
GZIP: Final = 16 + zlib.MAX_WBITS  # zlib writes a gzip head with the time 0 and no name
PIECE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Digested:
    """How many bytes there were, and their SHA-256."""

    size: int
    sha256: str


class Packer(io.RawIOBase):
    """Takes bytes and writes them in gzip; both forms are measured on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        self._plain, self._packed = hashlib.sha256(), hashlib.sha256()
        self._sizes = [0, 0]

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, piece: ReadableBuffer, /) -> int:
        """Take a piece."""
        plain = bytes(piece)
        self._plain.update(plain)
        self._sizes[0] += len(plain)
        self._put(self._gzip.compress(plain))
        return len(plain)

    def finish(self) -> tuple[Digested, Digested]:
        """Write what is left and return what the plain and the packed form come to."""
        self._put(self._gzip.flush())
        plain, packed = self._plain.hexdigest(), self._packed.hexdigest()
        return Digested(self._sizes[0], plain), Digested(self._sizes[1], packed)

    def _put(self, packed: bytes) -> None:
        self._packed.update(packed)
        self._sizes[1] += len(packed)
        self._file.write(packed)


class Packing:
    """What was packed, once it is done."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.plain = self.packed = Digested(0, "")


@contextmanager
def packed(path: Path) -> Generator[Packing]:
    """Yield a stream whose bytes are written to *path* in gzip, and measured when it closes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        packer = Packer(file)
        buffer = io.BufferedWriter(packer, PIECE)
        packing = Packing(buffer)
        yield packing
        buffer.flush()
        packing.plain, packing.packed = packer.finish()


def unpacked(path: Path) -> Iterator[bytes]:
    """Yield the plain bytes of a file in gzip, in pieces."""
    gzip = zlib.decompressobj(GZIP)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            while piece:
                yield gzip.decompress(piece, PIECE)
                piece = gzip.unconsumed_tail
    yield gzip.flush()


def digested(path: Path) -> Digested:
    """Return what the file at *path* comes to."""
    with path.open("rb") as file:
        return Digested(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
