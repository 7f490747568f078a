"""What is asked of the writer, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

PUBLISHING: Final = 300  # seconds that publishing may take when all is judged
BUG: Final = 70  # how a process ends that met a fault of its own
OUT_OF_MEMORY: Final = 71  # how a process ends that saw its limit itself


class Kind(Enum):
    """What a change does: SPARQL Update, or one operation on one graph."""

    UPDATE = "update"
    PUT = "put"
    POST = "post"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One write.

    Args:
        kind: What it does.
        graph: The graph that it is about, ``None`` for the one without a name; of no meaning for
            an update.
        text: SPARQL Update, already checked for its length, depth and forbidden keywords.
        base: What relative IRIs of the text are resolved against.
        triples: N-Triples without blank nodes to put or post.
        matches: Digests of which the graph must have one now; ``*`` for whatever is there.
        differs: Digests of which it must have none; ``*`` for a graph that must not be there.
        request: An id of the request, for the audit.
        token: Id of the token that allows it.
        scope: The token's scope.
        route: Method and address.
        body: SHA-256 of what was sent.
    """

    kind: Kind
    graph: str | None = None
    text: str = ""
    base: str = ""
    triples: bytes = b""
    matches: tuple[str, ...] | None = None
    differs: tuple[str, ...] | None = None
    request: str = ""
    token: str = ""
    scope: str = ""
    route: str = ""
    body: str = ""

    @property
    def size(self) -> int:
        """Bytes that it brings."""
        return len(self.text) + len(self.triples)

    @property
    def conditional(self) -> bool:
        """Whether it depends on what the graph is now."""
        return self.matches is not None or self.differs is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change that was carried out.

    Args:
        version: The version that holds it.
        published: Whether that version is new.
        created: Whether the change made its graph.
    """

    version: str
    published: bool
    created: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A batch and what it may take.

    Args:
        changes: What to do, one after another.
        memory: Bytes beyond the loaded version.
        seconds: To run and judge it.
        patience: Seconds to wait for another process that writes.
        keep: How many versions that writes have made are kept; 0 keeps all.
    """

    changes: Sequence[Change]
    memory: int
    seconds: float
    patience: float
    keep: int
