"""Every rule of the tables, each shown by a table that breaks it and is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from peelgraph.graph.errors import TableError
from peelgraph.graph.tables import read_tables

if TYPE_CHECKING:
    from pathlib import Path


class Fault(NamedTuple):
    """A change of the first line that begins with *line*, and the place and words to expect."""

    rule: str
    file: str
    line: str
    old: str
    new: str
    found: str


KENT_2015 = "kent,peel-2015,legitimacy,"
KENT_CARRIED = "kent,peel-2018-19,efficiency-1,"
LEADERSHIP = "bf6ea9beedad,leadership-detail,"
AFI = "peel-2015-kent,bf6ea9beedad,area-for-improvement,a3f0f9d050,"
AGAIN = (
    "peel-2015-kent,bf6ea9beedad,strength,44f372e745,effectiveness,"
    "investigating-crime managing-offenders,effectiveness-detail,"
)
FAULTS = [
    # cells, by the description of their column
    Fault("header", "grades.csv", "force,", "cycle", "year", "the header is force, year"),
    Fault("cells", "grades.csv", KENT_2015, KENT_2015, "kent,", "cells"),
    Fault("white space", "grades.csv", KENT_2015, ",outstanding,", ", outstanding,", "white space"),
    Fault("grade there", "grades.csv", KENT_2015, ",outstanding,", ",,", "grade is empty"),
    Fault(
        "source there",
        "grades.csv",
        "kent,peel-2015,legi",
        "https://hmicfrs",
        ",https://hmicfrs",
        "cells",
    ),
    Fault("basis known", "grades.csv", KENT_2015, ",force-page,", ",hearsay,", "'hearsay'"),
    Fault("status known", "grades.csv", KENT_2015, ",awarded,", ",given,", "'given'"),
    Fault("real day", "grades.csv", KENT_2015, "2016-02-11", "2016-02-31", "'2016-02-31'"),
    Fault("form of date", "grades.csv", KENT_2015, "2016-02-11", "11/02/2016", "'11/02/2016'"),
    Fault("full date", "force_names.csv", "hampshire,1", "2022-11-15", "2022-11", "'2022-11'"),
    Fault("slug", "forces.csv", "kent,", "kent,", "Kent!,", "'Kent!'"),
    Fault("GSS code", "areas.csv", "E23000032", "E23000032", "E2300003", "'E2300003'"),
    Fault("integer", "cycles.csv", "peel-2015", ",2,", ",02,", "'02'"),
    Fault("boolean", "questions.csv", "peel-2015,effectiveness-1", ",true,", ",yes,", "'yes'"),
    Fault("wikidata", "forces.csv", "kent,", "Q3195294", "3195294", "'3195294'"),
    Fault("address", "grades.csv", KENT_2015, "https://", "github-file-index:", "source is"),
    # keys and references
    Fault("one judgment", "grades.csv", KENT_2015, "legitimacy", "efficiency", "stands already"),
    Fault("force there", "grades.csv", KENT_2015, "kent,", "borsetshire,", "'borsetshire'"),
    Fault("cycle there", "grades.csv", KENT_2015, "peel-2015", "peel-2020", "'peel-2020'"),
    Fault("body there", "forces.csv", "kent,", "E92000001,kent", "E92000001,kant", "'kant'"),
    Fault("publisher there", "reports.csv", "peel-2015-kent", ",hmic,", ",ofsted,", "'ofsted'"),
    # forces
    Fault("43", "forces.csv", "kent,", "territorial", "special", "42 territorial forces"),
    Fault("own area", "forces.csv", "kent,", "E23000032", "E23000033", "E23000033"),
    Fault("police area", "forces.csv", "kent,", "E23000032", "E12000008", "E12000008"),
    Fault("body", "forces.csv", "kent,", "E92000001,kent", "E92000001,", "lacks"),
    Fault("name", "force_names.csv", "kent,", "kent,", "btp,", "stands already"),
    Fault("numbers", "force_names.csv", "kent,", "kent,1", "kent,2", "number is 2"),
    Fault("current", "force_names.csv", "kent,", "Police,,", "Police,,2020-01-01", "has ended"),
    Fault("overlap", "force_names.csv", "hampshire,1", "2022-11-15", "2022-11-16", "not known to"),
    Fault("undated", "force_names.csv", "hampshire,1", "2022-11-15", "", "not known to begin"),
    Fault("shared name", "forces.csv", "kent,", ",Kent,", ",Surrey,", "also names kent"),
    # inspectorates, scales, cycles, questions
    Fault("its numbers", "inspectorate_names.csv", "hmic,", "hmic,1", "hmic,2", "number is 2"),
    Fault("its days", "inspectorate_names.csv", "hmicfrs,2", "-08,", "-07,", "not known to begin"),
    Fault("change", "changes.csv", "hmic-", "2017-07-19", "2017-07-20", "date is 2017-07-20"),
    Fault("rank gap", "scales.csv", "four-tier,good", ",3,", ",5,", "rank of good is 5"),
    Fault("rank", "scales.csv", "four-tier,good", ",3,", ",,", "rank of good is None"),
    Fault("no rank", "scales.csv", "four-tier,not", "graded,,", "graded,5,", "rank of not-graded"),
    Fault("ordinal", "cycles.csv", "peel-2016", ",3,", ",2,", "ordinal is 2"),
    Fault("previous", "cycles.csv", "peel-2016", "r,peel-2015", "r,peel-2014", "previous is"),
    Fault(
        "no question", "questions.csv", "peel-2025-27", "peel-2025-27", "peel-2023-25", "already"
    ),
    Fault(
        "pillar", "questions.csv", "peel-2015,eff", ",effectiveness,", ",legitimacy,", "of legit"
    ),
    Fault("area", "questions.csv", "peel-2021-22,prev", "crime,,", "crime,efficiency,", "of eff"),
    # grades, reports, comparabilities
    Fault("scale", "grades.csv", KENT_2015, ",outstanding,", ",adequate,", "grade is 'adequate'"),
    Fault("criterion", "grades.csv", KENT_2015, "legitimacy", "legitimacy-9", "'legitimacy-9'"),
    Fault("PEEL only", "grades.csv", KENT_2015, "kent,", "btp,", "force is btp"),
    Fault("graded", "grades.csv", KENT_2015, ",awarded,", ",pending,", "with status pending"),
    Fault("ungraded", "grades.csv", KENT_2015, "legitimacy,", "legitimacy-2,", "has the grade"),
    Fault(
        "published",
        "grades.csv",
        "greater-manchester,peel-2017,legitimacy,",
        ",not-inspected,,",
        ",not-inspected,2017-12-12,",
        "published is 2017-12-12 with status not-inspected",
    ),
    Fault("carried", "grades.csv", KENT_2015, ",awarded,", ",carried-over,", "from nothing"),
    Fault("origin", "grades.csv", KENT_CARRIED, "/efficiency-1", "/efficiency-2", "carried over"),
    Fault("earlier", "grades.csv", KENT_CARRIED, "2017/efficiency-1", "2018-19/efficiency-2", "ov"),
    Fault("publisher", "reports.csv", "peel-2015-kent", ",hmic,", ",hmicfrs,", "published on 2016"),
    Fault(
        "title", "reports.csv", "first-peel", "First PEEL assessments (2014)", "", "title is emp"
    ),
    Fault("no title", "reports.csv", "peel-2015-kent", "kent,,", "kent,Kent,", "title 'Kent'"),
    Fault("report slug", "reports.csv", "peel-2021-22-kent", "peel-2021-22-", "2021-", "slug is"),
    Fault(
        "self", "comparabilities.csv", "peel-2015,peel-2016,,", ",peel-2016", ",peel-2015", "with"
    ),
    Fault("forward", "comparabilities.csv", "peel-2015,peel-2016,,", "16", "14", "with peel-2014"),
    Fault("pillars", "comparabilities.csv", "peel-2021", "25,,", "25,efficiency,", "criterion is"),
    # captured versions and findings
    Fault("short digest", "captures.csv", "peel-2015", "edad,bf", "edad,cf", "sha12 is bf6ea9"),
    Fault("one force", "captures.csv", "peel", "peel-2015-kent", "state-of-policing-2015", "is a"),
    Fault("within", "sections.csv", LEADERSHIP, "16121", "17103", "runs from 15120 to 17103"),
    Fault("other report", "findings.csv", AFI, "2015-kent", "2021-22-kent", "is not of"),
    Fault(
        "in section", "findings.csv", AFI, "legitimacy-detail", "leadership", "no part of leader"
    ),
    Fault("no section", "findings.csv", AFI, "legitimacy-detail", "key-facts", "no part of key"),
    Fault(
        "asked", "findings.csv", AFI, "legitimacy,", "legitimacy-9,", "criterion is 'legitimacy-9'"
    ),
    Fault("type", "findings.csv", AFI, "area-for-improvement", "grumble", "type is 'grumble'"),
    Fault("one summary", "findings.csv", AGAIN, "tackled well", "tackled", "two summaries"),
]

# of two rows that contradict each other the later one is named, of 43 the last one
SEEN_ELSEWHERE = {"43", "name", "own area", "overlap", "undated", "shared name"}


def break_table(folder: Path, fault: Fault) -> str:
    """Write the fault into the copy and return the place of the changed line."""
    path = folder / fault.file
    lines = path.read_text(encoding="utf-8").splitlines()
    index = next(number for number, line in enumerate(lines) if line.startswith(fault.line))
    assert fault.old in lines[index], "the fault would change nothing"
    lines[index] = lines[index].replace(fault.old, fault.new, 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"{fault.file}:{index + 1}"


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.rule for fault in FAULTS])
def test_table_that_breaks_a_rule_is_refused_with_file_and_line(folder: Path, fault: Fault) -> None:
    """Who edits a table must be told which line is wrong and what would have been right."""
    place = break_table(folder, fault)
    with pytest.raises(TableError) as caught:
        read_tables(folder)
    assert fault.found in caught.value.found
    assert caught.value.expected
    assert caught.value.place.startswith(fault.file) or caught.value.place.endswith(":1")
    if fault.rule not in SEEN_ELSEWHERE:
        assert caught.value.place == place


def test_cycle_without_any_question_is_refused(folder: Path) -> None:
    """A cycle whose question set is empty would give judgments nothing to point to."""
    path = folder / "questions.csv"
    kept = [line for line in path.read_text().splitlines() if not line.startswith("peel-2025-27")]
    path.write_text("\n".join(kept) + "\n")
    with pytest.raises(TableError, match="peel-2025-27 has no question"):
        read_tables(folder)


def test_force_without_any_name_is_refused(folder: Path) -> None:
    """A force is found and labelled by its names."""
    path = folder / "force_names.csv"
    kept = [line for line in path.read_text().splitlines() if not line.startswith("btp,")]
    path.write_text("\n".join(kept) + "\n")
    with pytest.raises(TableError, match="btp has no name"):
        read_tables(folder)


def test_missing_table_is_refused(folder: Path) -> None:
    """A damaged installation must not look like an empty dataset."""
    (folder / "grades.csv").unlink()
    with pytest.raises(TableError, match="the table is missing") as caught:
        read_tables(folder)
    assert caught.value.place == "grades.csv:1"


def test_table_in_another_encoding_is_refused(folder: Path) -> None:
    """A spreadsheet that saves Latin-1 would turn names into other names."""
    path = folder / "force_names.csv"
    path.write_bytes(path.read_bytes().replace(b"Kent Police", b"Kent Polic\xe9"))
    with pytest.raises(TableError, match="no UTF-8"):
        read_tables(folder)


def test_open_quotation_mark_is_refused(folder: Path) -> None:
    """An unclosed quotation mark swallows the lines after it."""
    path = folder / "grades.csv"
    path.write_text(path.read_text().rstrip("\n") + '\nkent,"peel-2015\n')
    with pytest.raises(TableError, match="no CSV"):
        read_tables(folder)


def test_empty_table_is_refused_by_its_header(folder: Path) -> None:
    """A file cut to nothing is a fault of the file, not an empty table."""
    (folder / "grades.csv").write_text("")
    with pytest.raises(TableError, match="the header is"):
        read_tables(folder)
