"""The line of requests that wait for a worker: the quick first, clients by turns, each in order."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from peelgraph.graph.errors import CallerGone, ServerBusy
from peelgraph.server.engine.paces import Pace, Paces

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import Caller

Lent = TypeVar("Lent")

TURNS: Final = 8
"""How often those who ask as they do are passed over for the quick until it is their turn."""
PART: Final = 4
"""The part of all places that is for those who do not ask quick queries, if they need it."""


class LineClosed(Exception):
    """Nothing is lent from this line any more; ask the one that took its place."""


@dataclass(slots=True, eq=False)
class _Waiter(Generic[Lent]):
    """One request in the line."""

    caller: Caller
    served: asyncio.Future[Lent]


class WaitingLine(Generic[Lent]):
    """Lends things to requests, at most *places* of which may wait. Belongs to one event loop.

    The thing returned last is lent first, since its memory is warm; a thing that comes back is
    handed straight to a request that waits, so that no newcomer overtakes. Of several clients
    that wait, those who ask quick queries come first, and of these the one served longest ago;
    but every ninth thing goes to those behind them, however often the quick ask again.

    Where several clients ask, *kept* things are not lent to those who ask long queries, and half
    of them not to those of whom nothing is known: a crowd of long queries then leaves something
    for the quick. What the quick hold counts as left to them.

    Args:
        places: Requests that may wait.
        share: Things that one client may hold at a time; 0 for all of them.
        kept: Things that are kept from those who ask long queries.
        paces: How clients ask.
    """

    def __init__(
        self, places: int, share: int = 0, kept: int = 0, paces: Paces | None = None
    ) -> None:
        self._places = places
        self._share = share
        self._kept = {Pace.QUICK: 0, Pace.UNKNOWN: kept // 2, Pace.SLOW: kept}
        self._paces = paces or Paces()
        self._idle: list[Lent] = []
        self._held: Counter[str] = Counter()
        self._waiters: OrderedDict[str, deque[_Waiter[Lent]]] = OrderedDict()
        self._waiting = 0
        self._passed: Counter[Pace] = Counter()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Requests that wait now."""
        return self._waiting

    @property
    def lent(self) -> int:
        """Things that are lent now."""
        return self._held.total()

    def take(self, client: str) -> Lent | None:
        """Return a thing that is idle, if *client* may have one more.

        Raises:
            LineClosed: The line was closed.
        """
        if self._closed:
            raise LineClosed
        if not self._may_take(client):
            return None
        self._held[client] += 1
        return self._idle.pop()

    async def wait(self, caller: Caller, patience: float) -> Lent:
        """Return one thing, after at most *patience* seconds.

        Raises:
            ServerBusy: The line is full, or nothing came free in time.
            CallerGone: The caller went away.
            LineClosed: The line was closed, before or while waiting.
        """
        taken = self.take(caller.name)
        if taken is not None:
            return taken
        if self._waiting >= self._places and not self._displace(caller.name):
            raise _full()
        loop = asyncio.get_running_loop()
        waiter: _Waiter[Lent] = _Waiter(caller, loop.create_future())
        self._waiters.setdefault(caller.name, deque()).append(waiter)
        self._waiting += 1
        late = busy(f"no worker came free in {round(patience, 1):g} seconds")
        timer = loop.call_later(patience, self._send_away, waiter, late)
        try:
            return await waiter.served
        except asyncio.CancelledError:
            if not self._forget(waiter) and waiter.served.done():
                self.give_back(caller.name)
                self.put(waiter.served.result())
            raise
        finally:
            timer.cancel()

    def put(self, thing: Lent) -> bool:
        """Take *thing* in, or hand it on; return ``False`` when the line is closed."""
        if self._closed:
            return False
        self._idle.append(thing)
        self._serve()
        return True

    def give_back(self, client: str) -> None:
        """Note that *client* holds one thing less; to be said before :meth:`put`."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        self._serve()

    def discard(self, thing: Lent) -> bool:
        """Take an idle *thing* out; return whether it was idle."""
        if thing not in self._idle:
            return False
        self._idle.remove(thing)
        return True

    def drop_gone(self) -> None:
        """Send those away whose caller has gone."""
        gone = CallerGone("the caller broke the connection off before the query ran")
        for waiters in list(self._waiters.values()):
            for waiter in list(waiters):
                if waiter.caller.gone is not None and waiter.caller.gone():
                    self._send_away(waiter, gone)

    def close(self) -> list[Lent]:
        """Lend nothing more, send the waiting away, and return what was idle."""
        self._closed = True
        for waiters in list(self._waiters.values()):
            for waiter in list(waiters):
                self._send_away(waiter, LineClosed())
        idle, self._idle = self._idle, []
        return idle

    def quick_waits(self) -> bool:
        """Return whether a client waits that asks quick queries."""
        return any(self._paces.of(client) is Pace.QUICK for client in self._waiters)

    def _may_take(self, client: str) -> bool:
        """Return whether something is idle that *client* may have."""
        if self._share and self._held[client] >= self._share:
            return False
        idle = len(self._idle)
        kept = self._kept[self._paces.of(client)]
        return idle > kept or (
            idle > 0 and (idle + self._held_by_quick() > kept or self._paces.alone(client))
        )

    def _held_by_quick(self) -> int:
        held = self._held.items()
        return sum(things for client, things in held if self._paces.of(client) is Pace.QUICK)

    def _serve(self) -> None:
        """Hand what is idle to those who wait and may have it."""
        while self._idle and self._waiting:
            first: dict[Pace, str] = {}
            for client in self._waiters:  # served longest ago first
                if self._may_take(client):
                    first.setdefault(self._paces.of(client), client)
            if not first:
                return
            turn = next(iter(first)) if len(first) == 1 else self._turn(first)
            self._hand(self._idle.pop(), first[turn])

    def _turn(self, first: dict[Pace, str]) -> Pace:
        """Return whose turn it is of those who wait: the quick's, or now and then another's."""
        turn = max(first, key=self._passed.__getitem__)
        if self._passed[turn] < TURNS:
            turn = min(first)
        self._passed.update(first.keys())
        self._passed[turn] = 0
        return turn

    def _hand(self, thing: Lent, client: str) -> None:
        """Hand *thing* to the first waiter of *client*; its others come after everyone."""
        waiter = self._waiters[client][0]
        self._forget(waiter)
        if client in self._waiters:
            self._waiters.move_to_end(client)
        self._held[client] += 1
        waiter.served.set_result(thing)

    def _displace(self, client: str) -> bool:
        """Send away who came last of those with the least right to wait, if *client* has more.

        Long queries give way to quick ones, and of equals who waits most often. But a part of the
        places is for all who do not ask quick queries: below that, it is the quick who give way.
        """
        if not self._waiters:
            return False
        pace, others = self._claim(client)
        spare, rivals = self._places // PART, list(reversed(self._waiters))
        quick = [each for each in rivals if self._paces.of(each) is Pace.QUICK]
        spare -= self._waiting - sum(len(self._waiters[each]) for each in quick)
        entitled = spare > 0 and pace is not Pace.QUICK
        if entitled or (spare >= 0 and pace is Pace.QUICK):
            rivals = quick
        last = max(rivals, key=self._claim)
        if not entitled and self._claim(last) <= (pace, others + 1):
            return False
        self._send_away(self._waiters[last][-1], _full())
        return True

    def _claim(self, client: str) -> tuple[Pace, int]:
        """Return how *client* asks and how often it waits: the less, the more right it has."""
        return self._paces.of(client), len(self._waiters.get(client, ()))

    def _send_away(self, waiter: _Waiter[Lent], error: Exception) -> None:
        if self._forget(waiter):
            waiter.served.set_exception(error)

    def _forget(self, waiter: _Waiter[Lent]) -> bool:
        """Take *waiter* out of the line; return whether it was in it."""
        waiters = self._waiters.get(waiter.caller.name)
        if waiters is None or waiter not in waiters:
            return False
        waiters.remove(waiter)
        self._waiting -= 1
        if not waiters:
            del self._waiters[waiter.caller.name]
        return True


def _full() -> ServerBusy:
    return busy("every worker is busy and the queue is full")


def busy(found: str) -> ServerBusy:
    """Return the error of a request that no place came free for."""
    return ServerBusy(found, action="try again in a moment")
