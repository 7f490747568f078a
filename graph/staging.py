"""A version in the making: a checkpoint of its parent, changed, checked, then published.

Nothing here is visible to readers until the pointer is switched, and a writer that dies at any
moment leaves the old version serving.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdflib import PROV

from peelgraph.graph.catalogue import catalogue_graph
from peelgraph.graph.errors import VersionDamaged
from peelgraph.graph.export import triples_of, written
from peelgraph.graph.store import RdfSyntax, Store
from peelgraph.graph.versions import (
    STAGING_PREFIX,
    DataFolder,
    Manifest,
    Version,
    file_sha256,
    read_version,
    sync_folder,
    writable,
    write_manifest,
    write_synced,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris

TOOLS = ("peelgraph", "rdflib", "pyshacl", "pyoxigraph")


class Stage:
    """The next version of a data folder, not yet published."""

    def __init__(self, folder: Path, parent: Version | None, iris: Iris) -> None:
        self.folder = folder
        self.parent = parent
        self.iris = iris
        self.inputs = dict(parent.manifest.inputs) if parent else {}
        if parent is not None:
            parent.store().checkpoint(folder / "store")
        self.store = Store.open(folder / "store")

    def replace_graphs(self, graphs: dict[URIRef, Graph]) -> None:
        """Make each named graph hold exactly what is given."""
        with writable(self.folder):
            for name, graph in sorted(graphs.items()):
                self.store.replace_graph(name, graph, self.iris)

    def digest(self, lines: Iterable[str]) -> str:
        """Return the SHA-256 of those sorted N-Quads *lines* that carry no clock."""
        clocked = tuple(
            f" <{self.iris.graph(kind)}> ." for kind in ("provenance", "validation", "catalogue")
        )
        captured_at = f" <{PROV.generatedAtTime}> "
        content = hashlib.sha256()
        for line in lines:
            if not line.endswith(clocked) and captured_at not in line:
                content.update(line.encode() + b"\n")
        return content.hexdigest()

    def unchanged(self) -> bool:
        """Return whether the content equals the parent's, clocks aside."""
        if self.parent is None:
            return False
        return self.digest(self.store.sorted_nquads()) == self.parent.manifest.digest

    def publish(self, data: DataFolder, moment: dt.datetime) -> Version | None:
        """Publish this stage under *moment* (UTC) and return the version, now current.

        Args:
            data: The data folder; its writer's lock is held.
            moment: The time in the version's name.

        Returns:
            The new version, or ``None`` where the content equals the parent's.

        Raises:
            DataUnwritable: the disk is full or not writable; the old version still serves.
        """
        digest = self.digest(self.store.sorted_nquads())
        if self.parent is not None and self.parent.manifest.digest == digest:
            return None
        name = free_name(data, digest, moment)
        with writable(self.folder):
            manifest = self._finish(name, digest, moment)
            write_manifest(self.folder, manifest)
            sync_folder(self.folder / "store")
            sync_folder(self.folder)
            Version(self.folder, manifest).check()
            target = data.versions_folder / name
            self.folder.rename(target)
            sync_folder(data.versions_folder)
            data.switch(name)
        return read_version(target)

    def _finish(self, name: str, digest: str, moment: dt.datetime) -> Manifest:
        """Write everything but the manifest, close the store, and return the manifest."""
        described = self.iris.graph("catalogue")
        self.store.remove_graph(described)
        graphs = self.store.quad_counts()
        catalogue = catalogue_graph(self.iris, name, graphs, digest, moment)
        self.store.replace_graph(described, catalogue, self.iris)
        lines = self.store.sorted_nquads()
        graphs = self.store.quad_counts()
        ending = f" <{self.iris.graph('validation')}> ."
        report = written(
            triples_of([line for line in lines if line.endswith(ending)]), RdfSyntax.TTL, self.iris
        )
        self.store.flush()
        del self.store
        write_synced(self.folder / "quads.nq", "".join(f"{line}\n" for line in lines).encode())
        write_synced(self.folder / "validation.ttl", report)
        return Manifest(
            name=name,
            base=self.iris.base,
            parent=self.parent.name if self.parent else None,
            published=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            digest=digest,
            quads=len(lines),
            quads_sha256=file_sha256(self.folder / "quads.nq"),
            graphs=graphs,
            inputs=self.inputs,
            tools={tool: importlib.metadata.version(tool) for tool in TOOLS},
        )


def free_name(data: DataFolder, digest: str, moment: dt.datetime) -> str:
    """Return the version's name; of two equal ones made in one second the later counts on."""
    while True:
        name = f"{moment:%Y%m%dT%H%M%SZ}-{digest[:8]}"
        if not (data.versions_folder / name).exists():
            return name
        moment += dt.timedelta(seconds=1)


@contextmanager
def staged(data: DataFolder, iris: Iris) -> Generator[Stage]:
    """Hold the writer's lock and yield a stage of the current version; tidy up on every way out.

    Raises:
        DataBusy: another process is writing.
        VersionDamaged: the current version was built under another base.
    """
    with data.writing():
        parent = data.current() if data.has_version() else None
        if parent is not None and parent.manifest.base != iris.base:
            raise VersionDamaged(
                f"was built under the base {parent.manifest.base}",
                place=str(parent.folder),
                expected=f"the base {iris.base}",
                action="use that base or another --data folder",
            )
        folder = data.versions_folder / f"{STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            with writable(folder):
                folder.mkdir()
                stage = Stage(folder, parent, iris)
            yield stage
        finally:
            shutil.rmtree(folder, ignore_errors=True)
