"""Whatever is done to a page: no crash, offsets right, never a grade the text does not state."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.model import JudgmentStatement
from peelgraph.graph.reading import ForceNames, ReadingContext, read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from random import Random

    from peelgraph.graph.model import Report

DATA = Path(__file__).parent.parent / "data"
PROSE = (DATA.parent / "gold").glob("*-prose.txt")
PAGES = sorted([*DATA.glob("wessmarch-*.txt"), *DATA.glob("traps/*.txt"), *PROSE])
WORDS = {
    "good": ("good",),
    "outstanding": ("outstanding",),
    "inadequate": ("inadequate",),
    "requires-improvement": ("requires improvement", "require improvement"),
}

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


def read_or_refused(text: str) -> Report | None:
    """The report, if the page is one; any error but the project's own is a failure."""
    try:
        report = read(captured_text(text), context())
    except PeelgraphError:
        return None
    assert_sound(report, text)
    return report


def assert_sound(report: Report, text: str) -> None:
    """Offsets equal their text, sections cover the page, grades stand in their passages."""
    bounds = [(section.start, section.end) for section in report.sections]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in pairwise(bounds))
    assert len({section.slug for section in report.sections}) == len(bounds)
    for statement in report.statements:
        passage = statement.passage
        assert text[passage.start : passage.end] == passage.text
        if isinstance(statement, JudgmentStatement) and statement.grade != "not-graded":
            seen = re.sub("[\u00ad\u200b\u2060]", "", passage.text)
            words = " ".join(seen.casefold().split())
            assert any(form in words for form in WORDS[statement.grade])
        if isinstance(statement, JudgmentStatement):
            assert bool(statement.carried_over_from) is (statement.status == "carried-over")


@given(page=pages, share=st.floats(0, 1))
def test_a_page_cut_anywhere(page: str, share: float) -> None:
    """A cut is refused, or what is left is read as it stands."""
    read_or_refused(page[: round(share * len(page))])


@given(page=pages, random=st.randoms(use_true_random=False))
def test_paragraphs_in_any_order(page: str, random: object) -> None:
    """Grades depend on sentences, not on where a template happens to put them."""
    paragraphs = page.splitlines()
    random.shuffle(paragraphs)  # type: ignore[attr-defined]  # a random.Random
    read_or_refused("\n".join(paragraphs))


@given(page=pages, random=st.randoms(use_true_random=False), end=st.sampled_from("\n "))
def test_sentences_in_any_order(page: str, random: object, end: str) -> None:
    """A sentence torn from its paragraph never lends its grade to another pillar's sentence."""
    sentences = page.replace("\n", ". ").split(". ")
    random.shuffle(sentences)  # type: ignore[attr-defined]  # a random.Random
    read_or_refused((end + "\n").join(f"{each}." for each in sentences))


@given(page=pages, first=st.floats(0, 1), second=st.floats(0, 1))
def test_a_page_without_its_middle(page: str, first: float, second: float) -> None:
    """What is left gives no grade that the whole page did not state."""
    start, end = sorted((round(first * len(page)), round(second * len(page))))
    whole, cut = read_or_refused(page), read_or_refused(page[:start] + page[end:])
    assert whole is not None
    if cut is not None and page[start - 1 : start] in ("", "\n") and page[end - 1 : end] == "\n":
        earlier = {(c, k, g) for c, k, g in judgments(cut) if c != whole.cycle}
        assert {each for each in judgments(cut) if each not in earlier} <= set(judgments(whole))


@given(page=pages, end=st.sampled_from(["\r\n", "\r", "\n\n", " \n \n", "\u2028"]))
def test_line_ends_of_other_systems(page: str, end: str) -> None:
    """The same statements, at other offsets."""
    whole, other = read_or_refused(page), read_or_refused(page.replace("\n", end))
    assert whole is not None
    assert other is not None
    assert [s.passage.text for s in other.statements] == [s.passage.text for s in whole.statements]


@given(page=pages, blank=st.sampled_from(["  ", "\u00a0", " \t"]))
def test_doubled_and_hard_blanks(page: str, blank: str) -> None:
    """The same judgments, whatever stands between the words."""
    whole, other = read_or_refused(page), read_or_refused(page.replace(" ", blank))
    assert whole is not None
    assert other is not None
    assert judgments(other) == judgments(whole)


@given(
    page=pages, dash=st.sampled_from("-\u2010\u2011"), mark=st.sampled_from("'\u2019\u2018\u02bc")
)
def test_typographic_marks(page: str, dash: str, mark: str) -> None:
    """The same judgments, however apostrophes and hyphens within words were typed."""
    typed = re.sub(r"(?<=[a-z])-(?=[a-z])", dash, re.sub("['\u2019]", mark, page))
    whole, other = read_or_refused(page), read_or_refused(typed)
    assert whole is not None
    assert other is not None
    assert judgments(other) == judgments(whole)


@given(
    page=pages,
    random=st.randoms(use_true_random=False),
    mark=st.sampled_from("\u00ad\u200b\u2060"),
)
def test_soft_hyphens_and_marks_without_width(page: str, random: Random, mark: str) -> None:
    """What nobody sees changes nothing that is read."""
    places = sorted(random.randrange(len(page)) for _ in range(40))
    cuts = [page[a:b] for a, b in pairwise([0, *places, len(page)])]
    broken = "".join(
        part + (mark if part[-1:].isalpha() and after[:1].isalpha() else "")
        for part, after in pairwise([*cuts, ""])
    )
    whole, other = read_or_refused(page), read_or_refused(broken)
    assert whole is not None
    assert other is not None
    assert judgments(other) == judgments(whole)


def judgments(report: Report) -> list[tuple[str, str | None, str]]:
    """The judgments of a report without their places."""
    return [
        (s.cycle, s.criterion, s.grade)
        for s in report.statements
        if isinstance(s, JudgmentStatement)
    ]


@given(
    page=pages, letters=st.text("ŵŷâêîôûẃýÿŴŶ\u0302😀", min_size=1, max_size=5), at=st.integers(0)
)
def test_welsh_letters_anywhere(page: str, letters: str, at: int) -> None:
    """Offsets count code points, also beyond Latin letters."""
    place = at % len(page)
    read_or_refused(page[:place] + letters + page[place:])


@given(page=pages, noise=st.text(max_size=40), at=st.integers(0))
def test_any_noise_anywhere(page: str, noise: str, at: int) -> None:
    """Control characters, half emojis and markup in the middle of a page."""
    place = at % len(page)
    read_or_refused(page[:place] + noise + page[place:])
