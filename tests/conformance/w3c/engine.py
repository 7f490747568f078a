"""The same tests on the engine itself, in process: what fails here too is the engine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph

from w3c.manifest import HOME, Case, folder
from w3c.results import Result, expected, of_answer, of_csv
from w3c.terms import Row, of_engine, same_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from w3c.manifest import Files


def quads_of(files: Files) -> Iterator[pyoxigraph.Quad]:
    """Yield the quads of *files*, each in its graph; no blank node stands in two files."""
    for name, path in files:
        graph = pyoxigraph.DefaultGraph() if name is None else pyoxigraph.NamedNode(name)
        syntax = pyoxigraph.RdfFormat.from_extension(path.suffix.removeprefix("."))
        for quad in pyoxigraph.parse(
            path=str(path), format=syntax, base_iri=address_of(path), rename_blank_nodes=True
        ):
            told = graph if quad.graph_name == pyoxigraph.DefaultGraph() else quad.graph_name
            yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, told)


def address_of(path: Path) -> str:
    """The address of one of the suites' files."""
    home = folder()
    assert home is not None
    return HOME + path.relative_to(home).as_posix()


def store_of(files: Files) -> pyoxigraph.Store:
    """A store in memory that holds *files*, empty graphs included."""
    store = pyoxigraph.Store()
    store.extend(quads_of(files))
    for name, _ in files:
        if name is not None:
            store.add_graph(pyoxigraph.NamedNode(name))
    return store


def graphs_of(store: pyoxigraph.Store) -> dict[str | None, list[Row]]:
    """The triples of each graph that is not empty; ``None`` is the default graph."""
    found: dict[str | None, list[Row]] = {}
    for quad in store:
        name = None if quad.graph_name == pyoxigraph.DefaultGraph() else quad.graph_name.value
        found.setdefault(name, []).append(tuple(of_engine(term) for term in quad.triple))
    return found


def same_graphs(left: dict[str | None, list[Row]], right: dict[str | None, list[Row]]) -> bool:
    """Whether two datasets are the same, graph by graph."""
    return set(left) == set(right) and all(same_rows(left[name], right[name]) for name in left)


def passes(case: Case) -> bool:
    """Whether the engine itself passes *case*."""
    if "Syntax" in case.kind:
        return _parses(case) is case.kind.startswith("Positive")
    store = store_of(case.data)
    if case.kind == "UpdateEvaluationTest":
        store.update(case.text, base_iri=case.base)
        return same_graphs(graphs_of(store), graphs_of(store_of(case.after)))
    try:
        found = store.query(case.text, base_iri=case.base)
        if case.result is not None and case.result.suffix == ".csv":
            return agrees(case, of_csv(found.serialize(format=pyoxigraph.QueryResultsFormat.CSV)))
        return agrees(case, of_answer(found))
    except (SyntaxError, RuntimeError):
        return False


def agrees(case: Case, found: Result) -> bool:
    """Whether *found* is what *case* expects."""
    assert case.result is not None
    wanted = expected(case.result, address_of(case.result), newer=case.newer, ordered=case.ordered)
    return wanted.agrees(found, lax=case.lax)


def _parses(case: Case) -> bool:
    store = pyoxigraph.Store()
    try:
        if "Update" in case.kind:
            store.update(case.text, base_iri=case.base)
        else:
            store.query(case.text, base_iri=case.base)
    except SyntaxError:
        return False
    except (RuntimeError, OSError):
        return True
    return True
