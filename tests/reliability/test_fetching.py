"""Fetching over a bad network: every fault ends in time with its reason, and the rest arrives."""

from __future__ import annotations

import html
import json
import os
import runpy
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from peelgraph.graph.errors import (
    AddressRefused,
    FetchTimeout,
    FetchTooLarge,
    NetworkError,
    StatusRefused,
    Unreachable,
)
from peelgraph.graph.fetching import Clock, Fetcher, Policy
from peelgraph.graph.fetching.connection import Opener
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Site

    from peelgraph.graph.fetching.addresses import Target
    from peelgraph.graph.fetching.connection import Answer

HOST = "reports.example"
HERE = "127.0.0.1"
PDF_TESTS = Path(__file__).parent.parent / "unit" / "graph" / "test_pdf.py"
ENTRY = Path(__file__).parent / "program_on_loopback.py"
PAGE = b"an invented page, " * 500
ATTEMPTS = 4
SLOW = {"stall", "trickle"}
"""Faults that never end by themselves."""


def policy(site: Site, port: int = 0) -> Policy:
    """What may be fetched: pages of the site, which stands on loopback."""
    ports, permitted = frozenset({port or site.port}), frozenset({HERE})
    return Policy(hosts=frozenset(site.hosts), ports=ports, permitted=permitted)


class Opening:
    """Opens addresses of a site with little patience where what is asked for will never come.

    All else has as much time as a machine may need on which others run too.
    """

    def __init__(self, site: Site) -> None:
        trust = ssl.create_default_context(cafile=str(site.authority))
        self._site = site
        self._patient = Opener(trust=trust)
        self._hasty = Opener(seconds=0.6, pause=0.3, trust=trust)
        self.tried: Counter[str] = Counter()

    def __call__(self, target: Target, address: str, headers: Mapping[str, str]) -> Answer:
        """Open it."""
        self.tried[target.path] += 1
        planned = tuple(self._site.proxy.faults.get(target.path, ()))
        slow = target.port != self._site.port or any(each.kind in SLOW for each in planned)
        return (self._hasty if slow else self._patient)(target, address, headers)


def fetcher(
    site: Site, waited: list[float] | None = None, opening: Opening | None = None, *, port: int = 0
) -> Fetcher:
    """A fetcher that knows the site."""
    slept = [] if waited is None else waited
    return Fetcher(
        policy(site, port),
        pause=0.0,
        opener=opening or Opening(site),
        resolve=lambda *_: [HERE],
        clock=Clock(sleep=slept.append, jitter=lambda: 0.5),
    )


FAULTS: dict[str, tuple[dict[str, Any], type[NetworkError]]] = {
    "head cut": ({"kind": "cut"}, Unreachable),
    "body cut": ({"kind": "cut", "in_body": True}, Unreachable),
    "nothing but a connection": ({"kind": "cut", "at": 0}, Unreachable),
    "head stalls": ({"kind": "stall"}, FetchTimeout),
    "body stalls": ({"kind": "stall", "in_body": True}, FetchTimeout),
    "head trickles": ({"kind": "trickle"}, FetchTimeout),
    "body trickles": ({"kind": "trickle", "in_body": True}, FetchTimeout),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stays_ends_within_the_limits(site: Site, name: str) -> None:
    """Four attempts, each longer apart, then the reason; a trickle would else take minutes."""
    fault, error = FAULTS[name]
    site.pages["/page"] = PAGE
    site.plan("/page", fault, times=99)
    waited: list[float] = []
    opening = Opening(site)
    with pytest.raises(error, match=r"reports\.example") as raised:
        fetcher(site, waited, opening).fetch(site.url("/page"))
    assert raised.value.place == site.url("/page")
    assert opening.tried["/page"] == ATTEMPTS
    assert 0 < site.asked["/page"] <= ATTEMPTS  # some may have been given up on their way there
    assert [wait for wait in waited if wait] == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_costs_one_attempt(site: Site, name: str) -> None:
    """A page is asked for again, since asking changes nothing, and arrives whole."""
    site.pages["/page"] = PAGE
    site.plan("/page", FAULTS[name][0])
    page = fetcher(site).fetch(site.url("/page"))
    assert page is not None
    assert page.content == PAGE
    assert site.asked["/page"] == 2


def test_a_slow_answer_is_waited_for(site: Site) -> None:
    """Slow is no fault."""
    site.pages["/page"] = PAGE
    site.plan("/page", {"kind": "delay"}, {"kind": "delay", "in_body": True})
    for _ in range(2):
        page = fetcher(site).fetch(site.url("/page"))
        assert page is not None
        assert page.content == PAGE
    assert site.asked["/page"] == 2


def test_a_handshake_that_never_comes_ends_too(site: Site) -> None:
    """A port that listens and says nothing."""
    with socket.create_server((HERE, 0)) as mute:
        port = int(mute.getsockname()[1])
        with pytest.raises(FetchTimeout):
            fetcher(site, port=port).fetch(f"https://{HOST}:{port}/page")


def test_plain_bytes_are_asked_for_and_compressed_ones_refused(site: Site) -> None:
    """What was not asked for is not unpacked: a compressed answer could be a bomb."""
    site.pages["/page"] = PAGE
    site.packed.add("/page")
    with pytest.raises(FetchTooLarge, match="compressed"):
        fetcher(site).fetch(site.url("/page"))
    assert site.encodings == {"identity"}
    assert site.asked["/page"] == 1


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_an_unchanged_page_costs_no_body(site: Site, validator: str) -> None:
    """Either validator does."""
    site.pages["/page"], site.validator = PAGE, validator
    asking = fetcher(site)
    first = asking.fetch(site.url("/page"))
    assert first is not None
    assert asking.fetch(site.url("/page"), etag=first.etag, modified=first.modified) is None
    assert site.unchanged["/page"] == 1


@pytest.mark.parametrize("host", ["inside.example", "mapped.example", "moving.example"])
def test_a_redirect_to_an_allowed_name_of_a_private_address_is_refused(
    site: Site, host: str, listener: Callable[[], int]
) -> None:
    """Every hop is resolved and checked like the first."""
    site.moved["/page"] = f"https://{host}:{site.port}/secret"
    private = {"inside.example": "10.0.0.1", "mapped.example": "::ffff:127.0.0.1"}
    asking = Fetcher(
        policy(site),
        opener=Opening(site),
        resolve=lambda name, _: [HERE if name == HOST else private.get(name, "fe80::1")],
        clock=Clock(sleep=lambda _: None),
    )
    with pytest.raises(AddressRefused, match="no public address"):
        asking.fetch(site.url("/page"))
    assert set(site.asked) == {"/page", "/robots.txt"}
    assert listener()


@pytest.fixture(scope="module")
def invented(
    invented_pages: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> list[bytes]:
    """Invented pages of real forces, which land."""
    return [path.read_bytes() for path in invented_pages(tmp_path_factory.mktemp("pages"), 5)]


def started(site: Site, data: Path, *arguments: object, days: int = 0) -> subprocess.Popen[str]:
    """Start ``peelgraph ingest`` on the site, as a process."""
    hosts = {"PEELGRAPH_FETCH_HOSTS": ",".join(site.hosts), "PEELGRAPH_FETCH_PAUSE": "0"}
    command = [sys.executable, ENTRY, site.port, site.authority, days, "ingest", *arguments]
    return subprocess.Popen(
        [*map(str, command), "--data", str(data), "--json"],
        env={**os.environ, **hosts},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """The exit code and the outcomes by path of a run."""
    out, err = process.communicate(timeout=200)
    assert out, err
    return process.returncode, {
        each["source"].rpartition("/")[2]: each for each in json.loads(out)["outcomes"]
    }


def furnish(site: Site, first: bytes, second: bytes) -> None:
    """Give a site two pages that land, and one for each thing that may be wrong with a page."""
    site.pages |= {"/first": first, "/second": second, "/cut": PAGE, "/slow": PAGE, "/mute": PAGE}
    site.pages |= {"/packed": PAGE, "/recipe": b"A recipe for soup."}
    site.packed.add("/packed")
    site.moved |= {
        "/inside": site.url("/first", "inside.example"),
        "/outside": "https://elsewhere.example/first",
        "/plain": f"http://{HOST}:{site.port}/first",
        "/round": site.url("/round"),
        "/moved": site.url("/second"),
    }
    site.plan("/cut", {"kind": "cut", "in_body": True}, times=99)
    site.plan("/slow", {"kind": "trickle"}, times=99)
    site.plan("/mute", {"kind": "stall", "in_body": True}, times=99)
    site.plan("/second", {"kind": "cut"}, {"kind": "cut", "in_body": True})


def test_a_list_with_faults_lands_what_can_be_had(
    site: Site, own_data: Path, invented: list[bytes], tmp_path: Path
) -> None:
    """The program itself, over TLS: each bad address has its reason, and the good ones land.

    Then the same again, a week later: what has not changed is not sent, and nothing is new.
    """
    furnish(site, *invented[:2])
    paths = ["first", "cut", "slow", "mute", "gone", "packed"]
    paths += ["inside", "outside", "plain", "round"]
    listed = tmp_path / "addresses.txt"
    addresses = [site.url(f"/{path}") for path in paths]
    addresses += [site.url("/x", "mapped.example"), site.url("/y", "moving.example")]
    addresses += [site.url("/z", "moving.example"), site.url("/recipe")]
    listed.write_text("\n".join(["# invented", "", *addresses]), encoding="utf-8")
    code, outcomes = ended(started(site, own_data, f"@{listed}", site.url("/second")))
    refused = {path: _slug(each) for path, each in outcomes.items() if each["error"]}
    assert refused == {
        "cut": Unreachable.slug,
        "slow": FetchTimeout.slug,
        "mute": FetchTimeout.slug,
        "gone": StatusRefused.slug,
        "packed": FetchTooLarge.slug,
        "inside": AddressRefused.slug,
        "outside": AddressRefused.slug,
        "plain": AddressRefused.slug,
        "round": StatusRefused.slug,
        "x": AddressRefused.slug,
        "y": StatusRefused.slug,
        "z": AddressRefused.slug,
        "recipe": "not-a-report",
    }
    assert code == 1
    assert {outcomes[path]["state"] for path in ("first", "second")} == {"landed"}
    assert site.asked["/second"] == 3
    version, asked = DataFolder(own_data).current().name, site.asked.copy()
    for days in (0, 7):
        again = started(site, own_data, site.url("/first"), site.url("/second"), days=days)
        code, outcomes = ended(again)
        assert (code, {each["state"] for each in outcomes.values()}) == (0, {"unchanged"})
        assert site.asked == asked if days == 0 else site.unchanged.total() == 2
    assert DataFolder(own_data).current().name == version


def test_sources_of_every_kind_in_one_run_land_beside_bad_ones(
    site: Site, own_data: Path, invented: list[bytes], tmp_path: Path
) -> None:
    """A PDF, a folder, a file, a list: what is wrong is counted, and the rest lands."""
    typeset = runpy.run_path(str(PDF_TESTS))["pdf_of"]
    pages = [page.decode() for page in invented]
    marked_up = [
        "".join(f"<p>{line}</p>" for line in html.escape(page).splitlines()) for page in pages
    ]
    site.pages["/listed"] = invented[0]
    contents = {
        "addresses.txt": f"{site.url('/listed')}\n{site.url('/gone')}\n".encode(),
        "set.pdf": typeset(pages[1], footer="{}"),
        "folder/a.txt": invented[2],
        "folder/below/b.html": f"<!DOCTYPE html><body>{marked_up[3]}".encode(),
        "page.htm": f"<!DOCTYPE html><body>{marked_up[4]}".encode(),
        "recipe.txt": b"A recipe for soup.",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    named = [tmp_path / name for name in ("set.pdf", "folder", "page.htm", "recipe.txt")]
    running = started(site, own_data, *named, f"@{tmp_path / 'addresses.txt'}")
    out, err = running.communicate(timeout=200)
    assert running.returncode == 1, err
    told = json.loads(out)
    refused = {each["source"]: _slug(each) for each in told["outcomes"] if each["error"]}
    assert refused == {
        str(tmp_path / "recipe.txt"): "not-a-report",
        site.url("/gone"): StatusRefused.slug,
    }
    assert told["summary"]["states"] == {"landed": 5, "unchanged": 0, "refused": 2}
    assert told["summary"]["counts"]["judgments"] >= 15
    assert DataFolder(own_data).current().name == told["version"]
    graphs = DataFolder(own_data).current().manifest.graphs
    assert sum("/graph/document/" in name for name in graphs) == 5


def _slug(outcome: dict[str, Any]) -> str:
    return str(outcome["error"]["type"]).rpartition("/")[2]


def test_a_killed_list_goes_on_where_it_stopped(
    site: Site, own_data: Path, invented: list[bytes], tmp_path: Path
) -> None:
    """What had been fetched is not asked for again, and everything lands."""
    site.pages |= {f"/{number}": page for number, page in enumerate(invented[:4])}
    reached = threading.Event()
    site.heard = lambda path: reached.set() if path == "/2" else None
    site.plan("/2", {"kind": "stall"})
    listed = tmp_path / "addresses.txt"
    listed.write_text("\n".join(map(site.url, site.pages)), encoding="utf-8")
    killed = started(site, own_data, f"@{listed}")
    assert reached.wait(100)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert DataFolder(own_data).current().manifest.parent is None
    site.heard = lambda _: None
    code, outcomes = ended(started(site, own_data, f"@{listed}"))
    assert (code, {each["state"] for each in outcomes.values()}) == (0, {"landed"})
    assert [site.asked[path] for path in ("/0", "/1", "/3")] == [1, 1, 1]


def test_the_program_itself_fetches_nothing_from_loopback(
    site: Site, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the entry of these tests: no setting opens loopback, a port or another authority."""
    site.pages["/page"] = PAGE
    monkeypatch.setenv("PEELGRAPH_FETCH_HOSTS", f"{HOST},127.0.0.1,localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(site.authority))
    for address in (site.url("/page"), site.url("/page", HERE), "https://localhost/page"):
        command = [sys.executable, "-m", "peelgraph.server.cli", "ingest", address]
        run = subprocess.run(
            [*command, "--json", "--data", own_data], capture_output=True, text=True, check=False
        )
        assert run.returncode == 5, run.stderr
        (outcome,) = json.loads(run.stdout)["outcomes"]
        assert _slug(outcome) == AddressRefused.slug
    assert not site.asked
