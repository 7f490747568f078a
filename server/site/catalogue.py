"""The catalogue (DCAT) and the description in numbers (VoID) of what is served."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request

from peelgraph.graph.dumps.listing import CATALOGUE
from peelgraph.graph.dumps.series import series_graph
from peelgraph.graph.dumps.void import worded
from peelgraph.graph.export import prefixes, written
from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.store import RdfSyntax
from peelgraph.server.pages.asking import graph_of
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.versions import GLANCE, files_of, folder, maker, served, version_called
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.protocol.negotiation import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, choose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.dumps import Dumps
    from peelgraph.graph.versions import Version
    from peelgraph.server.protocol.negotiation import Format

pages = Blueprint("catalogue", __name__, template_folder="templates")
OFFERED: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)
FORMATS: Final = {
    "ttl": TURTLE,
    "jsonld": JSON_LD,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
    "html": HTML,
}
QUERIES: Final = "peelgraph.server.site.queries"
FEW: Final = 200  # versions that the catalogue lists


@pages.get("/catalogue")
@pages.get("/void")
@pages.get("/.well-known/void")
def negotiated() -> Response:
    """Return the catalogue in the form that the client likes best."""
    chosen, content_type = choose(request.headers.get("Accept", ""), OFFERED)
    return _answered(chosen, content_type)


@pages.get("/catalogue.<extension>")
@pages.get("/void.<extension>")
def in_form(extension: str) -> Response:
    """Return the catalogue in one form."""
    chosen = FORMATS.get(extension)
    if chosen is None:
        raise PageNotFound(
            f"the catalogue has no form {extension[:20]!r}", expected=", ".join(FORMATS)
        )
    return _answered(chosen, chosen.header)


@pages.get("/data/versions")
@pages.get("/data/peelgraph/<path:file>")
def described(file: str = "") -> Response:
    """Send whoever asks for the series or for a distribution to what describes it.

    Raises:
        PageNotFound: There is no version of that distribution.
    """
    if file:
        version_called(file.partition("/")[0].partition(".")[0])
    return elsewhere()


def elsewhere() -> Response:
    """Return the way to the catalogue, on the host that was asked."""
    served()
    return Response(status=303, headers={"Location": f"{request.host_url}catalogue"})


def _answered(chosen: Format, content_type: str) -> Response:
    version = served()
    versions = folder().versions()[-FEW:]
    files = maker().ready(version.name, GLANCE) if chosen is not HTML else files_of(version.name)
    if files is None:
        return _meanwhile(version, versions, chosen, content_type)
    listed = hashlib.sha256("\n".join(each.name for each in versions).encode()).hexdigest()
    extension = next(name for name, each in FORMATS.items() if each is chosen)

    def made() -> str | bytes:
        if chosen is HTML:
            return _page(version, files)
        return _graph(version, files, versions, RdfSyntax(extension))

    response = lasting(made, content_type, extension, version.name, listed)
    path = (
        request.path.rpartition(".")[0] if request.path.endswith(f".{extension}") else request.path
    )
    stem = "/void" if path.endswith("void") else "/catalogue"
    response.headers["Content-Location"] = f"{stem}.{extension}"
    links = [f'<{LICENCE}>; rel="license"']
    links += [
        f'<{stem}.{name}>; rel="alternate"; type="{each.media_type}"'
        for name, each in FORMATS.items()
        if each is not chosen
    ]
    response.headers["Link"] = ", ".join(links)
    return response


def _meanwhile(
    version: Version, versions: list[Version], chosen: Format, content_type: str
) -> Response:
    """Return what the version says of itself, while its files are made: not to be kept."""
    iris = Iris(version.manifest.base)
    own = graph_of(f"{QUERIES}/catalogue.rq", graph=iris.graph("catalogue"))
    own += series_graph(iris, versions)
    lines = own.serialize(format="nt").split("\n")
    syntax = RdfSyntax(next(name for name, each in FORMATS.items() if each is chosen))
    return Response(
        written(sorted(set(lines) - {""}), syntax, iris),
        content_type=content_type,
        headers={"Cache-Control": "no-store"},
    )


def _graph(version: Version, files: Dumps, versions: list[Version], syntax: RdfSyntax) -> bytes:
    iris = Iris(version.manifest.base)
    lines = set((files.folder / CATALOGUE).read_text(encoding="utf-8").split("\n"))
    lines |= set(series_graph(iris, versions).serialize(format="nt").split("\n"))
    return written(sorted(lines - {""}), syntax, iris)


def alternates() -> list[tuple[str, str]]:
    """Return where programs read of the data as a whole, by media type."""
    return [
        (each.media_type, f"/catalogue.{name}")
        for name, each in FORMATS.items()
        if each is not HTML
    ]


def _page(version: Version, files: Dumps) -> str:
    iris = Iris(version.manifest.base)
    known, counts = prefixes(iris), files.counts
    return render_template(
        "catalogue.html",
        version=version.manifest,
        counts=counts,
        classes=_ranked(counts.classes, known),
        properties=_ranked(counts.properties, known),
        graphs=sorted(counts.graphs.items()),
        alternates=alternates(),
        trail=[("/data", "Data")],
    )


def _ranked(counted: Mapping[str, int], known: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Return IRI, name and number, the most frequent first."""
    ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [(iri, worded(iri, known), number) for iri, number in ranked]
