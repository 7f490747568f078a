"""The corrections that a data folder keeps, by the digest of the captured text they are of.

They stand in one file, ``reviews.json``, which is replaced whole: a run that dies leaves the old
corrections or the new, and neither a build nor another capture of the same words touches them.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from peelgraph.graph.errors import VersionDamaged
from peelgraph.graph.review import Correction
from peelgraph.graph.versions import sync_folder, writable, write_synced

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Reviews:
    """The corrections of a data folder, read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "reviews.json"

    def of(self, sha256: str) -> tuple[Correction, ...]:
        """Return the corrections of the captured text with that digest, in reading order."""
        return self.kept().get(sha256, ())

    def kept(self) -> dict[str, tuple[Correction, ...]]:
        """Return all corrections by the digest of the text.

        Raises:
            VersionDamaged: the file cannot be read.
        """
        try:
            said = json.loads(self.file.read_bytes())
            return {sha256: tuple(map(_correction, several)) for sha256, several in said.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise VersionDamaged(
                f"the corrections cannot be read: {error}",
                place=str(self.file),
                action="mend or remove that file",
            ) from error

    def keep(self, corrections: Iterable[Correction]) -> None:
        """Add *corrections*; a later one of a statement replaces an earlier one of the same.

        The caller holds the data folder's writing lock.

        Raises:
            DataUnwritable: the file cannot be written; the corrections are as they were.
        """
        kept = {(c.sha256, c.about): c for several in self.kept().values() for c in several}
        kept.update({(each.sha256, each.about): each for each in corrections})
        by_text: dict[str, list[dict[str, object]]] = {}
        for (sha256, _), each in sorted(kept.items()):
            by_text.setdefault(sha256, []).append(asdict(each))
        content = json.dumps(by_text, ensure_ascii=False, indent=1, sort_keys=True)
        self.replace(f"{content}\n".encode())

    def content(self) -> bytes | None:
        """Return what the file holds, if there is one."""
        return self.file.read_bytes() if self.file.is_file() else None

    def replace(self, content: bytes | None) -> None:
        """Make the file hold *content* (none: be absent), in one step and on disk."""
        with writable(self.file):
            if content is None:
                self.file.unlink(missing_ok=True)
            else:
                beside = self.file.with_name(f".{self.file.name}.new")
                write_synced(beside, content)
                beside.replace(self.file)
            sync_folder(self.file.parent)


def _correction(said: dict[str, Any]) -> Correction:
    said["new_themes"] = tuple(said["new_themes"])
    return Correction(**said)
