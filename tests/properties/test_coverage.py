"""Whatever is done to a page that is read: every line with words is accounted for, in its place."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.reading import ForceNames, ReadingContext, read
from peelgraph.graph.reading.coverage import coverage
from peelgraph.graph.reading.opinions import opinions
from peelgraph.graph.reading.sentences import Sentence
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    import random

    from peelgraph.graph.model import Report

PAGES = sorted((Path(__file__).parent.parent / "data").rglob("*.txt"))
EXAMPLES = 60

pages = st.sampled_from([page.read_text(encoding="utf-8") for page in PAGES])


@cache
def context() -> ReadingContext:
    """The bundled context with the invented forces."""
    known = reading_context(bundled_tables())
    invented = (
        ForceNames(slug="wessmarch", names=("Wessmarch Police", "Wessmarch")),
        ForceNames(slug="eastmoor", names=("Eastmoor Constabulary", "Eastmoor")),
    )
    return dataclasses.replace(known, forces=(*known.forces, *invented))


@cache
def phrases() -> list[str]:
    """Every phrase of every cue."""
    return sorted({words for cue in context().cues for words in (*cue.words, *cue.beginnings)})


def assert_accounted(text: str) -> Report | None:
    """Where the page is one, every word of it belongs to a statement at its own place."""
    try:
        report = read(captured_text(text), context())
    except PeelgraphError:
        return None
    for each in report.statements:
        assert text[each.passage.start : each.passage.end] == each.passage.text
        assert each.passage.text.strip() == each.passage.text != ""
        assert 0 < each.confidence <= 1
    assert [each.sentence.text for each in coverage(report) if not each.accounted] == []
    return report


def test_every_invented_page_is_accounted_for() -> None:
    """The pages as they are, first."""
    reports = [assert_accounted(page.read_text(encoding="utf-8")) for page in PAGES]
    assert sum(report is not None for report in reports) > len(PAGES) / 2


@given(page=pages, share=st.floats(0, 1), random=st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES, deadline=None)
def test_lines_left_out_and_shuffled(page: str, share: float, random: random.Random) -> None:
    """The title stays, so that most of what is left is still read."""
    first, *rest = page.splitlines()
    kept = [line for line in rest if random.random() < share]
    random.shuffle(kept)
    assert_accounted("\n".join([first, *kept]))


@given(page=pages, data=st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_cues_strewn_into_a_page(page: str, data: st.DataObject) -> None:
    """Praise and criticism where no writer would put them, joined in every way."""
    joints = st.sampled_from(
        [", but ", "; and ", " although ", "; however, ", ", ", " \u2013 ", ": "]
    )
    words = data.draw(st.lists(st.sampled_from(phrases()), min_size=1, max_size=6))
    sentence = "".join(part + data.draw(joints) for part in words)
    lines = page.splitlines()
    lines.insert(data.draw(st.integers(1, len(lines))), f"It {sentence}end.")
    assert_accounted("\n".join(lines))


@given(
    text=st.text(st.sampled_from("good but not poor, although; İŉß\u0301 \u00a0\t-:."), max_size=80)
)
@settings(max_examples=EXAMPLES * 4, deadline=None)
def test_opinions_stand_in_their_sentence(text: str) -> None:
    """Folding may lengthen letters; places are still those of the page, in order, apart."""
    assume(text.strip())
    sentence = Sentence.of(text, 0, len(text))
    end = sentence.start
    for opinion in opinions(sentence, context()):
        assert end <= opinion.start <= opinion.end <= sentence.end
        end = opinion.end
