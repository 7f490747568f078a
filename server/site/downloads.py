"""Versions and their files, and what differs between two of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.comparison import compared
from peelgraph.graph.dumps.listing import GRAPH, TABLE, WHOLE
from peelgraph.graph.dumps.void import worded
from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.pages.versions import (
    GLANCE,
    files_of,
    folder,
    maker,
    served,
    version_called,
)
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.protocol.negotiation import GRAPHS, HTML, choose
from peelgraph.server.site.catalogue import alternates, elsewhere
from peelgraph.server.site.wording import last

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peelgraph.graph.dumps import DumpFile, Dumps
    from peelgraph.graph.versions import Version

pages = Blueprint("downloads", __name__, template_folder="templates")
SHOWN: Final = 100
"""Versions in the list, and statements of a difference each way."""
LONGEST: Final = 2000
COMPARABLE: Final = 3_000_000
"""Quads of two versions beyond which their statements are not compared for a page."""
QUAD: Final = re.compile(r"<([^>]*)> <([^>]*)> (.*?)(?: <([^>]*)>)? \.")
LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^<[^>]*>)?')
NAMES: Final = {
    "nq": ("N-Quads", "Every statement with its graph, one a line: for triple stores."),
    "trig": ("TriG", "Every statement with its graph, easier to read."),
    "ttl": ("Turtle", "All graphs as one, easy to read."),
    "jsonld": ("JSON-LD", "All graphs as one, for tools that read JSON."),
}
TABLES: Final = {
    "judgments": (
        "Judgements",
        "A row for each force, cycle and criterion: CSV for spreadsheets, Parquet for analysis.",
    ),
    "findings": ("Findings", "A row for each finding, with its themes and passages."),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a difference, as the page shows it."""

    subject: str
    property: str
    value: str
    value_iri: str
    graph: str


@pages.get("/data")
def data() -> Response:
    """Return the page of versions and downloads."""
    if this_service().dumps is None:
        return Response(render_template("no-versions.html", trail=[]), content_type=HTML.header)
    version, listed = served(), folder().versions()
    files = maker().ready(version.name, GLANCE)

    def made() -> str:
        return render_template(
            "data.html",
            version=version,
            versions=[(each, _size(each)) for each in listed[::-1][:SHOWN]],
            trail=[],
            alternates=alternates(),
            kept=len(listed),
            endpoint=f"{request.host_url}sparql",
            licence=LICENCE,
            **_shown(version, files),
        )

    if files is None:  # in some seconds the page says more
        return Response(made(), content_type=HTML.header, headers={"Cache-Control": "no-store"})
    names = hashlib.sha256("\n".join(each.name for each in listed).encode()).hexdigest()
    return lasting(made, HTML.header, version.name, names)


@pages.get("/data/versions/<name>")
def one_version(name: str) -> Response:
    """Return the page of one version and its files; the catalogue describes it for programs."""
    version = version_called(name)
    if choose(request.headers.get("Accept", ""), (HTML, *GRAPHS))[0] is not HTML:
        return elsewhere()
    files = files_of(name)
    parent = version.manifest.parent
    kept = parent is not None and parent in folder().names()

    def made() -> str:
        return render_template(
            "version.html",
            version=version,
            parent=parent if kept else None,
            trail=[("/data", "Data")],
            graphs=_by_graph(files),
            tools=sorted(version.manifest.tools.items()),
            inputs=sorted(version.manifest.inputs.items()),
            licence=LICENCE,
            **_shown(version, files),
        )

    return lasting(made, HTML.header, str(kept))


@pages.get("/dumps/<name>/SHA256SUMS")
def checksums(name: str) -> Response:
    """Return the SHA-256 of every file, as ``sha256sum --check`` reads it.

    A browser saves a file under the name that comes with it, curl and wget under the last part of
    its address: both names are there, the latter where no other file has it.
    """
    version = version_called(name)
    files = files_of(name)

    def made() -> str:
        lasts = Counter(_last(version, file) for file in files.files)
        lines: list[str] = []
        for file in files.files:
            saved = [f"peelgraph-{version.name}{file.path.replace('/', '-')}"]
            if lasts[_last(version, file)] == 1:
                saved.append(_last(version, file))
            for each in saved:
                lines.append(f"{file.sha256}  {each}\n")
                if file.packed_size:
                    lines.append(f"{file.packed_sha256}  {each}.gz\n")
        return "".join(lines)

    return lasting(made, "text/plain; charset=utf-8")


@pages.get("/data/diff/<old>/<new>")
def difference(old: str, new: str) -> Response:
    """Return the page of what differs between two versions."""
    earlier, later = version_called(old), version_called(new)
    if old == new:
        raise PageNotFound("a version does not differ from itself", action="see /data")

    def made() -> str:
        return render_template(
            "difference.html",
            earlier=earlier,
            later=later,
            shown=SHOWN,
            trail=[("/data", "Data"), (f"/data/versions/{new}", "Version")],
            **_differing(earlier, later),
        )

    return lasting(made, HTML.header)


def _last(version: Version, file: DumpFile) -> str:
    """Return the last part of a file's address."""
    return f"{version.name}{file.path}".rpartition("/")[2]


def _size(version: Version) -> int:
    """Return how many bytes the quads of a version take."""
    return version.quads_file.stat().st_size


def _shown(version: Version, files: Dumps | None) -> dict[str, object]:
    """Return what templates say of the files of a version."""
    results = files.counts.severities if files else {}
    return {
        "files": files,
        "whole": [(*NAMES[each.ending], [each]) for each in _of(files, WHOLE)],
        "tables": [
            (*told, [each for each in _of(files, TABLE) if each.path.startswith(f"/{name}.")])
            for name, told in TABLES.items()
        ],
        "findings": {last(iri): number for iri, number in sorted(results.items())},
        "address": Iris(version.manifest.base).version(version.name),
    }


def _of(files: Dumps | None, kind: str) -> tuple[DumpFile, ...]:
    return files.of_kind(kind) if files else ()


def _by_graph(files: Dumps) -> list[tuple[str, int, list[DumpFile]]]:
    """Return each named graph with its size and its files."""
    found: dict[str, list[DumpFile]] = {}
    for file in files.of_kind(GRAPH):
        found.setdefault(file.graph, []).append(file)
    return [(graph, files.counts.graphs[graph], each) for graph, each in sorted(found.items())]


def _differing(earlier: Version, later: Version) -> dict[str, object]:
    """Return what differs, graph by graph, and the first statements each way."""
    if earlier.manifest.quads + later.manifest.quads > COMPARABLE:
        return {"graphs": _changed_graphs(earlier, later), "compared": False}
    found = compared(earlier, later, SHOWN)
    names = sorted(found.added.keys() | found.removed.keys())
    base = later.manifest.base
    return {
        "compared": True,
        "graphs": [(name, found.added.get(name, 0), found.removed.get(name, 0)) for name in names],
        "added": _statements(found.first_added, base),
        "removed": _statements(found.first_removed, base),
        "all_added": sum(found.added.values()),
        "all_removed": sum(found.removed.values()),
    }


def _changed_graphs(earlier: Version, later: Version) -> list[tuple[str, int, int]]:
    """Return the graphs that differ and how many quads each version has, from the manifests."""
    old, new = earlier.manifest, later.manifest
    names = sorted(old.graphs.keys() | new.graphs.keys())
    return [
        (name, new.graphs.get(name, 0), old.graphs.get(name, 0))
        for name in names
        if old.graph_digests.get(name) != new.graph_digests.get(name)
    ]


def _statements(lines: Sequence[str], base: str) -> list[Statement]:
    known = prefixes(Iris(base))
    return [_statement(line, known, base) for line in lines]


def _statement(line: str, known: Mapping[str, str], base: str) -> Statement:
    matched = QUAD.fullmatch(line)
    if matched is None:
        return Statement(line[:LONGEST], "", "", "", "")
    subject, predicate, value, graph = matched.groups("")
    literal = LITERAL.fullmatch(value)
    text = literal[1] if literal else worded(value[1:-1], known)
    return Statement(
        subject[:LONGEST],
        worded(predicate, known)[:LONGEST],
        text[:LONGEST],
        "" if literal else value[1:-1],
        graph.removeprefix(f"{base}/graph/")[:LONGEST] or "default",
    )
