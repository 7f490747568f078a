"""What every page may ask for: the settings and the engine of this application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from peelgraph.server.engine.interface import Limits

if TYPE_CHECKING:
    from peelgraph.graph.settings import Settings
    from peelgraph.server.engine.interface import Engine

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """The settings and the engine of one application."""

    settings: Settings
    engine: Engine

    @property
    def union(self) -> bool:
        """Whether the default graph is the union of all named graphs."""
        return self.settings.default_graph == "union"

    @property
    def base(self) -> str:
        """Base IRI of what is served."""
        return self.engine.status().base or self.settings.base

    def limits(self) -> Limits:
        """Return what one query may use."""
        return Limits(
            self.settings.timeout, self.settings.memory * MEBIBYTE, self.settings.result_bytes
        )


def this_service() -> Service:
    """Return the service of the application that answers now."""
    return cast("Service", current_app.extensions["peelgraph"])
