"""Everything a person or program talks to: the web application, its engine, the command line.

``create_app`` loads on first use, so that a worker process which needs one small module of this
package does not pay for the web framework.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelgraph.server.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    """Return ``create_app`` from the module that defines it."""
    if name != "create_app":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return import_module("peelgraph.server.app").create_app
