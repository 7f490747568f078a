"""The application over a small file, without a socket."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.dumps import make_dumps
from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from peelgraph.graph.dumps import Dumps


@pytest.fixture(scope="session")
def client(small_quads: Path) -> Iterator[FlaskClient]:
    """A client of the whole application over three thousand quads."""
    settings = Settings(
        workers=2, query_bytes=100_000, memory=256, client_errors=0, client_seconds=0
    )
    with closing(start_engine(settings, small_quads)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="session")
def dumps(built_data: Path) -> Dumps:
    """The files of what is bundled."""
    data = DataFolder(built_data)
    return make_dumps(data, data.current().name)
