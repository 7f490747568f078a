"""How the query editor is fetched: only what was recorded is shipped, and never silently."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent.parent
SCRIPT = CHECKOUT / ".ci" / "frontend" / "fetch.py"
CONTENT = {"yasgui.min.js": b"script", "yasgui.min.css": b"style"}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """What npm leaves behind, invented."""
    modules = tmp_path / "npm" / "node_modules"
    build = modules / "@zazuko" / "yasgui" / "build"
    build.mkdir(parents=True)
    for name, content in CONTENT.items():
        (build / name).write_bytes(content)
    about = {"name": "@zazuko/yasgui", "version": "1.0.0", "license": "MIT", "author": "A. Nother"}
    (build.parent / "package.json").write_text(json.dumps(about), encoding="utf-8")
    other = modules / "with-licence"
    other.mkdir()
    (other / "package.json").write_text('{"name": "with-licence", "version": "2"}')
    (other / "LICENSE.md").write_text("All may use this.")
    return modules.parent


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """A folder that records which files belong in it."""
    folder = tmp_path / "vendor"
    folder.mkdir()
    digests = {name: hashlib.sha512(content).hexdigest() for name, content in CONTENT.items()}
    (folder / "editor.json").write_text(json.dumps({"sha512": digests}), encoding="utf-8")
    return folder


def fetched(
    vendor: Path, *arguments: str | Path, path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the script without installed packages; *path* is where it finds programs."""
    return subprocess.run(
        [sys.executable, "-S", SCRIPT, "--vendor", vendor, *arguments],
        env={"PATH": path},
        text=True,
        capture_output=True,
        check=False,
    )


def test_recorded_files_are_shipped_with_their_licences(packages: Path, vendor: Path) -> None:
    """Both files, unchanged, and a notice that names every package."""
    ended = fetched(vendor, "--packages", packages)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {name: (vendor / name).read_bytes() for name in CONTENT} == CONTENT
    notice = (vendor / "NOTICE.txt").read_text(encoding="utf-8")
    assert "@zazuko/yasgui 1.0.0" in notice
    assert "Copyright A. Nother; licence as its package names it: MIT" in notice
    assert "All may use this." in notice
    assert "Permission is hereby granted" in notice


@pytest.mark.parametrize("fault", ["changed", "missing"])
def test_other_files_are_never_shipped(packages: Path, vendor: Path, fault: str) -> None:
    """A file that is not the recorded one may do anything in every reader's browser."""
    file = packages / "node_modules" / "@zazuko" / "yasgui" / "build" / "yasgui.min.js"
    if fault == "changed":
        file.write_bytes(b"another script")
    else:
        file.unlink()
    ended = fetched(vendor, "--packages", packages)
    assert ended.returncode == 1
    assert "yasgui.min.js" in ended.stderr
    assert "plain form" in ended.stderr
    assert not (vendor / "yasgui.min.js").exists()


def test_without_npm_it_says_so(vendor: Path) -> None:
    """One line that says what will be missing; make decides whether that is an error."""
    ended = fetched(vendor)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "WARNING: the query editor could not be fetched (there is no npm)"
    )


def test_what_is_there_is_not_fetched_again(packages: Path, vendor: Path) -> None:
    """The second run needs no npm and no network."""
    assert fetched(vendor, "--packages", packages).returncode == 0
    assert fetched(vendor).returncode == 0
    (vendor / "yasgui.min.css").write_bytes(b"tampered with")
    assert fetched(vendor).returncode == 1
