"""The suites of the protocol, the graph store and the service description, by HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, URIRef
from w3c.exchanges import exchanges, run
from w3c.manifest import UT, Case, files_of

from peelgraph.graph.namespaces import SD

if TYPE_CHECKING:
    from w3c.servers import Servers
    from w3c.writing import WritableServer

HOMES = {"/sparql/": "/sparql", "/gsp": "/store", "update": "/update"}


@pytest.mark.w3c("ProtocolTest")
def test_protocol(case: Case, request: pytest.FixtureRequest, servers: Servers) -> None:
    """Each request gets its status, its format and its answer."""
    if any(asked.is_update() for asked in exchanges(case)):
        writable: WritableServer = request.getfixturevalue("writable")
        run(writable.client, case, HOMES, writable.token)
        return
    assert case.manifest is not None
    data = tuple(files_of(case.manifest, case.node, UT))
    run(servers.over(data), case, HOMES)


@pytest.mark.w3c("GraphStoreProtocolTest")
def test_graph_store(case: Case, writable: WritableServer) -> None:
    """Each test begins with an empty store."""
    writable.hold(())
    run(writable.client, case, HOMES, writable.token)


@pytest.mark.w3c("ServiceDescriptionTest")
def test_service_description(case: Case, servers: Servers) -> None:
    """The three tests of the suite are words; this is what they ask for."""
    client = servers.over(())
    reply = client.send("GET", "/sparql", {"Accept": "text/turtle"})
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/turtle")
    described = Graph().parse(data=reply.body, format="turtle")
    endpoint = URIRef(client.address + "sparql")
    name = case.id.partition("#")[2]
    assert name in {"has-endpoint-triple", "returns-rdf", "conforms-to-schema"}
    if name == "has-endpoint-triple":
        assert list(described.subject_objects(SD.endpoint)) == [(endpoint, endpoint)]
    elif name == "conforms-to-schema":
        conforms(described)


def conforms(described: Graph) -> None:
    """Check *described* against the classes and ranges of the vocabulary."""
    ranges = {
        SD.defaultDataset: SD.Dataset,
        SD.defaultGraph: SD.Graph,
        SD.namedGraph: SD.NamedGraph,
        SD.graph: SD.Graph,
    }
    services = set(described.subjects(RDF.type, SD.Service))
    assert services
    for service in services:
        assert described.value(service, SD.endpoint) is not None
    for prop, kind in ranges.items():
        for value in described.objects(None, prop):
            assert (value, RDF.type, kind) in described, (prop, value)
    for graph in described.subjects(RDF.type, SD.NamedGraph):
        assert len(list(described.objects(graph, SD.name))) == 1
    for dataset in described.subjects(RDF.type, SD.Dataset):
        assert len(list(described.objects(dataset, SD.defaultGraph))) <= 1
