"""Frames between the web process and a worker: one kind byte, a length, the payload."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

HEADER: Final = struct.Struct(">cI")
PIECE: Final = 64 * 1024

HELLO: Final = b"H"
"""A worker is ready, or says in its payload why it cannot be."""
QUESTION: Final = b"Q"
CHUNK: Final = b"C"
END: Final = b"E"
"""The answer is whole; a payload means that the worker ends now."""
FAULT: Final = b"F"


def frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    r"""Return one frame.

    >>> frame(END)
    b'E\x00\x00\x00\x00'
    """
    return HEADER.pack(kind, len(payload)) + payload


class Frames:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield each frame that *piece* completes, as kind and payload."""
        held = self._held
        held += piece
        start = 0
        while len(held) - start >= HEADER.size:
            kind, length = HEADER.unpack_from(held, start)
            end = start + HEADER.size + length
            if len(held) < end:
                break
            yield kind, bytes(held[start + HEADER.size : end])
            start = end
        del held[:start]


def next_frame(channel: socket.socket) -> tuple[bytes, bytes] | None:
    """Return the next frame of a blocking socket; ``None`` when the other side has gone."""
    header = _exactly(channel, HEADER.size)
    if header is None:
        return None
    kind, length = HEADER.unpack(header)
    payload = _exactly(channel, length)
    return None if payload is None else (kind, payload)


def _exactly(channel: socket.socket, count: int) -> bytes | None:
    held = bytearray()
    while len(held) < count:
        piece = channel.recv(min(count - len(held), 16 * PIECE))
        if not piece:
            return None
        held += piece
    return bytes(held)
