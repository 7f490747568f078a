"""Outlines and centroids of statistical areas, as GeoSPARQL has them, and their file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import DCTERMS, PROV, RDF, RDFS, Graph, Literal
from rdflib.namespace import GEO

from peelgraph.graph.iris import LICENCE, statistical_geography
from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import DCAT3, DCAT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as it is drawn: code and name, outline and centroid in well-known text (CRS84)."""

    code: str
    name: str
    outline: str
    centroid: str


@dataclass(frozen=True, slots=True)
class OutlineFile:
    """The file that outlines are from.

    Args:
        dataset: The dataset that it is of, as a slug.
        sha256: Of its bytes.
        title: In words.
        version: The year that the dataset is of.
        attribution: What has to be said wherever the outlines are shown.
    """

    dataset: str
    sha256: str
    title: str
    version: str
    attribution: str

    def iri(self, iris: Iris) -> URIRef:
        """Return the IRI of the file."""
        return iris.imported(self.dataset, self.sha256[:12])


def outlines_graph(outlines: Iterable[Outline], file: OutlineFile, iris: Iris) -> Graph:
    """Return each area's outline and centroid, and the file with licence and attribution.

    Graphs: belongs in ``/graph/external/{dataset}``.
    """
    graph, source = Graph(), file.iri(iris)
    rights = iris.rights(file.dataset, file.sha256[:12])
    graph.add((source, RDF.type, DCAT3.Dataset))
    graph.add((source, RDF.type, PROV.Entity))
    graph.add((source, *label(file.title)))
    graph.add((source, DCTERMS.title, Literal(file.title, lang="en")))
    graph.add((source, DCTERMS.identifier, Literal(f"sha256:{file.sha256}")))
    graph.add((source, DCAT_VERSION, Literal(file.version)))
    graph.add((source, DCTERMS.license, LICENCE))
    graph.add((source, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    graph.add((rights, RDFS.label, Literal(file.attribution, lang="en")))
    for each in outlines:
        _add_outline(graph, each, source, iris)
    return graph


def _add_outline(graph: Graph, each: Outline, source: URIRef, iris: Iris) -> None:
    area, code = statistical_geography(each.code), each.code.lower()
    outline, centroid = iris.outline(code), iris.centroid(code)
    graph.add((area, GEO.hasGeometry, outline))
    graph.add((area, GEO.hasDefaultGeometry, outline))
    graph.add((area, GEO.hasCentroid, centroid))
    drawn = ((outline, "Outline", each.outline), (centroid, "Centroid", each.centroid))
    for node, what, text in drawn:
        graph.add((node, RDF.type, GEO.Geometry))
        graph.add((node, *label(f"{what} of {each.name}")))
        graph.add((node, GEO.asWKT, Literal(text, datatype=GEO.wktLiteral)))
        graph.add((node, DCTERMS.source, source))
