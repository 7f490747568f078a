"""A server over a small data folder of its own, with tokens of every kind."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.settings import Settings
from peelgraph.graph.staging import staged
from peelgraph.graph.tokens import Tokens
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import RunningServer
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

MOMENT = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
GRAPH = "http://example.org/g"


@dataclass
class Service:
    """A running application and what its tests need to know of it."""

    client: FlaskClient
    data: DataFolder
    secrets: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, kind: str = "update", **request: Any) -> TestResponse:  # noqa: ANN401 - what the client takes
        """The response to a request that carries a token of that *kind*."""
        headers = dict(request.pop("headers", {}))
        if kind:
            headers["Authorization"] = f"Bearer {self.secrets[kind]}"
        return self.client.open(path, method=method, headers=headers, **request)

    def update(self, text: str, query: str = "", **request: Any) -> TestResponse:  # noqa: ANN401 - the same
        """The response to an update."""
        sent = {"content_type": "application/sparql-update", "data": text.encode(), **request}
        return self.send("POST", f"/update{query}", **sent)

    def put(self, turtle: str, graph: str = GRAPH, **request: Any) -> TestResponse:  # noqa: ANN401 - the same
        """The response to a PUT of Turtle."""
        sent = {"content_type": "text/turtle", "data": turtle.encode(), **request}
        return self.send("PUT", f"/store?graph={graph}", **sent)

    def ask(self, pattern: str) -> bool:
        """Whether the query engine finds *pattern*."""
        found = self.client.get("/sparql", query_string={"query": f"ASK {{ {pattern} }}"})
        return bool(found.get_json(force=True)["boolean"])

    def digest(self) -> str:
        """The digest of what is current."""
        return self.data.current().manifest.digest


def seeded(data: DataFolder) -> None:
    """Publish a version with one small graph that is no business of any shape."""
    graph = Graph()
    graph.add((URIRef("http://example.org/a"), URIRef("http://example.org/p"), Literal("seed")))
    with staged(data, Iris()) as stage:
        stage.replace_graphs({URIRef("http://example.org/seed"): graph})
        stage.publish(data, MOMENT)


def tokens_of(data: DataFolder) -> dict[str, str]:
    """A token of each scope, one that has ended and one that was revoked."""
    tokens, now = Tokens(data.path), dt.datetime.now(dt.UTC)
    secrets = {scope: tokens.create(scope, now)[1] for scope in ("update", "publish", "admin")}
    past = now - dt.timedelta(days=2)
    ended = past + dt.timedelta(days=1)
    secrets["expired"] = tokens.create("update", past, expires=ended)[1]
    revoked, secrets["revoked"] = tokens.create("update", now)
    tokens.revoke(revoked.id, now)
    secrets["unknown"] = "pg_nobody-has-ever-seen-this-one"
    return secrets


def running(data: DataFolder, **settings: Any) -> Iterator[Service]:  # noqa: ANN401 - settings
    """A service over *data*."""
    chosen = Settings(data=data.path, workers=1, **settings)
    with closing(start_engine(chosen)) as engine:
        app = create_app(chosen, engine)
        yield Service(app.test_client(), data, tokens_of(data))
        app.extensions["peelgraph"].writer.close()


@pytest.fixture(scope="module")
def client(small_quads: Path) -> Iterator[FlaskClient]:
    """A client of a server over a file."""
    settings = Settings(workers=1)
    with closing(start_engine(settings, small_quads)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A folder with one small version."""
    data = DataFolder(tmp_path_factory.mktemp("scratch") / "data")
    seeded(data)
    return data


@pytest.fixture(scope="module")
def service(scratch: DataFolder) -> Iterator[Service]:
    """A server in the standard's own sense of a default graph, over a scratch folder."""
    yield from running(scratch, default_graph="plain", write_bytes=200_000)


@pytest.fixture
def disk_service(tmp_path: Path) -> Iterator[Service]:
    """A server over a version on disk, its default graph the union."""
    data = DataFolder(tmp_path / "data")
    seeded(data)
    yield from running(data, default_graph="union", memory_budget=0)


@pytest.fixture(scope="module")
def started_service(
    started_servers: Callable[..., RunningServer], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[str, str]]:
    """One real server a module and settings: returns where it listens and a token."""
    known: dict[str, tuple[str, str]] = {}

    def start(**settings: Any) -> tuple[str, str]:  # noqa: ANN401 - settings
        name = json.dumps(settings, sort_keys=True)
        if name not in known:
            data = DataFolder(tmp_path_factory.mktemp("served") / "data")
            seeded(data)
            chosen = {"data": str(data.path), "workers": 1, "default_graph": "plain"} | settings
            secret = Tokens(data.path).create("update", dt.datetime.now(dt.UTC))[1]
            known[name] = started_servers(None, **chosen).netloc, secret
        return known[name]

    return start


@pytest.fixture(scope="module")
def bundled(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server over most of what is bundled, its default graph the union."""
    folder = tmp_path_factory.mktemp("bundled") / "data"
    shutil.copytree(small_data, folder, symlinks=True)
    yield from running(DataFolder(folder))
