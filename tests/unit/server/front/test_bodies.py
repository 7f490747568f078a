"""What it costs to take a body in, and to hand one on."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app
from peelgraph.server.engine.interface import Answer
from peelgraph.server.engine.spool import Spooled
from peelgraph.server.front.bridge import Place, environ_of, run
from peelgraph.server.front.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from peelgraph.server.engine.interface import Engine

PIECES = 20_000
LARGE = b"<a:s> <a:p> <a:o> .\n" * 100_000


class Piece(bytes):
    """A piece of a body that counts the bytes that are copied to put it behind others."""

    copied: ClassVar[int] = 0

    def __radd__(self, before: bytes) -> bytes:
        """Count what stands before it, which is copied whole."""
        Piece.copied += len(before)
        return bytes.__add__(before, self)


def test_a_body_of_many_pieces_is_never_copied_whole() -> None:
    """Bytes that grow by one are copied each time: 30 million chunks of one byte fit a limit."""
    request, piece = Request(), Piece(b"x")
    assert b"ab" + piece == b"abx"
    assert Piece.copied == 2
    for _ in range(PIECES):
        request.add_body(piece)
    assert Piece.copied == 2
    assert request.body_size == PIECES
    assert request.input().read() == b"x" * PIECES
    assert request.input().read() == b"x" * PIECES, "it is read again where the loop passes it on"
    request.close()


class Large:
    """An engine whose answers are large: one file, handed on to whoever asks."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the fixture
        self.file.write(b"of an earlier answer" + LARGE)
        self.file.seek(0)
        self.file.write(LARGE)
        self.file.flush()
        self.body = Spooled(self.file.fileno(), len(LARGE), lambda: self.given.append(1))
        self.given: list[int] = []

    def answer(self, *_: object) -> Answer:
        """Return the file."""
        return Answer("application/n-triples", len(LARGE), self.body)

    def version(self) -> None:
        """Say that the content has no name."""

    def status(self) -> Any:  # noqa: ANN401 - a stand-in
        """Say nothing of a base."""
        return type("Status", (), {"base": None})()


@pytest.fixture
def large() -> Iterator[Large]:
    """An engine with a large answer."""
    engine = Large()
    yield engine
    engine.file.close()


@pytest.mark.parametrize("target", [b"/store?default", b"/sparql?query=CONSTRUCT+WHERE+%7B%7D"])
def test_a_large_answer_goes_out_from_where_it_lies(large: Large, target: bytes) -> None:
    """A second file of it would take room that no bound counts."""
    app = create_app(Settings(), cast("Engine", large))
    headers = [(b"host", b"localhost"), (b"accept", b"application/n-triples")]
    asked = Request("GET", target, headers)
    reply = run(app, environ_of(asked, Place("localhost", 80), lambda: False))
    assert reply.status == 200
    assert reply.body is large.body
    assert reply.size == len(LARGE)
    assert not large.given
    large.body.close()
    assert large.given == [1]


def test_the_head_alone_of_a_large_answer_gives_it_back(large: Large) -> None:
    """HEAD tells the size; nobody reads the file, so it must not stay lent."""
    app = create_app(Settings(), cast("Engine", large))
    headers = [(b"host", b"localhost"), (b"accept", b"application/n-triples")]
    asked = Request("HEAD", b"/store?default", headers)
    reply = run(app, environ_of(asked, Place("localhost", 80), lambda: False))
    assert (reply.status, reply.body, reply.size) == (200, b"", len(LARGE))
    assert large.given == [1]


def test_what_an_application_yields_or_writes_is_gathered_in_its_order() -> None:
    """In memory while it is small, then in a file."""

    def application(
        environ: dict[str, Any], start: Callable[..., Callable[[bytes], object]]
    ) -> Iterable[bytes]:
        write = start("200 OK", [])
        write(b"0")
        yield b"1" * environ["wanted"]
        write(b"2")

    for wanted in (3, 2_000_000):
        environ = {"REQUEST_METHOD": "GET", "wanted": wanted}
        reply = run(cast("Any", application), cast("Any", environ))
        whole = b"0" + b"1" * wanted + b"2"
        assert reply.size == len(whole)
        if wanted == 3:
            assert reply.body == whole
            continue
        assert not isinstance(reply.body, bytes)
        assert os.pread(reply.body.fileno(), len(whole) + 1, 0) == whole
        reply.body.close()
