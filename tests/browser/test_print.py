"""The table of grades on paper: browsers print no backgrounds, and no page scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = {
    "/grades": 717,
    "/grades?cycle=peel-2017": 1046,
    "/grades?cycle=peel-2021-22": 1046,
    "/grades?grade=inadequate": 1046,
    "/grades?force=kent": 1046,
}
"""What is printed, with the pixels between the margins of A4, upright or on its side."""
FAINT = """all => [...new Set(all.map(each => getComputedStyle(each).color))].filter(
    colour => Math.max(...colour.match(/[0-9.]+/g).slice(0, 3)) > 128)"""


@pytest.mark.parametrize("path", PAPER)
def test_every_grade_is_read_on_paper(visiting: Callable[..., Any], path: str) -> None:
    """Light letters are lost with their background; a column beyond the edge is cut off."""
    with visiting(width=PAPER[path]) as visit:
        visit.go(path)
        visit.page.emulate_media(media="print")
        assert visit.page.locator(".grade").evaluate_all(FAINT) == []
        table = visit.page.locator("table.matrix")
        assert table.evaluate("e => e.getBoundingClientRect().right <= innerWidth")
