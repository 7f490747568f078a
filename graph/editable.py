"""A store that is being changed: updates, whole graphs, the names of new blank nodes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, Self

import pyoxigraph as ox
from rdflib import Graph

from peelgraph.graph.blank_nodes import canonical, named
from peelgraph.graph.errors import QueryForbidden, QuerySyntax, RdfSyntaxError, UpdateFailed
from peelgraph.graph.store import Store, from_ox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from peelgraph.graph.iris import Iris

BLANK: Final = re.compile(rb"(?:^|[^ ]+ [^ ]+ )_:")
TRIPLE: Final = b"<<("
PLACE: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
DISK: Final = re.compile("no space|too large|input/output|quota", re.IGNORECASE)
LONGEST: Final = 300


class EditableStore(Store):
    """A store with what writers need. ``None`` stands for the graph without a name."""

    @classmethod
    def loaded(cls, quads: Path, empty: Iterable[str]) -> Self:
        """Return the quads of a version's file in memory, with the graphs that have none."""
        store = ox.Store()
        store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        for name in empty:
            store.add_graph(ox.NamedNode(name))
        return cls(store)

    def update(self, text: str, base: str) -> None:
        """Carry out a stranger's update, whole or not at all; only in a confined process.

        Raises:
            QuerySyntax: it is not SPARQL Update.
            UpdateFailed: it asks for what cannot be done, as to drop a graph that is not there.
            QueryForbidden: it would leave this machine.
            OSError: the disk is full or broken.
        """
        try:
            self._inner.update(text, base_iri=base)
        except SyntaxError as error:
            raise _syntax_error(str(error)) from error
        except RuntimeError as error:
            raise UpdateFailed(
                str(error)[:LONGEST],
                expected="graphs that are there, or the keyword SILENT",
                action="nothing was changed; mend the update",
            ) from error
        except OSError as error:
            if DISK.search(str(error)):
                raise
            raise QueryForbidden(
                "the update asks for another address, which this service never does",
                action="leave out LOAD and SERVICE",
            ) from error

    def has_graph(self, name: str | None) -> bool:
        """Return whether the graph is there; the one without a name always is."""
        return name is None or self._inner.contains_named_graph(ox.NamedNode(name))

    def known(self, graph: Graph) -> int:
        """Return how many triples of *graph*, which has no blank nodes, stand in any graph."""
        triples = ox.parse(
            graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES
        )
        return sum(
            any(True for _ in self._inner.quads_for_pattern(t.subject, t.predicate, t.object, None))
            for t in triples
        )

    def put_graph(self, name: str | None, triples: bytes) -> None:
        """Make a graph hold exactly these N-Triples; it is there even where it holds none."""
        self._inner.clear_graph(_graph(name)) if self.has_graph(name) else None
        self.post_graph(name, triples)

    def post_graph(self, name: str | None, triples: bytes) -> None:
        """Add N-Triples to a graph, which is made where it is not there."""
        target = _graph(name)
        if isinstance(target, ox.NamedNode):
            self._inner.add_graph(target)
        parsed = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
        self._inner.extend(ox.Quad(t.subject, t.predicate, t.object, target) for t in parsed)

    def delete_graph(self, name: str | None) -> None:
        """Remove a graph; the one without a name is emptied."""
        target = _graph(name)
        if isinstance(target, ox.NamedNode):
            self._inner.remove_graph(target)
        else:
            self._inner.clear_graph(target)

    def triples(self, name: str | None) -> Graph:
        """Return a copy of a graph."""
        copy = Graph()
        for quad in self._inner.quads_for_pattern(None, None, None, _graph(name)):
            copy.add(from_ox(quad))
        return copy

    def lines(self, name: str | None) -> list[bytes]:
        """Return the quads of a graph as N-Quads lines, in no order."""
        quads = self._inner.quads_for_pattern(None, None, None, _graph(name))
        content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        return content.splitlines(keepends=True)

    def change(self, removed: bytes, added: bytes) -> None:
        """Take out and put in quads, as N-Quads lines."""
        for quad in ox.parse(removed, format=ox.RdfFormat.N_QUADS):
            self._inner.remove(quad)
        self._inner.extend(ox.parse(added, format=ox.RdfFormat.N_QUADS))

    def keep_graphs(self, names: Iterable[str]) -> None:
        """Have exactly the named graphs *names*, empty or not; quads are not touched."""
        wanted, found = set(names), {str(name) for name in self.graph_names()}
        for name in wanted - found:
            self._inner.add_graph(ox.NamedNode(name))
        for name in found - wanted:
            self._inner.remove_graph(ox.NamedNode(name))

    def name_blank_nodes(self, file: Path, iris: Iris) -> bool:
        """Give every blank node a name; return whether there were any.

        What is published has none, so those that *file* shows are new.

        Args:
            file: A dump of this store.
            iris: The base under which they are named.

        Raises:
            RdfSyntaxError: a triple stands as a term, which no tool here can check.
        """
        found, prefixes = _blank_lines(file, str(iris.genid(iris.graph("update"), "")))
        if not found:
            return False
        quads = list(ox.parse(b"".join(found), format=ox.RdfFormat.N_QUADS))
        labelled = canonical(quads)
        told = "\n".join(sorted(str(quad) for quad in labelled)).encode()
        token, salt = _token(told), 0
        while token in prefixes:  # the same was inserted before: these nodes are others
            salt += 1
            token = _token(told + b"%d" % salt)
        for quad in quads:
            self._inner.remove(quad)
        graph = iris.graph("update")
        self._inner.extend(named(labelled, lambda n: iris.genid(graph, f"{token}-{n}")))
        return True


def _graph(name: str | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if name is None else ox.NamedNode(name)


def _token(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:12]


def _blank_lines(file: Path, genid: str) -> tuple[list[bytes], set[str]]:
    """Return the lines with blank nodes, and the tokens that named earlier ones."""
    known = re.compile(re.escape(genid.encode()) + rb"([0-9a-f]{12})-")
    found: list[bytes] = []
    tokens: set[str] = set()
    with file.open("rb") as lines:
        for line in lines:
            if TRIPLE in line and _has_triple_term(line):
                raise RdfSyntaxError(
                    "a triple stands as a term", place="the update", expected="terms of RDF 1.1"
                )
            if b"_:" in line and BLANK.match(line):
                found.append(line)
            if genid.encode() in line:
                tokens.update(token.decode() for token in known.findall(line))
    return found, tokens


def _has_triple_term(line: bytes) -> bool:
    return line.split(b" ", 2)[2].startswith(TRIPLE)


def _syntax_error(message: str) -> QuerySyntax:
    placed = PLACE.match(message)
    if placed is None:
        return QuerySyntax(f"the text is not SPARQL Update: {message[:LONGEST]}")
    wanted = placed[3].replace("\n", " ")
    return QuerySyntax(
        "the text is not SPARQL Update",
        place=f"line {placed[1]}, column {placed[2]}",
        expected=wanted if len(wanted) <= LONGEST else f"{wanted[:LONGEST]} …",
    )
