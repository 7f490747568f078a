"""Workers are lent to clients by turns, and to each in the order of asking."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import CallerGone, ServerBusy
from peelgraph.server.engine.interface import ANYONE, Caller
from peelgraph.server.engine.paces import LONG, Paces
from peelgraph.server.engine.waiting import TURNS, LineClosed, WaitingLine

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any


def heard(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **named: object
) -> asyncio.Task[Any]:
    """A task whose error is known, also where nobody waits for it.

    Otherwise it is logged whenever the garbage is collected, which may be in a test of what is.
    """
    task = asyncio.Task(coroutine, loop=loop, **named)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run *coroutine* on a loop of its own."""

    async def listened() -> None:
        asyncio.get_running_loop().set_task_factory(heard)
        await coroutine

    asyncio.run(listened())


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


def paced(**seconds: float) -> Paces:
    """Clients that have asked one query of so many seconds each."""
    paces = Paces()
    for client, taken in seconds.items():
        paces.note(client, taken)
    return paces


def test_the_quick_come_before_the_unknown_and_these_before_the_slow() -> None:
    """However many long queries wait, a small one is next."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(9, paces=paced(slow=LONG, quick=0.0))
        names = ("slow", "slow", "new", "quick", "slow", "quick")
        assert await order_of(line, *names) == [3, 4, 2, 0, 5, 1]

    run(ask())


def test_the_last_ones_are_kept_for_the_quick() -> None:
    """A crowd of long queries holds half of the workers, a crowd of newcomers all but one."""
    line: WaitingLine[int] = WaitingLine(9, kept=2, paces=paced(slow=LONG, other=LONG, quick=0.0))
    for number in range(4):
        line.put(number)
    assert line.take("slow") is not None
    assert line.take("other") is not None
    assert line.take("slow") is None
    assert line.take("new") is not None
    assert line.take("newer") is None
    assert line.take("quick") is not None


def test_what_the_quick_hold_is_kept_for_them_when_it_comes_back() -> None:
    """The others have their part while the quick are at work, and no more of it afterwards."""

    async def ask() -> None:
        paces = paced(slow=LONG, other=LONG, quick=0.0)
        line: WaitingLine[int] = WaitingLine(9, kept=2, paces=paces)
        for number in range(4):
            line.put(number)
        assert None not in [line.take(name) for name in ("quick", "quick", "slow", "other")]
        (waiting,) = await in_line(line, "slow")
        for number in range(2):
            line.give_back("quick")
            line.put(number)
        assert not waiting.done()
        line.give_back("other")
        line.put(2)
        assert await waiting == 2

    run(ask())


def test_nothing_is_kept_from_one_who_is_alone() -> None:
    """Workers that nobody else asks for must not stand idle."""
    line: WaitingLine[int] = WaitingLine(9, kept=2, paces=paced(slow=LONG))
    for number in range(4):
        line.put(number)
    assert None not in [line.take("slow") for _ in range(4)]


def test_what_is_kept_goes_to_who_waits_when_enough_is_idle() -> None:
    """One that waits for its lane is served as soon as that is free."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(9, kept=1, paces=paced(slow=LONG, quick=0.0))
        line.put(1)
        (waiting,) = await in_line(line, "slow")
        assert not waiting.done()
        assert line.quick_waits() is False
        line.put(2)
        assert await waiting == 2

    run(ask())


async def turns_until_served(line: WaitingLine[int], newcomer: str, connections: int) -> int:
    """How many workers come back until *newcomer* has one, where ``a`` and ``b`` never rest.

    They have that many connections each; a request that is answered is followed by another.
    """
    for worker in range(4):
        line.put(worker)
    clients = {asyncio.create_task(line.wait(Caller(n), 10)): n for n in "ab" * connections}
    await asyncio.sleep(0)
    waiting = asyncio.create_task(line.wait(Caller(newcomer), 10))
    await asyncio.sleep(0)
    turns = 0
    while not waiting.done() and turns < 10 * TURNS:
        turns += 1
        answered = next(task for task in clients if task.done())
        client = clients.pop(answered)
        line.give_back(client)
        line.put(answered.result())
        clients[asyncio.create_task(line.wait(Caller(client), 10))] = client
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    for task in clients:
        task.cancel()
    assert waiting.done(), "the newcomer is never served"
    return turns


@pytest.mark.parametrize("connections", [2, 3, 6])
@pytest.mark.parametrize("share", [0, 2, 4])
@pytest.mark.parametrize("newcomer", ["new", "slow"])
def test_the_quick_that_ask_again_at_once_starve_nobody(
    newcomer: str, share: int, connections: int
) -> None:
    """Whatever one client may hold, and whether or not the quick have to wait themselves."""

    async def ask() -> None:
        paces = paced(a=0.0, b=0.0, slow=LONG)
        line: WaitingLine[int] = WaitingLine(32, share=share, kept=2, paces=paces)
        assert await turns_until_served(line, newcomer, connections) <= TURNS + 1

    run(ask())


def test_the_quick_that_fill_the_line_leave_places_to_newcomers() -> None:
    """A quarter of them, for all that are not quick together; of the quick, who waits most goes."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(8, paces=paced(a=0.0, b=0.0, slow=LONG))
        first, *_, most = await in_line(line, "b", *["a"] * 7)
        new = asyncio.create_task(line.wait(Caller("new"), 10))
        with pytest.raises(ServerBusy, match="queue is full"):
            await most
        slow = asyncio.create_task(line.wait(Caller("slow"), 10))
        await asyncio.sleep(0)
        with pytest.raises(ServerBusy):
            await line.wait(Caller("slow"), 10)
        newer = asyncio.create_task(line.wait(Caller("newer"), 10))
        with pytest.raises(ServerBusy):
            await slow
        with pytest.raises(ServerBusy):
            await line.wait(Caller("a"), 10)
        again = asyncio.create_task(line.wait(Caller("b"), 10))
        await asyncio.sleep(0)
        assert line.waiting == 8
        assert not any(task.done() for task in (first, new, newer, again))
        line.close()
        with pytest.raises(LineClosed):
            await asyncio.gather(first, new, newer, again)

    run(ask())


def test_in_a_full_line_the_long_give_way_to_the_quick_and_many_to_one() -> None:
    """Places for all are not places for whoever asks most."""

    async def ask() -> None:
        line: WaitingLine[int] = WaitingLine(3, paces=paced(slow=LONG, other=LONG, quick=0.0))
        first, second, last = await in_line(line, "slow", "slow", "slow")
        other = asyncio.create_task(line.wait(Caller("other"), 10))
        with pytest.raises(ServerBusy, match="queue is full"):
            await last
        with pytest.raises(ServerBusy, match="queue is full"):
            await line.wait(Caller("slow"), 10)
        quick = [asyncio.create_task(line.wait(Caller("quick"), 10)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ServerBusy):
            await second
        line.put(1)
        line.put(2)
        assert [await each for each in quick] == [1, 2]
        line.put(3)
        left = first if not first.done() else other
        assert await left == 3

    run(ask())
