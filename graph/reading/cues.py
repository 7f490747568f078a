"""The phrases that rules look for, as data: folded (lower case, plain apostrophes), one list each.

These are of the forms in which grades are awarded; the words of findings and themes come as data,
in the context, and a caller may hand other question phrases there.
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
