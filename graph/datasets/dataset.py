"""What an open dataset is to the command that imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes of one file, with its name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the files of a dataset say.

    Args:
        graph: As RDF, the files among it.
        source: What the graph is made from, described in it.
        title: What that is called.
        counts: How many of what.
        remarks: What a person should know of it.
        attribution: What has to be said wherever it is shown.
    """

    graph: Graph
    source: URIRef
    title: str
    counts: Mapping[str, int]
    remarks: tuple[str, ...]
    attribution: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A known open dataset.

    Args:
        name: A slug: what the command, the graph and the file's IRI call it.
        about: What it is and which files it comes in, in a sentence.
        largest: Bytes that a file may have.
        read: Reads files, beside the reference graphs of the version, under a base. It raises
            InputError for files that are no such dataset, and UsageError for too many.
    """

    name: str
    about: str
    largest: int
    read: Callable[[Sequence[SourceFile], Graph, Iris], Reading]
