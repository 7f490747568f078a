"""What the cues of a sentence say together: denied praise, wishes, and what is only conceded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import StatementType
from peelgraph.graph.reading.phrases import longest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.graph.reading.context import ReadingContext

PRAISE: Final = StatementType.STRENGTH.value
BLAME: Final = StatementType.AREA_FOR_IMPROVEMENT.value
ALARM: Final = StatementType.CAUSE_OF_CONCERN.value
OPPOSITE: Final = MappingProxyType({PRAISE: BLAME, BLAME: PRAISE, ALARM: PRAISE})

# A denial reaches over three words at most, and never over a comma.
NO_PRAISE: Final = re.compile(
    r"\b(?:not|no|never|neither|nor|without|hardly|rarely|cannot|little|few|less|fails? to|"
    r"failed to|failing to|unable to|yet to|lacks?|lack of|difficult to|far from)\b(?! only)"
    r"(?: [\w'-]+){0,3} $"
)
_MENDING: Final = (
    "clear(?:ing)?|reduc(?:e|ing)|cut(?:ting)?|tackl(?:e|ing)|address(?:ing)?|deal(?:ing)? with"
    "|remov(?:e|ing)|eliminat(?:e|ing)|resolv(?:e|ing)|overcom(?:e|ing)|prevent(?:ing)?"
    "|avoid(?:ing)?|fill(?:ing)?|clos(?:e|ing)|mend(?:ing)?|correct(?:ing)?|remedy(?:ing)?"
    "|put(?:ting)? right|minimis(?:e|ing)|shorten(?:ing)?"
)
NO_BLAME: Final = re.compile(
    r"\b(?:(?:no|not|never|without(?: any)?|free (?:of|from)|few|fewer)"
    r"(?: (?:a|any|significant|serious|major|real|particular|obvious|further|such|long|large))?"
    r"|(?:has|have) (?:\w+ly |now |also )?(?:reduced|cleared|dealt with|addressed|overcome"
    r"|removed|eliminated|tackled|corrected|remedied|resolved)(?: [\w'-]+){0,4}"
    rf"|(?:to|for|in|by|on) (?:{_MENDING})(?: [\w'-]+){{0,4}}) $"
)
# "The backlog has fallen": what is bad and grows less is good.
LESSENED: Final = re.compile(
    r"(?: (?!and\b|but\b)[\w'-]+){0,3}? (?:has|have|had) "
    r"(?:[a-z]+ly |now |also |all ){0,2}(?:been )?"
    r"(?:reduced|fallen|decreased|lessened|shrunk|halved|cleared|resolved|removed|eliminated)\b"
)
OUTSTANDING: Final = re.compile(
    r" (?:\w+ )?(?:warrants?|suspects?|cases?|offenders?|visits?|calls?|crimes?|incidents?|actions?"
    r"|recommendations?|investigations?|work|matters?|demand|issues?)\b"
)
DENIED: Final = MappingProxyType({PRAISE: NO_PRAISE, BLAME: NO_BLAME, ALARM: NO_BLAME})

REACH: Final = 120  # characters before a cue in which a word can bear on it

PLAINLY: Final = 0.75  # a denial is said on purpose, however faint the word that it denies

# What is wished for is not yet so: praise after one of these is part of the wish.
WISHES: Final = re.compile(
    r"\b(?:needs? |should|could|must|ought|need$|in need|more |room for|scope|opportunit|"
    r"would benefit|improvements? )"
)
WISH_ENDS: Final = re.compile(
    r"[;:]|,? (?:but|although|though|however|whereas|while)\b|, (?:and|so|yet|which|with)\b"
)
# Criticism that reaches to the end of its clause: "too few officers know their area well".
DENYING: Final = re.compile(
    r"\b(?:not|no|never|nor|neither|few|fewer|little|rarely|seldom|hardly|infrequently|cannot"
    r"|unable|unaware|unsure|without|difficult|unlikely|yet to|lack(?:s|ed|ing)?"
    r"|fail(?:s|ed|ing|ure)?|too|limited|concern(?:s|ed)?|worried|disappointed)\b|n't\b"
)
NOT_ONLY: Final = re.compile(r" (?:only|just|merely|hesitate|simply)\b")
# What is said of people outside the force ("victims who rarely call") is no finding about it, and
# neither is what says which things the inspectors saw ("the files that we looked at").
OTHERS: Final = re.compile(
    r"\b(?:people|those|victims|offenders|criminals|children|anyone|everyone|somebody|residents"
    r"|suspects|members of the public) (?:who|that) (?:\w+ ){0,2}$"
)
SEEN: Final = re.compile(r"\b(?:that|which|whom|those|everyone|officers|staff|people|someone) $")
IN_OUR_VIEW: Final = frozenset({"in my assessment", "in our assessment"})
INSPECTORS: Final = re.compile(r"(?:we|hmic(?:frs)?|our inspectors|inspectors)\b")
# "Despite these difficulties, …": what was said before is conceded once more, not said anew.
CONCEDED_AGAIN: Final = re.compile(
    r"(?:despite|notwithstanding|in spite of) (?:this|these|those|that|such)\b[^,]*, "
)
FOUND: Final = re.compile(
    r"\b(?:we|i|hmic(?:frs)?|inspectors|inspection)(?: have| has| also)*"
    r" (?:found|conclude[ds]?|consider)(?: that)?\b|\bfound that\b"
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One cue at work in folded text: what it speaks for there, and how strongly."""

    start: int
    end: int
    speaks_for: str
    weight: float
    cue: str
    wish: bool = False
    denied: bool = False


def signals(words: str, context: ReadingContext) -> list[Signal]:
    """Return what speaks in the folded *words* of a sentence, by place.

    What stands before "we found that" only says how the inspectorate came to the point.
    """
    hits = longest(context.cue_words.hits(words))
    found = [
        _signal(hit.start, hit.end, context, hit.phrase.name, words)
        for hit in hits
        if not _is_aside(words, hit.start, hit.end)
    ]
    if finding := FOUND.search(words):
        found = [each for each in found if each.start >= finding.end()] or found
    if again := CONCEDED_AGAIN.match(words):
        found = [each for each in found if each.start >= again.end()] or found
    return _without_wishes(words, _turned(words, found))


def _is_aside(words: str, start: int, end: int) -> bool:
    """Whether a cue is used of somebody else, or only to say what the inspectors looked at."""
    before = words[max(0, start - REACH) : start]
    if OTHERS.search(before) or NOT_ONLY.match(words, end):
        return True
    if words[start:end] == "outstanding" and OUTSTANDING.match(words, end):
        return True
    if words[:end] in IN_OUR_VIEW and words.startswith(",", end):
        return True
    return INSPECTORS.match(words, start, end) is not None and bool(SEEN.search(before))


def _signal(start: int, end: int, context: ReadingContext, name: str, words: str) -> Signal:
    cue = context.cue_of[name]
    said = words[start:end]
    wish = cue.speaks_for == BLAME and bool(WISHES.search(said) or DENYING.search(said))
    return Signal(start, end, cue.speaks_for, cue.weight, name, wish)


def _turned(words: str, found: list[Signal]) -> list[Signal]:
    """Turn round what is denied; the denial itself then has had its effect."""
    turned: list[Signal] = []
    spent: list[tuple[int, int]] = []
    for each in found:
        if each.speaks_for == BLAME and (lessened := LESSENED.match(words, each.end)):
            spent.append((each.end, lessened.end()))
            turned.append(replace(each, speaks_for=PRAISE, denied=True))
            continue
        denial = _denial(words, each)
        if denial is None or _is_praised(denial, found):
            turned.append(each)
        else:
            spent.append((denial, each.start))
            weight = max(each.weight, PLAINLY)
            said = OPPOSITE[each.speaks_for]
            turned.append(replace(each, speaks_for=said, weight=weight, denied=True))
    return [
        each
        for each in turned
        if each.denied or not any(each.end > start and each.end <= end for start, end in spent)
    ]


def _is_praised(denial: int, found: list[Signal]) -> bool:
    """Whether the word that seems to deny is itself part of praise ("without delay")."""
    return any(each.speaks_for == PRAISE and each.start <= denial < each.end for each in found)


def _denial(words: str, signal: Signal) -> int | None:
    """Return where the denial of *signal* begins, or ``None``."""
    pattern = DENIED.get(signal.speaks_for)
    if pattern is None:
        return None
    first = max(0, signal.start - REACH)
    clause = max(first, *(words.rfind(m, first, signal.start) + 1 for m in (",", ";", ":")))
    denial = pattern.search(words[clause : signal.start])
    return None if denial is None else clause + denial.start()


def _without_wishes(words: str, found: list[Signal]) -> list[Signal]:
    """Leave out praise for what the force is told to do."""
    kept: list[Signal] = []
    wish_until = -1
    for each in found:
        if each.wish or (each.denied and each.speaks_for == BLAME):
            end = WISH_ENDS.search(words, each.end)
            wish_until = end.start() if end else len(words)
        elif each.speaks_for == PRAISE and each.start < wish_until:
            continue
        kept.append(each)
    return kept


def strongest(found: Iterable[Signal], kind: str) -> float:
    """Return the weight of the strongest signal for *kind*, or 0."""
    return max((each.weight for each in found if each.speaks_for == kind), default=0.0)
