"""A site on loopback that is reached over TLS through a proxy with faults."""

from __future__ import annotations

import asyncio
import gzip
import os
import ssl
import subprocess
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from peelgraph.graph.versions import STAGING_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOSTS = ("reports.example", "inside.example", "mapped.example", "moving.example")
HEAD_END = b"\r\n\r\n"
STAGES = f"versions/{STAGING_PREFIX}*"
TICK = 0.05  # seconds between two bytes that trickle


@dataclass(frozen=True)
class Fault:
    """What goes wrong with an answer: ``delay``, ``cut``, ``stall`` or ``trickle``, and where.

    ``at`` counts bytes from the beginning of the head, or of the body if ``in_body``.
    """

    kind: str
    at: int = 10
    in_body: bool = False


class FaultProxy:
    """Ends TLS before a site and passes its answers on, with the faults planned for a path."""

    def __init__(self, upstream: int, context: ssl.SSLContext) -> None:
        self.faults: dict[str, list[Fault]] = {}
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(60)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, caller: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._pass_on(caller, answer)
        except asyncio.CancelledError:
            answer.transport.abort()  # nobody waits for a caller to agree to the end
            raise
        answer.close()

    async def _pass_on(self, caller: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        head = await caller.readuntil(HEAD_END)
        planned = self.faults.get(head.split()[1].decode(), [])
        source, sink = await asyncio.open_connection("127.0.0.1", self._upstream)
        sink.write(head)
        content = await source.read()
        sink.close()
        await _send(answer, content, planned.pop(0) if planned else None)

    def close(self) -> None:
        """End every connection."""

        async def ended() -> None:
            self._server.close()
            running = asyncio.all_tasks() - {asyncio.current_task()}
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(ended(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _send(answer: asyncio.StreamWriter, content: bytes, fault: Fault | None) -> None:
    """Write *content* as *fault* has it."""
    at = len(content)
    if fault is not None:
        at = fault.at + (content.index(HEAD_END) + len(HEAD_END) if fault.in_body else 0)
    answer.write(content[:at])
    await answer.drain()
    if fault is not None and fault.kind == "cut":
        answer.transport.abort()
        return
    if fault is not None and fault.kind in {"delay", "stall"}:
        await asyncio.sleep(TICK if fault.kind == "delay" else 60)
    step = 1 if fault is not None and fault.kind == "trickle" else len(content)
    for position in range(at, len(content), step):
        answer.write(content[position : position + step])
        await answer.drain()
        await asyncio.sleep(TICK if step == 1 else 0)


@dataclass
class Site:
    """Pages by path; what was asked for, and which questions were answered with a 304.

    ``moved`` are redirects, ``packed`` paths that are compressed though nobody asked for it.
    """

    pages: dict[str, bytes]
    moved: dict[str, str] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    validator: str = "ETag"
    asked: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    encodings: set[str] = field(default_factory=set)
    heard: Callable[[str], None] = lambda _path: None
    proxy: FaultProxy = field(init=False)
    authority: Path = field(init=False)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that its certificate is good for."""
        return HOSTS

    def plan(self, path: str, *faults: dict[str, Any], times: int = 1) -> None:
        """Have the next answers for *path* go wrong, each by the fields of a :class:`Fault`."""
        self.proxy.faults[path] = [Fault(**each) for each in faults * times]

    @property
    def port(self) -> int:
        """Where the site is reached, over TLS."""
        return self.proxy.port

    def url(self, path: str, host: str = HOSTS[0]) -> str:
        """The address of a page."""
        return f"https://{host}:{self.port}{path}"


VALIDATORS = {
    "ETag": ("If-None-Match", '"one"'),
    "Last-Modified": ("If-Modified-Since", "Wed, 18 Feb 2015 10:00:00 GMT"),
}


class Handler(BaseHTTPRequestHandler):
    """Answers for a site."""

    site: Site

    def do_GET(self) -> None:
        """Answer one request."""
        site, path = self.site, self.path
        site.asked[path] += 1
        site.encodings.add(self.headers["Accept-Encoding"])
        site.heard(path)
        asking, value = VALIDATORS[site.validator]
        if path in site.moved:
            self._answer(302, b"", {"Location": site.moved[path]})
        elif path not in site.pages:
            self._answer(404, b"gone", {})
        elif self.headers[asking] == value:
            site.unchanged[path] += 1
            self._answer(304, b"", {})
        elif path in site.packed:
            self._answer(200, gzip.compress(site.pages[path]), {"Content-Encoding": "gzip"})
        else:
            self._answer(200, site.pages[path], {site.validator: value})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the standard library's signature
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site without pages; ``authority`` is the file of whoever vouches for it."""
    there = Site({})
    authority = trustme.CA()
    there.authority = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(there.authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    answering = type("Answering", (Handler,), {"site": there})
    with ThreadingHTTPServer(("127.0.0.1", 0), answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        there.proxy = FaultProxy(server.server_address[1], context)
        yield there
        there.proxy.close()
        server.shutdown()
        thread.join()


@pytest.fixture
def endless_page(tmp_path: Path) -> Path:
    """A page whose end never comes: a pipe. Whoever reads it stands there until it is killed."""
    pipe = tmp_path / "endless.txt"
    os.mkfifo(pipe)
    return pipe


@pytest.fixture
def await_reader(endless_page: Path) -> Iterator[Callable[[subprocess.Popen[Any]], None]]:
    """Wait until the endless page is read by a process, or one below it."""
    with ExitStack() as held:

        def wait(process: subprocess.Popen[Any]) -> None:
            while True:
                assert process.poll() is None, "it ended without reading the page"
                with suppress(OSError):  # nobody reads it yet
                    held.callback(os.close, os.open(endless_page, os.O_WRONLY | os.O_NONBLOCK))
                    return
                time.sleep(0.02)

        yield wait


@pytest.fixture
def kill_while_reading(
    await_reader: Callable[[subprocess.Popen[bytes]], None],
) -> Callable[[subprocess.Popen[bytes]], None]:
    """Kill a process that stands at the endless page: certainly before it has published."""

    def kill(process: subprocess.Popen[bytes]) -> None:
        await_reader(process)
        process.kill()
        process.wait()

    return kill


@pytest.fixture
def kill_while_writing() -> Callable[[subprocess.Popen[bytes], Path, float], None]:
    """Kill a process some seconds after it began to make a version, if it lasts so long."""

    def kill(process: subprocess.Popen[bytes], data: Path, seconds: float) -> None:
        left = set(data.glob(STAGES))  # by processes that were killed before
        while process.poll() is None and not set(data.glob(STAGES)) - left:
            time.sleep(0.01)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    return kill
