"""What the editor's page makes of an answer: map, chart, problems, links and one's own queries."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HOSTILE = '<img src=x onerror=alert(1)>"; --></script>'
KNOWN = (
    "status of 400",  # the browser says so of every answer that is a problem
    # DOMPurify parses what it cleans in a document of its own: what stands there never runs, and
    # Chromium says so all the same.
    "Executing inline event handler violates",
)
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("installed_editor")]


@pytest.fixture(scope="module")
def windows(
    request: pytest.FixtureRequest, needed_program: Callable[[str], str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Open a profile of the browser: the suite's own, where it has one running."""
    try:
        chromium: Any = request.getfixturevalue("chromium")
    except pytest.FixtureLookupError:
        with sync_playwright() as playwright:
            program = needed_program("chromium")
            browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
            with closing(browser):
                yield lambda script=True: browser.new_context(java_script_enabled=script)
    else:
        yield lambda script=True: chromium.context(width=1280, dark=False, script=script)


@pytest.fixture(scope="module")
def origin(built_data: Path, started_servers: Callable[..., Any]) -> str:
    """The address of a server over what is bundled, without a slash at its end."""
    return str(started_servers(None, data=str(built_data), workers=2).address).rstrip("/")


@pytest.fixture
def page(windows: Callable[..., BrowserContext], origin: str) -> Iterator[Page]:
    """A window in which nothing goes wrong and nothing is asked of another site."""
    faults: list[str] = []

    def ask(url: str) -> None:
        if urlsplit(url).scheme in {"http", "https"} and not url.startswith(f"{origin}/"):
            faults.append(f"request to {url}")

    with closing(windows()) as context:
        context.set_default_timeout(30_000)
        window = context.new_page()
        window.on("request", lambda request: ask(request.url))
        window.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
        window.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        window.on(
            "console",
            lambda message: message.type in {"error", "warning"} and faults.append(message.text),
        )
        yield window
        assert [each for each in faults if not any(known in each for known in KNOWN)] == []


def opened(page: Page, address: str) -> None:
    """Open the query page, with the editor on it."""
    page.goto(address)
    page.locator("#editor .CodeMirror textarea[aria-label]").wait_for(state="attached")


def text_of(page: Page) -> str:
    """What stands in the editor."""
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def view(page: Page, name: str) -> None:
    """Look at the answer in another way."""
    page.locator("#editor").get_by_role("button", name=name).click()


def test_a_map_has_a_mark_for_each_force(page: Page, origin: str) -> None:
    """Grades on the map by letter and colour, from the geometry and from the forces alone."""
    for query in ("grades-map&criterion=legitimacy", "top-grades&criterion=legitimacy"):
        page.goto("about:blank")
        opened(page, f"{origin}/query#q={query}&cycle=peel-2015")
        page.locator("#editor .yasr_results > *").first.wait_for()
        view(page, "Map")
        drawing = page.get_by_role("img", name=re.compile("Map of"))
        drawing.wait_for()
        marks = drawing.locator("circle.place")
        assert marks.count() == (43 if query.startswith("grades-map") else 1)
        assert drawing.locator("circle.outstanding").count() == 1
        assert "Kent Police" in (drawing.locator("g:has(circle.outstanding)").text_content() or "")


def test_a_map_draws_areas_where_their_outlines_are_known(
    windows: Callable[..., BrowserContext],
    outlined_data: Path,
    started_servers: Callable[..., Any],
) -> None:
    """From the geometry of a row and from its force alone, with letters and the owner's line."""
    server = started_servers(None, data=str(outlined_data), workers=1)
    with closing(windows()) as context:
        window = context.new_page()
        for query in ("grades-map", "force-grades"):
            window.goto("about:blank")
            address = f"{server.address}query#q={query}&criterion=legitimacy&cycle=peel-2015"
            opened(window, address)
            window.locator("#editor .yasr_results > *").first.wait_for()
            view(window, "Map")
            drawing = window.get_by_role("img", name=re.compile("Map of 43"))
            drawing.wait_for()
            assert drawing.locator("path.place").count() == 43
            assert drawing.locator("circle").count() == 0
            kent = drawing.locator("g:has(path.outstanding)").text_content() or ""
            assert kent.startswith("Kent Police", kent.find("Kent"))
            assert kent.endswith("O")
            line = window.locator(".result-view p").last.text_content() or ""
            assert "Contains OS data" in line


def test_a_chart_has_a_bar_for_each_grade(page: Page, origin: str) -> None:
    """The number of forces for each grade, as the table has it."""
    opened(page, f"{origin}/query#q=grade-counts&criterion=legitimacy&cycle=peel-2015")
    page.locator(".dataTable tbody tr").first.wait_for()
    view(page, "Chart")
    drawing = page.get_by_role("img", name="Bar chart: forces for each grade name")
    drawing.wait_for()
    assert drawing.locator("rect.bar").count() == 3
    assert drawing.locator("text").all_text_contents() == [
        *("outstanding", "1", "good", "37", "requires improvement", "5")
    ]


def test_a_pivot_asks_which_columns_it_shall_take(page: Page, origin: str) -> None:
    """Guessed at first, changed by the reader, and kept while the columns are the same."""
    opened(page, f"{origin}/query#q=force-grades&force=kent")
    page.locator(".dataTable tbody tr").first.wait_for()
    view(page, "Pivot")
    choices = page.locator(".result-view .choose select")
    choices.first.select_option("cycle_name")
    choices.nth(1).select_option("criterion_name")
    matrix = page.locator("#editor table.matrix")
    row = matrix.get_by_role("row", name=re.compile("PEEL 2015"))
    expect(row.locator(".grade.outstanding abbr")).to_have_text("O")


def test_what_data_says_is_shown_and_never_run(page: Page, origin: str) -> None:
    """Markup in a literal is text in every view: no dialog, no request, no element."""
    literal = HOSTILE.replace('"', '\\"')
    text = f'SELECT * {{ VALUES (?force ?pillar ?grade) {{ ("{literal}" "p" "good") }} }}'
    opened(page, f"{origin}/query#query={quote(text)}")
    page.locator(".yasqe_queryButton").click()
    page.locator(".dataTable tbody tr").first.wait_for()
    for name in ("Pivot", "Map", "Chart", "Response", "Table"):
        view(page, name)
        page.wait_for_timeout(200)
        assert page.locator("#editor .yasr img").count() == 0
    view(page, "Pivot")
    assert HOSTILE in page.locator("#editor table.matrix").inner_text()


def test_a_problem_is_told_in_words(page: Page, origin: str) -> None:
    """What was wrong, what was expected, and where that is explained."""
    opened(page, f"{origin}/query#query={quote('SELECT ?a { ?a pi:grade }')}")
    page.locator(".yasqe_queryButton").click()
    told = page.locator(".errorResult")
    expect(told).to_contain_text("Query syntax error")
    expect(told).to_contain_text("Place: line 1")
    expect(told.get_by_role("link", name="What this means")).to_have_attribute(
        "href", re.compile("^/problems/")
    )


def test_a_link_keeps_the_query_out_of_every_log(page: Page, origin: str) -> None:
    """The query is in the fragment, which no browser sends; whoever follows it has the query."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, f"{origin}/query")
    page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT (7 AS ?seven) {}')"
    )
    page.get_by_role("button", name="Copy a link to this query").click()
    expect(page.locator("#told")).not_to_be_empty()
    link = page.url
    assert link.startswith(f"{origin}/query#query=")
    page.goto("about:blank")
    opened(page, link)
    assert text_of(page) == "SELECT (7 AS ?seven) {}"
    assert not any("seven" in url.partition("#")[0] for url in asked)


def test_own_queries_stay_in_the_browser(page: Page, origin: str) -> None:
    """Kept under a name, found again on the next visit, and forgotten on demand."""
    opened(page, f"{origin}/query#query={quote('ASK {}')}")
    page.get_by_label("Keep this query in this browser as").fill("Mine <b>")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("about:blank")
    opened(page, f"{origin}/query#query={quote('ASK { ?s ?p ?o }')}")
    page.get_by_role("button", name="Mine <b>", exact=True).click()
    assert text_of(page) == "ASK {}"
    page.get_by_role("button", name="Forget Mine <b>").click()
    assert page.get_by_role("button", name="Mine <b>", exact=True).count() == 0
    assert "Mine" not in page.evaluate("localStorage.getItem('peelgraph-own-queries')")


def test_prefixes_and_properties_are_completed(page: Page, origin: str) -> None:
    """From our own version, by the name or by the label, shortened by the query's prefixes."""
    opened(page, f"{origin}/query")
    page.locator("#editor .CodeMirror").first.click()
    page.keyboard.press("Control+A")
    prefix = "PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>\n"
    page.keyboard.insert_text(f"{prefix}SELECT * {{ ?s pi:gradeSt")
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hints li", has_text="pi:gradeStatus")
    hint.wait_for()
    page.keyboard.press("Enter")
    assert text_of(page).endswith("?s pi:gradeStatus")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("PREFIX sko")
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hints li", has_text="skos: <")
    hint.wait_for()


def test_without_script_nothing_is_offered_that_needs_it(
    windows: Callable[..., BrowserContext], origin: str
) -> None:
    """A button that does nothing is worse than none; the form is there and answers."""
    with closing(windows(script=False)) as context:
        page = context.new_page()
        page.goto(f"{origin}/query")
        for name in ("Download CSV", "Copy a link to this query", "Keep"):
            assert page.get_by_role("button", name=name, exact=True).count() == 0
        assert not page.locator("#editor").is_visible()
        page.get_by_role("button", name="Ask").click()
        expect(page.get_by_role("table")).to_contain_text("outstanding")


def test_the_keyboard_leaves_the_editor(page: Page, origin: str) -> None:
    """Tab and Shift+Tab go on to what is next to it and change nothing; the page says so."""
    opened(page, f"{origin}/query")
    assert "Tab leaves the editor" in page.locator("#keys").inner_text()
    before = text_of(page)
    within = "document.querySelector('.yasqe .CodeMirror').contains(document.activeElement)"
    for key in ("Tab", "Shift+Tab"):
        page.locator("#editor .CodeMirror").first.click()
        assert page.evaluate(within)
        for _ in range(3):  # the editor's own lines can be scrolled by keys, so they are a stop
            page.keyboard.press(key)
        assert not page.evaluate(within), key
    assert text_of(page) == before


def test_without_script_no_keys_of_an_editor_are_told(
    windows: Callable[..., BrowserContext], origin: str
) -> None:
    """The plain form has none of them."""
    with closing(windows(script=False)) as context:
        window = context.new_page()
        window.goto(f"{origin}/query")
        assert "cannot change anything" in window.locator("#own").inner_text()
        assert "Ctrl" not in window.locator("#own").inner_text()


def test_in_the_dark_the_editor_and_its_answer_are_dark(page: Page, origin: str) -> None:
    """Light letters on dark ground, as on the rest of the page."""
    page.emulate_media(color_scheme="dark")
    opened(page, f"{origin}/query#q=force-grades&force=kent&cycle=peel-2015")
    page.locator(".dataTable tbody tr").first.wait_for()
    for place in (".yasgui", ".yasgui .CodeMirror", ".dataTable tbody td", ".yasr_response_chip"):
        ink, ground = (brightness(page, place, name) for name in ("color", "backgroundColor"))
        assert ground < 60, place
        assert ink > 150, place


def brightness(page: Page, place: str, name: str) -> float:
    """How light a colour of an element is: 0 to 255."""
    found = page.locator(place).first.evaluate(f"each => getComputedStyle(each).{name}")
    return sum(map(float, re.findall(r"[\d.]+", found)[:3])) / 3


def test_tables_of_the_api_page_keep_words_whole_on_a_narrow_screen(
    page: Page, origin: str
) -> None:
    """They scroll within the page instead of breaking words into a few letters a line."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{origin}/api")
    cells = page.locator(".wide td:last-child")
    assert cells.count() > 50
    widths = cells.evaluate_all("cells => cells.map((each) => each.clientWidth)")
    assert min(widths) > 150
    wraps = page.locator(".wide th, .wide td").evaluate_all(
        "cells => [...new Set(cells.map((each) => getComputedStyle(each).overflowWrap))]"
    )
    assert wraps == ["break-word"]
    assert page.evaluate("document.documentElement.scrollWidth") == 320
