"""Everything about data: reading, mapping, validating, storing and publishing; no HTTP.

``open_version`` and ``read_report`` are the Python interface; they load on first use, so that
importing one small module of this package stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelgraph.graph.reports import read_report
    from peelgraph.graph.versions import open_version

__all__ = ["open_version", "read_report"]

_HOMES = {
    "open_version": "peelgraph.graph.versions",
    "read_report": "peelgraph.graph.reports",
}


def __getattr__(name: str) -> object:
    """Return one of the names above from the module that defines it."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
