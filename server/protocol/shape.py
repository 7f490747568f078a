"""What may be told of a query without telling it: its length, form and shape, and hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peelgraph.server.protocol.tokens import QUERY_FORMS, TOKEN, UPDATE_FORMS

SHOWN: Final = 16
LONGEST: Final = 64 * 1024
"""Characters that are read for the shape."""
FORMS: Final = (*QUERY_FORMS, *UPDATE_FORMS)


@dataclass(frozen=True, slots=True)
class Shape:
    """A query's outside.

    Args:
        sha256: Of its UTF-8 text: whoever has the query can find it again.
        shape: Start of the SHA-256 of its tokens with names, variables and constants blanked out:
            the same for queries that differ in these alone.
        form: ``select``, ``ask`` and so on; empty where it has none.
        length: Bytes.
        tokens: How many.
    """

    sha256: str
    shape: str
    form: str
    length: int
    tokens: int


@lru_cache(maxsize=512)
def shape_of(text: str) -> Shape:
    """Return the outside of the query *text*.

    >>> shape_of('SELECT ?a { ?a <x:p> "b" }').shape == shape_of('select ?c{?c <y:q> "d"}').shape
    True
    >>> shape_of("ASK { ?s ?p 1 }").tokens
    6
    """
    encoded = text.encode(errors="replace")
    form, marks = "", list[str]()
    for token in TOKEN.finditer(text, 0, LONGEST):
        kind = token.lastgroup or ""
        if kind == "blank":
            continue
        if kind == "operand":
            marks.append(token[0][:1] if token[0][:1] in "?$_@" else "0")
            continue
        if kind in {"iri", "string"} or ":" in (token["local"] or token["bare"] or ""):
            marks.append("string" if kind == "string" else "iri")
            continue
        word = token[0].lower()
        form = form or (word if word in FORMS else "")
        marks.append(word)
    return Shape(
        hashlib.sha256(encoded).hexdigest(),
        hashlib.sha256(" ".join(marks).encode(errors="replace")).hexdigest()[:SHOWN],
        form,
        len(encoded),
        len(marks),
    )
