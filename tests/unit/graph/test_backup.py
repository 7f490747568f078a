"""What was backed up comes back byte for byte, and what is no whole backup changes nothing."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.backup import contents_of, write_backup
from peelgraph.graph.capture import Captures, captured_text
from peelgraph.graph.errors import (
    BackupDamaged,
    BaseDiffers,
    DataBusy,
    DataUnwritable,
    PeelgraphError,
    UsageError,
    VersionDamaged,
)
from peelgraph.graph.iris import Iris
from peelgraph.graph.restoring import restore
from peelgraph.graph.reviews import Reviews
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

IRIS = Iris()
MOMENT = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
TOKENS = b'{"tokens": []}\n'


def state(folder: Path) -> dict[str, bytes]:
    """Every file that counts below *folder*, and the pointer; not the files of stores."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "store" not in path.parts and path.name != "lock"
    }
    pointer = folder / "current"
    return found | {"current": str(pointer.readlink()).encode()} if pointer.is_symlink() else found


@pytest.fixture(scope="module")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with a small version, an invented page, a correction file and tokens."""
    folder = DataFolder(tmp_path_factory.mktemp("backup") / "data")
    graph = Graph()
    for number in range(100):
        graph.add((URIRef("http://e.org/a"), URIRef("http://e.org/p"), Literal(f"value {number}")))
    with staged(folder, IRIS) as stage:
        stage.replace_graphs({IRIS.graph("reference", "force"): graph})
        stage.publish(folder, MOMENT)
    page = captured_text("Wessmarch Police is no force.", retrieved=MOMENT)
    Captures(folder.captures).keep(page)
    Reviews(folder.path).replace(b"{}\n")
    (folder.path / "tokens.json").write_bytes(TOKENS)
    return folder


@pytest.fixture
def data(small_data: DataFolder, tmp_path: Path) -> DataFolder:
    """A copy of it."""
    shutil.copytree(small_data.path, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


def backup_of(data: DataFolder, **options: bool) -> bytes:
    """The bytes of a backup."""
    stream = io.BytesIO()
    write_backup(data, contents_of(data, **options), stream)
    return stream.getvalue()


def test_a_backup_comes_back_byte_for_byte(data: DataFolder, tmp_path: Path) -> None:
    """The promise that a backup is for: dump, captures, corrections, and the store answers."""
    content = backup_of(data)
    there = DataFolder(tmp_path / "there")
    restored = restore(there, io.BytesIO(content))
    assert restored.added == (data.current().name,)
    expected = state(data.path)
    del expected["tokens.json"]
    assert state(there.path) == expected
    there.current().check()
    assert there.current().store().sorted_nquads() == data.current().store().sorted_nquads()
    assert backup_of(there) == content, "equal content gives equal bytes"


def test_tokens_are_in_a_backup_only_where_they_are_asked_for(
    data: DataFolder, tmp_path: Path
) -> None:
    """Whoever has a backup must not be able to write."""
    assert b"tokens.json" not in gzip.decompress(backup_of(data))
    there = DataFolder(tmp_path / "there")
    restore(there, io.BytesIO(backup_of(data, secrets=True)))
    tokens = there.path / "tokens.json"
    assert (tokens.read_bytes(), tokens.stat().st_mode & 0o777) == (TOKENS, 0o600)


def test_all_versions_come_back(data: DataFolder, tmp_path: Path) -> None:
    """The history is part of the data."""
    first = data.current()
    other = "20250102T030405Z-" + first.name[-8:]
    shutil.copytree(first.folder, data.versions_folder / other)
    manifest = data.versions_folder / other / "manifest.json"
    manifest.write_text(manifest.read_text().replace(first.name, other))
    assert contents_of(data).versions == [first.name]
    there = DataFolder(tmp_path / "there")
    restore(there, io.BytesIO(backup_of(data, every_version=True)))
    assert [each.name for each in there.versions()] == [other, first.name]
    assert there.current().name == first.name


def test_what_is_there_stays_and_what_is_damaged_is_mended(
    data: DataFolder, tmp_path: Path
) -> None:
    """A restore over a damaged folder is what a backup is mostly for."""
    content, expected = backup_of(data), state(data.path)
    quads = data.current().quads_file
    quads.write_bytes(quads.read_bytes()[:-10])
    for page in data.captures.rglob("*.txt"):
        page.write_bytes(b"changed")
    mine = captured_text("Another page.", retrieved=MOMENT)
    record = Captures(data.captures).keep(mine)
    restore(data, io.BytesIO(content))
    found = state(data.path)
    assert record.is_file()
    assert {path: found[path] for path in expected} == expected
    assert restore(data, io.BytesIO(content)).added == ()
    data.current().check()
    assert tmp_path in data.path.parents


def test_corrections_are_not_overwritten_unasked(data: DataFolder) -> None:
    """A day's work of a reviewer may be newer than the backup."""
    content = backup_of(data)
    Reviews(data.path).replace(b'{"other": []}\n')
    before = state(data.path)
    with pytest.raises(UsageError) as caught:
        restore(data, io.BytesIO(content))
    assert "--replace" in str(caught.value)
    assert state(data.path) == before
    restore(data, io.BytesIO(content), replace=True)
    assert (data.path / "reviews.json").read_bytes() == b"{}\n"


def test_a_dry_run_keeps_nothing(data: DataFolder, tmp_path: Path) -> None:
    """It checks all the same."""
    content = backup_of(data)
    assert restore(DataFolder(tmp_path / "none"), io.BytesIO(content), dry_run=True).added
    assert not (tmp_path / "none").exists()
    with pytest.raises(BackupDamaged):
        restore(DataFolder(tmp_path / "none"), io.BytesIO(content[:-1]), dry_run=True)


def refused(data: DataFolder, content: bytes) -> PeelgraphError:
    """Restore over *data* and into a new folder; both must refuse and change nothing."""
    before = state(data.path)
    new = DataFolder(data.path.parent / "new")
    for folder in (data, new):
        with pytest.raises(PeelgraphError) as caught:
            restore(folder, io.BytesIO(content))
    assert state(data.path) == before
    assert not new.path.exists()
    return caught.value


def unpacks_to(content: bytes, plain: bytes) -> bool:
    """Whether *content* is another archive of the same bytes."""
    try:
        return gzip.decompress(content) == plain
    except (OSError, EOFError, zlib.error):
        return False


def test_damage_anywhere_is_refused(data: DataFolder, soak: bool) -> None:  # noqa: FBT001 - a fixture
    """A bit that flipped on a disk, or a transfer that was cut, at any place."""
    content = backup_of(data)
    plain = gzip.decompress(content)
    start = 10  # before that, gzip notes the machine it ran on, which no content depends on
    step = 25 if soak else len(content) // 12
    for place in [*range(start, len(content), step), len(content) - 1, len(content) - 6]:
        flipped = content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]
        if not unpacks_to(flipped, plain):  # deflate has several ways to say the same
            refused(data, flipped)
        assert isinstance(refused(data, content[:place]), BackupDamaged), place
    for other in (b"", b"no backup", content + b"more", content + gzip.compress(b"more")):
        assert isinstance(refused(data, other), BackupDamaged)


class Archive:
    """A backup taken apart, to be put together again in a hostile way."""

    def __init__(self, content: bytes) -> None:
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(content))) as archive:
            self.files = {
                member.name: archive.extractfile(member).read()  # type: ignore[union-attr]  # files
                for member in archive
            }
        self.listing: dict[str, Any] = json.loads(self.files.pop("backup.json"))

    def listed(self) -> None:
        """Make the list agree with the files again."""
        self.listing["files"] = [
            {"path": path, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for path, body in sorted(self.files.items())
        ]

    def packed(self, *extra: tarfile.TarInfo, before: str = "") -> bytes:
        """The archive, with *extra* members before the member *before*, or at the end."""
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            content = json.dumps(self.listing).encode()
            for path, body in [("backup.json", content), *sorted(self.files.items())]:
                if path == before:
                    for each in extra:
                        archive.addfile(each)
                member = tarfile.TarInfo(path)
                member.size = len(body)
                archive.addfile(member, io.BytesIO(body))
            if not before:
                for each in extra:
                    archive.addfile(each)
        return gzip.compress(plain.getvalue())


@pytest.mark.parametrize(
    "path",
    [
        "../outside.json",
        "/outside.json",
        "captures/../../outside.json",
        "captures/ab/../../../outside.json",
        "current",
        "versions/20260102T030400Z-00000000/store/CURRENT",
        "versions/x/quads.nq",
        ".bashrc",
        "reviews.json\n",
    ],
)
def test_a_path_that_no_data_folder_has_is_refused(data: DataFolder, path: str) -> None:
    """Nothing is written outside, nor a database of somebody else's making within."""
    archive = Archive(backup_of(data))
    archive.files[path] = b"gotcha"
    archive.listed()
    assert isinstance(refused(data, archive.packed()), BackupDamaged)
    assert not (data.path.parent / "outside.json").exists()
    assert not Path("/outside.json").exists()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE],
)
def test_members_that_are_no_files_are_refused(data: DataFolder, kind: bytes) -> None:
    """A link that is written first leads what is written through it anywhere."""
    archive = Archive(backup_of(data))
    first = min(archive.files)
    member = tarfile.TarInfo(first)
    member.type, member.linkname = kind, "/etc/passwd"
    assert isinstance(refused(data, archive.packed(member, before=first)), BackupDamaged)
    assert isinstance(refused(data, archive.packed(member)), BackupDamaged)


def changed_quads(archive: Archive) -> None:
    """Quads that are not those of the manifest."""
    path = next(each for each in archive.files if each.endswith("quads.nq"))
    archive.files[path] = archive.files[path].partition(b"\n")[2]
    archive.listed()


def changed_capture(archive: Archive) -> None:
    """A page that is not the one its digest is of."""
    path = next(each for each in archive.files if each.endswith(".txt"))
    archive.files[path] += b"!"
    archive.listed()


def broken_reviews(archive: Archive) -> None:
    """Corrections that cannot be read."""
    archive.files["reviews.json"] = b"["
    archive.listed()


def without_manifest(archive: Archive) -> None:
    """A version without its manifest."""
    del archive.files[next(each for each in archive.files if each.endswith("manifest.json"))]
    archive.listed()


def no_json(archive: Archive) -> None:
    """A list that is of another kind."""
    archive.listing["schema"] = "other/1"


def other_current(archive: Archive) -> None:
    """A current version that is not in the backup."""
    archive.listing["current"] = "20260102T030400Z-00000000"


def huge_size(archive: Archive) -> None:
    """A list that promises more than any disk holds."""
    archive.listing["files"][0]["size"] = 10**18


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (changed_quads, BackupDamaged),
        (changed_capture, BackupDamaged),
        (broken_reviews, BackupDamaged),
        (without_manifest, BackupDamaged),
        (no_json, BackupDamaged),
        (other_current, BackupDamaged),
        (huge_size, DataUnwritable),
    ],
)
def test_a_forged_backup_is_refused(
    data: DataFolder, change: Callable[[Archive], None], kind: type[PeelgraphError]
) -> None:
    """Right checksums of wrong things are no better than wrong ones."""
    archive = Archive(backup_of(data))
    change(archive)
    assert isinstance(refused(data, archive.packed()), kind)


def test_a_backup_of_another_base_is_refused(data: DataFolder) -> None:
    """The IRIs of a data folder are under one base."""
    content = backup_of(data)
    manifest = data.current().folder / "manifest.json"
    base = data.current().manifest.base
    manifest.write_text(manifest.read_text().replace(f'"{base}"', '"https://other.example"'))
    with pytest.raises(BaseDiffers):
        restore(data, io.BytesIO(content))


def test_what_changes_meanwhile_ends_the_backup(data: DataFolder) -> None:
    """Half of one day and half of the next is no backup."""
    contents = contents_of(data)
    Reviews(data.path).replace(b'{"other": []}\n')
    with pytest.raises(DataBusy):
        write_backup(data, contents, io.BytesIO())


def test_a_damaged_version_is_not_backed_up_as_if_it_were_whole(data: DataFolder) -> None:
    """It would be found out on the day that the backup is needed."""
    quads = data.current().quads_file
    quads.write_bytes(quads.read_bytes()[:-10])
    with pytest.raises(VersionDamaged):
        contents_of(data)
