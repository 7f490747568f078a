"""Every kind of page: no barrier, nothing asked of anybody else, whole at 320 pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from visiting.visit import EDITOR_POLICY, POLICY, Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Subject
    from visiting.crawl import Crawled

pytestmark = pytest.mark.timeout(1200)  # at full counts, all that links lead to is asked first
MAIN = {
    "home": "/",
    "force": "/doc/force/<>",
    "matrix": "/grades",
    "finding": "/doc/finding/<>/<>",
    "report": "/doc/report/<>",
    "query": "/query",
}
"""The pages that most readers see, by the rule of their address; `<>` stands for any part."""
KINDS = {
    *MAIN.values(),
    *("/forces", "/compare", "/findings", "/themes", "/search", "/ontology", "/charts"),
    *("/doc/inspection/<>/<>", "/doc/inspection/<>/<>/<>"),
    "/data/judgment/<>/<>/<>",
    *("/doc/report/<>/version/<>", "/def/theme/<>", "/charts/<>"),
    *("/data", "/api", "/status", "/sparql", "/problems/", "/problems/<>", "/q/<>"),
}
"""What links must lead to from the home page."""
BESIDE = (
    ("/nothing-here", 404),
    ("/doc/force/kentt", 404),
    ("/search?q=stop+and+search", 200),
    ("/search?q=nothingofthekind", 200),
    ("/compare?force=kent&force=essex&force=gwent", 200),
    ("/grades?cycle=peel-2021-22", 200),
    ("/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+30", 200),
    ("/sparql?query=nonsense", 400),
)
"""Pages that no link of ours leads to, with their status."""


def faults(visit: Visit, axe: Path, path: str, status: int = 200) -> list[str]:
    """Return what is wrong with one page, each with its address."""
    response = visit.go(path, status)
    policy = response.headers.get("content-security-policy")
    found = [] if policy in policies(path) else [f"policy {policy}"]
    if visit.page.locator("#editor").count():
        visit.page.locator(".CodeMirror textarea[aria-label]").wait_for(state="attached")
    found += visit.layout_faults() + visit.barriers(axe)
    return [f"{path}: {each}" for each in found]


def policies(path: str) -> tuple[str, ...]:
    """Return the policy of a page; that with the editor may have its own."""
    return (EDITOR_POLICY, POLICY) if path == "/query" else (POLICY,)


@pytest.mark.parametrize("kind", MAIN)
def test_a_main_page_has_no_barrier(
    visiting: Callable[..., Any], axe: Path, crawled: Crawled, kind: str
) -> None:
    """On the narrowest screen, where most goes wrong."""
    with visiting(width=320) as visit:
        assert faults(visit, axe, crawled.pages[MAIN[kind]][0]) == []


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.soak)])
def test_a_map_of_areas_has_no_barrier(
    visiting_at: Callable[..., Any],
    axe: Path,
    outlined_data: Path,
    started_servers: Callable[..., Any],
    width: int,
) -> None:
    """Shapes are links as tiles are, and stay within the narrowest screen."""
    server = started_servers(None, data=str(outlined_data), workers=1)
    with visiting_at(str(server.address).rstrip("/"), width=width) as visit:
        for path in ("/grades", "/doc/geometry/e23000032"):
            assert faults(visit, axe, path) == []
            assert visit.page.locator("svg.areas path").count() > 0


@pytest.mark.soak
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_barrier(
    visiting: Callable[..., Any], axe: Path, crawled: Crawled, width: int, *, dark: bool
) -> None:
    """One page of every kind that can be reached, and of those that no link leads to."""
    with visiting(width=width, dark=dark) as visit:
        found = [
            fault
            for paths in crawled.pages.values()
            for path in paths[:1]
            for fault in faults(visit, axe, path)
        ]
        for path, status in BESIDE:
            found += faults(visit, axe, path, status)
        assert found == [], "\n".join(found)


def test_every_link_leads_somewhere(crawled: Crawled) -> None:
    """A page, and where the link names one, an anchor; some of each kind, in soak many."""
    assert crawled.broken == [], "\n".join(crawled.broken)


def test_every_kind_of_page_can_be_reached(crawled: Crawled, subject: Subject) -> None:
    """What no link leads to, nobody finds."""
    assert set(crawled.pages) >= KINDS
    assert subject.report in crawled.pages["/doc/report/<>"]
