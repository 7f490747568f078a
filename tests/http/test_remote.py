"""The application over a real SPARQL endpoint of another make, beside the one over its workers."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from peelgraph.graph.export import triples_of
from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import bound, saved_queries
from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS
from peelgraph.server.protocol.tokens import outline

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from flask.testing import FlaskClient

    from peelgraph.server.engine.interface import Engine

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
CROSS = "SELECT (COUNT(*) AS ?n) { GRAPH ?x {?a ?b ?c} GRAPH ?y {?d ?e ?f} GRAPH ?z {?g ?h ?i} }"
GRAPH_1 = "http://example.org/graph/1"
FROM_1 = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/graph/1> { ?s ?p ?o }"
LIMITS = Limits(60.0, 1024 * 1024 * 1024, 50_000_000)


def answers(port: int) -> bool:
    """Whether an endpoint answers a query there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", "/query?query=" + quote("ASK {}"))
        return connection.getresponse().status == 200
    return False


@pytest.fixture(scope="module")
def oxigraph(
    free_ports: Callable[[int], list[int]],
) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], str]]]:
    """Start `oxigraph` with what follows its name; all end with the module."""
    with contextlib.ExitStack() as running:

        def start(*arguments: str) -> tuple[subprocess.Popen[bytes], str]:
            (port,) = free_ports(1)
            process = subprocess.Popen(
                [OXIGRAPH, *arguments, "--bind", f"127.0.0.1:{port}"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.callback(process.wait, 120)
            running.callback(process.kill)
            while not answers(port):
                assert process.poll() is None, "oxigraph ended"
                time.sleep(0.05)
            return process, f"http://127.0.0.1:{port}/query"

        yield start


@pytest.fixture(scope="module")
def store(small_quads: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The three thousand quads on disk, as oxigraph keeps them."""
    folder = str(tmp_path_factory.mktemp("oxigraph") / "store")
    load = [OXIGRAPH, "load", "--location", folder, "--file", str(small_quads)]
    subprocess.run(load, check=True, capture_output=True, timeout=200)
    return folder


@pytest.fixture(scope="module")
def read_only(oxigraph: Callable[..., tuple[Any, str]], store: str) -> str:
    """An endpoint over them."""
    return oxigraph("serve-read-only", "--location", store)[1]


@contextlib.contextmanager
def in_front_of(endpoint: str) -> Generator[FlaskClient]:
    """Give a client of the whole application in front of *endpoint*, which has the union."""
    settings = Settings(engine=endpoint, engine_union="union-default-graph=", result_bytes=100_000)
    with closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="module")
def remote_client(read_only: str) -> Iterator[FlaskClient]:
    """A client in front of that endpoint."""
    with in_front_of(read_only) as client:
        yield client


SELECT = "SELECT * { ?s <http://example.org/property/1> ?o } ORDER BY ?o LIMIT 20"
CONSTRUCT = (
    "CONSTRUCT { <a> <http://example.org/said> ?o } WHERE { <http://example.org/thing/7> ?p ?o }"
)
ASKED = {
    **{f"select as {each.name}": (SELECT, each.media_type, {}) for each in SOLUTIONS},
    **{f"ask as {each.name}": ("ASK { ?s ?p ?o }", each.media_type, {}) for each in SOLUTIONS[:2]},
    **{f"graph as {each.name}": (CONSTRUCT, each.media_type, {}) for each in GRAPHS},
    "union": ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv", {}),
    "default graph": (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "text/csv",
        {"default-graph-uri": GRAPH_1},
    ),
    "named graph": (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        "text/csv",
        {"named-graph-uri": GRAPH_1},
    ),
    "from": (FROM_1, "text/csv", {}),
    "syntax": ("SELECT * {\n ?s ?p }", "text/csv", {}),
    "syntax after a base": ("ASK { <a> ?p }", "text/csv", {}),
    "prefix": ("SELECT * { ?s no:such ?o }", "text/csv", {}),
    "service": ("SELECT * { SERVICE <http://127.0.0.1/> {} }", "text/csv", {}),
    "update": ("DROP ALL", "text/csv", {}),
    "too large": ("SELECT * { ?s ?p ?o . ?s ?q ?r }", "text/csv", {}),
    "not acceptable": ("ASK {}", "image/png", {}),
}


@pytest.mark.parametrize("case", ASKED)
def test_both_engines_answer_alike(
    case: str, client: FlaskClient, remote_client: FlaskClient
) -> None:
    """Whoever asks cannot tell, nor need know, what answers: body, type, status and problem."""
    text, accept, dataset = ASKED[case]
    sent: Any = {"data": {"query": text, **dataset}, "headers": {"Accept": accept}}
    ours, theirs = client.post("/sparql", **sent), remote_client.post("/sparql", **sent)
    if case == "too large":
        assert theirs.status_code == 503
        assert theirs.get_json(force=True)["type"] == "/problems/result-too-large"
        return
    assert theirs.status_code == ours.status_code
    assert theirs.content_type == ours.content_type
    if ours.status_code != 200 and ours.is_json:
        told = [each.get_json(force=True) for each in (ours, theirs)]
        assert told[0] == told[1]
    elif case.startswith("graph as"):  # the order of triples means nothing
        graphs = [Graph().parse(data=each.get_data(), format=accept) for each in (ours, theirs)]
        assert len(graphs[0]) == 3
        assert isomorphic(*graphs)
    else:
        assert theirs.get_data() == ours.get_data()


def test_a_slow_query_ends_at_our_deadline(
    oxigraph: Callable[..., tuple[subprocess.Popen[bytes], str]],
    store: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The endpoint's own limit, if it has one, is not what the client was promised.

    This one goes on for hours with what nobody waits for any more, so it is no other test's.
    """
    behind, address = oxigraph("serve-read-only", "--location", store)
    with in_front_of(address) as client:
        desk = client.application.extensions["peelgraph"].desk
        with monkeypatch.context() as patched:
            patched.setattr(desk, "limits", replace(desk.limits, timeout=1.0))
            answer = client.post("/sparql", data={"query": CROSS})
        assert answer.status_code == 503
        assert answer.get_json(force=True)["type"] == "/problems/query-timeout"
        assert client.get("/readyz").status_code == 200
        assert client.post("/sparql", data={"query": "ASK {}"}).status_code == 200
    behind.kill()


def test_the_pages_of_a_remote_engine_are_there(remote_client: FlaskClient) -> None:
    """The description claims what a query finds."""
    described = remote_client.get("/sparql", headers={"Accept": "application/n-triples"})
    assert b'triples> "3000"' in described.get_data()
    assert b"UnionDefaultGraph" in described.get_data()
    assert remote_client.get("/").status_code == 200


def test_a_remote_engine_that_is_named_has_no_dumps_here(read_only: str, built_data: Path) -> None:
    """The version is the endpoint's; a data folder beside it is nobody's business."""
    settings = Settings(engine=read_only, engine_version="2026-11", data=built_data)
    name = DataFolder(built_data).current().name
    with closing(start_engine(settings)) as engine:
        assert (
            create_app(settings, engine).test_client().get(f"/dumps/{name}.nq").status_code == 404
        )


def rows(engine: Engine, query: Query) -> list[Any]:
    """The rows of an answer, in no order; a graph's lines."""
    graph = outline(query.text).gives_graph
    media_type = "application/n-triples" if graph else "application/sparql-results+json"
    body = engine.answer(query, media_type, LIMITS).read()
    if graph:
        return sorted(body.splitlines())
    return sorted(
        json.dumps(each, sort_keys=True) for each in json.loads(body)["results"]["bindings"]
    )


@pytest.fixture(scope="module")
def bundled_endpoint(
    built_data: Path,
    oxigraph: Callable[..., tuple[Any, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """An endpoint over what is bundled; its default graph is the union, as a set."""
    folder = tmp_path_factory.mktemp("bundled")
    lines = DataFolder(built_data).current().quads_file.read_text(encoding="utf-8").splitlines()
    quads, store = folder / "quads.nq", folder / "store"
    quads.write_text("\n".join([*lines, *triples_of(lines), ""]), encoding="utf-8")
    load = [OXIGRAPH, "load", "--location", str(store), "--file", str(quads)]
    subprocess.run(load, check=True, capture_output=True, timeout=200)
    return oxigraph("serve-read-only", "--location", str(store))[1]


def test_linked_data_is_the_same_before_a_remote_engine(
    built_client: FlaskClient, bundled_endpoint: str
) -> None:
    """Documents, sets, graphs and what is not there, without a version of ours."""
    with closing(start_engine(Settings(engine=bundled_endpoint))) as engine:
        remote = create_app(Settings(engine=bundled_endpoint), engine).test_client()
        for path in (
            *(
                "/doc/force/kent",
                "/data/judgment/peel-2015/kent/legitimacy",
                "/def/pillar/efficiency",
            ),
            *("/id/force", "/id/judgment", "/graph/scheme/pillar", "/def/inspection"),
            "/doc/cycle/peel-2015",
        ):
            ours, theirs = built_client.get(f"{path}.nt"), remote.get(f"{path}.nt")
            assert theirs.status_code == 200, theirs.text
            assert set(theirs.text.splitlines()) == set(ours.text.splitlines()), path
            assert "ETag" not in theirs.headers
        assert remote.get("/id/force/kent").status_code == 303
        assert remote.get("/id/force/knet").status_code == 404
        assert remote.get("/doc/force/kent.html").status_code == 200


def test_saved_queries_answer_the_same_with_their_parameters(
    built_data: Path, bundled_endpoint: str
) -> None:
    """Bound by a block of values there, by the engine's own means here: the same rows."""
    remote = Settings(engine=bundled_endpoint)
    compared = 0
    with (
        closing(start_engine(Settings(data=built_data, workers=1))) as ours,
        closing(start_engine(remote)) as theirs,
    ):
        for query in saved_queries().values():
            values = {each.name: each.example for each in query.parameters if each.example}
            terms = bound(query, values, Iris())
            given = tuple((name, term.n3()) for name, term in terms.items())
            asked = Query(query.text, union=True, substitutions=given)
            found = rows(ours, asked)
            assert rows(theirs, asked) == found, query.name
            compared += bool(found and given)
    assert compared > 5, "the examples must find something"


def test_serve_in_front_of_a_writable_endpoint(
    oxigraph: Callable[..., tuple[subprocess.Popen[bytes], str]], small_quads: Path
) -> None:
    """The command, its line, the loss of the endpoint and its return, as an operator sees them."""
    behind, address = oxigraph("serve")
    place = address.removeprefix("http://").partition("/")[0]
    loading = http.client.HTTPConnection(place, timeout=60)
    kind = {"Content-Type": "application/n-quads"}
    loading.request("POST", "/store", small_quads.read_bytes(), kind)
    assert loading.getresponse().status in {200, 201, 204}
    loading.close()
    command = [sys.executable, "-m", "peelgraph.server.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--engine", address, "--engine-union", "union-default-graph="],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as front:
        try:
            assert front.stdout is not None
            line = front.stdout.readline()
            assert line.startswith("Serving http://"), line
            netloc = line.split("/")[2]
            assert asked_of(netloc, "/readyz")[0] == 200
            query = "/sparql?query=" + quote(FROM_1)
            assert asked_of(netloc, query)[:2] == (200, b'"1000"')
            behind.kill()
            behind.wait(30)
            status, body, headers = asked_of(netloc, query)
            assert (status, headers["Retry-After"]) == (503, "2")
            assert b"/problems/engine-unavailable" in body
            while asked_of(netloc, "/readyz")[0] == 200:  # at most a second old
                time.sleep(0.1)
            assert asked_of(netloc, "/livez")[0] == 200
            assert asked_of(netloc, "/")[0] == 200
        finally:
            front.terminate()
            assert front.wait(120) == 0
    refused = subprocess.run(
        [*command, "--engine", address], capture_output=True, text=True, timeout=200, check=False
    )
    assert refused.returncode == 5
    assert address in refused.stderr


def asked_of(netloc: str, path: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Status, body (of one number, that alone) and headers of a GET."""
    connection = http.client.HTTPConnection(netloc, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if b'"bindings"' in body:
            value = json.loads(body)["results"]["bindings"][0]["n"]["value"]
            body = json.dumps(value).encode()
        return answer.status, body, answer.headers
