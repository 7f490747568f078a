"""One version's Oxigraph store: named-graph bookkeeping, canonical dumps, rdflib in and out.

Everything that enters is free of blank nodes: those of a graph are named by RDFC-1.0, so that equal
graphs get equal names.
"""

from __future__ import annotations

import gc
import shutil
from enum import Enum
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import XSD, Dataset, Graph, Literal, URIRef
from rdflib.plugins import sparql

from peelgraph.graph.blank_nodes import without_blank_nodes
from peelgraph.graph.buffers import give_back
from peelgraph.graph.errors import (
    DataBusy,
    DataUnwritable,
    RdfSyntaxError,
    VersionDamaged,
)
from peelgraph.graph.parsing import nquads_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from rdflib.term import Node

    from peelgraph.graph.iris import Iris

sparql.SPARQL_LOAD_GRAPHS = False  # rdflib would fetch, or open, whatever a FROM names
XSD_STRING = ox.NamedNode(XSD.string)
BUFFERED = 50_000  # quads written before they are moved to disk, 1.1 kB of memory each


class RdfSyntax(Enum):
    """The RDF syntaxes read and written, by file extension."""

    NQ = "nq"
    TRIG = "trig"
    NT = "nt"
    TTL = "ttl"
    JSONLD = "jsonld"
    RDF = "rdf"

    @property
    def oxigraph(self) -> ox.RdfFormat:
        """The engine's name for this syntax."""
        found = ox.RdfFormat.from_extension(self.value)
        if found is None:  # no extension above is unknown to it
            raise AssertionError
        return found


class Store:
    """Quads in named graphs, on disk or in memory; made by :meth:`open` and the like."""

    def __init__(self, inner: ox.Store, folder: Path | None = None) -> None:
        self._inner = inner
        self._folder = folder  # of a store that may be written and is on disk
        self._buffered = 0
        self.is_due = False

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the writable store in *folder*, made when it is not there.

        Raises:
            DataBusy: another process has it open for writing.
            DataUnwritable: the folder cannot be written.
        """
        return cls(_opened(folder), folder)

    @classmethod
    def read_only(cls, folder: Path) -> Self:
        """Return the published store in *folder*; it starts threads, so fork before.

        Raises:
            VersionDamaged: the folder holds no readable store.
        """
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, RuntimeError) as error:  # the latter for files that are not there
            raise VersionDamaged(
                f"the store cannot be opened: {error}",
                place=str(folder),
                action="serve another version with `peelgraph versions rollback`",
            ) from error

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty store that is kept in memory only."""
        return cls(ox.Store())

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self._inner)

    def checkpoint(self, folder: Path) -> None:
        """Copy this store into the new *folder*: by hard links, or where those are not allowed.

        Linux refuses links to files of other users (``fs.protected_hardlinks``).
        """
        try:
            self._inner.backup(folder)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            ox.Store(folder).bulk_extend(iter(self._inner))

    def flush(self, *, compact: bool = True) -> None:
        """Write everything to disk, so that a published store needs no recovery."""
        self._inner.flush()
        if compact:
            self._inner.optimize()

    def replace_graph(self, name: URIRef, graph: Graph, iris: Iris) -> None:
        """Make the named graph *name* hold exactly *graph*; an empty one removes it.

        Raises:
            RdfSyntaxError: a term of *graph* is not valid RDF (an IRI with a blank, say).
        """
        self.replace_graph_from(name, _ntriples(graph), RdfSyntax.NT, iris)

    def replace_graph_from(
        self, name: URIRef, content: bytes, syntax: RdfSyntax, iris: Iris
    ) -> int:
        """Make the named graph *name* hold what *content* states; return its size in triples."""
        target = ox.NamedNode(name)
        triples = parsed(content, syntax, place=str(name))
        quads = [ox.Quad(t.subject, t.predicate, t.object, target) for t in triples]
        named = without_blank_nodes(quads, lambda label: iris.genid(name, label))
        self.remove_graph(name)
        if named:
            self._extend(named)
        return len(named)

    def extend_graph(self, name: URIRef, graph: Graph) -> None:
        """Add the triples of *graph*, which has no blank nodes, to the named graph *name*."""
        self.extend_graph_from(name, _ntriples(graph), RdfSyntax.NT)

    def extend_graph_from(self, name: URIRef, content: bytes, syntax: RdfSyntax) -> None:
        """Add what *content* states, without blank nodes, to the named graph *name*."""
        target = ox.NamedNode(name)
        triples = parsed(content, syntax, place=str(name))
        self._extend([ox.Quad(t.subject, t.predicate, t.object, target) for t in triples])

    def _extend(self, quads: list[ox.Quad]) -> None:
        """Add *quads*; what the engine would keep in memory until it has half a GiB is bounded."""
        self._inner.extend(quads)
        self._buffered += len(quads)
        if self._buffered >= BUFFERED:
            self._inner.flush()
            give_back()
            self._buffered = 0
            self.is_due = True

    def renew(self) -> None:
        """Move what is buffered to disk and open the store anew; nothing may be reading it.

        The engine remembers parts of its files: half a MiB for ten pages of a long run. ``is_due``
        says when that is worth while in the middle of one.
        """
        if self._folder is None:
            return
        self._inner.flush()
        del self._inner
        gc.collect()  # an error may hold a reader that was broken off, and so the store's lock
        self._inner = _opened(self._folder)
        self._buffered, self.is_due = 0, False
        give_back()

    def stated(self, name: URIRef, predicate: URIRef) -> Iterator[tuple[Node, Node, Node]]:
        """Yield the triples of the named graph *name* with *predicate*, equal values together."""
        given = (ox.NamedNode(predicate), None, ox.NamedNode(name))
        yield from map(from_ox, self._inner.quads_for_pattern(None, *given))

    def naming(self, subjects: Iterable[URIRef]) -> set[URIRef]:
        """Return the names of the graphs that state anything of *subjects*."""
        return {
            URIRef(quad.graph_name.value)
            for subject in subjects
            for quad in self._inner.quads_for_pattern(ox.NamedNode(subject), None, None, None)
            if isinstance(quad.graph_name, ox.NamedNode)
        }

    def describing(
        self, subjects: Collection[URIRef], among: Callable[[URIRef], bool]
    ) -> dict[URIRef, Graph]:
        """Return all that named graphs state of *subjects*, by those whose names are *among*."""
        found = {name: Graph() for name in self.naming(subjects) if among(name)}
        for name, copy in found.items():
            for subject in subjects:
                given = (ox.NamedNode(subject), None, None, ox.NamedNode(name))
                for quad in self._inner.quads_for_pattern(*given):
                    copy.add(from_ox(quad))
        return found

    def values(self, subject: URIRef, predicate: URIRef) -> Iterator[tuple[URIRef, Node]]:
        """Yield graph name and value of each statement of *predicate* about *subject*."""
        given = (ox.NamedNode(subject), ox.NamedNode(predicate))
        for quad in self._inner.quads_for_pattern(*given, None, None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield URIRef(quad.graph_name.value), _node(quad.object)

    def remove_graph(self, name: URIRef) -> None:
        """Remove the named graph *name*, which may be absent."""
        target = ox.NamedNode(name)
        if self._inner.contains_named_graph(target):
            self._inner.remove_graph(target)

    def remove_triples(self, name: URIRef, *pattern: URIRef | None) -> None:
        """Remove the triples from the named graph *name* that match; ``None`` matches all."""
        terms = [None if each is None else ox.NamedNode(each) for each in pattern]
        subject, predicate, value = terms
        for quad in self._inner.quads_for_pattern(subject, predicate, value, ox.NamedNode(name)):
            self._inner.remove(quad)

    def holds_graph(self, name: URIRef) -> bool:
        """Return whether the named graph *name* is there, empty or not."""
        return self._inner.contains_named_graph(ox.NamedNode(name))

    def graph_names(self) -> list[URIRef]:
        """Return the names of all named graphs, sorted."""
        return sorted(
            URIRef(n.value) for n in self._inner.named_graphs() if isinstance(n, ox.NamedNode)
        )

    def graph(self, name: URIRef) -> Graph:
        """Return a copy of the named graph *name* as an rdflib graph of its own."""
        copy = Graph(identifier=name)
        for quad in self._inner.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            copy.add(from_ox(quad))
        return copy

    def dataset(self) -> Dataset:
        """Return an rdflib dataset over this store, its default graph the union of all."""
        return Dataset(store=OxigraphStore(store=self._inner), default_union=True)

    def sorted_nquads(self) -> list[str]:
        """Return every quad as one canonical N-Quads line without its end, sorted."""
        return _sorted_lines(self._inner.dump(format=ox.RdfFormat.N_QUADS))

    def dump(self, path: Path) -> None:
        """Write every quad as one canonical N-Quads line to the file *path*, in no order."""
        self._inner.dump(path, format=ox.RdfFormat.N_QUADS)

    def fill_from(self, path: Path) -> None:
        """Add every quad of an N-Quads file, and write them to disk.

        Raises:
            RdfSyntaxError: it does not parse.
        """
        try:
            self._inner.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise RdfSyntaxError(str(error), place=str(path)) from error
        self.flush()

    def graph_nquads(self, name: URIRef) -> list[str]:
        """Return the quads of the named graph *name* as :meth:`sorted_nquads` has them."""
        quads = self._inner.quads_for_pattern(None, None, None, ox.NamedNode(name))
        return _sorted_lines(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))

    def write_graphs(
        self, names: Iterable[URIRef], file: BinaryIO, syntax: RdfSyntax, prefixes: dict[str, str]
    ) -> None:
        """Write the named graphs *names* to *file*, one after another, each sorted."""
        quads = (
            quad
            for name in names
            for quad in ox.parse(
                "".join(f"{line}\n" for line in self.graph_nquads(name)),
                format=ox.RdfFormat.N_QUADS,
            )
        )
        ox.serialize(quads, file, format=syntax.oxigraph, prefixes=prefixes)

    def solutions(self, query: str) -> list[tuple[str, ...]]:
        """Return the rows of a trusted SELECT over the union, each term as its plain string."""
        return list(self.rows(query))

    def rows(self, query: str) -> Iterator[tuple[str, ...]]:
        """Yield what :meth:`solutions` returns, row by row as they are found."""
        solutions = self._inner.query(query, use_default_graph_as_union=True)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(query)
        for row in solutions:
            yield tuple("" if t is None else str(getattr(t, "value", t)) for t in row)


def _opened(folder: Path) -> ox.Store:
    try:
        return ox.Store(folder)
    except OSError as error:
        if "lock" not in str(error).casefold():
            raise DataUnwritable(str(error), place=str(folder)) from error
        raise DataBusy(
            "the store is open in another process",
            place=str(folder),
            action="wait for it to end, then try again",
        ) from error


def _sorted_lines(content: bytes | None) -> list[str]:
    return sorted((content or b"").decode().split("\n")[:-1])


def _ntriples(graph: Graph) -> bytes:
    return graph.serialize(format="nt", encoding="utf-8")


def from_ox(quad: ox.Quad) -> tuple[Node, Node, Node]:
    """Return an engine's quad as a triple of rdflib's."""
    return (_node(quad.subject), _node(quad.predicate), _node(quad.object))


def _node(term: object) -> Node:
    """Return an engine's term as rdflib's; stored quads hold no blank nodes."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = None if term.datatype == XSD_STRING else URIRef(term.datatype.value)
        return Literal(term.value, datatype=datatype, normalize=False)
    raise TypeError(term)


def parsed(content: bytes, syntax: RdfSyntax, *, place: str) -> list[ox.Quad]:
    """Return the quads that *content* states, which this program wrote; see :func:`graphs_from`.

    Raises:
        RdfSyntaxError: it does not parse, as where a term is not valid RDF.
    """
    try:
        return list(ox.parse(content, format=syntax.oxigraph))
    except SyntaxError as error:
        where = f"{place}, line {error.lineno}" if error.lineno else place
        raise RdfSyntaxError(
            error.msg or "does not parse",
            place=where,
            expected=f"valid {syntax.oxigraph.name}",
            action="mend that line; nothing was stored",
        ) from error


def graphs_from(
    content: bytes, syntax: RdfSyntax, iris: Iris, *, default: URIRef, place: str
) -> dict[URIRef, Graph]:
    """Return what *content* states by named graph, its blank nodes named by RDFC-1.0.

    It may be a stranger's: a confined process parses it.

    Args:
        content: The bytes of one file.
        syntax: What they are written in.
        iris: The base under which blank nodes are named.
        default: The graph that triples without a graph name go to.
        place: The file's name, for errors.

    Raises:
        RdfSyntaxError: it does not parse, or holds a triple term, which no tool here can check.
        ReadingStopped: it ended the process that parsed it, or ran over a limit.
    """
    nquads = nquads_of(
        content, syntax.value, graph=default, genid=iris.genid(default, ""), place=place
    )
    graphs: dict[URIRef, Graph] = {}
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.graph_name, ox.NamedNode):
            name = URIRef(quad.graph_name.value)
            graphs.setdefault(name, Graph()).add(from_ox(quad))
    return graphs
