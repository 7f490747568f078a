"""The memory of an ingest does not depend on how many pages there are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# In a process of its own, since a peak is that of a whole process. Buffers are made small, so
# that few pages fill them; at full counts they are as they are.
INGEST = """
import datetime as dt, json, pathlib, resource, sys
from functools import partial
from peelgraph.graph import store
from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import memory
from peelgraph.graph.versions import DataFolder
data, folder, count, processes, small = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
if small:
    store.BUFFERED, memory.MOST_REMOVED = 3_000, 2_000
files = sorted(pathlib.Path(folder).iterdir())[:count]
run = Run(iris=Iris(), tables=bundled_tables(), moment=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
sources = [(each.name, partial(capture_file, each)) for each in files]
ingestion = ingest(DataFolder(pathlib.Path(data)), sources, run, processes=processes)
assert {each.state for each in ingestion.outcomes} == {"landed"}
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(json.dumps([resource.getrusage(kind).ru_maxrss // 1024 for kind in kinds]))
"""


def peaks(built: Path, scratch: Path, count: int, processes: int, *, small: bool) -> list[int]:
    """The MiB that ingesting *count* pages took, in the main process and in the largest worker."""
    data = shutil.copytree(built, scratch / f"data-{count}", symlinks=True)
    numbers = map(str, (count, processes, int(small)))
    command = [sys.executable, "-c", INGEST, str(data), str(scratch / "pages"), *numbers]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    shutil.rmtree(data)
    return list(json.loads(done.stdout))


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_few_pages_or_more_take_the_same_memory(
    small_data: Path, invented_pages: Callable[..., list[Path]], tmp_path: Path
) -> None:
    """What one page leaves behind is multiplied by thousands: here 19 MiB, without the measures."""
    invented_pages(tmp_path / "pages", 24)
    few, more = (peaks(small_data, tmp_path, n, 1, small=True)[0] for n in (6, 24))
    assert more - few < 9, (few, more)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_thousand_pages_take_the_memory_of_a_quarter(
    built_data: Path, invented_pages: Callable[..., list[Path]], tmp_path: Path
) -> None:
    """The figure that is stated: at most a quarter more, in the main process and in workers."""
    invented_pages(tmp_path / "pages", 1000)
    few, more = (peaks(built_data, tmp_path, n, 2, small=False) for n in (250, 1000))
    for name, quarter, whole in zip(("main", "worker"), few, more, strict=True):
        assert whole < 1.25 * quarter, (name, few, more)
