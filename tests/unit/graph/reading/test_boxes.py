"""Boxes between paragraphs: what stands in one is of the kind that its heading names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

AFTER = "Its boats are slow."
BOX = {
    "areas": [
        "Areas for improvement",
        "- Log books are to be filled in.",
        "- Two more bells.",
    ],
    "concern": [
        "Cause of concern",
        "Nobody answers the bell at night on the outer islands.",
        "To put this right, the force should within a month:",
        "- hang a louder bell; and",
        "- name somebody to answer it.",
        "The lighthouse is white.",
    ],
    "recommendations": ["Recommendations", "The force should hang a bell.", "The sea is blue."],
}
KINDS = {
    "Areas for improvement": "furniture",
    "Log books are to be filled in.": "area-for-improvement",
    "Two more bells.": "area-for-improvement",
    "Cause of concern": "furniture",
    "Nobody answers the bell at night on the outer islands.": "cause-of-concern",
    "To put this right, the force should within a month:": "context",
    "hang a louder bell": "recommendation",
    "name somebody to answer it.": "recommendation",
    "The lighthouse is white.": "context",
    "Recommendations": "furniture",
    "The force should hang a bell.": "recommendation",
    "The sea is blue.": "context",
}


@pytest.mark.parametrize("box", BOX)
def test_entries_are_of_the_kind_that_the_heading_names(
    box: str, page_2015: str, reading: Callable[..., Report]
) -> None:
    """An entry needs no word of praise or blame: the box says what it is, and where it ends."""
    lines = "\n".join(BOX[box])
    report = reading(page_2015.replace(f"\n{AFTER}\n", f"\n{lines}\n{AFTER}\n", 1))
    kinds = {each.passage.text: each.type.value for each in report.statements}
    expected = {text: kind for text, kind in KINDS.items() if text in lines}
    assert {text: kinds.get(text) for text in expected} == expected
    assert kinds[AFTER] == "area-for-improvement"  # by its own words again


def test_a_heading_ends_the_box(page_2015: str, reading: Callable[..., Report]) -> None:
    """The priorities of a plan below a box are no areas for improvement."""
    old = "Police and crime plan priorities"
    report = reading(page_2015.replace(old, f"Areas for improvement\n{old}", 1))
    kinds = {each.passage.text: each.type.value for each in report.statements}
    assert kinds["Safe harbours."] == "plan-priority"
