"""The tables of the endpoint's benchmark."""

from __future__ import annotations

import os
import statistics
from typing import TYPE_CHECKING

from servers import OURS, OURS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from endpoint import Found, Result

HEAD = (
    f"{'':20}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'server ms':>11}{'client ms':>11}{'failed':>8}"
)


def report(found: Found) -> str:
    """Return everything as text: a table for each load, then the twelve, peaks and warnings."""
    lines = [f"{found.quads} quads, {os.cpu_count()} cores"]
    if found.client_alone is not None:
        alone = found.client_alone
        lines.append(
            f"the client alone, 8 connections, a static page of Oxigraph's: {alone.rate:.0f}/s, "
            f"{alone.client_ms:.3f} ms of its own processor time a request"
        )
    loads = {(r.workload, r.clients): 0 for r in found.results if "/" not in r.workload}
    for workload, clients in loads:
        chosen = [r for r in found.results if (r.workload, r.clients) == (workload, clients)]
        lines += ["", f"{workload}, {clients} client{'s' * (clients > 1)}", HEAD]
        lines += [line(result) for result in chosen]
        lines += ratios({r.server: r.measured.rate for r in chosen})
    lines += twelve([r for r in found.results if r.workload.startswith("twelve/")])
    lines += ["", "peak memory in MiB (process with the socket; sum over all its processes)"]
    lines += [f"{name:20}{web:9.0f}{whole:9.0f}" for name, (web, whole) in found.peaks.items()]
    lines += [
        f"NOT EQUAL: {name} answers otherwise to {', '.join(queries)}"
        for name, queries in found.differing.items()
    ]
    return "\n".join(lines)


def line(result: Result) -> str:
    """One server's line."""
    m = result.measured
    statuses = f"  {m.statuses}" if m.failures else ""
    return (
        f"{result.server:20}{m.rate:9.1f}{m.p50:9.2f}{m.p95:9.2f}{result.server_ms:11.2f}"
        f"{m.client_ms:11.3f}{m.failures:8d}{statuses}"
    )


def ratios(rates: dict[str, float]) -> Iterator[str]:
    """What this server does for each answer of a peer."""
    for mine in (OURS, OURS_FILE):
        peers = {name: rate for name, rate in rates.items() if name not in {OURS, OURS_FILE}}
        if mine in rates and peers:
            times = ", ".join(f"{rates[mine] / rate:.2f} x {name}" for name, rate in peers.items())
            yield f"  {mine} = {times}"


def twelve(results: list[Result]) -> Iterator[str]:
    """The medians of the twelve queries, then what they cost each server."""
    if not results:
        return
    yield from columns(
        "median ms of each of the twelve, one client, unseen texts",
        [(r.server, r.workload, r.measured.p50) for r in results],
    )
    yield from columns(
        "processor ms of each of the twelve",
        [(r.server, r.workload, r.server_ms) for r in results],
    )


def columns(title: str, figures: list[tuple[str, str, float]]) -> Iterator[str]:
    """A line a query, a column a server, their geometric means, and the ratios of those."""
    table: dict[str, dict[str, float]] = {}
    for server, workload, figure in figures:
        table.setdefault(server, {})[workload.removeprefix("twelve/")] = figure
    yield from ("", title, f"{'':20}" + "".join(f"{server:>20}" for server in table))
    for name in next(iter(table.values())):
        yield f"{name:20}" + "".join(f"{times[name]:20.2f}" for times in table.values())
    means = {
        server: statistics.geometric_mean(max(time, 0.01) for time in times.values())
        for server, times in table.items()
    }
    yield f"{'geometric mean':20}" + "".join(f"{mean:20.2f}" for mean in means.values())
    yield "  times, so less is better:"
    yield from ratios(means)
