"""Reads the suites' manifests into cases."""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

VARIABLE = "PEELGRAPH_W3C_TESTS"
HOME = "https://w3c.github.io/rdf-tests/"
"""Where the suites live on the web; their relative addresses are resolved against it."""
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
ROOTS = (
    "sparql/sparql10/manifest.ttl",
    "sparql/sparql11/manifest-all.ttl",
    "sparql/sparql12/manifest.ttl",
)
FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
ORDER_BY = re.compile(r"\bORDER\s+BY\b[^}]*\Z", re.IGNORECASE)

Files = tuple[tuple[str | None, Path], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a suite.

    Args:
        id: Folder and name, as ``sparql11/aggregates#agg01``.
        kind: Last part of its type, as ``QueryEvaluationTest``.
        base: Address of the query or request; relative addresses in it are resolved against it.
        query: File of the query or request.
        data: Files to load: graph name (``None``: the default graph) and file.
        result: File of the expected result.
        after: For an update, the graphs that must be there afterwards.
        lax: Repetitions may be left out of the result.
    """

    id: str
    kind: str
    base: str = ""
    query: Path = Path()
    data: Files = ()
    result: Path | None = None
    after: Files = ()
    lax: bool = False
    node: Node | None = None
    manifest: Graph | None = field(default=None, compare=False, repr=False)

    @property
    def suite(self) -> str:
        """Version and folder of the suite."""
        return self.id.partition("#")[0]

    @property
    def newer(self) -> bool:
        """Whether it may hold what RDF 1.1 does not have."""
        return self.id.startswith("sparql12/")

    @property
    def text(self) -> str:
        """The query or request."""
        return self.query.read_text(encoding="utf-8")

    @property
    def based(self) -> str:
        """The query or request, told its own address."""
        return f"BASE <{self.base}> {self.text}"

    @property
    def ordered(self) -> bool:
        """Whether the query orders its result."""
        return bool(ORDER_BY.search(self.text))


def folder() -> Path | None:
    """Where the suites are, if they are anywhere."""
    told = os.environ.get(VARIABLE)
    return Path(told) if told else None


@functools.cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every suite, in the manifests' order."""
    home = folder()
    assert home is not None
    missing = [root for root in ROOTS if not (home / root).is_file()]
    assert not missing, f"{VARIABLE}={home}: no file {missing[0]} there"
    return tuple(case for root in ROOTS for case in _cases(home, home / root))


def path_of(iri: str) -> Path:
    """The file behind an address of the suites."""
    home = folder()
    assert home is not None
    return home / iri.removeprefix(HOME)


def _cases(home: Path, path: Path) -> Iterator[Case]:
    address = HOME + path.relative_to(home).as_posix()
    graph = Graph().parse(path, publicID=address)
    for included in _listed(graph, MF.include):
        yield from _cases(home, path_of(str(included)))
    suite = path.parent.relative_to(home / "sparql").as_posix()
    for node in _listed(graph, MF.entries):
        yield _case(graph, node, suite)


def _listed(graph: Graph, predicate: URIRef) -> list[Node]:
    return [each for found in graph.objects(None, predicate) for each in Collection(graph, found)]


def _case(graph: Graph, node: Node, suite: str) -> Case:
    kinds = (str(kind).rpartition("#")[2] for kind in graph.objects(node, RDF.type))
    kind = next(each for each in kinds if each.endswith(("Test", "Test11")))
    name = str(node).rpartition("#")[2]
    action, result = graph.value(node, MF.action), graph.value(node, MF.result)
    asked = _asked(graph, action)
    if asked is None:
        return Case(f"{suite}#{name}", kind, node=node, manifest=graph)
    data = (*files_of(graph, action, QT), *files_of(graph, action, UT))
    path = path_of(str(asked))
    is_file = isinstance(result, URIRef) and "/" in str(result) and str(result).startswith(HOME)
    return Case(
        id=f"{suite}#{name}",
        kind=kind,
        base=str(asked),
        query=path,
        data=data or tuple(_named_by(path, str(asked))),
        result=path_of(str(result)) if is_file else None,
        after=() if is_file or result is None else files_of(graph, result, UT),
        lax=(node, MF.resultCardinality, MF.LaxCardinality) in graph,
        node=node,
        manifest=graph,
    )


def _asked(graph: Graph, action: Node | None) -> URIRef | None:
    found = graph.value(action, QT.query) or graph.value(action, UT.request) or action
    return found if isinstance(found, URIRef) and str(found).startswith(HOME) else None


def files_of(
    graph: Graph, node: Node | None, terms: Namespace
) -> Iterator[tuple[str | None, Path]]:
    """Yield the data that *node* names, as graph name and file."""
    for each in graph.objects(node, terms.data):
        yield None, path_of(str(each))
    for each in graph.objects(node, terms.graphData):
        named = graph.value(each, terms.graph)
        label = graph.value(each, RDFS.label)
        yield str(label or named or each), path_of(str(named or each))


def _named_by(path: Path, base: str) -> Iterator[tuple[str | None, Path]]:
    """The files that a query without data names itself, as graphs of their own names."""
    for name in dict.fromkeys(FROM.findall(path.read_text(encoding="utf-8"))):
        address = base.rpartition("/")[0] + "/" + name if ":" not in name else name
        if path_of(address).is_file():
            yield address, path_of(address)
