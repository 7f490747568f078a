"""The first lines of a reply, as bytes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.front.requests import Request

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
WITHOUT_LENGTH: Final = frozenset({204, 304})
LINES: Final = {
    each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\nDate: ".encode() for each in HTTPStatus
}


def header_block(headers: dict[str, str]) -> bytes:
    """Return *headers* as lines."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1")


def status_line(status: int) -> bytes:
    """Return the first line, up to the value of the Date header."""
    return LINES.get(status) or f"HTTP/1.1 {status} \r\nDate: ".encode()


def changing_lines(status: int, date: bytes, request_id: str) -> bytes:
    """Return the lines that are another for each reply; *date* ends in a line break."""
    return b"%b%bX-Request-Id: %b\r\n" % (status_line(status), date, request_id.encode())


def rest_of_head(request: Request, reply: Reply, common: bytes, *, last: bool) -> bytes:
    """Return the rest of the head: *common* lines, the reply's own, the connection's."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in reply.headers])
    if reply.status not in WITHOUT_LENGTH:
        lines += f"Content-Length: {reply.size}\r\n"
    if last:
        lines += "Connection: close\r\n"
    elif request.version == "1.0":
        lines += "Connection: keep-alive\r\n"
    return common + f"{lines}\r\n".encode("latin-1")
