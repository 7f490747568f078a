"""Frames come out whole however the bytes come in."""

from __future__ import annotations

import socket

import pytest

from peelgraph.server.engine.wire import CHUNK, END, Frames, frame, next_frame


@pytest.mark.parametrize("step", [1, 2, 5, 6, 7, 1000])
def test_frames_are_found_in_pieces_of_any_size(step: int) -> None:
    """A socket may give any number of bytes at a time."""
    stream = frame(CHUNK, b"abc") + frame(CHUNK, b"") + frame(CHUNK, bytes(500)) + frame(END)
    frames = Frames()
    found = [
        each
        for start in range(0, len(stream), step)
        for each in frames.feed(stream[start : start + step])
    ]
    assert found == [(CHUNK, b"abc"), (CHUNK, b""), (CHUNK, bytes(500)), (END, b"")]


def test_a_frame_cut_short_is_none() -> None:
    """Half a question must never be answered."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(frame(CHUNK, b"abc"))
        assert next_frame(theirs) == (CHUNK, b"abc")
        ours.sendall(frame(END, b"xyz")[:-1])
        ours.shutdown(socket.SHUT_WR)
        assert next_frame(theirs) is None
