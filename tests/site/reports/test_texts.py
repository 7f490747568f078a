"""The text that is held of a page: from quotations, in paragraphs, in parts, around a passage."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from peelgraph.server.site.texts import (
    LONGEST_BLOCK,
    PART,
    Quote,
    Run,
    blocks,
    joined,
    parts,
    surroundings,
)

LINES = st.text(st.sampled_from("ab .\n!"), min_size=1, max_size=120)


@given(text=LINES, places=st.lists(st.tuples(st.integers(0, 119), st.integers(1, 30)), max_size=8))
def test_quotations_give_back_the_text_at_its_own_offsets(
    text: str, places: list[tuple[int, int]]
) -> None:
    """What the graph quotes must stand where the page has it, with nothing made up between."""
    quotes = [
        Quote(start, text[start : start + length], text[max(0, start - 3) : start])
        for start, length in places
        if start < len(text)
    ]
    runs = joined(quotes)
    covered = {
        n
        for quote in quotes
        for n in range(quote.start - len(quote.prefix), quote.start + len(quote.exact))
    }
    assert all(text[run.start : run.end] == run.text for run in runs)
    assert {n for run in runs for n in range(run.start, run.end)} == covered
    assert all(one.end < other.start for one, other in pairwise(runs))


@given(text=LINES)
def test_paragraphs_have_all_but_the_white_space_around_them(text: str) -> None:
    """A line that is left out is a sentence that nobody can check."""
    made = blocks([Run(0, text)], [(0, 1), (len(text) - 1, len(text))])
    assert "".join("".join(block.text.split()) for block in made) == "".join(text.split())
    assert all(text[block.start : block.end] == block.text != "" for block in made)


def test_a_million_characters_without_a_line_end_come_in_bounded_parts() -> None:
    """The longest page must not become one answer of megabytes."""
    text = "word " * 200_000
    made = blocks([Run(0, text)], [])
    pages = parts(made, [(n, n + 10) for n in range(0, len(text), 500)])
    assert max(len(block.text) for block in made) <= LONGEST_BLOCK
    assert [n for page in pages for n in page] == list(range(len(made)))
    assert all(sum(len(made[n].text) for n in page) <= PART for page in pages)
    assert "".join("".join(block.text.split()) for block in made) == "word" * 200_000


def test_what_is_not_held_between_two_quotations_is_told() -> None:
    """A reader must see that something is missing."""
    made = blocks([Run(0, "One."), Run(100, "Two.")], [(200, 210)])
    assert [(block.start, block.gap, block.text) for block in made] == [
        (0, 0, "One."),
        (100, 96, "Two."),
        (200, 96, ""),
    ]


def test_surroundings_are_whole_sentences_within_the_text() -> None:
    """A passage is read with what stands beside it, and never beyond a bound."""
    text = "First one. Second has a clause; and more. Third. Fourth.\nFifth line."
    start = text.index("a clause")
    first, last = surroundings(text, start, start + len("a clause"))
    assert text[first:last] == "First one. Second has a clause; and more. Third."
    assert surroundings("x" * 5_000, 2_000, 2_010)[0] >= 1_400
    assert surroundings("x" * 5_000, 2_000, 2_010)[1] <= 2_610
