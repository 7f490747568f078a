"""``peelgraph serve``: the current version, or any RDF file, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from peelgraph.server.cli.calls import Call, Command, pass_call, setting_options
from peelgraph.server.cli.screen import as_json, write_result
from peelgraph.server.logs.log import FORMS, QUERIES
from peelgraph.server.serving import serve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.settings import Settings

SECONDS: Final = click.FloatRange(min=0, min_open=True)
FOR_DATASET: Final = {
    "default_graph": "plain",
    "client_workers": 0,
    "client_seconds": 0.0,
    "client_errors": 0,
}
FOR_REMOTE: Final = {"default_graph": "plain"}
ONE_OR_MORE: Final = click.IntRange(min=1)


@setting_options("engine", "engine_timeout", "engine_union", "engine_version")
@setting_options("default_graph", type=click.Choice(["union", "plain"]))
@setting_options("write_timeout", "write_wait", type=SECONDS)
@setting_options("write_bytes", "write_memory", "write_queue", type=ONE_OR_MORE)
@setting_options("write_versions", type=click.IntRange(min=0))
@setting_options("queue", type=click.IntRange(min=0))
@setting_options("query_bytes", "query_depth", "result_bytes", type=ONE_OR_MORE)
@setting_options("memory", "memory_budget", type=click.IntRange(min=0))
@setting_options("client_seconds", type=click.FloatRange(min=0))
@setting_options("client_workers", "client_errors", "cache_bytes", type=click.IntRange(min=0))
@setting_options("timeout", "queue_wait", type=SECONDS)
@setting_options("workers", "connections", type=ONE_OR_MORE)
@setting_options("proxies", "hosts", "log_file")
@setting_options("log", type=click.Choice(FORMS))
@setting_options("log_queries", type=click.Choice(QUERIES))
@setting_options("port", type=click.IntRange(0, 65535))
@setting_options("host")
@click.command(
    "serve",
    cls=Command,
    examples=(
        "peelgraph serve",
        "peelgraph serve --host 0.0.0.0 --port 80 --workers 8 --timeout 20",
        "peelgraph serve --dataset other.trig --port 0",
        "peelgraph serve --engine https://cluster.example/sparql --engine-version 2026-11",
    ),
)
@click.option(
    "--dataset",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Serve this RDF file instead, compressed or not, read-only; nothing is kept.",
)
@pass_call
def command(call: Call, /, dataset: Path | None, **flags: Any) -> None:  # noqa: ANN401 - one value a setting
    """Answer SPARQL over HTTP until told to stop.

    A data folder without a version gets one first. The last line says the address, once a query
    has been answered there. SIGTERM and Ctrl-C finish what runs; SIGHUP looks for a new version.

    With --engine, another SPARQL 1.1 endpoint answers, behind the same limits. Credentials for it
    belong in PEELGRAPH_ENGINE_AUTHORIZATION: other users of the machine can read a command line.
    """
    settings = call.settings(**with_defaults(flags, dataset))
    if dataset is None and not settings.engine:
        call.ready_version(call.folder())
    serve(settings, dataset, announce=announcer(call, settings))


def with_defaults(flags: Mapping[str, Any], dataset: Path | None) -> dict[str, Any]:
    """Return *flags*, with other defaults for a file and for a remote engine.

    Both have a plain default graph; a file has no budgets of clients besides.
    """
    said = {name: value for name, value in flags.items() if value is not None}
    if dataset is not None:
        return {**flags, **FOR_DATASET, **said}
    return {**flags, **FOR_REMOTE, **said} if flags["engine"] else dict(flags)


def announcer(call: Call, settings: Settings) -> Any:  # noqa: ANN401 - a function of one line
    """Return what tells that the server answers: the exact line, or an object with ``--json``."""

    def announce(line: str) -> None:
        if call.json:
            address = line.rpartition(" ")[2]
            told = {"address": address, "data": str(settings.data), "workers": settings.workers}
            line = as_json("serve/1", told, indent=None)
        write_result(f"{line}\n")

    return announce
