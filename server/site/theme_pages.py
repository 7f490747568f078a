"""Themes: all of them side by side, and the page of each at its own address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from peelgraph.server.pages.lasting import lasting
from peelgraph.server.protocol.errors import PageNotFound
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.site.chart_pages import drawn
from peelgraph.server.site.charted import force_options
from peelgraph.server.site.finding_charts import theme_chart
from peelgraph.server.site.findings_counted import by_theme, findings, kinds, themes
from peelgraph.server.site.judgments import Named, judgments
from peelgraph.server.site.lineage import graded, grades, questions, rounds
from peelgraph.server.site.territory import rdf_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.server.site.findings_counted import Theme
    from peelgraph.server.site.lineage import Question, Round

pages = Blueprint("themes", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Line:
    """One theme in the table of all: the questions of each cycle, and its numbers."""

    theme: Theme
    asked: tuple[tuple[Question, ...], ...]
    judged: int
    findings: int


@pages.get("/themes")
def index() -> Response:
    """Return the page of all themes."""
    return lasting(_index, HTML.header)


def _index() -> str:
    asked = {slug: questions().get(slug, ()) for slug in themes()}
    through = rounds((question for each in asked.values() for question in each), whole=True)
    counted = by_theme()
    lines = [
        Line(
            theme,
            tuple(
                tuple(question for question in asked[slug] if question.cycle == each.cycle)
                for each in through
            ),
            sum(question.judged for question in asked[slug]),
            counted.get(slug, Counter()).total(),
        )
        for slug, theme in themes().items()
    ]
    return render_template(
        "themes.html",
        trail=[],
        alternates=rdf_forms("/def/theme"),
        lines=lines,
        rounds=through,
        chart=theme_chart({}),
        drawn=drawn,
        cycle_names={each.cycle.slug: each.cycle.label for each in through},
    )


def theme_page(theme: str) -> str:
    """Return the page of a theme.

    Raises:
        PageNotFound: There is no such theme.
    """
    found = themes().get(theme)
    if found is None:
        raise PageNotFound(f"there is no theme {theme[:100]!r}", action="see /themes")
    through = rounds(questions().get(theme, ()))
    known = graded(through)
    return render_template(
        "theme.html",
        trail=[("/themes", "Themes")],
        alternates=rdf_forms(f"/def/theme/{theme}"),
        theme=found,
        rounds=through,
        numbers=_numbers(through),
        known=known,
        forces=grades(known),
        kinds=kinds(),
        findings=_findings(theme),
        cycle_names={each.cycle.slug: each.cycle.label for each in through},
        others=[each for slug, each in themes().items() if slug != theme],
    )


def _numbers(through: Sequence[Round]) -> dict[str, int]:
    """Return a number for each question, in the order of the page."""
    asked = [question.name.iri for each in through for question in each.questions]
    return {iri: number for number, iri in enumerate(asked, 1)}


def _findings(theme: str) -> list[tuple[Named, Counter[str]]]:
    """Return how many findings of each kind each force has on the theme; the most first."""
    names = {each.force.iri: each.force for each in judgments()}
    found: dict[str, Counter[str]] = {}
    for each in findings():
        if each.theme == theme:
            found.setdefault(each.force, Counter())[each.kind] += each.count
    known = [(names.get(iri) or _unjudged(iri), counted) for iri, counted in found.items()]
    return sorted(known, key=lambda each: (-each[1].total(), each[0].label))


def _unjudged(iri: str) -> Named:
    slug = iri.rpartition("/")[2]
    return Named(iri, slug, force_options().get(slug, slug))
