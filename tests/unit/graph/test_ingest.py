"""Ingesting lands what conforms, refuses what does not, and costs a hash the second time."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from rdflib import PROV, Graph

from peelgraph.graph.build import holds_judgments
from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import NotAReport, NotConforming, UnknownForce
from peelgraph.graph.ingest import Ingestion, Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import saved_query
from peelgraph.graph.superseding import current_graphs
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.validation import Validator, shapes_graph
from peelgraph.graph.versions import DataFolder

PAGES = Path(__file__).parent.parent.parent / "data"
IRIS = Iris()
MOMENT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
SHA12 = "bf6ea9beedad"


@pytest.fixture
def data(own_data: Path) -> DataFolder:
    """A data folder that a test may write to."""
    return DataFolder(own_data)


def ingested(data: DataFolder, *texts: str, days: int = 0, dry_run: bool = False) -> Ingestion:
    """What ingesting *texts* in one run gave."""
    moment = MOMENT + dt.timedelta(days=days)
    run = Run(iris=IRIS, tables=bundled_tables(), moment=moment, dry_run=dry_run)
    sources = [
        (f"page {n}", lambda text=text: captured_text(text, retrieved=moment))
        for n, text in enumerate(texts)
    ]
    return ingest(data, sources, run)


def states(ingestion: Ingestion) -> list[str]:
    """What became of each source."""
    return [outcome.state for outcome in ingestion.outcomes]


def test_a_page_lands_once(data: DataFolder, kent_2015_text: str) -> None:
    """The same page again changes nothing and costs a hash."""
    first = ingested(data, kent_2015_text)
    assert states(first) == ["landed"]
    assert first.version is not None
    assert str(IRIS.document_graph("peel-2015-kent", SHA12)) in first.version.manifest.graphs
    again = ingested(data, kent_2015_text, days=1)
    assert states(again) == ["unchanged"]
    assert again.version is None
    assert data.current().name == first.version.name


def test_equal_content_another_day_in_another_order_has_one_digest(
    small_data: Path, tmp_path: Path, kent_2015_text: str
) -> None:
    """What two people ingest is the same data, whatever came first and when."""
    other = kent_2015_text.replace("Kent Police", "Wiltshire Police").replace("Kent", "Wiltshire")
    other = other.replace("reducing crime is outstanding", "reducing crime is good")
    digests = set()
    for days, order in enumerate([(kent_2015_text, other), (other, kent_2015_text)]):
        data = DataFolder(shutil.copytree(small_data, tmp_path / str(days), symlinks=True))
        for number, text in enumerate(order):
            outcome = ingested(data, text, days=days * 100 + number)
            if outcome.outcomes[0].error is not None:
                raise outcome.outcomes[0].error
        digests.add(data.current().manifest.digest)
    assert len(digests) == 1


def test_a_bad_source_does_not_stop_the_others(data: DataFolder, kent_2015_text: str) -> None:
    """One broken file of hundreds is a line in the summary, not the end of the run."""
    unknown = kent_2015_text.replace("Kent Police", "Wessmarch Police").replace("Kent", "Wessmarch")
    heard: list[str] = []
    run = Run(iris=IRIS, tables=bundled_tables(), moment=MOMENT)
    texts = ["A page about gardening.", unknown, kent_2015_text]
    sources = [(str(n), lambda text=text: captured_text(text)) for n, text in enumerate(texts)]
    ingestion = ingest(data, sources, run, lambda outcome: heard.append(outcome.state))
    assert states(ingestion) == heard == ["refused", "refused", "landed"]
    errors = [outcome.error for outcome in ingestion.outcomes if outcome.error is not None]
    assert isinstance(errors[0], NotAReport)
    assert isinstance(errors[1], UnknownForce)
    # each would else keep the frames that it came through, and all that they were working on
    assert [(error.__traceback__, error.__context__) for error in errors] == [(None, None)] * 2
    assert ingestion.version is not None


def test_a_page_that_contradicts_the_tables_is_refused_naming_both(
    data: DataFolder, kent_2015_text: str
) -> None:
    """Two grades for one judgment: somebody must decide, so nothing is stored."""
    before = data.current().name
    wrong = kent_2015_text.replace(
        "effective at keeping people safe and reducing crime is good",
        "effective at keeping people safe and reducing crime is inadequate",
    )
    ingestion = ingested(data, wrong)
    error = ingestion.outcomes[0].error
    assert isinstance(error, NotConforming)
    graphs = {graph for violation in error.violations for graph in violation["graphs"]}
    assert str(IRIS.graph("facts", "grades")) in graphs
    assert any("/graph/document/peel-2015-kent/" in graph for graph in graphs)
    assert ingestion.version is None
    assert data.current().name == before


def test_a_dry_run_publishes_nothing(data: DataFolder, kent_2015_text: str) -> None:
    """A careful user looks first."""
    before = data.current().name
    ingestion = ingested(data, kent_2015_text, dry_run=True)
    assert states(ingestion) == ["landed"]
    assert ingestion.graphs == (IRIS.document_graph("peel-2015-kent", SHA12),)
    assert data.current().name == before


def test_a_changed_page_supersedes_the_earlier_capture(
    data: DataFolder, kent_2015_text: str
) -> None:
    """The old capture stays as evidence; the new one is the current version of the report."""
    ingested(data, kent_2015_text)
    ingestion = ingested(data, kent_2015_text.replace("noteworthy", "remarkable"), days=1)
    assert states(ingestion) == ["landed"], ingestion.outcomes[0].error
    dataset = data.current().store().dataset()
    current = set(dataset.objects(IRIS.report("peel-2015-kent"), IRIS.pi.currentVersion))
    assert len(current) == 1
    assert not str(current.pop()).endswith(SHA12)
    documents = [name for name in data.current().manifest.graphs if "/graph/document/" in name]
    assert len(documents) == 2


def test_warnings_of_the_bundle_outlive_an_ingest(data: DataFolder, kent_2015_text: str) -> None:
    """What is known to be missing stays known, and stands in the version's report file too."""
    warned = "The date on which the report was published is not known."
    before = data.current().validation_file.read_text(encoding="utf-8").count(warned)
    ingested(data, kent_2015_text)
    report = data.current().validation_file.read_text(encoding="utf-8")
    assert report.count(warned) >= before > 0
    assert "QualityMeasurement" in report


def as_hampshire(data: DataFolder, *texts: str) -> list[Ingestion]:
    """What ingesting each text in turn gave, as pages of a force whose 2014 no table knows."""
    ingestions = []
    for days, text in enumerate(texts):
        moment = MOMENT + dt.timedelta(days=days)
        run = Run(iris=IRIS, tables=bundled_tables(), moment=moment, force="hampshire")
        source = ("page", lambda text=text, moment=moment: captured_text(text, retrieved=moment))
        ingestions.append(ingest(data, [source], run))
    return ingestions


@pytest.fixture
def graded_pages() -> tuple[str, str]:
    """An invented page, and the same with another grade for efficiency."""
    page = (PAGES / "wessmarch-2014.txt").read_text(encoding="utf-8")
    changed = page.replace(
        "out its responsibilities is good", "out its responsibilities is outstanding"
    )
    changed = changed.replace("12/11/2014\nGood\n", "12/11/2014\nOutstanding\n")
    assert changed != page
    return page, changed


def efficiency_grades(data: DataFolder) -> list[str]:
    """The grades of the force for efficiency in 2014 as the saved query gives them."""
    query = saved_query("force-grades")
    rows = data.current().store().solutions(query.text)
    about = (str(IRIS.force("hampshire")), str(IRIS.cycle("peel-2014")))
    efficiency = str(IRIS.criterion("peel-2014", "efficiency"))
    return [row[7] for row in rows if (row[0], row[2]) == about and row[4] == efficiency]


def test_a_page_may_be_corrected_and_corrected_back(
    data: DataFolder, graded_pages: tuple[str, str], *, soak: bool
) -> None:
    """The grade of a replaced capture is no second grade; the graph still has it, and says so."""
    good, outstanding = graded_pages
    first, second = as_hampshire(data, good, outstanding)
    assert [*states(first), *states(second)] == ["landed", "landed"], second.outcomes[0].error
    assert efficiency_grades(data) == ["outstanding"]
    dataset = data.current().store().dataset()
    judgment = IRIS.judgment("peel-2014", "hampshire", "efficiency")
    assert len(set(dataset.objects(judgment, IRIS.pi.grade))) == 2
    versions = {
        captured_text(text).sha12: IRIS.report_version(
            "peel-2014-hampshire", captured_text(text).sha12
        )
        for text in (good, outstanding)
    }
    older, newer = versions.values()
    assert set(dataset.subject_objects(PROV.wasRevisionOf)) == {
        (newer, older),
        tuple(IRIS.document_graph("peel-2014-hampshire", sha12) for sha12 in reversed(versions)),
    }
    store = data.current().store()
    stated = {n: store.graph(n) for n in store.graph_names() if holds_judgments(n, IRIS)}
    validator = Validator(Graph(), shapes_graph(IRIS))
    assert not validator.report_across(stated, IRIS).conforms
    assert validator.report_across(current_graphs(stated, IRIS), IRIS).conforms
    as_hampshire(data, good)
    assert efficiency_grades(data) == ["good"]
    if soak:
        as_hampshire(data, outstanding, good.replace("hills", "dales"), good)
        assert efficiency_grades(data) == ["good"]
    current = data.current().store().dataset().objects(None, IRIS.pi.currentVersion)
    assert set(current) == {older}
