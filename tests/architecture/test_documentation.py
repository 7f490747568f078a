"""What the documents say exists does exist, and the examples in docstrings are true."""

from __future__ import annotations

import csv
import doctest
import importlib
import re
from dataclasses import fields
from pathlib import Path

import pytest

from peelgraph.graph.settings import Settings, setting_help

CHECKOUT = Path(__file__).parent.parent.parent
READMES = sorted(
    p
    for p in CHECKOUT.rglob("*.md")
    if not any(part.startswith(".") or part == "build" for part in p.relative_to(CHECKOUT).parts)
)
MODULES = sorted(
    ".".join(("peelgraph", *p.relative_to(CHECKOUT).with_suffix("").parts)).removesuffix(
        ".__init__"
    )
    for top in ("graph", "server")
    for p in (CHECKOUT / top).rglob("*.py")
)
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
FORBIDDEN = re.compile(
    r"/work/|/tmp/|\bissue #?\d|\bagents?\b.*\bsession|claude|anthropic", re.IGNORECASE
)


@pytest.mark.parametrize("readme", READMES, ids=[str(p.relative_to(CHECKOUT)) for p in READMES])
def test_paths_named_in_documents_exist(readme: Path) -> None:
    """A document that names a missing file sends its reader away."""
    for name in PATH.findall(readme.read_text(encoding="utf-8")):
        if "/" not in name.rstrip("/") or not re.search(r"\.(py|ttl|rq|csv|md|toml)$|/$", name):
            continue
        candidates = (CHECKOUT / name, readme.parent / name)
        assert any(path.exists() for path in candidates), f"{readme}: {name}"


def test_every_threat_has_tests_and_each_of_them_exists() -> None:
    """The table says which test stands for which threat; a name in it must be one."""
    attacks = CHECKOUT / "tests" / "attack"
    table = (attacks / "README.md").read_text(encoding="utf-8")
    with (attacks / "weakened.csv").open(encoding="utf-8") as lines:
        weakened = [row["test"] for row in csv.DictReader(lines)]
    assert [int(number) for number in re.findall(r"^\| T(\d+) ", table, re.MULTILINE)] == [
        *range(1, 22)
    ]
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", table)
    named += [
        (path, test.partition("[")[0]) for path, _, test in (t.partition("::") for t in weakened)
    ]
    assert len(named) > 50
    for path, test in named:
        assert f"def {test}(" in (CHECKOUT / "tests" / path).read_text(encoding="utf-8"), (
            path,
            test,
        )


@pytest.mark.parametrize("module", MODULES)
def test_docstring_examples_are_true(module: str) -> None:
    """An example that is wrong teaches the wrong thing."""
    if module.endswith("__main__"):
        pytest.skip("runs when imported")
    result = doctest.testmod(importlib.import_module(module))
    assert result.failed == 0


def test_every_code_folder_says_what_it_owns() -> None:
    """The tree is the architecture: each folder's README says what it may never do."""
    for top in ("graph", "server"):
        folders = {p.parent for p in (CHECKOUT / top).rglob("*.py")}
        for folder in folders:
            assert (folder / "README.md").is_file(), folder


def test_every_setting_has_help() -> None:
    """A setting nobody can look up does not exist for its user."""
    help_texts = setting_help()
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    for each in fields(Settings):
        assert help_texts[each.name].endswith(".")
        assert f"`{each.name}`" in readme, f"README.md does not list the setting {each.name}"


def test_the_project_speaks_of_itself_alone() -> None:
    """Machine paths and workplace words mean nothing to a reader."""
    for top in ("graph", "server", "ontology", "shapes", "tests"):
        for path in (CHECKOUT / top).rglob("*"):
            if path.suffix in {".py", ".md", ".ttl", ".rq", ".html", ".css"} and path != Path(
                __file__
            ):
                assert not FORBIDDEN.search(path.read_text(encoding="utf-8")), path
