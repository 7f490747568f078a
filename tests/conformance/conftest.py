"""The W3C's suites as tests: one each, skipped with the reason where the suites are absent."""

from __future__ import annotations

import collections
import csv
import functools
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from w3c.manifest import VARIABLE, Case, all_cases, folder
from w3c.servers import Servers
from w3c.writing import WritableServer, start

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT = f"the W3C's suites are not here: clone w3c/rdf-tests and set {VARIABLE} to its folder"
NONE_KNOWN = "no test of these kinds is known to fail"
COLUMNS = {"passed": "passed", "xfailed": "known", "skipped": "not run", "failed": "failed"}
SUITE = re.compile(r"\[(sparql1\d/[^#]+)#")
KNOWN = Path(__file__).with_name("known.csv")


@functools.cache
def known() -> dict[str, str]:
    """Tests that fail for a reason that is the engine's own, as id and reason."""
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["reason"] for row in csv.DictReader(file)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test function the cases of the kinds that it is marked with."""
    marker = metafunc.definition.get_closest_marker("w3c")
    if marker is None:
        return
    if folder() is None:
        metafunc.parametrize("case", [_nothing(ABSENT)])
        return
    wanted = [case for case in all_cases() if case.kind in marker.args]
    assert wanted, f"no test of {marker.args} in {folder()}"
    strict = marker.kwargs.get("known_fail", True)
    chosen = [each for each in wanted if strict or each.id in known()]
    chosen.sort(key=lambda case: [(name or "", str(path)) for name, path in case.data])
    parameters = [_parameter(case, strict=strict) for case in chosen]
    metafunc.parametrize("case", parameters or [_nothing(NONE_KNOWN)])


def _nothing(why: str) -> object:
    """No case, and why."""
    return pytest.param(None, marks=pytest.mark.skip(reason=why), id="absent")


def _parameter(case: Case, *, strict: bool) -> object:
    """A case: expected to fail where it is known to, and beside those with the same data."""
    group = f"{zlib.crc32(repr(case.data).encode()):x}" if case.data else case.suite
    marks: list[pytest.MarkDecorator] = [pytest.mark.xdist_group(group)]
    if strict and case.id in known():
        marks.append(pytest.mark.xfail(reason=known()[case.id], strict=True))
    return pytest.param(case, marks=marks, id=case.id)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what was passed, what is known to fail and what was not run, by suite."""
    suites: dict[str, collections.Counter[str]] = {}
    for outcome in COLUMNS:
        for report in terminalreporter.stats.get(outcome, ()):
            found = SUITE.search(report.nodeid)
            if found and "known_failure" not in report.nodeid:
                suites.setdefault(found[1], collections.Counter())[outcome] += 1
    if not suites:
        return
    suites["all"] = sum(suites.values(), collections.Counter())
    terminalreporter.section("suites of the W3C")
    terminalreporter.write_line(f"{'':44}" + "".join(f"{each:>10}" for each in COLUMNS.values()))
    for suite, counts in sorted(suites.items()):
        row = "".join(f"{counts[outcome] or '':>10}" for outcome in COLUMNS)
        terminalreporter.write_line(f"{suite:44}{row}")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers over the suites' data."""
    running = Servers(tmp_path_factory.mktemp("datasets"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableServer]:
    """A server that takes updates, over a scratch data folder."""
    running = start(tmp_path_factory.mktemp("scratch") / "data")
    yield running
    running.close()
