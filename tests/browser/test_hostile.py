"""What strangers put into data runs nowhere: every page over it is text, in a real browser."""

from __future__ import annotations

import csv
import io
import re
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error
from visiting.hostile import ADDRESSES, FORMULAS, WORDS, hostile_quads, write

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Subject
    from visiting.crawl import Crawled
    from visiting.visit import Visit

pytestmark = pytest.mark.timeout(1200)  # at full counts, all that links lead to is asked first
csv.field_size_limit(10_000_000)
OURS = "https://w3id.org/peelgraph"
EVERYTHING = f"SELECT ?s ?l ?a {{ ?s <{OURS}/def/inspection#force> ?f . ?f ?p ?l, ?a }} LIMIT 500"
LARGEST = 2_000_000
"""More than any page over these data has; a label of a megabyte may not be shown whole."""
OF_VERSIONS = ("/data", "/dumps", "/void", "/catalogue")
"""What a file that is served has nothing of: such a page says so."""
ALLOWED = {False: (200, 503), True: (200, 404, 503)}
"""With 503 a page says that an answer is too large: all of a label, thirty times, say."""
FORCE = "kent"
"""The one whose label is a megabyte long."""
LED_ELSEWHERE = "a page that leads elsewhere by itself"
LEFT = ("because of a navigation", "navigated away", "by another navigation")
"""How the browser says that a page was left while it was looked at."""
HANDLERS = """() => [...document.querySelectorAll("*:not(#editor *)")]
  .flatMap((e) => e.getAttributeNames())
  .filter((name) => name.startsWith("on") || name === "srcdoc" || name === "style")"""
"""What the editor makes by script, and the page's policy allows, is left out here and below."""
STRANGE = """() => [...document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], "
  + "script:not([src]):not([type='application/ld+json']), form:not([action^='/'])")]
  .filter((e) => !e.closest("#editor, #keep")).length"""


@pytest.fixture(scope="module")
def source(built_data: Path) -> Path:
    """The quads of what is bundled."""
    return DataFolder(built_data).current().quads_file


@pytest.fixture(scope="module")
def hostile(
    source: Path, started_servers: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of a server over what is bundled, with a stranger's words everywhere."""
    file = tmp_path_factory.mktemp("hostile") / "hostile.nq"
    write(file, hostile_quads(source, f"{OURS}/id/force/{FORCE}"))
    return str(started_servers(file, workers=2, default_graph="union").address)


@pytest.fixture(scope="module")
def shown(source: Path) -> list[str]:
    """Pages of a force, of all grades, of a finding and of a theme."""
    finding = re.search(rf"<{OURS}/id(/finding/[^>/]+-{FORCE}/[^>/]+)>", source.read_text("utf-8"))
    assert finding is not None
    return [f"/doc/force/{FORCE}", "/grades", f"/doc{finding[1]}", "/def/theme/fair-treatment"]


def faults(visit: Visit, path: str) -> list[str]:
    """Return what ran, or might, on one page, each with its address."""
    try:
        found = seen(visit, path)
    except Error as error:
        left = any(said in error.message for said in LEFT)
        found = [LED_ELSEWHERE if left else f"could not be looked at: {error.message}"]
    return [f"{path}: {each}" for each in found]


def seen(visit: Visit, path: str) -> list[str]:
    """Return what ran, or might, on the page at *path*."""
    response = visit.page.goto(f"{visit.origin}{path}")
    if response is None:  # the window was on its way to what the page before led to
        return [LED_ELSEWHERE]
    found = visit.unfollowable()
    if response.status not in ALLOWED[path.startswith(OF_VERSIONS)]:
        found.append(f"status {response.status}")
    if len(response.body()) > LARGEST:
        found.append(f"{len(response.body())} bytes")
    if visit.page.evaluate("window.reached"):
        found.append("a script ran")
    found += [f"attribute {name}" for name in visit.page.evaluate(HANDLERS)]
    if visit.page.evaluate(STRANGE):
        found.append("a stranger's element")
    return found


def nothing_runs(visit: Visit, paths: list[str]) -> bool:
    """Check that no page of *paths* has a fault; tell all that have."""
    found = [fault for path in paths for fault in faults(visit, path)]
    assert found == [], "\n".join(found)
    return True


def test_a_stranger_s_words_are_text(
    visiting_at: Callable[..., Any], hostile: str, shown: list[str]
) -> None:
    """Markup, handlers, addresses that run, bidirectional marks, a megabyte: shown, never done."""
    with visiting_at(hostile) as visit:
        assert nothing_runs(visit, shown)


def test_the_words_are_really_there(
    visiting_at: Callable[..., Any], hostile: str, shown: list[str]
) -> None:
    """A page that left them out would pass every other test."""
    with visiting_at(hostile) as visit:
        for path in shown:
            visit.go(path)
            assert "window.reached" in visit.page.get_by_role("main").inner_text(), path


@pytest.mark.soak
def test_a_stranger_s_words_are_text_on_every_kind_of_page(
    visiting_at: Callable[..., Any],
    started_servers: Callable[..., Any],
    subject: Subject,
    crawled: Crawled,
    tmp_path: Path,
) -> None:
    """The same on one page of each kind, over a page that was read too."""
    quads = hostile_quads(DataFolder(subject.data).current().quads_file, f"{OURS}/id/force/{FORCE}")
    server = started_servers(write(tmp_path / "hostile.nq", quads), default_graph="union")
    with visiting_at(server.address) as visit:
        visit.expected += ["status of 404", "status of 503"]
        paths = [paths[0] for paths in crawled.pages.values()]
        paths += ["/search?q=script", "/sparql?query=" + quote(EVERYTHING)]
        assert nothing_runs(visit, paths)


def cells(address: str, encoding: str) -> list[list[str]]:
    """The rows of the CSV file at *address*."""
    with urllib.request.urlopen(address) as response:  # noqa: S310 - our own server
        return list(csv.reader(io.StringIO(response.read().decode(encoding), newline="")))


@pytest.mark.parametrize("path", ["/grades.csv", "/q/grades-matrix.csv"])
def test_no_cell_for_a_spreadsheet_is_a_formula(hostile: str, path: str) -> None:
    """Cells that would be computed have an apostrophe before them; what programs read is exact."""
    excel = cells(f"{hostile.rstrip('/')}{path}?excel=1", "utf-8-sig")
    exact = cells(f"{hostile.rstrip('/')}{path}", "utf-8")
    dangerous = [cell for row in exact for cell in row if cell.startswith(FORMULAS)]
    assert dangerous
    assert not [
        cell for row in excel for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))
    ]
    assert {cell for row in excel for cell in row} >= {f"'{cell}" for cell in dangerous}
    assert len(excel) == len(exact)


def is_iri(text: str) -> bool:
    """Whether an engine takes *text* for an address."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


SCHEMES = st.sampled_from(["javascript:", "data:text/html,", "vbscript:", "x:", "http://", "//"])
STRANGE_WORDS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
        st.builds("{}{}".format, st.text("<>\"&'=`/ \u202e", max_size=6), st.sampled_from(WORDS)),
    ),
    min_size=50,
    max_size=50,
)
STRANGE_ADDRESSES = st.lists(
    st.one_of(
        st.builds("{}{}".format, SCHEMES, st.text(max_size=20)).filter(is_iri),
        st.sampled_from(ADDRESSES),
    ),
    min_size=20,
    max_size=20,
)


@pytest.mark.soak
def test_no_words_at_all_are_more_than_text(
    visiting_at: Callable[..., Any],
    started_servers: Callable[..., Any],
    source: Path,
    shown: list[str],
    tmp_path: Path,
) -> None:
    """What nobody thought of: words and addresses that a machine makes up."""

    @settings(
        max_examples=4,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(STRANGE_WORDS, STRANGE_ADDRESSES)
    def check(words: list[str], addresses: list[str]) -> None:
        file = write(tmp_path / "made-up.nq", hostile_quads(source, "", words, addresses))
        server = started_servers(file, workers=2, default_graph="union")
        try:
            with visiting_at(server.address) as visit:
                paths = [*shown, "/forces", "/findings", f"/compare?force={FORCE}"]
                assert nothing_runs(visit, paths)
        finally:
            server.process.terminate()
            server.process.wait(120)

    check()
