"""A pool over a small file, and the limits that tests give a query."""

from __future__ import annotations

import json
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.server.engine import pool as pool_module
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import rdf_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEBIBYTE = 1024 * 1024
PATIENCE = 60.0
"""Seconds that nothing takes unless it hangs, however busy the machine is."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pools give requests, and a look at their health, as long as that."""
    monkeypatch.setitem(WorkerPool.__init__.__kwdefaults__, "patience", PATIENCE)
    monkeypatch.setattr(pool_module, "CANNED_LIMITS", Limits(PATIENCE, 256 * MEBIBYTE, 1024))


@pytest.fixture
def limits() -> Limits:
    """A minute, a quarter of a gibibyte, a megabyte of answer."""
    return Limits(timeout=PATIENCE, memory_bytes=256 * MEBIBYTE, result_bytes=1_000_000)


@pytest.fixture
def pool(small_quads: Path) -> Iterator[WorkerPool]:
    """Two workers over three thousand quads, four places in the line."""
    with closing(WorkerPool(rdf_file(small_quads), workers=2, places=4)) as running:
        yield running


@pytest.fixture
def number(limits: Limits) -> Callable[[WorkerPool, Query], int]:
    """Find the only value of the only row of the answer to a query."""

    def find(pool: WorkerPool, query: Query) -> int:
        text = pool.answer(query, "application/sparql-results+json", limits).read()
        (row,) = json.loads(text)["results"]["bindings"]
        (value,) = row.values()
        return int(value["value"])

    return find


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """Find out whether a condition comes true within a minute."""

    def wait(condition: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                return False
            threading.Event().wait(0.01)
        return True

    return wait


@pytest.fixture
def supervisor_of() -> Callable[[WorkerPool], int]:
    """Find the process id of a pool's template."""

    def find(pool: WorkerPool) -> int:
        pid = pool.status().supervisor
        assert pid is not None
        return pid

    return find
