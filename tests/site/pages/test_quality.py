"""The page on quality: every figure is that of the bundled tables or of the report."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
PILLARS = ("effectiveness", "efficiency", "legitimacy")


@pytest.fixture
def text(built_client: FlaskClient) -> str:
    """The page."""
    return built_client.get("/quality", headers=HTML).text


def figures(text: str) -> dict[str, str]:
    """The figures at the head of the page."""
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", text))


def cells(text: str, region: str) -> list[list[str]]:
    """The cells of the table in a region, without markup."""
    pattern = rf'aria-label(?:ledby)?="{region}"><table[^>]*>(.*?)</table>'
    (table,) = re.findall(pattern, text, re.DOTALL)[:1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in row] for row in plain]


def test_warnings_are_those_of_the_report(text: str, built_data: Path) -> None:
    """Counted from the file that the version keeps, not from its graph."""
    report = DataFolder(built_data).current().validation_file.read_text("utf-8")
    warnings = report.count("sh:resultSeverity sh:Warning")
    assert warnings > 0
    assert figures(text)["warnings"] == str(warnings)
    assert figures(text)["violations of a shape"] == "0"
    assert 'href="/ontology#ReportShape-issued-known"' in text
    assert len(re.findall(r'<li><a href="/doc/report/', text)) == min(warnings, 50)


def test_the_measure_says_whom_it_leaves_out(text: str) -> None:
    """Two numbers of judgements on one page need the reason why they differ."""
    ((_, _, counted),) = cells(text, "measures")
    rows = bundled_tables().grades
    exempt = sum(row.status in {"pending", "not-inspected"} for row in rows)
    assert counted.startswith(f"{len(rows) - exempt} of ")
    assert f"leaves out those that need none: {exempt} not inspected." in text


def test_what_judgments_rest_on_is_that_of_the_table(text: str) -> None:
    """By kind of page, and by site."""
    rows = bundled_tables().grades
    bases = Counter(row.basis for row in rows)
    found = cells(text, "evidence")
    assert sorted(int(number.replace(",", "")) for _, number in found) == sorted(bases.values())
    hosts = Counter(urlsplit(row.source).hostname for row in rows)
    sites = {host: int(number.replace(",", "")) for host, number in cells(text, "Sites")}
    assert sites == dict(hosts.most_common(100))
    recalled = [row for row in rows if row.basis == "recalled"]
    for row in recalled:
        assert f'href="/data/judgment/{row.cycle}/{row.force}/{row.criterion}"' in text


def test_gaps_are_those_of_the_table(text: str) -> None:
    """Which force is not known, for each cycle and pillar; absent is not 'not inspected'."""
    forces = {force.slug for force in bundled_tables().peel_forces()}
    rows = [row for row in bundled_tables().grades if row.criterion in PILLARS]
    judged = {(row.cycle, row.criterion): set[str]() for row in rows}
    for row in rows:
        judged[row.cycle, row.criterion].add(row.force)
    found = cells(text, "Gaps by pillar")
    assert len(found) == len(judged) == 15
    labels = {
        cycle.slug: cycle.label.removeprefix("PEEL ") for cycle in bundled_tables().cycles.values()
    }
    expected = {
        (labels[cycle], criterion.capitalize()): (len(known), len(forces - known))
        for (cycle, criterion), known in judged.items()
    }
    for cycle, criterion, known, statuses, missing in found:
        count, gone = expected[cycle, criterion]
        assert int(known) == count
        assert (missing == "none") if not gone else missing.startswith(f"{gone}:")
        if (cycle, criterion) == ("2017", "Efficiency"):
            assert statuses == "1 not inspected"
    assert "All judgements by status" in text


def test_measures_are_those_of_the_version(text: str) -> None:
    """As data (DQV), not as a sentence of the page alone."""
    (row,) = cells(text, "measures")
    assert row[0] == "Share of judgments with evidence"
    assert row[1] == "1"


def test_captured_pages_are_listed(text: str) -> None:
    """The bundled findings are places in one captured version, of which no words are held."""
    (row,) = cells(text, "Captured pages")
    assert row[1].startswith("bf6ea9beedad")
    assert row[2] == "only findings and places, from a table"
    assert figures(text)["passages with their words held"] == "0"
