"""One query over one version: the server's own workers, started for it and ended after it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from peelgraph.server.engine import sandbox
from peelgraph.server.engine.interface import Limits
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import version_folder

if TYPE_CHECKING:
    from peelgraph.graph.settings import Settings
    from peelgraph.graph.versions import Version
    from peelgraph.server.engine.interface import Query

MEBIBYTE = 1024 * 1024


def asked(version: Version, query: Query, media_type: str, settings: Settings) -> bytes:
    """Return the answer of *version* to *query* in *media_type*.

    The worker opens the store on disk, which starts in a moment; where the machine has no filter
    to keep such a worker off the network, the version is loaded into memory instead.

    Raises:
        QueryError: the query is refused.
        LimitError: a limit was reached.
    """
    source = version_folder(version.folder)
    budget = 0 if sandbox.can_filter() else settings.memory_budget
    limits = Limits(settings.timeout, settings.memory * MEBIBYTE, settings.result_bytes)
    with closing(WorkerPool(lambda: source, workers=1, budget=budget)) as pool:
        return pool.answer(query, media_type, limits).read()
