"""What every page may ask for: the settings and the engine of this application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast

from flask import Response, current_app, request
from werkzeug.wsgi import wrap_file

from peelgraph.server.answering.kept import KeptAnswers
from peelgraph.server.engine.interface import PIECE
from peelgraph.server.logs.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from peelgraph.graph.dumps import DumpMaker
    from peelgraph.graph.settings import Settings
    from peelgraph.graph.tokens import Tokens
    from peelgraph.graph.writing.writer import Writer
    from peelgraph.server.answering.desk import Desk
    from peelgraph.server.answering.reply import Reply
    from peelgraph.server.engine.interface import Engine, LargeBody
    from peelgraph.server.pages.terms import Row
    from peelgraph.server.protocol.origin import Origins


PARTS_OF_CACHE = 4
"""Pages, and the answers they are made of, each get this part of what answers get."""


@dataclass(frozen=True, slots=True)
class Made:
    """The body of a page, and the content coding it is in."""

    body: bytes
    coding: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """The settings, the engine and the desk of one application, and what writing needs.

    Args:
        settings: All settings.
        engine: What answers queries.
        desk: Where SPARQL requests are answered; it has the counters.
        origins: Which proxies are believed, and which hosts are ours.
        tokens: Who may write.
        writer: What writes; ``None`` where a file is served.
        digests: Returns the digest of each graph of a version, ``None`` where it is gone.
        dumps: Has the files of versions made; ``None`` where there are no versions of ours.
        asked: Answers to what pages ask themselves.
        made: Pages as they are sent.
        held: What is worked out once a version, by name, with the version's tag.
    """

    settings: Settings
    engine: Engine
    desk: Desk
    origins: Origins
    tokens: Tokens
    writer: Writer | None = None
    digests: Callable[[str], Mapping[str, str] | None] = field(default=lambda _version: None)
    dumps: DumpMaker | None = None
    asked: KeptAnswers[tuple[Row, ...]] = field(init=False)
    made: KeptAnswers[Made] = field(init=False)
    held: dict[str, tuple[str, object]] = field(default_factory=dict[str, tuple[str, object]])

    def __post_init__(self) -> None:
        """Make room for pages and for what they ask."""
        part = self.settings.cache_bytes // PARTS_OF_CACHE
        object.__setattr__(self, "asked", KeptAnswers(part))
        object.__setattr__(self, "made", KeptAnswers(part))

    @property
    def union(self) -> bool:
        """Whether the default graph is the union of all named graphs."""
        return self.settings.default_graph == "union"

    @property
    def sees_all(self) -> bool:
        """Whether pages ask over all named graphs: always where there are versions of ours."""
        return self.union or self.engine.version() is not None

    @property
    def base(self) -> str:
        """Base IRI of what is served."""
        return self.engine.status().base or self.settings.base


def response_of(reply: Reply) -> Response:
    """Return *reply* in Flask's words."""
    response = Response(status=reply.status, headers=list(reply.headers))
    give_body(response, reply.body, reply.size)
    return response


def give_body(response: Response, body: bytes | LargeBody, size: int) -> None:
    """Have *response* bring *body*; a server that can send a file from where it lies does so."""
    if isinstance(body, bytes):
        response.set_data(body)
        return
    response.direct_passthrough = True
    response.response = wrap_file(request.environ, cast("IO[bytes]", body))
    response.content_length = size


def sent_body() -> bytes:
    """Return the whole body of this request; one read may stop short of a chunked body's end."""
    pieces: list[bytes] = []
    while piece := request.stream.read(PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def this_note() -> Note:
    """Return where it is noted what this request asks and how it is answered."""
    return request.environ.get("peelgraph.note") or Note()


def this_service() -> Service:
    """Return the service of the application that answers now."""
    return cast("Service", current_app.extensions["peelgraph"])
