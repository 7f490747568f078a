"""``backup`` and ``restore`` as an operator types them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended


def test_a_backup_and_back(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """The dump of what came back is the dump of what went in, byte for byte."""
    told = peelgraph("backup", tmp_path, "--data", built_data, "--json")
    assert told.code == 0, told.err
    file = tmp_path / f"peelgraph-{told.json['current']}.tar.gz"
    assert told.json["file"] == str(file)
    assert told.json["schema"] == "peelgraph/backup/1"
    there = tmp_path / "there"
    back = peelgraph("restore", file, "--data", there, "--json")
    assert back.code == 0, back.err
    assert back.json["added"] == [told.json["current"]]
    dumps = [peelgraph("export", "--data", folder).out for folder in (built_data, there)]
    assert dumps[0] == dumps[1]
    again = peelgraph("backup", tmp_path / "again.tar.gz", "--data", there, "--json")
    assert again.json["sha256"] == told.json["sha256"]


def test_a_backup_comes_through_a_pipe(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """From one machine to another without a file between."""
    peelgraph("backup", tmp_path / "b.tar.gz", "--data", built_data)
    content = (tmp_path / "b.tar.gz").read_bytes()
    dry = peelgraph("restore", "-", "--dry-run", "--data", tmp_path / "there", stdin=content)
    assert dry.code == 0, dry.err
    assert dry.out.startswith("Would restore version ")
    assert not (tmp_path / "there").exists()
    assert peelgraph("restore", "-", "--data", tmp_path / "there", stdin=content).code == 0


def test_what_cannot_be_restored_says_so(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """Exit 3: the input is at fault, not the data folder."""
    data = tmp_path / "data"
    shutil.copytree(built_data, data, symlinks=True)
    assert peelgraph("restore", tmp_path / "none", "--data", data).code == 3
    assert peelgraph("restore", tmp_path, "--data", data).code == 3
    (tmp_path / "odd").write_bytes(b"no backup")
    ended = peelgraph("restore", tmp_path / "odd", "--data", data, "--json")
    assert (ended.code, ended.problem["type"]) == (3, "/problems/backup-damaged")
    assert peelgraph("backup", tmp_path / "b", "--data", tmp_path / "empty").code == 4
    assert peelgraph("backup", tmp_path / "no" / "b", "--data", data).code == 4
