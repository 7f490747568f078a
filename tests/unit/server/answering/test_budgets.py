"""One client's minute ends; nobody else's does."""

from __future__ import annotations

import pytest

from peelgraph.graph.errors import ClientLimit, ServerBusy
from peelgraph.server.answering.budgets import MOST_CLIENTS, Budgets


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time now."""
        return self.now


def test_worker_time_is_used_up_and_comes_back() -> None:
    """The error says which budget and when to come back, and that is true."""
    clock = Clock()
    budgets = Budgets(60.0, 0, clock)
    budgets.admit("a")
    budgets.spend("a", 75.0)
    with pytest.raises(ClientLimit, match="60 seconds of worker time") as caught:
        budgets.admit("a")
    assert caught.value.retry_after == 16
    assert isinstance(caught.value, ServerBusy)
    budgets.admit("b")
    clock.now += 15
    with pytest.raises(ClientLimit):
        budgets.admit("a")
    clock.now += 1
    budgets.admit("a")


def test_errors_are_counted_by_the_minute() -> None:
    """A program in a loop of mistakes is slowed to one in two seconds."""
    clock = Clock()
    budgets = Budgets(0, 30, clock)
    for _ in range(30):
        budgets.admit("a")
        budgets.err("a")
    with pytest.raises(ClientLimit, match="30 errors") as caught:
        budgets.admit("a")
    assert caught.value.retry_after == 2
    clock.now += 2
    budgets.admit("a")
    budgets.err("a")
    with pytest.raises(ClientLimit):
        budgets.admit("a")


def test_no_limit_is_none() -> None:
    """0 is off."""
    budgets = Budgets(0, 0)
    for _ in range(1000):
        budgets.spend("a", 1000)
        budgets.err("a")
        budgets.admit("a")


def test_accounts_are_bounded() -> None:
    """A million addresses must not fill the memory."""
    budgets = Budgets(1.0, 1)
    budgets.spend("first", 5)
    for number in range(MOST_CLIENTS):
        budgets.spend(str(number), 0.1)
    budgets.admit("first")
