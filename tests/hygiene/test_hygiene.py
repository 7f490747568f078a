"""Rules of the ontology, one query each: any row is a defect.

Every rule runs over ontology, cube, schemes and examples, and must find nothing; with the small
deliberate defect of the same name beside them, it must find something, so no rule is empty.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from rdflib import Graph

from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping import reference_graphs
from peelgraph.graph.tables import bundled_tables

FOLDER = Path(__file__).parent
RULES = sorted(FOLDER.glob("*.rq"))
PARTS = ("", "schemes", "cues", "examples")
DATA_RULES = (  # the rules that hold for published statements as well as for the ontology
    "undefined-term",
    "domain-not-kept",
    "range-not-kept",
    "datatype-not-kept",
    "disjoint-classes-share-member",
    "scope-note-omits-user",
    "observation-incomplete",
    "labels-in-one-language",
)


def names(folder: Path, suffix: str) -> set[str]:
    """Return the stems of the files of *folder* with *suffix*."""
    return {path.stem for path in folder.glob(f"*{suffix}")}


@pytest.fixture(scope="session")
def corpus() -> Graph:
    """Everything the ontology folder holds, parsed once; whoever adds to it takes it out again.

    Oxigraph answers the rules: rdflib's own engine comes to the same, in fifty times the time.
    """
    graph = Graph(store="Oxigraph")
    for part in PARTS:
        folder = files("peelgraph.ontology") / part
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".ttl"):
                graph.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    return graph


def test_rules_are_many_and_each_has_a_defect() -> None:
    """A filter in a collected suite can silence it; a minimum count shows that."""
    assert len(RULES) >= 50
    assert names(FOLDER, ".rq") == names(FOLDER / "defects", ".ttl")


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_is_stated_in_english_first(path: Path) -> None:
    """The first line is what a person reads when the rule fails."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# rule: ")
    assert first.endswith(".")


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_finds_no_defect(path: Path, corpus: Graph) -> None:
    """What is published about our terms keeps every rule."""
    query = path.read_text(encoding="utf-8")
    rows = [" ".join(map(str, row.values())) for row in corpus.query(query).bindings]
    assert rows == [], query.splitlines()[0]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_finds_its_deliberate_defect(path: Path, corpus: Graph) -> None:
    """A rule that cannot fail guards nothing."""
    defect = Graph().parse(FOLDER / "defects" / f"{path.stem}.ttl", format="turtle")
    added = [triple for triple in defect if triple not in corpus]
    for triple in added:  # a copy of the corpus for each rule would take most of the time
        corpus.add(triple)
    try:
        rows = corpus.query(path.read_text(encoding="utf-8")).bindings
    finally:
        for triple in added:
            corpus.remove(triple)
    assert rows != []


@pytest.fixture(scope="session")
def published(corpus: Graph) -> Graph:
    """The corpus and what the mapping makes of the bundled tables."""
    graph = Graph(store="Oxigraph")
    for triple in corpus:
        graph.add(triple)
    for part in reference_graphs(bundled_tables(), Iris()).values():
        for triple in part:
            graph.add(triple)
    return graph


@pytest.mark.parametrize("rule", DATA_RULES)
def test_mapped_tables_keep_the_rules_of_use(rule: str, published: Graph) -> None:
    """What the mapping writes uses terms as the ontology says, without a reasoner."""
    rows = published.query((FOLDER / f"{rule}.rq").read_text(encoding="utf-8")).bindings
    assert [" ".join(map(str, row.values())) for row in rows] == []
