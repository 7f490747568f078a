"""Many pages: as many processes as one, and killed and resumed as never interrupted."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOMENT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


@pytest.fixture
def pages(
    soak: bool,  # noqa: FBT001 - a fixture's name
    invented_pages: Callable[..., list[Path]],
    tmp_path: Path,
) -> list[Path]:
    """Invented pages of real forces, more than are read in one process."""
    return invented_pages(tmp_path / "pages", 1000 if soak else 16)


def digest_of(data: Path, pages: list[Path], processes: int) -> str:
    """The digest of the version that ingesting *pages* gives."""
    run = Run(iris=Iris(), tables=bundled_tables(), moment=MOMENT)
    sources = [(page.name, partial(capture_file, page)) for page in pages]
    ingestion = ingest(DataFolder(data), sources, run, processes=processes)
    assert {outcome.state for outcome in ingestion.outcomes} <= {"landed", "unchanged"}
    return DataFolder(data).current().manifest.digest


def ingesting(data: Path, pages: list[Path]) -> subprocess.Popen[bytes]:
    """A fresh process that ingests *pages* into *data*."""
    command = [sys.executable, "-m", "peelgraph.server.cli", "ingest", "--data", str(data), "-q"]
    return subprocess.Popen([*command, *map(str, pages)], stdout=subprocess.DEVNULL)


@pytest.mark.timeout(3600)
def test_killed_and_resumed_is_as_never_interrupted(  # noqa: PLR0913, PLR0917 - what it needs
    built_data: Path,
    pages: list[Path],
    tmp_path: Path,
    endless_page: Path,
    kill_while_reading: Callable[[subprocess.Popen[bytes]], None],
    kill_while_writing: Callable[[subprocess.Popen[bytes], Path, float], None],
    *,
    soak: bool,
) -> None:
    """What is published depends on the pages alone, not on processes or accidents.

    At full counts some of the pages come first; each run is killed before it publishes, and then
    at random moments.
    """
    whole = shutil.copytree(built_data, tmp_path / "whole", symlinks=True)
    cut = shutil.copytree(built_data, tmp_path / "cut", symlinks=True)
    chance = random.Random(3)  # noqa: S311 - the same moments every time
    before = DataFolder(cut).current().manifest.digest
    for arrived, processes in [(pages[:13], 1)] * soak + [(pages, 2)]:
        started = time.monotonic()
        expected = digest_of(whole, arrived, processes=1)
        duration = time.monotonic() - started
        for number in range(3 if soak else 2):
            if number == 0:
                kill_while_reading(ingesting(cut, [*arrived, endless_page]))
            else:
                moment = duration * chance.random() * 0.7
                kill_while_writing(ingesting(cut, arrived), cut, moment)
            current = DataFolder(cut).current()
            current.check()
            assert current.manifest.digest in ({before, expected} if number else {before})
        if DataFolder(cut).current().manifest.digest != expected:
            assert digest_of(cut, arrived, processes) == expected
        before = expected
