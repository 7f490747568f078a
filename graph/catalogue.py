"""The catalogue of one version: DCAT and VoID statements about what is published, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, VOID, XSD, Graph, Literal, URIRef

from peelgraph.graph.iris import LICENCE
from peelgraph.graph.namespaces import DCAT_VERSION, SD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from peelgraph.graph.iris import Iris

TITLE = "Police inspections in England and Wales: grades, findings and their evidence"
DESCRIPTION = (
    "Every PEEL grade known for the 43 territorial police forces, with the page or the sentence "
    "it was read from, the questions it answers and how far cycles compare."
)
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0: "
    "HMICFRS and HMIC, the Home Office and the Office for National Statistics."
)
CATALOGUED = (
    "The dataset of police inspections, its versions and files, and the service to query it."
)
NQUADS = URIRef("https://www.iana.org/assignments/media-types/application/n-quads")


def catalogue_graph(
    iris: Iris, version: str, graphs: Iterable[str], digest: str, moment: dt.datetime
) -> Graph:
    """Return ``/graph/catalogue`` of a version, but for the number of its triples.

    Args:
        iris: The base in use.
        version: The version's name.
        graphs: The names of the named graphs, the catalogue itself left out.
        digest: SHA-256 of the version's content.
        moment: When it is published, UTC.
    """
    graph = Graph()
    catalogue, dataset = iris.data_item("catalogue"), iris.data_item("peelgraph")
    service, publisher = iris.endpoint(), iris.contributors()
    issued = Literal(f"{moment:%Y-%m-%dT%H:%M:%SZ}", datatype=XSD.dateTime)
    _described(graph, catalogue, DCAT.Catalog, "The peelgraph catalogue")
    graph.add((catalogue, DCTERMS.description, Literal(CATALOGUED, lang="en")))
    _described(graph, dataset, DCAT.Dataset, TITLE)
    _described(graph, service, DCAT.DataService, "The peelgraph SPARQL endpoint")
    _described(graph, publisher, FOAF.Agent, "peelgraph contributors")
    graph.add((publisher, FOAF.name, Literal("peelgraph contributors")))
    for resource in (catalogue, dataset, service):
        graph.add((resource, DCTERMS.license, LICENCE))
        graph.add((resource, DCTERMS.publisher, publisher))
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((catalogue, DCAT.service, service))
    graph.add((service, DCAT.servesDataset, dataset))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.description, Literal(DESCRIPTION, lang="en")))
    rights = iris.data_item("attribution")
    graph.add((dataset, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    graph.add((rights, RDFS.label, Literal(ATTRIBUTION, lang="en")))
    graph.add((dataset, DCTERMS.issued, issued))
    graph.add((dataset, DCTERMS.identifier, Literal(digest)))
    graph.add((dataset, DCAT_VERSION, Literal(version)))
    graph.add((dataset, VOID.sparqlEndpoint, service))
    graph.add((dataset, VOID.uriSpace, Literal(f"{iris.base}/")))
    _add_distribution(graph, iris, dataset, version, issued)
    for name in (*graphs, str(iris.graph("catalogue"))):
        _add_named_graph(graph, iris, URIRef(name))
    return graph


def counted(iris: Iris, triples: int) -> Graph:
    """Return the statement that the union of all graphs has so many triples, itself included."""
    graph = Graph()
    graph.add((iris.data_item("peelgraph"), VOID.triples, Literal(triples)))
    return graph


def _add_named_graph(graph: Graph, iris: Iris, name: URIRef) -> None:
    """Say of a named graph that it is one, what it is called and how it may be used."""
    path = str(name).removeprefix(f"{iris.base}/graph/")
    graph.add((name, RDF.type, SD.Graph))
    graph.add((name, RDFS.label, Literal(f"Named graph {path}", lang="en")))
    graph.add((name, DCTERMS.license, LICENCE))


def _add_distribution(
    graph: Graph, iris: Iris, dataset: URIRef, version: str, issued: Literal
) -> None:
    distribution = iris.distributed(version, ".nq")
    dump = iris.dump(version, "nq")
    _described(graph, distribution, DCAT.Distribution, f"Version {version} as N-Quads")
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((dataset, VOID.dataDump, dump))
    graph.add((dump, RDF.type, FOAF.Document))
    graph.add((dump, RDFS.label, Literal(f"File of version {version} as N-Quads", lang="en")))
    graph.add((distribution, DCAT.downloadURL, dump))
    graph.add((distribution, DCAT.accessURL, dump))
    graph.add((distribution, DCAT.mediaType, NQUADS))
    graph.add((distribution, DCTERMS.license, LICENCE))
    graph.add((distribution, DCTERMS.issued, issued))


def _described(graph: Graph, resource: URIRef, kind: URIRef, label: str) -> None:
    graph.add((resource, RDF.type, kind))
    graph.add((resource, DCTERMS.title, Literal(label, lang="en")))
    graph.add((resource, RDFS.label, Literal(label, lang="en")))
