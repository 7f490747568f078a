"""RDF of a stranger becomes sorted N-Quads without blank nodes; runs in a confined process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from peelgraph.graph.blank_nodes import has_blank_node, without_blank_nodes
from peelgraph.graph.confined.nesting import refuse_deep
from peelgraph.graph.errors import RdfSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator


def nquads(  # noqa: PLR0913 - what the parser has to be told
    content: bytes, *, place: str, syntax: str, graph: str, genid: str, base: str = ""
) -> bytes:
    """Return what *content* states; see ``parsing.nquads_of``.

    Raises:
        RdfSyntaxError: it does not parse, nests too deeply, has a DOCTYPE, or is no RDF 1.1.
    """
    refuse_deep(content, syntax, place)
    source = _Source(content, place, syntax, graph, base)
    lines = _lines(source.quads())
    if source.has_blank_nodes:  # rare in large files, which need not be held as quads then
        named = without_blank_nodes(list(source.quads()), lambda label: f"{genid}{label}")
        lines = _lines(iter(named))
    return b"".join(sorted(lines))


def _lines(quads: Iterator[ox.Quad]) -> set[bytes]:
    """Return *quads* as N-Quads, each line once."""
    written = io.BytesIO()
    ox.serialize(quads, written, format=ox.RdfFormat.N_QUADS)
    written.seek(0)
    return set(written)


class _Source:
    """One RDF file."""

    def __init__(self, content: bytes, place: str, syntax: str, graph: str, base: str) -> None:
        known = ox.RdfFormat.from_extension(syntax)
        if known is None:
            raise ValueError(syntax)
        self._content, self._place, self._format = content, place, known
        self._graph, self._base = ox.NamedNode(graph), base or None
        self.has_blank_nodes = False

    def quads(self) -> Iterator[ox.Quad]:
        """Yield the quads, those without a graph in the given one.

        Raises:
            RdfSyntaxError: it does not parse, or is no RDF 1.1.
        """
        try:
            for quad in ox.parse(self._content, format=self._format, base_iri=self._base):
                yield self._placed(quad)
        except SyntaxError as error:
            raise self._fault(error) from error

    def _placed(self, quad: ox.Quad) -> ox.Quad:
        blank = isinstance(quad.graph_name, ox.BlankNode)
        if blank or isinstance(quad.object, ox.Triple):
            raise RdfSyntaxError(
                "a blank node names a graph, or a triple stands as a term",
                place=self._place,
                expected="graphs with IRIs for names, and terms of RDF 1.1",
            )
        self.has_blank_nodes = self.has_blank_nodes or has_blank_node(quad)
        if isinstance(quad.graph_name, ox.DefaultGraph):
            return ox.Quad(quad.subject, quad.predicate, quad.object, self._graph)
        return quad

    def _fault(self, error: SyntaxError) -> RdfSyntaxError:
        place, message = self._place, error.msg or "does not parse"
        if "LoadDocumentCallback" in message:
            return RdfSyntaxError(
                "the JSON-LD names a context on the network, which is never fetched",
                place=place,
                expected="a context that stands in the file",
                action="put the context into the file, or convert it to N-Quads",
            )
        return RdfSyntaxError(
            message,
            place=f"{place}, line {error.lineno}" if error.lineno else place,
            expected=f"valid {self._format.name}",
            action="mend that line; nothing was stored",
        )
