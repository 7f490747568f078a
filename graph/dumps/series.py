"""The versions beside one another: a DCAT series, which changes while each version never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import DCAT, DCTERMS, RDF, RDFS, XSD, Graph, Literal

from peelgraph.graph.catalogue import DESCRIPTION
from peelgraph.graph.dumps.described import add_coverage, add_files, concept
from peelgraph.graph.dumps.listing import WHOLE, DumpFile
from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.namespaces import DCAT3, DCAT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.versions import Version

TITLE: Final = "Versions of the dataset of police inspections"
TOLD: Final = "Each publication of the dataset that is still kept here, unchanged since."


def series_graph(iris: Iris, versions: Sequence[Version]) -> Graph:
    """Return what the catalogue says of *versions*, oldest first; there is at least one.

    The N-Quads of each are a distribution; of the version that is served, ``catalogue.nt`` says
    more.
    """
    graph, series = Graph(), iris.series()
    graph.add((series, RDF.type, DCAT3.DatasetSeries))
    for name, text in (
        (DCTERMS.title, TITLE),
        (RDFS.label, TITLE),
        (DCTERMS.description, TOLD),
    ):
        graph.add((series, name, Literal(text, lang="en")))
    graph.add((series, DCTERMS.publisher, iris.contributors()))
    graph.add((series, DCTERMS.issued, _moment(versions[0])))
    graph.add((series, DCTERMS.modified, _moment(versions[-1])))
    unsteady = concept(graph, "frequency/IRREG", "irregular", DCTERMS.Frequency)
    graph.add((series, DCTERMS.accrualPeriodicity, unsteady))
    graph.add((series, DCAT3.first, iris.version(versions[0].name)))
    graph.add((series, DCAT3.last, iris.version(versions[-1].name)))
    graph.add((iris.data_item("catalogue"), DCAT3.resource, series))
    for number, version in enumerate(versions):
        _add_version(graph, iris, version)
        if number:
            member, before = iris.version(version.name), iris.version(versions[number - 1].name)
            graph.add((member, DCAT3.prev, before))
            graph.add((member, DCAT3.previousVersion, before))
    return graph


def _add_version(graph: Graph, iris: Iris, version: Version) -> None:
    member, manifest, issued = iris.version(version.name), version.manifest, _moment(version)
    title = Literal(f"Police inspections, version {version.name}", lang="en")
    graph.add((iris.data_item("catalogue"), DCAT.dataset, member))
    graph.add((member, RDF.type, DCAT.Dataset))
    graph.add((member, DCTERMS.title, title))
    graph.add((member, RDFS.label, title))
    graph.add((member, DCTERMS.description, Literal(DESCRIPTION, lang="en")))
    graph.add((member, DCTERMS.publisher, iris.contributors()))
    graph.add((member, DCTERMS.license, LICENCE))
    graph.add((member, DCTERMS.issued, issued))
    graph.add((member, DCTERMS.identifier, Literal(manifest.digest)))
    graph.add((member, DCAT_VERSION, Literal(version.name)))
    add_coverage(graph, iris, member)
    graph.add((member, DCAT3.inSeries, iris.series()))
    graph.add((member, DCAT3.isVersionOf, iris.data_item("peelgraph")))
    file = DumpFile(
        path=".nq",
        kind=WHOLE,
        size=version.quads_file.stat().st_size,
        sha256=manifest.quads_sha256,
        title=f"Version {version.name} as N-Quads",
    )
    for distribution in add_files(graph, iris, version.name, file, issued):
        graph.add((member, DCAT.distribution, distribution))


def _moment(version: Version) -> Literal:
    return Literal(version.manifest.published, datatype=XSD.dateTime)
