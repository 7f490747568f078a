"""Making the files of a version, and finding those that are there.

They are written into a folder beside, which is renamed when it is whole: what is there is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import URIRef

from peelgraph.graph.dumps.columns import described_csv, write_csv, write_table
from peelgraph.graph.dumps.counting import Counts
from peelgraph.graph.dumps.described import described
from peelgraph.graph.dumps.listing import (
    ADDRESSES,
    CATALOGUE,
    GRAPH,
    LISTING,
    SCHEMA,
    TABLE,
    WHOLE,
    DumpFile,
    Dumps,
    graph_path,
    kept_at,
    listed,
)
from peelgraph.graph.dumps.packing import Digested, digested, packed
from peelgraph.graph.dumps.splitting import Split, split, triples_only
from peelgraph.graph.dumps.tables import TABLES, Rows
from peelgraph.graph.errors import VersionDamaged
from peelgraph.graph.export import prefixes
from peelgraph.graph.iris import Iris
from peelgraph.graph.locks import hold
from peelgraph.graph.nquads import DEFAULT
from peelgraph.graph.rewriting import rewrite
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import read_version, writable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from peelgraph.graph.dumps.tables import Table
    from peelgraph.graph.versions import DataFolder, Version

UNFINISHED: Final = ".unfinished-"
SYNTAXES: Final = (RdfSyntax.NQ, RdfSyntax.TRIG, RdfSyntax.TTL, RdfSyntax.JSONLD)
NAMES: Final = {
    RdfSyntax.NQ: "N-Quads",
    RdfSyntax.TRIG: "TriG",
    RdfSyntax.TTL: "Turtle",
    RdfSyntax.JSONLD: "JSON-LD",
}
EXAMPLES: Final = (
    "/id/force/kent",
    "/id/cycle/peel-2015",
    "/data/judgment/peel-2015/kent/legitimacy",
    "/def/theme/investigating-crime",
)


def dumps_of(data: DataFolder, name: str) -> Dumps | None:
    """Return the files of the version *name*, ``None`` where they have not been made."""
    folder = data.dumps_folder / name
    try:
        told: dict[str, Any] = json.loads((folder / LISTING).read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            return None
        files = tuple(DumpFile(**each) for each in told["files"])
        return Dumps(folder, name, files, Counts.from_dict(told["counts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make_dumps(data: DataFolder, name: str, patience: float = 0.0) -> Dumps:
    """Return the files of the version *name*, made where they are missing.

    Memory does not grow with the version.

    Args:
        data: The data folder.
        name: The version's name.
        patience: Seconds to wait for another process that makes files here.

    Raises:
        UnknownVersion: there is no such version (any more).
        DataBusy: another process makes files.
        DataUnwritable: the disk is full or not writable; the version serves all the same.
    """
    version = data.version(name)
    if (found := dumps_of(data, version.name)) is not None:
        return found
    with writable(data.dumps_folder):
        data.dumps_folder.mkdir(parents=True, exist_ok=True)
        lock = (data.dumps_folder / "lock").open("w")
    with lock:
        hold(lock.fileno(), data.dumps_folder, patience)
        if (found := dumps_of(data, version.name)) is not None:
            return found
        with writable(data.dumps_folder):
            return _made(data, version)


def remove_orphans(data: DataFolder) -> None:
    """Remove the files of versions that are gone, and what a killed process left."""
    names = set(data.names())
    if not data.dumps_folder.is_dir():
        return
    for folder in data.dumps_folder.iterdir():
        if folder.is_dir() and folder.name not in names:
            shutil.rmtree(folder, ignore_errors=True)


def _made(data: DataFolder, version: Version) -> Dumps:
    """Make the files; the lock is held."""
    remove_orphans(data)
    beside = data.dumps_folder / f"{UNFINISHED}{version.name}-{os.getpid()}"
    target = data.dumps_folder / version.name
    shutil.rmtree(target, ignore_errors=True)  # of an earlier release, which listed other files
    beside.mkdir()
    try:
        making = Making(data, version, beside)
        making.make()
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    made = dumps_of(data, version.name)
    if made is None:
        raise AssertionError
    return made


@dataclass(frozen=True, slots=True)
class Statements:
    """Quads and their triples on disk, and how the files made of them are called."""

    path: str
    kind: str
    quads: Path
    triples: Path
    title: str
    graph: str = ""


class Making:
    """Makes the files of one version in a folder."""

    def __init__(self, data: DataFolder, version: Version, folder: Path) -> None:
        self.version = version
        self.iris = Iris(version.manifest.base)
        self.folder = folder
        self.scratch = folder / "scratch"
        self._prefixes = dict(prefixes(self.iris))
        self._earlier, self._before = _parent(data, version)
        self._store = version.store()

    def make(self) -> None:
        """Make every file, then the listing and the catalogue."""
        self.scratch.mkdir()
        manifest = self.version.manifest
        named = [name for name in manifest.graphs if name != DEFAULT]
        graphs = Split(self.scratch / "graphs", [n for n in named if not self._is_kept(n)])
        with packed(self.folder / f"{ADDRESSES}.gz") as addresses:
            counts = split(self.version, self.scratch, graphs, addresses.stream)
        title = f"Version {self.version.name}"
        union = self.scratch / "union.nt"
        whole = Statements("", WHOLE, self.version.quads_file, union, title)
        files = [*self._syntaxes(whole), *self._tables()]
        for name in named:
            files.extend(self._graph(name, graphs.files.get(name)))
        dumps = Dumps(self.folder, self.version.name, tuple(files), counts)
        dumps.write()
        found = [URIRef(f"{self.iris.base}{path}") for path in EXAMPLES]
        examples = [each for each in found if self._store.naming([each])]
        lines = (
            described(manifest, dumps, examples).serialize(format="nt").splitlines(keepends=True)
        )
        (self.folder / CATALOGUE).write_text("".join(lines), encoding="utf-8")
        shutil.rmtree(self.scratch)

    def _syntaxes(self, stated: Statements) -> Iterator[DumpFile]:
        """Write quads and triples, which are on disk in order, in each syntax."""
        for syntax in SYNTAXES:
            whole = syntax in {RdfSyntax.NQ, RdfSyntax.TRIG}
            source = stated.quads if whole else stated.triples
            name = f"{stated.path}.{syntax.value}"
            with packed(kept_at(self.folder, name, plain=False)) as packing:
                given = RdfSyntax.NQ if whole else RdfSyntax.NT
                self._rewrite(source, given, packing.stream, syntax)
            told = f"{stated.title} as {NAMES[syntax]}"
            measures = (packing.plain, packing.packed)
            yield listed(name, stated.kind, *measures, title=told, graph=stated.graph)

    def _rewrite(
        self, source: Path, given: RdfSyntax, stream: IO[bytes], syntax: RdfSyntax
    ) -> None:
        if syntax is not given:
            rewrite(source, given, stream, syntax, self._prefixes)
            return
        with source.open("rb") as file:
            shutil.copyfileobj(file, stream)

    def _tables(self) -> Iterator[DumpFile]:
        for table in TABLES:
            rows = Rows(table, self._store, self.iris.base, self.scratch)
            yield self._csv(table, rows)
            description = described_csv(table, f"{table.name}.csv")
            path = f"/{table.name}.csv-metadata.json"
            with packed(kept_at(self.folder, path, plain=False)) as packing:
                packing.stream.write(description)
            title = f"{table.title}, described (CSVW)"
            yield listed(path, TABLE, packing.plain, packing.packed, title=title)
            path = f"/{table.name}.parquet"
            file = kept_at(self.folder, path, plain=True)
            write_table(table, rows, file)
            yield listed(path, TABLE, digested(file), None, title=f"{table.title}, as Parquet")

    def _csv(self, table: Table, rows: Rows) -> DumpFile:
        path = f"/{table.name}.csv"
        with packed(kept_at(self.folder, path, plain=False)) as packing:
            write_csv(table, rows, packing.stream)
        title = f"{table.title}, as CSV"
        return listed(path, TABLE, packing.plain, packing.packed, title=title)

    def _is_kept(self, graph: str) -> bool:
        """Return whether the version before has the same graph, and its files are there."""
        if self._earlier is None or self._before is None:
            return False
        old, new = (v.manifest.graph_digests.get(graph) for v in (self._before, self.version))
        path = graph_path(graph, self.iris.base)
        same = old is not None and old == new
        return same and all(f"{path}.{s.value}" in self._earlier.by_path for s in SYNTAXES)

    def _graph(self, graph: str, quads: Path | None) -> Iterator[DumpFile]:
        """Yield the files of one named graph, linked where *quads* need not be written anew."""
        path = graph_path(graph, self.iris.base)
        if quads is None:
            yield from self._linked(path)
            return
        triples = self.scratch / "graph.nt"
        with triples.open("wb") as file:
            triples_only(quads, file)
        ours = path.startswith("/graph/")
        title = f"Named graph {path.removeprefix('/graph/')}" if ours else graph
        yield from self._syntaxes(Statements(path, GRAPH, quads, triples, title, graph))

    def _linked(self, path: str) -> Iterator[DumpFile]:
        if self._earlier is None:
            raise AssertionError
        for syntax in SYNTAXES:
            file = self._earlier.by_path[f"{path}.{syntax.value}"]
            target = kept_at(self.folder, file.path, plain=False)
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = kept_at(self._earlier.folder, file.path, plain=False)
            try:
                target.hardlink_to(kept)
            except OSError:  # a file system without links, or another user's file
                shutil.copyfile(kept, target)
            yield file


def _parent(data: DataFolder, version: Version) -> tuple[Dumps | None, Version | None]:
    """Return the version before this one and its files, where both are there."""
    name = version.manifest.parent
    if name is None or (earlier := dumps_of(data, name)) is None:
        return None, None
    with suppress(VersionDamaged):
        return earlier, read_version(data.versions_folder / name)
    return None, None


def whole_nquads(version: Version) -> Digested:
    """Return what the N-Quads of a version come to, which need no making."""
    return Digested(version.quads_file.stat().st_size, version.manifest.quads_sha256)
