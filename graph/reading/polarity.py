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
NO_BLAME: Final = re.compile(
    r"\b(?:(?:no|not|never|without(?: any)?|free (?:of|from)|few|fewer)"
    r"(?: (?:a|any|significant|serious|major|real|particular|obvious|further|such|long|large))?"
    r"|(?:has|have) (?:\w+ly |now |also )?(?:reduced|cleared|dealt with|addressed|overcome"
    r"|removed|eliminated|tackled|corrected|remedied|resolved)(?: [\w'-]+){0,4}) $"
)
DENIED: Final = MappingProxyType({PRAISE: NO_PRAISE, BLAME: NO_BLAME, ALARM: NO_BLAME})

PLAINLY: Final = 0.75  # a denial is said on purpose, however faint the word that it denies

# What is wished for is not yet so: praise after one of these is part of the wish.
WISHES: Final = re.compile(
    r"\b(?:needs? |should|could|must|ought|need$|in need|more |room for|scope|opportunit|"
    r"would benefit|improvements? )"
)
WISH_ENDS: Final = re.compile(r"[;:]|,? (?:but|although|though|however|whereas|while)\b")
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
    found = [_signal(hit.start, hit.end, context, hit.phrase.name, words) for hit in hits]
    if finding := FOUND.search(words):
        found = [each for each in found if each.start >= finding.end()] or found
    return _without_wishes(words, _turned(words, found))


def _signal(start: int, end: int, context: ReadingContext, name: str, words: str) -> Signal:
    cue = context.cue_of[name]
    wish = cue.speaks_for == BLAME and WISHES.search(words[start:end]) is not None
    return Signal(start, end, cue.speaks_for, cue.weight, name, wish)


def _turned(words: str, found: list[Signal]) -> list[Signal]:
    """Turn round what is denied; the denial itself then has had its effect."""
    turned: list[Signal] = []
    spent: list[tuple[int, int]] = []
    for each in found:
        denial = _denial(words, each)
        if denial is None:
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


def _denial(words: str, signal: Signal) -> int | None:
    """Return where the denial of *signal* begins, or ``None``."""
    pattern = DENIED.get(signal.speaks_for)
    if pattern is None:
        return None
    clause = max(words.rfind(mark, 0, signal.start) for mark in (",", ";", ":")) + 1
    denial = pattern.search(words[clause : signal.start])
    return None if denial is None else clause + denial.start()


def _without_wishes(words: str, found: list[Signal]) -> list[Signal]:
    """Leave out praise for what the force is told to do."""
    kept: list[Signal] = []
    wish_until = -1
    for each in found:
        if each.wish:
            end = WISH_ENDS.search(words, each.end)
            wish_until = end.start() if end else len(words)
        elif each.speaks_for == PRAISE and each.start < wish_until:
            continue
        kept.append(each)
    return kept


def strongest(found: Iterable[Signal], kind: str) -> float:
    """Return the weight of the strongest signal for *kind*, or 0."""
    return max((each.weight for each in found if each.speaks_for == kind), default=0.0)
