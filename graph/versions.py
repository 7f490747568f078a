"""Versions: immutable folders of quads and the one pointer that says which is current.

A data folder holds ``captures/``, ``versions/NAME/{store/, quads.nq, manifest.json,
validation.ttl}``, ``current`` (a relative symlink, replaced atomically) and ``lock`` (held by the
one writer). Readers never lock: what they opened never changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.announced import settle
from peelgraph.graph.errors import (
    DataUnwritable,
    NoVersion,
    UnknownVersion,
    UsageError,
    VersionDamaged,
)
from peelgraph.graph.locks import hold
from peelgraph.graph.settings import Settings
from peelgraph.graph.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator

    from rdflib import Dataset

STAGING_PREFIX = ".staging-"
NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a version says of itself; ``published`` is UTC in ISO 8601.

    ``digest`` is the SHA-256 of the content that carries no clock (see :mod:`.staging`);
    ``quads_sha256`` that of the file ``quads.nq``; ``inputs`` maps each captured version's or
    bundle's name to its SHA-256; ``graph_digests`` a graph's name to that of its lines in
    ``quads.nq``. The graph without a name is called ``default``. ``written`` tells what was
    written over HTTP.
    """

    name: str
    base: str
    parent: str | None
    published: str
    digest: str
    quads: int
    quads_sha256: str
    graphs: dict[str, int]
    inputs: dict[str, str]
    tools: dict[str, str]
    graph_digests: dict[str, str] = field(default_factory=dict[str, str])
    written: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One published version."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The version's name: its time and the start of its digest."""
        return self.manifest.name

    @property
    def quads_file(self) -> Path:
        """All quads as sorted canonical N-Quads."""
        return self.folder / "quads.nq"

    @property
    def store_folder(self) -> Path:
        """The Oxigraph store, to be opened read-only."""
        return self.folder / "store"

    @property
    def validation_file(self) -> Path:
        """The SHACL report of this version."""
        return self.folder / "validation.ttl"

    def store(self) -> Store:
        """Return this version's store, opened read-only."""
        return Store.read_only(self.store_folder)

    def check(self) -> None:
        """Compare this version's files with its manifest.

        Raises:
            VersionDamaged: a file is missing or differs.
        """
        try:
            found = file_sha256(self.quads_file)
        except OSError as error:
            raise VersionDamaged(f"unreadable: {error}", place=str(self.quads_file)) from error
        if found != self.manifest.quads_sha256:
            raise VersionDamaged(
                f"has SHA-256 {found[:12]}…",
                place=str(self.quads_file),
                expected=f"{self.manifest.quads_sha256[:12]}… as the manifest says",
                action="serve another version with `peelgraph versions rollback`",
            )
        quads = len(self.store())
        if quads != self.manifest.quads:
            raise VersionDamaged(
                f"holds {quads} quads",
                place=str(self.store_folder),
                expected=f"{self.manifest.quads} as the manifest says",
            )


class DataFolder:
    """The folder of captures and versions that ``--data`` names; made when first written to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def captures(self) -> Path:
        """The content store of captured sources."""
        return self.path / "captures"

    @property
    def versions_folder(self) -> Path:
        """The folder of version folders."""
        return self.path / "versions"

    @property
    def dumps_folder(self) -> Path:
        """The folder of the files that are made of versions (:mod:`peelgraph.graph.dumps`)."""
        return self.path / "dumps"

    @property
    def pointer(self) -> Path:
        """The symlink to the current version."""
        return self.path / "current"

    @property
    def search_folder(self) -> Path:
        """The folder of search indexes, each of which can be made anew from its version."""
        return self.path / "search"

    def search_file(self, name: str) -> Path:
        """Where the search index of the version called *name* lies."""
        return self.search_folder / f"{name}.sqlite"

    def current(self) -> Version:
        """Return the version that serves: the one pointed to, or the newest if the pointer is lost.

        The pointer is missing after a writer was killed between its first version and the pointer,
        or when somebody removed it; the next writer puts it back.

        Raises:
            NoVersion: nothing has been published here.
            VersionDamaged: the pointer leads nowhere.
        """
        if self.pointer.is_symlink():
            return read_version(self.path / self.pointer.readlink())
        found = self.versions()
        if not found:
            raise NoVersion(
                "no version has been published here",
                place=str(self.path),
                action="run `peelgraph build` first",
            )
        return found[-1]

    def has_version(self) -> bool:
        """Return whether anything has been published here."""
        return self.pointer.is_symlink() or bool(self.versions())

    def names(self) -> list[str]:
        """Return the names of all version folders, oldest first; other folders are not ours."""
        if not self.versions_folder.is_dir():
            return []
        return sorted(p.name for p in self.versions_folder.iterdir() if NAME.fullmatch(p.name))

    def versions(self) -> list[Version]:
        """Return every published version that can be read, oldest first."""
        return [each for each in map(self._readable, self.names()) if each is not None]

    def damaged(self) -> list[str]:
        """Return the names of versions whose manifest cannot be read."""
        return [name for name in self.names() if self._readable(name) is None]

    def _readable(self, name: str) -> Version | None:
        try:
            return read_version(self.versions_folder / name)
        except VersionDamaged:
            return None

    def version(self, name: str) -> Version:
        """Return the version called *name*, or the only one that begins so.

        Raises:
            UnknownVersion: there is none, or more than one begins so.
            VersionDamaged: it cannot be read.
        """
        names = [each for each in self.names() if each.startswith(name)]
        if name in names:
            names = [name]
        if len(names) != 1:
            raise UnknownVersion(
                f"{len(names)} versions begin with {name!r}",
                place=str(self.path),
                expected="one of `peelgraph versions list`",
            )
        return read_version(self.versions_folder / names[0])

    def switch(self, name: str) -> None:
        """Make the version called *name* current, in one step that readers cannot see half of."""
        beside = self.path / f".current-{os.getpid()}"
        beside.unlink(missing_ok=True)
        beside.symlink_to(f"versions/{name}")
        beside.replace(self.pointer)
        sync_folder(self.path)

    def rollback(self, name: str | None = None) -> Version:
        """Make *name*, or what came before the current version, current again and return it.

        Raises:
            UsageError: nothing came before the current version and no name was given.
        """
        with self.writing():
            version = self.version(name or self.before_current())
            version.check()
            self.switch(version.name)
            return version

    def before_current(self) -> str:
        """Return the current version's parent; of a damaged one, the newest readable before it.

        Raises:
            UsageError: nothing came before it.
        """
        try:
            parent = self.current().manifest.parent
        except VersionDamaged:
            serving = self.pointer.readlink().name
            older = [each.name for each in self.versions() if each.name < serving]
            parent = older[-1] if older else None
        if parent is None:
            raise UsageError(
                "nothing came before the current version",
                expected="the name of a version to go back to",
            )
        return parent

    def prunable(self, keep: int) -> list[str]:
        """Return the names that :meth:`prune` would delete."""
        kept = {each.name for each in self.versions()[-keep:]} if keep else set[str]()
        return [name for name in self.names() if name not in kept | {self.current().name}]

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest *keep* versions and the current one; return their names.

        A version that cannot be read is deleted too, unless it is the current one.
        """
        with self.writing():
            old = self.prunable(keep)
            for name in old:
                shutil.rmtree(self.set_aside(name))
            return old

    def set_aside(self, name: str) -> Path:
        """Take a version's folder out of sight and return it; the next writer sweeps what is left.

        What was made of it for search and download goes at once. The writer's lock is held.
        """
        aside = self.versions_folder / f"{STAGING_PREFIX}{name}"
        self.search_file(name).unlink(missing_ok=True)
        shutil.rmtree(self.dumps_folder / name, ignore_errors=True)
        return (self.versions_folder / name).rename(aside)

    @contextmanager
    def writing(self, patience: float = 0.0) -> Generator[None]:
        """Hold the writer's lock, after removing what an interrupted writer left.

        Args:
            patience: Seconds to wait for another writer.

        Raises:
            DataBusy: another process is writing.
            DataUnwritable: the folder cannot be made or written.
        """
        with writable(self.path):
            self.versions_folder.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "lock").open("w")
        with lock:
            hold(lock.fileno(), self.path, patience)
            self._remove_leftovers()
            if not self.pointer.is_symlink() and (found := self.versions()):
                self.switch(found[-1].name)
            settle(self)
            yield

    def _remove_leftovers(self) -> None:
        for folder in self.versions_folder.glob(f"{STAGING_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for link in self.path.glob(".current-*"):
            link.unlink(missing_ok=True)


def open_version(path: Path | str | None = None) -> Dataset:
    """Return a version as a read-only rdflib dataset, its default graph the union of all.

    Args:
        path: A data folder (its current version) or one version's folder; the default data
            folder when not given.

    Raises:
        NoVersion: nothing has been published there.
        VersionDamaged: its files cannot be read.

    Memory: the quads stay on disk; rdflib asks for them as it goes. Plain literals come back with
    the datatype ``xsd:string`` spelt out.
    """
    folder = Path(path) if path is not None else Settings().data
    if (folder / "manifest.json").is_file():
        return read_version(folder).store().dataset()
    return DataFolder(folder).current().store().dataset()


def read_version(folder: Path) -> Version:
    """Return the version in *folder*.

    Raises:
        VersionDamaged: its manifest is missing or unreadable.
    """
    place = folder / "manifest.json"
    try:
        manifest = Manifest(**json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise VersionDamaged(
            f"no readable manifest: {error}",
            place=str(place),
            action="serve another version with `peelgraph versions rollback NAME`",
        ) from error
    return Version(folder, manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write *manifest* into *folder*, on disk when this returns."""
    content = json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n"
    write_synced(folder / "manifest.json", content.encode())


def write_synced(path: Path, content: bytes) -> None:
    """Write *content* to *path*, on disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Put a written file on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Put *folder*'s own entries on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writable(place: Path) -> Generator[None]:
    """Turn failures to write below *place* into :class:`DataUnwritable`."""
    try:
        yield
    except OSError as error:
        raise DataUnwritable(
            f"cannot be written: {error.strerror or error}",
            place=str(place),
            action="free space or choose another --data; the previous version still serves",
        ) from error
