"""A folder with one small version, to be written to."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.ground import prepared

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.writing.ground import Ground

MOMENT = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
HELD = 10**9


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A folder with one small version, of which each test writes to a copy."""
    return seeded(tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="module")
def known(seed: DataFolder) -> Ground:
    """Some other version made ready: its shapes serve for every version without references."""
    return prepared(seed, HELD)


@pytest.fixture
def data(seed: DataFolder, tmp_path: Path) -> DataFolder:
    """A folder with one small version."""
    return DataFolder(shutil.copytree(seed.path, tmp_path / "data", symlinks=True))


def seeded(path: Path) -> DataFolder:
    """A folder in *path* with one small version."""
    folder, graph = DataFolder(path / "data"), Graph()
    graph.add((URIRef("a:seed"), URIRef("a:p"), Literal("seed")))
    with staged(folder, Iris()) as stage:
        stage.replace_graphs({URIRef("a:seeded"): graph})
        stage.publish(folder, MOMENT)
    return folder
