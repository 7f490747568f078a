"""Frames between the web process and a worker: one kind byte, a length, the payload."""

from __future__ import annotations

import struct
from dataclasses import dataclass
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
"""A piece of an answer that is neither small nor written to a file."""
END: Final = b"E"
"""The answer is whole: its :class:`Summary`, and what was not sent in chunks."""
FAULT: Final = b"F"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a worker says of an answer.

    Args:
        fit: The worker can answer another question.
        coded: The answer is in the content coding that was asked for.
        size: Bytes of the answer in the file that came with the question; 0 if it is not there.
        seconds: Processor time that it took.
    """

    fit: bool
    coded: bool
    size: int
    seconds: float

    def pack(self) -> bytes:
        """Return the summary as the start of an end frame's payload."""
        return SUMMARY.pack(self.fit, self.coded, self.size, self.seconds)


SUMMARY: Final = struct.Struct(">??qd")


def summary_of(payload: bytes) -> Summary:
    """Return the summary at the start of an end frame's *payload*.

    >>> summary_of(Summary(True, False, 0, 0.5).pack()).seconds
    0.5
    """
    return Summary(*SUMMARY.unpack_from(payload))


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

    def feed(self, piece: bytes | memoryview) -> Iterator[tuple[bytes, bytes]]:
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
    """Return the next frame of a blocking socket; ``None`` when the other side has gone.

    A frame is only sent when the one before it was answered, so what is read is one frame.
    """
    held = channel.recv(PIECE)
    while len(held) < HEADER.size or len(held) < HEADER.size + HEADER.unpack_from(held)[1]:
        piece = channel.recv(16 * PIECE) if held else b""
        if not piece:
            return None
        held += piece
    return held[:1], held[HEADER.size :]
