"""Who asks, over which protocol and under which host: what trusted proxies say, and no other."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import UsageError
from peelgraph.server.protocol.errors import UnknownHost

if TYPE_CHECKING:
    from collections.abc import Iterable

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
HOST: Final = re.compile(r"[a-z0-9_.-]+|\[[a-f0-9:.]+\]", re.ASCII)
PORT: Final = re.compile(r":[0-9]*$")
REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_HOPS: Final = 32


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from.

    Args:
        client: Address of who asks.
        secure: It came over TLS, as a trusted proxy says.
        request_id: The name that a trusted proxy gave the request; empty where there is none.
    """

    client: str
    secure: bool = False
    request_id: str = ""


class Origins:
    """Which proxies are believed, and which hosts are ours.

    Args:
        proxies: Addresses and networks of proxies, with commas between.
        hosts: Names under which the server is reached, with commas between; none for any.

    Raises:
        UsageError: One of them is no address, network or name.
    """

    def __init__(self, proxies: str = "", hosts: str = "") -> None:
        self._proxies = [_network(each) for each in _listed(proxies)]
        self._hosts = frozenset(_host(each) for each in _listed(hosts))
        self._is_proxy = lru_cache(maxsize=4096)(self._in_networks)

    @property
    def believes_any(self) -> bool:
        """Whether any proxy is believed."""
        return bool(self._proxies)

    @property
    def hosts(self) -> frozenset[str]:
        """The names that are ours; none for any."""
        return self._hosts

    def of(self, peer: str, forwarded_for: str, forwarded_proto: str, request_id: str) -> Origin:
        """Return the origin of a request that came from *peer* with these headers.

        The client is the last address in ``X-Forwarded-For`` that is no trusted proxy: what
        stands before it was sent by the client, who may say anything.

        >>> Origins("10.0.0.0/8").of("10.0.0.1", "1.2.3.4, 192.0.2.7, 10.0.0.9", "https", "")
        Origin(client='192.0.2.7', secure=True, request_id='')
        >>> Origins().of("192.0.2.1", "1.2.3.4", "https", "").client
        '192.0.2.1'
        """
        if not self._proxies or not self._is_proxy(peer):
            return Origin(peer)
        client = peer
        for hop in reversed(forwarded_for.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
            address = _address(hop)
            if address is None:
                break
            client = str(address)
            if not self._is_proxy(client):
                break
        secure = forwarded_proto.rpartition(",")[2].strip().lower() == "https"
        named = request_id.lower()
        return Origin(client, secure, named if REQUEST_ID.fullmatch(named) else "")

    def check_host(self, host: str, client: str) -> None:
        """Refuse a host that is not ours; this machine may call itself what it is.

        Raises:
            UnknownHost: There is a list and *host* is not on it.
        """
        if not self._hosts:
            return
        name = PORT.sub("", host.strip().lower()).removesuffix(".")
        if name in self._hosts or (name in LOOPBACK_NAMES and _is_loopback(client)):
            return
        raise UnknownHost(
            "this server does not answer for that host",
            place="Host",
            expected="one of the names in its setting `hosts`",
        )

    def _in_networks(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._proxies)


def _listed(text: str) -> Iterable[str]:
    return (each.strip() for each in text.split(",") if each.strip())


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no address or network",
            place="--proxies",
            expected="for example 127.0.0.1, ::1 or 10.0.0.0/8",
        ) from error


def _host(text: str) -> str:
    name = text.lower().removesuffix(".")
    if not HOST.fullmatch(name):
        raise UsageError(
            f"{text!r} is no host name",
            place="--hosts",
            expected="names without scheme and port, for example data.example",
        )
    return name


def _address(text: str) -> Address | None:
    """Return the address in *text*, which may have a port; ``None`` where there is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped


def _is_loopback(client: str) -> bool:
    address = _address(client)
    return address is not None and address.is_loopback
