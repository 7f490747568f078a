"""Plain statements of what the force does: praise without a word of praise, told by their grammar.

"Call handlers ask for the address" says that they do it. The grammar is that of the inspectorate's
prose: somebody of the force, then a verb in the present or the perfect tense. Whoever else acts
(inspectors, the commissioner, all forces, the government) makes no statement about the force.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Who acts for a force: by a word of many, and by a word of one.
MANY: Final = (
    r"officers|staff|teams?|supervisors|sergeants|superintendents|leaders|managers"
    r"|constables|detectives|investigators|handlers|specialists|volunteers|pcsos|units|members"
    r"|commanders|trainers|colleagues|employees|recruits|workforce|directors|executives"
)
ONE: Final = (
    r"team|unit|workforce|constable|leadership|department|board|committee|desk|hub|bureau|centre"
    r"|room|group|panel|officer team|command"
)
QUALIFIED: Final = r"(?:(?!(?:of|who|that|which|by|for|with|from)\b)[\w'-]+ ){0,4}?"
WHERE: Final = r"(?: (?:at|in|across|within|from|of|on|throughout|around)(?: [\w'-]+){1,5}?)??"
ADVERB: Final = (
    r"(?: (?:also|now|still|then|often|usually|generally|always|already|both|all|each|[a-z]+ly))*"
)
# Where a sentence may be before it comes to who acts.
LEAD: Final = r"(?:(?:[\w'\u2013-]+[ ,]+){0,9}?(?<=, ))?(?:and |also )?"

# Verbs that tell no praise, and nouns in "-s" that are no verb.
NO_MERIT: Final = frozenset({
    "is", "was", "has", "does", "this", "its", "as", "plus", "needs", "lacks", "fails", "faces",
    "requires", "struggles", "remains", "seems", "appears", "loses", "misses", "ignores",
    "neglects", "costs", "depends", "relies", "includes", "consists", "contains", "covers",
    "employs", "serves", "spends", "receives", "expects", "says", "believes", "wants", "hopes",
    "intends", "accepts", "differs", "acknowledges", "tells", "polices", "operates", "borders",
    "comprises", "leaders", "officers", "systems", "priorities", "policies", "members", "values",
    "areas", "services", "headquarters", "plans", "stations", "supervisors", "detectives",
    "managers", "forces", "teams", "targets", "suffers", "incurs", "estimates", "assumes",
    "anticipates", "are", "were", "have", "had", "do", "did", "will", "would", "should", "could",
    "can", "may", "might", "must", "need", "be", "been", "being", "who", "that", "which", "whose",
    "of", "in", "at", "on", "by", "for", "from", "to", "with", "and", "or", "but", "than", "when",
    "where", "while", "if", "not", "no", "never", "face", "struggle", "lack", "fail", "say", "said",
    "tell", "told", "feel", "felt", "think", "thought", "believe", "expect", "want", "hope", "seem",
    "appear", "remain", "differ", "vary", "become", "became", "include", "depend", "rely", "cost",
    "lose", "miss", "across", "also", "both", "all", "each", "because", "so", "it", "they", "we",
    "he", "she", "there", "these", "those", "their", "the", "a", "an", "any", "some", "most",
    "many", "few", "more", "less", "other", "such", "until", "unless", "before", "after", "during",
    "under", "over", "between", "per", "about", "into", "through", "against", "without", "within",
    "numbers", "time", "working", "involved", "available", "responsible", "subject", "able", "due",
    "likely", "unlikely", "interviewed", "spoken", "asked", "seen", "visited", "experience",
    "experienced", "lost", "closed", "fallen", "declined", "struggled", "failed", "faced", "missed",
    "suffered", "risen", "dropped", "grown", "gone", "remained", "left", "stopped", "ceased",
    "delayed", "facing", "struggling", "failing", "losing", "lacking", "going", "having",
    "experiencing", "missing", "falling", "rising", "declining", "shrinking", "waiting", "awaiting",
    "considering", "suffering", "leaving",
})  # fmt: skip
IRREGULAR: Final = (
    r"put|set|made|taken|built|begun|brought|led|given|found|kept|held|met|done|drawn|chosen"
    r"|bought|sought|won|shown|undertaken|written|spoken|run|cut|rewritten|overhauled"
)


@lru_cache(maxsize=256)
def _forms(own: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of an act of the force, whose names *own* matches; each has its verb."""
    one = rf"(?:{own}|(?:the|its|a|an|each) {QUALIFIED}(?:{ONE}))"
    many = rf"(?:they|{QUALIFIED}(?:{MANY})(?: and {QUALIFIED}(?:{MANY}))?)"
    anybody = rf"(?:{one}|{many})"
    return (
        re.compile(rf"^{LEAD}{one}{WHERE}{ADVERB} (?P<verb>[a-z]+s)\b(?! (?:is|are|have|has)\b)"),
        re.compile(rf"^{LEAD}{many}{WHERE}{ADVERB} (?P<verb>[a-z-]+)\b(?<!s)(?<!ed)(?<!ing)"),
        re.compile(
            rf"^{LEAD}{anybody}{WHERE} (?:has|have){ADVERB} (?P<verb>[a-z]+ed|{IRREGULAR})\b"
        ),
        re.compile(rf"^{LEAD}{anybody}{WHERE} (?:is|are){ADVERB} (?P<verb>[a-z]+ing)\b"),
        re.compile(
            rf"^{LEAD}{anybody}{WHERE} (?P<verb>ha(?:s|ve){ADVERB}"
            rf" (?:an?|its own|their own|enough|several|dedicated|access to|links)\b)(?! {BURDEN})"
        ),
    )


# What a force has without merit of its own.
BURDEN: Final = (
    r"(?:[\w-]+ )?(?:duty|responsibilit(?:y|ies)|budget of|population|coastline|workforce of"
    r"|problem|challenge|need|long way|number of|border|complement|total|target|lower|higher)\b"
)
NOBODY: Final = re.compile(
    r"^(?:not|no|none|few|fewer|hardly|neither|nor|if|when|where|whether|unless|until|had|were"
    r"|(?:all|other|most|many|some|both|these|those|english|welsh) (?:police )?forces"
    r"|hmic|hmicfrs|we|i|our|my)\b"
)


def tells_act(words: str, own: str) -> bool:
    """Whether the folded *words* of a sentence tell what the force does or has done.

    >>> tells_act("call handlers ask for the address.", "the force|it")
    True
    >>> tells_act("the force faces rough seas.", "the force|it")
    False
    >>> tells_act("it has bought new engines.", "the force|it")
    True
    >>> tells_act("all forces have boats.", "the force|it")
    False
    """
    if NOBODY.match(words) or words.endswith((":", "?")):
        return False
    for form in _forms(own):
        found = form.search(words)
        if found is not None and found["verb"] not in NO_MERIT:
            return True
    return False
