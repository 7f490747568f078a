"""Runs the web application until it is told to stop: socket, engine, web server, signals."""

from __future__ import annotations

import errno
import logging
import select
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress ships no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # the same
from waitress.server import create_server  # type: ignore[import-untyped]  # the same

from peelgraph.graph.errors import AddressBusy, UsageError, VersionError
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from flask import Flask

    from peelgraph.graph.settings import Settings
    from peelgraph.server.engine.interface import Engine

SPARE_THREADS: Final = 4
CHANNEL_TIMEOUT: Final = 30
CONNECTIONS: Final = 200
BACKLOG: Final = 1024
LOOK: Final = 1.0
FINISH: Final = 15.0
"""Seconds that running requests are given when the service is told to stop."""


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
    """
    with listening_socket(settings.host, settings.port) as listener:
        engine = start_engine(settings, dataset)
        try:
            app = create_app(settings, engine)
            if not engine.ready():
                raise VersionError(
                    "the query workers do not answer", action="run `peelgraph doctor`"
                )
            front = Front(app, listener, settings.workers + settings.queue + SPARE_THREADS)
            _obey_signals(front, engine)
            (announce or _print)(f"Serving {address_of(listener)}")
            front.run()
        finally:
            engine.close()


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


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """A connection that can see, while its request runs, that the client has broken it off.

    The end of what the client sends is no such sign: one that has closed only its sending side
    still waits for its answer, and looks the same as one that has closed both until something
    is written to it. waitress takes either for gone.
    """

    def check_client_disconnected(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride] - waitress's own is untyped
        """Return whether the connection is reset, or closed on both sides."""
        connection: Any = self.socket
        waiting = select.poll()
        try:
            waiting.register(connection, 0)  # what is asked about comes unasked
        except (OSError, ValueError):
            return True
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in waiting.poll(0))


class Front:
    """The web server's loop, and its orderly end."""

    def __init__(self, app: Flask, listener: socket.socket, threads: int) -> None:
        self._channels: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._channels,
            sockets=[listener],
            threads=threads,
            ident=None,
            backlog=BACKLOG,
            connection_limit=CONNECTIONS,
            channel_timeout=CHANNEL_TIMEOUT,
            clear_untrusted_proxy_headers=True,
        )
        self._server.channel_class = Channel
        # It warns of each request that waits for a thread, even while its threads only start.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._signals = 0

    def stop(self) -> None:
        """End the loop; a second call ends it without waiting for running requests."""
        self._signals += 1
        self._server.pull_trigger()

    def run(self) -> None:
        """Serve until :meth:`stop`, then finish the requests that run."""
        while not self._signals:
            self._turn()
        wasyncore.dispatcher.close(self._server)  # the listener alone: channels live on
        deadline = time.monotonic() + FINISH
        while self._signals < 2 and self._unfinished() and time.monotonic() < deadline:  # noqa: PLR2004 - the second signal
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._channels)

    def _turn(self) -> None:
        wasyncore.loop(timeout=LOOK, use_poll=True, map=self._channels, count=1)

    def _unfinished(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(each.requests or each.total_outbufs_len for each in channels)


def _obey_signals(front: Front, engine: Engine) -> None:
    """Stop on SIGTERM and SIGINT; look for a new version on SIGHUP."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        front.stop()

    def reload(_number: int, _frame: FrameType | None) -> None:
        engine.reload()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, reload)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
