"""What is counted, in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

import os
import platform
import resource
import time
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.server.counters import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from peelgraph.server.counters import Counters
    from peelgraph.server.engine.interface import EngineStatus
    from peelgraph.server.pages.service import Service

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
NO_LABELS: Final[tuple[tuple[str, str], ...]] = ()

Sample = tuple[tuple[tuple[str, str], ...], float]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, kind and help, and a value for each set of labels."""

    name: str
    kind: str
    help: str
    samples: Iterable[Sample]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the metric."""
        yield f"# HELP {self.name} {self.help}\n"
        yield f"# TYPE {self.name} {self.kind}\n"
        for labels, value in self.samples:
            yield line_of(self.name, labels, value)


def exposition(service: Service) -> str:
    """Return everything that is counted."""
    counters, status = service.desk.counters, service.engine.status()
    families = [
        *_about(status, counters),
        *_requests(counters),
        *_keeping(service, counters),
        *_engine(status),
        *_process(status),
    ]
    lines = [line for family in families for line in family.lines()]
    return "".join([*lines, *_durations(counters)])


def line_of(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    r"""Return one line.

    >>> line_of("x", [("a", 'b"c')], 2.0)
    'x{a="b\\"c"} 2\n'
    """
    worded = ",".join(f'{label}="{text.translate(ESCAPES)}"' for label, text in labels)
    number = f"{value:.9g}" if value % 1 else str(int(value))
    return f"{name}{{{worded}}} {number}\n" if worded else f"{name} {number}\n"


def _about(status: EngineStatus, counters: Counters) -> Iterator[Family]:
    program = (("version", version("peelgraph")), ("python", platform.python_version()))
    served = (("version", status.version or ""), ("held", status.held))
    yield Family("peelgraph_info", "gauge", "The program.", [(program, 1)])
    yield Family("peelgraph_version_info", "gauge", "The version that answers.", [(served, 1)])
    if status.quads is not None:
        yield _gauge("peelgraph_quads", "Quads of that version.", status.quads)
    uptime = time.time() - counters.began
    yield _gauge("peelgraph_uptime_seconds", "Seconds since the server began.", uptime)


def _requests(counters: Counters) -> Iterator[Family]:
    sums = counters.read()
    requests: list[Sample] = []
    for (name, label), value in sorted(sums.items()):
        if name == "requests":
            route, _, code = label.rpartition(" ")
            requests.append(((("route", route), ("status", code)), value))
    yield Family("peelgraph_requests_total", "counter", "Requests answered.", requests)
    for name, label, told in (
        ("cache", "outcome", "Queries looked up in the cache; shortcut: the same bytes again."),
        ("problems", "problem", "Queries refused or stopped, by type of problem."),
        ("connections-dropped", "reason", "Connections dropped."),
    ):
        found: list[Sample] = [
            (((label, each),), value)
            for (known, each), value in sorted(sums.items())
            if known == name
        ]
        yield Family(f"peelgraph_{_snake(name)}_total", "counter", told, found)
    for name, told in (
        ("bytes-sent", "Bytes of bodies sent."),
        ("worker-seconds", "Seconds that workers have spent on queries."),
        ("queue-waits", "Queries that had to wait for a worker."),
        ("queue-seconds", "Seconds that they waited."),
    ):
        yield _counter(f"peelgraph_{_snake(name)}_total", told, sums.get((name, ""), 0))


def _keeping(service: Service, counters: Counters) -> Iterator[Family]:
    kept, watched = service.desk.kept, counters.watched()
    yield Family(
        "peelgraph_cache_bytes",
        "gauge",
        "Bytes of answers that are kept.",
        _by("cache", {"answers": kept.bytes, "bytes": watched.get("raw-cache-bytes", 0)}),
    )
    yield Family(
        "peelgraph_cache_entries",
        "gauge",
        "Answers that are kept.",
        _by("cache", {"answers": kept.entries, "bytes": watched.get("raw-cache-entries", 0)}),
    )
    yield _gauge("peelgraph_connections", "Open connections.", watched.get("connections", 0))
    unsent = watched.get("unsent-bytes", 0)
    yield _gauge(
        "peelgraph_unsent_bytes", "Bytes in memory that slow readers have to take.", unsent
    )
    dropped = watched.get("log-lines-dropped", 0)
    yield _counter("peelgraph_log_lines_dropped_total", "Log lines that were lost.", dropped)


def _engine(status: EngineStatus) -> Iterator[Family]:
    idle = max(status.workers - status.busy, 0)
    workers = _by("state", {"busy": status.busy, "idle": idle})
    yield Family("peelgraph_workers", "gauge", "Query workers.", workers)
    yield _gauge("peelgraph_waiting", "Queries that wait for a worker.", status.waiting)
    stopped = _by("reason", status.stopped)
    told = "Queries that the engine stopped or turned away."
    yield Family("peelgraph_stopped_total", "counter", told, stopped)
    yield _counter("peelgraph_versions_loaded_total", "Versions loaded.", status.loaded)
    yield _counter("peelgraph_template_restarts_total", "Templates lost.", status.restarts)
    yield _counter("peelgraph_workers_replaced_total", "Workers replaced.", status.replaced)


def _process(status: EngineStatus) -> Iterator[Family]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = used.ru_utime + used.ru_stime
    yield _counter("process_cpu_seconds_total", "Processor time of the web process.", processor)
    memory = {"web": resident_bytes(os.getpid())}
    if status.supervisor is not None:
        memory["template"] = resident_bytes(status.supervisor)
    told = "Resident memory, by process."
    yield Family("peelgraph_resident_memory_bytes", "gauge", told, _by("process", memory))
    yield _gauge("process_resident_memory_bytes", "That of the web process.", memory["web"])


def _durations(counters: Counters) -> Iterator[str]:
    name = "peelgraph_request_seconds"
    yield f"# HELP {name} Seconds from the beginning of a request to its answer.\n"
    yield f"# TYPE {name} histogram\n"
    for route, durations in sorted(counters.durations().items()):
        label = ("route", route)
        sums = list(accumulate(durations.classes))
        for bound, below in zip((*map(str, BOUNDS), "+Inf"), sums, strict=True):
            yield line_of(f"{name}_bucket", (label, ("le", bound)), below)
        yield line_of(f"{name}_sum", (label,), durations.seconds)
        yield line_of(f"{name}_count", (label,), sums[-1])


def resident_bytes(pid: int) -> int:
    """Return the memory that a process has in use, shared pages included; 0 for one that ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


def _by(label: str, values: Mapping[str, float]) -> list[Sample]:
    return [(((label, each),), value) for each, value in sorted(values.items())]


def _gauge(name: str, told: str, value: float) -> Family:
    return Family(name, "gauge", told, [(NO_LABELS, value)])


def _counter(name: str, told: str, value: float) -> Family:
    return Family(name, "counter", told, [(NO_LABELS, value)])


def _snake(name: str) -> str:
    return name.replace("-", "_")
