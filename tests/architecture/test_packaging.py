"""The wheel holds what the checkout holds, and its console scripts start."""

from __future__ import annotations

import importlib.metadata
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
TOPS = ("ontology", "shapes", "graph", "server")


def shipped_folders() -> set[str]:
    """Every folder below the package that has a file to ship."""
    return {
        ".".join(("peelgraph", *path.parent.relative_to(CHECKOUT).parts))
        for top in TOPS
        for path in (CHECKOUT / top).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".md"}
    }


def test_every_folder_is_listed() -> None:
    """A folder that is not listed is missing from the wheel, and only users would notice."""
    assert shipped_folders() == set(PROJECT["tool"]["setuptools"]["packages"])


@pytest.mark.parametrize("top", TOPS)
def test_every_file_is_installed(top: str) -> None:
    """The installed package has each Turtle, query, table, template and module of the checkout."""
    for path in (CHECKOUT / top).rglob("*"):
        if not path.is_file() or path.suffix in {".pyc", ".md"}:
            continue
        installed = files("peelgraph")
        for part in path.relative_to(CHECKOUT).parts:
            installed = installed / part
        assert installed.is_file(), path
        assert installed.read_bytes() == path.read_bytes(), f"{path} differs: run make again"


def test_console_scripts_load() -> None:
    """A script that points to a missing module fails only when somebody runs it."""
    scripts = importlib.metadata.distribution("peelgraph").entry_points.select(
        group="console_scripts"
    )
    assert {script.name for script in scripts} == {"peelgraph"}
    for script in scripts:
        assert callable(script.load())


def test_dependencies_have_lower_bounds_only() -> None:
    """An upper bound "to be safe" is what breaks an installation next year."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    for each in [
        *PROJECT["project"]["dependencies"],
        *(d for extra in extras for d in extra),
    ]:
        dependency, _, _ = each.partition(";")  # a marker says where, not which
        assert ">=" in dependency
        assert "<" not in dependency
        assert "==" not in dependency


def test_pinned_versions_cover_every_dependency() -> None:
    """A fresh clone next year must install what was tested today."""
    lines = (CHECKOUT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {line.split("==")[0].lower() for line in lines if "==" in line}
    groups = [
        *PROJECT["dependency-groups"].values(),
        *PROJECT["project"]["optional-dependencies"].values(),
    ]
    named = [*PROJECT["project"]["dependencies"], *(d for group in groups for d in group)]
    for dependency in named:
        assert dependency.split(">=")[0].split("[")[0].lower() in pins, dependency
