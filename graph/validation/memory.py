"""The triples of a working graph, in memory that does not grow with what came and went."""

from __future__ import annotations

from typing import Any, Final

from rdflib.plugins.stores.memory import SimpleMemory

MOST_REMOVED: Final = 20_000  # triples; some 15 pages, whose remains come to 10 MB


class RenewedMemory(SimpleMemory):
    """A store that is made anew from time to time.

    rdflib's keeps an empty entry for each term that a removed triple had: half a MB a page.
    """

    def __init__(self, configuration: str | None = None, identifier: Any = None) -> None:  # noqa: ANN401 - as in the base class
        super().__init__(configuration, identifier)
        self._removed = 0

    def remove(self, triple_pattern: Any, context: Any = None) -> None:  # noqa: ANN401 - as in the base class
        """Remove the triples that match, one at a time."""
        super().remove(triple_pattern, context)
        self._removed += 1
        if self._removed >= MOST_REMOVED:
            self._renew(context)

    def _renew(self, context: Any) -> None:  # noqa: ANN401 - as in the base class
        kept = [triple for triple, _ in self.triples((None, None, None))]
        super().__init__()
        self._removed = 0
        for triple in kept:
            self.add(triple, context)
