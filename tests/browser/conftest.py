"""One server with a page that was read, one browser, and visits that end without a fault."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import os
import pickle
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from visiting.chromium import Chromium
from visiting.crawl import Crawled, Kinds, Reader, crawl
from visiting.visit import visited

from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CHECKOUT = HERE.parent.parent
AXE = CHECKOUT / ".venv" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
FEW, ALL = 1, 1_000_000
"""How many addresses of each kind are asked, and at full counts: some 16,000 in all."""


@dataclass(frozen=True)
class Subject:
    """The force and cycle whose page was read: Kent 2015, or an invented page of a real force."""

    data: Path
    force: str
    name: str
    cycle: str = "peel-2015"

    @property
    def year(self) -> str:
        """The cycle as people name it."""
        return self.cycle.removeprefix("peel-")

    @property
    def report(self) -> str:
        """The page about the report."""
        return f"/doc/report/{self.cycle}-{self.force}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests together, and first: each worker that takes one of them starts a browser."""
    own = [item for item in items if HERE in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.xdist_group("browser"))
    items[:] = own + [item for item in items if HERE not in item.path.parents]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the browser after the last of these tests: others need the thread's event loop."""
    if nextitem is None or HERE not in nextitem.path.parents:
        chromium = item.session.stash.get(CHROMIUM, None)
        if chromium is not None:
            chromium.close()


CHROMIUM = pytest.StashKey[Chromium]()


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest, needed_program: Callable[[str], str]) -> Chromium:
    """The browser of the system; without it these tests are skipped, or fail where none may be."""
    made = Chromium(partial(needed_program, "chromium"))
    request.session.stash[CHROMIUM] = made
    return made


@pytest.fixture(scope="session")
def axe() -> Path:
    """The script that finds barriers; without it these tests are skipped, or fail."""
    if not AXE.is_file():
        told = "needs axe-core: run `make .venv/.axe` with npm and a network"
        pytest.fail(told) if os.environ.get("PEELGRAPH_NO_SKIPS") else pytest.skip(told)
    return AXE


@pytest.fixture(scope="session")
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """Data with one page read: Kent 2015 where the real inputs are, else an invented page."""
    try:
        return Subject(request.getfixturevalue("kent_data"), "kent", "Kent Police")
    except pytest.skip.Exception:
        built = request.getfixturevalue("built_data")
        return invented(built, tmp_path_factory.mktemp("invented"))


def invented(built: Path, folder: Path) -> Subject:
    """Read an invented page into a copy of *built*."""
    tables = bundled_tables()
    name, text = next(iter(bench_module("pages").pages(1)))
    file = folder / name
    file.write_text(text, encoding="utf-8")
    data = folder / "data"
    shutil.copytree(built, data, symlinks=True)
    run = Run(iris=Iris(), tables=tables, moment=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    ingestion = ingest(DataFolder(data), [(name, partial(capture_file, file))], run)
    assert ingestion.version is not None, ingestion.outcomes
    force = file.stem.partition("peel-2015-")[2]
    return Subject(data, force, tables.forces[force].name)


def bench_module(name: str) -> Any:  # noqa: ANN401 - a module
    """Return a module of the benchmarks, which are no package."""
    spec = importlib.util.spec_from_file_location(name, HERE.parent / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def site(subject: Subject, started_servers: Callable[..., Any]) -> str:
    """The address of a server over that data, whose search has its index."""
    address = str(started_servers(None, data=str(subject.data), workers=2).address)
    with contextlib.closing(Reader(address)) as reader:
        assert reader.ask("/search?q=police").status == 200
    return address


@pytest.fixture(scope="session")
def kinds() -> Kinds:
    """What tells kinds of pages by their addresses."""
    return Kinds()


@pytest.fixture(scope="session")
def crawled(
    site: str,
    subject: Subject,
    kinds: Kinds,
    soak: bool,  # noqa: FBT001 - a fixture
    made_once: Callable[..., Path],
) -> Crawled:
    """What links lead to from the home page; what is about the subject comes first."""

    def make(folder: Path) -> None:
        with contextlib.closing(Reader(site)) as reader:
            found = crawl(
                reader,
                kinds,
                most=ALL if soak else FEW,
                order=lambda path: (subject.force not in path, subject.cycle not in path),
            )
        folder.mkdir()
        (folder / "found").write_bytes(pickle.dumps(found))

    found = pickle.loads((made_once("crawled", make) / "found").read_bytes())  # noqa: S301 - ours
    assert isinstance(found, Crawled)
    return found


@pytest.fixture
def visiting_at(chromium: Chromium) -> Callable[..., Any]:
    """Open a window on a server for a ``with`` block; at its end nothing may have been wrong."""
    return partial(visited, chromium)


@pytest.fixture
def visiting(visiting_at: Callable[..., Any], site: str) -> Callable[..., Any]:
    """The same, on the server with the subject's data."""
    return partial(visiting_at, site)
