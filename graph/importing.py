"""Importing a known open dataset: its files become one graph of the next version."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from rdflib import PROV, URIRef

from peelgraph.graph.build import derive, record_validation
from peelgraph.graph.datasets import Dataset, SourceFile
from peelgraph.graph.ingest import reference_graph
from peelgraph.graph.load import checked, file_content
from peelgraph.graph.mapping.loading import loading_graph
from peelgraph.graph.parsing import packing, unpacked
from peelgraph.graph.staging import staged
from peelgraph.graph.validation import FROM_OUTSIDE, Checking
from peelgraph.graph.versions import writable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from peelgraph.graph.datasets import Reading
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.staging import Stage
    from peelgraph.graph.versions import DataFolder, Version


@dataclass(frozen=True, slots=True)
class Imported:
    """What a dataset's files say, the graph it became, and the new version, if anything changed."""

    reading: Reading
    graph: URIRef
    version: Version | None


def dataset_files(path: Path, dataset: Dataset) -> list[SourceFile]:
    """Return the file at *path*, or those in it where it is compressed or an archive.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: an archive is damaged or a bomb.
        ReadingStopped: an archive ended the process that unpacked it, or ran over a limit.
    """
    name, content = path.name, file_content(path, dataset.largest)
    if not packing(name):
        return [SourceFile(name, content)]
    return [SourceFile(PurePath(each).name, inner) for each, inner in unpacked(content, name)]


def import_dataset(  # noqa: PLR0913, PLR0917 - one argument an option
    data: DataFolder,
    dataset: Dataset,
    files: Sequence[SourceFile],
    iris: Iris,
    moment: dt.datetime,
    checking: Checking = FROM_OUTSIDE,
) -> Imported:
    """Make ``/graph/external/{dataset}`` hold what *files* say, in a new version.

    Args:
        data: Where versions are kept; it has a current one.
        dataset: The dataset that the files are of.
        files: The files.
        iris: The base of the current version.
        moment: The time of the import, UTC.
        checking: What checks the graph against the shapes, and how long that may take.

    Raises:
        InputError: a file is none of that dataset; nothing was stored.
        NotConforming: the graph breaks a shape; nothing was stored.
        ValidationTimeout: the check took too long; nothing was stored.
        DataBusy: another process is writing.
    """
    name = iris.graph("external", dataset.name)
    with staged(data, iris) as stage:
        reading = dataset.read(files, reference_graph(stage.store, iris), iris)
        report = checked(stage, {name: reading.graph}, checking)
        stage.replace_graphs({name: reading.graph})
        derive(stage)
        version = None
        if not stage.unchanged():
            record_validation(stage, report, reading.graph.subjects())
            _record_loading(stage, dataset, reading, name, moment)
            _record_inputs(stage, dataset, files)
            version = stage.publish(data, moment)
    return Imported(reading, name, version)


def _record_loading(
    stage: Stage, dataset: Dataset, reading: Reading, name: URIRef, moment: dt.datetime
) -> None:
    """Say where the graph is from, in place of what was said of the one it replaces."""
    store, iris = stage.store, stage.iris
    provenance = iris.graph("provenance")
    made = loading_graph(
        name,
        reading.source,
        reading.title,
        iris,
        kind=f"import-{dataset.name}",
        ended=moment,
        software_version=importlib.metadata.version("peelgraph"),
    )
    with writable(stage.folder):
        for _, activity in list(store.values(name, PROV.wasGeneratedBy)):
            store.remove_triples(provenance, URIRef(str(activity)), None, None)
        store.remove_triples(provenance, name, None, None)
        store.extend_graph(provenance, made)


def _record_inputs(stage: Stage, dataset: Dataset, files: Sequence[SourceFile]) -> None:
    """Name the files in the manifest, in place of those that were imported before."""
    kept = {
        key: digest
        for key, digest in stage.inputs.items()
        if not key.startswith(f"{dataset.name}/")
    }
    digests = [hashlib.sha256(file.content).hexdigest() for file in files]
    stage.inputs = kept | {f"{dataset.name}/{digest[:12]}": digest for digest in digests}
