"""Every setting once: name, type, default and help; read once and passed in."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peelgraph.graph.errors import UsageError
from peelgraph.graph.namespaces import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEBIBYTE = 1024 * 1024


def setting(default: Any, help_text: str) -> Any:  # noqa: ANN401 - a dataclass field has its field's type
    """Return a dataclass field that carries its own help."""
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a command or the server can be told. Environment names are ``PEELGRAPH_`` + field."""

    data: Path = setting(Path("peelgraph-data"), "Folder of captures and versions.")
    base: str = setting(DEFAULT_BASE, "Base IRI of everything minted, without a trailing slash.")
    host: str = setting("127.0.0.1", "Address to serve on.")
    port: int = setting(8080, "Port to serve on; 0 takes a free one.")
    timeout: float = setting(10.0, "Seconds a query may run.")
    memory: int = setting(1024, "MiB of memory a query may use beyond the loaded version.")
    workers: int = setting(4, "Query worker processes.")
    queue: int = setting(32, "Requests that may wait for a worker.")
    queue_wait: float = setting(5.0, "Seconds a request waits for a worker.")
    result_bytes: int = setting(50 * 1000 * 1000, "Bytes an answer may have.")
    query_bytes: int = setting(MEBIBYTE, "Bytes a query text may have.")
    query_depth: int = setting(100, "Depth to which brackets of a query may nest.")
    memory_budget: int = setting(2048, "MiB up to which a version is held in memory.")
    default_graph: str = setting("union", "Default graph: union of all named graphs, or plain.")


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
