"""The bundled tables, and a copy of them that a test may break."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from peelgraph.graph.tables import Tables, bundled_tables


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The bundled tables."""
    return bundled_tables()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a copy of every bundled table."""
    for file in Path(str(files("peelgraph.graph") / "tables")).iterdir():
        if file.suffix in {".csv", ".json"}:
            shutil.copy(file, tmp_path)
    return tmp_path
