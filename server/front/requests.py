"""One HTTP request as the parser gave it, and what is wrong with it before anyone reads it."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from peelgraph.server.logs.note import Note
from peelgraph.server.protocol.errors import (
    BodyTooLarge,
    ExpectationFailed,
    RequestError,
    UnknownVersionOfHttp,
)

if TYPE_CHECKING:
    from peelgraph.graph.errors import PeelgraphError

VERSIONS: Final = ("1.0", "1.1")
IN_MEMORY: Final = 1024 * 1024
ABSOLUTE: Final = re.compile(rb"https?://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
OFFERS: Final = frozenset({b"upgrade", b"http2-settings"})
SINGLE: Final = frozenset({b"host", b"content-type", b"authorization", b"expect"})
"""Headers that may stand once: with two of them, two programs may see two requests."""


@dataclass(slots=True, eq=False)
class Request:
    """One request; its body is complete when it is answered.

    Args:
        method: The HTTP method.
        target: The address as it was sent.
        headers: Names in lower case and values, as sent.
        version: ``1.0`` or ``1.1``.
        body: What has come of the body, if anything: in memory while it is small, then in a file.
        keep_alive: The client may send another request on this connection.
        body_limit: Bytes that the body may have.
        fault: Why the request is refused before it is read.
        raw: The very bytes, where they came alone and at once.
        id: Its name in the log and in answers.
        began: When it began to be answered, by `time.perf_counter`.
        client: Address of who asks.
        secure: It came over TLS, up to a trusted proxy.
        note: What is noted of it.
    """

    method: str = ""
    target: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    version: str = "1.1"
    body: IO[bytes] | None = None
    body_size: int = 0
    body_limit: int = 0
    keep_alive: bool = False
    fault: PeelgraphError | None = None
    raw: bytes | None = None
    id: str = ""
    began: float = 0.0
    client: str = ""
    secure: bool = False
    note: Note = field(default_factory=Note)

    def header(self, name: bytes) -> str:
        """Return the value of a header, several joined by commas; empty where there is none."""
        values = [value for known, value in self.headers if known == name]
        return b",".join(values).decode("latin-1") if values else ""

    def section(self) -> str:
        """Return the first part of the path, as the application will see it."""
        return section_of(self.target.partition(b"?")[0])

    def stays(self) -> bool:
        """Return whether the client wishes to keep the connection.

        The parser says no to one that offers another protocol, which is passed over here.
        """
        wishes = {each.strip() for each in self.header(b"connection").lower().split(",")}
        return "close" not in wishes and (self.version == "1.1" or "keep-alive" in wishes)

    def add_body(self, piece: bytes) -> None:
        """Append *piece* to the body, at a cost that does not grow with what is there."""
        if self.body is None:
            self.body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when answered
        self.body_size += len(piece)
        self.body.write(piece)

    def input(self) -> IO[bytes]:
        """Return the body as a file at its start."""
        if self.body is None:
            return io.BytesIO()
        self.body.seek(0)
        return self.body

    def close(self) -> None:
        """Let go of the body."""
        if self.body is not None:
            self.body.close()


@lru_cache(maxsize=64)
def section_of(path: bytes) -> str:
    """Return the first part of *path*, without percent-escapes.

    >>> section_of(b"/%73tore/a"), section_of(b"//store"), section_of(b"/")
    ('store', 'store', '')
    """
    return unquote_to_bytes(path).lstrip(b"/").partition(b"/")[0].decode("latin-1")


def head_without_offer(request: Request) -> bytes:
    """Return the head of a request without its offer to go on in another protocol."""
    lines = [b"%b %b HTTP/%b" % (request.method.encode(), request.target, request.version.encode())]
    for name, value in request.headers:
        if name == b"connection":
            wishes = [each.strip() for each in value.split(b",")]
            kept = [each for each in wishes if each.lower() not in OFFERS]
            lines.append(b"connection: " + b", ".join(kept))
        elif name not in OFFERS:
            lines.append(name + b": " + value)
    return b"\r\n".join([*lines, b"", b""])


def name_host(request: Request) -> None:
    """Turn a target that names the host into one that does not, as a proxy's client sends it."""
    parts = ABSOLUTE.fullmatch(request.target)
    if parts is not None:
        request.target = parts[2] if parts[2].startswith(b"/") else b"/" + parts[2]
        others = [header for header in request.headers if header[0] != b"host"]
        request.headers = [(b"host", parts[1]), *others]
    elif request.target == b"*" and request.method == "OPTIONS":
        request.target = b"/"


def fault_of_head(request: Request) -> PeelgraphError | None:
    """Return what is wrong with a request whose head is complete.

    The parser has refused what is malformed; this is what it lets pass.
    """
    if not request.target.startswith(b"/"):
        return RequestError("the address is none of this server", expected="a path")
    if request.version not in VERSIONS:
        return UnknownVersionOfHttp(
            f"HTTP/{request.version} is not spoken here", expected="HTTP/1.0 or HTTP/1.1"
        )
    seen: set[bytes] = set()
    for name, value in request.headers:
        if name in SINGLE and name in seen:
            return RequestError(
                f"the request has two {name.decode().title()} headers", expected="one"
            )
        seen.add(name)
        if name == b"content-length" and int(value) > request.body_limit:
            return body_too_large(request.body_limit)
    return _fault_of_coding(request, seen)


def _fault_of_coding(request: Request, seen: set[bytes]) -> PeelgraphError | None:
    if b"transfer-encoding" in seen and (
        request.version == "1.0" or request.header(b"transfer-encoding").lower() != "chunked"
    ):
        return RequestError(
            "the body comes in a transfer coding that is not read here", expected="chunked"
        )
    if b"expect" in seen and request.header(b"expect").lower() != "100-continue":
        return ExpectationFailed("the server cannot do that", expected="100-continue")
    return None


def body_too_large(limit: int) -> BodyTooLarge:
    """Return the error of a body that passed its limit."""
    return BodyTooLarge(f"the body is larger than the {limit:,} bytes that this address takes")
