"""The headers that every answer carries, and the one that every request must."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from flask import request
from werkzeug.routing import RequestRedirect

from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import RequestError

if TYPE_CHECKING:
    from flask import Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
EVERYWHERE: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
VARY: Final = ("Accept", "Accept-Encoding", "Origin")
READ_METHODS: Final = "GET, HEAD, OPTIONS, POST"
EXPOSED: Final = "Content-Disposition, Content-Location, ETag, Link, Retry-After, X-Request-Id"
STRICT_TRANSPORT: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""Sent over TLS alone, for this host alone: its neighbours may have none."""
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}
PREFLIGHT_SECONDS: Final = "86400"
WRITING: Final = frozenset({"update", "store"})
"""The sections that take writes, by the first part of their paths."""
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER_NAMES: Final = re.compile(
    r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII
)
LONGEST_NAMES: Final = 4096


def refuse_odd_host() -> None:
    """Refuse a Host header that is no host: addresses of answers are made from it.

    Raises:
        RequestError: It is not a host name or address with at most a port, or it is missing
            where HTTP demands it.
    """
    missing = "HTTP_HOST" not in request.environ
    if missing and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
        raise RequestError(
            "the request has no Host header",
            place="Host",
            expected="a host name, or one and a port",
        )
    if not request.host:
        raise RequestError(
            "the Host header names no host", place="Host", expected="a host name, or one and a port"
        )


def refuse_unknown_host() -> None:
    """Refuse a host that is none of ours, where a list says which are.

    Raises:
        UnknownHost: It is not on the list.
    """
    this_service().origins.check_host(request.host, request.remote_addr or "")


def every_header(*, secure: bool = False, writes: bool = False) -> dict[str, str]:
    """Return the headers of an answer that come of no more than TLS and :func:`is_write`."""
    transport = STRICT_TRANSPORT if secure else {}
    reading = {} if writes else CORS
    return {**EVERYWHERE, **reading, "Vary": ", ".join(VARY), **transport}


def is_write(section: str, method: str) -> bool:
    """Return whether a request writes, or may: no other site's page is told how that ends.

    Args:
        section: The first part of the path.
        method: Its method, or the one that a preflight asks about.

    >>> is_write("store", "PUT"), is_write("store", "GET"), is_write("sparql", "POST")
    (True, False, False)
    """
    return section in WRITING and method not in READING


def add_headers(response: Response) -> Response:
    """Add the security headers, and let any site read: nothing here needs credentials."""
    if isinstance(request.routing_exception, RequestRedirect):
        _keep_within(response, request.routing_exception.new_url)
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    for name in VARY:
        response.vary.add(name)
    if request.is_secure:
        response.headers.update(STRICT_TRANSPORT)
    section = request.path.lstrip("/").partition("/")[0]
    asked = request.headers.get("Access-Control-Request-Method", request.method)
    if is_write(section, asked.upper()):
        return response
    response.headers.update(CORS)
    if request.method == "OPTIONS":
        reading = "GET, HEAD, OPTIONS" if section in WRITING else READ_METHODS
        response.headers["Access-Control-Allow-Methods"] = reading
        response.headers["Access-Control-Allow-Headers"] = _headers_wished()
        response.vary.add("Access-Control-Request-Headers")
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return response


def _headers_wished() -> str:
    """Return the names of headers that a preflight asks for; all of them are welcome.

    They are repeated, since older browsers know no ``*`` and no browser counts Authorization in.
    """
    wished = request.headers.get("Access-Control-Request-Headers", "").strip()
    return wished if len(wished) <= LONGEST_NAMES and HEADER_NAMES.fullmatch(wished) else "*"


def _keep_within(response: Response, address: str) -> None:
    """Send on by path alone: a host that the request made up must not get into an answer."""
    parts = urlsplit(address)
    response.set_data(b"")
    response.location = urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))
