"""Sixty-four hostile clients, each from an address of its own, who do everything at once.

Usage: python -m hostile.crowd PORT SECONDS
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import socket
import sys
import time
from collections import Counter
from typing import Final
from urllib.parse import quote

from hostile.queries import HARD_TO_PLAN, HUNGRY, generators

CLIENTS: Final = 64
AT_ONCE: Final = 3
"""Attacks of one client at a time."""
SIZES: Final = (100, 1_000, 20_000, 100_000)
POST: Final = b"POST /%b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\n"
FORM: Final = b"application/x-www-form-urlencoded"
LARGE: Final = "SELECT * { ?a ?b ?c . ?d <http://example.org/property/0> ?f } LIMIT 100000"
PATIENCE: Final = 40.0


def bombs() -> list[bytes]:
    """Every query made to harm, as the request that asks it."""
    texts = [*HUNGRY.values(), *HARD_TO_PLAN.values()]
    for size in SIZES:
        texts += [text for text in generators(size).values() if len(text) < 1_000_000]
    bodies = [b"query=" + quote(text).encode() for text in texts]
    return [
        b"%bContent-Length: %d\r\n\r\n%b" % (POST % (b"sparql", FORM), len(body), body)
        for body in bodies
    ]


class Hostile:
    """One client: one address, and one attack after another."""

    def __init__(self, number: int, port: int, until: float, sent: Counter[str]) -> None:
        self._address = f"127.0.0.{number + 2}"
        self._port = port
        self._until = until
        self._sent = sent
        self._chance = random.Random(number)  # noqa: S311 - attacks, not secrets
        self._attacks = (
            [self.bomb] * 4
            + [self.slow_head, self.slow_body, self.slow_reader, self.half_closed]
            + [self.huge_body, self.garbage]
        )

    async def run(self) -> None:
        """Attack until the time is over."""
        while time.monotonic() < self._until:
            attack = self._chance.choice(self._attacks)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._one(attack)
            await asyncio.sleep(self._chance.uniform(0.0, 0.1))

    async def _one(self, attack: object) -> None:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        client.setblocking(False)  # noqa: FBT003 - the standard library's signature
        client.bind((self._address, 0))
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_connect(client, ("127.0.0.1", self._port))
            told = await attack(client, loop)  # type: ignore[operator]  # one of the methods below
            self._sent[f"{attack.__name__} {told}"] += 1  # type: ignore[attr-defined]
        finally:
            client.close()

    async def _answer(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """The status of the answer, which is read to its end or the connection's."""
        first = await loop.sock_recv(client, 65536)
        while first and await asyncio.wait_for(loop.sock_recv(client, 65536), 0.5):
            pass
        return first[9:12].decode("latin-1")

    async def bomb(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Ask a query made to harm; one of four does not wait for the answer."""
        await loop.sock_sendall(client, self._chance.choice(BOMBS))
        if self._chance.random() < 0.25:
            await asyncio.sleep(self._chance.uniform(0, 1))
            return "left"
        first = await loop.sock_recv(client, 65536)
        return first[9:12].decode("latin-1")

    async def slow_head(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Send a byte of a header now and then."""
        await loop.sock_sendall(client, b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: ")
        return await self._trickle(client, loop, b"a")

    async def slow_body(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Announce a body and send a byte of it now and then."""
        head = POST % (self._chance.choice([b"sparql", b"update", b"store?default"]), FORM)
        await loop.sock_sendall(client, head + b"Content-Length: 60000\r\n\r\nquery=")
        return await self._trickle(client, loop, b"+")

    async def _trickle(
        self, client: socket.socket, loop: asyncio.AbstractEventLoop, byte: bytes
    ) -> str:
        end = min(self._until, time.monotonic() + self._chance.uniform(0, 35))
        while time.monotonic() < end:
            await loop.sock_sendall(client, byte)
            await asyncio.sleep(0.5)
        return "held on"

    async def slow_reader(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Ask for much and read little."""
        number = self._chance.randrange(10**6)
        path = quote(f"{LARGE} # {number}")
        request = f"GET /sparql?query={path} HTTP/1.1\r\nHost: x\r\n\r\n"
        await loop.sock_sendall(client, request.encode())
        first = await loop.sock_recv(client, 100)
        await asyncio.sleep(
            min(self._chance.uniform(0, 20), max(self._until - time.monotonic(), 0))
        )
        return first[9:12].decode("latin-1")

    async def half_closed(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Say half of a request, or a whole one, and that there is no more."""
        whole = self._chance.choice(BOMBS)
        await loop.sock_sendall(client, whole[: self._chance.choice([30, 200, len(whole)])])
        client.shutdown(socket.SHUT_WR)
        return (await loop.sock_recv(client, 100))[9:12].decode("latin-1")

    async def huge_body(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Send more than anyone takes: announced, or in chunks."""
        path = self._chance.choice([b"sparql", b"update", b"store?default", b"nothing"])
        announced = self._chance.choice(
            [b"Content-Length: 1000000000", b"Transfer-Encoding: chunked"]
        )
        await loop.sock_sendall(client, POST % (path, FORM) + announced + b"\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                await loop.sock_sendall(client, b"10000\r\n" + b"x" * 65536 + b"\r\n")
        return (await loop.sock_recv(client, 100))[9:12].decode("latin-1")

    async def garbage(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> str:
        """Send what is no HTTP."""
        await loop.sock_sendall(client, self._chance.randbytes(self._chance.randrange(1, 50_000)))
        return (await loop.sock_recv(client, 100))[9:12].decode("latin-1")


async def attack(port: int, seconds: float) -> Counter[str]:
    """Attack for so many seconds; return what was sent and what came of it."""
    sent: Counter[str] = Counter()
    until = time.monotonic() + seconds
    crowd = [Hostile(number, port, until, sent) for number in range(CLIENTS)]
    running = [asyncio.create_task(each.run()) for each in crowd * AT_ONCE]
    await asyncio.wait(running, timeout=seconds + 1)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return sent


BOMBS: Final = bombs()

if __name__ == "__main__":
    os.nice(10)  # another machine's processor, as nearly as one machine can have it
    print(json.dumps(asyncio.run(attack(int(sys.argv[1]), float(sys.argv[2])))))  # noqa: T201
