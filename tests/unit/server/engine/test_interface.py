"""An answer that is wanted whole."""

from __future__ import annotations

import tracemalloc

from peelgraph.server.engine.interface import Answer
from peelgraph.server.engine.spool import Collector, Shelf

MEBIBYTE = 1024 * 1024


def test_a_large_answer_is_read_without_a_second_copy() -> None:
    """What is to be kept is read while everyone waits: twice its size would be held for nothing."""
    shelf = Shelf()
    collector = Collector(16 * MEBIBYTE, shelf)
    for number in range(8):
        collector.add(bytes([number]) * MEBIBYTE)
    answer = Answer("text/csv", collector.size, collector.body())
    tracemalloc.start()
    try:
        whole = answer.read()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [whole[number * MEBIBYTE] for number in range(8)] == list(range(8))
    assert len(whole) == 8 * MEBIBYTE
    assert most < 9 * MEBIBYTE
    shelf.add(1024 * MEBIBYTE)  # nothing of it counts any more
