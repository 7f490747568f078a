"""Fixtures that several parts of the suite share; each is named after what it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of real inputs beside the checkout, or where PEELGRAPH_SHARED says."""
    folder = Path(os.environ.get("PEELGRAPH_SHARED", CHECKOUT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"needs the real inputs: no folder {folder}/seeds (set PEELGRAPH_SHARED)")
    return folder


@pytest.fixture(scope="session")
def kent_2015_path(shared_folder: Path) -> Path:
    """The captured Kent 2015 page, which is not part of the project."""
    return shared_folder / "seeds" / "kent-2015.txt"


@pytest.fixture(scope="session")
def kent_2015_text(kent_2015_path: Path) -> str:
    """The text of the Kent 2015 page."""
    return kent_2015_path.read_bytes().decode()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--soak``: the same tests at the full counts."""
    parser.addoption("--soak", action="store_true", help="run every test at its full count")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only makes sense at full counts, unless they are asked for."""
    if config.getoption("--soak"):
        return
    full = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=full)
    items[:] = [item for item in items if item not in full]


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether tests run at their full counts."""
    return bool(request.config.getoption("--soak"))
