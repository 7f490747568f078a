"""A backup: one archive of a data folder's captures, corrections and versions, checksums first.

It is a plain tar of regular files (``ustar``), compressed by gzip: ``backup.json``, which lists
every other member with its size and SHA-256, then those members in that order. Equal content gives
equal bytes. Stores are left out: a store is made anew from its version's ``quads.nq``, so that no
file of a database from elsewhere is ever opened.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from peelgraph.graph.errors import DataBusy, VersionDamaged
from peelgraph.graph.versions import NAME, file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peelgraph.graph.versions import DataFolder, Version

SCHEMA: Final = "peelgraph/backup/1"
CONTENTS: Final = "backup.json"
PIECE: Final = 1024 * 1024
CAPTURE: Final = re.compile(r"captures/[0-9a-f]{2}/[0-9a-f]{62}\.(?:bytes|txt|json)")
ADDRESS: Final = re.compile(r"captures/addresses/[0-9a-f]{64}\.json")
VERSION_FILES: Final = ("manifest.json", "quads.nq", "validation.ttl")
VERSION: Final = re.compile(
    rf"versions/{NAME.pattern}/(?:{'|'.join(map(re.escape, VERSION_FILES))})"
)
REVIEWS: Final = "reviews.json"
SECRETS: Final = ("audit.head", "audit.jsonl", "tokens.json")
"""Who may write, and the record of what was written: in a backup only where they are asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup: its path below the data folder, its bytes and their SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def is_record(self) -> bool:
        """Whether it is the record of a captured page."""
        return CAPTURE.fullmatch(self.path) is not None and self.path.endswith(".json")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself: the version that was current, and every file."""

    current: str
    base: str
    files: tuple[Entry, ...]

    @property
    def versions(self) -> list[str]:
        """The names of the versions in it, oldest first."""
        return sorted({e.path.split("/")[1] for e in self.files if VERSION.fullmatch(e.path)})

    @property
    def captures(self) -> int:
        """How many captured pages are in it."""
        return sum(e.is_record for e in self.files)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(e.size for e in self.files)


def contents_of(
    data: DataFolder,
    *,
    every_version: bool = False,
    secrets: bool = False,
    step: Callable[[str], None] = lambda _path: None,
) -> Contents:
    """Return what a backup of *data* holds now; it needs no lock, for versions never change.

    Args:
        data: The data folder.
        every_version: All versions, not only the current one.
        secrets: The tokens and the audit file too.
        step: Told the path of each file when it has been read.

    Raises:
        NoVersion: nothing has been published.
        VersionDamaged: a version's files do not match its manifest.
    """
    current = data.current()
    versions = data.versions() if every_version else [current]
    for version in versions:
        version.check()
    entries: list[Entry] = []
    for path in sorted(_paths(data, versions, secrets=secrets)):
        file = data.path / path
        entries.append(Entry(path, file.stat().st_size, file_sha256(file)))
        step(path)
    return Contents(current.name, current.manifest.base, tuple(entries))


def _paths(data: DataFolder, versions: list[Version], *, secrets: bool) -> Iterator[str]:
    yield from _captured(data)
    for version in versions:
        for name in VERSION_FILES:
            if not (version.folder / name).is_file():
                raise VersionDamaged("has no such file", place=str(version.folder / name))
            yield f"versions/{version.name}/{name}"
    alone = (REVIEWS, *SECRETS) if secrets else (REVIEWS,)
    yield from (name for name in alone if (data.path / name).is_file())


def _captured(data: DataFolder) -> Iterator[str]:
    for record in data.captures.rglob("*.json"):
        path = record.relative_to(data.path).as_posix()
        if ADDRESS.fullmatch(path):
            yield path
        elif CAPTURE.fullmatch(path):  # written last, so the other two are there
            yield from (path.removesuffix("json") + each for each in ("bytes", "txt", "json"))


def write_backup(
    data: DataFolder,
    contents: Contents,
    stream: BinaryIO,
    step: Callable[[str], None] = lambda _path: None,
) -> None:
    """Write the backup of *data* that :func:`contents_of` described.

    Raises:
        DataBusy: a file has changed or gone since then; the backup is worthless.
    """
    listing = json.dumps(
        {"schema": SCHEMA, **asdict(contents)}, indent=1, sort_keys=True, ensure_ascii=False
    )
    with (
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT) as archive,
    ):
        _add(archive, CONTENTS, io.BytesIO(listing.encode()), len(listing.encode()))
        for entry in contents.files:
            try:
                with (data.path / entry.path).open("rb") as file:
                    measured = _Measured(file)
                    _add(archive, entry.path, measured, entry.size)
            except OSError as error:
                raise _changed(entry.path) from error
            if measured.sha256 != entry.sha256:
                raise _changed(entry.path)
            step(entry.path)


def _changed(path: str) -> DataBusy:
    return DataBusy(
        "changed while it was being backed up", place=path, action="make the backup again"
    )


def _add(archive: tarfile.TarFile, path: str, file: BinaryIO | _Measured, size: int) -> None:
    """Add a file as its bytes alone: owner, mode and time say nothing of the content."""
    member = tarfile.TarInfo(path)
    member.size, member.mode = size, 0o600
    archive.addfile(member, file)


class _Measured:
    """A file whose digest is taken while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The digest of what was read so far."""
        return self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Read as the file does."""
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece
