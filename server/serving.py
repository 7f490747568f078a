"""Runs the web application until it is told to stop: socket, engine, web server, signals."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Final, TypeVar, cast

import uvloop

from peelgraph.graph.errors import AddressBusy, UsageError, VersionError
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.front.front import BACKLOG, Front
from peelgraph.server.logs.log import opened_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from peelgraph.graph.settings import Settings
    from peelgraph.server.engine.interface import Engine
    from peelgraph.server.logs.log import RequestLog

Given = TypeVar("Given")
STARTS: Final = 5
"""How often the workers may fail to answer at first, each within two seconds: a machine that is
just starting, or has much else to do, may stand still for that long."""
SWITCH: Final = 0.0005
"""Seconds after which a busy thread makes way for the loop, which never needs long."""


def serve(
    settings: Settings,
    dataset: Path | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; must be called in the main thread.

    Args:
        settings: All settings.
        dataset: An RDF file to serve instead of the current version.
        announce: Told ``Serving http://…/`` once a query was answered; prints it by default.

    Raises:
        AddressBusy: The port is taken, or may not be taken.
        NoVersion: There is no dataset and nothing has been published.
        InputError: The dataset is missing or does not parse.
        UsageError: The log file cannot be written, or a proxy or host is none.
    """
    with (
        opened_log(settings) as log,
        listening_socket(settings.host, settings.port) as listener,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_served(settings, dataset, listener, announce or _print, log))


async def _served(
    settings: Settings,
    dataset: Path | None,
    listener: socket.socket,
    announce: Callable[[str], None],
    log: RequestLog | None,
) -> None:
    loop = asyncio.get_running_loop()
    engine = await _in_thread(lambda: start_engine(settings, dataset, loop))
    try:
        app = create_app(settings, engine)
        if not await _in_thread(lambda: any(engine.ready() for _ in range(STARTS))):
            raise VersionError("the query workers do not answer", action="run `peelgraph doctor`")
        front = Front(app, app.extensions["peelgraph"], log=log)
        _obey_signals(front, engine)
        # What lives now lives as long as this process: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(SWITCH)
        await front.run(listener, lambda: announce(f"Serving {address_of(listener)}"))
    finally:
        await _in_thread(engine.close)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host* and *port*; the caller closes it.

    Raises:
        AddressBusy: The port is taken, or may not be taken.
        UsageError: *host* is no address of this machine.
    """
    place = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(f"{host!r} is no address: {error}", place="--host") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"{host!r} is no address of this machine", place="--host") from error
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise AddressBusy(
            f"the address {why}", place=place, action="give another one with --port"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the web address at which *listener* is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def _in_thread(function: Callable[[], Given]) -> Given:
    """Return what *function* returns in a thread that need not end before the program does."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Given] = loop.create_future()

    def settle(result: Given | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(cast("Given", result))
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as found:  # noqa: BLE001 - raised where it is awaited
            error = found
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits for this
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await done


def _obey_signals(front: Front, engine: Engine) -> None:
    """Stop on SIGTERM and SIGINT; look for a new version on SIGHUP."""
    front.loop.add_signal_handler(signal.SIGTERM, front.stop)
    front.loop.add_signal_handler(signal.SIGINT, front.stop)
    front.loop.add_signal_handler(signal.SIGHUP, engine.reload)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
