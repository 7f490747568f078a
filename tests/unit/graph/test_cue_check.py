"""Cues that do no work are found, planted ones among them."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

from peelgraph.graph.cue_check import cue_faults, misread_examples, shadowed_cues, silent_cues
from peelgraph.graph.mapping.cues import written_cues
from peelgraph.graph.reading.context import Cue, ReadingContext, ThemeCues
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.txt"))


@cache
def context() -> ReadingContext:
    """What reading is told, with the cues of the vocabulary."""
    return reading_context(bundled_tables())


def with_cue(slug: str, *words: str, beginnings: tuple[str, ...] = ()) -> ReadingContext:
    """The context with one cue more."""
    planted = Cue(slug=slug, speaks_for="strength", words=words, beginnings=beginnings, weight=0.5)
    known = context()
    return dataclasses.replace(known, cues=(*known.cues, planted))


def texts() -> list[str]:
    """The invented test pages."""
    return [page.read_text(encoding="utf-8") for page in PAGES]


def test_no_cue_of_the_vocabulary_is_at_fault() -> None:
    """Each fires on a page or its own example, hides no other, and is read as it is meant."""
    assert cue_faults(texts(), written_cues(), context()) == []


def test_a_planted_cue_that_no_page_has_is_found() -> None:
    """A misspelt phrase would sleep for ever."""
    found = silent_cues(texts(), with_cue("planted", "walks on watter"))
    assert "planted" in {fault.cue for fault in found}


def test_a_planted_cue_that_a_longer_one_always_hides_is_found() -> None:
    """The words are on the page, but another phrase wins each time."""
    pages = ["The force works well with others."]
    found = silent_cues(pages, with_cue("planted", "works"))
    assert "planted" in {fault.cue for fault in found}


def test_a_planted_cue_with_the_phrase_of_another_is_found() -> None:
    """Two types cannot claim the same words."""
    faults = list(shadowed_cues(with_cue("planted", "backlogs")))
    assert [(f.cue, f.fault) for f in faults] == [
        ("planted", "has a phrase of area-for-improvement-backlog")
    ]


def test_a_planted_beginning_that_covers_a_phrase_is_found() -> None:
    """The phrase can go, or means something else."""
    faults = list(shadowed_cues(with_cue("planted", beginnings=("backlo",))))
    assert {f.found for f in faults} == {"backlog", "backlogs"}


def test_a_planted_word_of_a_theme_that_a_beginning_covers_is_found() -> None:
    """The words of themes lie idle as those of cues do."""
    known = context()
    planted = ThemeCues(slug="planted", words=("investigators", "crime recording"))
    faults = list(shadowed_cues(dataclasses.replace(known, themes=(*known.themes, planted))))
    assert [(f.cue, f.fault, f.found) for f in faults] == [
        ("planted", "has a phrase of recording-crime", "crime recording"),
        ("planted", "has a phrase that investigating-crime begins", "investigators"),
    ]


def test_a_cue_whose_example_says_something_else_is_found() -> None:
    """An example that is read otherwise shows a cue that is too weak or in a wrong list."""
    first, *_ = written_cues()
    wrong = dataclasses.replace(first, example="The sea is blue.")
    assert [f.fault for f in misread_examples([wrong], context())] == [
        "has an example that is read otherwise",
        "does not fire on its example",
    ]
