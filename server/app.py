"""Composes the web application: settings, an engine, the blueprints, the headers."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from flask import Flask

from peelgraph.graph.dumps import DumpMaker
from peelgraph.graph.errors import PeelgraphError, UsageError
from peelgraph.graph.settings import MEBIBYTE
from peelgraph.graph.tokens import Tokens
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.digests import graph_digests
from peelgraph.graph.writing.writer import Bounds, Writer
from peelgraph.server.answering.desk import Desk
from peelgraph.server.api import ad_hoc, assets, editor, reference, saved, terms
from peelgraph.server.counters import Counters
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.remote import RemoteEngine, remote_of
from peelgraph.server.engine.source import CurrentVersion, rdf_file
from peelgraph.server.linked import routes as linked
from peelgraph.server.linked.nearest import nearest_to
from peelgraph.server.pages import dumps, endpoint, failures, operation, store, update
from peelgraph.server.pages.service import Service
from peelgraph.server.protocol.origin import Origins
from peelgraph.server.protocol.request import body_limit
from peelgraph.server.security import add_headers, refuse_odd_host, refuse_unknown_host
from peelgraph.server.site import (
    catalogue,
    chart_pages,
    compare,
    discovery,
    downloads,
    forces,
    grades,
    home,
    listing,
    ontology,
    quality,
    search,
    structured,
    theme_pages,
    wording,
)

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from peelgraph.graph.settings import Settings
    from peelgraph.server.engine.interface import Engine


SITE = (
    *(home, forces, grades, compare, listing, search, chart_pages, theme_pages),
    *(ontology, quality, downloads, catalogue, discovery),
)
API = (saved, ad_hoc, editor, terms, assets, reference)
SECTIONS = (endpoint, update, store, dumps, operation, *SITE, *API, linked, failures)
VERSIONS_KNOWN = 8


def start_engine(
    settings: Settings,
    dataset: Path | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> Engine:
    """Return a running engine over *dataset*, a remote endpoint, or the current version.

    The caller closes it. With a *loop* of the caller's, it is made and closed off that loop.

    Raises:
        NoVersion: There is no dataset and nothing has been published.
        InputError: The dataset is missing or does not parse.
        UsageError: The endpoint's address is none, or a dataset is given besides.
        NetworkError: The endpoint does not answer.
    """
    if settings.engine:
        return _remote_engine(settings, dataset, loop)
    return WorkerPool(
        CurrentVersion(settings.data) if dataset is None else rdf_file(dataset),
        workers=settings.workers,
        places=settings.queue,
        patience=settings.queue_wait,
        budget=settings.memory_budget,
        union=settings.default_graph == "union",
        share=settings.client_workers,
        loop=loop,
    )


def _remote_engine(
    settings: Settings, dataset: Path | None, loop: asyncio.AbstractEventLoop | None
) -> Engine:
    if dataset is not None:
        raise UsageError(
            "a file and a remote engine cannot be served at once",
            place="--engine",
            expected="--dataset or --engine",
        )
    engine = RemoteEngine(
        remote_of(settings),
        workers=settings.workers,
        places=settings.queue,
        patience=settings.queue_wait,
        share=settings.client_workers,
        loop=loop,
    )
    try:
        engine.greet()
    except PeelgraphError:
        engine.close()
        raise
    return engine


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """Return the web application.

    Args:
        settings: All settings; read nowhere else.
        engine: What answers queries. Without one, a pool over the current version is started;
            it is ``app.extensions["peelgraph"].engine``, and whoever made the app closes it.

    Raises:
        NoVersion: No engine was given and nothing has been published.
    """
    app = Flask("peelgraph.server.pages")
    app.config["MAX_CONTENT_LENGTH"] = body_limit(settings.query_bytes)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    wording.register(app)
    structured.register(app)
    app.extensions["peelgraph"] = _service(settings, engine or start_engine(settings))
    for section in SECTIONS:
        app.register_blueprint(section.pages)
    failures.register(app, nearest_to)
    app.before_request(operation.note_route)
    app.before_request(refuse_odd_host)
    app.before_request(refuse_unknown_host)
    app.after_request(add_headers)
    return app


def _service(settings: Settings, engine: Engine) -> Service:
    """Return what pages may ask for; what has no version cannot be written to."""
    desk, tokens = Desk(settings, engine, Counters()), Tokens(settings.data)
    origins = Origins(settings.proxies, settings.hosts)
    if settings.engine or engine.version() is None:
        return Service(settings, engine, desk, origins, tokens)
    bounds = Bounds(
        memory=settings.write_memory * MEBIBYTE,
        seconds=settings.write_timeout,
        patience=settings.write_wait,
        waiting=settings.write_queue,
        held=settings.memory_budget * MEBIBYTE,
        keep=settings.write_versions,
    )
    digests = lru_cache(VERSIONS_KNOWN)(partial(graph_digests, settings.data))
    writer = Writer(settings.data, bounds)
    maker = DumpMaker(DataFolder(settings.data))
    return Service(settings, engine, desk, origins, tokens, writer, digests, maker)
