"""Fixtures that several parts of the suite share; each is named after what it is."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import gc
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from hostile import ports, processes
from sketched import areas, with_outlines

from peelgraph.graph.build import build
from peelgraph.graph.capture import capture_file
from peelgraph.graph.dumps import make_dumps
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder
from peelgraph.server.api.assets import has_editor
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask.testing import FlaskClient

    from peelgraph.graph.tables import Tables

CHECKOUT = Path(__file__).parent.parent
MAKER = CHECKOUT / "tests" / "bench" / "pages.py"
BUILT = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)  # before any run of the program
SERVE = """
import json, sys, pathlib
from peelgraph.graph.settings import Settings
from peelgraph.server.serving import serve
settings = {"client_workers": 0, "client_seconds": 0, "client_errors": 0}
settings |= {"port": 0, "log": "off"} | json.loads(sys.argv[2])
settings["data"] = pathlib.Path(settings.get("data", "none"))
serve(Settings(**settings), pathlib.Path(sys.argv[1]) if sys.argv[1] else None)
"""


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


@pytest.fixture(scope="session")
def pfa_2020_path(shared_folder: Path) -> Path:
    """The Police Force Areas of December 2020 as the ONS drew them, not part of the project."""
    path = shared_folder / "samples" / "pfa-2020-boundaries.geojson"
    if not path.is_file():
        pytest.skip(f"needs the real outlines of police areas: no file {path}")
    return path


@pytest.fixture(scope="session")
def drawn_areas() -> Callable[..., dict[str, Any]]:
    """Draw every police area as a small square about its middle: invented, as GeoJSON."""
    return areas


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a folder that takes seconds once in a run, and give each worker a copy of its own.

    Commands and servers lock and write there for a while, even those that are to change nothing.
    """
    mine = tmp_path_factory.getbasetemp()
    root = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine

    def made(name: str, make: Callable[[Path], object]) -> Path:
        first, unfinished, copy = root / name, root / f"{name}.unfinished", mine / name
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not first.exists():
                shutil.rmtree(unfinished, ignore_errors=True)  # of a worker that failed
                make(unfinished)
                unfinished.rename(first)
            if not copy.exists():
                shutil.copytree(first, copy, symlinks=True)
        return copy

    return made


@pytest.fixture(scope="session")
def built_data(made_once: Callable[..., Path]) -> Path:
    """A data folder with one version of what is bundled; a test that writes copies it first."""

    def make(folder: Path) -> None:
        data = DataFolder(folder)
        built = build(data, Iris(), bundled_tables(), BUILT)
        make_dumps(data, built.version.name)  # nothing is written here later

    return made_once("built-data", make)


@pytest.fixture(scope="session")
def few_tables() -> Tables:
    """The bundled tables with the grades of a few forces."""
    tables = bundled_tables()
    few = tuple(row for row in tables.grades if row.force in {"kent", "norfolk", "wiltshire"})
    return replace(tables, grades=few)


@pytest.fixture(scope="session")
def small_data(few_tables: Tables, made_once: Callable[..., Path]) -> Path:
    """As the built data folder, but of those tables: a new version costs less."""

    def make(folder: Path) -> None:
        build(DataFolder(folder), Iris(), few_tables, BUILT)

    return made_once("small-data", make)


@pytest.fixture(scope="session")
def built_client(built_data: Path) -> Iterator[FlaskClient]:
    """A client of the application over what is bundled; nothing limits how much it asks."""
    settings = Settings(data=built_data, workers=1, client_seconds=0, client_errors=0)
    with contextlib.closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture(scope="session")
def outlined_data(built_data: Path, made_once: Callable[..., Path]) -> Path:
    """A data folder with what is bundled and invented outlines; that of the City is very small."""
    return made_once("outlined-data", partial(with_outlines, built_data, BUILT))


@pytest.fixture(scope="session")
def outlined_client(outlined_data: Path) -> Iterator[FlaskClient]:
    """A client of the application over those outlines; nothing limits how much it asks."""
    settings = Settings(data=outlined_data, workers=1, client_seconds=0, client_errors=0)
    with contextlib.closing(start_engine(settings)) as engine:
        yield create_app(settings, engine).test_client()


@pytest.fixture
def own_data(small_data: Path, tmp_path: Path) -> Path:
    """A copy of the small data folder that a test may write to."""
    copy = tmp_path / "data"
    shutil.copytree(small_data, copy, symlinks=True)
    return copy


@pytest.fixture(scope="session")
def kent_data(built_data: Path, kent_2015_path: Path, made_once: Callable[..., Path]) -> Path:
    """A data folder with what is bundled and the Kent 2015 page; a writing test copies it."""
    moment = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)

    def make(folder: Path) -> None:
        shutil.copytree(built_data, folder, symlinks=True)
        run = Run(iris=Iris(), tables=bundled_tables(), moment=moment)
        sources = [(kent_2015_path.name, lambda: capture_file(kent_2015_path))]
        ingestion = ingest(DataFolder(folder), sources, run)
        assert ingestion.version is not None, ingestion.outcomes

    return made_once("kent-data", make)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--soak``: the same tests at the full counts."""
    parser.addoption("--soak", action="store_true", help="run every test at its full count")


def pytest_configure(config: pytest.Config) -> None:
    """Say how many examples a property is tried on, and let programs be interrupted.

    A shell has what it starts in the background ignore SIGINT, and children inherit that.
    """
    examples = 2000 if config.getoption("--soak") else 60
    # A machine that other work holds up is slow to draw an example and slow to try it: no fault.
    hypothesis.settings.register_profile(
        "run",
        max_examples=examples,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("run")
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what was imported and collected; it only ever stays.

    Looking through it again and again took a third of the time of an ingest; looking through what
    an ingest makes, a tenth.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def allowed_seconds(item: pytest.Item) -> float:
    """The time that a test may take where it says so, else none."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker is not None else 0.0


def long_ones_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Order *items* so that each of the *workers* begins with some that may take long.

    One that came last would run on alone. Workers get equal parts of the list, in its order.
    """
    modules: dict[Path, list[pytest.Item]] = {}
    for item in filter(allowed_seconds, items):
        modules.setdefault(item.path, []).append(item)
    heads: list[list[pytest.Item]] = [[] for _ in range(workers)]
    longest = sorted(modules.values(), key=lambda each: -max(map(allowed_seconds, each)))
    for number, module in enumerate(longest):
        heads[number % workers] += sorted(module, key=allowed_seconds, reverse=True)
    short = (item for item in items if not allowed_seconds(item))
    ordered: list[pytest.Item] = []
    for number, head in enumerate(heads):
        part = (len(items) - len(ordered)) // (workers - number)
        ordered += [*head, *itertools.islice(short, max(part - len(head), 0))]
    return [*ordered, *short]


@pytest.hookimpl(trylast=True)  # whatever has mixed them before
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only makes sense at full counts, unless they are asked for."""
    if config.getoption("--soak"):
        workers = getattr(config, "workerinput", {}).get("workercount", 1)
        items[:] = long_ones_first(items, workers)
        return
    full = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=full)
    items[:] = [item for item in items if item not in full]


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether tests run at their full counts."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def needed_program() -> Callable[[str], str]:
    """Find a program of the system; without it the test is skipped, or fails where none may be."""

    def find(name: str) -> str:
        places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        found = shutil.which(name, path=places)
        if found is None:
            told = f"needs the program {name}: install the packages of .ci/apt-packages"
            pytest.fail(told) if os.environ.get("PEELGRAPH_NO_SKIPS") else pytest.skip(told)
        return found

    return find


@pytest.fixture(scope="session")
def installed_editor() -> None:
    """The query editor, which make fetches; without it the test is skipped, or fails in CI."""
    if not has_editor():
        told = "needs the query editor: make fetches it with npm, where there is a network"
        pytest.fail(told) if os.environ.get("PEELGRAPH_NO_SKIPS") else pytest.skip(told)


@pytest.fixture(scope="session")
def small_quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three thousand quads in three graphs, as N-Quads: nothing in them means anything."""
    path = tmp_path_factory.mktemp("quads") / "small.nq"
    lines = [
        f"<http://example.org/thing/{n // 3}> <http://example.org/property/{n % 3}> "
        f'"value {n}" <http://example.org/graph/{n % 3}> .\n'
        for n in range(3000)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def invented_pages() -> Callable[[Path, int], list[Path]]:
    """Write so many short invented pages of real forces, which land, into a folder."""

    def write(folder: Path, count: int) -> list[Path]:
        options = ["--count", str(count), "--sentences", "5"]
        subprocess.run([sys.executable, MAKER, folder, *options], check=True)
        return sorted(folder.iterdir())

    return write


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Find ports of loopback that nothing listens on, and that no other program is given."""
    return ports.free


@dataclass(frozen=True)
class RunningServer:
    """A real server process and the address it printed."""

    process: subprocess.Popen[str]
    address: str

    @property
    def netloc(self) -> str:
        """Host and port as they stand in an address."""
        return urlsplit(self.address).netloc

    @property
    def place(self) -> tuple[str, int]:
        """Host and port as a socket takes them."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or 0


@pytest.fixture(scope="session")
def started_servers() -> Iterator[Callable[..., RunningServer]]:
    """Start real server processes over an RDF file, or over ``data``; all end with the session."""
    with contextlib.ExitStack() as running:

        def start(dataset: Path | None, **settings: object) -> RunningServer:
            process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(dataset or ""), json.dumps(settings)],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            running.callback(process.stdout.close)
            running.callback(process.wait, 120)
            running.callback(process.terminate)
            line = process.stdout.readline()
            assert line.startswith("Serving http://"), line
            return RunningServer(process, line.split()[1])

        yield start


@pytest.fixture
def listener() -> Iterator[Callable[[], int]]:
    """A loopback listener; the test fails at its end if anything connected.

    The fixture's value returns the port.
    """
    with socket.create_server(("127.0.0.1", 0)) as trap:
        yield lambda: int(trap.getsockname()[1])
        trap.setblocking(False)  # noqa: FBT003 - the standard library's signature
        with pytest.raises(BlockingIOError):
            trap.accept()


@pytest.fixture(scope="session")
def processes_below() -> Callable[[int], set[int]]:
    """Find every process that one has started, directly or not, by its id."""
    return processes.below


@pytest.fixture(scope="session")
def await_gone() -> Callable[[Iterable[int], float], None]:
    """Wait until none of some processes is left, for so many seconds at most."""

    def wait(pids: Iterable[int], patience: float) -> None:
        deadline = time.monotonic() + patience
        left = set(pids)
        while left := {pid for pid in left if Path(f"/proc/{pid}").exists()}:
            assert time.monotonic() < deadline, f"processes live on: {left}"
            time.sleep(0.02)

    return wait
