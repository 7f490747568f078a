"""The real Kent 2015 page, where the real inputs are there: known facts at known places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site.reports.conftest import Pages, Seen

VERSION = "/doc/report/peel-2015-kent/version/bf6ea9beedad"
SHA256 = "bf6ea9beedadb3703a17844e8af031750bf72be378cf3619666be1f5fe2e2759"


@pytest.mark.parametrize(
    ("place", "criterion", "grade"),
    [
        ((414, 509), "effectiveness", "good"),
        ((510, 605), "efficiency", "good"),
        ((606, 709), "legitimacy", "outstanding"),
    ],
)
def test_a_grade_is_shown_on_the_sentence_that_states_it(  # noqa: PLR0913, PLR0917 - facts
    kent: Pages,
    kent_2015_text: str,
    seen: Callable[[str], Seen],
    place: tuple[int, int],
    criterion: str,
    grade: str,
) -> None:
    """From the matrix to the sentence: the promise of the whole dataset."""
    start, end = place
    page = seen(kent.page(VERSION))
    assert page.text_of[f"c{start}-{end}"] == kent_2015_text[start:end]
    note = page.text_of[f"n{start}-{end}"]
    assert "Grade" in note
    assert criterion in note
    assert grade in note
    judgment = seen(kent.page(f"/data/judgment/peel-2015/kent/{criterion}"))
    assert judgment.marks[0] == kent_2015_text[start:end]
    assert f"{VERSION}#c{start}-{end}" in judgment.links
    assert (
        f"/doc/report/peel-2015-kent/version/bf6ea9beedad/passage/{start}-{end}" in judgment.links
    )


def test_a_finding_is_marked_in_its_surroundings(
    kent: Pages, kent_2015_text: str, seen: Callable[[str], Seen]
) -> None:
    """A clause is read within its sentence, with hash, offsets and the way back."""
    address = next(
        link
        for link in seen(kent.page(f"{VERSION}/passage/14364-14463")).links
        if link.startswith("/doc/finding/")
    )
    html = kent.page(address)
    page = seen(html)
    assert page.marks == [kent_2015_text[14364:14463]]
    assert SHA256 in html
    assert "characters 14,364 to 14,463" in html
    assert f"{VERSION}#c14364-14463" in page.links
    assert "maes i" in html
    assert "our own summary" in html
    before = kent_2015_text[14364 - 30 : 14364].split()
    assert " ".join(before) in " ".join(html.split())


def test_the_page_is_shown_whole(
    kent: Pages, kent_2015_text: str, seen: Callable[[str], Seen]
) -> None:
    """Every line of a real page, in order."""
    article, at = " ".join(seen(kent.page(VERSION)).article.split()), 0
    for line in filter(None, (" ".join(each.split()) for each in kent_2015_text.splitlines())):
        at = article.find(line, at)
        assert at >= 0, line[:60]


def test_every_word_of_the_page_is_marked_or_a_heading(kent: Pages) -> None:
    """The reader accounts for every sentence, so the page shows none without a kind."""
    page = LexborHTMLParser(kent.page(VERSION))
    words = [each.text() for each in page.css("article .k-furniture.said")]
    assert "Last updated 18/02/2016" in words
    assert any(each.startswith("Read more about Kent") for each in words)
    assert not any("is good" in each for each in words)
    for each in page.css("article .said"):
        each.decompose()
    left = " ".join(each.text() for each in page.css("article .para > p"))
    assert set(re.findall(r"\w+", left)) <= {"although", "and", "but"}


def test_a_part_of_a_sentence_stands_in_lists_as_our_summary(kent: Pages) -> None:
    """Alone, "has complied with most but not all" does not say who, and with what."""
    summary = (
        "Most parts of the Best Use of Stop and Search scheme are followed, but some are missing."
    )
    client = kent.app.test_client()
    listed = client.get("/findings?kind=area-for-improvement").get_data(as_text=True)
    assert f"<bdi>{summary}</bdi></a>" in listed
    assert "(our summary of “<bdi>…has complied with" in listed
    inspection = kent.page("/doc/inspection/peel-2015/kent")
    assert f"<bdi>{summary}</bdi>" in inspection
    assert "“<bdi>has complied" not in inspection


def test_what_is_new_is_named_in_words(kent: Pages) -> None:
    """Not by the address of a graph."""
    home = kent.app.test_client().get("/").get_data(as_text=True)
    address = "/graph/document/peel-2015-kent/bf6ea9beedad"
    assert f'New: what was read from <a href="{address}"><bdi>Kent 2015</bdi></a>' in home
