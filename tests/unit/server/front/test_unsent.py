"""Slow readers are bounded together, and those who take nothing for longest go first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from peelgraph.server.front.unsent import Unsent

if TYPE_CHECKING:
    from peelgraph.server.front.seam import Client

A, B, C, D = (cast("Client", name) for name in "abcd")


def test_who_has_taken_nothing_for_longest_goes() -> None:
    """Whoever moves on, however slowly, stays before one who does not."""
    unsent = Unsent(250)
    assert unsent.add(A, bytes(100)) == unsent.add(B, bytes(101)) == []
    unsent.moved(A)
    assert unsent.add(C, bytes(102)) == [B]
    assert unsent.bytes == 202
    unsent.remove(A)
    unsent.remove(A)
    unsent.moved(A)
    assert unsent.bytes == 102


def test_one_body_of_many_readers_counts_once() -> None:
    """They share the one that is kept, so none has to go for another."""
    unsent, body = Unsent(250), bytes(200)
    assert [unsent.add(client, body) for client in (A, B, C)] == [[], [], []]
    assert unsent.bytes == 200
    unsent.remove(A)
    assert unsent.bytes == 200
    assert unsent.add(D, bytes(60)) == [B, C]
    assert unsent.bytes == 60


def test_a_single_one_may_be_larger_and_a_reader_has_one_body_at_a_time() -> None:
    """The pieces of a file come one after another; nobody goes for nothing."""
    unsent = Unsent(100)
    assert unsent.add(A, bytes(1000)) == []
    assert unsent.add(A, bytes(500)) == []
    assert unsent.bytes == 500
