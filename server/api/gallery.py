"""All saved queries, by what they are about: what the query page and ``/q/`` show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.api.asked import all_queries
from peelgraph.server.api.fields import example_of, fields_of
from peelgraph.server.api.formats import forms_of
from peelgraph.server.pages.asking import outline_of
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peelgraph.graph.saved import SavedQuery
    from peelgraph.server.api.fields import Field
    from peelgraph.server.api.formats import Form

ORDER: Final = ("Grades", "Changes over time", "Findings", "Evidence", "Forces", "Datasets")


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved query as the gallery shows it, its fields filled as it is worded."""

    saved: SavedQuery
    fields: Sequence[Field]
    forms: Mapping[str, Form]


def groups() -> list[tuple[str, list[Shown]]]:
    """Return the saved queries by group, in the order of ``ORDER``; other groups come last."""
    service = this_service()
    found: dict[str, list[Shown]] = {name: [] for name in ORDER}
    for saved in all_queries(service.base).values():
        gives_graph = outline_of(saved.text, service.settings.query_depth).gives_graph
        fields = fields_of(saved, example_of(saved))
        shown = Shown(saved, fields, forms_of(saved, gives_graph=gives_graph))
        found.setdefault(saved.group or "Other questions", []).append(shown)
    return [(name, queries) for name, queries in found.items() if queries]
