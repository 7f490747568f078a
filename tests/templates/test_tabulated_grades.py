"""Pages of every template about every force: the grades that are read are those of the tables.

The pages are made up; only the fixed formulas in which grades are printed are the inspectorate's.
"""

from __future__ import annotations

import csv
import html
import itertools
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.markup import text_of_html
from peelgraph.graph.model import JudgmentStatement
from peelgraph.graph.reading import ReadingContext, read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

CYCLES: Final = {
    "peel-2014": ("2014", "first"),
    "peel-2015": ("2015", "second"),
    "peel-2016": ("2016", "third"),
    "peel-2017": ("2017", "fourth"),
    "peel-2018-19": ("2018/19", "fifth"),
}
PILLARS: Final = ("effectiveness", "efficiency", "legitimacy")
ADJECTIVES: Final = dict(zip(PILLARS, ("effective", "efficient", "legitimate"), strict=True))
HEADLINE: Final = "keeping people safe and reducing crime"

OPENED: Final = (
    "This is {by} {ordinal} PEEL (police effectiveness, efficiency and legitimacy) assessment of"
    " {name}."
)
# What a summary line says before its grade.
EXTENTS: Final = {
    "peel-2018-19": {
        "effectiveness": ("is effective at reducing crime and keeping people safe",),
        "efficiency": (
            "operates efficiently and sustainably",
            "operates efficiently and provides sustainable services to the public",
        ),
        "legitimacy": ("treats the public and its workforce legitimately",),
    }
}
# How a summary line says its grade: with or without a verb, with a colon, in bold, in quotes.
SAID: Final = ("{is_}.", "is: {grade}.", "{is_}", "is \u2018{grade}\u2019.")
# The first paragraph of a pillar's own section.
OPENINGS: Final = {
    "effectiveness": (
        "{name} {is_} at keeping people safe and reducing crime.",
        "{name} has been judged as {grade} in respect of its effectiveness at {headline}.",
        "HMIC judges {name} to be {grade} in the effectiveness with which it keeps people safe.",
        "Overall, {name} is judged to {be} at effectively {headline}.",
        "In our effectiveness inspection, we judged {name} to {be} at {headline}.",
        "{name} {is_} in respect of its effectiveness at {headline}.",
        "{name} has been assessed as being {grade} at effectively {headline}.",
        "{name} {is_} in how effective it is at {headline}.",
    ),
    "efficiency": (
        "{name} is judged to {be} in the efficiency with which it reduces crime.",
        "HMIC judges {name} to {be}.",
        "{name} has been assessed as {grade} in respect of its efficiency.",
        "{name} has been judged to {be} in the efficiency with which it keeps people safe.",
        "{name} {is_} in respect of its efficiency.",
        "{name} {is_} at operating efficiently and providing sustainable services to the public.",
    ),
    "legitimacy": (
        "{name} is judged to {be} at how legitimately it keeps people safe and reduces crime.",
        "{name} has been judged to {be} in respect of its legitimacy.",
        "HMIC has judged {name} as {grade} at how legitimately it keeps people safe.",
        "{name} {is_} at treating the public and its workforce legitimately.",
        "{name} {is_} at how legitimately it treats the public and its workforce.",
        "{name} {is_} in respect of the legitimacy with which it keeps people safe.",
    ),
}
TOPICS_2014: Final = {
    "effectiveness-1": "reducing crime and preventing offending",
    "effectiveness-2": "investigating offending",
    "effectiveness-3": "tackling anti-social behaviour",
}
HERE: Final = Path(__file__).parent
PHRASINGS: Final = 8
Grades = dict[str, str]


@cache
def context() -> ReadingContext:
    """What reading is told about forces and cycles."""
    return reading_context(bundled_tables())


@cache
def tabulated() -> dict[tuple[str, str], Grades]:
    """The grades of the tables by force and cycle, of pillars and questions."""
    found: dict[tuple[str, str], Grades] = defaultdict(dict)
    for row in bundled_tables().grades:
        if row.cycle in CYCLES and row.grade != "not-graded":
            found[row.force, row.cycle][row.criterion] = row.grade
    return found


@cache
def questions(cycle: str) -> dict[str, tuple[str, str]]:
    """The questions of a cycle by key: as headings, and as subjects in a sentence."""
    with (HERE / "questions.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["cycle"])
    own = [row for row in rows if row["cycle"] in {"", cycle}]
    return {row["key"]: (row["question"], row["topic"]) for row in own}


def forms(grade: str) -> dict[str, str]:
    """A grade in the forms that sentences need."""
    improve = grade == "requires-improvement"
    return {
        "grade": grade.replace("-", " "),
        "is_": "requires improvement" if improve else f"is {grade}",
        "be": "require improvement" if improve else f"be {grade}",
        "headline": HEADLINE,
    }


def name_of(force: str) -> str:
    """The force's official name."""
    return next(name for name, slug in bundled_tables().force_names().items() if slug == force)


def pages(force: str, cycle: str, phrasing: int) -> Iterator[tuple[list[tuple[str, str]], Grades]]:
    """The pages of one report, each with the grades that it states of this cycle."""
    known = tabulated()[force, cycle]
    yield overview(force, cycle, known, phrasing)
    for pillar in PILLARS:
        own = {key: grade for key, grade in known.items() if key.startswith(pillar)}
        if own and cycle != "peel-2014":
            yield pillar_page(force, cycle, pillar, own, phrasing)


def overview(
    force: str, cycle: str, known: Grades, phrasing: int
) -> tuple[list[tuple[str, str]], Grades]:
    """An overview page: its lines with their HTML elements, and the grades it states."""
    name, (year, ordinal) = name_of(force), CYCLES[cycle]
    short = bundled_tables().forces[force].short_name
    by = "HMICFRS\u2019" if cycle in {"peel-2017", "peel-2018-19"} else "HMIC\u2019s"
    page = [
        ("h1", f"{short} {year}"),
        ("p", f"Read more about {short}"),
        ("p", OPENED.format(by=by, ordinal=ordinal, name=name)),
    ]
    stated: Grades = {}
    if cycle == "peel-2014":
        stated = {key: known[key] for key in (*TOPICS_2014, "efficiency") if key in known}
        page += summary_2014(name, stated, phrasing)
    else:
        stated = {key: known[key] for key in PILLARS if key in known}
        page += summary(name, cycle, stated, phrasing)
    page += [("h2", "HMI's observations"), ("p", "The invented harbour was busy this year.")]
    for pillar in PILLARS:
        page += pillar_section(name, cycle, pillar, known, stated, phrasing)
    page += [("h2", "Looking ahead"), ("p", "I will be interested to see how the boats are kept.")]
    return page, stated


def summary(name: str, cycle: str, grades: Grades, phrasing: int) -> list[tuple[str, str]]:
    """The three lines of a summary."""
    extents = EXTENTS.get(cycle, {})
    start = ("The extent", "the extent")[phrasing % 2] if cycle == "peel-2018-19" else "The extent"
    subject = (name, "the force", "the constabulary")[phrasing % 3]
    lines = []
    for pillar, grade in grades.items():
        said = extents.get(pillar, (f"is {ADJECTIVES[pillar]} at {HEADLINE}",))
        extent = said[phrasing % len(said)]
        verdict = SAID[phrasing % len(SAID)].format(**forms(grade))
        lines.append(("p", f"{start} to which {subject} {extent} {verdict}"))
    return lines


def summary_2014(name: str, grades: Grades, phrasing: int) -> list[tuple[str, str]]:
    """The three clauses of the first cycle, in one sentence or on lines."""
    force = ("the force", name)[phrasing % 2]
    by_grade: dict[str, list[str]] = defaultdict(list)
    for key, topic in TOPICS_2014.items():
        by_grade[grades[key]].append(topic)
    parts = []
    for grade, topics in sorted(by_grade.items()):
        listed = " and ".join([", ".join(topics[:-1]), topics[-1]] if topics[1:] else topics)
        each = [f"{forms(grade)['grade']} at {topic}" for topic in topics]
        verb = "" if grade == "requires-improvement" else "is "
        parts.append(verb + (f"{forms(grade)['grade']} at {listed}", ", ".join(each))[phrasing % 2])
    effective = f"in terms of its effectiveness{('', ', in general')[phrasing % 2]}, {force} " + (
        ", and ".join(parts)
    )
    efficient = (
        f"the efficiency with which {force} carries out its responsibilities"
        f" {forms(grades['efficiency'])['is_']}"
        if "efficiency" in grades
        else ""
    )
    fair = (
        f"{force} is acting to achieve fairness and legitimacy in most of the practices"
        " that were examined this year"
    )
    clauses = [each for each in (effective, efficient, fair) if each]
    if phrasing % 3 == 0:
        return [("p", f"{each[0].upper()}{each[1:]};") for each in clauses]
    whole = "; ".join(clauses[:-1]) + f"; and {clauses[-1]}."
    return [("p", f"{whole[0].upper()}{whole[1:]}")]


def pillar_section(  # noqa: PLR0913, PLR0917 - a section is made of these
    name: str, cycle: str, pillar: str, known: Grades, stated: Grades, phrasing: int
) -> list[tuple[str, str]]:
    """A pillar's own section on an overview page; adds to *stated* what it grades besides."""
    lines = [("h2", pillar.capitalize()), ("h3", headline(cycle, pillar))]
    lines.append(("p", "Last updated 18/02/2016"))
    if pillar in stated and cycle != "peel-2014":
        forms_ = forms(stated[pillar])
        if phrasing % 2:
            lines.append(("p", forms_["grade"].capitalize()))
        said = OPENINGS[pillar][phrasing % len(OPENINGS[pillar])].format(name=name, **forms_)
        lines.append(("p", f"{said} The boats are new.{('', ' ' + OTHER_YEAR)[phrasing % 2]}"))
        if cycle == "peel-2017":
            asked = {key: known[key] for key in known if key.startswith(f"{pillar}-")}
            if pillar == "efficiency" and len(asked) == 3:
                stated.update(asked)
                lines.append(("p", three_questions(asked, phrasing)))
        if cycle in {"peel-2017", "peel-2018-19"} and phrasing % 3 == 1:
            lines += question_list(cycle, pillar, known, stated)
    return [*lines, ("p", "Its boats were counted.")]


OTHER_YEAR: Final = "Our overall judgment this year is the same as last year."


def headline(cycle: str, pillar: str) -> str:
    """The overall question of a pillar."""
    late = {
        "effectiveness": "How effectively does the force reduce crime and keep people safe?",
        "efficiency": "How efficiently does the force operate and how sustainable is it?",
        "legitimacy": "How legitimately does the force treat the public and its workforce?",
    }
    if cycle == "peel-2018-19":
        return late[pillar]
    return f"How {ADJECTIVES[pillar]} is the force at {HEADLINE}?"


def three_questions(asked: Grades, phrasing: int) -> str:
    """The paragraph of 2017 that grades the three questions on efficiency."""
    topics = [
        (questions("peel-2017")[key][1], forms(grade)) for key, grade in sorted(asked.items())
    ]
    first, second, third = topics
    if phrasing % 4 == 2:
        return (
            f"The force is judged to {first[1]['be']} in {first[0]}. It is judged to"
            f" {second[1]['be']} for {second[0]}. {third[0].capitalize()} is judged to"
            f" {third[1]['be']}."
        )
    joint = ", " if phrasing % 4 == 1 else "; "
    return (
        f"The force is judged to {first[1]['be']} in {first[0]}{joint}{second[0]} is judged to"
        f" {second[1]['be']}{joint}and {third[0]} is judged to {third[1]['be']}."
    )


def question_list(cycle: str, pillar: str, known: Grades, stated: Grades) -> list[tuple[str, str]]:
    """The questions of a pillar with their labels, as some pages list them."""
    lines = [("h4", f"Questions for {pillar.capitalize()}")]
    asked = questions(cycle)
    for number, key in enumerate((k for k in sorted(known) if k.startswith(f"{pillar}-")), 1):
        stated[key] = known[key]
        lines += [("li", str(number)), ("h5", asked[key][0])]
        lines += [("p", forms(known[key])["grade"].capitalize()), ("p", "Boats were counted.")]
    return lines


def pillar_page(
    force: str, cycle: str, pillar: str, known: Grades, phrasing: int
) -> tuple[list[tuple[str, str]], Grades]:
    """A page about one pillar with its questions below."""
    name, (year, _) = name_of(force), CYCLES[cycle]
    short = bundled_tables().forces[force].short_name
    page = [("h1", f"{short} PEEL {year.partition('/')[0]}"), ("h2", pillar.capitalize())]
    page += [("h3", headline(cycle, pillar)), ("p", "Last updated 18/02/2016")]
    stated: Grades = {}
    if pillar in known:
        stated[pillar] = known[pillar]
        forms_ = forms(known[pillar])
        page.append(("p", forms_["grade"].capitalize()))
        said = OPENINGS[pillar][phrasing % len(OPENINGS[pillar])].format(name=name, **forms_)
        page.append(("p", f"{said} The boats are new."))
    asked = questions(cycle)
    page.append(("h4", f"Questions for {pillar.capitalize()}"))
    for key in sorted(known):
        if key in asked:
            stated[key] = known[key]
            question, topic = asked[key]
            page += [("h5", question), ("p", forms(known[key])["grade"].capitalize())]
            at = "in" if topic.startswith("its") else "at"
            verb = forms(known[key])["is_"]
            page.append(("p", f"{name} {verb} {at} {topic}." if phrasing % 2 else "Boats sail."))
    return [*page, ("p", "Its boats were counted.")], stated


def as_text(page: list[tuple[str, str]]) -> str:
    """The page as text, as a person would save it."""
    return "\n".join(words for _, words in page)


def as_html(page: list[tuple[str, str]]) -> str:
    """The page as a content management system prints it, with what stands around it."""
    body = "\n".join(
        f'<ul class="list"><li>{html.escape(words)}</li></ul>'
        if element == "li"
        else f"<{element}>{html.escape(words)}</{element}>"
        for element, words in page
    )
    return (HERE / "around.html").read_text(encoding="utf-8").replace("<!-- the page -->", body)


def stated_by(page: str, cycle: str) -> Grades:
    """The grades of this cycle that are read of a page; a contradiction fails."""
    report = read(captured_text(page), context())
    found: Grades = {}
    for each in report.statements:
        if isinstance(each, JudgmentStatement) and each.cycle == cycle:
            if each.grade == "not-graded" or each.criterion is None:
                continue
            assert found.setdefault(each.criterion, each.grade) == each.grade, each
            assert report.version.text[each.passage.start : each.passage.end] == each.passage.text
    return found


def assert_read_as_tabulated(force: str, cycle: str, phrasing: int) -> None:
    """Text and HTML of every page of one report give the grades that it states."""
    for page, expected in pages(force, cycle, phrasing):
        assert stated_by(as_text(page), cycle) == expected, as_text(page)
        assert stated_by(text_of_html(as_html(page)), cycle) == expected, as_html(page)


@pytest.mark.parametrize("phrasing", range(PHRASINGS))
@pytest.mark.parametrize("cycle", CYCLES)
def test_every_template_in_every_phrasing(cycle: str, phrasing: int) -> None:
    """Two forces of each cycle, another two for each phrasing."""
    forces = sorted({force for force, of in tabulated() if of == cycle})
    for force in itertools.islice(itertools.cycle(forces), phrasing * 5, phrasing * 5 + 2):
        assert_read_as_tabulated(force, cycle, phrasing)


@pytest.mark.soak
@pytest.mark.timeout(900)  # it is work of the processor alone, of which others may take most
@pytest.mark.parametrize("cycle", CYCLES)
def test_every_force_in_every_phrasing(cycle: str) -> None:
    """All 43 forces."""
    for force, of in tabulated():
        for phrasing in range(PHRASINGS if of == cycle else 0):
            assert_read_as_tabulated(force, cycle, phrasing)
