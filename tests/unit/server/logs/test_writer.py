"""Lines are written soon, kept for days, and never in anybody's way."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import UsageError
from peelgraph.graph.settings import Settings
from peelgraph.server.logs import writer as module
from peelgraph.server.logs.log import opened_log
from peelgraph.server.logs.writer import DAYS, DailyFile, LineWriter, to_descriptor

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a writer that is closed write what waits, also on a busy machine."""
    monkeypatch.setattr(module, "END_PATIENCE", 60.0)


def test_a_sink_that_blocks_costs_lines_and_no_time() -> None:
    """A pipe that nobody reads must not stop the service."""
    blocked, written = threading.Event(), list[str]()

    def sink(text: str) -> None:
        blocked.wait(60)
        written.append(text)

    writer = LineWriter(sink, most=10)
    writer.put("first\n")
    while writer.waiting:
        threading.Event().wait(0.01)
    for number in range(25):
        writer.put(f"{number}\n")
    assert writer.dropped == 15
    blocked.set()
    writer.close()
    assert "".join(written) == "first\n" + "".join(f"{number}\n" for number in range(10))


def test_a_sink_that_fails_costs_lines_alone() -> None:
    """A full disk is no reason to stop answering."""

    def sink(text: str) -> None:
        raise OSError(28, text)

    with closing(LineWriter(sink)) as writer:
        writer.put("a\n")
        writer.put("b\n")
    assert writer.dropped == 2


def test_a_descriptor_takes_all_of_it() -> None:
    """A pipe takes a part at a time."""
    reading, writing = os.pipe()
    text = "0123456789abcdef\n" * 20_000
    read: list[bytes] = []

    def drain() -> None:
        while piece := os.read(reading, 65_536):
            read.append(piece)

    reader = threading.Thread(target=drain)
    reader.start()
    to_descriptor(writing)(text)
    os.close(writing)
    reader.join()
    os.close(reading)
    assert b"".join(read).decode() == text


def test_each_day_has_its_file_and_two_weeks_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses, even cut, are not to be kept for ever."""
    day, path = 86_400, tmp_path / "server.log"
    now = [1_700_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    with closing(DailyFile(path)) as file:
        file.rolloverAt = file.computeRollover(int(now[0]))
        for number in range(20):
            file.write(f"day {number}\nmore of it\n")
            now[0] += day
    kept = sorted(each.name for each in tmp_path.iterdir())
    assert len(kept) == DAYS + 1 == 15
    assert path.read_text() == "day 19\nmore of it\n"
    assert (tmp_path / "server.log.2023-12-02").read_text() == "day 18\nmore of it\n"


def test_a_log_file_that_cannot_be_written_is_said_before_anything_starts(tmp_path: Path) -> None:
    """Not at the first request."""
    settings = Settings(log_file=str(tmp_path / "none" / "x.log"))
    with pytest.raises(UsageError) as caught, opened_log(settings):
        pass
    assert caught.value.place == "--log-file"
