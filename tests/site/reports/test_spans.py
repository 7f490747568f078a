"""Marked runs of a text: nothing of it is lost, whatever overlaps with whatever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from peelgraph.server.site.spans import DEEPEST, Marked, Span, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
SPANS = st.lists(PLACES.map(lambda place: Span(place[0], place[1])), max_size=DEEPEST)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


def characters(
    parts: list[str | Marked], within: frozenset[Span] = frozenset()
) -> Iterator[tuple[str, frozenset[Span]]]:
    """Yield every character shown, with the runs that it is marked as part of."""
    for part in parts:
        if isinstance(part, str):
            yield from ((character, within) for character in part)
        else:
            yield from characters(part.parts, within | {part.span})


@given(text=TEXTS, spans=SPANS, offset=st.integers(0, 10))
def test_each_character_is_shown_once_and_marked_as_what_has_it(
    text: str, spans: list[Span], offset: int
) -> None:
    """A sentence cut wrongly at a boundary would put words into the inspectorate's mouth."""
    shown = list(characters(marked(text, spans, offset)))
    assert "".join(character for character, _ in shown) == text
    for place, (_, within) in enumerate(shown, offset):
        assert within == {span for span in spans if span.start <= place < span.end}


def names(parts: list[str | Marked]) -> Iterator[str]:
    """Yield what bears a run's name."""
    for part in parts:
        if isinstance(part, Marked):
            if part.first:
                yield part.span.name
            yield from names(part.parts)


@given(spans=SPANS)
def test_a_run_bears_its_name_once_however_it_is_cut(spans: list[Span]) -> None:
    """An identifier twice on a page leads a reader to the wrong place."""
    found = list(names(marked("x" * 50, spans)))
    assert sorted(found) == sorted({span.name for span in spans if span.start < span.end})


def test_runs_that_cross_are_cut_where_the_first_ends() -> None:
    """The second goes on behind the first, without its name."""
    first, second = Span(0, 6), Span(4, 9)
    (begun, rest) = marked("abcdefghi", [first, second])
    assert isinstance(begun, Marked)
    assert begun.parts == ["abcd", Marked(second, first=True, parts=["ef"])]
    assert rest == Marked(second, first=False, parts=["ghi"])


def test_what_lies_deeper_than_is_shown_loses_no_text() -> None:
    """A thousand runs within each other must neither end the recursion nor lose a word."""
    text = "x" * 2_000
    parts = marked(text, [Span(n, 2_000 - n) for n in range(900)])
    assert "".join(character for character, _ in characters(parts)) == text
