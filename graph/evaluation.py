"""How well a page was read: what the reader found, held against a gold standard made by hand.

A gold standard is a CSV file of places, without any text: ``start``, ``end`` (code points of the
captured text, end excluded), ``type`` and, where they are known, ``criterion``, ``theme`` (several
with a blank between them) and ``detail``: the words that what was read must have in the fields of
its kind (``good peel-2015``, ``5 percent``, ``value=5``). A comment line ``# sha256: …`` ties the
file to one captured text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from peelgraph.graph.csv_rows import rows_of
from peelgraph.graph.errors import TableError
from peelgraph.graph.model import Statement, StatementType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from peelgraph.graph.csv_rows import Row

COLUMNS: Final = ("start", "end", "type", "criterion", "theme", "detail")
SAME_PLACE: Final = 0.5  # share of the joint span that two spans of one statement have in common
FINDINGS: Final = (
    StatementType.STRENGTH,
    StatementType.AREA_FOR_IMPROVEMENT,
    StatementType.CAUSE_OF_CONCERN,
    StatementType.RECOMMENDATION,
    StatementType.INNOVATIVE_PRACTICE,
)
ALL_FINDINGS: Final = "all findings"
DIGEST: Final = re.compile(r"^#\s*sha256:\s*([0-9a-f]{64})\b", re.MULTILINE)
SEVERAL: Final = re.compile(r"[\s;|]+")
COMMON: Final = frozenset(each.name for each in fields(Statement))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldStatement:
    """One statement that a person found on the page; empty values say nothing."""

    start: int
    end: int
    type: StatementType
    criterion: str = ""
    themes: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A gold statement and what was read in its place."""

    gold: GoldStatement
    found: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of one kind, and the measures that follow from them."""

    kind: str
    gold: int
    found: int
    matched: int

    @property
    def precision(self) -> float:
        """The share of what was read that is right; 1 where nothing was read."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold standard that was read; 1 where it has nothing."""
        return self.matched / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall.

        >>> Score(kind="strength", gold=4, found=2, matched=2).f1
        0.6666666666666666
        """
        total = self.gold + self.found
        return 2 * self.matched / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """In how many of the matches whose gold says something of an aspect the reader says it too."""

    agreed: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingError:
    """One difference between gold and reading, at the place where the sentence stands.

    ``error`` is ``missed``, ``spurious``, ``wrong type``, or ``wrong`` and an aspect.
    """

    error: str
    start: int
    end: int
    expected: str
    read: str
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Scores per kind in the order of the model, agreement per aspect, and every error by place."""

    scores: tuple[Score, ...]
    findings: Score
    agreements: dict[str, Agreement]
    errors: tuple[ReadingError, ...]


def gold_statements(content: str, *, place: str, text: str, sha256: str) -> list[GoldStatement]:
    """Return the statements of a gold standard.

    Args:
        content: The CSV file's text.
        place: The file's name, for errors.
        text: The captured text that was read.
        sha256: Its digest.

    Raises:
        TableError: the file is of another text, or a row cannot be used; the place has the line.
    """
    if (said := DIGEST.search(content)) and said[1] != sha256:
        raise TableError(
            f"the gold standard is of the text {said[1][:12]}…",
            place=f"{place}:{content.count(chr(10), 0, said.start()) + 1}",
            expected=f"one of the text that was read, {sha256[:12]}…",
        )
    seen: dict[GoldStatement, str] = {}
    for row in rows_of(content, columns=COLUMNS, place=place):
        gold = _gold_statement(row, len(text))
        if gold in seen:
            raise row.fault(f"the row repeats {seen[gold]}", expected="each statement once")
        seen[gold] = row.place
    return list(seen)


def _gold_statement(row: Row, length: int) -> GoldStatement:
    start, end, kind = row.number("start"), row.number("end"), row.cells["type"]
    if not start < end <= length:
        raise row.fault(
            f"there is no passage from {start} to {end}",
            expected=f"a start before its end, and an end of at most {length}",
        )
    if kind not in set(StatementType):
        raise row.fault(f"there is no type {kind!r}", expected=f"one of {', '.join(StatementType)}")
    return GoldStatement(
        start=start,
        end=end,
        type=StatementType(kind),
        criterion=row.cells["criterion"],
        themes=tuple(sorted(_several(row.cells["theme"]))),
        detail=_several(row.cells["detail"]),
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in SEVERAL.split(cell) if part)


def evaluation(gold: Sequence[GoldStatement], found: Sequence[Statement]) -> Evaluation:
    """Return how well the statements that were *found* agree with the *gold* standard.

    Statements are paired one to one within a type where their spans have at least half of their
    joint length in common, the best pairs first; equal pairs by what else agrees, then by place.
    Errors leave out what was found of kinds, other than findings, that the gold standard lacks:
    it was not annotated for them.
    """
    matches = paired(gold, found, lambda g, f: g.type is f.type)
    met = {id(match.gold) for match in matches} | {id(match.found) for match in matches}
    missed = [each for each in gold if id(each) not in met]
    spurious = [each for each in found if id(each) not in met]
    confused = paired(missed, spurious, lambda _gold, _found: True)
    scores = tuple(_scores(gold, found, matches))
    return Evaluation(
        scores=scores,
        findings=_total(ALL_FINDINGS, [each for each in scores if each.kind in set(FINDINGS)]),
        agreements=_agreements(matches),
        errors=tuple(_errors(matches, missed, spurious, confused)),
    )


def overlap(gold: GoldStatement, found: Statement) -> float:
    """Return what two spans have in common as a share of their joint length."""
    first, second = (gold.start, gold.end), (found.passage.start, found.passage.end)
    common = min(first[1], second[1]) - max(first[0], second[0])
    joint = max(first[1], second[1]) - min(first[0], second[0])
    return max(0, common) / joint


def paired(
    gold: Sequence[GoldStatement],
    found: Sequence[Statement],
    may_pair: Callable[[GoldStatement, Statement], bool],
) -> list[Match]:
    """Return the one-to-one pairs at the same place, the best first taken, in order of place."""
    candidates = sorted(
        (-overlap(g, f), -sum(agreement(g, f).values()), i, j)
        for i, g in enumerate(gold)
        for j, f in enumerate(found)
        if may_pair(g, f) and overlap(g, f) >= SAME_PLACE
    )
    taken_gold: dict[int, int] = {}
    taken_found: set[int] = set()
    for *_, i, j in candidates:
        if i not in taken_gold and j not in taken_found:
            taken_gold[i] = j
            taken_found.add(j)
    return [Match(gold[i], found[j]) for i, j in sorted(taken_gold.items())]


def agreement(gold: GoldStatement, found: Statement) -> dict[str, bool]:
    """Return whether both say the same, by each aspect of which the gold statement speaks.

    Details are compared where the kind of *found* has fields of its own to hold them.
    """
    said: dict[str, bool] = {}
    if gold.criterion:
        said["criterion"] = gold.criterion == found.criterion
    if gold.themes:
        said["theme"] = set(gold.themes) == set(found.themes)
    own = details(found)
    if gold.detail and own:
        known = {word for value in own.values() for word in _several(value.casefold())}
        known |= {f"{name}={value}".casefold() for name, value in own.items()}
        said["detail"] = known.issuperset(word.casefold() for word in gold.detail)
    return said


def details(found: Statement) -> dict[str, str]:
    """Return what its kind adds to a statement (grade, value, other force), as plain strings."""
    own = {each.name: getattr(found, each.name) for each in fields(found)}
    return {n: "" if v is None else str(v) for n, v in own.items() if n not in COMMON}


def _scores(
    gold: Iterable[GoldStatement], found: Iterable[Statement], matches: Iterable[Match]
) -> Iterator[Score]:
    in_gold = Counter(each.type for each in gold)
    in_found = Counter(each.type for each in found)
    matched = Counter(each.gold.type for each in matches)
    for kind in StatementType:
        if in_gold[kind] or in_found[kind]:
            yield Score(
                kind=kind.value, gold=in_gold[kind], found=in_found[kind], matched=matched[kind]
            )


def _total(kind: str, scores: Sequence[Score]) -> Score:
    return Score(
        kind=kind,
        gold=sum(each.gold for each in scores),
        found=sum(each.found for each in scores),
        matched=sum(each.matched for each in scores),
    )


def _agreements(matches: Iterable[Match]) -> dict[str, Agreement]:
    said = [agreement(match.gold, match.found) for match in matches]
    return {
        aspect: Agreement(
            agreed=sum(each.get(aspect, False) for each in said),
            of=sum(aspect in each for each in said),
        )
        for aspect in ("criterion", "theme", "detail")
    }


def _errors(
    matches: Sequence[Match],
    missed: Sequence[GoldStatement],
    spurious: Sequence[Statement],
    confused: Sequence[Match],
) -> list[ReadingError]:
    """Return every error by place; a confusion stands for a missed and a spurious statement."""
    told = {id(each.gold) for each in confused} | {id(each.found) for each in confused}
    annotated = {*FINDINGS, *(m.gold.type for m in matches), *(each.type for each in missed)}
    errors = [_error("missed", gold, None) for gold in missed if id(gold) not in told]
    errors += [
        _error("spurious", None, found)
        for found in spurious
        if id(found) not in told and found.type in annotated
    ]
    errors += [_error("wrong type", each.gold, each.found) for each in confused]
    errors += [
        _error(f"wrong {aspect}", match.gold, match.found)
        for match in matches
        for aspect, agreed in agreement(match.gold, match.found).items()
        if not agreed
    ]
    return sorted(errors, key=lambda each: (each.start, each.end, each.error, each.expected))


def _error(error: str, gold: GoldStatement | None, found: Statement | None) -> ReadingError:
    aspect = error.removeprefix("wrong ")
    start, end = (0, 0)
    if found is not None:
        start, end = found.passage.start, found.passage.end
    if gold is not None:
        start, end = gold.start, gold.end
    return ReadingError(
        error=error,
        start=start,
        end=end,
        expected=_gold_aspect(gold, aspect) if gold else "",
        read=_found_aspect(found, aspect) if found else "",
        method=found.method if found else "",
    )


def _gold_aspect(gold: GoldStatement, aspect: str) -> str:
    aspects = {"criterion": gold.criterion, "theme": gold.themes, "detail": gold.detail}
    value = aspects.get(aspect, gold.type.value)
    return value if isinstance(value, str) else " ".join(value)


def _found_aspect(found: Statement, aspect: str) -> str:
    aspects = {
        "criterion": found.criterion or "",
        "theme": " ".join(found.themes),
        "detail": " ".join(f"{name}={value}" for name, value in details(found).items() if value),
    }
    return aspects.get(aspect, found.type.value)
