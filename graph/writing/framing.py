"""Messages between the web process and the writer's: a length, then bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

LENGTH: Final = struct.Struct(">Q")
PIECE: Final = 1024 * 1024


def send(channel: socket.socket, message: bytes) -> None:
    """Send one message."""
    channel.sendall(LENGTH.pack(len(message)))
    channel.sendall(message)


def received(channel: socket.socket) -> bytes | None:
    """Return the next message, or ``None`` where the other end has closed."""
    head = _exactly(channel, LENGTH.size)
    return None if head is None else _exactly(channel, LENGTH.unpack(head)[0])


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    held = bytearray()
    while len(held) < size:
        piece = channel.recv(min(size - len(held), PIECE))
        if not piece:
            return None
        held += piece
    return bytes(held)
