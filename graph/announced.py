"""The version that a write has announced, and what the next writer makes of it.

The audit has a write before its version is there. Whether that version came is plain only until
somebody rolls back or prunes, so ``DATA/.announced``, a symlink to its folder, notes it from before
the audit is written until the pointer is switched. Whoever holds the writer's lock next looks at
it before anything else: the version serves, or it never did and never will.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from pathlib import Path

LINK: Final = ".announced"


class Folder(Protocol):
    """What has to be known of a data folder here."""

    path: Path

    @property
    def pointer(self) -> Path:
        """The symlink to the current version."""
        ...

    @property
    def versions_folder(self) -> Path:
        """The folder of version folders."""
        ...

    def set_aside(self, name: str) -> Path:
        """Take a version's folder out of sight and return it."""
        ...


def announce(folder: Path, name: str) -> None:
    """Note in the data folder that the version called *name* is about to be published.

    Raises:
        FileExistsError: another was announced, of which the audit does not yet say what became.
    """
    (folder / LINK).symlink_to(f"versions/{name}")


def announced(folder: Path) -> str | None:
    """Return the name of the version that was announced and is not known to have come."""
    link = folder / LINK
    return link.readlink().name if link.is_symlink() else None


def forget(folder: Path) -> None:
    """Note that nothing is announced any more."""
    (folder / LINK).unlink(missing_ok=True)


def serves(data: Folder, name: str) -> bool:
    """Return whether the pointer leads to the version called *name*, damaged or not."""
    return data.pointer.is_symlink() and data.pointer.readlink().name == name


def settle(data: Folder) -> None:
    """Forget the announced version if it serves; take its folder away if it never did.

    One that never came stays noted until the audit has been corrected.

    Args:
        data: The data folder; its writer's lock is held.
    """
    name = announced(data.path)
    if name is None:
        return
    if serves(data, name):
        forget(data.path)
    elif (data.versions_folder / name).exists():
        shutil.rmtree(data.set_aside(name), ignore_errors=True)
