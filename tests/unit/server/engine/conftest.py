"""A pool over a small file, and the limits that tests give a query."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.server.engine.interface import Limits
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import rdf_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE = 1024 * 1024


@pytest.fixture
def limits() -> Limits:
    """Ten seconds, a quarter of a gibibyte, a megabyte of answer."""
    return Limits(timeout=10.0, memory_bytes=256 * MEBIBYTE, result_bytes=1_000_000)


@pytest.fixture
def pool(small_quads: Path) -> Iterator[WorkerPool]:
    """Two workers over three thousand quads, four places in the line."""
    with closing(WorkerPool(rdf_file(small_quads), workers=2, places=4, patience=5.0)) as running:
        yield running
