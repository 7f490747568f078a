"""What one client may use of everybody's server: worker time and errors, per minute."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import ClientLimit

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE: Final = 60.0
MOST_CLIENTS: Final = 20_000


@dataclass(slots=True)
class _Account:
    """What a client has used, less what time has given back."""

    at: float
    seconds: float = 0.0
    errors: float = 0.0


class Budgets:
    """Accounts of clients; a budget comes back evenly over a minute. Safe to use from threads.

    Args:
        seconds: Worker seconds a minute; 0 for any.
        errors: Errors a minute; 0 for any.
        clock: Seconds that only grow.
    """

    def __init__(
        self, seconds: float, errors: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._errors = errors
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    def admit(self, client: str) -> None:
        """Let a query of *client* go on to a worker.

        Raises:
            ClientLimit: It has used a budget up; the error says which, and when to come back.
        """
        if not self._seconds and not self._errors:
            return
        with self._lock:
            account, seconds, errors = self._account(client), self._seconds, self._errors
            if seconds and account.seconds >= seconds:
                what = f"{seconds:g} seconds of worker time"
                raise _spent(what, account.seconds, seconds, max(seconds - 1, 0))
            if errors and account.errors > errors - 1:
                raise _spent(f"{errors} errors", account.errors, errors, errors - 1)

    def spend(self, client: str, seconds: float) -> None:
        """Note that a worker has worked *seconds* for *client*."""
        if self._seconds:
            with self._lock:
                self._account(client).seconds += seconds

    def err(self, client: str) -> None:
        """Note that a request of *client* was an error."""
        if self._errors:
            with self._lock:
                self._account(client).errors += 1

    def _account(self, client: str) -> _Account:
        now = self._clock()
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(now)
            if len(self._accounts) > MOST_CLIENTS:
                self._accounts.popitem(last=False)
        passed = (now - account.at) / MINUTE
        account.at = now
        account.seconds = max(account.seconds - passed * self._seconds, 0)
        account.errors = max(account.errors - passed * self._errors, 0)
        self._accounts.move_to_end(client)
        return account


def _spent(what: str, used: float, a_minute: float, enough: float) -> ClientLimit:
    """Return the error of a budget that is used up until no more than *enough* of it is."""
    seconds = math.ceil(round((used - enough) * MINUTE / a_minute, 3))
    return ClientLimit(
        f"this address has used up its {what} of a minute", retry_after=max(seconds, 1)
    )
