"""The catalogue and VoID: complete, conformant, and every number counted again."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SH, VOID, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.namespaces import DCAT3, DCATAP, SPDX
from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from peelgraph.graph.dumps import Dumps

IRIS = Iris()
DATASET, CATALOGUE = IRIS.data_item("peelgraph"), IRIS.data_item("catalogue")
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
}
ADDRESSES = ("/catalogue", "/void", "/.well-known/void")
OFFICIAL = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "deprecateduris.ttl")


@pytest.fixture(scope="module")
def catalogue(built_client: FlaskClient, dumps: Dumps) -> Graph:
    """The catalogue as it is served."""
    assert dumps.files
    return Graph().parse(data=built_client.get("/catalogue.nt").get_data(), format="nt")


def counted(client: FlaskClient, pattern: str) -> list[dict[str, str]]:
    """Return the rows of a query of our own."""
    query = f"PREFIX void: <{VOID}> {pattern}"
    answer = client.post("/sparql", data={"query": query}).get_json(force=True)
    return [{k: v["value"] for k, v in row.items()} for row in answer["results"]["bindings"]]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_the_same(
    built_client: FlaskClient, catalogue: Graph, address: str, form: str
) -> None:
    """By Accept, whatever the address."""
    media_type, syntax = FORMS[form]
    response = built_client.get(address, headers={"Accept": f"{media_type}, text/html;q=0.5"})
    assert response.status_code == 200
    assert response.content_type.startswith(media_type)
    assert response.headers["Content-Location"].endswith(f".{form}")
    assert "license" in response.headers["Link"]
    found = Graph().parse(data=response.get_data(), format=syntax)
    assert isomorphic(found, catalogue)
    again = built_client.get(
        address, headers={"Accept": media_type, "If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/catalogue.ttl", "/void.nt", "/void.rdf"])
def test_a_form_has_an_address_of_its_own(built_client: FlaskClient, path: str) -> None:
    """A browser can be given one too."""
    response = built_client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert response.content_type.startswith(FORMS[path.rpartition(".")[2]][0])
    assert built_client.get(f"{path}x").status_code == 404


def test_a_browser_gets_a_page(built_client: FlaskClient, dumps: Dumps) -> None:
    """The same numbers, for people."""
    page = built_client.get("/catalogue", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert f"{dumps.counts.triples:,}" in page
    assert "pi:Judgment" in page


def test_versions_and_distributions_lead_to_their_description(
    built_client: FlaskClient, catalogue: Graph, dumps: Dumps
) -> None:
    """Each name of ours in the catalogue can be followed, by programs too."""
    turtle = {"Accept": "text/turtle"}
    names = [IRIS.series(), IRIS.version(dumps.version)]
    names += [URIRef(str(each)) for each in catalogue.objects(DATASET, DCAT.distribution)]
    for name in names:
        path = name.removeprefix(IRIS.base)
        response = built_client.get(path, headers={**turtle, "Host": "peel.example"})
        assert (response.status_code, response.headers["Location"]) == (
            303,
            "http://peel.example/catalogue",
        ), path
    assert built_client.get("/data/peelgraph/20200101T000000Z-00000000.nq").status_code == 404


def test_what_cannot_be_had_is_406(built_client: FlaskClient) -> None:
    """With the list of what can."""
    response = built_client.get("/void", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.get_json(force=True)["available"]


def test_every_number_of_the_dataset_equals_the_endpoint_s(
    built_client: FlaskClient, catalogue: Graph
) -> None:
    """A harvester plans by these."""
    (row,) = counted(
        built_client,
        """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
        (COUNT(DISTINCT ?p) AS ?properties) { ?s ?p ?o }""",
    )
    (classes,) = counted(built_client, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }")
    (entities,) = counted(
        built_client,
        f"""SELECT (COUNT(DISTINCT ?s) AS ?n)
        {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{IRIS.base}/")) }}""",
    )
    for name, number in (
        (VOID.triples, row["triples"]),
        (VOID.distinctSubjects, row["subjects"]),
        (VOID.properties, row["properties"]),
        (VOID.classes, classes["n"]),
        (VOID.entities, entities["n"]),
    ):
        assert list(catalogue.objects(DATASET, name)) == [Literal(int(number))], name
    assert catalogue.value(DATASET, VOID.uriSpace) == Literal(f"{IRIS.base}/")


def test_the_version_itself_counts_its_triples(built_client: FlaskClient) -> None:
    """The catalogue graph is part of what it counts."""
    (row,) = counted(built_client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    stated = counted(built_client, f"SELECT ?n {{ <{DATASET}> void:triples ?n }}")
    assert [each["n"] for each in stated] == [row["n"]]


def test_every_partition_equals_the_endpoint_s(built_client: FlaskClient, catalogue: Graph) -> None:
    """All classes and properties, none left out and none made up."""
    classes = counted(built_client, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    found = {
        str(catalogue.value(part, VOID["class"])): int(str(catalogue.value(part, VOID.entities)))
        for part in catalogue.objects(DATASET, VOID.classPartition)
    }
    assert found == {row["c"]: int(row["n"]) for row in classes}
    properties = counted(
        built_client,
        """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) { ?s ?p ?o }
        GROUP BY ?p""",
    )
    told = {
        str(catalogue.value(part, VOID.property)): (
            int(str(catalogue.value(part, VOID.triples))),
            int(str(catalogue.value(part, VOID.distinctSubjects))),
        )
        for part in catalogue.objects(DATASET, VOID.propertyPartition)
    }
    assert told == {row["p"]: (int(row["n"]), int(row["subjects"])) for row in properties}


def test_every_graph_is_counted(built_client: FlaskClient, catalogue: Graph) -> None:
    """Each named graph is a subset with its own size and files."""
    graphs = counted(
        built_client, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )
    found = {
        str(part): int(str(catalogue.value(part, VOID.triples)))
        for part in catalogue.objects(DATASET, VOID.subset)
    }
    assert found == {row["g"]: int(row["n"]) for row in graphs}
    for name in found:
        assert len(list(catalogue.objects(URIRef(name), VOID.dataDump))) == 4


def test_every_distribution_is_there_as_it_is_described(
    built_client: FlaskClient, catalogue: Graph, dumps: Dumps
) -> None:
    """Size, digest and type of each file, at the address that is named."""
    known = {
        f"{f.path}{z}": (n, s)
        for f in dumps.files
        if f.kind != "graph"
        for z, n, s in (("", f.size, f.sha256), (".gz", f.packed_size, f.packed_sha256))
        if n
    }
    found = {}
    for each in catalogue.objects(DATASET, DCAT.distribution):
        address = str(catalogue.value(each, DCAT.downloadURL))
        assert catalogue.value(each, DCAT.accessURL) == URIRef(address)
        assert catalogue.value(each, DCTERMS.license) == LICENCE
        checksum = catalogue.value(each, SPDX.checksum)
        value = str(catalogue.value(checksum, SPDX.checksumValue)).lower()
        size = int(str(catalogue.value(each, DCAT.byteSize)))
        found[address.partition(dumps.version)[2]] = (size, value)
        with built_client.head(address.removeprefix(IRIS.base)) as response:
            assert response.status_code == 200
            assert int(response.headers["Content-Length"]) == size
            packed = (each, DCAT.compressFormat, None) in catalogue
            media = str(catalogue.value(each, DCAT.mediaType)).partition("/media-types/")[2]
            assert response.content_type.startswith("application/gzip" if packed else media)
    assert found == known


def test_the_series_has_every_version(catalogue: Graph, built_data: Path) -> None:
    """A version is cited by its own address."""
    for version in DataFolder(built_data).versions():
        member = IRIS.version(version.name)
        assert catalogue.value(member, DCAT3.inSeries) == IRIS.series()
        assert (CATALOGUE, DCAT.dataset, member) in catalogue
        assert catalogue.value(member, DCAT3.version) == Literal(version.name)


def test_no_thing_of_ours_is_left_without_a_description(catalogue: Graph) -> None:
    """What appears has a type and a label, or is described by the version itself."""
    described = {subject for subject in catalogue.subjects(RDF.type) if isinstance(subject, URIRef)}
    for subject in described:
        if subject.startswith(f"{IRIS.base}/"):
            assert catalogue.value(subject, RDFS.label), subject
    elsewhere = (*(f"{IRIS.base}/{part}/" for part in ("def", "id")), f"{IRIS.base}/data/judgment")
    for value in catalogue.objects():
        if isinstance(value, URIRef) and value.startswith(f"{IRIS.base}/"):
            assert value in described or str(value).startswith(elsewhere), value
    document = IRIS.void()
    assert (document, RDF.type, VOID.DatasetDescription) in catalogue
    assert catalogue.value(document, FOAF.primaryTopic) == DATASET


def test_what_the_european_profile_demands_is_there(catalogue: Graph) -> None:
    """DCAT-AP 3 in short: what is mandatory, once each, of the right kind."""
    demanded = {
        DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
        DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
        DCAT3.DatasetSeries: (DCTERMS.title, DCTERMS.description),
        DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
        DCAT.Distribution: (DCAT.accessURL, DCTERMS.license, DCATAP.availability),
        FOAF.Agent: (FOAF.name,),
        SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
    }
    for kind, properties in demanded.items():
        found = list(catalogue.subjects(RDF.type, kind))
        assert found, kind
        for resource in found:
            for name in properties:
                assert len(list(catalogue.objects(resource, name))) == 1, (resource, name)


def test_the_official_shapes_find_no_violation(catalogue: Graph) -> None:
    """The shapes of DCAT-AP, where their folder is given: releases/3.0.1/html/shacl of SEMIC's."""
    folder = os.environ.get("PEELGRAPH_DCAT_AP_SHAPES")
    if not folder:
        pytest.skip("needs the shapes of DCAT-AP: set PEELGRAPH_DCAT_AP_SHAPES to their folder")
    for name in OFFICIAL:
        shapes = Graph().parse(Path(folder) / name)
        _, report, text = validate(catalogue, shacl_graph=shapes)
        assert isinstance(report, Graph)
        (whole,) = report.subjects(RDF.type, SH.ValidationReport)
        faults = [
            result
            for result in report.objects(whole, SH.result)
            if report.value(result, SH.resultSeverity) == SH.Violation
        ]
        assert faults == [], f"{name}: {text}"


def test_the_catalogue_is_there_before_the_files(small_data: Path, tmp_path: Path) -> None:
    """Who comes early gets what the version says of itself, and is told not to keep it."""
    copy = tmp_path / "data"
    shutil.copytree(small_data, copy, symlinks=True)
    (copy / "dumps").write_text("in the way", encoding="utf-8")
    settings = Settings(data=copy, workers=1)
    with closing(start_engine(settings)) as engine:
        client = create_app(settings, engine).test_client()
        response = client.get("/catalogue", headers={"Accept": "text/turtle"})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        found = Graph().parse(data=response.get_data(), format="turtle")
        assert (DATASET, RDF.type, DCAT.Dataset) in found
        page = client.get("/catalogue", headers={"Accept": "text/html"})
        assert page.status_code == 503
