"""The files that operators start from: the programs that read them accept them as they are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.settings import Settings
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parent.parent.parent
DEPLOYMENT = CHECKOUT / "server" / "deployment"


def test_nginx_accepts_the_example(needed_program: Callable[[str], str], tmp_path: Path) -> None:
    """Only the names of hosts are changed, which do not exist."""
    example = (DEPLOYMENT / "nginx.conf.example").read_text(encoding="utf-8")
    example = re.sub(r"replica-\d\.example", "127.0.0.1", example)
    example = example.replace("/var/cache/nginx/", f"{tmp_path}/").replace("listen 80;", "")
    events = f"pid {tmp_path}/pid; error_log stderr; events {{}}"
    (tmp_path / "nginx.conf").write_text(f"{events} http {{ access_log off;\n{example}}}")
    told = subprocess.run(
        [needed_program("nginx"), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "syntax is ok" in told.stderr, told.stderr


def test_systemd_accepts_the_unit(needed_program: Callable[[str], str], tmp_path: Path) -> None:
    """An option that systemd does not know it passes over, and the hardening is not there."""
    unit = (DEPLOYMENT / "peelgraph.service").read_text(encoding="utf-8")
    program = re.search(r"^ExecStart=(\S+) serve", unit, re.MULTILINE)
    assert program is not None
    copied = tmp_path / "peelgraph.service"
    copied.write_text(unit.replace(program[1], "/bin/true"), encoding="utf-8")
    analyze = needed_program("systemd-analyze")
    told = subprocess.run(
        [analyze, "verify", "--man=no", str(copied)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    rated = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(copied)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a container file, continued lines joined."""
    lines = re.sub(r"\\\n", " ", text).splitlines()
    pairs = [line.partition(" ") for line in lines if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in pairs]


def test_the_container_file_copies_what_exists_and_runs_as_nobody() -> None:
    """Read here only: images cannot be built where tests run."""
    found = instructions((DEPLOYMENT / "Containerfile").read_text(encoding="utf-8"))
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"}
    assert {name for name, _ in found} == known | {"ENTRYPOINT", "CMD"}
    copied = [rest.split()[:-1] for name, rest in found if name == "COPY" and "--from" not in rest]
    for source in (each for sources in copied for each in sources):
        assert (CHECKOUT / source).exists(), source
    last = [name for name, _ in found].index("USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", found[last][1])
    assert "RUN" not in [name for name, _ in found[last:]]
    environment = " ".join(rest for name, rest in found if name == "ENV")
    settings = re.findall(r"PEELGRAPH_(\w+)=", environment)
    assert {name.lower() for name in settings} <= set(Settings.__dataclass_fields__)


def test_the_script_copies_a_version_and_then_its_pointer(
    needed_program: Callable[[str], str], built_data: Path, tmp_path: Path
) -> None:
    """What arrives is whole, and a copy onto it changes nothing."""
    needed_program("rsync")
    script, target = DEPLOYMENT / "copy-version.sh", tmp_path / "there"
    target.mkdir()
    for _ in range(2):
        subprocess.run([script, built_data, target], check=True, timeout=200)
        there = DataFolder(target).current()
        there.check()
        assert there.name == DataFolder(built_data).current().name
        assert not DataFolder(target).pointer.readlink().is_absolute()


def test_a_copy_that_fails_leaves_the_pointer_alone(
    needed_program: Callable[[str], str], built_data: Path, tmp_path: Path
) -> None:
    """A full disk or a lost connection on the way: the target serves what it served."""
    rsync = needed_program("rsync")
    target, programs = tmp_path / "there", tmp_path / "bin"
    target.mkdir()
    programs.mkdir()
    (target / "current").symlink_to("versions/old")
    broken = programs / "rsync"
    broken.write_text(f'#!/bin/sh\n{rsync} "$@"\nexit 11\n')  # told after the first files came
    broken.chmod(0o755)
    done = subprocess.run(
        [DEPLOYMENT / "copy-version.sh", built_data, target],
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        timeout=200,
        check=False,
    )
    assert done.returncode == 11
    assert (target / "current").readlink() == Path("versions/old")
    name = DataFolder(built_data).current().name
    assert not (target / "versions" / name / "manifest.json").exists(), "the manifest comes last"


@pytest.mark.parametrize("arguments", [(), ("one",), ("a", "b", "c")])
def test_the_script_says_how_it_is_called(arguments: tuple[str, ...]) -> None:
    """A wrong call must not copy anything anywhere."""
    done = subprocess.run(
        [DEPLOYMENT / "copy-version.sh", *arguments], capture_output=True, timeout=100, check=False
    )
    assert (done.returncode, b"usage" in done.stderr) == (2, True)
