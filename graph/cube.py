"""What the cube of judgments needs beside its structure: code lists and slices (RDF Data Cube)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rdflib import QB, RDF, RDFS, SKOS, Graph, Literal, URIRef

from peelgraph.graph.derived import rule
from peelgraph.graph.iris import SLUG
from peelgraph.graph.store import RdfSyntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.store import Store

TOGETHER: Final = 20_000  # lines that are stored at once
MEMBERSHIP: Final = {
    "forces": QB.hierarchyRoot,
    "cycles": QB.hierarchyRoot,
    "criteria": SKOS.member,
    "grades": SKOS.member,
}
"""How a code list names its members; forces and cycles are no concepts."""
DIMENSIONS: Final = {
    "force": "Judgements on {}",
    "cycle": "Judgements of {}",
    "criterion": "Judgements on {}",
}


def renew_cube(store: Store, iris: Iris) -> None:
    """Make code lists and slices in ``/graph/cube`` what the store's judgments and terms are.

    Memory grows with forces, cycles and criteria, not with judgments.
    """
    name, cube = iris.graph("cube"), iris.cube()
    for _, _, old in list(store.stated(name, QB["slice"])):
        store.remove_triples(name, URIRef(str(old)), None, None)
    store.remove_triples(name, cube, QB["slice"], None)
    names: dict[str, str] = {}
    lists = Graph()
    for kind, membership in MEMBERSHIP.items():
        store.remove_triples(name, iris.code_list(kind), membership, None)
    for kind, member, label in store.solutions(rule("code-lists", iris)):
        lists.add((iris.code_list(kind), MEMBERSHIP[kind], URIRef(member)))
        names[member] = min(label, names.get(member, label))
    store.extend_graph(name, lists)
    lines: list[bytes] = []
    for line in _slice_lines(store, iris, names):
        lines.append(line)
        if len(lines) >= TOGETHER:
            store.extend_graph_from(name, b"".join(lines), RdfSyntax.NT)
            lines.clear()
    store.extend_graph_from(name, b"".join(lines), RdfSyntax.NT)


def _slice_lines(store: Store, iris: Iris, names: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the N-Triples of all slices."""
    made: dict[tuple[str, str], URIRef] = {}
    for observation, *values in store.rows(rule("observations", iris)):
        for dimension, value in zip(DIMENSIONS, values, strict=True):
            key = (dimension, value)
            if key not in made:
                made[key] = iris.slice(dimension, slice_key(value, iris))
                yield _described(iris, *key, made[key], names.get(value, value))
            yield f"<{made[key]}> <{QB.observation}> <{observation}> .\n".encode()


def _described(iris: Iris, dimension: str, value: str, part: URIRef, name: str) -> bytes:
    graph = Graph()
    graph.add((part, RDF.type, QB.Slice))
    graph.add((part, RDFS.label, Literal(DIMENSIONS[dimension].format(name), lang="en")))
    graph.add((part, QB.sliceStructure, URIRef(f"{iris.cube()}/structure/by-{dimension}")))
    graph.add((part, iris.pi[dimension], URIRef(value)))
    graph.add((iris.cube(), QB["slice"], part))
    return graph.serialize(format="nt", encoding="utf-8")


def slice_key(value: str, iris: Iris) -> str:
    """Return the last part of a slice's address.

    >>> from peelgraph.graph.iris import Iris
    >>> iris = Iris()
    >>> slice_key(iris.force("kent"), iris), slice_key(iris.question("peel-2015", "x-1"), iris)
    ('kent', 'peel-2015-x-1')
    """
    path = value.removeprefix(f"{iris.base}/") if value.startswith(f"{iris.base}/") else ""
    kind, _, rest = path.removeprefix("id/").removeprefix("def/").partition("/")
    key = rest.replace("/", "-")
    known = kind in {"force", "cycle", "pillar", "question"} and SLUG.fullmatch(key)
    return key if known else hashlib.sha256(value.encode()).hexdigest()[:16]
