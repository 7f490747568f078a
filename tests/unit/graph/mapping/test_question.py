"""The generated schemes of questions, and their generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SKOS, Graph, Literal

from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.question import HEADER, main, question_graph, scheme_files
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from pathlib import Path

IRIS = Iris()
PI = IRIS.pi


def test_bundled_schemes_are_those_of_the_table() -> None:
    """A generated file that was edited by hand would be lost at the next generation."""
    assert main(["--check"]) == 0


def test_check_names_the_file_that_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check is of no use if it passes whatever the file says."""
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    path = tmp_path / "question-peel-2015.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("true", "false", 1), encoding="utf-8")
    (tmp_path / "question-peel-2014.ttl").unlink()
    capsys.readouterr()
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "question-peel-2014.ttl differs from questions.csv",
        "question-peel-2015.ttl differs from questions.csv",
    ]


@pytest.mark.parametrize("cycle", bundled_tables().cycles)
def test_every_cycle_has_its_scheme(cycle: str) -> None:
    """A cycle points to its question set, which must be there."""
    text = scheme_files(bundled_tables())[f"question-{cycle}.ttl"]
    assert text.startswith(HEADER)
    graph = Graph().parse(data=text, format="turtle")
    scheme = IRIS.scheme(f"question/{cycle}")
    questions = set(graph.subjects(RDF.type, PI.Question))
    assert questions == set(graph.subjects(SKOS.inScheme, scheme))
    assert questions == set(graph.objects(scheme, SKOS.hasTopConcept))
    for question in questions:
        assert graph.value(question, PI.ofCycle) == IRIS.cycle(cycle)
        assert list(graph.objects(question, SKOS.broadMatch))
        for predicate in (SKOS.prefLabel, SKOS.definition, SKOS.notation, PI.graded):
            assert len(list(graph.objects(question, predicate))) == 1


@pytest.mark.parametrize(
    ("cycle", "count", "graded"), [("peel-2015", 15, 10), ("peel-2018-19", 10, 9)]
)
def test_question_sets_that_are_known_in_full(cycle: str, count: int, graded: int) -> None:
    """Eleven questions and four on leadership in 2015, ten in 2018-19."""
    graph = question_graph(bundled_tables(), IRIS, cycle)
    assert len(set(graph.subjects(RDF.type, PI.Question))) == count
    assert len(set(graph.subjects(PI.graded, Literal(True)))) == graded  # noqa: FBT003 - a value


def test_questions_of_two_cycles_meet_in_a_theme() -> None:
    """Stop and search moved from question 4 to question 1; the theme is what stayed."""
    old = question_graph(bundled_tables(), IRIS, "peel-2015")
    new = question_graph(bundled_tables(), IRIS, "peel-2018-19")
    theme = IRIS.theme("fair-treatment")
    assert IRIS.question("peel-2015", "legitimacy-4") in set(old.subjects(SKOS.broadMatch, theme))
    assert set(new.subjects(SKOS.broadMatch, theme)) == {
        IRIS.question("peel-2018-19", "legitimacy-1")
    }
