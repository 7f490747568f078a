"""A server under attack, and what is looked at meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from hostile.processes import below, worked_below

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "SELECT (COUNT(*) AS ?n) { <http://example.org/thing/1> ?p ?o }"
MEBIBYTE = 1024 * 1024


class Target:
    """A server under attack."""

    def __init__(self, address: str, pid: int) -> None:
        self.host = urlsplit(address).netloc
        self.pid = pid
        # A server that says where it serves has started all of its workers.
        self.processes = len(processes_of(pid))

    def ask(self, query: str, patience: float = 60.0) -> tuple[int, str, bytes]:
        """Status, content type and body of the answer to *query*."""
        connection = http.client.HTTPConnection(self.host, timeout=patience)
        try:
            body = "query=" + quote(query)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sparql", body, headers)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    def worked(self) -> float:
        """Seconds of processor time that the workers of all queries so far have taken."""
        return worked_below(self.pid)

    def await_calm(self, patience: float = 60.0) -> None:
        """Wait until there are as many processes as when it had started.

        Asked for after an attack, not before one: what an attack before it has ended may still be
        ending, or not be replaced yet.
        """
        deadline = time.monotonic() + patience
        while (now := len(processes_of(self.pid))) != self.processes:
            told = f"{now} processes, {self.processes} at first: one lives on, or is not replaced"
            assert time.monotonic() < deadline, told
            time.sleep(0.02)

    @contextmanager
    def canary(self) -> Iterator[list[float]]:
        """Ask an ordinary query again and again meanwhile; give the seconds each took.

        It is asked until it is answered once at least. On a machine that stands still for longer
        than a query may run, one in between is stopped, and no more than that.
        """
        taken: list[float] = []
        wrong: list[object] = []
        late: list[float] = []
        stop = threading.Event()

        def sing() -> None:
            while not (stop.is_set() and len(taken) > len(late)):
                began = time.monotonic()
                try:
                    status, _, body = self.ask(f"{CANARY} # {len(taken)}")
                except (OSError, http.client.HTTPException) as error:
                    wrong.append(error)
                    return
                taken.append(time.monotonic() - began)
                if status == 503 and b"query-timeout" in body:
                    late.append(taken[-1])
                    if len(late) > 1 + len(taken) // 20:
                        return
                elif status != 200 or b'"3"' not in body:
                    wrong.append((status, body))
                    return
                stop.wait(0.01)

        singer = threading.Thread(target=sing)
        singer.start()
        try:
            yield taken
        finally:
            stop.set()
            singer.join()
        assert not wrong
        assert len(late) <= 1 + len(taken) // 20, (late, len(taken))

    @contextmanager
    def weighed(self) -> Iterator[list[int]]:
        """Measure the memory of all its processes meanwhile; give the bytes of each time."""
        weights: list[int] = []
        stop = threading.Event()

        def weigh() -> None:
            weights.append(memory_of(self.pid))
            while not stop.wait(0.02):
                weights.append(memory_of(self.pid))

        scales = threading.Thread(target=weigh)
        scales.start()
        try:
            yield weights
        finally:
            stop.set()
            scales.join()


def processes_of(pid: int) -> set[int]:
    """The process *pid* and every one below it that has not ended."""
    return {pid} | below(pid, ended=False)


def memory_of(pid: int) -> int:
    """Bytes of memory of *pid* and every process below it, what they share counted once."""
    total = 0
    for each in processes_of(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def descriptors_of(pid: int) -> int:
    """How many descriptors *pid* has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
