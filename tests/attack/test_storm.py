"""Everything at once, from many addresses: one ordinary client does not notice."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hostile.processes import descendants
from hostile.target import CANARY, MEBIBYTE, Target, descriptors_of, processes_of

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
WORKERS = 4
MEMORY = 256
MOST = (WORKERS * MEMORY + 768) * MEBIBYTE
"""Of all processes: what queries may have, the web process, the template, and the libraries."""
PAUSE = 0.02
SPARE = 4
"""Descriptors that a server may have more once it has done everything for the first time."""


@dataclass
class Heard:
    """What an ordinary client has met."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """Milliseconds within which that share was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def ordinary(target: Target, stop: threading.Event, heard: Heard) -> None:
    """Ask small queries at light load: one never seen, one repeated, and so on."""
    with closing(http.client.HTTPConnection(target.host, timeout=30)) as connection:
        while not stop.wait(PAUSE):
            number = len(heard.seconds)
            query = CANARY if number % 2 else f"{CANARY} # {number}"
            began = time.monotonic()
            try:
                connection.request("GET", "/sparql?query=" + quote(query))
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                heard.wrong.append(error)
                connection.close()
                continue
            heard.seconds.append(time.monotonic() - began)
            if response.status == 503 and b"query-timeout" in body:
                heard.late.append(heard.seconds[-1])
            elif response.status != 200 or b'"3"' not in body:
                heard.wrong.append((response.status, body[:300]))


def attacked(target: Target, seconds: float) -> tuple[Heard, dict[str, int], list[int]]:
    """What an ordinary client meets while the crowd attacks, what the crowd met, and the memory."""
    heard, stop = Heard(), threading.Event()
    port = target.host.rpartition(":")[2]
    asking = threading.Thread(target=ordinary, args=(target, stop, heard))
    with target.weighed() as weights:
        crowd = subprocess.Popen(
            [sys.executable, "-m", "hostile.crowd", port, str(seconds)],
            cwd=HERE,
            stdout=subprocess.PIPE,
            text=True,
        )
        asking.start()
        try:
            told, _ = crowd.communicate(timeout=seconds + 60)
        finally:
            crowd.kill()
            crowd.wait()
            stop.set()
            asking.join()
    return heard, json.loads(told), weights


def open_in(target: Target) -> list[str]:
    """What the descriptors of the web process stand for."""
    return sorted(str(each.readlink()) for each in Path(f"/proc/{target.pid}/fd").iterdir())


def await_calm(target: Target, descriptors: int) -> None:
    """Wait until there are as many processes and descriptors as before the attack."""
    target.await_calm(60)
    deadline = time.monotonic() + 60
    while descriptors_of(target.pid) > descriptors + SPARE:
        assert time.monotonic() < deadline, f"descriptors: {open_in(target)}"
        time.sleep(0.1)


@pytest.mark.timeout(900)
def test_a_mixed_attack_of_a_crowd_is_not_noticed(  # noqa: PLR0913 - what it needs
    started_servers: Callable[..., Any],
    small_quads: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    soak: bool,
) -> None:
    """Bombs, slow clients, huge bodies, half-closed sockets and garbage, from 64 addresses."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    limits = {"client_workers": 2, "client_seconds": 60.0, "client_errors": 30}
    seconds = float(os.environ.get("PEELGRAPH_STORM") or (300 if soak else 5))
    running = started_servers(
        small_quads, workers=WORKERS, memory=MEMORY, timeout=10.0 if soak else 2.0, **limits
    )
    target = Target(running.address, running.process.pid)
    for _ in range(20):
        target.ask(CANARY)
    time.sleep(1)
    template, descriptors = descendants(target.pid)[0], descriptors_of(target.pid)
    heard, told, weights = attacked(target, seconds)
    with capsys.disabled():
        print(  # noqa: T201 - figures that the reader of a soak wants
            f"\n{seconds:g} s of mixed attack: {sum(told.values()):,} attacks, "
            f"{len(heard.seconds):,} ordinary queries, {len(heard.wrong)} wrong, "
            f"{len(heard.late)} late, "
            f"p50 {heard.at(0.5):.1f}, p95 {heard.at(0.95):.1f}, p99 {heard.at(0.99):.1f}, "
            f"most {heard.at(1):.1f} ms, memory at most {max(weights) // MEBIBYTE} of "
            f"{MOST // MEBIBYTE} MiB, load {os.getloadavg()[0]:.1f}"
        )
    assert not heard.wrong, heard.wrong[:5]
    # A machine that stands still for the two seconds of a short attack has one stopped.
    assert len(heard.late) <= (0 if soak else 1), heard.late
    assert len(heard.seconds) > seconds
    assert max(weights) < MOST
    assert running.process.poll() is None
    assert template in processes_of(target.pid)
    await_calm(target, descriptors)
    assert target.ask(CANARY)[0] == 200
    assert not list(tmp_path.iterdir()), "temporary files are left"
