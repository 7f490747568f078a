"""However an ingest ends, nothing that it started lives on, and nothing half is published."""

from __future__ import annotations

import html
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# The program as its user runs it, with two processes wherever the test runs.
PROGRAM = """
from peelgraph.graph import ingest
from peelgraph.server.cli import main
ingest.cores = lambda: 2
main()
"""
# A worker whose task is to read a pipe.
READING = """
import pydoc, sys
from functools import partial
from pathlib import Path
from peelgraph.graph.workers import Workforce
with Workforce(partial(pydoc.locate, "pathlib.Path.read_bytes"), repr, processes=1) as force:
    list(force.in_order([Path(sys.argv[1])]))
"""
PATIENCE = 120.0  # seconds until a test is given up


@pytest.fixture
def html_pages(invented_pages: Callable[..., list[Path]], tmp_path: Path) -> Path:
    """A folder of invented pages of real forces as HTML, more than are read in one process."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for text in invented_pages(tmp_path / "texts", 16):
        lines = html.escape(text.read_text(encoding="utf-8")).splitlines()
        page = "".join(f"<p>{line}</p>" for line in lines)
        (folder / f"{text.stem}.html").write_text(f"<!DOCTYPE html><body>{page}", encoding="utf-8")
    return folder


def kinds(processes: Iterable[int]) -> Counter[str]:
    """How many of *processes* prepare pages, and how many parse what strangers wrote."""
    counted: Counter[str] = Counter()
    for pid in processes:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        counted["worker"] += b"graph.workers" in command
        counted["parser"] += b"graph.confined" in command
    return counted


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_broken_off_ingest_leaves_no_process(  # noqa: PLR0913, PLR0917 - what it needs
    own_data: Path,
    html_pages: Path,
    endless_page: Path,
    await_reader: Callable[[subprocess.Popen[str]], None],
    processes_below: Callable[[int], set[int]],
    await_gone: Callable[..., None],
    number: signal.Signals,
) -> None:
    """Workers have parsers of their own below them; Ctrl-C reaches all of them at once.

    One of the workers stands at the last page until then, so that it is caught in the middle.
    """
    before = DataFolder(own_data).current().name
    sources = [str(html_pages), str(endless_page)]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "ingest", *sources, "--data", str(own_data)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    below: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while kinds(below) != {"worker": 2, "parser": 2}:
        assert time.monotonic() < deadline, kinds(below)
        time.sleep(0.02)
        below.update(processes_below(process.pid))
    await_reader(process)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    await_gone(below, PATIENCE)
    assert "Traceback" not in said
    folder = DataFolder(own_data)
    assert [version.name for version in folder.versions()] == [before]
    assert folder.current().name == before
    if number == signal.SIGINT:
        assert "Interrupted" in said
        assert not list(folder.versions_folder.glob(".*"))


def test_a_worker_ends_with_its_main_process_in_the_middle_of_a_task(
    processes_below: Callable[[int], set[int]], await_gone: Callable[..., None], tmp_path: Path
) -> None:
    """Checking one page may take a minute, for which nobody would wait any more."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen([sys.executable, "-c", READING, str(pipe)])
    with pipe.open("wb"):  # which waits for the reader, who then waits for what never comes
        below = processes_below(process.pid)
        assert len(below) == 1
        process.kill()
        process.wait(PATIENCE)
        await_gone(below, PATIENCE)
