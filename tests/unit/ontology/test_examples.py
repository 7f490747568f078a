"""Every class has an example that is true to its text, to the schemes and to the shapes."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph

from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import CLASSES, OA
from peelgraph.graph.validation import Validator, shapes_graph

if TYPE_CHECKING:
    from rdflib.term import Node

CONTEXT = 32  # code points of prefix and suffix


def stem_of(class_name: str) -> str:
    """Return the file stem of a class: ``AreaForImprovement`` → ``area-for-improvement``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", class_name).lower()


@pytest.fixture(scope="session")
def page() -> str:
    """The invented page, which stands in the comment of its example."""
    file = files("peelgraph.ontology") / "examples" / "report-version.ttl"
    lines = file.read_text(encoding="utf-8").splitlines()
    return "".join(f"{line[4:]}\n" for line in lines if line.startswith("#   "))


def number(graph: Graph, node: Node, predicate: Node) -> int:
    """Return the whole number that *node* has."""
    return int(str(graph.value(node, predicate)))


def test_every_class_has_an_example_file_and_no_other(example_files: dict[str, Graph]) -> None:
    """A reader of a term finds how it is used under its name."""
    assert set(example_files) == {stem_of(name) for name in CLASSES}


@pytest.mark.parametrize("class_name", CLASSES)
def test_example_has_an_instance_of_its_class(
    class_name: str, example_files: dict[str, Graph]
) -> None:
    """An example of something else teaches the wrong thing."""
    instances = example_files[stem_of(class_name)].subjects(RDF.type, Iris().pi[class_name])
    assert list(instances) != []


def test_captured_version_describes_the_invented_page(examples: Graph, page: str) -> None:
    """Digest and length are promises that a reader of the example may check."""
    pi = Iris().pi
    version = examples.value(predicate=RDF.type, object=pi.ReportVersion)
    assert version is not None
    digest = hashlib.sha256(page.encode()).hexdigest()
    assert str(examples.value(version, pi.sha256)) == digest
    assert str(version).endswith(f"/version/{digest[:12]}")
    assert number(examples, version, pi.characterCount) == len(page)


def test_quotations_stand_where_their_positions_say(examples: Graph, page: str) -> None:
    """Provenance to the sentence is the point of the whole graph."""
    quotations = set(examples.subjects(RDF.type, OA.TextQuoteSelector))
    assert len(quotations) >= 8
    for passage, quotation in examples.subject_objects(OA.hasSelector):
        if quotation in quotations:
            position = Iris().passage_selector(passage, "position")  # type: ignore[arg-type]
            start, end = (number(examples, position, each) for each in (OA.start, OA.end))
            expected = page[start:end], page[max(0, start - CONTEXT) : start]
            assert str(passage).endswith(f"/passage/{start}-{end}")
            assert str(examples.value(quotation, OA.exact)) == expected[0]
            assert str(examples.value(quotation, OA.prefix)) == expected[1]
            assert str(examples.value(quotation, OA.suffix)) == page[end : end + CONTEXT]


def test_statements_are_the_words_of_a_passage(examples: Graph, page: str) -> None:
    """A statement that is not in the text would be an invention."""
    statements = list(examples.objects(None, Iris().pi.statement))
    assert len(statements) >= 8
    assert [each for each in statements if str(each) not in page] == []


def test_sections_follow_one_another(examples: Graph, page: str) -> None:
    """Together the sections are the page."""
    pi = Iris().pi
    sections = examples.subjects(RDF.type, pi.Section)
    spans = sorted((number(examples, s, pi.start), number(examples, s, pi.end)) for s in sections)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(page)
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("stem", ["assessment-criterion", "grade", "pillar", "theme"])
def test_examples_of_concepts_repeat_their_schemes(
    stem: str, example_files: dict[str, Graph], schemes: Graph
) -> None:
    """A concept has one description; its example must not drift from it."""
    assert {triple for triple in example_files[stem] if triple not in schemes} == set()


def test_examples_conform_to_the_shapes(terms: Graph, schemes: Graph, examples: Graph) -> None:
    """An example that breaks a rule would be copied with its fault."""
    report = Validator(terms + schemes, shapes_graph(Iris())).report_on(examples)
    assert [result.message for result in report.results] == []
