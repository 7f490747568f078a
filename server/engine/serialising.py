"""Writes results in each format, and no document that its own format forbids."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import IO

XML_TYPES: Final = frozenset({"application/sparql-results+xml", "application/rdf+xml"})
JSON_LD: Final = "application/ld+json"
FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that no XML 1.0 document can hold, not even escaped."""
PREFIXES: Final = re.compile(rb"(?:@prefix [^\n]+\n)+")
ROOT: Final = re.compile(rb"<rdf:RDF ([^>]*)>")
UNSPLITTABLE: Final = b"<oxprefix: "
"""How the engine writes a property whose IRI does not end in an XML name: no XML."""
OVERLAP: Final = len(UNSPLITTABLE) - 1


class FormatCannotHold(Exception):
    """The answer holds something that the format asked for cannot say."""


class Stream(Protocol):
    """What a serialiser writes to."""

    def write(self, piece: bytes, /) -> int:
        """Take a piece."""
        ...

    def flush(self) -> None:
        """Do nothing, or pass pieces on."""
        ...


class XmlStream:
    """Passes XML on to *target*, with carriage returns kept from parsers that drop them."""

    def __init__(self, target: Stream) -> None:
        self._target = target
        self._tail = b""

    def write(self, piece: bytes) -> int:
        """Take *piece*.

        Raises:
            FormatCannotHold: XML cannot say this.
        """
        seen = self._tail + piece
        if FORBIDDEN.search(seen):
            raise FormatCannotHold("a character that XML cannot hold, even escaped")
        if UNSPLITTABLE in seen:
            raise FormatCannotHold("a property whose IRI does not end in an XML name")
        self._tail = seen[-OVERLAP:]
        # The engine writes no markup with one, so each stands in text.
        self._target.write(piece.replace(b"\r", b"&#13;"))
        return len(piece)

    def flush(self) -> None:
        """Pass it on."""
        self._target.flush()


def write(
    results: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
    media_type: str,
    stream: Stream,
    genid: str = "",
) -> None:
    """Write *results* to *stream*.

    Args:
        results: What the engine found.
        media_type: The format.
        stream: Where it goes.
        genid: How the IRIs begin that a graph shows as blank nodes; none if empty.

    Raises:
        FormatCannotHold: They hold something that *media_type* cannot say.
    """
    target: IO[bytes] = XmlStream(stream) if media_type in XML_TYPES else stream  # type: ignore[assignment]  # it only writes
    if not isinstance(results, pyoxigraph.QueryTriples):
        results.serialize(target, pyoxigraph.QueryResultsFormat.from_media_type(media_type))
        return
    try:
        syntax = pyoxigraph.RdfFormat.from_media_type(media_type)
        if genid:
            pyoxigraph.serialize(_with_blank_nodes(results, genid), target, format=syntax)
        else:
            results.serialize(target, syntax)
    except OSError as error:
        if media_type == JSON_LD and "JSON-LD" in str(error):
            raise FormatCannotHold("a triple term or a text direction") from error
        raise


def _with_blank_nodes(
    triples: Iterable[pyoxigraph.Triple], genid: str
) -> Iterator[pyoxigraph.Triple]:
    """Yield *triples* with the blank nodes that they had when they were put, under short names."""
    known: dict[str, pyoxigraph.BlankNode] = {}

    def shown(term: Any) -> Any:  # noqa: ANN401 - any term
        if not (isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(genid)):
            return term
        return known.setdefault(term.value, pyoxigraph.BlankNode(f"b{len(known)}"))

    for triple in triples:
        yield pyoxigraph.Triple(shown(triple.subject), triple.predicate, shown(triple.object))


def rewritten(ntriples: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the triples of our own *ntriples* in another syntax, with those *prefixes* they use.

    Raises:
        FormatCannotHold: They hold something that *media_type* cannot say.
    """
    used = {name: iri for name, iri in prefixes.items() if f"<{iri}".encode() in ntriples}
    held = io.BytesIO()
    stream: Stream = XmlStream(held) if media_type in XML_TYPES else held
    pyoxigraph.serialize(
        pyoxigraph.parse(ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES),
        stream,  # type: ignore[arg-type]  # it only writes
        format=pyoxigraph.RdfFormat.from_media_type(media_type),
        prefixes=used,
    )
    return _with_sorted_prefixes(held.getvalue())


def _with_sorted_prefixes(document: bytes) -> bytes:
    """Return a Turtle or RDF/XML *document*, the prefixes in order: the engine shuffles them."""
    declared = PREFIXES.match(document)
    if declared is not None:
        lines = sorted(declared[0].splitlines(keepends=True))
        return b"".join([*lines, b"\n", document[declared.end() :]])
    root = ROOT.search(document, 0, 200)
    if root is None:
        return document
    attributes = b" ".join(sorted(root[1].split()))
    return document[: root.start(1)] + attributes + document[root.end(1) :]
