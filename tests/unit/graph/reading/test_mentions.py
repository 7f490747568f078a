"""Places, collaborations, events, other inspections and the report itself are found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import (
    CollaborationStatement,
    PlaceStatement,
    StatementType,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report, Statement

ANCHOR = "Its boats are slow."
AREA = "where a good ferry runs."


def of(report: Report, kind: StatementType) -> list[str]:
    """The words of every statement of a kind."""
    return [s.passage.text for s in report.statements if s.type is kind]


@pytest.fixture(scope="module")
def added(page_2015: str, reading: Callable[..., Report]) -> Callable[..., list[Statement]]:
    """A function from a sentence to what is read in it, where it stands after an anchor."""

    def read_in_page(sentence: str, anchor: str = ANCHOR) -> list[Statement]:
        report = reading(page_2015.replace(anchor, f"{anchor} {sentence}"))
        start = page_2015.index(anchor) + len(anchor)
        end = start + len(sentence) + 1
        return [s for s in report.statements if start <= s.passage.start < end]

    return read_in_page


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "The towns of Westhaven, St Albans, Upper Heath, Stoke-by-Sea and Newtown upon Tarn.",
            ["Westhaven", "St Albans", "Upper Heath", "Stoke-by-Sea", "Newtown upon Tarn"],
        ),
        ("Ships from France come to Seahaven.", ["France", "Seahaven"]),
        ("It borders on areas of Devon and Cornwall.", ["Devon and Cornwall"]),
        ("It lies across England and Wales.", ["England and Wales"]),
        ("Visitors use the channel tunnel and the new bridge.", ["channel tunnel"]),
        ("It is in the South Eastern region of forces.", ["South Eastern region"]),
        ("In Ynys Fawr, Welsh is spoken in May.", ["Ynys Fawr"]),
        ("It meets Wessmarch Police in Kent Police's boats.", []),
        ("Kent's Policing Model follows the Kent Operating Model.", []),
    ],
)
def test_places_of_the_described_area(
    sentence: str, names: list[str], added: Callable[..., list[Statement]]
) -> None:
    """By their form or by the gazetteer; a force or a model is no place."""
    found = added(sentence, AREA)
    assert [s.name for s in found if isinstance(s, PlaceStatement)] == names


def test_a_place_of_the_gazetteer_has_its_code(added: Callable[..., list[Statement]]) -> None:
    """A code joins the report with statistics of the area."""
    found = [s for s in added("It looks like Wales, in Wales.") if isinstance(s, PlaceStatement)]
    assert [(s.name, s.area) for s in found] == [("Wales", "W92000004")]


def test_the_name_of_an_area_that_stands_for_its_force_is_no_place(
    added: Callable[..., list[Statement]],
) -> None:
    """An area has no understanding of demand."""
    found = added("Kent has a good understanding of demand and was judged slow.")
    assert not [s for s in found if isinstance(s, PlaceStatement)]


@pytest.mark.parametrize(
    ("sentence", "others"),
    [
        ("It works closely with Eastmoor Constabulary on boats.", ["eastmoor"]),
        ("It shares Eastmoor\u2019s custody suites.", ["eastmoor"]),
        ("Its collaboration with Devon & Cornwall Police goes on.", ["devon-and-cornwall"]),
        (
            "It has an alliance with Kent Police and Eastmoor Constabulary.",
            ["kent", "eastmoor"],
        ),
        ("It collaborates with neighbouring forces.", [None]),
        ("The regional organised crime unit has a boat.", [None]),
        (
            "It shares a boat with Eastmoor Constabulary. This collaboration floats.",
            ["eastmoor"] * 2,
        ),
        ("Compared with Eastmoor Constabulary, its boats are slow.", []),
        ("Eastmoor Constabulary has fast boats.", []),
        ("It collaborates with the council and works with partners.", []),
        ("Wessmarch Police works with Wessmarch Council.", []),
    ],
)
def test_collaboration_names_the_other_force(
    sentence: str, others: list[str | None], added: Callable[..., list[Statement]]
) -> None:
    """Working with another force is one; being compared with it, or with partners, is none."""
    found = [s for s in added(sentence) if isinstance(s, CollaborationStatement)]
    assert [s.other_force for s in found] == others


def test_a_sentence_about_two_forces_is_two_statements(
    added: Callable[..., list[Statement]],
) -> None:
    """Each pair of forces is a collaboration of its own in the graph."""
    found = added("It shares boats with Kent Police and Eastmoor Constabulary.")
    ids = {s.id for s in found if isinstance(s, CollaborationStatement)}
    assert len(ids) == 2


def test_exceptional_events_are_the_sentences_that_tell_one(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """That there was none is no event."""
    section = "Exceptional events\nA storm sank a pier. There were no exceptional events besides.\n"
    text = page_2015.replace("\nEffectiveness\n", f"\n{section}Effectiveness\n", 1)
    assert of(reading(text), StatementType.EXCEPTIONAL_EVENT) == ["A storm sank a pier."]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "In last year\u2019s value for money inspection programme it was judged to be good.",
            ["value for money inspection programme"],
        ),
        (
            "The force took part in two joint inspections.",
            ["The force took part in two joint inspections."],
        ),
        ("HMIC undertakes other inspections of boats.", []),
        ("More on the force's other inspections can be found here.", []),
        ("As part of our annual all-force inspections the force was visited.", []),
    ],
)
def test_other_inspections_are_those_that_took_in_the_force(
    sentence: str, words: list[str], added: Callable[..., list[Statement]]
) -> None:
    """What inspectors do in general is context; a quoted grade is a judgment of its own."""
    found = added(sentence)
    assert [s.passage.text for s in found if s.type is StatementType.INSPECTION] == words


def test_the_report_is_named_by_title_and_opening(
    page_2015: str, reading: Callable[..., Report]
) -> None:
    """One report, said to be one in two places; a link's words before the opening are left out."""
    found = [s for s in reading(page_2015).statements if s.type is StatementType.REPORT]
    assert [s.passage.text.split()[0] for s in found] == ["Wessmarch", "This"]
    assert len({s.id for s in found}) == 1


def test_the_real_page_names_its_partner_events_and_places(kent: Report) -> None:
    """Checked by eye against the page."""
    partners = [s for s in kent.statements if isinstance(s, CollaborationStatement)]
    assert [(s.other_force, s.passage.start) for s in partners] == [
        ("essex", 4392), ("essex", 4488), ("essex", 4602),
    ]  # fmt: skip
    assert [
        s.passage.start for s in kent.statements if s.type is StatementType.EXCEPTIONAL_EVENT
    ] == [4016, 4158]
    assert [s.passage.start for s in kent.statements if s.type is StatementType.INSPECTION] == [
        5797, 6995, 10757,
    ]  # fmt: skip
    assert len([s for s in kent.statements if isinstance(s, PlaceStatement)]) == 18
