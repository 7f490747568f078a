"""Finding forces and cycles by what people and pages call them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import UnknownCycle, UnknownForce

if TYPE_CHECKING:
    from peelgraph.graph.tables import Tables


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kent", "kent"),
        ("kent", "kent"),
        ("KENT POLICE", "kent"),
        ("Metropolitan Police Service", "metropolitan"),
        ("Devon & Cornwall  Police", "devon-and-cornwall"),
        ("avon-and-somerset", "avon-and-somerset"),
        ("Avon and Somerset Constabulary", "avon-and-somerset"),
        ("Hampshire Constabulary", "hampshire"),
        ("Hampshire and Isle of Wight Constabulary", "hampshire"),
        ("Heddlu Gwent", "gwent"),
        ("Dyfed-Powys", "dyfed-powys"),
        ("btp", "btp"),
    ],
)
def test_force_is_found_by_any_of_its_names(tables: Tables, name: str, slug: str) -> None:
    """Pages, datasets and people name one force in many ways."""
    assert tables.force_named(name).slug == slug


def test_unknown_force_names_the_nearest_three(tables: Tables) -> None:
    """A misspelt name is an error that helps, never a new force."""
    with pytest.raises(UnknownForce) as caught:
        tables.force_named("Kentshire Police")
    assert caught.value.expected.startswith("a name such as Kent Police, ")
    assert caught.value.expected.count(",") == 2


@pytest.mark.parametrize("name", ["", "  ", "!"])
def test_empty_name_is_an_unknown_force(tables: Tables, name: str) -> None:
    """A title that lost its first word names nobody."""
    with pytest.raises(UnknownForce):
        tables.force_named(name)


def test_dated_name_holds_only_in_its_time(tables: Tables) -> None:
    """A report of 2015 cannot be about a force of a name of 2022."""
    new = "Hampshire and Isle of Wight Constabulary"
    assert tables.force_named(new, dt.date(2022, 11, 16)).slug == "hampshire"
    with pytest.raises(UnknownForce, match="on 2015-02-18") as caught:
        tables.force_named(new, dt.date(2015, 2, 18))
    assert caught.value.expected.startswith("a name such as Hampshire Constabulary")
    assert tables.force_named("Hampshire", dt.date(2015, 2, 18)).slug == "hampshire"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2015", "peel-2015"),
        ("peel-2015", "peel-2015"),
        ("PEEL 2015", "peel-2015"),
        ("2018/19", "peel-2018-19"),
        ("2018-2019", "peel-2018-19"),
        ("PEEL 2018", "peel-2018-19"),
        ("PEEL 2021/22", "peel-2021-22"),
        ("2023\N{EN DASH}2025", "peel-2023-25"),
        ("2025-27", "peel-2025-27"),
    ],
)
def test_cycle_is_found_however_its_years_are_written(tables: Tables, name: str, slug: str) -> None:
    """Titles, addresses and frameworks write the same years in different ways."""
    assert tables.cycle_named(name).slug == slug


@pytest.mark.parametrize("name", ["2020", "2013", "", "peel", "2015/16"])
def test_unknown_cycle_lists_the_known_ones(tables: Tables, name: str) -> None:
    """There was no round in 2020, and a year is never rounded to the nearest cycle."""
    with pytest.raises(UnknownCycle) as caught:
        tables.cycle_named(name)
    assert "peel-2018-19" in caught.value.expected


def test_names_come_longest_first(tables: Tables) -> None:
    """A scan of a text must meet the longer of two names that begin alike."""
    names = list(tables.force_names())
    assert names == sorted(names, key=lambda name: (-len(name), name))
    assert tables.force_names()["West Yorkshire Police"] == "west-yorkshire"


def test_criteria_are_pillars_and_questions_of_the_cycle(tables: Tables) -> None:
    """Pillars ended with 2018-19; areas came after."""
    assert tables.is_criterion("peel-2015", "leadership")
    assert tables.is_criterion("peel-2015", "legitimacy-4")
    assert not tables.is_criterion("peel-2021-22", "legitimacy")
    assert tables.pillar_of("peel-2015", "legitimacy-4") == "legitimacy"
    assert tables.pillar_of("peel-2015", "legitimacy") == "legitimacy"
    assert not tables.pillar_of("peel-2021-22", "investigating-crime")
    assert tables.scale_of("peel-2021-22").slug == "five-tier"
