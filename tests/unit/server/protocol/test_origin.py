"""What a proxy says is believed of proxies that are named, and of nobody else."""

from __future__ import annotations

import pytest

from peelgraph.graph.errors import UsageError
from peelgraph.server.protocol.errors import UnknownHost
from peelgraph.server.protocol.origin import Origin, Origins

PROXIES = "10.0.0.0/8, 2001:db8:f::/48, 127.0.0.1"
NAME = "0123456789abcdef0123456789ABCDEF"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # no proxy of ours
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),  # the first was made up
        ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.9.9.9", "198.51.100.7"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # a client within
        ("10.0.0.1", "198.51.100.7:5123", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::1]:80", "2001:db8::1"),
        ("2001:db8:f::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, \x1b[2J", "10.0.0.1"),
        ("10.0.0.1", ", " * 10_000 + "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, " * 5 + "10.0.0.1, " * 40, "10.0.0.1"),  # more hops than are read
        ("", "198.51.100.7", ""),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy(
    peer: str, forwarded_for: str, client: str
) -> None:
    """Budgets are by client: who can choose an address has as many budgets as wished."""
    assert Origins(PROXIES).of(peer, forwarded_for, "", "").client == client


@pytest.mark.parametrize(
    ("peer", "proto", "secure"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "HTTPS", True),
        ("10.0.0.1", "https, http", False),
        ("10.0.0.1", "http", False),
        ("10.0.0.1", "", False),
        ("192.0.2.1", "https", False),
    ],
)
def test_tls_is_what_the_nearest_proxy_says(peer: str, proto: str, *, secure: bool) -> None:
    """Told to use TLS for a year, a browser cannot reach a server that has none."""
    assert Origins(PROXIES).of(peer, "", proto, "").secure is secure


@pytest.mark.parametrize(
    ("peer", "sent", "kept"),
    [
        ("10.0.0.1", NAME, NAME.lower()),
        (
            "10.0.0.1",
            "9b2e8c1e-3f5a-4c2d-8e7f-0123456789ab",
            "9b2e8c1e-3f5a-4c2d-8e7f-0123456789ab",
        ),
        ("10.0.0.1", 'x", "status": 200', ""),
        ("10.0.0.1", NAME + "\n", ""),
        ("192.0.2.1", NAME, ""),
    ],
)
def test_the_name_of_a_request_is_kept_from_proxy_to_log(peer: str, sent: str, kept: str) -> None:
    """One name in both logs; nothing else may pass for a name."""
    assert Origins(PROXIES).of(peer, "", "", sent) == Origin(peer, request_id=kept)


@pytest.mark.parametrize(
    ("host", "client", "known"),
    [
        ("data.example", "192.0.2.1", True),
        ("DATA.example:8080", "192.0.2.1", True),
        ("data.example.", "192.0.2.1", True),
        ("[2001:db8::5]:80", "192.0.2.1", True),
        ("evil.example", "192.0.2.1", False),
        ("data.example.evil.example", "192.0.2.1", False),
        ("", "192.0.2.1", False),
        ("localhost:8080", "127.0.0.1", True),
        ("127.0.0.1:8080", "127.0.0.1", True),
        ("[::1]", "::1", True),
        ("localhost", "192.0.2.1", False),
        ("evil.example", "127.0.0.1", False),
    ],
)
def test_only_hosts_on_the_list_are_answered_for(host: str, client: str, *, known: bool) -> None:
    """Probes of this machine call it by its own names; nobody else may."""
    origins = Origins(hosts="data.example, [2001:db8::5]")
    if known:
        origins.check_host(host, client)
        return
    with pytest.raises(UnknownHost):
        origins.check_host(host, client)


def test_without_a_list_every_host_will_do() -> None:
    """`make serve` knows no name."""
    Origins().check_host("anything.example", "192.0.2.1")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("proxies", "proxy.example"),
        ("proxies", "10.0.0.0/99"),
        ("hosts", "https://data.example"),
        ("hosts", "data.example:80"),
        ("hosts", "*"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(setting: str, value: str) -> None:
    """A rule that never matches is found out at the worst moment."""
    with pytest.raises(UsageError) as caught:
        Origins(**{setting: value})
    assert caught.value.place == f"--{setting}"
