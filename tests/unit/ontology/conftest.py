"""The parts of the ontology folder, each parsed once and read only."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


def turtle_files(part: str) -> Iterator[Traversable]:
    """Yield the Turtle files of a folder of the ontology, by name."""
    folder = files("peelgraph.ontology") / part
    found = (each for each in folder.iterdir() if each.name.endswith(".ttl"))
    yield from sorted(found, key=lambda each: each.name)


def parsed(file: Traversable) -> Graph:
    """Return one Turtle file as a graph."""
    return Graph().parse(data=file.read_text(encoding="utf-8"), format="turtle")


def merged(graphs: Iterator[Graph]) -> Graph:
    """Return the union of *graphs*."""
    union = Graph()
    for graph in graphs:
        for triple in graph:
            union.add(triple)
    return union


@pytest.fixture(scope="session")
def terms() -> Graph:
    """Ontology and structure of the cube."""
    return merged(parsed(file) for file in turtle_files(""))


@pytest.fixture(scope="session")
def scheme_files() -> dict[str, Graph]:
    """Each scheme file by its stem, without the question sets."""
    return {
        file.name.removesuffix(".ttl"): parsed(file)
        for file in turtle_files("schemes")
        if not file.name.startswith("question-")
    }


@pytest.fixture(scope="session")
def schemes(scheme_files: dict[str, Graph]) -> Graph:
    """All schemes but the question sets."""
    return merged(iter(scheme_files.values()))


@pytest.fixture(scope="session")
def example_files() -> dict[str, Graph]:
    """Each example file by its stem."""
    return {file.name.removesuffix(".ttl"): parsed(file) for file in turtle_files("examples")}


@pytest.fixture(scope="session")
def examples(example_files: dict[str, Graph]) -> Graph:
    """All examples together."""
    return merged(iter(example_files.values()))
