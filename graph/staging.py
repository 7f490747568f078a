"""A version in the making: a checkpoint of its parent, changed, checked, then published.

Nothing here is visible to readers until the pointer is switched, and a writer that dies at any
moment leaves the old version serving.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from peelgraph.graph.catalogue import catalogue_graph, counted
from peelgraph.graph.content import content_of, digest_of
from peelgraph.graph.editable import EditableStore
from peelgraph.graph.errors import BaseDiffers
from peelgraph.graph.export import prefixes
from peelgraph.graph.nquads import DEFAULT
from peelgraph.graph.rewriting import rewrite
from peelgraph.graph.sorting import merge_into, sort_file
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import (
    STAGING_PREFIX,
    DataFolder,
    Manifest,
    Version,
    file_sha256,
    read_version,
    sync_file,
    sync_folder,
    writable,
    write_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from rdflib import Graph, URIRef

    from peelgraph.graph.content import Content
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.store import Store

MOST_TABLES = 32  # table files of a store beyond which it is compacted
TOOLS = ("peelgraph", "rdflib", "pyshacl", "pyoxigraph")


class Holding(Protocol):
    """Something with a store and the base in use: a stage, or a version that is read."""

    @property
    def store(self) -> Store:
        """The quads."""
        ...

    @property
    def iris(self) -> Iris:
        """The base in use."""
        ...


class Changing(Holding, Protocol):
    """Something that is being changed, for whose failures a folder is named."""

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        ...


class Stage:
    """The next version of a data folder, not yet published."""

    def __init__(self, folder: Path, parent: Version | None, iris: Iris) -> None:
        self.folder = folder
        self.parent = parent
        self.iris = iris
        self.inputs = dict(parent.manifest.inputs) if parent else {}
        if parent is not None:
            parent.store().checkpoint(folder / "store")
        self.store = EditableStore.open(folder / "store")

    def replace_graphs(self, graphs: dict[URIRef, Graph]) -> None:
        """Make each named graph hold exactly what is given."""
        with writable(self.folder):
            for name, graph in sorted(graphs.items()):
                self.store.replace_graph(name, graph, self.iris)

    def replace_graph_from(self, name: URIRef, content: bytes, syntax: RdfSyntax) -> None:
        """Make one named graph hold exactly what *content* states."""
        with writable(self.folder):
            self.store.replace_graph_from(name, content, syntax, self.iris)

    def close(self) -> None:
        """Let go of the store, whose threads would write into the folder while it is removed."""
        self.__dict__.pop("store", None)

    def unchanged(self) -> bool:
        """Return whether the content equals the parent's, clocks aside."""
        if self.parent is None:
            return False
        with writable(self.folder):
            return self._sorted_content().digest == self.parent.manifest.digest

    def publish(
        self,
        data: DataFolder,
        moment: dt.datetime,
        content: Content | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> Version | None:
        """Publish this stage under *moment* (UTC) and return the version, now current.

        Memory does not grow with the number of quads: they are sorted on disk.

        Args:
            data: The data folder; its writer's lock is held.
            moment: The time in the version's name.
            content: What the store holds, where that is known, and known to differ from the
                parent's; its file is taken over.
            announce: Called with the version's name before anything is visible.

        Returns:
            The new version, or ``None`` where the content equals the parent's.

        Raises:
            DataUnwritable: the disk is full or not writable; the old version still serves.
        """
        with writable(self.folder):
            full = content is None
            if content is None:
                content = self._sorted_content()
                if self.parent is not None and self.parent.manifest.digest == content.digest:
                    return None
            name = free_name(data, content.digest, moment)
            if announce is not None:
                announce(name)
            manifest = self._finish(name, content, moment, full=full)
            write_manifest(self.folder, manifest)
            sync_folder(self.folder / "store")
            sync_folder(self.folder)
            Version(self.folder, manifest).check()
            target = data.versions_folder / name
            self.folder.rename(target)
            sync_folder(data.versions_folder)
            data.switch(name)
        return read_version(target)

    def _sorted_content(self) -> Content:
        """Write all quads but the catalogue's, sorted, and return what they come to."""
        self.store.remove_graph(self.iris.graph("catalogue"))
        self.store.renew()
        return sorted_content(self.store, self.folder, self.iris)

    def _finish(self, name: str, content: Content, moment: dt.datetime, *, full: bool) -> Manifest:
        """Write everything but the manifest, close the store, and return the manifest."""
        described = self.iris.graph("catalogue")
        graphs, digests = dict(content.graphs), dict(content.graph_digests)
        lines = self._described(name, content, moment)
        if lines:
            graphs[str(described)] = len(lines)
            digests[str(described)] = digest_of(lines)
        self._write_findings(content.file)
        quads = self.folder / "quads.nq"
        merge_into(quads, content.file, (f"{line}\n".encode() for line in lines))
        content.file.unlink()
        sync_file(quads)
        self.store.flush(compact=full or self._tables() > MOST_TABLES)
        del self.store
        return Manifest(
            name=name,
            base=self.iris.base,
            parent=self.parent.name if self.parent else None,
            published=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            digest=content.digest,
            quads=sum(graphs.values()),
            quads_sha256=file_sha256(quads),
            graphs=dict(sorted(graphs.items())),
            graph_digests=dict(sorted(digests.items())),
            inputs=self.inputs,
            written=not full,
            tools={tool: importlib.metadata.version(tool) for tool in TOOLS},
        )

    def _write_findings(self, content: Path) -> None:
        """Write what stands in ``/graph/validation`` as a file of its own."""
        findings, report = self.folder / "findings.nt", self.folder / "validation.ttl"
        ending = f" <{self.iris.graph('validation')}> .\n".encode()
        with content.open("rb") as lines, findings.open("wb") as file:
            file.writelines(
                line.removesuffix(ending) + b" .\n" for line in lines if line.endswith(ending)
            )
        rewrite(findings, RdfSyntax.NT, report, RdfSyntax.TTL, dict(prefixes(self.iris)))
        findings.unlink()
        sync_file(report)

    def _tables(self) -> int:
        """Return how many table files the store has."""
        return len(list((self.folder / "store").glob("*.sst")))

    def _described(self, name: str, content: Content, moment: dt.datetime) -> list[str]:
        """Put the catalogue into the store and return its lines.

        A store that was emptied of the ontology is no longer this dataset, and gets none.
        """
        described = self.iris.graph("catalogue")
        if not content.graphs.get(str(self.iris.graph("ontology"))) and self.parent is not None:
            self.store.remove_graph(described)
            return []
        named = [graph for graph in content.graphs if graph != DEFAULT]
        catalogue = catalogue_graph(self.iris, name, named, content.digest, moment)
        self.store.remove_graph(described)
        new = len(catalogue) - self.store.known(catalogue)
        catalogue += counted(self.iris, content.triples + new + 1)
        self.store.replace_graph(described, catalogue, self.iris)
        return self.store.graph_nquads(described)


def sorted_content(store: Store, folder: Path, iris: Iris) -> Content:
    """Write every quad of *store* to a sorted file in *folder* and return what they come to."""
    unsorted, content = folder / "unsorted.nq", folder / "content.nq"
    store.dump(unsorted)
    sort_file(unsorted, content)
    unsorted.unlink()
    return content_of(content, iris, store.graph_names())


def free_name(data: DataFolder, digest: str, moment: dt.datetime) -> str:
    """Return the version's name; of two equal ones made in one second the later counts on."""
    while True:
        name = f"{moment:%Y%m%dT%H%M%SZ}-{digest[:8]}"
        if not (data.versions_folder / name).exists():
            return name
        moment += dt.timedelta(seconds=1)


@contextmanager
def staged(data: DataFolder, iris: Iris, patience: float = 0.0) -> Generator[Stage]:
    """Hold the writer's lock and yield a stage of the current version; tidy up on every way out.

    Raises:
        DataBusy: another process is writing.
        BaseDiffers: the current version was built under another base.
    """
    with data.writing(patience):
        parent = data.current() if data.has_version() else None
        if parent is not None and parent.manifest.base != iris.base:
            raise BaseDiffers(
                f"was built under the base {parent.manifest.base}",
                place=str(parent.folder),
                expected=f"the base {iris.base}",
                action="use that base or another --data folder",
            )
        folder = data.versions_folder / f"{STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        stage = None
        try:
            with writable(folder):
                folder.mkdir()
                stage = Stage(folder, parent, iris)
            yield stage
        finally:
            if stage is not None:
                stage.close()
            shutil.rmtree(folder, ignore_errors=True)
