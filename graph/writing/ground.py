"""The current version made ready for writing: quads in memory, shapes and references loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.editable import EditableStore
from peelgraph.graph.iris import Iris
from peelgraph.graph.nquads import DEFAULT, graph_of, triple_of
from peelgraph.graph.preparation import reference_graph, refers_to
from peelgraph.graph.validation import Validator, shapes_graph
from peelgraph.graph.writing.digests import digests_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from peelgraph.graph.versions import DataFolder

BYTES_A_QUAD: Final = 450


@dataclass(frozen=True, slots=True)
class Ground:
    """What a batch of changes starts from.

    Args:
        name: The version's name.
        iris: Its base.
        quads_file: All its quads, sorted.
        quads: Their number.
        digests: The digest of each graph.
        store: The quads in memory; ``None`` where they are too many.
        validator: The shapes, with the reference graphs of this version.
    """

    name: str
    iris: Iris
    quads_file: Path
    quads: int
    digests: dict[str, str]
    store: EditableStore | None
    validator: Validator


def prepared(data: DataFolder, memory: int, known: Ground | None = None) -> Ground:
    """Return the current version, made ready.

    Args:
        data: The data folder.
        memory: Bytes up to which the quads are held in memory.
        known: What was ready before; its parts are used again where they still hold.

    Raises:
        VersionError: there is no version, or it cannot be read.
    """
    version = data.current()
    if known is not None and known.quads_file == version.quads_file:
        return known
    manifest, iris = version.manifest, Iris(version.manifest.base)
    digests = digests_of(version)
    fits = manifest.quads * BYTES_A_QUAD <= memory
    empty = [name for name, size in manifest.graphs.items() if not size and name != DEFAULT]
    store = EditableStore.loaded(version.quads_file, empty) if fits else None
    if known is not None and _references(known.digests, iris) == _references(digests, iris):
        validator = known.validator
    else:
        held = store
        if held is None:
            held = _references_alone(version.quads_file, _references(digests, iris))
        reference = reference_graph(held, iris)
        validator = Validator(reference, shapes_graph(iris))
    return Ground(version.name, iris, version.quads_file, manifest.quads, digests, store, validator)


def _references_alone(quads_file: Path, names: Iterable[str]) -> EditableStore:
    """Return the graphs *names* in memory.

    A store on disk has threads, and a child that is forked beside them waits for them for ever.
    """
    found: dict[str, list[bytes]] = {name: [] for name in names}
    endings = tuple(f" <{name}> .\n".encode() for name in found)
    with quads_file.open("rb") as lines:
        for line in lines:
            if line.endswith(endings) and (name := graph_of(line)) in found:
                found[name].append(triple_of(line))
    store = EditableStore.in_memory()
    for name, triples in found.items():
        store.put_graph(name, b"".join(triples))
    return store


def _references(digests: dict[str, str], iris: Iris) -> dict[str, str]:
    return {name: digest for name, digest in digests.items() if refers_to(name, iris)}
