"""What ``peelgraph doctor`` looks at: one function a question, each with what to do."""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import platform
import re
import resource
import shutil
import socket
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.confined import sandbox
from peelgraph.graph.deep_check import check_deeply
from peelgraph.graph.errors import AddressBusy, NoVersion, PeelgraphError
from peelgraph.graph.settings import MEBIBYTE
from peelgraph.graph.versions import STAGING_PREFIX, DataFolder
from peelgraph.server.cli import checks_of_machine as machine
from peelgraph.server.cli.findings import Check, State
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import Source, rdf_file, version_folder
from peelgraph.server.serving import listening_socket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peelgraph.graph.settings import Settings

LITTLE_SPACE: Final = 1024 * MEBIBYTE
NO_SPACE: Final = 128 * MEBIBYTE
REQUIREMENT: Final = re.compile(r"([\w.-]+)>=([\d.]+)$")
OLDEST_PYTHON: Final = (3, 11)
PROBE_LIMITS: Final = Limits(5.0, 256 * MEBIBYTE, MEBIBYTE)
PROBE_QUERY: Final = "ASK { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } }"


def checks(settings: Settings, *, deep: bool = False) -> Iterator[Check]:
    """Yield every check, in the order in which a person would mend what is wrong.

    Args:
        settings: All settings.
        deep: The quads of the current version and the files of all others are read too.
    """
    folder = DataFolder(settings.data)
    questions: tuple[Callable[[], Check], ...] = (
        python_version,
        packages,
        lambda: permission(folder),
        lambda: machine.access(folder),
        lambda: free_space(folder),
        lambda: current_version(folder, deep=deep),
        lambda: leftovers(folder),
        lambda: machine.clock(folder),
        lambda: machine.memory(folder, settings),
        process_limits,
        lambda: machine.connections(settings),
        machine.query_editor,
        egress_from_memory,
        lambda: egress_from_disk(folder),
        lambda: machine.way_in(settings),
        lambda: free_port(settings),
    )
    for question in questions:
        yield question()


def python_version() -> Check:
    """Check the interpreter."""
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return Check("python", State.FAIL, found, "install Python 3.11 or later")
    return Check("python", State.OK, found)


def packages() -> Check:
    """Check each package that is needed against its oldest good version."""
    found: list[str] = []
    wrong: list[str] = []
    for requirement in importlib.metadata.requires("peelgraph") or []:
        match = REQUIREMENT.match(requirement)
        if match is None:
            continue
        try:
            installed = importlib.metadata.version(match[1])
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{match[1]} is missing")
            continue
        found.append(f"{match[1]} {installed}")
        if _numbers(installed) < _numbers(match[2]):
            wrong.append(f"{match[1]} {installed} is older than {match[2]}")
    if wrong:
        return Check("packages", State.FAIL, ", ".join(wrong), "install peelgraph again")
    if not found:
        unknown = "the installed distribution names no requirements"
        return Check("packages", State.WARN, unknown, "install peelgraph with pip")
    return Check("packages", State.OK, ", ".join(found))


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version.

    >>> _numbers("3.0.2rc1")
    (3, 0, 2)
    """
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("rc")[0]))


def permission(folder: DataFolder) -> Check:
    """Check that the data folder may be written, or made."""
    place = _nearest(folder.path)
    if not os.access(place, os.W_OK | os.X_OK):
        return Check(
            "data folder",
            State.FAIL,
            f"{place} may not be written by this user",
            "change its owner, or choose another folder with --data",
        )
    if place != folder.path:
        return Check("data folder", State.OK, f"{folder.path} is not there yet and can be made")
    return Check("data folder", State.OK, f"{folder.path} may be written")


def _nearest(path: Path) -> Path:
    """Return *path*, or the nearest folder above that is there."""
    return next(each for each in (path, *path.absolute().parents) if each.exists())


def free_space(folder: DataFolder) -> Check:
    """Check the disk that the data folder is on."""
    free = shutil.disk_usage(_nearest(folder.path)).free
    found = f"{free // MEBIBYTE} MiB free"
    if free < NO_SPACE:
        return Check("disk", State.FAIL, found, "free space, or choose another folder with --data")
    if free < LITTLE_SPACE:
        return Check("disk", State.WARN, found, "free space: `peelgraph versions prune --keep 5`")
    return Check("disk", State.OK, found)


def current_version(folder: DataFolder, *, deep: bool) -> Check:
    """Check the files of the version that serves against its manifest, or those of all."""
    try:
        version = folder.current()
        if deep:
            check_deeply(version)
            for each in folder.versions():
                if each.folder.name != version.folder.name:
                    each.check()
        else:
            version.check()
    except NoVersion:
        return Check("version", State.WARN, "nothing has been published", "run `peelgraph build`")
    except PeelgraphError as error:
        action = error.action or "serve another version with `peelgraph versions rollback NAME`"
        return Check("version", State.FAIL, f"{error.place}: {error.found}", action)
    if damaged := folder.damaged():
        action = "delete them with `peelgraph versions prune --keep N`"
        return Check("version", State.WARN, f"damaged beside it: {', '.join(damaged)}", action)
    manifest = version.manifest
    agree = "every quad read, all versions agree" if deep else "checksums agree"
    return Check("version", State.OK, f"{manifest.name}, {manifest.quads} quads, {agree}")


def leftovers(folder: DataFolder) -> Check:
    """Check for a writer at work, and for what an interrupted one left."""
    found = sorted(folder.versions_folder.glob(f"{STAGING_PREFIX}*"))
    if not found:
        return Check("staging", State.OK, "nothing was left by an interrupted writer")
    if _is_locked(folder.path / "lock"):
        return Check("staging", State.OK, "another process is writing now")
    return Check(
        "staging",
        State.WARN,
        f"{len(found)} left by an interrupted writer",
        "nothing: the next `peelgraph build` or `ingest` removes it",
    )


def _is_locked(lock: Path) -> bool:
    if not lock.is_file():
        return False
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def process_limits() -> Check:
    """Check what keeps a query worker in its bounds: fork, limits, system call filter."""
    missing = [
        name
        for name, present in (
            ("fork", hasattr(os, "fork")),
            ("memory limit", hasattr(resource, "RLIMIT_AS")),
        )
        if not present
    ]
    if missing:
        return Check("limits", State.FAIL, f"no {', '.join(missing)} here", "use Linux")
    if not sandbox.can_filter():
        return Check(
            "limits",
            State.WARN,
            "no system call filter here",
            "keep versions below memory_budget: a larger one cannot be served",
        )
    return Check("limits", State.OK, "fork, memory limit and system call filter")


def egress_from_memory() -> Check:
    """Check that a worker over a store in memory reaches no network."""
    with tempfile.TemporaryDirectory(prefix="peelgraph-") as scratch:
        file = Path(scratch) / "empty.nt"
        file.touch()
        return _egress("network (memory)", rdf_file(file)(), budget=1)


def egress_from_disk(folder: DataFolder) -> Check:
    """Check that a worker over the current version's store on disk reaches no network."""
    name = "network (disk)"
    if not folder.has_version():
        return Check(name, State.OK, "not looked at: there is no version")
    try:
        source = version_folder(folder.current().folder)
    except PeelgraphError as error:
        return Check(name, State.FAIL, error.found, error.action)
    return _egress(name, source, budget=0)


def _egress(name: str, source: Source, budget: int) -> Check:
    """Ask a worker to call a listener on this machine and see whether it does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
        port = listener.getsockname()[1]
        query = Query(PROBE_QUERY.replace("{port}", str(port)))
        try:
            with closing(WorkerPool(lambda: source, workers=1, budget=budget)) as pool:
                pool.answer(query, "application/sparql-results+json", PROBE_LIMITS)
        except PeelgraphError as error:
            told = error.found
        else:
            told = "the call was answered"
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return Check(name, State.OK, f"a worker cannot call out ({told})")
    return Check(
        name, State.FAIL, "a query worker reached the network", "do not serve on this machine"
    )


def free_port(settings: Settings) -> Check:
    """Check that the address to serve on is free."""
    place = f"{settings.host}:{settings.port}"
    try:
        listening_socket(settings.host, settings.port).close()
    except AddressBusy as error:
        action = "nothing if that is this service; else serve with another --port"
        return Check("port", State.WARN, f"{place}: {error.found}", action)
    except PeelgraphError as error:
        return Check("port", State.FAIL, f"{place}: {error.found}", "choose another --host")
    return Check("port", State.OK, f"{place} is free")
