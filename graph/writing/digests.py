"""The digest of each graph of a version: what entity tags are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.content import content_of
from peelgraph.graph.errors import VersionError
from peelgraph.graph.iris import Iris
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.versions import Version


def graph_digests(folder: Path, name: str) -> dict[str, str] | None:
    """Return the digest of each graph of the version *name*, ``None`` where it is gone."""
    try:
        return digests_of(DataFolder(folder).version(name))
    except VersionError:
        return None


def digests_of(version: Version) -> dict[str, str]:
    """Return the digest of each graph; the manifests of earlier releases do not state them."""
    manifest = version.manifest
    if manifest.graph_digests.keys() == manifest.graphs.keys():
        return manifest.graph_digests
    return content_of(version.quads_file, Iris(manifest.base)).graph_digests
