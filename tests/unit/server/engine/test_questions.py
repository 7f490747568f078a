"""What the web process asks is what the worker reads."""

from __future__ import annotations

import pytest

from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.questions import packed, unpacked

LIMITS = Limits(2.5, 2**40, 2**33)
QUERIES = [
    Query("ASK {}"),
    Query("", union=True, base_iri=""),
    Query("ASK { ?s ?p 'é\ud800' }", base_iri="http://é.example/", names_graphs=False),
    Query("ASK {}", ("a:d", "a:e"), ("a:n",), "[] a <a:b> .", own_default=True),
    Query("ASK {}", substitutions=(("x", "<a:b>"), ("y", '"é"')), genid="a:genid/"),
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("coding", "file"), [("", -1), ("gzip", 1)])
def test_a_question_arrives_as_it_was_asked(query: Query, coding: str, file: int) -> None:
    """A worker that reads another dataset or limit answers another question."""
    read = unpacked(packed(query, "text/csv", LIMITS, coding, file))
    assert (read.media_type, read.coding, read.file) == ("text/csv", coding, file)
    limits = Limits(read.timeout, read.memory_bytes, read.result_bytes)
    again = Query(
        read.text,
        tuple(read.default_graphs),
        tuple(read.named_graphs),
        read.own_graphs,
        read.union,
        read.base_iri,
        tuple(read.substitutions),
        read.names_graphs,
        read.own_default,
        read.genid,
    )
    assert (again, limits) == (query, LIMITS)
