"""The kinds of statements that a report makes: their words and their order."""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "grade": "Grade",
    "cause-of-concern": "Cause of concern",
    "area-for-improvement": "Area for improvement",
    "recommendation": "Recommendation",
    "innovative-practice": "Innovative practice",
    "strength": "Strength",
    "look-ahead": "Looking ahead",
    "plan-priority": "Plan priority",
    "context": "Context",
    "figure": "Figure",
    "place": "Place",
    "furniture": "Furniture",
}
"""Slug → words; a run of text with several kinds has the colour of the first of them."""

FURNITURE: Final = "furniture"
"""What stands on a page and no statement rests on: headings, links, labels, dates of update."""

CONTEXT: Final = "context"
"""The kind of statements that inform and find nothing: pages count it beside findings."""

FINDINGS: Final = tuple(
    slug for slug in KINDS if slug not in {"grade", "plan-priority", "figure", "place", FURNITURE}
)

CLASSES: Final = {
    "Judgment": "grade",
    "CauseOfConcern": "cause-of-concern",
    "AreaForImprovement": "area-for-improvement",
    "Recommendation": "recommendation",
    "InnovativePractice": "innovative-practice",
    "Strength": "strength",
    "LookAhead": "look-ahead",
    "PlanPriority": "plan-priority",
    "ContextStatement": "context",
    "StatedFigure": "figure",
}

PLURALS: Final = {
    "grade": "grades",
    "cause-of-concern": "causes of concern",
    "area-for-improvement": "areas for improvement",
    "recommendation": "recommendations",
    "innovative-practice": "innovative practices",
    "strength": "strengths",
    "look-ahead": "looks ahead",
    "plan-priority": "plan priorities",
    "context": "statements of context",
    "figure": "figures",
    "place": "places",
    "furniture": "furniture",
}
