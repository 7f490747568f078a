"""The formats of a saved query: which there are, under which ending, as which media type."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.api.places import GEOJSON, is_placed
from peelgraph.server.protocol import negotiation
from peelgraph.server.protocol.spreadsheet import csv_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelgraph.graph.saved import SavedQuery

CSVM: Final = "application/csvm+json"
SPARQL_TEXT: Final = "application/sparql-query; charset=utf-8"
METADATA: Final = "csv-metadata.json"
TEXT: Final = "rq"


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which an answer is given.

    Args:
        ending: What stands after the dot of its address.
        media_type: Its media type.
        content_type: The ``Content-Type`` it is sent with.
        name: What people call it.
        source: The media type that the engine writes; another one where it is made from that.
    """

    ending: str
    media_type: str
    content_type: str
    name: str
    source: str


def _of(ending: str, written: negotiation.Format) -> Form:
    media_type = written.media_type
    return Form(ending, media_type, written.header, written.name, media_type)


SOLUTIONS: Final[Mapping[str, Form]] = {
    each.ending: each
    for each in (
        _of("csv", negotiation.CSV),
        _of("json", negotiation.JSON),
        _of("tsv", negotiation.TSV),
        _of("xml", negotiation.XML),
    )
}
PLACES: Final = Form("geojson", GEOJSON, GEOJSON, "GeoJSON", negotiation.JSON.media_type)
GRAPHS: Final[Mapping[str, Form]] = {
    each.ending: each
    for each in (
        _of("ttl", negotiation.TURTLE),
        _of("nt", negotiation.N_TRIPLES),
        _of("jsonld", negotiation.JSON_LD),
        _of("rdf", negotiation.RDF_XML),
    )
}


def forms_of(saved: SavedQuery, *, gives_graph: bool) -> Mapping[str, Form]:
    """Return the forms of the answers of *saved*, by ending."""
    if gives_graph:
        return GRAPHS
    return {**SOLUTIONS, PLACES.ending: PLACES} if is_placed(saved) else SOLUTIONS


LONGEST_CELL: Final = 2**31 - 1


def for_spreadsheet(written: str) -> bytes:
    r"""Return a CSV text as a spreadsheet may open it.

    >>> for_spreadsheet("a,b\r\n=1+1,-1\r\n")
    b"\xef\xbb\xbfa,b\r\n'=1+1,-1\r\n"
    """
    csv.field_size_limit(LONGEST_CELL)  # of the whole process; the standard one refuses long texts
    lines = list(csv.reader(io.StringIO(written, newline="")))
    return csv_of(lines[0] if lines else [], lines[1:], excel=True)
