"""Workers are lent in the order of asking."""

from __future__ import annotations

import threading

import pytest

from peelgraph.graph.errors import ServerBusy
from peelgraph.server.engine.waiting import LineClosed, WaitingLine


def waiting_threads(
    line: WaitingLine[int], names: str, served: list[tuple[str, int]]
) -> list[threading.Thread]:
    """One thread per letter of *names*, each in the line before the next begins."""

    def ask(name: str) -> None:
        served.append((name, line.borrow(10)))

    threads = []
    for place, name in enumerate(names, start=1):
        thread = threading.Thread(target=ask, args=(name,))
        thread.start()
        while line.waiting < place:
            pass
        threads.append(thread)
    return threads


def test_who_has_waited_longest_is_served_first() -> None:
    """Without an order, one client could wait for ever."""
    line: WaitingLine[int] = WaitingLine(3)
    served: list[tuple[str, int]] = []
    threads = waiting_threads(line, "abc", served)
    for number, thread in enumerate(threads):
        assert line.put(number)
        thread.join()
    assert served == [("a", 0), ("b", 1), ("c", 2)]


def test_the_one_returned_last_is_lent_first() -> None:
    """Its memory is warm."""
    line: WaitingLine[int] = WaitingLine(1)
    line.put(1)
    line.put(2)
    assert [line.borrow(0), line.borrow(0)] == [2, 1]


def test_a_full_line_and_a_long_wait_are_busy() -> None:
    """A request that will not be served should know."""
    with pytest.raises(ServerBusy):
        WaitingLine[int](0).borrow(10)
    line: WaitingLine[int] = WaitingLine(1)
    with pytest.raises(ServerBusy):
        line.borrow(0.01)
    assert line.waiting == 0


def test_closing_sends_the_waiting_away_and_gives_back_the_idle() -> None:
    """Those sent away ask the line that took this one's place."""
    line: WaitingLine[int] = WaitingLine(1)
    caught: list[type[Exception]] = []

    def ask() -> None:
        with pytest.raises(LineClosed) as error:
            line.borrow(10)
        caught.append(error.type)

    thread = threading.Thread(target=ask)
    thread.start()
    while not line.waiting:
        pass
    assert line.close() == []
    thread.join()
    assert caught == [LineClosed]
    assert not line.put(1)
    with pytest.raises(LineClosed):
        line.borrow(0)
    other: WaitingLine[int] = WaitingLine(1)
    other.put(1)
    assert other.close() == [1]
