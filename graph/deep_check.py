"""Reads a version back from its store, quad by quad: slower than its checksums, and surer."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.errors import VersionDamaged
from peelgraph.graph.sorting import sort_file
from peelgraph.graph.versions import file_sha256

if TYPE_CHECKING:
    from peelgraph.graph.versions import Version


def check_deeply(version: Version) -> None:
    """Compare the quads in a version's store with its manifest, and its name with its digest.

    Raises:
        VersionDamaged: They differ, or the files do.

    Memory: does not grow with the number of quads; disk: twice ``quads.nq``, for the time being.
    """
    version.check()
    with tempfile.TemporaryDirectory(prefix="peelgraph-") as scratch:
        unsorted, written = Path(scratch) / "unsorted.nq", Path(scratch) / "sorted.nq"
        version.store().dump(unsorted)
        sort_file(unsorted, written)
        found = file_sha256(written)
    manifest = version.manifest
    if found != manifest.quads_sha256:
        raise VersionDamaged(
            f"its quads have SHA-256 {found[:12]}…",
            place=str(version.store_folder),
            expected=f"{manifest.quads_sha256[:12]}… as the manifest says",
            action="serve another version with `peelgraph versions rollback NAME`",
        )
    if (
        not manifest.name.endswith(f"-{manifest.digest[:8]}")
        or version.folder.name != manifest.name
    ):
        raise VersionDamaged(
            f"is called {version.folder.name}",
            place=str(version.folder),
            expected=f"the name in the manifest, ending in {manifest.digest[:8]}",
            action="serve another version with `peelgraph versions rollback NAME`",
        )
