"""The phrases that rules look for, as data: folded (lower case, plain apostrophes), one list each.

These are the defaults; a caller may hand other question and theme phrases in the context.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

PILLARS: Final = ("effectiveness", "efficiency", "legitimacy", "leadership")

HEADLINE: Final = (
    r"(?:keeping people safe and reducing crime|reducing crime and keeping people safe)"
)

# How a summary line says what a pillar is about, between "the extent to which" and the grade.
EXTENT_PREDICATES: Final = MappingProxyType(
    {
        "effectiveness": rf"is effective at {HEADLINE}",
        "efficiency": (
            rf"(?:is efficient at {HEADLINE}|operates efficiently"
            r"(?: and sustainably| and provides sustainable services to the public)?)"
        ),
        "legitimacy": (
            rf"(?:is legitimate at {HEADLINE}"
            r"|treats the public and (?:its|the) workforce legitimately)"
        ),
    }
)

# Words that name a pillar inside a sentence, most telling first.
PILLAR_NAMES: Final = (
    ("value for money", "efficiency"),
    ("effectiveness", "effectiveness"),
    ("efficiency", "efficiency"),
    ("legitimacy", "legitimacy"),
    ("leadership", "leadership"),
)

# Grade words on a page, longest first so that none hides inside another.
GRADE_WORDS: Final = (
    ("requires improvement", "requires-improvement"),
    ("require improvement", "requires-improvement"),
    ("requiring improvement", "requires-improvement"),
    ("outstanding", "outstanding"),
    ("inadequate", "inadequate"),
    ("adequate", "adequate"),
    ("good", "good"),
)

SCALE_GRADES: Final = MappingProxyType(
    {
        "four-tier": frozenset({"outstanding", "good", "requires-improvement", "inadequate"}),
        "five-tier": frozenset(
            {"outstanding", "good", "adequate", "requires-improvement", "inadequate"}
        ),
    }
)

# A grade after one of these, in the same clause, is denied, wished for or supposed: not awarded.
DENIALS: Final = (
    "not", "no", "never", "nor", "neither", "cannot", "longer", "without", "hardly", "unless",
    "if", "whether", "until", "would", "could", "should", "may", "might", "almost", "nearly",
    "rather than", "instead of", "far from", "short of", "isn't", "wasn't", "aren't",
    "hasn't", "doesn't", "didn't", "potentially", "become", "becoming", "expect", "expects",
)  # fmt: skip

# Which question of a cycle a topic names, where pages award grades to questions.
QUESTIONS: Final = MappingProxyType(
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
        ),
        "peel-2017": (
            ("efficiency-1", ("understanding of demand", "understands demand")),
            (
                "efficiency-2",
                ("use of resources", "use of its resources", "uses its resources"),
            ),
            ("efficiency-3", ("planning for future demand", "planning for the future")),
            (
                "legitimacy-1",
                ("treating the people it", "treating all the people it"),
            ),
            ("legitimacy-2", ("its workforce behaves ethically",)),
            ("legitimacy-3", ("treating its workforce",)),
        ),
    }
)

THEMES: Final = (
    ("preventing-crime", ("anti-social behaviour", "prevent", "cutting crime", "reducing crime")),
    ("investigating-crime", ("investigat", "catching criminals", "crime outcomes", "forensic")),
    (
        "protecting-vulnerable-people",
        ("vulnerab", "domestic abuse", "child sexual exploitation", "missing", "safeguard"),
    ),
    ("serious-organised-crime", ("organised crime", "organised criminality", "terroris")),
    ("responding-to-the-public", ("visible", "calls for service", "999")),
    ("managing-offenders", ("re-offending", "reoffending", "offenders")),
    ("fair-treatment", ("stop and search", "taser", "fairness", "fairly")),
    ("workforce", ("workforce", "wellbeing", "ethical")),
    ("resources-and-planning", ("value for money", "demand", "financial", "resources", "budget")),
    ("leadership", ("leadership", "leaders")),
    ("recording-crime", ("crime recording", "crime-recording", "recording of crime")),
    ("victim-service", ("victims first", "victims and witnesses", "victim satisfaction")),
)
