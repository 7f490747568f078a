"""The JSON-LD context is ours, readable, and says the same as the other forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from peelgraph.server.linked.context import REUSED
from peelgraph.server.linked.writing import written
from peelgraph.server.protocol.negotiation import GRAPHS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASE: Final = "https://w3id.org/peelgraph"
OURS: Final = f"{BASE}/def/inspection#"


def context(client: FlaskClient) -> dict[str, Any]:
    """The context that is served."""
    response = client.get("/context.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    assert "ETag" in response.headers
    found: dict[str, Any] = response.get_json(force=True)["@context"]
    return found


def test_the_context_has_every_term_of_the_ontology(read_client: FlaskClient) -> None:
    """Links are links, dates and numbers have their type, labels their languages."""
    found = context(read_client)
    ontology = Graph().parse(data=read_client.get("/graph/ontology.nt").text, format="nt")
    named = {str(s) for s in ontology.subjects(RDFS.isDefinedBy) if str(s).startswith(OURS)}
    ids = {said["@id"] if isinstance(said, dict) else said for said in found.values()}
    assert named
    assert named <= ids
    assert found["Judgment"] == f"{OURS}Judgment"
    assert found["grade"] == {"@id": f"{OURS}grade", "@type": "@id"}
    assert found["ordinal"] == {"@id": f"{OURS}ordinal", "@type": str(XSD.integer)}
    assert found["label"] == {"@id": str(RDFS.label), "@container": "@language"}
    assert found["dct"] == "http://purl.org/dc/terms/"


def test_a_document_reads_like_plain_json(read_client: FlaskClient) -> None:
    """Short names, and no more of the context than it uses, so that nothing has to be fetched."""
    document = read_client.get("/data/judgment/peel-2015/kent/legitimacy.jsonld").get_json(
        force=True
    )
    whole = context(read_client)
    assert all(whole[name] == said for name, said in document["@context"].items())
    assert len(document["@context"]) < len(whole) / 2
    judgment = document["@graph"][0]
    assert judgment["@id"] == f"{BASE}/data/judgment/peel-2015/kent/legitimacy"
    assert "Judgment" in judgment["@type"]
    assert judgment["grade"] == f"{BASE}/def/grade/four-tier/outstanding"
    assert judgment["label"]["en"]
    assert judgment["issued"] == "2016-02-11"


def terms() -> st.SearchStrategy[URIRef | Literal]:
    """Values of all sorts: such as fit the terms of the context, and such as do not."""
    texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
    types = st.sampled_from([XSD.date, XSD.integer, XSD.double, XSD.boolean, XSD.gYear, RDF.JSON])
    numbers = st.sampled_from(["1", "01", "1.50", "1e3", "true", "2016", "2016-02-11"])
    return (
        st.sampled_from([f"{BASE}/id/a", "urn:x:y", f"{OURS}Judgment"]).map(URIRef)
        | texts.map(Literal)
        | st.builds(
            lambda text, lang: Literal(text, lang=lang),
            texts,
            st.sampled_from(["en", "cy", "en-gb"]),
        )
        | st.builds(
            lambda text, kind: Literal(text, datatype=kind, normalize=False), numbers, types
        )
    )


def test_every_form_says_exactly_what_the_graph_says(read_client: FlaskClient) -> None:
    """Whatever values a term has, also those that its short name is not made for."""
    ours = [f"{OURS}{name}" for name in ("grade", "ordinal", "validFrom", "statement", "rank")]
    properties = [*ours, *(str(iri) for iri, _ in REUSED.values()), "urn:x:odd", str(RDF.value)]
    triples = st.tuples(
        st.sampled_from([f"{BASE}/id/a", "urn:x:s"]).map(URIRef),
        st.sampled_from(properties).map(URIRef),
        terms(),
    )

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(triples, max_size=12))
    def check(said: list[tuple[URIRef, URIRef, URIRef | Literal]]) -> None:
        graph = Graph()
        for triple in said:
            graph.add(triple)
        with read_client.application.test_request_context():
            forms = {form: written(graph, form, f"{BASE}/id/a") for form in GRAPHS}
        found = {form.name: parsed(content, form.media_type) for form, content in forms.items()}
        assert all(each == found["N-Triples"] for each in found.values()), found
        assert len(found["N-Triples"]) == len(graph)
        json.loads(forms[GRAPHS[3]])

    check()


def parsed(content: bytes, media_type: str) -> set[tuple[str, str, str]]:
    """The triples of a document, each term as N-Triples writes it."""
    form = pyoxigraph.RdfFormat.from_media_type(media_type)
    triples = pyoxigraph.parse(content, format=form)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in triples}
