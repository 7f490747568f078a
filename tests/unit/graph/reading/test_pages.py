"""Each page that has its expected JSON beside it gives exactly that: one page per trap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from peelgraph.graph.report_json import report_as_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

PAGES = Path(__file__).parents[3] / "data"
EXPECTED = sorted(PAGES.rglob("*.json"))
OF_A_REPORT = ("slug", "title", "inspectorate", "issued")
OF_A_GRADE = ("cycle", "criterion", "grade", "status", "carried_over_from", "text")


def said(report: Report) -> dict[str, Any]:
    """What a page's expected JSON states: the report, its grades by place, its warnings."""
    whole = report_as_dict(report)
    return {
        "report": {name: whole["report"][name] for name in OF_A_REPORT},
        "grades": [
            {name: statement[name] for name in OF_A_GRADE}
            for statement in whole["statements"]
            if statement["type"] == "grade"
        ],
        "warnings": whole["report"]["warnings"],
    }


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_page_says_what_its_json_expects(path: Path, invented: Callable[[str], Report]) -> None:
    """A grade too many is as wrong as one too few; a doubt that is not told is a wrong grade."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    found = said(invented(str(path.relative_to(PAGES).with_suffix(".txt"))))
    assert found["report"] == expected["report"]
    assert found["grades"] == expected["grades"]
    assert set(expected["warnings"]) <= set(found["warnings"])
    assert bool(expected["warnings"]) is bool(found["warnings"])


def test_every_trap_has_its_expected_json() -> None:
    """A page without expectations would test nothing."""
    traps = {path.stem for path in (PAGES / "traps").glob("*.txt")}
    assert traps == {path.stem for path in EXPECTED if path.parent.name == "traps"}
