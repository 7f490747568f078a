"""The web process's end of the template process: starts it, has it fork and reap workers."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.errors import RdfSyntaxError, SourceUnreadable, VersionDamaged
from peelgraph.server.engine.link import WorkerLink, WorkerLost
from peelgraph.server.engine.spool import SpoolFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.errors import PeelgraphError
    from peelgraph.server.engine.source import Source
    from peelgraph.server.engine.spool import Shelf

FILES: Final = 2
"""Files that a worker gets for large answers: one may still be sent while it writes another."""
REPLY_TIMEOUT: Final = 30.0
LOAD_TIMEOUT: Final = 600.0
GREETING_TIMEOUT: Final = 30.0
END_TIMEOUT: Final = 5.0

logger = logging.getLogger(__name__)


class TemplateLost(Exception):
    """The template process has ended, and its workers with it."""


class Supervisor:
    """One template process. Commands go one at a time; safe to call from many threads."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lock = threading.Lock()
        with theirs:
            descriptor = theirs.fileno()
            # -P: a folder named like this package where the server was started must not shadow it.
            command = [sys.executable, "-P", "-m", "peelgraph.server.engine.template"]
            self._running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, str(descriptor)], pass_fds=[descriptor], stdin=subprocess.DEVNULL
            )

    @property
    def pid(self) -> int:
        """Process id of the template."""
        return self._running.pid

    def load(self, source: Source, *, into_memory: bool, union: bool) -> dict[str, Any]:
        """Have the template load *source*; return how it is held and how many quads it has.

        Raises:
            RdfSyntaxError: The file is not what its extension says.
            SourceUnreadable: The file cannot be read.
            TemplateLost: The template ended.
        """
        disk = None if into_memory else str(source.disk_store)
        command = {
            "do": "load",
            "rdf_file": str(source.rdf_file),
            "base_iri": source.base_iri,
            "disk_store": disk,
            "union": union,
            "empty": source.empty,
        }
        reply = self._command(command, LOAD_TIMEOUT)
        if "error" in reply:
            raise _load_error(reply, source)
        if reply.get("repeats"):
            logger.warning(
                "the union of %s cannot be kept on disk: what several graphs say is repeated",
                source.name,
            )
        return reply

    def fork(self, shelf: Shelf) -> WorkerLink:
        """Return a new worker that is ready to answer, not yet attached to a loop.

        Raises:
            VersionDamaged: The worker cannot open its store.
            WorkerLost: The worker could not be forked, or ended at once.
            TemplateLost: The template ended.
        """
        ours, theirs = socket.socketpair()
        files = tuple(SpoolFile(shelf) for _ in range(FILES))
        link = WorkerLink(0, ours, files, shelf)
        try:
            with theirs:
                descriptors = [theirs.fileno(), *(file.fileno() for file in files)]
                reply = self._command({"do": "fork"}, REPLY_TIMEOUT, descriptors)
            _greet(link, reply)
        except BaseException:
            link.close()
            raise
        return link

    def reap(self, link: WorkerLink) -> int:
        """End a worker and return its wait status, as it was if it had ended already.

        Raises:
            TemplateLost: The template ended.
        """
        return int(self._command({"do": "reap", "pid": link.pid}, REPLY_TIMEOUT)["status"])

    def ended(self) -> bool:
        """Return whether the template process has ended."""
        return self._running.poll() is not None

    def close(self) -> None:
        """End the template and every worker of it."""
        with self._lock:
            self._control.close()
        try:
            self._running.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()

    def _command(
        self, command: dict[str, Any], patience: float, descriptors: Sequence[int] = ()
    ) -> dict[str, Any]:
        line = json.dumps(command).encode() + b"\n"
        with self._lock:
            try:
                self._control.settimeout(patience)
                if descriptors:
                    socket.send_fds(self._control, [line], list(descriptors))
                else:
                    self._control.sendall(line)
                return self._reply()
            except OSError as error:  # also a time-out: a template that says nothing is lost
                self._running.kill()
                raise TemplateLost from error

    def _reply(self) -> dict[str, Any]:
        held = b""
        while not held.endswith(b"\n"):
            piece = self._control.recv(64 * 1024)
            if not piece:
                raise ConnectionResetError
            held += piece
        reply: dict[str, Any] = json.loads(held)
        return reply


def _greet(link: WorkerLink, reply: dict[str, Any]) -> None:
    if "error" in reply:
        raise WorkerLost(reply["message"])
    link.pid = reply["pid"]
    link.greet(GREETING_TIMEOUT)


def _load_error(reply: dict[str, Any], source: Source) -> PeelgraphError:
    place, message = source.place, reply["message"]
    if source.name is not None:
        return VersionDamaged(f"the version's dump cannot be loaded: {message}", place=place)
    if reply["error"] == "syntax":
        return RdfSyntaxError(
            f"the file does not parse: {message}",
            place=place,
            expected="RDF as its extension says: trig, nq, ttl, nt, rdf, owl or jsonld, and for a "
            "compressed file .gz, .bz2, .xz or .zip after it",
        )
    return SourceUnreadable(f"the file cannot be read: {message}", place=place)
