"""`peelgraph diff`: files, captured versions of one report, and versions of a data folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

PAGE = Path(__file__).parent.parent / "data" / "wessmarch-2014.txt"
READ_AS = ("--force", "hampshire", "--quiet")  # whose 2014 the tables do not know


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """The page with another grade for efficiency, wherever it gives one."""
    text = PAGE.read_text(encoding="utf-8")
    text = text.replace("its responsibilities is good", "its responsibilities is outstanding")
    file = tmp_path / "corrected.txt"
    file.write_text(text.replace("2014\nGood\n", "2014\nOutstanding\n"), encoding="utf-8")
    return file


def test_a_page_does_not_differ_from_itself(peelgraph: Callable[..., Ended]) -> None:
    """0, and nothing said but that."""
    ended = peelgraph("diff", PAGE, PAGE, "--force", "hampshire")
    assert (ended.code, ended.out) == (0, "")
    assert "No statement differs" in ended.err


def test_another_grade_is_shown_with_both_values(
    peelgraph: Callable[..., Ended], corrected: Path
) -> None:
    """1, as of any difference; what only moved is counted, not listed."""
    ended = peelgraph("diff", PAGE, corrected, *READ_AS)
    assert ended.code == 1
    heading, *rows = ended.out.splitlines()
    assert heading == "report\tchange\ttype\tcriterion\tplace\twas\tis"
    (grade,) = (row.split("\t") for row in rows if "\tgrade\t" in row)
    assert grade[:4] == ["peel-2014-hampshire", "changed", "grade", "efficiency"]
    assert grade[5:] == ["grade: good", "grade: outstanding"]
    assert not any("\tmoved\t" in row for row in rows)


def test_captured_versions_and_versions_of_the_folder_are_compared(
    peelgraph: Callable[..., Ended], own_data: Path, corrected: Path
) -> None:
    """What was ingested can be asked later, by digest or by version, with the same answer."""
    for page in (PAGE, corrected):
        ended = peelgraph("ingest", page, "--data", own_data, *READ_AS)
        assert ended.code == 0, ended.err
    bundled, first, second = (version.name for version in DataFolder(own_data).versions())
    digests = [hashlib.sha256(page.read_bytes()).hexdigest()[:12] for page in (PAGE, corrected)]
    common = ("--data", own_data, "--json")
    by_digest = peelgraph("diff", "--report", "peel-2014-hampshire", *digests, *common)
    by_version = peelgraph("diff", first, second, *common)
    of_files = peelgraph("diff", PAGE, corrected, *READ_AS, "--json")
    assert by_digest.code == by_version.code == 1
    assert by_digest.json == by_version.json == of_files.json
    (grade,) = (
        each
        for each in of_files.json["changes"]
        if each["type"] == "grade" and each["change"] == "changed"
    )
    assert grade["aspects"] == {"grade": {"old": "good", "new": "outstanding"}}
    assert set(grade) == {"report", "change", "type", "id", "criterion", "aspects", "old", "new"}
    assert {c["change"] for c in peelgraph("diff", bundled, first, *common).json["changes"]} == {
        "added"
    }
    unknown = peelgraph("diff", "--report", "peel-2014-hampshire", "0000", digests[0], *common)
    assert unknown.code == 3
    assert digests[0] in unknown.problem["expected"]
