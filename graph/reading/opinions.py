"""What one sentence holds of the force: one opinion, two where it is parted, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import StatementType
from peelgraph.graph.reading.acts import tells_act
from peelgraph.graph.reading.clauses import Clause, is_concession, joint, main_clause, parted
from peelgraph.graph.reading.dates import MONTHS
from peelgraph.graph.reading.polarity import BLAME, PRAISE, Signal, signals, strongest
from peelgraph.graph.reading.subjects import COMMON_NOUNS, Rule

if TYPE_CHECKING:
    from peelgraph.graph.reading.context import ReadingContext
    from peelgraph.graph.reading.sentences import Sentence

CUE_METHOD: Final = "finding-cue/1"
CLAUSE_METHOD: Final = "finding-clause/1"
MIXED_METHOD: Final = "finding-mixed/1"
CONTEXT_METHOD: Final = "context-cue/1"
FURNITURE_METHOD: Final = "furniture-cue/1"
NOTHING_SAID: Final = Rule("context-default/1", 0.5)
ACT: Final = Rule("finding-act/1", 0.55)
DEADLINE_RULE: Final = Rule("recommendation-deadline/1", 0.9)

ANY_FORCE: Final = rf"(?:{'|'.join(COMMON_NOUNS)})"
FORMAL: Final = (
    StatementType.CAUSE_OF_CONCERN,
    StatementType.RECOMMENDATION,
    StatementType.INNOVATIVE_PRACTICE,
)
FINDING_KINDS: Final = frozenset(
    {*FORMAL, StatementType.STRENGTH, StatementType.AREA_FOR_IMPROVEMENT}
)
# The force is told to act by a day: only recommendations set one.
DEADLINE: Final = re.compile(
    r"^(?:by|before|within|no later than) [^,;]{3,60}?,? (?:the (?:force|constabulary|service"
    r"|chief constable)|it|[a-z' -]{3,40}? (?:police|constabulary)) (?:should|must|needs? to)\b"
    r"|\b(?:should|must),? (?:[\w'-]+,? ){0,14}?(?:by|before|no later than) (?:the end of )?"
    rf"(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) 20\d\d\b"
)
FAINT_PRAISE: Final = 0.75  # below this, praise that is only conceded counts for nothing
WEAK_JOINT: Final = 5  # from this rank on, a joint parts only opinions that are both plain
PLAIN: Final = 0.6
DOUBT: Final = 0.2  # taken off the confidence where praise and criticism could not be parted


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a run of the page says: its kind and the rule by which it was told."""

    start: int
    end: int
    kind: StatementType
    rule: Rule

    @classmethod
    def of(cls, span: Sentence | Clause, kind: StatementType, rule: Rule) -> Opinion:
        """Return the opinion that the words at *span* hold."""
        return cls(span.start, span.end, kind, rule)


def opinions(sentence: Sentence, context: ReadingContext, own: str = ANY_FORCE) -> list[Opinion]:
    """Return what *sentence* says of the force: one opinion or several, in order.

    *own* is a pattern of what the force is called.
    """
    if DEADLINE.search(sentence.folded):
        return [Opinion.of(sentence, StatementType.RECOMMENDATION, DEADLINE_RULE)]
    found = signals(sentence.folded, context)
    polar = [each for each in found if each.speaks_for in {PRAISE, BLAME}]
    best = max(strongest(polar, PRAISE), strongest(polar, BLAME))
    for kind, method in (
        *((kind, CUE_METHOD) for kind in FORMAL),
        (StatementType.FURNITURE, FURNITURE_METHOD),
        (StatementType.CONTEXT, CONTEXT_METHOD),
    ):
        weight = strongest(found, kind.value)
        if weight > best or (weight == best and kind is not StatementType.CONTEXT and weight):
            return [Opinion.of(sentence, kind, Rule(method, weight))]
    if not polar and tells_act(sentence.folded, own):
        return [Opinion.of(sentence, StatementType.STRENGTH, ACT)]
    if not polar or sentence.folded.endswith("?"):
        return [Opinion.of(sentence, StatementType.CONTEXT, NOTHING_SAID)]
    return _weighed(sentence, polar)


def _weighed(sentence: Sentence, polar: list[Signal]) -> list[Opinion]:
    """Return the praise and criticism of *sentence*, each with the part that it rests on."""
    words = sentence.folded
    polar = _without_faint_praise(words, polar)
    mixed = len({each.speaks_for for each in polar}) > 1
    runs, cuts = _runs(words, polar)
    if len(runs) == 1:
        method = MIXED_METHOD if mixed else CUE_METHOD
        rule = Rule(method, _confidence(runs[0]) - (DOUBT if mixed else 0))
        return [Opinion.of(sentence, StatementType(_kind(runs[0])), rule)]
    return [
        Opinion.of(clause, StatementType(_kind(run)), Rule(CLAUSE_METHOD, _confidence(run)))
        for clause, run in zip(parted(sentence, cuts), runs, strict=False)
    ]


def _without_faint_praise(words: str, polar: list[Signal]) -> list[Signal]:
    """Leave out faint praise that is conceded before, or in place of, a criticism."""
    point = main_clause(words)
    if not is_concession(words) or strongest(polar, BLAME) == 0:
        return polar
    conceded = [each for each in polar if each.start < point and each.speaks_for == PRAISE]
    if strongest(conceded, PRAISE) >= FAINT_PRAISE:
        return polar
    return [each for each in polar if each not in conceded]


def _runs(words: str, polar: list[Signal]) -> tuple[list[list[Signal]], list[int]]:
    """Return the signals in runs of one kind, and where the words are cut between the runs.

    Two runs between which nothing parts the sentence are one, of the stronger kind.
    """
    runs = [list(run) for _, run in groupby(polar, key=lambda each: each.speaks_for)]
    while len(runs) > 1:
        cuts = [_cut(words, before, after) for before, after in pairwise(runs)]
        if None not in cuts:
            return runs, [cut for cut in cuts if cut is not None]
        place = cuts.index(None)
        runs[place : place + 2] = [_merged(runs[place], runs[place + 1])]
        runs = [[each for run in group for each in run] for _, group in groupby(runs, key=_kind)]
    return runs, []


def _cut(words: str, before: list[Signal], after: list[Signal]) -> int | None:
    """Return where the run *after* begins, or ``None`` if nothing parts it from the one before."""
    point = main_clause(words)
    if before[-1].end <= point <= after[0].start:
        return point
    found = joint(words, before[-1].end, after[0].start + 1)
    if found is None:
        return None
    rank, place = found
    plain = min(_confidence(before), _confidence(after)) >= PLAIN
    return place if rank < WEAK_JOINT or plain else None


def _merged(before: list[Signal], after: list[Signal]) -> list[Signal]:
    """Return the signals of the stronger run; criticism wins among equals."""
    ordered = sorted((before, after), key=lambda run: (_confidence(run), _kind(run) == BLAME))
    return ordered[-1]


def _kind(run: list[Signal]) -> str:
    return run[0].speaks_for


def _confidence(run: list[Signal]) -> float:
    return max(each.weight for each in run)
