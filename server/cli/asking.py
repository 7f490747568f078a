"""One query over one version: the server's own workers, started for it and ended after it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from peelgraph.graph.errors import QuerySyntax
from peelgraph.server.engine.interface import limits_of
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import version_folder
from peelgraph.server.protocol.syntax import explained

if TYPE_CHECKING:
    from peelgraph.graph.settings import Settings
    from peelgraph.graph.versions import Version
    from peelgraph.server.engine.interface import Query


def asked(version: Version, query: Query, media_type: str, settings: Settings) -> bytes:
    """Return the answer of *version* to *query* in *media_type*.

    A version within the memory budget is loaded, as the server does: over the store on disk the
    engine's union repeats a triple once for each named graph that states it.

    Raises:
        QueryError: the query is refused.
        LimitError: a limit was reached.
    """
    source = version_folder(version.folder)
    with closing(WorkerPool(lambda: source, workers=1, budget=settings.memory_budget)) as pool:
        try:
            return pool.answer(query, media_type, limits_of(settings)).read()
        except QuerySyntax as error:
            raise explained(error, query.text) from None
