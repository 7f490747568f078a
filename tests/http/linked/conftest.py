"""The application over what is bundled and one page that was read: an invented one."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

PAGE = Path(__file__).parents[2] / "data" / "wessmarch-2014.txt"


@pytest.fixture(scope="session")
def read_data(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is bundled and the invented page of 2014, read as if it were about Hampshire."""
    folder = tmp_path_factory.mktemp("linked") / "data"
    shutil.copytree(built_data, folder, symlinks=True)
    moment = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
    run = Run(iris=Iris(), tables=bundled_tables(), moment=moment, force="hampshire")
    ended = ingest(DataFolder(folder), [(PAGE.name, lambda: capture_file(PAGE))], run)
    assert ended.version is not None, ended.outcomes
    return folder


@pytest.fixture(scope="session")
def read_client(read_data: Path) -> Iterator[FlaskClient]:
    """A client of the application over what was read; nothing limits how much it asks."""
    settings = Settings(data=read_data, workers=1, client_seconds=0, client_errors=0)
    with closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()
