"""Many pages: as many processes as one, and killed and resumed as never interrupted."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

MAKER = Path(__file__).parent.parent / "bench" / "pages.py"
MOMENT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


@pytest.fixture
def folder_of_pages(soak: bool, tmp_path: Path) -> Path:  # noqa: FBT001 - a fixture's name
    """Invented pages of real forces, more than are read in one process."""
    folder, count = tmp_path / "pages", "1000" if soak else "14"
    options = ["--count", count, "--sentences", "5"]
    subprocess.run([sys.executable, MAKER, folder, *options], check=True)
    return folder


def digest_of(data: Path, pages: Path, processes: int) -> str:
    """The digest of the version that ingesting *pages* gives."""
    run = Run(iris=Iris(), tables=bundled_tables(), moment=MOMENT)
    sources = [(page.name, partial(capture_file, page)) for page in sorted(pages.iterdir())]
    ingestion = ingest(DataFolder(data), sources, run, processes=processes)
    assert {outcome.state for outcome in ingestion.outcomes} == {"landed"}
    return DataFolder(data).current().manifest.digest


@pytest.mark.timeout(1800)
def test_killed_and_resumed_is_as_never_interrupted(
    built_data: Path,
    folder_of_pages: Path,
    tmp_path: Path,
    soak: bool,  # noqa: FBT001 - a fixture's name
) -> None:
    """What is published depends on the pages alone, not on processes or accidents."""
    whole = shutil.copytree(built_data, tmp_path / "whole", symlinks=True)
    cut = shutil.copytree(built_data, tmp_path / "cut", symlinks=True)
    expected = digest_of(whole, folder_of_pages, processes=1)
    command = [sys.executable, "-m", "peelgraph.server.cli", "ingest", "--data", str(cut)]
    chance = random.Random(3)  # noqa: S311 - the same moments every time
    for _ in range(3 if soak else 1):
        process = subprocess.Popen(
            [*command, str(folder_of_pages)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(chance.uniform(1, 60 if soak else 3))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if DataFolder(cut).current().manifest.digest != expected:
        assert digest_of(cut, folder_of_pages, processes=2) == expected
