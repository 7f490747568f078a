"""Invented pages about real forces and cycles, as many as are asked for.

Every sentence is made up for measuring; only the grades are those of ``graph/tables/grades.csv``,
so that the pages agree with the tables and land. They are no reports and say so. None of them may
be published.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.tables import Tables

CYCLES: Final = {"peel-2015": "second", "peel-2016": "third", "peel-2017": "fourth"}
PILLARS: Final = {
    "effectiveness": ("effective", "at keeping people safe and reducing crime"),
    "efficiency": ("efficient", "at keeping people safe and reducing crime"),
    "legitimacy": ("legitimate", "at keeping people safe and reducing crime"),
}
SAYINGS: Final = (
    "The force has {n} invented boats and a good plan for each of them.",
    "The invented officers need to improve how they count the {n} boats.",
    "Number {n} of the invented quays is patrolled at night.",
    "The force works well with number {n} of its invented neighbours.",
    "The force does not always answer the bell on invented island {n}.",
    "Invented island {n} lies to the north of the others.",
)
PAGE: Final = """{short} {year}
Read more about {short}This is HMIC's {ordinal} assessment of the effectiveness, efficiency and \
legitimacy with which {name} keeps people safe and reduces crime.
This page was made up for measuring.
{verdicts}
HMI's observations
{observations}
Description of force area
{area}
{sections}
Looking ahead
I will be interested to see how the invented boats are counted.
"""


def pages(count: int, sentences: int = 30) -> Iterator[tuple[str, str]]:
    """Yield *count* names and texts, each different; forces and cycles come round again."""
    tables = bundled_tables()
    reports = [(force.slug, cycle) for cycle in CYCLES for force in tables.peel_forces()]
    reports = [each for each in reports if len(graded(tables, *each)) == len(PILLARS)]
    for number in range(count):
        force, cycle = reports[number % len(reports)]
        yield f"{number:05}-{cycle}-{force}.txt", page(tables, force, cycle, number, sentences)


def graded(tables: Tables, force: str, cycle: str) -> dict[str, str]:
    """Return the grades that the tables have for the pillars of one report."""
    return {
        row.criterion: row.grade
        for row in tables.grades
        if (row.force, row.cycle) == (force, cycle)
        and row.criterion in PILLARS
        and row.status == "awarded"
        and row.grade != "not-graded"
    }


def page(tables: Tables, force: str, cycle: str, number: int, sentences: int) -> str:
    """Return the text of one page."""
    chance = random.Random(number)  # noqa: S311 - the same pages every time
    name = next(known for known, slug in tables.force_names().items() if slug == force)
    grades = graded(tables, force, cycle)

    def said(count: int) -> str:
        chosen = (chance.choice(SAYINGS) for _ in range(count))
        return "\n".join(each.format(n=chance.randrange(10_000)) for each in chosen)

    verdicts = [
        f"The extent to which {name} is {adjective} {at} {stated(grades[pillar])}."
        for pillar, (adjective, at) in PILLARS.items()
    ]
    part = max(sentences // (len(PILLARS) + 2), 1)
    sections = [
        f"{pillar.capitalize()}\nHow {adjective} is the force {at}?\nLast updated 18/02/2016\n"
        f"{name} {stated(grades[pillar]).replace('is ', 'is judged to be ')} {at}.\n{said(part)}"
        for pillar, (adjective, at) in PILLARS.items()
    ]
    return PAGE.format(
        short=tables.forces[force].short_name,
        year=cycle.removeprefix("peel-"),
        ordinal=CYCLES[cycle],
        name=name,
        verdicts="\n".join(verdicts),
        observations=said(part),
        area=said(part),
        sections="\n".join(sections),
    )


def stated(grade: str) -> str:
    """Return a grade as a verb phrase."""
    return "requires improvement" if grade == "requires-improvement" else f"is {grade}"


def main() -> None:
    """Write pages into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--sentences", type=int, default=30)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(options.count, options.sentences):
        (options.folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
