"""What is sent back: a status, headers and a body, in no server's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import LargeBody


@dataclass(slots=True)
class Reply:
    """One answer to one request; the headers that every answer carries are not among its own.

    Args:
        status: The HTTP status.
        headers: Names and values.
        body: The whole body; a file where it is large.
        size: Bytes of the body.
        tag: Name of the content under which the same request gets the same reply, if any.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | LargeBody
    size: int
    tag: str | None = None
