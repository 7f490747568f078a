"""The integrity constraints of RDF Data Cube and SKOS over everything that is published.

A file is a question that is true where the constraint is broken. IC-20 and IC-21 are asked once
for each property that a hierarchy names, as the recommendation says. Each has a small deliberate
defect beside it, so that none is empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
RULES = sorted([*FOLDER.glob("cube/*.rq"), *FOLDER.glob("skos/*.rq")])
PROPERTIES = {
    "$down": "SELECT ?p { ?list qb:parentChildProperty ?p FILTER (ISIRI(?p)) }",
    "$up": "SELECT ?p { ?list qb:parentChildProperty/owl:inverseOf ?p }",
}
PREFIXES = (
    "PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
)


@pytest.fixture(scope="module")
def published(kent_data: Path) -> ox.Store:
    """What is bundled and a page, in memory."""
    store = ox.Store()
    store.bulk_load(path=DataFolder(kent_data).current().quads_file, format=ox.RdfFormat.N_QUADS)
    return store


def is_broken(store: ox.Store, path: Path) -> bool:
    """Ask one question, once for each property that it is a template for."""
    text = path.read_text(encoding="utf-8")
    return any(
        bool(store.query(asked, use_default_graph_as_union=True)) for asked in filled(store, text)
    )


def filled(store: ox.Store, text: str) -> Iterator[str]:
    """The text for each property that the store names where the text has a place for one."""
    for place, query in PROPERTIES.items():
        if place in text:
            found = store.query(PREFIXES + query, use_default_graph_as_union=True)
            assert isinstance(found, ox.QuerySolutions)
            yield from {text.replace(place, str(row[0])) for row in found}
            return
    yield text


def test_all_constraints_are_here() -> None:
    """A filter in a collected suite can silence it."""
    cube = [path.stem for path in RULES if path.parent.name == "cube"]
    assert cube == [f"ic-{n:02}" for n in range(1, 22)]
    assert {path.stem for path in RULES} - set(cube) == {"s09", "s13", "s14", "s27", "s37", "s46"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_what_is_published_keeps_the_constraint(path: Path, published: ox.Store) -> None:
    """Tools for statistics and vocabularies rely on these."""
    assert not is_broken(published, path), path.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_the_constraint_finds_its_deliberate_defect(path: Path) -> None:
    """A constraint that cannot fail guards nothing."""
    store = ox.Store()
    defect = path.parent / "defects" / f"{path.stem}.ttl"
    store.bulk_load(path=defect, format=ox.RdfFormat.TURTLE)
    assert is_broken(store, path)


def test_slices_hold_each_observation_once_a_dimension(published: ox.Store) -> None:
    """The constraints hold of a cube without slices too; this one has them, and whole."""
    query = PREFIXES + (
        "SELECT ?key (COUNT(DISTINCT ?o) AS ?n) (COUNT(DISTINCT ?s) AS ?slices) "
        "{ ?d qb:slice ?s . ?s qb:sliceStructure ?key ; qb:observation ?o } GROUP BY ?key"
    )
    found = store_rows(published, query)
    observations = store_rows(
        published, PREFIXES + "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a qb:Observation }"
    )[0][0]
    assert len(found) == 3
    assert {row[1] for row in found} == {observations}
    slices = {row[0].rpartition("by-")[2]: int(row[2]) for row in found}
    assert slices["force"] == 43
    assert slices["cycle"] >= 6
    assert slices["criterion"] > 20


def store_rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """The plain values of a SELECT."""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value for term in row) for row in found]
