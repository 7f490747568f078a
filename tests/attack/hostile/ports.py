"""Ports of loopback that nothing listens on just now, and that nobody is given by chance."""

from __future__ import annotations

import contextlib
import errno
import random
import socket
from pathlib import Path
from typing import Final

GIVEN: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""From where to where the system takes a port for who asks for any."""
LOWEST: Final = 10_000


def free(count: int) -> list[int]:
    """Find so many; below those that the system gives to whoever takes any meanwhile."""
    below = int(GIVEN.read_text(encoding="ascii").split()[0])
    wanted = list(range(LOWEST, below)) or [0]
    # not the generator that every worker of a run is given the same seed of
    chance = random.SystemRandom()
    found: list[int] = []
    with contextlib.ExitStack() as held:
        while len(found) < count:
            try:
                probe = socket.create_server(("127.0.0.1", chance.choice(wanted)))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            found.append(int(held.enter_context(probe).getsockname()[1]))
    return found
