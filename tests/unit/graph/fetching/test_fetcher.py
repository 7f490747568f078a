"""What is fetched, what never is, and how patiently: over TLS on loopback, without sleeping."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import trustme

from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import (
    AddressRefused,
    FetchTimeout,
    FetchTooLarge,
    NetworkError,
    RobotsRefused,
    StatusRefused,
    Unreachable,
)
from peelgraph.graph.fetching import AddressBook, Clock, Fetcher, Policy, capture_address
from peelgraph.graph.fetching.connection import Answer, Opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from peelgraph.graph.fetching.addresses import Target

HOST = "reports.example"
PAGE = f"https://{HOST}/page"
MOMENT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
NO_ROBOTS = Answer(404, {}, b"")


@dataclass
class Site:
    """Answers by path, in turn; notes what was asked, where, and how long was waited."""

    answers: dict[str, list[Answer | Exception]]
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: list[Mapping[str, str]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    time: float = 0.0

    def __call__(self, target: Target, address: str, headers: Mapping[str, str]) -> Answer:
        """Answer as the next in turn for the path."""
        self.asked.append((target.path, address))
        self.sent.append(headers)
        waiting = self.answers.get(target.path, [NO_ROBOTS])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sleep(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self.waited.append(seconds)
        self.time += seconds

    def fetcher(self, *addresses: str) -> Fetcher:
        """A fetcher that asks this site, whose name leads to *addresses*."""
        clock = Clock(now=lambda: self.time, sleep=self.sleep, today=lambda: MOMENT, jitter=float)
        found = list(addresses) or ["1.1.1.1"]
        policy = Policy(hosts=frozenset({HOST}))
        return Fetcher(policy, opener=self, resolve=lambda *_: found, clock=clock)


def site(*answers: Answer | Exception, robots: Answer = NO_ROBOTS) -> Site:
    """A site with one page."""
    return Site({"/page": list(answers), "/robots.txt": [robots]})


def found(body: bytes = b"words", **headers: str) -> Answer:
    """A page that is there."""
    return Answer(200, headers, body)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - an address that must be refused
        "224.0.1.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:1.1.1.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_no_request_leaves_for_an_address_that_is_not_public(address: str) -> None:
    """A name in a public list must not lead into the network of whoever runs this."""
    for addresses in ([address], ["1.1.1.1", address]):
        asked = site(found())
        with pytest.raises(AddressRefused):
            asked.fetcher(*addresses).fetch(PAGE)
        assert asked.asked == []


def test_loopback_listener_hears_nothing(tmp_path: Path) -> None:
    """The same with the real opener: no connection at all."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)  # noqa: FBT003 - the standard library's signature
        port = trap.getsockname()[1]
        policy = Policy(hosts=frozenset({HOST}), ports=frozenset({port}))
        fetcher = Fetcher(policy, resolve=lambda *_: ["127.0.0.1"])
        with pytest.raises(AddressRefused):
            fetcher.fetch(f"https://{HOST}:{port}/")
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert list(tmp_path.iterdir()) == []


def test_the_checked_address_is_the_one_connected_to() -> None:
    """A name service that answers otherwise the second time (rebinding) changes nothing."""
    asked = site(found())
    answers = iter([["1.1.1.1"], ["1.0.0.1"], ["127.0.0.1"]])
    policy, clock = Policy(hosts=frozenset({HOST})), Clock(sleep=asked.sleep)
    fetcher = Fetcher(policy, opener=asked, resolve=lambda *_: next(answers), clock=clock)
    assert fetcher.fetch(PAGE) is not None
    assert asked.asked == [("/robots.txt", "1.1.1.1"), ("/page", "1.0.0.1")]


@pytest.mark.parametrize(
    "address",
    [
        f"http://{HOST}/page",
        f"ftp://{HOST}/page",
        "https://elsewhere.example/page",
        f"https://{HOST}.elsewhere.example/",
        f"https://user@{HOST}/page",
        f"https://{HOST}:8443/page",
        f"https://{HOST}/a b",
        "https://127.0.0.1/",
        "https://[::1]/",
    ],
)
def test_other_addresses_are_refused_at_first_and_as_redirects(address: str) -> None:
    """Every hop is checked like the first."""
    asked = site(Answer(302, {"location": address}, b""))
    with pytest.raises(AddressRefused):
        asked.fetcher().fetch(address)
    assert asked.asked == []
    with pytest.raises(AddressRefused):
        asked.fetcher().fetch(PAGE)
    assert [path for path, _ in asked.asked] == ["/robots.txt", "/page"]


def test_robots_and_crawl_delay_are_honoured() -> None:
    """The site says who may come, and how often."""
    rules = found(b"User-agent: *\nCrawl-delay: 7\nDisallow: /private\n")
    asked = site(found(), robots=rules)
    fetcher = asked.fetcher()
    fetcher.fetch(PAGE)
    fetcher.fetch(PAGE)
    assert asked.waited == [1.0, 7.0]
    with pytest.raises(RobotsRefused):
        fetcher.fetch(f"https://{HOST}/private/page")


def test_passing_faults_are_tried_again_with_patience() -> None:
    """429 and 503 say come back; a cut connection may be chance."""
    asked = site(Answer(429, {"retry-after": "30"}, b""), Unreachable("cut"), found())
    page = asked.fetcher().fetch(PAGE)
    assert page is not None
    assert page.content == b"words"
    assert 30.0 in asked.waited
    lasting = site(Answer(503, {}, b""))
    with pytest.raises(StatusRefused):
        lasting.fetcher().fetch(PAGE)
    assert [path for path, _ in lasting.asked].count("/page") == 4


def test_a_page_is_not_asked_for_twice_a_day_and_then_only_if_changed(tmp_path: Path) -> None:
    """A long list that was interrupted goes on where it stopped."""
    asked = site(found(etag='"1"'), Answer(304, {}, b""))
    fetcher, book = asked.fetcher(), AddressBook(Captures(tmp_path))
    first = capture_address(PAGE, fetcher, book, MOMENT)
    again = capture_address(PAGE, fetcher, book, MOMENT + dt.timedelta(hours=23))
    assert (again.sha256, len(asked.asked)) == (first.sha256, 2)
    later = capture_address(PAGE, fetcher, book, MOMENT + dt.timedelta(hours=25))
    assert later.sha256 == first.sha256
    assert asked.sent[-1]["If-None-Match"] == '"1"'


@contextmanager
def serving(*pieces: bytes, stall: bool = False) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A TLS server on loopback that sends *pieces* to each caller, then stalls or hangs up."""
    authority = trustme.CA()
    ours, theirs = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.configure_trust(ours)
    authority.issue_cert(HOST).configure_cert(theirs)
    over = threading.Event()

    def answer(listener: socket.socket) -> None:
        while not over.is_set():
            try:
                caller, _ = listener.accept()
                with theirs.wrap_socket(caller, server_side=True) as stream:
                    stream.recv(65536)
                    for piece in pieces:
                        stream.sendall(piece)
                    if stall:
                        over.wait()
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1], ours
        finally:
            over.set()
            thread.join()


def ask(port: int, trust: ssl.SSLContext | None, **limits: float) -> Answer:
    """Ask the server on *port* for one page."""
    policy = Policy(hosts=frozenset({HOST}), ports=frozenset({port}))
    opener = Opener(trust=trust, seconds=limits.get("seconds", 60), size=99)
    return opener(policy.target(f"https://{HOST}:{port}/page"), "127.0.0.1", {})


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"


def test_a_page_comes_over_tls_under_the_name_of_its_host() -> None:
    """The certificate is of the name, though the connection is to a number."""
    with serving(HEAD, b"words") as (port, trust):
        assert ask(port, trust).body == b"words"
        with pytest.raises(Unreachable):
            ask(port, None)


@pytest.mark.parametrize(
    ("pieces", "stall", "error"),
    [
        ((HEAD, b"wor"), False, Unreachable),
        ((HEAD, b"wor"), True, FetchTimeout),
        ((HEAD[:20],), True, FetchTimeout),
        ((HEAD.replace(b"5", b"500"), b"w" * 500), False, FetchTooLarge),
        ((HEAD.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection"),), False, None),
    ],
)
def test_cut_slow_large_and_compressed_answers_are_refused(
    *, pieces: tuple[bytes, ...], stall: bool, error: type[NetworkError] | None
) -> None:
    """No page is kept that did not arrive whole."""
    limits = {"seconds": 0.5} if stall else {}
    with serving(*pieces, stall=stall) as (port, trust), pytest.raises(error or NetworkError):
        ask(port, trust, **limits)
