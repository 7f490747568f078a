"""Which addresses may be fetched: https, a host of the list, a public network."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from peelgraph.graph.errors import AddressRefused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

HTTPS_PORT: Final = 443
PLAIN: Final = re.compile(r"[!-~]+")  # printable ASCII without blanks
EMBEDDING: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of an address that may be fetched."""

    url: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be fetched.

    ``ports`` and ``permitted`` (networks' addresses that count as public) are for tests, whose
    servers stand on loopback.
    """

    hosts: frozenset[str]
    ports: frozenset[int] = frozenset({HTTPS_PORT})
    permitted: frozenset[str] = frozenset()

    def target(self, address: str) -> Target:
        """Return the parts of *address*.

        Raises:
            AddressRefused: it is not https, its host is not on the list, or it is malformed.
        """
        try:
            parts = urlsplit(address)
            port = parts.port or HTTPS_PORT
        except ValueError as error:
            raise AddressRefused(f"the address is malformed: {error}", place=address) from error
        if parts.scheme.lower() != "https":
            raise AddressRefused(
                f"addresses of the kind {parts.scheme}: are never fetched",
                place=address,
                expected="an address that begins with https://",
                action="write https:// in its place" if parts.scheme == "http" else "",
            )
        host = (parts.hostname or "").rstrip(".")
        if not PLAIN.fullmatch(address) or parts.username is not None or port not in self.ports:
            raise AddressRefused(
                "the address has blanks, letters beyond ASCII, a user's name or a port",
                place=address,
                expected="https://host/path",
            )
        if host not in self.hosts:
            raise AddressRefused(
                f"pages of the host '{host}' are not fetched",
                place=address,
                expected=f"one of {', '.join(sorted(self.hosts))}",
                action="add the host with the setting fetch_hosts if it is trusted",
            )
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        return Target(f"https://{parts.netloc.lower()}{path}", host, port, path)

    def public_address(self, target: Target, resolve: Callable[[str, int], list[str]]) -> str:
        """Return the network address to connect to, of those that *resolve* gives, asked once.

        Raises:
            AddressRefused: one of them is not public.
            Unreachable: there is none.
        """
        found = resolve(target.host, target.port)
        for each in found:
            if each not in self.permitted and not is_public(each):
                raise AddressRefused(
                    f"'{target.host}' leads to {each}, which is no public address",
                    place=target.url,
                    expected="an address on the public network",
                )
        if not found:
            raise Unreachable(f"'{target.host}' has no network address", place=target.url)
        return found[0]


def is_public(address: str) -> bool:
    """Return whether *address* is of one computer on the public network, without another inside.

    >>> [is_public(each) for each in ("1.1.1.1", "10.0.0.1", "::ffff:1.1.1.1", "224.0.1.1")]
    [True, False, False, False]
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and (
        parsed.ipv4_mapped
        or parsed.sixtofour
        or parsed.teredo
        or any(parsed in network for network in EMBEDDING)
    ):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def resolved(host: str, port: int) -> list[str]:
    """Return the network addresses of *host*, in the system's order of preference.

    Raises:
        Unreachable: the name service knows none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(
            f"the host cannot be found: {error.strerror or error}",
            place=host,
            action="check the name and the network",
        ) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
