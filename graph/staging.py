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
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rdflib import PROV

from peelgraph.graph.catalogue import catalogue_graph
from peelgraph.graph.errors import BaseDiffers
from peelgraph.graph.export import prefixes
from peelgraph.graph.sorting import merge_into, sort_file
from peelgraph.graph.store import RdfSyntax, Store, rewrite
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
    from collections.abc import Generator
    from pathlib import Path

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris

TOOLS = ("peelgraph", "rdflib", "pyshacl", "pyoxigraph")


@dataclass(frozen=True, slots=True)
class Content:
    """All quads but the catalogue's: the sorted file, its digest and the size of each graph.

    The digest is the SHA-256 of the lines that carry no clock.
    """

    file: Path
    digest: str
    graphs: dict[str, int]


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
        self._findings = folder / "findings.nt"

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

    def publish(self, data: DataFolder, moment: dt.datetime) -> Version | None:
        """Publish this stage under *moment* (UTC) and return the version, now current.

        Memory does not grow with the number of quads: they are sorted on disk.

        Args:
            data: The data folder; its writer's lock is held.
            moment: The time in the version's name.

        Returns:
            The new version, or ``None`` where the content equals the parent's.

        Raises:
            DataUnwritable: the disk is full or not writable; the old version still serves.
        """
        with writable(self.folder):
            content = self._sorted_content()
            if self.parent is not None and self.parent.manifest.digest == content.digest:
                return None
            name = free_name(data, content.digest, moment)
            manifest = self._finish(name, content, moment)
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
        """Write all quads but the catalogue's, sorted, and return what they come to.

        What stands in ``/graph/validation`` is written once more by itself.
        """
        self.store.remove_graph(self.iris.graph("catalogue"))
        unsorted, content = self.folder / "unsorted.nq", self.folder / "content.nq"
        self.store.dump(unsorted)
        sort_file(unsorted, content)
        unsorted.unlink()
        clocked = tuple(
            f" <{self.iris.graph(kind)}> .\n".encode() for kind in ("provenance", "validation")
        )
        captured_at = f"<{PROV.generatedAtTime}>".encode()
        document = f" <{self.iris.graph('document')}/".encode()
        validation = f" <{self.iris.graph('validation')}> .\n".encode()
        digest, graphs = hashlib.sha256(), Counter[bytes]()
        with content.open("rb") as lines, self._findings.open("wb") as findings:
            for line in lines:
                graphs[line[line.rindex(b" <") + 2 : -4]] += 1
                if line.endswith(validation):
                    findings.write(line.removesuffix(validation) + b" .\n")
                if line.endswith(clocked):
                    continue
                if line.split(b" ", 2)[1] == captured_at and document in line[line.rindex(b" <") :]:
                    continue
                digest.update(line)
        counts = {name.decode(): count for name, count in sorted(graphs.items())}
        return Content(content, digest.hexdigest(), counts)

    def _finish(self, name: str, content: Content, moment: dt.datetime) -> Manifest:
        """Write everything but the manifest, close the store, and return the manifest."""
        described = self.iris.graph("catalogue")
        catalogue = catalogue_graph(self.iris, name, content.graphs, content.digest, moment)
        self.store.replace_graph(described, catalogue, self.iris)
        lines = self.store.graph_nquads(described)
        quads = self.folder / "quads.nq"
        merge_into(quads, content.file, (f"{line}\n".encode() for line in lines))
        content.file.unlink()
        sync_file(quads)
        report = self.folder / "validation.ttl"
        rewrite(self._findings, RdfSyntax.NT, report, RdfSyntax.TTL, dict(prefixes(self.iris)))
        self._findings.unlink()
        sync_file(report)
        self.store.flush()
        del self.store
        graphs = dict(sorted({**content.graphs, str(described): len(lines)}.items()))
        return Manifest(
            name=name,
            base=self.iris.base,
            parent=self.parent.name if self.parent else None,
            published=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            digest=content.digest,
            quads=sum(graphs.values()),
            quads_sha256=file_sha256(quads),
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
        BaseDiffers: the current version was built under another base.
    """
    with data.writing():
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
