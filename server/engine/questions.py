"""A question on its way to a worker: packed, since JSON cost a small query a third of its time."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import Limits, Query

HEAD: Final = struct.Struct(">BbdQQ5I")
"""Marks, file, limits, and the bytes of each of the five texts that follow."""
UNION: Final = 1
NAMES_GRAPHS: Final = 2
OWN_DEFAULT: Final = 4
HAS_BASE: Final = 8
ANY_TEXT: Final = "surrogatepass"
"""A text that is no UTF-8 is the engine's to refuse."""


@dataclass(slots=True)
class Question:
    """What a worker is asked: the fields of ``Query`` and ``Limits``, and how to answer.

    Args:
        media_type: What the answer is to be written in.
        coding: The content coding that is asked for, if any.
        file: Number of the file for a large answer; -1 where none is free.
        writable: The store is the worker's own copy; for the worker to say.
    """

    text: str
    union: bool
    names_graphs: bool
    own_default: bool
    base_iri: str | None
    timeout: float
    memory_bytes: int
    result_bytes: int
    media_type: str
    coding: str
    file: int
    default_graphs: list[str]
    named_graphs: list[str]
    own_graphs: str
    substitutions: list[tuple[str, str]]
    genid: str
    writable: bool = False


def packed(query: Query, media_type: str, limits: Limits, coding: str, file: int) -> bytes:
    """Return the payload that asks *query*, the answer to go into file number *file*."""
    marks = (
        UNION * query.union
        | NAMES_GRAPHS * query.names_graphs
        | OWN_DEFAULT * query.own_default
        | HAS_BASE * (query.base_iri is not None)
    )
    text = query.text.encode("utf-8", ANY_TEXT)
    base = (query.base_iri or "").encode("utf-8", ANY_TEXT)
    kind, code, rest = media_type.encode(), coding.encode(), _rest(query)
    lengths = len(text), len(base), len(kind), len(code), len(rest)
    head = HEAD.pack(
        marks, file, limits.timeout, limits.memory_bytes, limits.result_bytes, *lengths
    )
    return b"".join((head, text, base, kind, code, rest))


def _rest(query: Query) -> bytes:
    """Return what few queries have, as JSON; nothing where there is none of it."""
    rest = (
        query.default_graphs,
        query.named_graphs,
        query.own_graphs,
        query.substitutions,
        query.genid,
    )
    return json.dumps(rest).encode() if any(rest) else b""


def unpacked(payload: bytes) -> Question:
    """Return the question in *payload*."""
    marks, file, timeout, memory, result, *lengths = HEAD.unpack_from(payload)
    parts: list[bytes] = []
    end = HEAD.size
    for length in lengths:
        parts.append(payload[end : end + length])
        end += length
    text, base, kind, code, rest = parts
    default, named, own, substitutions, genid = json.loads(rest) if rest else ([], [], "", [], "")
    return Question(
        text.decode("utf-8", ANY_TEXT),
        bool(marks & UNION),
        bool(marks & NAMES_GRAPHS),
        bool(marks & OWN_DEFAULT),
        base.decode("utf-8", ANY_TEXT) if marks & HAS_BASE else None,
        timeout,
        memory,
        result,
        kind.decode(),
        code.decode(),
        file,
        default,
        named,
        own,
        [(name, term) for name, term in substitutions],
        genid,
    )
