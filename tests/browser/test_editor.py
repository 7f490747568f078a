"""The query editor, and the plain form in its place where there is no script."""

from __future__ import annotations

import csv
import io
import os
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Subject
    from playwright.sync_api import Download, Locator, Page

GRADES = {"effectiveness", "efficiency", "legitimacy"}


@pytest.fixture(scope="module")
def editor() -> None:
    """The editor that npm fetched when the wheel was built; without it, a skip or a failure."""
    if not (files("peelgraph.server.api.vendor") / "yasgui.min.js").is_file():
        told = "needs the query editor: run make again with npm and a network"
        pytest.fail(told) if os.environ.get("PEELGRAPH_NO_SKIPS") else pytest.skip(told)


def read(download: Download) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    text = download.path().read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def opened(visit: Any) -> Page:  # noqa: ANN401 - a visit
    """Open the query page and wait until the editor has taken the form's place."""
    visit.go("/query")
    page: Page = visit.page
    page.locator("#editor .CodeMirror textarea[aria-label]").wait_for(state="attached")
    return page


def filled(question: Locator, subject: Subject) -> None:
    """Fill in the fields of a saved query on grades: of one force in one cycle, all of them."""
    given = {"force": subject.force, "cycle": subject.cycle, "criterion": ""}
    for name, value in given.items():
        question.locator(f"input[name={name}]").fill(value)


@pytest.mark.usefixtures("editor")
def test_a_class_of_ours_is_completed(visiting: Callable[..., Any]) -> None:
    """Whoever does not know the vocabulary by heart can still write a query."""
    with visiting() as visit:
        page = opened(visit)
        page.locator("#editor .CodeMirror").first.click()
        page.keyboard.press("Control+A")
        prefix = "PREFIX pi: <https://w3id.org/peelgraph/def/inspection#> "
        page.keyboard.insert_text(f"{prefix}SELECT * {{ ?s a pi:Judg")
        page.keyboard.press("Control+Space")
        page.wait_for_function(
            "() => /a pi:Judgment\\b/"
            ".test(document.querySelector('.CodeMirror').CodeMirror.getValue())"
            " || [...document.querySelectorAll('.CodeMirror-hints li')]"
            ".some((each) => each.textContent.includes('Judgment'))"
        )


@pytest.mark.usefixtures("editor")
def test_a_saved_query_is_run_pivoted_and_downloaded(
    visiting: Callable[..., Any], subject: Subject, axe: Path
) -> None:
    """The gallery, the table, the pivot with its letters, the server's own CSV; axe likes each."""
    with visiting() as visit:
        page = opened(visit)
        question = page.locator("#q-force-grades")
        question.locator("summary").first.click()
        filled(question, subject)
        question.get_by_role("button", name="Run").click()
        page.locator("#editor .dataTable tbody tr").first.wait_for()
        assert visit.barriers(axe) == []
        page.locator("#editor").get_by_role("button", name="Pivot").first.click()
        matrix = page.locator("#editor table.matrix")
        matrix.wait_for()
        matrix.locator(".grade abbr").nth(len(GRADES) - 1).wait_for()
        assert visit.barriers(axe) == []
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download CSV").click()
        rows = read(waiting.value)
        assert {row["criterion"].rpartition("/")[2] for row in rows} >= GRADES


def test_without_script_the_form_asks_and_answers(
    visiting: Callable[..., Any], subject: Subject
) -> None:
    """The page is whole without the editor: a text field, and saved queries with their fields."""
    with visiting(script=False) as visit:
        page = visit.page
        visit.go("/query")
        page.get_by_label("Query", exact=True).fill("SELECT (1 + 1 AS ?sum) {}")
        page.get_by_role("button", name="Ask").click()
        assert page.get_by_role("table").get_by_role("cell").last.inner_text().strip() == "2"
        visit.go("/query")
        question = page.locator("#q-force-grades")
        question.locator("summary").first.click()
        filled(question, subject)
        question.get_by_role("button", name="Run").click()
        page.wait_for_url("**/q/force-grades?*")
        shown = page.get_by_role("main").inner_text()
        assert all(each in shown.lower() for each in GRADES)
        with page.expect_download() as waiting:
            page.get_by_role("link", name="CSV", exact=True).first.click()
        assert {row["criterion"].rpartition("/")[2] for row in read(waiting.value)} >= GRADES
