"""The home page: what this is, how much there is, four ways in, and what is new."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from peelgraph.graph.errors import LimitError, NetworkError, VersionError
from peelgraph.graph.iris import LICENCE
from peelgraph.graph.versions import DataFolder
from peelgraph.server.pages import saved
from peelgraph.server.pages.asking import rows
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.charts.drawing import markup
from peelgraph.server.site.grade_charts import latest_pillars
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.steps import cycles
from peelgraph.server.site.territory import territorial_forces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.versions import Manifest
    from peelgraph.server.site.charted import Chart

pages = Blueprint("home", __name__, template_folder="templates")
NAMED: Final = 6
"""Graphs that are named of those that are new, changed or gone."""
TITLE: Final = "peelgraph: police inspections of England and Wales as a knowledge graph"
ABOUT: Final = (
    "The grades and findings of the PEEL inspections of the police forces of England and Wales "
    "since 2014, each traceable to the sentence or the page that states it."
)
KEYWORDS: Final = ("police", "inspection", "PEEL", "HMICFRS", "England", "Wales", "linked data")
FORMS: Final = (
    ("application/n-quads", "/dumps/{version}.nq"),
    ("text/csv", "/grades.csv"),
    ("application/json", "/grades.json"),
)
UNSAFE: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""What could end a script, or begin something in it, as JSON writes it otherwise."""


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
    return render_template(
        "home.html",
        counts=counts if any(counts.values()) else {},
        forces=territorial_forces() if counts else (),
        cycles=[each.label for each in cycles()] if counts else [],
        chart=chart,
        # serialised by ElementTree, which escapes
        drawn=Markup(markup(shown)) if shown is not None else "",  # noqa: S704
        news=news() if counts else None,
        named=NAMED,
        dataset=script_safe(dataset(version)),
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


def dataset(version: str | None) -> dict[str, Any]:
    """Return the description of the whole in the words of schema.org."""
    here = request.host_url.rstrip("/")
    offered = [
        {
            "@type": "DataDownload",
            "encodingFormat": media_type,
            "contentUrl": here + path.format(version=version),
        }
        for media_type, path in FORMS
        if version or "{version}" not in path
    ]
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{this_service().base}/data/peelgraph",
        "name": TITLE,
        "description": ABOUT,
        "url": f"{here}/",
        "license": str(LICENCE),
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "temporalCoverage": "2014/..",
        "spatialCoverage": {"@type": "Place", "name": "England and Wales"},
        "creator": {"@type": "Organization", "name": "peelgraph contributors", "url": f"{here}/"},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{here}/catalogue"},
        "distribution": offered,
    }
    return described | ({"version": version} if version else {})


def script_safe(described: dict[str, Any]) -> Markup:
    r"""Return *described* as JSON that cannot leave the script that it stands in.

    >>> script_safe({"a": "</script><b>&"})
    Markup('{"a": "\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}')
    """
    written = json.dumps(described, ensure_ascii=False)
    for character, escape in UNSAFE.items():
        written = written.replace(character, escape)
    return Markup(written)  # noqa: S704 - no character of markup is left
