"""What there is to find in a version: asked of the engine piece by piece, each piece bounded."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.pages.asking import text_of
from peelgraph.server.protocol.negotiation import JSON
from peelgraph.server.site import tiles
from peelgraph.server.site.judgments import QUERIES
from peelgraph.server.site.kinds import CLASSES, KINDS
from peelgraph.server.site.searching.index import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peelgraph.server.pages.service import Service

Row = dict[str, str]
CALLER: Final = Caller("search index")
LONGEST: Final = 4_000
"""Characters of a text that are indexed."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
FAMILIES: Final = {
    "findings": "Findings",
    "judgments": "Judgements",
    "forces": "Forces and bodies",
    "reports": "Reports",
    "subjects": "Themes, criteria and cycles",
    "places": "Places",
    "other": "Figures and plan priorities",
}
"""What a search may be narrowed to, in words."""
OF_KIND: Final = {"grade": "judgments", "figure": "other", "plan-priority": "other"}
OF_CLASS: Final = {
    "PoliceForce": ("force", "forces"),
    "Inspectorate": ("inspectorate", "forces"),
    "LocalPolicingBody": ("local policing body", "forces"),
    "Report": ("report", "reports"),
    "Theme": ("theme", "subjects"),
    "Pillar": ("criterion", "subjects"),
    "Question": ("question", "subjects"),
    "Cycle": ("cycle", "subjects"),
}


def entries(service: Service) -> Iterator[Entry]:
    """Yield all that can be found in what *service* serves now.

    Raises:
        LimitError: A piece is larger than an answer may be.
        VersionError: There is nothing to ask.
    """
    yield from _things(_rows(service, "search-things.rq"))
    judged = {
        judgment: next(iter(several))
        for judgment, several in groupby(
            _rows(service, "judgments.rq"), key=lambda row: row["judgment"]
        )
    }
    said: dict[str, str] = {}
    for version in _rows(service, "search-versions.rq"):
        node, title = version["version"], version.get("title", "")
        for entry in _statements(_rows(service, "search-statements.rq", node), title):
            if entry.iri in judged:
                said[entry.iri] = entry.body
            else:
                yield entry
        yield from _places(_rows(service, "version-places.rq", node), node, title)
    for judgment, row in judged.items():
        yield _judgment(judgment, row, said.get(judgment, ""))


def _rows(service: Service, name: str, version: str = "") -> list[Row]:
    """Return the solutions of a query file, values alone; *version* stands for its variable."""
    query = Query(
        text_of(f"{QUERIES}/{name}", service.base),
        union=service.sees_all,
        substitutions=(("version", URIRef(version).n3()),) if version else (),
    )
    answer = service.engine.answer(query, JSON.media_type, service.desk.limits, CALLER)
    found = json.loads(answer.read())["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def _things(found: Iterable[Row]) -> Iterator[Entry]:
    for iri, several in groupby(found, key=lambda row: row["thing"]):
        rows = list(several)
        kind, family = OF_CLASS[rows[0]["class"].rpartition("#")[2]]
        names = list(dict.fromkeys([*(row["name"] for row in rows), *_short(kind, iri)]))
        of = list(dict.fromkeys(row["of_name"] for row in rows if "of_name" in row))
        yield Entry(
            iri,
            kind,
            family,
            clean(names[0]),
            clean(rows[0].get("meaning", "")),
            "",
            clean("; ".join([*names[1:], *of])),
            clean("; ".join(of)),
        )


def _short(kind: str, iri: str) -> list[str]:
    """Return how the map calls a force."""
    tile = tiles.places().get(iri.rpartition("/")[2]) if kind == "force" else None
    return [tile.abbreviation] if tile else []


def _statements(found: Iterable[Row], title: str) -> Iterator[Entry]:
    for iri, several in groupby(found, key=lambda row: row["statement"]):
        rows = list(several)
        kind = CLASSES[rows[0]["class"].rpartition("#")[2]]
        about = list(dict.fromkeys(row["about_name"] for row in rows if "about_name" in row))
        exact = list(dict.fromkeys(row["exact"] for row in rows if "exact" in row))
        words = rows[0].get("words", "") or " … ".join(exact)
        summary = rows[0].get("summary", "")
        label = rows[0].get("label", "")
        yield Entry(
            iri,
            kind,
            OF_KIND.get(kind, "findings"),
            clean(label if kind in {"figure", "grade"} else title or label),
            clean(words),
            clean(summary),
            clean("; ".join([KINDS[kind], *about])),
            clean("; ".join(about or [title])),
        )


def _places(found: Iterable[Row], version: str, title: str) -> Iterator[Entry]:
    seen: set[str] = set()
    for row in found:
        if row["place"] not in seen:
            seen.add(row["place"])
            iri = f"{version}/passage/{row['start']}-{row['end']}"
            yield Entry(iri, "place", "places", clean(row["place"]), context=clean(title))


def _judgment(iri: str, row: Row, said: str) -> Entry:
    """Return a judgment with the sentence that states it, where one is known."""
    title = f"{row['force_name']}, {row['cycle_name']}: {row['criterion_name']}"
    pillar = row.get("pillar", "").rpartition("/")[2]
    names = "; ".join(each for each in (row["grade_name"], pillar) if each)
    return Entry(
        iri, "grade", "judgments", clean(title), said, "", clean(names), clean(row["grade_name"])
    )


def clean(text: str) -> str:
    r"""Return *text* on one line, without control characters and no longer than is indexed.

    >>> clean("a\x01b\n c")
    'a b c'
    """
    return " ".join(CONTROL.sub(" ", text[:LONGEST]).split())
