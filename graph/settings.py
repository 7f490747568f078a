"""Every setting once: name, type, default and help; read once and passed in."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from peelgraph.graph.errors import UsageError
from peelgraph.graph.namespaces import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a command or the server can be told. Environment names are ``PEELGRAPH_`` + field."""

    data: Annotated[Path, "Folder of captures and versions."] = Path("peelgraph-data")
    base: Annotated[str, "Base IRI of everything minted, without a trailing slash."] = DEFAULT_BASE
    host: Annotated[str, "Address to serve on."] = "127.0.0.1"
    port: Annotated[int, "Port to serve on; 0 takes a free one."] = 8080
    timeout: Annotated[float, "Seconds a query may run."] = 10.0
    memory: Annotated[int, "MiB of memory a query may use beyond the loaded version."] = 1024
    workers: Annotated[int, "Query worker processes."] = 4
    queue: Annotated[int, "Requests that may wait for a worker."] = 32
    queue_wait: Annotated[float, "Seconds a request waits for a worker."] = 5.0
    connections: Annotated[int, "Connections at a time; beyond them, the longest idle goes."] = 4096
    client_workers: Annotated[int, "Workers one address may use at a time; 0 for all."] = 2
    client_seconds: Annotated[float, "Worker seconds a minute for one address; 0 for any."] = 60.0
    client_errors: Annotated[int, "Query errors a minute for one address; 0 for any."] = 30
    cache_bytes: Annotated[
        int, "Bytes of answers that are kept, half of it more of pages; 0 for none."
    ] = 64 * MEBIBYTE
    result_bytes: Annotated[int, "Bytes an answer may have."] = 50 * 1000 * 1000
    query_bytes: Annotated[int, "Bytes a query text may have."] = MEBIBYTE
    query_depth: Annotated[int, "Depth to which brackets of a query may nest."] = 100
    memory_budget: Annotated[int, "MiB up to which a version is held in memory."] = 2048
    fetch_hosts: Annotated[str, "Hosts that pages may be fetched from, with commas between."] = (
        "hmicfrs.justiceinspectorates.gov.uk,www.justiceinspectorates.gov.uk,"
        "assets-hmicfrs.justiceinspectorates.gov.uk"
    )
    fetch_pause: Annotated[float, "Seconds between two requests to one host."] = 1.0
    shacl_engine: Annotated[
        str, "What checks against the shapes: pyshacl, or rust (extra fast)."
    ] = "pyshacl"
    shacl_timeout: Annotated[float, "Seconds the check of data from outside may take."] = 60.0
    write_bytes: Annotated[int, "Bytes that an update or a graph sent to the store may have."] = (
        32 * MEBIBYTE
    )
    write_timeout: Annotated[float, "Seconds that a write may run and be validated."] = 60.0
    write_memory: Annotated[int, "MiB of memory a write may use beyond the loaded version."] = 2048
    write_wait: Annotated[float, "Seconds a write waits for its turn."] = 30.0
    write_queue: Annotated[int, "Writes that may wait for their turn."] = 64
    write_versions: Annotated[int, "Versions made by writes that are kept; 0 keeps all."] = 100
    dumps: Annotated[str, "When dumps are made: publish (by the commands), or request."] = "publish"
    proxies: Annotated[str, "Proxies whose X-Forwarded headers are believed, with commas."] = ""
    hosts: Annotated[str, "Host names that are answered for, with commas; none for any."] = ""
    log: Annotated[str, "Log: text, json, off; auto is text on a terminal, else json."] = "auto"
    log_file: Annotated[str, "File for the log, a new one each day; none for standard error."] = ""
    log_queries: Annotated[str, "What is logged of a query: hash, or its text too."] = "hash"
    default_graph: Annotated[str, "Default graph: union of all named graphs, or plain."] = "union"
    engine: Annotated[str, "SPARQL endpoint that answers instead of worker processes."] = field(
        default="", repr=False
    )
    engine_authorization: Annotated[str, "Authorization header for that endpoint."] = field(
        default="", repr=False
    )
    engine_timeout: Annotated[str, "Parameter that tells that endpoint the deadline."] = ""
    engine_union: Annotated[str, "Parameters that ask that endpoint for its union graph."] = ""
    engine_version: Annotated[str, "Name of the data that endpoint serves; none: no caching."] = ""


def settings_from(environment: Mapping[str, str], **flags: object) -> Settings:
    """Return the settings: flags (where not ``None``) before environment before defaults.

    Raises:
        UsageError: an environment value is not of its setting's type.
    """
    values: dict[str, Any] = {k: v for k, v in flags.items() if v is not None}
    for each in fields(Settings):
        name = f"PEELGRAPH_{each.name.upper()}"
        if each.name in values or name not in environment:
            continue
        kind: Callable[[str], object] = (
            Path if isinstance(each.default, Path) else type(each.default)
        )
        try:
            values[each.name] = kind(environment[name])
        except ValueError as error:
            raise UsageError(
                f"{environment[name]!r} is not of the right type",
                place=name,
                expected=f"a value like {each.default}",
            ) from error
    return Settings(**values)


def setting_help() -> dict[str, str]:
    """Return each setting's help, by name: what ``--help`` and the README show."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
