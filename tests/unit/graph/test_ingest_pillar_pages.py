"""Pages about one pillar beside the tables: one judgment, one date, whatever is known already.

The pages are invented; here they bear the name of a real force whose tabulated grades agree.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal
from rdflib.namespace import DCTERMS, PROV

from peelgraph.graph.capture import captured_text
from peelgraph.graph.ingest import Outcome, Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from peelgraph.graph.model import Report
    from peelgraph.graph.tables import Tables

DATA = Path(__file__).parents[2] / "data"
IRIS = Iris()
PI = IRIS.pi


def page(name: str, force: str, **changes: str) -> str:
    """An invented page under the name of *force*, with *changes* of words."""
    text = (DATA / name).read_text(encoding="utf-8").replace("Wessmarch", force)
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


CARRIED = page("wessmarch-2018-19-efficiency.txt", "Kent", good="outstanding")
# The table has this grade of Norfolk as awarded; the page says that it is carried over.
ELSEWHERE_AWARDED = page(
    "wessmarch-2018-19-efficiency.txt", "Norfolk", Police="Constabulary", good="outstanding"
)
INTERIM = page("traps/interim-then-final-1.txt", "Kent")
DATED = page("traps/published-date.txt", "Norfolk").replace("2017", "2016")
DATED = DATED.replace("fficiency", "ffectiveness").replace("efficient", "effective")

# No table knows this grade, so the interim page and the final one are all there is.
UNKNOWN = [
    page(f"traps/interim-then-final-{n}.txt", "Derbyshire", outstanding="good").replace(
        "2016", "2017"
    )
    for n in (1, 2)
]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The bundled tables."""
    return bundled_tables()


@pytest.fixture(scope="module")
def outcomes(
    small_data: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, ...]:
    """What became of three pages that were ingested into the bundled version."""
    folder = tmp_path_factory.mktemp("pillars") / "data"
    shutil.copytree(small_data, folder, symlinks=True)
    run = Run(iris=IRIS, tables=tables, moment=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    sources = [
        (name, lambda text=text: captured_text(text))
        for name, text in (
            ("carried", CARRIED),
            ("interim", INTERIM),
            ("dated", DATED),
            ("not yet graded", UNKNOWN[0]),
            ("graded", UNKNOWN[1]),
            ("awarded elsewhere", ELSEWHERE_AWARDED),
        )
    ]
    return ingest(DataFolder(folder), sources, run).outcomes


def mapped(text: str, tables: Tables) -> tuple[Report, Graph]:
    """The report of a page and its document graph."""
    report = read(captured_text(text), reading_context(tables))
    return report, document_graph(report, tables, IRIS)


def test_pages_that_agree_with_the_tables_land(outcomes: tuple[Outcome, ...]) -> None:
    """The shapes hold for each alone, beside the tabulated grades, and after an interim page."""
    assert [(each.state, each.report, each.error) for each in outcomes] == [
        ("landed", "peel-2018-19-kent-efficiency", None),
        ("landed", "peel-2016-kent", None),
        ("landed", "peel-2016-norfolk-effectiveness", None),
        ("landed", "peel-2017-derbyshire", None),
        ("landed", "peel-2017-derbyshire", None),
        ("landed", "peel-2018-19-norfolk-efficiency", None),
    ]


def test_a_status_that_the_table_has_otherwise_is_a_warning(
    outcomes: tuple[Outcome, ...], tables: Tables
) -> None:
    """The table's status stands, the page is evidence of the grade, and somebody is told."""
    assert any("grades.csv" in each and "carried-over" in each for each in outcomes[-1].warnings)
    report, graph = mapped(ELSEWHERE_AWARDED, tables)
    judgment = IRIS.judgment("peel-2018-19", "norfolk", "efficiency-1")
    assert graph.value(judgment, PI.gradeStatus) == IRIS.concept("grade-status", "awarded")
    assert graph.value(judgment, PI.carriedOverFrom) is None
    assert graph.value(judgment, PI.evidence) is not None
    unknown = dataclasses.replace(tables, grades=())
    graph = document_graph(report, unknown, IRIS)
    assert graph.value(judgment, PI.gradeStatus) == IRIS.concept("grade-status", "carried-over")


def test_a_grade_that_the_table_has_otherwise_is_refused(
    small_data: Path, tables: Tables, tmp_path: Path
) -> None:
    """Another grade is no matter of status: one of the two is wrong."""
    folder = tmp_path / "data"
    shutil.copytree(small_data, folder, symlinks=True)
    run = Run(iris=IRIS, tables=tables, moment=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    wrong = ELSEWHERE_AWARDED.replace("outstanding", "inadequate")
    wrong = wrong.replace("Outstanding", "Inadequate")
    (outcome,) = ingest(DataFolder(folder), [("wrong", lambda: captured_text(wrong))], run).outcomes
    assert outcome.state == "refused"


def test_a_carried_over_grade_points_to_the_earlier_judgment(tables: Tables) -> None:
    """The same judgment as the table's, with the page's passage as its evidence."""
    _, graph = mapped(CARRIED, tables)
    judgment = IRIS.judgment("peel-2018-19", "kent", "efficiency-1")
    earlier = IRIS.judgment("peel-2017", "kent", "efficiency-1")
    assert graph.value(judgment, PI.carriedOverFrom) == earlier
    assert graph.value(judgment, PI.grade) == IRIS.grade("four-tier", "outstanding")
    assert graph.value(judgment, PI.evidence) is not None


def test_questions_rest_on_the_inspection_of_their_pillar(tables: Tables) -> None:
    """Pillar and questions were judged by one inspection, which is part of that of the force."""
    _, graph = mapped(CARRIED, tables)
    inspection = IRIS.inspection("peel-2018-19", "kent", "efficiency")
    judged = set(graph.subjects(RDF.type, PI.Judgment))
    assert {graph.value(each, PROV.wasGeneratedBy) for each in judged} == {inspection}
    whole = IRIS.inspection("peel-2018-19", "kent")
    assert graph.value(inspection, DCTERMS.isPartOf) == whole
    assert set(graph.subjects(RDF.type, PI.Inspection)) == {inspection, whole}
    assert graph.value(inspection, PI.criterion) == IRIS.criterion("peel-2018-19", "efficiency")


def test_a_pending_grade_is_left_out_where_the_tables_have_it(tables: Tables) -> None:
    """An interim page is older than what is known; a judgment has no two statuses."""
    report, graph = mapped(INTERIM, tables)
    pending = IRIS.judgment("peel-2016", "kent", "effectiveness")
    assert (pending, None, None) not in graph
    assert (IRIS.judgment("peel-2016", "kent", "efficiency"), RDF.type, PI.Judgment) in graph
    none = dataclasses.replace(tables, grades=())
    graph = document_graph(report, none, IRIS)
    assert graph.value(pending, PI.gradeStatus) == IRIS.concept("grade-status", "pending")


def test_a_report_has_the_date_of_the_table_or_else_the_printed_one(tables: Tables) -> None:
    """A table may know the month and the page the day; a report has one date."""
    report, graph = mapped(DATED, tables)
    assert report.issued == dt.date(2016, 11, 9)
    assert tables.reports[report.slug].published == "2017-03"
    assert graph.value(IRIS.report(report.slug), DCTERMS.issued) is None
    unlisted = dataclasses.replace(tables, reports={})
    graph = document_graph(report, unlisted, IRIS)
    assert graph.value(IRIS.report(report.slug), DCTERMS.issued) == Literal(report.issued)
