"""What a sentence says of the force: the traps of meaning, on sentences made up for the purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.reading.opinions import opinions
from peelgraph.graph.reading.sentences import Sentence

if TYPE_CHECKING:
    from peelgraph.graph.reading import ReadingContext

GOOD, BAD, CONTEXT = "strength", "area-for-improvement", "context"


def read_as(text: str, context: ReadingContext) -> list[tuple[str, str]]:
    """The kind and the words of each opinion in a sentence."""
    sentence = Sentence.of(text, 0, len(text))
    return [(each.kind.value, text[each.start : each.end]) for each in opinions(sentence, context)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # denial
        ("The force is good at finding stolen boats.", GOOD),
        ("The force is not good at finding stolen boats.", BAD),
        ("Staff do not feel valued by their leaders.", BAD),
        ("The quality of care for victims is not good enough.", BAD),
        ("We have no concerns about how the force keeps its boats.", GOOD),
        ("There are no causes of concern about the harbour.", GOOD),
        ("The force has dealt with its backlog.", GOOD),
        ("The force does not hesitate to remove dishonest sailors.", GOOD),
        ("Not only is the force good at patrols, it is also quick to answer calls.", GOOD),
        ("The public cannot be confident that calls are answered promptly.", BAD),
        ("There has been no considerable improvement since the last inspection.", BAD),
        # hedging
        ("The force does not always tell owners what became of their boats.", BAD),
        ("Most but not all harbour teams keep a log.", BAD),
        ("It has yet to put these plans into practice.", BAD),
        ("The force still has some way to go before islanders trust it.", BAD),
        ("In particular, the force needs to improve its understanding of the tides.", BAD),
        ("The force should improve how it records crime, so that victims are well served.", BAD),
        ("Supervision is inconsistent and the quality of logs varies.", BAD),
        # plans and actions under way are praise, unless they are what is needed
        ("The force is working to improve its radios.", GOOD),
        ("The force has plans in place to deal with storms.", GOOD),
        ("The force has no plans in place to deal with storms.", BAD),
        ("The force has made good progress against last year's areas for improvement.", GOOD),
        # praise that only introduces a criticism
        ("Although there has been some good work, the force has a backlog of boat checks.", BAD),
        # general remarks, and what the inspectorate did
        ("Stop and search is a power that can help the police to prevent crime.", CONTEXT),
        ("All forces must keep a good record of their boats.", CONTEXT),
        ("We looked at how well the force keeps its boats.", CONTEXT),
        ("This is the first year of the programme, so a good comparison is not possible.", CONTEXT),
        ("When we looked at how well the force listens, we found that it listens well.", CONTEXT),
        ("When we looked at the crews, we found that they are well led.", GOOD),
        ("Effectiveness is about whether the force keeps its good promises.", CONTEXT),
        ("How well does the force keep its good boats?", CONTEXT),
        ("The force polices an area of 400 islands.", CONTEXT),
        # what the report calls by its formal name
        ("Cause of concern: the force fails to keep its boats afloat.", "cause-of-concern"),
        ("We recommend that the force buys good life jackets.", "recommendation"),
        ("This is innovative practice that others could copy.", "innovative-practice"),
    ],
)  # fmt: skip
def test_one_sentence_holds_one_opinion(text: str, kind: str, context: ReadingContext) -> None:
    """Words alone mislead: a denial, a wish or a general remark turns them round."""
    assert read_as(text, context) == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "The harbour team is effective, but more could be done on the outer islands.",
            [
                (GOOD, "The harbour team is effective"),
                (BAD, "more could be done on the outer islands"),
            ],
        ),
        (
            "Patrols are well managed; however, records of them are poor.",
            [(GOOD, "Patrols are well managed"), (BAD, "records of them are poor")],
        ),
        (
            "While the force is good at patrols, it is slow to answer letters.",
            [
                (GOOD, "While the force is good at patrols"),
                (BAD, "it is slow to answer letters"),
            ],
        ),
        (
            "There are delays in the laboratory, although the force has  strong plans.",
            [
                (BAD, "There are delays in the laboratory"),
                (GOOD, "the force has  strong plans"),
            ],
        ),
        (
            "The force has adopted the code and has complied with most but not all of its parts.",
            [
                (GOOD, "The force has adopted the code"),
                (BAD, "has complied with most but not all of its parts"),
            ],
        ),
    ],
)
def test_praise_beside_criticism_is_two_opinions(
    text: str, parts: list[tuple[str, str]], context: ReadingContext
) -> None:
    """Each finding rests on its own clause, at its own place."""
    assert read_as(text, context) == parts


def test_praise_and_criticism_that_nothing_parts_is_one_doubtful_opinion(
    context: ReadingContext,
) -> None:
    """Guessing a cut would quote half a thought."""
    text = "Its good boats lack good sailors."
    sentence = Sentence.of(text, 0, len(text))
    (one,) = opinions(sentence, context)
    assert (one.kind.value, one.start, one.end) == (BAD, 0, len(text))
    assert one.rule.method == "finding-mixed/1"
    assert one.rule.confidence < 0.8  # a review by hand begins with such
