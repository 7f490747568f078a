"""The ontology and the closed list of terms in code say the same, and nobody uses another term."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import CLASSES, PROPERTIES, rebased

if TYPE_CHECKING:
    from collections.abc import Iterator

PI = str(Iris().pi)
TERMS = {*CLASSES, *PROPERTIES}
CHECKOUT = Path(__file__).parents[3]
QUERIES = sorted(
    path
    for folder in ("graph", "tests/hygiene", "tests/competency")
    for path in (CHECKOUT / folder).rglob("*.rq")
)
PREFIXED = re.compile(r"(?<![\w:])pi:([A-Za-z][\w-]*)")
FULL = re.compile(re.escape(PI) + r"([A-Za-z][\w-]*)")
COMMENT_OR_TEXT = re.compile(r'^\s*#.*$|"[^"\n]*"', re.MULTILINE)


def local_names(graph: Graph, kind: URIRef) -> set[str]:
    """Return the local names of our terms that are a *kind*."""
    found = (str(term) for term in graph.subjects(RDF.type, kind))
    return {iri.removeprefix(PI) for iri in found if iri.startswith(PI)}


def names_in(text: str) -> set[str]:
    """Return the local names of ours that a query names, outside comments and strings."""
    code = COMMENT_OR_TEXT.sub("", text)
    return {*PREFIXED.findall(code), *FULL.findall(code)}


def names_of(graph: Graph) -> Iterator[tuple[str, bool]]:
    """Yield each local name of ours in *graph*, and whether it is a subject."""
    for triple in graph:
        for place, term in enumerate(triple):
            if isinstance(term, URIRef) and term.startswith(PI) and term != URIRef(PI):
                yield str(term).removeprefix(PI), place == 0


def test_classes_are_those_of_the_closed_list(terms: Graph) -> None:
    """Code may only write what the ontology explains, and the reverse."""
    assert local_names(terms, OWL.Class) == set(CLASSES)


def test_properties_are_those_of_the_closed_list(terms: Graph) -> None:
    """Code may only write what the ontology explains, and the reverse."""
    properties = local_names(terms, OWL.ObjectProperty) | local_names(terms, OWL.DatatypeProperty)
    assert properties == set(PROPERTIES)


def test_version_is_one_and_has_its_entry_in_the_changes(terms: Graph) -> None:
    """A reader of the file finds what changed with the version that it states."""
    versions = [str(each) for each in terms.objects(Iris().ontology(), OWL.versionInfo)]
    assert len(versions) == 1
    changes = (CHECKOUT / "ontology" / "CHANGES.md").read_text(encoding="utf-8")
    assert f"\n## {versions[0]}\n" in changes


def test_namespace_moves_with_the_base() -> None:
    """Under another base no IRI of the default one is left, not even in a string."""
    other = "http://localhost:8080/kg"
    for part in ("", "schemes", "examples"):
        for file in (files("peelgraph.ontology") / part).iterdir():
            if file.name.endswith(".ttl"):
                moved = rebased(file.read_text(encoding="utf-8"), other)
                assert "w3id.org/peelgraph" not in moved, file.name


def test_shapes_use_defined_terms_only() -> None:
    """A shape on a misspelt property never fails, and so checks nothing."""
    shapes = Graph()
    for file in sorted(files("peelgraph.shapes").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".ttl"):
            shapes.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    found = list(names_of(shapes))
    own = {name for name, is_subject in found if is_subject}
    named = {name for name, _ in found}
    for text in (each for each in shapes.objects() if isinstance(each, Literal)):
        named |= names_in(re.sub(r"(?m)#.*$", "", str(text))) if "$this" in text else set()
    assert own & TERMS == set()
    assert named - own - TERMS == set()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_uses_defined_terms_only(path: Path) -> None:
    """A query for a misspelt property answers nothing, without a word."""
    allowed = TERMS | ({"Defect"} if "hygiene" in path.parts else set())
    assert names_in(path.read_text(encoding="utf-8")) - allowed == set()


def test_scan_of_queries_sees_both_spellings() -> None:
    """The scan is a pattern: it must find prefixed names and full IRIs, and skip text."""
    query = f'# pi:comment\nSELECT * {{ ?s pi:grade/pi:rank ?o ; <{PI}nickname> "pi:text" }}'
    assert names_in(query) == {"grade", "rank", "nickname"}
