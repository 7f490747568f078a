"""The questions that a cycle asks under each pillar, and the words by which a page names them.

A phrase serves for the question as a heading ("how well does the force use its resources …?") and
for its subject in a sentence ("its use of resources is judged to be good").
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from peelgraph.graph.reading.context import QuestionCues

_CRIME: Final = (
    ("effectiveness-1", ("preventing crime", "prevents crime")),
    ("effectiveness-2", ("investigating crime", "investigates crime")),
    (
        "effectiveness-3",
        (
            "protecting those who are vulnerable",
            "protecting vulnerable people",
            "protecting from harm those who are vulnerable",
            "protects vulnerable people",
        ),
    ),
    (
        "effectiveness-4",
        (
            "tackling serious and organised crime",
            "tackling serious organised crime",
            "tackles serious and organised crime",
        ),
    ),
)
_SPECIALIST: Final = ("effectiveness-5", ("specialist capabilities", "armed policing"))
_DEMAND: Final = (
    (
        "efficiency-1",
        (
            "understanding of demand",
            "understanding of current demand",
            "understands demand",
            "understand demand",
            "understanding demand",
            "understand its current and likely future demand",
            "understanding its current and likely future demand",
        ),
    ),
    (
        "efficiency-2",
        (
            "use of resources",
            "use of its resources",
            "uses its resources",
            "use its resources",
            "using its resources",
        ),
    ),
    (
        "efficiency-3",
        (
            "planning for future demand",
            "planning for the future",
            "planning for demand in the future",
            "plan for the future",
        ),
    ),
)
_FAIRNESS: Final = (
    (
        "legitimacy-1",
        (
            "treating the people it",
            "treating all the people it",
            "treating all of the people it",
            "treat all of the people it",
            "treat people with fairness",
            "treating people with fairness",
            "treating the public fairly",
            "treating the public with fairness",
        ),
    ),
    (
        "legitimacy-2",
        (
            "its workforce behaves ethically",
            "behaving ethically",
            "ethical and lawful behaviour",
        ),
    ),
    (
        "legitimacy-3",
        ("treating its workforce", "treat its workforce", "fairly it treats its workforce"),
    ),
)

_ASKED: Final = MappingProxyType(
    {
        "peel-2014": (
            (
                "effectiveness-1",
                (
                    "reducing crime",
                    "preventing offending",
                    "reduces crime",
                    "prevents offending",
                    "cutting crime",
                ),
            ),
            ("effectiveness-2", ("investigating offending", "investigates offending")),
            (
                "effectiveness-3",
                ("tackling anti-social behaviour", "tackles anti-social behaviour"),
            ),
            ("effectiveness-4", ("protecting those at greatest risk", "protecting those most at")),
            ("efficiency-1", ("to what extent is the force efficient",)),
            ("efficiency-2", ("secure financial position",)),
            ("efficiency-3", ("affordable way of providing policing",)),
            ("legitimacy-1", ("workforce act with integrity",)),
            ("legitimacy-2", ("public perceptions of the force",)),
        ),
        "peel-2015": (
            *_CRIME,
            ("efficiency-1", ("use its resources to meet", "using its resources to meet")),
            ("efficiency-2", ("workforce model",)),
            ("efficiency-3", ("financial position for the short and long term",)),
            ("legitimacy-1", ("wellbeing of staff and an ethical culture",)),
            ("legitimacy-2", ("recording crimes in accordance",)),
            (
                "legitimacy-3",
                ("engage with and treat fairly", "engaging with and treating fairly"),
            ),
            ("legitimacy-4", ("use of stop and search and taser",)),
            ("leadership-1", ("current state of its leadership",)),
            ("leadership-2", ("sense of the future direction",)),
            ("leadership-3", ("force developing leadership",)),
            ("leadership-4", ("leadership improving",)),
        ),
        "peel-2016": (*_CRIME, _SPECIALIST, *_DEMAND, *_FAIRNESS),
        "peel-2017": (*_CRIME, _SPECIALIST, *_DEMAND, *_FAIRNESS),
        "peel-2018-19": (
            *_CRIME,
            _SPECIALIST,
            (
                "efficiency-1",
                (
                    "meeting current demand",
                    "meeting current demands",
                    "use its resources to meet",
                    "using its resources to meet",
                    "using resources to meet",
                ),
            ),
            (
                "efficiency-2",
                ("planning for the future", "plan for the future", "future planning"),
            ),
            *_FAIRNESS,
        ),
    }
)

# Questions that their cycle never meant to grade.
UNGRADED: Final = MappingProxyType(
    {
        "peel-2014": frozenset({"effectiveness-4", "legitimacy-1", "legitimacy-2"}),
        "peel-2015": frozenset(
            {"legitimacy-2", "leadership-1", "leadership-2", "leadership-3", "leadership-4"}
        ),
        "peel-2016": frozenset({"effectiveness-5"}),
        "peel-2017": frozenset({"effectiveness-5"}),
        "peel-2018-19": frozenset({"effectiveness-5"}),
    }
)


def asked_in(cycle: str) -> tuple[QuestionCues, ...]:
    """Return the questions of the cycle of that slug; none for a cycle without pillars.

    >>> [question.key for question in asked_in("peel-2017") if "legitimacy" in question.key]
    ['legitimacy-1', 'legitimacy-2', 'legitimacy-3']
    """
    return tuple(QuestionCues(key=key, phrases=phrases) for key, phrases in _ASKED.get(cycle, ()))


def ungraded_in(cycle: str) -> frozenset[str]:
    """Return the keys of the questions that the cycle of that slug never meant to grade."""
    return UNGRADED.get(cycle, frozenset())


def named_by(words: str, questions: tuple[QuestionCues, ...]) -> str | None:
    """Return the only question that the folded *words* name, if it is only one.

    >>> named_by("how well does the force plan for the future?", asked_in("peel-2018-19"))
    'efficiency-2'
    """
    named = {
        question.key
        for question in questions
        if any(phrase in words for phrase in question.phrases)
    }
    return named.pop() if len(named) == 1 else None
