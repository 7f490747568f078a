"""One line a request and one an event, in ASCII: nothing that was sent can begin another line."""

from __future__ import annotations

import ipaddress
import json
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.protocol.shape import shape_of

if TYPE_CHECKING:
    import logging

    from peelgraph.server.logs.note import Note

LONGEST: Final = 300
"""Characters of anything a client has sent."""
LONGEST_TRACE: Final = 20_000


@dataclass(slots=True)
class Told:
    """What is told of a request and does not change when it is made again.

    Args:
        method: Its method.
        path: Its address without the query string.
        status: Status of its answer.
        size: Bytes of the body that was sent.
        note: What else is known.
    """

    method: str
    path: bytes
    status: int
    size: int
    note: Note
    worded: str = ""
    """The part of the line that is the same each time, once it has been made."""


def request_as_json(
    moment: float, told: Told, request: tuple[str, str, float], *, text: bool
) -> str:
    """Return the line of one request.

    Args:
        moment: Seconds since 1970.
        told: What is told.
        request: Its id, its client and the seconds that it took.
        text: The text of its query is told too.
    """
    if not told.worded:
        told.worded = plain(_members(told, text=text))[1:]
    request_id, client, seconds = request
    return (
        f'{{"time": "{stamp(moment)}", "kind": "request", "id": "{request_id}", '
        f'"client": "{shortened(client)}", "seconds": {seconds:.6f}, {told.worded}\n'
    )


def request_as_text(
    moment: float, told: Told, request: tuple[str, str, float], *, text: bool
) -> str:
    """Return the line of one request for a person; see :func:`request_as_json`."""
    if not told.worded:
        words = [told.method, _path(told), str(told.status), f"{told.size:,} B", told.note.cache]
        if told.note.query and text:
            words.append(told.note.query)
        told.worded = escaped(" ".join(word for word in words if word))
    request_id, client, seconds = request
    place = f"{shortened(client)} {request_id}"
    return f"{stamp(moment)[11:19]} {told.worded} in {seconds * 1000:.1f} ms, {place}\n"


def event_as_json(record: logging.LogRecord, trace: str) -> str:
    """Return the line of one event of the program; *trace* is of the fault that caused it."""
    members: dict[str, Any] = {
        "time": stamp(record.created),
        "kind": "event",
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage()[:LONGEST_TRACE],
    }
    if trace:
        members["trace"] = trace[-LONGEST_TRACE:]
    return f"{plain(members)}\n"


def event_as_text(record: logging.LogRecord, trace: str) -> str:
    """Return an event for a person; what follows its first line is indented."""
    told = f"{record.levelname.lower()}: {record.getMessage()[:LONGEST_TRACE]}"
    lines = [escaped(told), *(f"    {escaped(line)}" for line in trace.splitlines())]
    return "\n".join([f"{stamp(record.created)[11:19]} {lines[0]}", *lines[1:], ""])


def plain(members: dict[str, Any]) -> str:
    r"""Return *members* as JSON in printable ASCII.

    >>> plain({"a": "\x1b[31m\n\u202e\x7f"})
    '{"a": "\\u001b[31m\\n\\u202e\\u007f"}'
    """
    return json.dumps(members).replace("\x7f", "\\u007f")


def escaped(text: str) -> str:
    r"""Return *text* in printable ASCII, without a line break.

    >>> escaped("a\nb")
    'a\\nb'
    """
    return text.encode("ascii", "backslashreplace").decode().translate(_CONTROLS)


_CONTROLS: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(32), 127)},
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def stamp(moment: float) -> str:
    """Return a moment in UTC, to the millisecond.

    >>> stamp(1_700_000_000.25)
    '2023-11-14T22:13:20.250Z'
    """
    seconds = int(moment)
    return f"{_second(seconds)}.{int((moment - seconds) * 1000):03d}Z"


@lru_cache(maxsize=4096)
def shortened(client: str) -> str:
    """Return the network that an address is in: enough to see a crowd, too little for a person.

    >>> shortened("192.0.2.77"), shortened("2001:db8:1:2::9"), shortened("::ffff:192.0.2.77")
    ('192.0.2.0', '2001:db8:1::', '192.0.2.0')
    """
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    kept = 24 if address.version == 4 else 48  # noqa: PLR2004 - the two versions of IP
    return str(ipaddress.ip_network((address, kept), strict=False).network_address)


def _members(told: Told, *, text: bool) -> dict[str, Any]:
    note = told.note
    members: dict[str, Any] = {
        "method": told.method[:LONGEST],
        "path": _path(told),
        "route": note.route or None,
        "status": told.status,
        "bytes": told.size,
        "worker_seconds": round(note.worker_seconds, 6),
        "cache": note.cache or None,
        "version": note.version or None,
    }
    if note.query:
        found = shape_of(note.query)
        members["query"] = {
            "sha256": found.sha256,
            "shape": found.shape,
            "form": found.form or None,
            "bytes": found.length,
            "tokens": found.tokens,
        }
        if text:
            members["query"]["text"] = note.query
    return members


def _path(told: Told) -> str:
    return told.path[:LONGEST].decode("latin-1")
