"""A journalist's way through the site, with script and without it, in a real browser."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Subject
    from playwright.sync_api import Locator, Page

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def heading(page: Page) -> Locator:
    """The one heading of the page."""
    return page.get_by_role("heading", level=1)


def downloaded(page: Page, link: Locator) -> list[dict[str, str]]:
    """The rows of a CSV file that a link downloads."""
    with page.expect_download() as waiting:
        link.click()
    text = waiting.value.path().read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@SCRIPT
def test_from_home_to_the_sentence_that_says_so(
    visiting: Callable[..., Any], subject: Subject, *, script: bool
) -> None:
    """Five clicks: forces, the force, the year, a finding, its passage where the report has it."""
    with visiting(script=script) as visit:
        page = visit.page
        visit.go("/")
        main = page.get_by_role("main")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Forces").click()
        main.get_by_role("link", name=subject.name, exact=True).first.click()
        expect(heading(page)).to_have_text(subject.name)
        main.get_by_role("columnheader", name=subject.year).get_by_role("link").first.click()
        page.wait_for_url(f"**/doc/inspection/{subject.cycle}/{subject.force}")
        expect(heading(page)).to_contain_text(subject.name)
        finding = main.locator("a[href*='/doc/finding/']").first
        words = finding.inner_text().strip("“”")
        finding.click()
        passage = main.locator("mark").first.inner_text()
        assert words in passage
        main.get_by_role("link", name="See it in the report").first.click()
        page.wait_for_url(lambda url: urlsplit(url).path.startswith(subject.report))
        there = page.locator(":target")
        assert there.inner_text() == passage
        expect(there).to_be_in_viewport()


@SCRIPT
def test_the_matrix_is_filtered_and_its_file_says_the_same(
    visiting: Callable[..., Any], subject: Subject, *, script: bool
) -> None:
    """What is downloaded must be what was looked at: as many rows, the same grades."""
    with visiting(script=script) as visit:
        page = visit.page
        visit.go("/grades")
        everything = page.locator("table.matrix tbody a[href^='/data/judgment/']").count()
        page.get_by_label("Cycle", exact=True).select_option(subject.cycle)
        page.get_by_label("What was judged", exact=True).select_option("legitimacy")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**/grades?*")
        cells = page.locator("table.matrix tbody a[href^='/data/judgment/']")
        shown = {
            (urlsplit(cell.get_attribute("href")).path, cell.locator("abbr").get_attribute("title"))
            for cell in cells.all()
        }
        rows = downloaded(page, page.get_by_role("link", name="This table as CSV"))
        assert 40 < len(shown) < everything
        assert len(rows) == len(shown)
        assert shown == {
            (
                urlsplit(row["judgment"]).path.removeprefix("/peelgraph"),
                row["grade"].replace("-", " "),
            )
            for row in rows
        }
        assert {row["cycle"] for row in rows} == {subject.cycle}


@SCRIPT
def test_words_are_found_and_lead_to_the_passage(
    visiting: Callable[..., Any], subject: Subject, *, script: bool
) -> None:
    """The search of every page finds a force, and words of a report with their passage."""
    with visiting(script=script) as visit:
        page = visit.page
        visit.go("/grades")
        page.get_by_role("searchbox", name="Search").first.fill(subject.name)
        page.get_by_role("searchbox", name="Search").first.press("Enter")
        page.wait_for_url("**/search?q=*")
        page.get_by_role("main").get_by_role("link", name=subject.name, exact=True).first.click()
        expect(heading(page)).to_have_text(subject.name)
