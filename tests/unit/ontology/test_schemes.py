"""The schemes hold the members that the model names, in files and under IRIs that match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SKOS, URIRef
from rdflib.collection import Collection

from peelgraph.graph.iris import PILLARS, Iris
from peelgraph.graph.model import StatementType

if TYPE_CHECKING:
    from rdflib import Graph

MEMBERS = {
    "pillar": "effectiveness efficiency legitimacy leadership",
    "grade/four-tier": "outstanding good requires-improvement inadequate not-graded",
    "grade/five-tier": "outstanding good adequate requires-improvement inadequate not-graded",
    "basis": "force-page inspectorate-page national-page news outside-page recalled",
    "grade-status": ("awarded carried-over ungraded-by-design pending not-inspected withdrawn"),
    "finding-type": (
        "strength area-for-improvement cause-of-concern recommendation innovative-practice "
        "context look-ahead"
    ),
    "section-kind": (
        "overview inspector-observations area-description exceptional-events "
        "working-arrangements pillar leadership other-inspections looking-ahead "
        "force-supplied-context policing-plan-priorities key-facts site-furniture"
    ),
    "comparability": "comparable with-caution not-comparable first-time",
    "theme": (
        "preventing-crime investigating-crime protecting-vulnerable-people "
        "serious-organised-crime responding-to-the-public managing-offenders fair-treatment "
        "workforce resources-and-planning leadership recording-crime victim-service"
    ),
    "force-kind": "territorial special",
    "finding-status": "open in-progress closed superseded",
    "monitoring-stage": "scan engage",
}
SCALES = {
    "four-tier": "inadequate requires-improvement good outstanding",
    "five-tier": "inadequate requires-improvement adequate good outstanding",
}


@pytest.mark.parametrize("scheme", MEMBERS)
def test_scheme_has_the_members_of_the_model(scheme: str, scheme_files: dict[str, Graph]) -> None:
    """Tables, reader and shapes rely on these codes."""
    graph, iris = scheme_files[scheme.replace("/", "-")], Iris()
    expected = {iris.concept(scheme, code) for code in MEMBERS[scheme].split()}
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {iris.scheme(scheme)}
    assert set(graph.subjects(RDF.type, SKOS.Concept)) == expected


def test_every_scheme_file_is_known(scheme_files: dict[str, Graph]) -> None:
    """A scheme that no list names would be published without a check of its members."""
    assert set(scheme_files) == {scheme.replace("/", "-") for scheme in MEMBERS}


@pytest.mark.parametrize("scale", SCALES)
def test_scale_is_ordered_from_worst_to_best(scale: str, schemes: Graph) -> None:
    """Pages and charts take the order of the grades from this list."""
    iris = Iris()
    head = schemes.value(iris.concept(f"grade/{scale}", "worst-to-best"), SKOS.memberList)
    assert isinstance(head, URIRef)
    ordered = [iris.grade(scale, code) for code in SCALES[scale].split()]
    assert list(Collection(schemes, head)) == ordered
    ranks = [schemes.value(grade, iris.pi.rank) for grade in ordered]
    assert [int(str(rank)) for rank in ranks] == list(range(1, len(ordered) + 1))


def test_code_knows_the_pillars_of_the_scheme() -> None:
    """A criterion's IRI is a pillar's where its key is one of these."""
    assert set(MEMBERS["pillar"].split()) == set(PILLARS)


def test_types_of_finding_are_types_of_statement() -> None:
    """What the reader finds can be mapped to a type without a second list of names."""
    assert set(MEMBERS["finding-type"].split()) <= {str(each) for each in StatementType}


def test_themes_have_cue_words_in_lower_case(schemes: Graph) -> None:
    """The reader compares cues with folded text."""
    for theme in schemes.subjects(RDF.type, Iris().pi.Theme):
        cues = [str(cue) for cue in schemes.objects(theme, SKOS.altLabel)]
        assert len(cues) >= 3, theme
        assert [cue for cue in cues if cue != cue.casefold()] == []
