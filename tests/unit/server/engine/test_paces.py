"""Who has asked long queries lately is known for a minute, and nobody for longer."""

from __future__ import annotations

from peelgraph.server.engine.paces import LONG, MEMORY, MOST_CLIENTS, Pace, Paces


class Clock:
    """Seconds that a test moves on."""

    now = 1000.0

    def __call__(self) -> float:
        """The time now."""
        return self.now


def test_a_long_query_is_remembered_for_a_minute() -> None:
    """Quick ones in between do not make up for it: that would be the way around."""
    clock = Clock()
    paces = Paces(clock)
    assert paces.of("a") is Pace.UNKNOWN
    paces.note("a", 0.0)
    assert paces.of("a") is Pace.QUICK
    paces.note("a", LONG)
    paces.note("a", 0.0)
    assert paces.of("a") is Pace.SLOW
    clock.now += MEMORY
    assert paces.of("a") is Pace.UNKNOWN


def test_who_is_alone_is_known() -> None:
    """Nothing is kept for others where there are none."""
    clock = Clock()
    paces = Paces(clock)
    assert paces.alone("a")
    paces.note("a", LONG)
    assert paces.alone("a")
    assert not paces.alone("b")
    clock.now += MEMORY / 2
    paces.note("b", 0.0)
    assert not paces.alone("a")
    clock.now += MEMORY / 2
    assert paces.alone("b")
    assert not paces.alone("a")


def test_what_is_remembered_is_bounded() -> None:
    """A million addresses must not fill the memory; the first to go is who asked longest ago."""
    paces = Paces()
    paces.note("first", LONG)
    for number in range(MOST_CLIENTS):
        paces.note(str(number), 0.0)
    assert paces.of("first") is Pace.UNKNOWN
