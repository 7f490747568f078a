"""The page of the ontology: every term with its place, and a diagram that says what is so."""

from __future__ import annotations

import re
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph

from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import Iris
from peelgraph.server.site.ontology import changes, examples, pictured, vocabulary
from peelgraph.server.site.vocabulary import demands, shapes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
PI = Iris().pi
PREFIXES = prefixes(Iris())


def merged(package: str) -> Graph:
    """Every Turtle file of a package as one graph."""
    graph = Graph()
    for path in files(package).iterdir():
        if path.name.endswith(".ttl"):
            graph.parse(data=path.read_text("utf-8"), format="turtle")
    return graph


ONTOLOGY = Graph().parse(
    data=files("peelgraph.ontology").joinpath("inspection.ttl").read_text("utf-8"), format="turtle"
)
SHAPES = merged("peelgraph.shapes")
SCHEMES = merged("peelgraph.ontology.schemes")


@pytest.fixture
def text(built_client: FlaskClient) -> str:
    """The page."""
    return built_client.get("/ontology", headers=HTML).text


def test_every_term_has_its_place(text: str) -> None:
    """The address of a term leads to its anchor: each must be there, once."""
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    defined = {str(each) for each in ONTOLOGY.subjects(RDFS.isDefinedBy, None)}
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    shaped = {str(each) for kind in kinds for each in SHAPES.subjects(RDF.type, kind)}
    assert len(defined) == 94
    for iri in defined | shaped:
        assert iri.rpartition("#")[2] in anchors, iri


def test_links_within_the_page_lead_somewhere(text: str) -> None:
    """A list of terms that leads nowhere is no help."""
    anchors = set(re.findall(r' id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= anchors | {"main"}


def test_the_page_says_what_the_ontology_says(text: str) -> None:
    """Every label, meaning and example of every term."""
    plain = unescape(text)
    for predicate in (SKOS.definition, SKOS.scopeNote, SKOS.example):
        for said in ONTOLOGY.objects(None, predicate):
            assert str(said) in plain, said
    for message in SHAPES.objects(None, SH.message):
        words = re.sub(r"\{[?$](\w+)\}", r"[\1]", str(message))
        assert words in plain, words


def test_code_lists_have_their_welsh_labels(text: str) -> None:
    """Every member of every scheme, in both languages where it has two."""
    welsh = {str(each) for each in SCHEMES.objects(None, SKOS.prefLabel) if each.language == "cy"}  # type: ignore[attr-defined]
    assert len(welsh) > 15
    assert welsh <= set(re.findall(r'<span lang="cy"><bdi>([^<]+)</bdi>', unescape(text)))
    for scheme in SCHEMES.subjects(RDF.type, SKOS.ConceptScheme):
        label = SCHEMES.value(scheme, SKOS.prefLabel)
        members = set(SCHEMES.subjects(SKOS.inScheme, scheme)) & set(
            SCHEMES.subjects(RDF.type, SKOS.Concept)
        )
        heading = f"{str(label)[0].upper()}{str(label)[1:]}</bdi>: {len(members)} member"
        assert heading in unescape(text), heading


def test_each_arrow_of_the_diagram_is_in_the_data(built_client: FlaskClient) -> None:
    """A diagram that is drawn by hand is wrong after the next change."""
    with built_client.application.test_request_context("/"):
        boxes, arrows = pictured()
        names = {each.name for each in vocabulary().classes}
    assert {key.removeprefix("pi:") for key in boxes} <= names
    assert len({(column, row) for _, column, row in boxes.values()}) == len(boxes)
    rows = files("peelgraph.server.site").joinpath("ontology-arrows.csv").read_text("utf-8")
    for line in rows.splitlines()[1:]:
        start, name, end, _ = line.split(",")
        assert start in boxes
        assert end in boxes
        assert (_iri(start), _iri(name), _iri(end)) in set(_true()), line
    assert len(arrows) == len(rows.splitlines()) - 1


def test_how_many_is_said_in_words() -> None:
    """The cardinalities of the shapes, for what a judgment has."""
    of_judgments = {each.path: each for each in demands(SHAPES)[str(PI.Judgment)]}
    assert of_judgments[str(PI.grade)].count == "exactly one"
    assert of_judgments[str(PI.grade)].values == [str(PI.Grade)]
    assert of_judgments[str(PI.evidence)].count == "any number"
    assert of_judgments[str(PI.carriedOverFrom)].count == "at most one"
    assert {each.name for each in shapes(SHAPES)} >= {"JudgmentShape", "EnglishText"}
    of_findings = {each.path: each for each in demands(SHAPES)[str(PI.Finding)]}
    assert of_findings[str(PI.evidence)].count == "one or more"


def test_every_example_has_its_page(built_client: FlaskClient, text: str) -> None:
    """One a class; the text is the file's own."""
    known = examples()
    listed = [each.name for each in files("peelgraph.ontology.examples").iterdir()]
    assert len(known) == len([each for each in listed if each.endswith(".ttl")])
    for name in known:
        assert f'href="/ontology/examples/{name}"' in text
    page = built_client.get("/ontology/examples/judgment", headers=HTML).text
    assert "pi:Judgment, qb:Observation" in page
    assert built_client.get("/ontology/examples/nothing", headers=HTML).status_code == 404


def test_changes_are_those_of_the_file(text: str) -> None:
    """Every line of the log, under its version."""
    written = files("peelgraph.ontology").joinpath("CHANGES.md").read_text("utf-8")
    lines = [line for line in written.splitlines() if line.startswith("|")]
    heads = [line for line in lines if line.startswith(("| term", "|---"))]
    assert len(changes()) == len(lines) - len(heads) > 0
    for each in changes():
        assert each.version in written
        assert each.term in text


def test_the_ontology_is_at_hand_in_four_forms(text: str) -> None:
    """As alternate links for programs, and as downloads for people."""
    for extension in ("ttl", "jsonld", "nt", "rdf"):
        assert text.count(f'href="/def/inspection.{extension}"') == 2
        assert f'href="/graph/shapes.{extension}"' in text


def _iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"{PREFIXES[prefix]}{name}"


def _true() -> Iterable[tuple[str, str, str]]:
    """What is said of any two classes, as a triple."""
    for child, parent in ONTOLOGY.subject_objects(RDFS.subClassOf):
        yield str(child), str(RDFS.subClassOf), str(parent)
    for of, each in demands(SHAPES).items():
        yield from ((of, one.path, values) for one in each for values in one.values)
    for name, domain in ONTOLOGY.subject_objects(RDFS.domain):
        for reached in ONTOLOGY.objects(name, RDFS.range):
            yield str(domain), str(name), str(reached)
    for question, theme in SCHEMES.subject_objects(SKOS.broadMatch):
        for kind in SCHEMES.objects(question, RDF.type):
            for reached in SCHEMES.objects(theme, RDF.type):
                yield str(kind), str(SKOS.broadMatch), str(reached)
