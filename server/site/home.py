"""The home page: what this is, how much there is, four ways in, and what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from rdflib import URIRef

from peelgraph.graph.errors import LimitError, NetworkError, VersionError
from peelgraph.graph.versions import DataFolder
from peelgraph.server.pages import saved
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.catalogue import alternates
from peelgraph.server.site.charts.drawing import markup
from peelgraph.server.site.grade_charts import latest_pillars
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.steps import area_cycles, cycles
from peelgraph.server.site.territory import territorial_forces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.versions import Manifest
    from peelgraph.server.site.charted import Chart

pages = Blueprint("home", __name__, template_folder="templates")
NAMED: Final = 6
"""Graphs that are named of those that are new, changed or gone."""
WORDS: Final = {
    "document": "the captured page",
    "external": "the data set",
    "facts": "the table of",
    "links": "the links to",
    "reference": "the reference table of kind",
    "scheme": "the code list",
}
"""What a graph of each family holds, before its own name."""
WHOLE: Final = {
    "catalogue": "the catalogue",
    "comparability": "which cycles compare",
    "cube": "the data cube",
    "derived": "what follows from the rest",
    "ontology": "the ontology",
    "provenance": "where it all comes from",
    "shapes": "the shapes",
    "validation": "the report of the last check",
}
"""What a graph that is alone in its family holds."""


@dataclass(frozen=True, slots=True)
class News:
    """The version that is served, against the one before.

    Args:
        now: Its manifest.
        before: That of the version before, where there is one.
        added: Named graphs that are new.
        changed: Those whose content is another.
        gone: Those that are no longer there.
    """

    now: Manifest
    before: Manifest | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def lists(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return words and graphs of each kind of change that there is."""
        every = (("New", self.added), ("Changed", self.changed), ("Gone", self.gone))
        return [(words, graphs) for words, graphs in every if graphs]


@pages.get("/")
def home() -> Response:
    """Return the home page; without what is counted when the engine cannot be asked now."""
    try:
        return lasting(_whole, HTML.header)
    except (LimitError, NetworkError, VersionError):
        return Response(_page({}, None), content_type=HTML.header)


def _whole() -> str:
    (counted,) = rows(f"{QUERIES}/home-counts.rq")
    return _page({name: int(term.value) for name, term in counted.items()}, latest_pillars())


def _page(counts: Mapping[str, int], chart: Chart | None) -> str:
    service = this_service()
    version = service.engine.version()
    shown = chart.svg if chart else None
    new = news() if counts else None
    return render_template(
        "home.html",
        alternates=alternates() if service.dumps is not None else [],
        counts=counts if any(counts.values()) else {},
        forces=territorial_forces() if counts else (),
        cycles=[each.label for each in cycles()] if counts else [],
        chart=chart,
        later=area_cycles() if chart else (),
        # serialised by ElementTree, which escapes
        drawn=Markup(markup(shown)) if shown is not None else "",  # noqa: S704
        news=new,
        named={
            graph: _words(graph)
            for _, graphs in (new.lists if new else ())
            for graph in graphs[:NAMED]
        },
        most=NAMED,
        version=version,
        endpoint=f"{request.host_url}sparql",
        example=saved.text_of("example.rq", service.base).strip(),
        settings=service.settings,
        union=service.union,
    )


def news() -> News | None:
    """Return what is new in the version served; ``None`` where there are no versions of ours."""
    service = this_service()
    name = service.engine.version()
    if service.settings.engine or name is None:
        return None
    folder = DataFolder(service.settings.data)
    try:
        now = folder.version(name).manifest
    except VersionError:
        return None
    try:
        before = folder.version(now.parent).manifest if now.parent else None
    except VersionError:
        before = None
    return _difference(now, before)


def _difference(now: Manifest, before: Manifest | None) -> News:
    if before is None:
        return News(now, None)
    this, that = now.graph_digests, before.graph_digests
    prefix = f"{now.base}/graph/"

    def names(graphs: set[str]) -> tuple[str, ...]:
        return tuple(sorted(each.removeprefix(prefix) for each in graphs))

    return News(
        now,
        before,
        names(this.keys() - that.keys()),
        names({each for each in this.keys() & that.keys() if this[each] != that[each]}),
        names(that.keys() - this.keys()),
    )


def _words(graph: str) -> tuple[str, str]:
    """Return what a named graph holds in words, and its own name; that of a page is its report."""
    kind, _, own = graph.partition("/")
    if kind == "document":
        node = URIRef(f"{this_service().base}/graph/{graph}")
        for row in rows(f"{QUERIES}/graph-report.rq", graph=node):
            return "what was read from", row["report_name"].value
    if own and kind in WORDS:
        return WORDS[kind], own.replace("-", " ")
    return ("", WHOLE[graph]) if graph in WHOLE else ("the graph", graph)
