"""What operators and their tools ask: metrics, and the status page."""

from __future__ import annotations

import http.client
import json
import re
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Place:
    """A running server, asked on one connection."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, media type and text of an answer."""
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read().decode()

    def samples(self) -> Samples:
        """What Prometheus's own client reads from the metrics; it refuses what is malformed."""
        status, content_type, text = self.get("/metrics")
        assert status == 200
        assert content_type == "text/plain; version=0.0.4; charset=utf-8"
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


def value(samples: Samples, name: str, **labels: str) -> float:
    """One value."""
    return samples[name, frozenset(labels.items())]


@pytest.fixture
def place(started_servers: Callable[..., Any], small_quads: Path) -> Iterator[Place]:
    """A server that stops queries at a few answers, soon on any machine, and late by the clock."""
    limits = {"result_bytes": 20_000, "timeout": 20.5}
    found = Place(started_servers(small_quads, workers=2, **limits).address)
    with closing(found.connection):
        yield found


def test_prometheus_reads_what_has_happened(place: Place) -> None:
    """Each number is one that is known from having asked."""
    path, began = "/sparql?query=" + quote("ASK {}"), time.monotonic()
    assert [place.get(path)[0] for _ in range(3)] == [200] * 3
    assert place.get("/sparql?query=no")[0] == 400
    assert place.get("/sparql?query=" + quote(LARGE))[0] == 503
    lasted, found = time.monotonic() - began, place.samples()
    assert value(found, "peelgraph_requests_total", route="/sparql", status="200") == 3
    assert value(found, "peelgraph_requests_total", route="/sparql", status="503") == 1
    assert value(found, "peelgraph_request_seconds_count", route="/sparql") == 5
    assert value(found, "peelgraph_request_seconds_bucket", route="/sparql", le="+Inf") == 5
    assert 0 < value(found, "peelgraph_request_seconds_sum", route="/sparql") <= lasted
    assert value(found, "peelgraph_cache_total", outcome="miss") == 3
    assert value(found, "peelgraph_cache_total", outcome="shortcut") == 1
    assert value(found, "peelgraph_cache_entries", cache="answers") == 1
    assert value(found, "peelgraph_stopped_total", reason="result-too-large") == 1
    assert value(found, "peelgraph_problems_total", problem="query-syntax") == 1
    assert 0 < value(found, "peelgraph_worker_seconds_total") <= lasted
    assert value(found, "peelgraph_workers", state="idle") >= 1
    assert value(found, "peelgraph_connections") == 1
    assert value(found, "peelgraph_quads") == 3000
    assert value(found, "peelgraph_bytes_sent_total") > 26 * 3
    assert value(found, "peelgraph_resident_memory_bytes", process="template") > 1_000_000
    assert value(found, "process_cpu_seconds_total") > 0


def test_a_scanner_makes_no_series(place: Place) -> None:
    """Each series costs memory here and in Prometheus; addresses are as many as anyone likes."""
    place.get("/problems/query-timeout")
    before = {(name, labels) for name, labels in place.samples() if "request" in name}
    place.get("/problems/no-such")
    place.get("/nothing")
    place.samples()
    once = set(place.samples())
    for number in range(50):
        for path in (f"/{number}.php", f"/problems/{number}", f"/dumps/{number}.nq"):
            assert place.get(path)[0] == 404
        assert place.get(f"/sparql?{number}=1&query=%00{number}")[0] == 400
    after = set(place.samples())
    new = {dict(labels).get("route") for name, labels in after - once if "request" in name}
    assert new <= {"/dumps/<path:address>", "/sparql"}
    assert before < after
    assert {dict(labels).get("route") for _, labels in after} >= {"other", "/problems/<slug>"}


def test_the_status_as_json_and_as_a_page_say_the_same(place: Place) -> None:
    """Programs get all of it; a person gets sentences, and no script is needed."""
    place.get("/sparql?query=" + quote(LARGE))
    status, content_type, text = place.get("/status", Accept="application/json")
    state = json.loads(text)
    assert (status, content_type) == (200, "application/json")
    assert state["schema"] == "peelgraph/status/1"
    assert (state["quads"], state["held"], state["version"]) == (3000, "memory", None)
    assert state["workers"]["all"] == 2
    assert state["stopped"] == {"result-too-large": 1}
    assert state["limits"]["timeout"] == 20.5
    assert state["connections"] == 1
    status, content_type, page = place.get("/status", Accept="text/html")
    assert (status, content_type) == (200, "text/html; charset=utf-8")
    assert re.search(r"<dt>quads</dt><dd>3,000</dd>", page)
    assert '<a href="/problems/result-too-large">result-too-large</a>: 1' in page
    assert "in memory, " in page
    assert "<td>20.5</td>" in page
    assert "<script" not in page
    assert place.get("/status", Accept="text/turtle")[0] == 406


def test_a_version_says_when_it_was_published(built_client: FlaskClient) -> None:
    """From its name, which everyone sees."""
    state = built_client.get("/status", headers={"Accept": "application/json"}).get_json()
    assert state["published"] == "2026-01-02T03:04:00Z"
    assert state["version"].startswith("20260102T030400Z-")
    page = built_client.get("/status").text
    assert '<time datetime="2026-01-02T03:04:00Z">2 January 2026, 03:04 UTC</time>' in page
