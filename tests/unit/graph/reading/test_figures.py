"""Figures are read with value, unit and quantity; what only looks like one is left alone."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.model import FigureStatement
from peelgraph.graph.reading.numbers import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

ANCHOR = "Its boats are slow."


def figures(report: Report) -> list[tuple[str, str, str, str]]:
    """Words, value, unit and quantity of every figure."""
    return [
        (s.passage.text, s.value, s.unit, s.quantity)
        for s in report.statements
        if isinstance(s, FigureStatement)
    ]


@pytest.fixture(scope="module")
def stated(
    page_2015: str, reading: Callable[..., Report]
) -> Callable[[str], list[tuple[str, ...]]]:
    """A function from a sentence to the figures read in it, as it stands on the invented page."""
    known = figures(reading(page_2015))

    def read_in_page(sentence: str) -> list[tuple[str, ...]]:
        report = reading(page_2015.replace(ANCHOR, f"{ANCHOR} {sentence}"))
        return [each for each in figures(report) if each not in known]

    return read_in_page


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("It saved £3.5 million on boats.", ("£3.5 million", "3500000", "gbp", "money-saved")),
        ("Its spending was cut by £250k.", ("£250k", "250000", "gbp", "money-saved")),
        ("Its budget is £1,250,000.", ("£1,250,000", "1250000", "gbp", "budget")),
        ("It keeps reserves of £2.1bn.", ("£2.1bn", "2100000000", "gbp", "reserves")),
        ("It spends 3 million pounds.", ("3 million pounds", "3000000", "gbp", "spending")),
        (
            "Around 650,000 people live on its islands.",
            ("650,000 people", "650000", "people", "population"),
        ),
        ("The population is about 1.2m.", ("1.2m", "1200000", "people", "population")),
        (
            "It has 1,200 more police officers.",
            ("1,200 more police officers", "1200", "people", "officers"),
        ),
        ("It lost twenty-five staff.", ("twenty-five staff", "25", "people", "staff")),
        (
            "It has two hundred and fifty boats.",
            ("two hundred and fifty boats", "250", "boats", "boats"),
        ),
        (
            "There are nine published reports.",
            ("nine published reports", "9", "reports", "reports"),
        ),
        ("It solved 12 percent of crimes.", ("12 percent", "12", "percent", "share-of-crimes")),
        ("Ninety per cent are new.", ("Ninety per cent", "90", "percent", "share")),
        ("It answers 97.50% of calls.", ("97.50%", "97.5", "percent", "share-of-calls")),
        ("That took three years.", ("three years", "3", "years", "duration")),
        ("It covers 40 square miles.", ("40 square miles", "40", "square-miles", "area")),
        (
            "There were 62 crimes per 1,000 people.",
            ("62 crimes per 1,000 people", "62", "per-1000-people", "crimes"),
        ),
        ("Wrecks rose to 450.", ("450", "450", "count", "unnamed")),
    ],
)
def test_figure_has_its_words_value_unit_and_quantity(
    sentence: str, figure: tuple[str, ...], stated: Callable[[str], list[tuple[str, ...]]]
) -> None:
    """The value is written out, so that figures can be compared and added."""
    assert stated(sentence) == [figure]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was inspected in 2015 and in PEEL 2016, on 18 February 2016 and 01/02/2016.",
        "This was the first time, and the 3rd visit.",
        "It works in three ways and meets four questions.",
        "The two boats and its seven islands are known.",
        "Two-thirds of the boats and half of the islands are green.",
        "It takes 999 calls and 101 calls 24/7.",
        "The A14 is closed under section 54, as in phase 2 and 2014/15.",
        "It has one boat and tens of thousands of fish.",
        "It would cost £10-15m.",
        "People aged 18 to 25 and a 12-year-old swim.",
    ],
)
def test_what_counts_nothing_is_no_figure(
    sentence: str, stated: Callable[[str], list[tuple[str, ...]]]
) -> None:
    """Dates, ordinals, names and numbers that point back or arrange are no quantities."""
    assert stated(sentence) == []


def test_figure_of_one_year_says_which(page_2015: str, reading: Callable[..., Report]) -> None:
    """Two years in one sentence could each be meant, so neither is."""
    text = page_2015.replace(
        ANCHOR,
        f"{ANCHOR} It saved £3m in 2014/15. It bought 40 boats in 2014."
        " It sold 30 boats in 2013 and 20 in 2014.",
    )
    found = {
        s.value: s.refers_to for s in reading(text).statements if isinstance(s, FigureStatement)
    }
    assert found["3000000"] == "government-year/2014-2015"
    assert found["40"] == "year/2014"
    assert found["30"] is None


def test_key_facts_without_values_state_nothing_and_with_values_what_the_label_says(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """A label alone is furniture; a number under it is what the label names."""
    known = figures(reading(page_2015))
    assert not [each for each in known if each[3] == "population"]
    filled = page_2015.replace("2019/20\nPopulation\n", "2019/20\nPopulation\n1.2m\nCost\n£49\n")
    assert filled != page_2015
    assert [each for each in figures(reading(filled)) if each not in known] == [
        ("1.2m", "1200000", "people", "population"),
        ("£49", "49", "gbp", "cost"),
    ]


def test_figures_of_the_real_page(kent: Report) -> None:
    """Checked by eye against the page; the empty key facts give nothing."""
    assert [
        (s.value, s.unit, s.quantity, s.passage.start, s.passage.end)
        for s in kent.statements
        if isinstance(s, FigureStatement)
    ] == [
        ("1800000", "people", "population", 3200, 3218),
        ("7", "reports", "reports", 7042, 7055),
        ("49400000", "gbp", "money-saved", 11138, 11144),
    ]


def test_a_run_of_numbers_without_end_costs_no_time(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """A hostile page must not keep the reader; what has no full stop for pages is no sentence."""
    for run in ("12 ", "£12 saved ", "seven ", "Aa, "):
        report = reading(page_2015.replace(ANCHOR, f"{ANCHOR} In {run * 8000}."))
        assert report.slug == "peel-2015-wessmarch"


@given(st.text(max_size=200))
def test_numbers_of_any_text_have_right_spans(text: str) -> None:
    """No text makes the reader fall, and every number stands where it is said to stand."""
    found = numbers(text, 0, len(text))
    assert all(0 <= n.start < n.end <= len(text) for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(n.value.is_finite() and "E" not in n.plain for n in found)


@given(st.integers(min_value=2, max_value=10**9))
def test_grouped_digits_mean_what_they_say(value: int) -> None:
    """Commas between thousands change nothing."""
    text = f"It has £{value:,} today."
    (number,) = numbers(text, 0, len(text))
    assert (number.value, number.unit) == (Decimal(value), "gbp")
