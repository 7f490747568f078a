"""Invented inspections in any number, as N-Triples: like the graph of a real version in shape.

Per report one named graph with its sections, passages (a sentence of 8 to 24 words and its place),
judgments and findings; beside them one graph of forces, cycles, criteria and grades. No triple
stands in two graphs, so that every server's union of the graphs gives the same answers.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://w3id.org/peelgraph"
PI = f"{BASE}/def/inspection#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
OA = "http://www.w3.org/ns/oa#"
FORCES, CRITERIA, PASSAGES, FINDINGS = 43, 12, 60, 30
GRADES = ("inadequate", "requires-improvement", "good", "outstanding")
KINDS = ("AreaForImprovement", "CauseOfConcern", "Strength", "InnovativePractice")
VOCABULARY = (
    "the force officers victims neighbourhood burglary custody demand plans leaders staff response"
    " vulnerable understands records should improve how quickly it and when their calls is are of"
    " investigations supervision training evidence community"
)
WORDS = VOCABULARY.split()


def graphs(triples: int) -> Iterator[tuple[str, list[str]]]:
    """Yield named graphs, each with its N-Triples lines, until they are at least *triples*.

    The same ones every time: the reference graph, then one report after another.
    """
    chance = random.Random(2014)  # noqa: S311 - the same data every time
    lines = reference()
    yield f"{BASE}/graph/reference/bench", lines
    written = len(lines)
    for number in itertools.count():
        if written >= triples:
            return
        lines = report(number, chance)
        yield f"{BASE}/graph/document/{report_name(number)}", lines
        written += len(lines)


def passage(number: int) -> str:
    """The IRI of a passage: *number* counts from 0 through all reports."""
    report, place = divmod(number, PASSAGES)
    return f"{version(report)}/passage/{place * 200}-{place * 200 + 150}"


def report_name(number: int) -> str:
    """The slug of a report, which is that of its cycle and its force."""
    return f"bench-{number // FORCES}-force-{number % FORCES}"


def version(number: int) -> str:
    """The IRI of the one captured version of a report."""
    name = report_name(number)
    return f"{BASE}/id/report/{name}/version/{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def reference() -> list[str]:
    """The forces, criteria and grades."""
    lines = []
    for n in range(FORCES):
        force = f"<{BASE}/id/force/force-{n}>"
        lines += [
            f"{force} {TYPE} <{PI}PoliceForce> .\n",
            f'{force} {LABEL} "Invented Police {n}"@en .\n',
        ]
        if n % 4 == 0:
            lines.append(f'{force} {LABEL} "Heddlu Dychmygol {n}"@cy .\n')
    for n in range(CRITERIA):
        criterion = f"<{BASE}/def/question/bench-{n}>"
        lines += [
            f"{criterion} {TYPE} <{PI}Question> .\n",
            f'{criterion} {LABEL} "Question {n}"@en .\n',
            f"{criterion} <{PI}pillar> <{BASE}/def/pillar/pillar-{n % 3}> .\n",
        ]
    for rank, grade in enumerate(GRADES, start=1):
        node = f"<{BASE}/def/grade/bench/{grade}>"
        lines += [
            f'{node} <{PI}rank> "{rank}"^^{INTEGER} .\n',
            f'{node} {LABEL} "{grade.replace("-", " ")}"@en .\n',
        ]
    return lines


def report(number: int, chance: random.Random) -> list[str]:
    """One report: its version, passages, judgments and findings, in its own graph."""
    name, captured = report_name(number), version(number)
    cycle, force = f"<{BASE}/id/cycle/bench-{number // FORCES}>", number % FORCES
    about = [(f"<{PI}cycle>", cycle), (f"<{PI}force>", f"<{BASE}/id/force/force-{force}>")]
    stated = [
        (f"<{BASE}/id/report/{name}>", [(TYPE, f"<{PI}Report>"), *about]),
        (f"<{captured}>", [(f"<{PI}report>", f"<{BASE}/id/report/{name}>")]),
    ]
    for place in range(PASSAGES):
        stated += passage_of(number, place, chance)
    for n in range(CRITERIA):
        node = f"<{BASE}/data/judgment/{name}/{n}>"
        stated.append((node, [(TYPE, f"<{PI}Judgment>"), *about, *judgment(number, n, chance)]))
    for n in range(FINDINGS):
        node = f"<{BASE}/id/finding/{name}/{n}>"
        stated.append((node, [*about, *finding(number, n, chance)]))
    return [f"{s} {p} {o} .\n" for s, pairs in stated for p, o in pairs]


def passage_of(
    number: int, place: int, chance: random.Random
) -> list[tuple[str, list[tuple[str, str]]]]:
    """A passage and its two selectors."""
    node = passage(number * PASSAGES + place)
    words = " ".join(chance.choices(WORDS, k=chance.randint(8, 24)))
    return [
        (
            f"<{node}>",
            [
                (TYPE, f"<{PI}Passage>"),
                (f"<{OA}hasSource>", f"<{version(number)}>"),
                (f"<{OA}hasSelector>", f"<{node}/position>"),
                (f"<{OA}hasSelector>", f"<{node}/quote>"),
            ],
        ),
        (
            f"<{node}/position>",
            [
                (f"<{OA}start>", f'"{place * 200}"^^{INTEGER}'),
                (f"<{OA}end>", f'"{place * 200 + 150}"^^{INTEGER}'),
            ],
        ),
        (f"<{node}/quote>", [(f"<{OA}exact>", f'"{words.capitalize()}."@en')]),
    ]


def judgment(number: int, n: int, chance: random.Random) -> list[tuple[str, str]]:
    """What a judgment says beside force and cycle."""
    grade = chance.choices(GRADES, weights=(1, 4, 8, 2))[0]
    return [
        (f"<{PI}criterion>", f"<{BASE}/def/question/bench-{n}>"),
        (f"<{PI}grade>", f"<{BASE}/def/grade/bench/{grade}>"),
        (f"<{PI}evidence>", f"<{passage(number * PASSAGES + n)}>"),
    ]


def finding(number: int, n: int, chance: random.Random) -> list[tuple[str, str]]:
    """What a finding says beside force and cycle."""
    words = " ".join(chance.choices(WORDS, k=12))
    about = chance.randrange(CRITERIA)
    pairs = [
        (TYPE, f"<{PI}{chance.choice(KINDS)}>"),
        (f"<{PI}statement>", f'"{words.capitalize()} ({number}.{n})."@en'),
        (f"<{PI}evidence>", f"<{passage(number * PASSAGES + CRITERIA + n)}>"),
    ]
    if n % 3:
        pairs.append((f"<{PI}criterion>", f"<{BASE}/def/question/bench-{about}>"))
    return pairs
