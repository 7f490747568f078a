"""The bundled facts against totals that were published elsewhere, and known single facts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from peelgraph.graph.tables import Tables


def totals(tables: Tables, cycle: str, criterion: str) -> Counter[str]:
    """Return how many forces have each grade."""
    return Counter(
        row.grade for row in tables.grades if (row.cycle, row.criterion) == (cycle, criterion)
    )


def grade(tables: Tables, force: str, cycle: str, criterion: str) -> str:
    """Return the one grade."""
    [row] = [row for row in tables.grades if row.key == (force, cycle, criterion)]
    return row.grade


def test_tables_hold_enough_judgments_of_all_43_forces(tables: Tables) -> None:
    """A table that was cut would still be well formed."""
    assert len(tables.grades) >= 1100
    assert {row.force for row in tables.grades} == {force.slug for force in tables.peel_forces()}
    assert len(tables.peel_forces()) == 43
    assert len(tables.cycles) == 8


def test_judgments_of_each_cycle_are_counted(tables: Tables) -> None:
    """A change of these numbers must be meant."""
    assert Counter(row.cycle for row in tables.grades) == {
        "peel-2014": 242,
        "peel-2015": 137,
        "peel-2016": 170,
        "peel-2017": 263,
        "peel-2018-19": 178,
        "peel-2021-22": 115,
        "peel-2023-25": 92,
    }


def test_published_totals_of_efficiency_2014(tables: Tables) -> None:
    """The national page counts 5 outstanding, 35 good, 3 requires improvement; 4 are unknown."""
    counted = totals(tables, "peel-2014", "efficiency")
    assert counted == {"outstanding": 5, "good": 31, "requires-improvement": 3}


def test_published_totals_of_effectiveness_2015(tables: Tables) -> None:
    """The national report counts 18 forces that require improvement."""
    counted = totals(tables, "peel-2015", "effectiveness")
    assert counted["requires-improvement"] == 18
    assert counted.total() == 43


def test_published_totals_of_legitimacy_2016(tables: Tables) -> None:
    """The national report counts 2 outstanding, 36 good, 5 requires improvement."""
    counted = totals(tables, "peel-2016", "legitimacy")
    assert counted == {"outstanding": 2, "good": 36, "requires-improvement": 5}


def test_bedfordshire_alone_was_inadequate_in_effectiveness_2016(tables: Tables) -> None:
    """The national report names it."""
    assert [
        row.force
        for row in tables.grades
        if (row.cycle, row.criterion, row.grade) == ("peel-2016", "effectiveness", "inadequate")
    ] == ["bedfordshire"]


# outstanding, good, adequate, requires improvement, inadequate: counted by a press release or
# summary of each force whose areas are all known
AREA_TOTALS = {
    ("avon-and-somerset", "peel-2023-25"): (0, 2, 1, 5, 0),
    ("cleveland", "peel-2023-25"): (0, 4, 2, 2, 0),
    ("lincolnshire", "peel-2021-22"): (0, 0, 4, 5, 0),
    ("norfolk", "peel-2021-22"): (1, 3, 3, 1, 0),
    ("staffordshire", "peel-2021-22"): (0, 0, 1, 5, 3),
    ("west-mercia", "peel-2023-25"): (0, 1, 4, 4, 0),
}
# the same counts where only some areas are known: no grade may be more frequent than published
AREA_LIMITS = {
    ("cambridgeshire", "peel-2023-25"): (1, 2, 2, 1, 2),
    ("city-of-london", "peel-2023-25"): (1, 2, 6, 0, 0),
    ("cleveland", "peel-2021-22"): (0, 1, 4, 3, 2),
    ("cumbria", "peel-2023-25"): (1, 6, 2, 0, 0),
    ("derbyshire", "peel-2021-22"): (0, 0, 4, 5, 0),
    ("devon-and-cornwall", "peel-2021-22"): (0, 2, 2, 2, 3),
    ("devon-and-cornwall", "peel-2023-25"): (0, 1, 3, 2, 2),
    ("durham", "peel-2021-22"): (2, 7, 1, 0, 0),
    ("durham", "peel-2023-25"): (1, 2, 5, 2, 0),
    ("essex", "peel-2021-22"): (1, 3, 4, 1, 0),
    ("gloucestershire", "peel-2021-22"): (0, 4, 1, 0, 6),
    ("gloucestershire", "peel-2023-25"): (1, 1, 2, 4, 1),
    ("greater-manchester", "peel-2021-22"): (0, 0, 1, 5, 3),
    ("hampshire", "peel-2023-25"): (0, 2, 6, 0, 0),
    ("humberside", "peel-2021-22"): (6, 2, 1, 0, 0),
    ("kent", "peel-2021-22"): (1, 4, 1, 3, 0),
    ("lancashire", "peel-2021-22"): (0, 6, 1, 1, 0),
    ("merseyside", "peel-2021-22"): (1, 8, 1, 0, 0),
    ("metropolitan", "peel-2021-22"): (0, 1, 2, 5, 1),
    ("north-yorkshire", "peel-2021-22"): (0, 1, 2, 4, 1),
    ("northumbria", "peel-2021-22"): (0, 7, 1, 1, 0),
    ("nottinghamshire", "peel-2021-22"): (0, 2, 6, 1, 0),
    ("nottinghamshire", "peel-2023-25"): (0, 0, 4, 1, 3),
    ("south-yorkshire", "peel-2021-22"): (3, 5, 1, 0, 0),
    ("surrey", "peel-2023-25"): (0, 2, 4, 2, 1),
    ("sussex", "peel-2021-22"): (0, 2, 4, 1, 2),
    ("thames-valley", "peel-2021-22"): (0, 3, 4, 2, 0),
    ("warwickshire", "peel-2023-25"): (0, 2, 2, 3, 1),
    ("west-mercia", "peel-2021-22"): (0, 1, 4, 3, 0),
    ("west-midlands", "peel-2021-22"): (0, 5, 3, 3, 0),
    ("west-yorkshire", "peel-2021-22"): (4, 4, 2, 0, 0),
    ("west-yorkshire", "peel-2023-25"): (1, 1, 5, 2, 0),
}
FIVE = ("outstanding", "good", "adequate", "requires-improvement", "inadequate")


def areas(tables: Tables, force: str, cycle: str) -> tuple[int, ...]:
    """Return how many areas have each grade, best first."""
    counted = Counter(
        row.grade for row in tables.grades if (row.force, row.cycle) == (force, cycle)
    )
    return tuple(counted[each] for each in FIVE)


@pytest.mark.parametrize(("force", "cycle"), AREA_TOTALS)
def test_published_counts_of_areas_are_reproduced(tables: Tables, force: str, cycle: str) -> None:
    """Where every area is known, the counts must be those the inspectorate published."""
    assert areas(tables, force, cycle) == AREA_TOTALS[force, cycle]


@pytest.mark.parametrize(("force", "cycle"), AREA_LIMITS)
def test_published_counts_of_areas_are_not_exceeded(tables: Tables, force: str, cycle: str) -> None:
    """Where some areas are unknown, a count above the published one would be a wrong grade."""
    known, published = areas(tables, force, cycle), AREA_LIMITS[force, cycle]
    assert all(ours <= theirs for ours, theirs in zip(known, published, strict=True))


@pytest.mark.parametrize(
    ("cycle", "criterion", "expected"),
    [
        ("peel-2014", "efficiency", "good"),
        ("peel-2015", "effectiveness", "good"),
        ("peel-2015", "efficiency", "good"),
        ("peel-2015", "legitimacy", "outstanding"),
        ("peel-2016", "efficiency", "good"),
        ("peel-2016", "legitimacy", "outstanding"),
        ("peel-2017", "efficiency", "good"),
        ("peel-2017", "legitimacy", "outstanding"),
        ("peel-2018-19", "effectiveness", "good"),
        ("peel-2018-19", "efficiency", "outstanding"),
        ("peel-2018-19", "legitimacy", "outstanding"),
    ],
)
def test_grades_of_kent(tables: Tables, cycle: str, criterion: str, expected: str) -> None:
    """The force of the bundled example has eleven pillar grades that are known for certain."""
    assert grade(tables, "kent", cycle, criterion) == expected


def test_kents_efficiency_question_was_carried_over(tables: Tables) -> None:
    """The one carried-over grade shows that an old grade is not a new judgment."""
    [row] = [row for row in tables.grades if row.carried_over_from]
    assert row.key == ("kent", "peel-2018-19", "efficiency-1")
    assert (row.status, row.carried_over_from) == ("carried-over", "peel-2017/efficiency-1")


def test_no_grade_is_entered_where_none_was_seen(tables: Tables) -> None:
    """Nine pillar grades are unknown: unknown is not the same as ungraded."""
    missing = {
        ("essex", "peel-2016", "effectiveness"),
        ("northamptonshire", "peel-2016", "effectiveness"),
        ("derbyshire", "peel-2017", "effectiveness"),
        ("norfolk", "peel-2017", "effectiveness"),
        ("humberside", "peel-2017", "efficiency"),
        ("humberside", "peel-2017", "legitimacy"),
        ("humberside", "peel-2018-19", "efficiency"),
        ("humberside", "peel-2018-19", "legitimacy"),
        ("surrey", "peel-2018-19", "legitimacy"),
    }
    cycles = ("peel-2015", "peel-2016", "peel-2017", "peel-2018-19")
    pillars = ("effectiveness", "efficiency", "legitimacy")
    known = {row.key for row in tables.grades}
    expected = {
        (force.slug, cycle, pillar)
        for force in tables.peel_forces()
        for cycle in cycles
        for pillar in pillars
    }
    assert expected - known == missing


def test_what_was_not_graded_says_why(tables: Tables) -> None:
    """2014 had no grade for two pillars; one force's fieldwork stopped in 2017."""
    reasons = Counter((row.cycle, row.status) for row in tables.grades if row.grade == "not-graded")
    assert reasons == {("peel-2014", "ungraded-by-design"): 83, ("peel-2017", "not-inspected"): 2}
    assert {row.force for row in tables.grades if row.status == "not-inspected"} == {
        "greater-manchester"
    }


def test_every_source_is_an_address_people_can_open(tables: Tables) -> None:
    """A number in somebody's index is no source."""
    sources = [row.source for row in (*tables.grades, *tables.reports.values())]
    assert all(source.startswith(("https://", "http://")) for source in sources)


def test_scales_are_those_of_the_schemes(tables: Tables) -> None:
    """'adequate' came with the fifth tier; the order decides every trend."""
    assert list(tables.scales["four-tier"].grades)[:4] == [
        "outstanding",
        "good",
        "requires-improvement",
        "inadequate",
    ]
    assert tuple(tables.scales["five-tier"].grades)[:5] == FIVE
