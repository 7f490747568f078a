"""What a connection and the front know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.front.requests import Request
    from peelgraph.server.front.unsent import Unsent


class Client(Protocol):
    """A connection, as the front sees it; ``client`` is the address at its other end."""

    client: str

    def reply(self, request: Request, reply: Reply, common: bytes | None = None) -> None:
        """Send the reply to the request that is being answered; *common* are other headers."""

    def gone(self) -> bool:
        """Return whether the client has broken the connection off."""
        ...

    def look(self, now: float) -> None:
        """End the connection when the client has let its time pass."""

    def drop(self) -> None:
        """Close at once."""

    def finish(self) -> None:
        """Close as soon as nothing is being answered."""


class Server(Protocol):
    """What a connection belongs to: the front."""

    loop: asyncio.AbstractEventLoop
    unsent: Unsent

    def opened(self, connection: Client, /) -> None:
        """Take in a new connection."""

    def idle(self, connection: Client, /) -> None:
        """Note that nothing is due on it."""

    def closed(self, connection: Client, /) -> None:
        """Forget it."""

    def choked(self, connection: Client, body: bytes, /) -> None:
        """Note that it is slow to take a body, for which slower ones may have to go."""

    def body_limit(self, request: Request, /) -> int:
        """Return how many bytes the body of a request may have."""
        ...

    def begin(self, connection: Client, request: Request, /) -> None:
        """Name a request whose turn it is, and note who asks."""

    def common_lines(self, request: Request, /) -> bytes:
        """Return the lines of a reply to a request that others have too."""
        ...

    def start_of_head(self, status: int, request_id: str, /) -> bytes:
        """Return the lines of a reply that are another each time."""
        ...

    def answer(self, connection: Client, request: Request, /) -> None:
        """Have a request answered by ``connection.reply``, now or later."""

    def shortcut(self, data: bytes, peer: str, /) -> tuple[bytes, bytes] | None:
        """Return the reply to exactly these bytes, if it is known; count and log it."""
        ...

    def replied(
        self, connection: Client, request: Request, reply: Reply, rest: bytes | None, /
    ) -> None:
        """Note a reply, once it has left: for counters, the log, and the same bytes again."""
