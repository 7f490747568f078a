"""Every saved query answers its question: whole rows, in order, on the dataset it names."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import SavedQuery, bound, saved_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from peelgraph.graph.store import Store

FOLDER = Path(__file__).parent
IRIS = Iris()
PI = IRIS.pi
QUERIES = saved_queries()
KENT = IRIS.force("kent")


@dataclass(frozen=True)
class Case:
    """One expected answer: the query, what it is asked with, and its rows."""

    name: str
    dataset: str
    values: Mapping[str, str]
    header: list[str]
    rows: list[list[str]]

    @property
    def query(self) -> SavedQuery:
        """The query that must answer."""
        return QUERIES[self.name.partition(".")[0]]


def expected_cases() -> Iterator[Case]:
    """Yield the expected answer of every file beside this one."""
    for path in sorted(FOLDER.glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        head = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#"))
        header, *rows = csv.reader(line for line in lines if not line.startswith("#"))
        pairs = (p.split("=", 1) for p in head.get("parameters", "").split(", ") if p)
        yield Case(path.stem, head["dataset"], dict(pairs), header, rows)


CASES = tuple(expected_cases())


def answered(
    store: Store, query: SavedQuery, values: Mapping[str, str]
) -> ox.QuerySolutions | ox.QueryTriples:
    """Return what the engine answers over the union of all named graphs."""
    terms = bound(query, values, IRIS)
    found = store._inner.query(  # noqa: SLF001 - the store's own way in takes trusted text alone
        query.text,
        use_default_graph_as_union=True,
        substitutions={ox.Variable(name): engine_term(term) for name, term in terms.items()},
    )
    assert isinstance(found, ox.QuerySolutions | ox.QueryTriples)
    return found


def engine_term(term: URIRef | Literal) -> ox.NamedNode | ox.Literal:
    """Return an rdflib term as the engine's."""
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))


def answer_table(found: ox.QuerySolutions) -> tuple[list[str], list[list[str]]]:
    """Return header and rows as the results' CSV has them."""
    header = [variable.value for variable in found.variables]
    return header, [
        ["" if t is None else getattr(t, "value", str(t)) for t in row] for row in found
    ]


def answer_graph(found: ox.QueryTriples) -> Graph:
    """Return the triples of a CONSTRUCT."""
    return Graph().parse(data=ox.serialize(found, format=ox.RdfFormat.N_TRIPLES), format="nt")


def cell_fits(expected: str, found: str) -> bool:
    """Whether a cell is what the file says: the text, its digest, or a pattern of it."""
    kind, _, rest = expected.partition(":")
    if kind == "sha256":
        return hashlib.sha256(found.encode()).hexdigest() == rest
    if kind == "re":
        return re.fullmatch(rest, found) is not None
    return expected == found


def subjects_of_classes(graph: Graph, classes: list[str]) -> list[list[str]]:
    """Return how many subjects each of *classes* has."""
    return [[c, str(len(set(graph.subjects(RDF.type, URIRef(c)))))] for c in classes]


@pytest.fixture
def store(request: pytest.FixtureRequest, case: Case) -> Store:
    """The dataset of a case."""
    dataset: Store = request.getfixturevalue(case.dataset.replace("-", "_"))
    return dataset


def test_every_query_has_an_answer_and_every_answer_a_query() -> None:
    """A suite collected from files passes just as well when it collects nothing."""
    assert {case.name.partition(".")[0] for case in CASES} == set(QUERIES)
    for case in CASES:
        if "." not in case.name:
            assert case.dataset == case.query.dataset, case.name
    assert len(QUERIES) >= 15
    assert len(CASES) >= 20


def test_questions_of_the_model_are_asked() -> None:
    """These competency questions can be answered from tables and pages."""
    numbers = {
        "force-grades": 1,
        "judgment-evidence": 2,
        "top-grades": 3,
        "grade-history": 4,
        "grades-carried-over": 5,
        "theme-declines": 6,
        "areas-for-improvement": 7,
        "recurring-improvements": 8,
        "open-concerns": 9,
        "improvement-counts": 10,
        "shared-improvements": 11,
        "praise": 12,
        "look-ahead": 13,
        "ungraded-criteria": 14,
        "inspections": 15,
        "force-names": 16,
        "area-reports": 17,
        "collaborations": 22,
        "stated-figures": 23,
        "version-changes": 26,
        "extractions": 27,
        "judgments-at-fault": 28,
        "force-document": 29,
        "datasets": 30,
    }
    assert set(numbers) <= set(QUERIES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_query_answers_as_expected(case: Case, store: Store) -> None:
    """Whole rows: a wrong grade beside a right force is a wrong answer."""
    found = answered(store, case.query, case.values)
    if isinstance(found, ox.QueryTriples):
        classes = [row[0] for row in case.rows]
        assert subjects_of_classes(answer_graph(found), classes) == case.rows
        return
    header, rows = answer_table(found)
    assert header == case.header
    assert len(rows) == len(case.rows), rows
    for expected, row in zip(case.rows, rows, strict=True):
        assert all(map(cell_fits, expected, row)), f"expected {expected}, found {row}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_query_without_its_parameters_answers_at_least_as_much(case: Case, store: Store) -> None:
    """A parameter that is not given means all; a join in the wrong order would never end here."""
    required = {p.name for p in case.query.parameters if p.required}
    wide = {name: value for name, value in case.values.items() if name in required}
    with_all = len(list(answered(store, case.query, case.values)))
    assert len(list(answered(store, case.query, wide))) >= with_all


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_rows_do_not_repeat(name: str, kent_2015: Store) -> None:
    """A judgment stands in table and page under one IRI; it must not count twice."""
    query = QUERIES[name]
    values = {p.name: p.example for p in query.parameters if p.required}
    found = answered(kent_2015, query, values)
    if isinstance(found, ox.QuerySolutions):
        rows = [tuple(row) for row in answer_table(found)[1]]
        assert len(rows) == len(set(rows))


def test_sentences_are_those_of_the_captured_page(kent_2015: Store, kent_2015_text: str) -> None:
    """Evidence can be checked against the page by its offsets."""
    found = answered(kent_2015, QUERIES["judgment-evidence"], {"force": "kent"})
    assert isinstance(found, ox.QuerySolutions)
    header, rows = answer_table(found)
    columns = [header.index(name) for name in ("sentence", "start", "end")]
    assert len(rows) >= 3
    for row in rows:
        sentence, start, end = (row[c] for c in columns)
        assert kent_2015_text[int(start) : int(end)] == sentence


@pytest.mark.parametrize("name", ["areas-for-improvement", "praise", "look-ahead"])
def test_finding_known_from_table_and_page_is_listed_once(
    name: str, bundled: Store, kent_2015: Store
) -> None:
    """Ingesting a page whose findings are tabulated adds their words, not more findings."""
    answers = []
    for store in (bundled, kent_2015):
        found = answered(store, QUERIES[name], {"force": "kent", "cycle": "peel-2015"})
        assert isinstance(found, ox.QuerySolutions)
        header, rows = answer_table(found)
        node = header.index("item" if name == "look-ahead" else "finding")
        words, ours = header.index("statement"), header.index("summary")
        answers.append({row[node]: (row[words], row[ours]) for row in rows})
    tabulated, with_page = answers
    assert set(tabulated) <= set(with_page)
    assert all(not words and ours for words, ours in tabulated.values())
    read = {node for node, (words, _) in with_page.items() if words}
    assert len(read & set(tabulated)) >= 0.95 * len(read | set(tabulated))


def declines_by_table(tables: Path) -> set[tuple[str, ...]]:
    """Return (criterion, force, from, grade, to, grade, level) from the CSV files alone."""

    def lines(name: str) -> list[dict[str, str]]:
        with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    scale = {line["slug"]: line["scale"] for line in lines("cycles")}
    rank = {(s["scale"], s["grade"]): int(s["rank"]) for s in lines("scales") if s["rank"]}
    grade = {(g["force"], g["cycle"], g["criterion"]): g["grade"] for g in lines("grades")}
    found: set[tuple[str, ...]] = set()
    for step in lines("comparabilities"):
        if not step["criterion"] or step["level"] not in {"comparable", "with-caution"}:
            continue
        before, after = step["from_cycle"], step["to_cycle"]
        assert scale[before] == scale[after]
        for force in {force for force, _, _ in grade}:
            pair = [grade.get((force, c, step["criterion"]), "") for c in (before, after)]
            first, second = (rank.get((scale[before], g)) for g in pair)
            if first and second and second < first:
                place = (step["criterion"], force, before, pair[0], after, pair[1])
                found.add((*place, step["level"]))
    return found


def test_moved_down_agrees_with_the_tables(bundled: Store) -> None:
    """All pillars, all forces, computed without RDF: the query neither misses nor invents one."""
    tables = FOLDER.parent.parent / "graph" / "tables"
    found = answered(bundled, QUERIES["moved-down"], {})
    assert isinstance(found, ox.QuerySolutions)
    header, rows = answer_table(found)
    levels = {"comparable": "comparable", "comparable with caution": "with-caution"}

    def slug(cell: str) -> str:
        return cell.rpartition("/")[2].replace(" ", "-")

    names = ["criterion", "force", "from_cycle", "from_grade_name", "to_cycle", "to_grade_name"]
    columns = [header.index(name) for name in names]
    level = header.index("comparability")
    answer = {(*(slug(row[c]) for c in columns), levels[row[level]]) for row in rows}
    assert answer == declines_by_table(tables)
    assert len(answer) == len(rows)
    assert {row[-1] for row in answer} == {"comparable", "with-caution"}


def test_document_of_a_force_holds_all_that_its_page_asserts(
    kent_2015: Store, kent_2015_graph: tuple[URIRef, Graph]
) -> None:
    """One document a force: nothing that rests on its report may be left behind."""
    _, page = kent_2015_graph
    found = answered(kent_2015, QUERIES["force-document"], {"force": "kent"})
    assert isinstance(found, ox.QueryTriples)
    document = answer_graph(found)
    read_back = Graph().parse(data=page.serialize(format="nt"), format="nt")
    assert set(read_back) <= set(document)
    assert set(document.objects(None, PI.force)) == {KENT}


def without(graph: Graph, subject: URIRef, predicate: URIRef) -> Graph:
    """Return a copy of *graph* in which one property of a node is missing."""
    copy = Graph()
    for triple in graph:
        if triple[:2] != (subject, predicate):
            copy.add(triple)
    return copy


def test_judgment_without_evidence_is_found(
    bundled_by_name: dict[URIRef, Graph], store_of: Callable[[dict[URIRef, Graph]], Store]
) -> None:
    """The query must be able to find a fault, not only to find none."""
    judgment, name = IRIS.judgment("peel-2015", "kent", "legitimacy"), IRIS.graph("facts", "grades")
    faulty = without(bundled_by_name[name], judgment, PI.basis)
    store = store_of({**bundled_by_name, name: faulty})
    found = answered(store, QUERIES["judgments-at-fault"], {"force": "kent"})
    assert isinstance(found, ox.QuerySolutions)
    ((node, force, cycle, _, fault, *_),) = answer_table(found)[1]
    assert (node, force, cycle) == (str(judgment), str(KENT), str(IRIS.cycle("peel-2015")))
    assert fault == "no evidence"


def test_judgment_that_fails_validation_is_found_with_its_message(
    bundled_by_name: dict[URIRef, Graph], store_of: Callable[[dict[URIRef, Graph]], Store]
) -> None:
    """The last SHACL report is data that the query reads."""
    judgment = IRIS.judgment("peel-2015", "kent", "legitimacy")
    report, result = Graph(), URIRef(f"{IRIS.graph('validation')}#result-1")
    report.add((result, RDF.type, SH.ValidationResult))
    report.add((result, SH.focusNode, judgment))
    report.add((result, SH.resultSeverity, SH.Warning))
    report.add((result, SH.resultMessage, Literal("Date unknown.", lang="en")))
    store = store_of({**bundled_by_name, IRIS.graph("validation"): report})
    found = answered(store, QUERIES["judgments-at-fault"], {})
    assert isinstance(found, ox.QuerySolutions)
    ((node, *_, fault, severity, message),) = answer_table(found)[1]
    assert (node, fault, message) == (str(judgment), "fails validation", "Date unknown.")
    assert severity == str(SH.Warning)
