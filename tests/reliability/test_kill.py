"""A writer that is killed at any moment leaves one complete version serving, old or new."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PATIENCE = 280  # seconds until a run on a busy machine is given up


def ingesting(data: Path, *pages: Path) -> subprocess.Popen[bytes]:
    """A fresh process that ingests *pages* into *data*."""
    command = [sys.executable, "-m", "peelgraph.server.cli", "ingest", *map(str, pages)]
    return subprocess.Popen(
        [*command, "--data", str(data), "--quiet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.timeout(1200)
def test_kill_during_ingest_leaves_the_old_or_the_new_version(  # noqa: PLR0913, PLR0917 - what it needs
    small_data: Path,
    kent_2015_path: Path,
    tmp_path: Path,
    endless_page: Path,
    kill_while_reading: Callable[[subprocess.Popen[bytes]], None],
    kill_while_writing: Callable[[subprocess.Popen[bytes], Path, float], None],
    *,
    soak: bool,
) -> None:
    """Power cuts and operators' impatience must never cost the data that was there."""
    whole = tmp_path / "whole"
    shutil.copytree(small_data, whole, symlinks=True)
    started = time.monotonic()
    assert ingesting(whole, kent_2015_path).wait(PATIENCE) == 0
    duration = time.monotonic() - started
    old, new = (v.manifest.digest for v in DataFolder(whole).versions())

    moments = random.Random(2015)  # noqa: S311 - moments, not secrets
    seen = set()
    data = tmp_path / "killed"
    shutil.copytree(small_data, data, symlinks=True)
    for number in range(50 if soak else 2):
        # The first has stored the page and waits for another, so that one is certainly killed then.
        if number == 0:
            kill_while_reading(ingesting(data, kent_2015_path, endless_page))
        else:
            moment = duration * moments.uniform(0, 0.7)
            kill_while_writing(ingesting(data, kent_2015_path), data, moment)
        folder = DataFolder(data)
        current = folder.current()
        current.check()
        assert current.manifest.digest in {old, new}
        seen.add(current.manifest.digest == new)
        if current.manifest.digest == new:
            folder.rollback(current.manifest.parent)
            folder.prune(keep=0)
    assert ingesting(data, kent_2015_path).wait(PATIENCE) == 0
    assert DataFolder(data).current().manifest.digest == new
    assert False in seen, "no kill came before the new version was published"


def test_disk_full_during_ingest_is_said_and_loses_nothing(
    built_data: Path, kent_2015_path: Path, tmp_path: Path
) -> None:
    """A file size limit stands in for a full disk: every write past it fails."""
    data = tmp_path / "full"
    shutil.copytree(built_data, data, symlinks=True)
    before = DataFolder(data).current().name
    limited = (
        "import resource, signal, sys\n"
        "from peelgraph.server.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "ingest", str(kent_2015_path), "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert "previous version still serves" in done.stderr
    folder = DataFolder(data)
    assert folder.current().name == before
    folder.current().check()
