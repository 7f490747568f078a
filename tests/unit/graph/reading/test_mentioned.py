"""Dates that sentences name are read in full or in part; names of cycles are no dates."""

from __future__ import annotations

import pytest

from peelgraph.graph.reading.mentioned import DATE, _iso

CASES = [
    ("The force changed its plan in May 2016.", ["2016-05"]),
    ("It moved on 3 June 2015 and again by 2017.", ["2015-06-03", "2017"]),
    ("Key facts: 2019/20", ["2019/2020"]),
    ("Between 2012 and 2014 it saved money.", ["2012"]),
    ("Looking ahead to PEEL 2016", []),
    ("Wessmarch 2015", []),
    ("It has 2016 officers.", []),
    ("Call 101 or visit in 20156 ways.", []),
    ("On 45 June 2015 nothing happened.", []),
    ("The span 2019/18 runs backwards.", []),
]


@pytest.mark.parametrize(("sentence", "dates"), CASES, ids=[text for text, _ in CASES])
def test_dates_named_in_a_sentence(sentence: str, dates: list[str]) -> None:
    """A year beside a force's name says which report it is, not when something happened."""
    assert [date for found in DATE.finditer(sentence) if (date := _iso(found))] == dates
