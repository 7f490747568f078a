"""Brings a backup back: all of it is unpacked and checked beside the data before any of it counts.

The archive may come from anywhere. Its members are read one header at a time and must be exactly
the regular files that its list names, in that order, each with a name that a data folder has: there
is no way to write a link, a device, or a file outside.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from peelgraph.graph.backup import (
    ADDRESS,
    CAPTURE,
    CONTENTS,
    PIECE,
    REVIEWS,
    SCHEMA,
    SECRETS,
    VERSION,
    VERSION_FILES,
    Contents,
    Entry,
)
from peelgraph.graph.capture import Captures
from peelgraph.graph.errors import (
    BackupDamaged,
    BaseDiffers,
    DataUnwritable,
    PeelgraphError,
    UsageError,
    VersionDamaged,
)
from peelgraph.graph.reviews import Reviews
from peelgraph.graph.store import Store
from peelgraph.graph.versions import (
    STAGING_PREFIX,
    DataFolder,
    read_version,
    sync_file,
    sync_folder,
    writable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from peelgraph.graph.versions import Version

BLOCK: Final = tarfile.BLOCKSIZE
LONGEST_LIST: Final = 64 * 1024 * 1024
MOST_PADDING: Final = 1024 * 1024
NAMES: Final = (CAPTURE, ADDRESS, VERSION)
ALONE: Final = (REVIEWS, *SECRETS)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: the backup's own list, and the names of versions that were new."""

    contents: Contents
    added: tuple[str, ...]


def restore(
    data: DataFolder,
    stream: BinaryIO,
    *,
    replace: bool = False,
    dry_run: bool = False,
    step: Callable[[str], None] = lambda _path: None,
) -> Restored:
    """Put the captures, corrections and versions of a backup into *data*; its current one serves.

    What is there and equal stays; other versions and captures stay too.

    Args:
        data: The data folder, made when it is not there.
        stream: The backup.
        replace: Overwrite corrections, tokens and audit file that differ from the backup's.
        dry_run: Unpack and check everything, and keep nothing.
        step: Told the path of each file when it has been unpacked.

    Raises:
        BackupDamaged: the backup was cut or changed, or is none; nothing was changed.
        UsageError: what is there differs, and *replace* does not say that it may go.
        BaseDiffers: the data folder has another base IRI.
        DataUnwritable: there is not enough room, or the folder cannot be written.
    """
    fresh = not data.path.exists()
    done = False
    try:
        with data.writing():
            staging = data.versions_folder / f"{STAGING_PREFIX}restore"
            try:
                contents = _unpacked(stream, staging, step)
                _check(contents, staging)
                _compare(data, contents, staging, replace=replace)
                added = tuple(n for n in contents.versions if not _kept(data, n, staging))
                if not dry_run:
                    with writable(data.path):
                        _install(data, contents, staging, added)
                    done = True
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    finally:
        if fresh and not done:
            shutil.rmtree(data.path, ignore_errors=True)
    return Restored(contents, added)


# unpacking


def _unpacked(stream: BinaryIO, target: Path, step: Callable[[str], None]) -> Contents:
    with _damage_told(), gzip.GzipFile(fileobj=stream, mode="rb") as plain:
        contents = _contents(plain)
        _make_room(contents, target)
        for entry in contents.files:
            _extract(plain, entry, target)
            step(entry.path)
        padding = 0
        while rest := plain.read(PIECE):  # to the very end, where gzip keeps its own checksum
            padding += len(rest)
            if padding > MOST_PADDING or rest.strip(b"\0"):
                raise _damaged("it goes on after the files that it lists")
    return contents


@contextlib.contextmanager
def _damage_told() -> Generator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError) as error:
        raise _damaged(f"it cannot be unpacked: {error}") from error


def _damaged(found: str, place: str = "") -> BackupDamaged:
    return BackupDamaged(
        f"this is no whole backup: {found}", place=place, action="restore another backup"
    )


def _member(plain: gzip.GzipFile, path: str) -> int:
    """Read one header, which must be that of the regular file *path*, and return its size."""
    member = tarfile.TarInfo.frombuf(_exactly(plain, BLOCK), "utf-8", "strict")
    if member.type != tarfile.REGTYPE or member.name != path:
        raise _damaged(f"it holds {member.name[:100]!r}", place=path)
    return member.size


def _exactly(plain: gzip.GzipFile, size: int) -> bytes:
    piece = plain.read(size)
    if len(piece) != size:
        raise _damaged("it ends too early")
    return piece


def _contents(plain: gzip.GzipFile) -> Contents:
    size = _member(plain, CONTENTS)
    if not 0 <= size <= LONGEST_LIST:
        raise _damaged(f"its list has {size:,} bytes", place=CONTENTS)
    content = _exactly(plain, size)
    _exactly(plain, -size % BLOCK)
    try:
        said = json.loads(content)
        if said["schema"] != SCHEMA:
            raise _damaged(f"it is of another kind: {said['schema']!r}", place=CONTENTS)
        return _read_list(said)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(f"its list cannot be read: {error}", place=CONTENTS) from error


def _read_list(said: dict[str, Any]) -> Contents:
    files = tuple(Entry(str(e["path"]), int(e["size"]), str(e["sha256"])) for e in said["files"])
    contents = Contents(str(said["current"]), str(said["base"]), files)
    paths = [entry.path for entry in files]
    for path in paths:
        if path not in ALONE and not any(name.fullmatch(path) for name in NAMES):
            raise _damaged("that is no file of a data folder", place=path[:200])
    if sorted(set(paths)) != paths or any(entry.size < 0 for entry in files):
        raise _damaged("its list is not in order", place=CONTENTS)
    whole = all(f"versions/{v}/{n}" in paths for v in contents.versions for n in VERSION_FILES)
    if not whole or contents.current not in contents.versions:
        raise _damaged("it lacks files of a version", place=CONTENTS)
    return contents


def _make_room(contents: Contents, target: Path) -> None:
    with writable(target):
        target.mkdir()
        free = shutil.disk_usage(target).free
    if contents.size > free:
        raise DataUnwritable(
            f"the backup needs {contents.size:,} bytes, of which {free:,} are free",
            place=str(target),
            action="free space or choose another --data",
        )


def _extract(plain: gzip.GzipFile, entry: Entry, target: Path) -> None:
    if _member(plain, entry.path) != entry.size:
        raise _damaged("it has another size than its list says", place=entry.path)
    digest = hashlib.sha256()
    left = entry.size
    file = target / entry.path
    with writable(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as written:
            while left:
                piece = _exactly(plain, min(left, PIECE))
                digest.update(piece)
                written.write(piece)
                left -= len(piece)
        file.chmod(0o600 if entry.path in SECRETS else 0o644)
        sync_file(file)
    if digest.hexdigest() != entry.sha256:
        raise _damaged("its bytes are not those that were backed up", place=entry.path)
    _exactly(plain, -entry.size % BLOCK)


# checking


def _check(contents: Contents, staging: Path) -> None:
    """Read all that was unpacked as the program will, and make the stores."""
    captures = Captures(staging / "captures")
    try:
        for entry in contents.files:
            if entry.is_record:
                captures.read(_sha256_of(entry.path))
        Reviews(staging).kept()
        for name in contents.versions:
            _checked_version(staging / "versions" / name, contents)
    except BackupDamaged:
        raise
    except PeelgraphError as error:
        raise _damaged(error.found, place=error.place.removeprefix(f"{staging}/")) from error


def _sha256_of(path: str) -> str:
    _, folder, file = path.split("/")
    return folder + file.partition(".")[0]


def _checked_version(folder: Path, contents: Contents) -> None:
    version = read_version(folder)
    if version.name != folder.name:
        raise _damaged(f"the version calls itself {version.name[:100]!r}", place=folder.name)
    if folder.name == contents.current and version.manifest.base != contents.base:
        raise _damaged("its list names another base", place=CONTENTS)
    store = Store.open(version.store_folder)
    store.fill_from(version.quads_file)
    del store  # its threads would write into a published folder
    version.check()


def _compare(data: DataFolder, contents: Contents, staging: Path, *, replace: bool) -> None:
    """Refuse what would overwrite what only this data folder has."""
    with contextlib.suppress(VersionDamaged):  # that is what backups are for
        if data.has_version() and (base := data.current().manifest.base) != contents.base:
            raise BaseDiffers(
                f"the backup is of the base {contents.base}",
                place=str(data.path),
                expected=base,
                action="restore it into another data folder",
            )
    for name in ALONE:
        here, there = data.path / name, staging / name
        if not (here.is_file() and there.is_file()) or replace:
            continue
        if here.read_bytes() != there.read_bytes():
            raise UsageError(
                "differs from that in the backup",
                place=str(here),
                action="keep a copy, then restore with --replace",
            )


def _kept(data: DataFolder, name: str, staging: Path) -> bool:
    """Return whether *data* has the version, whole and with the same quads."""
    folder = data.versions_folder / name
    try:
        version: Version = read_version(folder)
        version.check()
    except VersionDamaged:
        return False
    backed_up = read_version(staging / "versions" / name).manifest
    if version.manifest.quads_sha256 != backed_up.quads_sha256:
        raise _damaged("the data folder has another version of that name", place=name)
    return True


# installing


def _install(data: DataFolder, contents: Contents, staging: Path, added: tuple[str, ...]) -> None:
    """Move everything into place, the pointer last; a kill before that leaves the old serving."""
    _install_captures(data, contents, staging)
    for name in ALONE:
        if (staging / name).is_file():
            (staging / name).replace(data.path / name)
    for name in added:
        target = data.versions_folder / name
        if target.exists():  # damaged
            data.set_aside(name)
        for folder in (staging / "versions" / name / "store", staging / "versions" / name):
            sync_folder(folder)
        (staging / "versions" / name).rename(target)
    sync_folder(data.versions_folder)
    data.switch(contents.current)


def _install_captures(data: DataFolder, contents: Contents, staging: Path) -> None:
    """Move captures that are not there, or not whole; the record of each comes last."""
    kept = Captures(data.captures)
    for entry in contents.files:
        if ADDRESS.fullmatch(entry.path) and not (data.path / entry.path).exists():
            _move(data, staging, entry.path)
        if not entry.is_record or kept.intact(_sha256_of(entry.path)):
            continue
        for suffix in ("bytes", "txt", "json"):
            _move(data, staging, entry.path.removesuffix("json") + suffix)


def _move(data: DataFolder, staging: Path, path: str) -> None:
    target = data.path / path
    target.parent.mkdir(parents=True, exist_ok=True)
    (staging / path).replace(target)
    sync_folder(target.parent)
