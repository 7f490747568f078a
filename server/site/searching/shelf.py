"""Keeps the index of what is served: made when first needed, one at a time, beside the versions."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.versions import DataFolder
from peelgraph.server.site.searching.entries import entries
from peelgraph.server.site.searching.index import (
    Index,
    file_address,
    fill,
    has_fts5,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from peelgraph.server.pages.service import Service
    from peelgraph.server.site.searching.index import Entry

logger = logging.getLogger(__name__)
AGAIN: Final = 30.0
"""Seconds after a failure until an index is made again."""
WAITING: Final = 2
"""Requests that may wait for an index; a crowd of them would hold all threads."""
MEMORIES: Final = count()


@dataclass(frozen=True, slots=True)
class Shelved:
    """An index, the content that it is of, and the version that this was."""

    tag: str
    version: str
    index: Index


@dataclass(slots=True)
class Making:
    """An index on its way: for which content, and when it is done."""

    tag: str
    done: threading.Event = field(default_factory=threading.Event)


class Shelf:
    """The index of one application; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: Shelved | None = None
        self._making: Making | None = None
        self._failed: dict[str, float] = {}
        self._ending: Callable[[], object] | None = None
        self._places = threading.BoundedSemaphore(WAITING)

    @cached_property
    def works(self) -> bool:
        """Whether texts can be searched here at all."""
        return has_fts5()

    def index(self, service: Service, patience: float) -> tuple[Shelved | None, bool]:
        """Return the index of what is served now, and whether it is of exactly that.

        Where a newer one takes longer than that, an older one serves; ``None`` where there is none.

        Args:
            service: What is served.
            patience: Seconds to wait for it.
        """
        tag = service.desk.tag()
        if tag is None:
            return None, False
        making, until = self._begun(service, tag), time.monotonic() + patience
        if making is not None and self._places.acquire(blocking=False):
            try:
                # what is on its way may be of what was served before, and then another begins
                while making is not None and making.done.wait(until - time.monotonic()):
                    making = self._begun(service, tag)
            finally:
                self._places.release()
        ready = self._ready
        return ready, ready is not None and ready.tag == tag

    def _begun(self, service: Service, tag: str) -> Making | None:
        """Return the index on its way, begun if it must be; ``None`` where none is to come."""
        with self._lock:
            if self._ready is not None and self._ready.tag == tag:
                return None
            if self._making is None:
                if time.monotonic() - self._failed.get(tag, -AGAIN) < AGAIN:
                    return None
                self._making = Making(tag)
                threading.Thread(
                    target=self._make,
                    args=(service, self._making),
                    name="search-index",
                    daemon=True,
                ).start()
            return self._making

    def drop(self, service: Service, index: Index) -> None:
        """Forget *index*, which was found damaged, so that it is made anew."""
        with self._lock:
            if self._ready is None or self._ready.index is not index:
                return
            self._ready = None
        path = index_file(service)
        if path is not None:
            logger.warning("the search index %s is damaged and is made anew", path)
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _make(self, service: Service, making: Making) -> None:
        """Open or make the index of what is served; a thread's whole work."""
        made: Index | None = None
        version = service.engine.version() or ""
        try:
            made = _opened(service) or _made(service, making.tag)
        except (PeelgraphError, OSError, sqlite3.Error, _Changed) as error:
            logger.warning("no search index could be made: %s", error)
        finally:
            with self._lock:
                if made is not None and service.desk.tag() == making.tag:
                    self._put(Shelved(making.tag, version, made))
                else:
                    self._failed = {making.tag: time.monotonic()}
                self._making = None
            making.done.set()

    def _put(self, made: Shelved) -> None:
        """Have an index serve; one in memory is let go of when another comes, or all ends."""
        self._ready = made
        if self._ending is not None:
            self._ending()
        keeper = made.index.keeper
        self._ending = None if keeper is None else weakref.finalize(self, keeper.close)


class _Changed(Exception):
    """What is served changed while it was read."""


def index_file(service: Service) -> Path | None:
    """Return where the index of what is served lies; ``None`` where that has no folder."""
    version = service.engine.version()
    if service.settings.engine or version is None:
        return None
    return DataFolder(service.settings.data).search_file(version)


def _opened(service: Service) -> Index | None:
    """Return the index that was made before, if it is there and whole."""
    path = index_file(service)
    if path is None or not path.is_file():
        return None
    index = Index(file_address(path))
    try:
        index.check()
    except sqlite3.Error as error:
        logger.warning("the search index %s is made anew: %s", path, error)
        return None
    return index


def _made(service: Service, tag: str) -> Index:
    """Make the index in the data folder, or in memory where there is none or it is read-only."""
    path, began = index_file(service), time.monotonic()
    if path is not None:
        try:
            number = write_file(path, _entries(service, tag))
            _sweep(service)
        except (OSError, sqlite3.OperationalError) as error:
            logger.info("the search index is kept in memory: %s", error)
        else:
            seconds = time.monotonic() - began
            logger.info("made a search index of %d entries in %.1f s", number, seconds)
            return Index(file_address(path))
    address = f"file:peelgraph-search-{next(MEMORIES)}?mode=memory&cache=shared"
    keeper = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        fill(keeper, _entries(service, tag))
    except (PeelgraphError, sqlite3.Error, _Changed):
        keeper.close()
        raise
    return Index(address, keeper)


def _entries(service: Service, tag: str) -> Iterator[Entry]:
    """Yield what there is to find; what was read while the content changed may be of both.

    Raises:
        _Changed: What is served is no longer the content *tag*.
    """
    yield from entries(service)
    if service.desk.tag() != tag:
        raise _Changed


def _sweep(service: Service) -> None:
    """Delete the indexes of versions that are gone, and what a process left that was killed."""
    data = DataFolder(service.settings.data)
    kept = {data.search_file(name).name for name in data.names()}
    for path in data.search_folder.iterdir():
        if path.name not in kept:
            path.unlink(missing_ok=True)
