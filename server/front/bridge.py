"""The way of a request through the Flask application, in a thread."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from peelgraph.server.answering.desk import problem_reply
from peelgraph.server.answering.reply import Reply
from peelgraph.server.protocol.problems import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from peelgraph.server.engine.interface import LargeBody
    from peelgraph.server.front.requests import Request

IN_MEMORY: Final = 1024 * 1024
PIECE: Final = 64 * 1024
HOP_BY_HOP: Final = frozenset(
    {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}
)

logger = logging.getLogger(__name__)


class FileBody:
    """A file that the application answers with: it goes out from where it is, without a thread."""

    def __init__(self, file: LargeBody, block_size: int = PIECE) -> None:
        self.file = file
        self._block_size = block_size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the file in pieces, for middleware that reads it."""
        while piece := self.file.read(self._block_size):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Place:
    """Where the server is reached, for requests that do not say it."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.port = port


def environ_of(request: Request, place: Place, gone: Callable[[], bool]) -> WSGIEnvironment:
    """Return *request* in WSGI's words."""
    path, _, query = request.target.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "RAW_URI": request.target.decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": place.name,
        "SERVER_PORT": str(place.port),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": request.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if request.secure else "http",
        "wsgi.input": request.input(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
        "peelgraph.client_gone": gone,
        "peelgraph.request_id": request.id,
        "peelgraph.note": request.note,
    }
    for name, value in request.headers:
        # A name with an underscore would pass for another with a hyphen.
        if b"_" not in name and name not in {b"transfer-encoding", b"content-length", b"expect"}:
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    if request.body_size or request.method in {"POST", "PUT", "PATCH"}:
        environ["CONTENT_LENGTH"] = str(request.body_size)
    return environ


def run(application: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return what *application* answers; a large body comes as a file."""
    started: list[tuple[int, list[tuple[str, str]]]] = []
    spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        del exc_info
        started[:] = [(int(status.split(" ", 1)[0]), headers)]
        return spool.write

    result: Iterable[bytes] = ()
    try:
        result = application(environ, start_response)
        body, size = _collected(spool, result)
    except BaseException:
        spool.close()
        _close(result)
        raise
    if not isinstance(result, FileBody):
        _close(result)
    status, headers = started[0]
    announced = next((int(v) for n, v in headers if n.lower() == "content-length"), size)
    kept = tuple((n, v) for n, v in headers if n.lower() not in HOP_BY_HOP)
    if environ["REQUEST_METHOD"] == "HEAD" or isinstance(result, FileBody):
        size = announced
    return Reply(status, kept, body, size)


def run_safely(application: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return what *application* answers, or a problem document when it fails even at that."""
    try:
        return run(application, environ)
    except Exception:
        logger.exception("the application failed")
        return problem_reply(INTERNAL, request_id=environ.get("peelgraph.request_id", ""))


def _collected(spool: IO[bytes], result: Iterable[bytes]) -> tuple[bytes | LargeBody, int]:
    """Return the whole body and its size: a file as it is, all else by way of *spool*."""
    if isinstance(result, FileBody):
        spool.close()
        return result.file, os.fstat(result.file.fileno()).st_size
    for piece in result:
        spool.write(piece)
    size = spool.tell()
    spool.seek(0)
    if size > IN_MEMORY:
        return spool, size
    with spool:
        return spool.read(), size


def _close(result: Iterable[bytes]) -> None:
    close = getattr(result, "close", None)
    if close is not None:
        close()
