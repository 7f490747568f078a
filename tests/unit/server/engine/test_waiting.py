"""Workers are lent to clients by turns, and to each in the order of asking."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import CallerGone, ServerBusy
from peelgraph.server.engine.interface import ANYONE, Caller
from peelgraph.server.engine.waiting import LineClosed, WaitingLine

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run *coroutine* on a loop of its own."""
    asyncio.run(coroutine)


async def in_line(line: WaitingLine[int], *names: str) -> list[asyncio.Task[int]]:
    """A task per name, each in the line before the next begins."""
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(line.wait(Caller(name), 10)))
        await asyncio.sleep(0)
    assert line.waiting == len(names)
    return tasks


async def order_of(line: WaitingLine[int], *names: str) -> list[int]:
    """Whose turn came when: for each request in the line, the place at which it was served."""
    tasks = await in_line(line, *names)
    for number in range(len(names)):
        assert line.put(number)
    return [await task for task in tasks]


def test_who_has_waited_longest_is_served_first() -> None:
    """Without an order, one request could wait for ever."""

    async def ask() -> None:
        assert await order_of(WaitingLine(3), "a", "a", "a") == [0, 1, 2]

    run(ask())


def test_clients_come_by_turns() -> None:
    """One that asks a hundred times must not keep another from asking once."""

    async def ask() -> None:
        assert await order_of(WaitingLine(9), "a", "a", "a", "b", "c", "b") == [0, 3, 5, 1, 2, 4]

    run(ask())


def test_one_client_holds_no_more_than_its_share() -> None:
    """What is left stays for the next; what comes back goes on to those who wait."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(9, share=1)
        for number in range(2):
            line.put(number)
        assert line.take("a") == 1
        assert line.take("a") is None
        (waiting,) = await in_line(line, "a")
        assert line.take("b") == 0
        assert line.lent == 2
        line.give_back("b")
        line.put(0)
        assert not waiting.done()
        line.give_back("a")  # its worker is lost, not put back
        assert await waiting == 0
        assert line.lent == 1

    run(ask())


def test_the_one_returned_last_is_lent_first() -> None:
    """Its memory is warm."""
    line: WaitingLine[int] = WaitingLine(1)
    line.put(1)
    line.put(2)
    assert [line.take(""), line.take("")] == [2, 1]


def test_a_full_line_and_a_long_wait_are_busy() -> None:
    """A request that will not be served should know."""

    async def ask() -> None:
        with pytest.raises(ServerBusy):
            await WaitingLine[int](0).wait(ANYONE, 10)
        line: WaitingLine[int] = WaitingLine(1)
        with pytest.raises(ServerBusy):
            await line.wait(ANYONE, 0.01)
        assert line.waiting == 0

    run(ask())


def test_who_has_gone_away_leaves_the_line() -> None:
    """Their place is for those who stay."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(2)
        gone = asyncio.create_task(line.wait(Caller("a", lambda: True), 10))
        stays = asyncio.create_task(line.wait(Caller("b", lambda: False), 10))
        await asyncio.sleep(0)
        line.drop_gone()
        with pytest.raises(CallerGone):
            await gone
        line.put(1)
        assert await stays == 1

    run(ask())


def test_a_request_that_is_cancelled_loses_no_worker() -> None:
    """It may have been handed one in the same moment."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(2)
        (waiting,) = await in_line(line, "a")
        line.put(1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (line.take("b"), line.lent) == (1, 1)

    run(ask())


def test_closing_sends_the_waiting_away_and_gives_back_the_idle() -> None:
    """Those sent away ask the line that took this one's place."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(1)
        (waiting,) = await in_line(line, "a")
        assert line.close() == []
        with pytest.raises(LineClosed):
            await waiting
        assert not line.put(1)
        with pytest.raises(LineClosed):
            line.take("")
        other: WaitingLine[int] = WaitingLine(1)
        other.put(1)
        assert other.close() == [1]

    run(ask())
