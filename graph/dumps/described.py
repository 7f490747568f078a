"""What the catalogue says of the files of a version, in the words of DCAT-AP 3.

The statements that the version itself carries come first; those about the files, their digests
and the code lists of the European profile can only be made when the files are there.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from peelgraph.graph.catalogue import catalogue_graph
from peelgraph.graph.dumps.listing import GRAPH
from peelgraph.graph.dumps.void import void_graph
from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.namespaces import DCATAP, SPDX
from peelgraph.graph.nquads import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.graph.dumps.listing import DumpFile, Dumps
    from peelgraph.graph.versions import Manifest

EU: Final = "http://publications.europa.eu/resource/authority"
IANA: Final = "https://www.iana.org/assignments/media-types"
FILE_TYPES: Final = {
    "nq": "RDF_N_QUADS",
    "trig": "RDF_TRIG",
    "ttl": "RDF_TURTLE",
    "jsonld": "JSON_LD",
    "csv": "CSV",
    "csv-metadata.json": "JSON",
    "parquet": "PARQUET",
}
JUSTICE: Final = ("data-theme/JUST", "Justice, legal system and public safety")
KEYWORDS: Final = ("police", "inspection", "PEEL", "HMICFRS", "grades", "England and Wales")
SHA256: Final = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""The European shapes ask for https here, and for http in every other term of SPDX."""


def described(manifest: Manifest, dumps: Dumps, examples: Iterable[URIRef]) -> Graph:
    """Return what ``catalogue.nt`` holds: all about one version but the versions beside it."""
    iris = Iris(manifest.base)
    moment = dt.datetime.fromisoformat(manifest.published)
    catalogue = str(iris.graph("catalogue"))
    named = [name for name in manifest.graphs if name not in {DEFAULT, catalogue}]
    graph = catalogue_graph(iris, manifest.name, named, manifest.digest, moment)
    _add_profile(graph, iris, manifest)
    dataset = iris.data_item("peelgraph")
    issued = Literal(manifest.published, datatype=XSD.dateTime)
    for file in dumps.files:
        if file.kind != GRAPH:
            for distribution in add_files(graph, iris, manifest.name, file, issued):
                graph.add((dataset, DCAT.distribution, distribution))
                graph.add((iris.version(manifest.name), DCAT.distribution, distribution))
    return graph + void_graph(iris, dumps, examples)


def _add_profile(graph: Graph, iris: Iris, manifest: Manifest) -> None:
    """Say what the European profile asks of catalogue, dataset and service."""
    catalogue, dataset = iris.data_item("catalogue"), iris.data_item("peelgraph")
    service, page = iris.endpoint(), URIRef(f"{iris.base}/data")
    issued = Literal(manifest.published, datatype=XSD.dateTime)
    graph.add((LICENCE, RDF.type, DCTERMS.LicenseDocument))
    graph.add((LICENCE, RDFS.label, Literal("Open Government Licence v3.0", lang="en")))
    graph.add((catalogue, DCTERMS.modified, issued))
    graph.add((catalogue, FOAF.homepage, page))
    graph.add((page, RDF.type, FOAF.Document))
    graph.add((page, RDFS.label, Literal("Page of versions and files", lang="en")))
    add_coverage(graph, iris, dataset)
    for name, value in _language_and_place(graph):
        graph.add((catalogue, name, value))
    graph.add((dataset, DCAT.landingPage, page))
    graph.add((dataset, DCTERMS.hasVersion, iris.version(manifest.name)))
    public = concept(graph, "access-right/PUBLIC", "public", DCTERMS.RightsStatement)
    for resource in (dataset, service):
        graph.add((resource, DCTERMS.accessRights, public))
    graph.add((service, DCAT.theme, concept(graph, *JUSTICE)))
    graph.add((catalogue, DCAT.themeTaxonomy, URIRef(f"{EU}/data-theme")))
    graph.add((service, DCAT.endpointDescription, service))
    graph.add((service, DCAT.landingPage, page))


def add_coverage(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    """Say what a dataset is about: subject, place, time, language, and how often it changes."""
    for name, value in _language_and_place(graph):
        graph.add((dataset, name, value))
    unsteady = concept(graph, "frequency/IRREG", "irregular", DCTERMS.Frequency)
    graph.add((dataset, DCTERMS.accrualPeriodicity, unsteady))
    graph.add((dataset, DCAT.theme, concept(graph, *JUSTICE)))
    for keyword in KEYWORDS:
        graph.add((dataset, DCAT.keyword, Literal(keyword, lang="en")))
    period = URIRef(f"{iris.data_item('peelgraph')}#period")
    graph.add((dataset, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, RDFS.label, Literal("since the first PEEL inspections, 2014", lang="en")))
    graph.add((period, DCAT.startDate, Literal("2014", datatype=XSD.gYear)))


def _language_and_place(graph: Graph) -> list[tuple[URIRef, URIRef]]:
    """Name language and place in *graph*; return how they are stated of a resource."""
    english = concept(graph, "language/ENG", "English", DCTERMS.LinguisticSystem)
    britain = concept(graph, "country/GBR", "United Kingdom", DCTERMS.Location)
    return [(DCTERMS.language, english), (DCTERMS.spatial, britain)]


def concept(graph: Graph, path: str, label: str, kind: URIRef | None = None) -> URIRef:
    """Name a concept of the European Publications Office in *graph*, and return it."""
    iri, scheme = URIRef(f"{EU}/{path}"), URIRef(f"{EU}/{path.partition('/')[0]}")
    graph.add((iri, RDF.type, kind or SKOS.Concept))
    graph.add((iri, SKOS.inScheme, scheme))
    graph.add((iri, SKOS.prefLabel, Literal(label, lang="en")))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal(path.partition("/")[0].replace("-", " "), lang="en")))
    return iri


def add_files(
    graph: Graph, iris: Iris, version: str, file: DumpFile, issued: Literal
) -> list[URIRef]:
    """Describe the one or two forms of a file as distributions; return them."""
    found = []
    for ending, size, sha256 in (
        ("", file.size, file.sha256),
        (".gz", file.packed_size, file.packed_sha256),
    ):
        if not size:
            continue
        distribution = iris.distributed(version, f"{file.path}{ending}")
        title = Literal(f"{file.title}{', gzip' if ending else ''}", lang="en")
        _add_address(graph, distribution, iris.dumped(version, f"{file.path}{ending}"), title)
        _add_form(graph, distribution, file, packed=bool(ending))
        graph.add((distribution, DCTERMS.issued, issued))
        graph.add((distribution, DCAT.byteSize, Literal(size, datatype=XSD.nonNegativeInteger)))
        checksum = URIRef(f"{distribution}#checksum")
        graph.add((distribution, SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, SPDX.Checksum))
        graph.add((checksum, RDFS.label, Literal(f"SHA-256 of {title}", lang="en")))
        graph.add((checksum, SPDX.algorithm, SHA256))
        graph.add((checksum, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary)))
        graph.add((SHA256, RDF.type, SPDX.ChecksumAlgorithm))
        found.append(distribution)
    return found


def _add_address(graph: Graph, distribution: URIRef, address: URIRef, title: Literal) -> None:
    for resource in (distribution, address):
        graph.add((resource, RDFS.label, title))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCTERMS.title, title))
    graph.add((distribution, DCTERMS.description, title))
    graph.add((distribution, DCTERMS.license, LICENCE))
    graph.add((distribution, DCAT.accessURL, address))
    graph.add((distribution, DCAT.downloadURL, address))
    graph.add((address, RDF.type, FOAF.Document))


def _add_form(graph: Graph, distribution: URIRef, file: DumpFile, *, packed: bool) -> None:
    name = FILE_TYPES[file.ending]
    kind = concept(graph, f"file-type/{name}", name.replace("_", " "), DCTERMS.MediaTypeOrExtent)
    stable = concept(graph, "planned-availability/STABLE", "stable")
    media = URIRef(f"{IANA}/{file.media_type}")
    graph.add((distribution, DCTERMS["format"], kind))
    graph.add((distribution, DCATAP.availability, stable))
    graph.add((distribution, DCAT.mediaType, media))
    graph.add((media, RDF.type, DCTERMS.MediaType))
    if packed:
        gzip = URIRef(f"{IANA}/application/gzip")
        graph.add((distribution, DCAT.compressFormat, gzip))
        graph.add((gzip, RDF.type, DCTERMS.MediaType))
