"""Who a sentence is about, and which criterion a finding belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.reading.acts import tells_act
from peelgraph.graph.reading.opinions import opinions
from peelgraph.graph.reading.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report
    from peelgraph.graph.reading import ReadingContext

OWN = r"(?:the )?wessmarch police|the force|it"


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("the force buoys its channels.", True),
        ("wessmarch police now escorts ferries.", True),
        ("its call handlers ask where the boat lies.", True),
        ("sergeants and constables across the islands row together.", True),
        ("in the past year, the force has bought two engines.", True),
        ("the harbour team is mapping the reefs.", True),
        ("the force has a bell on every quay.", True),
        ("the force has a duty to keep the peace.", False),
        ("the force has 12 boats.", False),
        ("the force faces storms.", False),
        ("the force will buy a boat.", False),
        ("inspectors rowed out.", False),
        ("all forces ring bells.", False),
        ("few officers row.", False),
        ("officers who row are tired.", False),
        ("the commissioner buys boats.", False),
        ("the islands lie to the north.", False),
        ("does the force ring bells?", False),
    ],
)
def test_an_act_needs_somebody_of_the_force(words: str, acts: bool) -> None:  # noqa: FBT001 - a table
    """The weather, the inspectors and the commissioner act too; that praises nobody."""
    assert tells_act(words, OWN) is acts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("By 30 June 2017 the force should count its boats.", "recommendation"),
        ("The force should, by the end of March 2018, count its boats.", "recommendation"),
        ("The force should count its boats.", "area-for-improvement"),
        ("Despite these delays, the force has balanced its budget.", "strength"),
        ("Too few officers know how to respond well.", "area-for-improvement"),
        ("The force does not test whether its boats are reliable.", "area-for-improvement"),
        ("The logs that we reviewed were thorough.", "strength"),
        ("The force listens to people who rarely speak.", "strength"),
        ("The backlog of repairs has fallen.", "strength"),
        ("The force has a plan to clear the backlog of repairs.", "strength"),
        ("In my assessment, the force is well led.", "strength"),
        ("We did not inspect how well the boats are kept.", "context"),
        ("The commissioner has bought excellent boats.", "context"),
    ],
)
def test_the_meaning_of_the_whole_sentence(text: str, kind: str, context: ReadingContext) -> None:
    """A cue alone would say otherwise."""
    sentence = Sentence.of(text, 0, len(text))
    assert [each.kind.value for each in opinions(sentence, context)] == [kind]


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        ("Essex Police is good at finding boats.", "context"),
        ("Encouragingly, Eastmoor Constabulary is good at finding boats.", "context"),
        ("Wessmarch Police is good at finding boats.", "strength"),
        ("Eastmoor Constabulary works well with the force.", "strength"),
    ],
)
def test_praise_of_another_force_is_context(
    new: str, kind: str, page_2015: str, reading: Callable[..., Report]
) -> None:
    """The page is about one force; what it says of a neighbour alone is no finding."""
    report = reading(page_2015.replace("Its boats are slow.", new))
    kinds = {each.type.value for each in report.statements if each.passage.text == new}
    assert kind in kinds


def test_a_finding_below_a_question_belongs_to_the_question(
    invented: Callable[[str], Report],
) -> None:
    """Where a page asks questions, the pillar alone says too little."""
    report = invented("wessmarch-2018-19-legitimacy.txt")
    criteria = {each.passage.text: each.criterion for each in report.statements}
    assert criteria["Gifts of fish are not written down."] == "legitimacy-2"
    assert criteria["Wessmarch PEEL 2018"] is None
    overview = invented("traps/overview-with-questions.txt")
    criteria = {each.passage.text: each.criterion for each in overview.statements}
    assert criteria["Nets are not mended on time."] == "efficiency-2"
    assert criteria["The boats are not counted."] == "efficiency"


def test_context_has_no_theme(page_2015: str, reading: Callable[..., Report]) -> None:
    """A word of a theme in what the page says of itself finds nothing on that theme."""
    told = "Stop and search is a power that the law gives to every force."
    found = "The force is good at stop and search."
    report = reading(page_2015.replace("Its boats are slow.", f"{told} {found}"))
    themes = {each.passage.text: each.themes for each in report.statements}
    kinds = {each.passage.text: each.type.value for each in report.statements}
    assert (kinds[told], themes[told]) == ("context", ())
    assert (kinds[found], themes[found]) == ("strength", ("fair-treatment",))
