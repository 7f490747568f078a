"""Every shape against small graphs that keep it and that break it, with the exact results.

A case is a file ``{class}/valid-*.ttl`` or ``{class}/invalid-*.ttl`` (TriG where the rule reads
several graphs). Its comment lines ``# expect: focus path component severity shape [graphs…]``
say what is reported, in the file's own prefixes and base; ``-`` stands for no path, ``_:blank``
for a blank node, and ``ConstraintComponent`` is left off.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SH, VOID, BNode, Graph, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import DEFAULT_BASE
from peelgraph.graph.validation import (
    CROSS_GRAPH,
    Validator,
    shape_files,
    shapes_graph,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib.term import Node

    from peelgraph.graph.validation import Result, ValidationReport

FOLDER = Path(__file__).parent
CASES = sorted([*FOLDER.glob("*/*.ttl"), *FOLDER.glob("*/*.trig")])
FEWEST_CASES = 150
FEWEST_SINGLE_FAULTS = 50
COMPONENTS = {
    SH["class"]: "Class",
    SH.datatype: "Datatype",
    SH.disjoint: "Disjoint",
    SH.hasValue: "HasValue",
    SH.languageIn: "LanguageIn",
    SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH.maxCount: "MaxCount",
    SH.maxInclusive: "MaxInclusive",
    SH.maxLength: "MaxLength",
    SH.minCount: "MinCount",
    SH.minInclusive: "MinInclusive",
    SH.minLength: "MinLength",
    SH.node: "Node",
    SH.nodeKind: "NodeKind",
    SH["or"]: "Or",
    SH.pattern: "Pattern",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.sparql: "SPARQL",
    SH.uniqueLang: "UniqueLang",
}
NOT_COMPONENTS = {
    RDF.type,
    RDFS.label,
    SH.path,
    SH.name,
    SH.description,
    SH.message,
    SH.severity,
    SH.targetClass,
    SH.property,
    SH.qualifiedValueShape,  # the parameter of its two counts
}


def expectations(case: Path) -> list[list[str]]:
    """Return the fields of each ``# expect:`` line."""
    lines = case.read_text(encoding="utf-8").splitlines()
    return [line.split()[2:] for line in lines if line.startswith("# expect: ")]


def prefixes(case: Path) -> dict[str, str]:
    """Return the prefixes that a case's file declares, by namespace."""
    declared = re.findall(r"@prefix (\w+): <(.+?)>", case.read_text(encoding="utf-8"))
    return {namespace: prefix for prefix, namespace in declared} | {str(VOID): "void"}


def written(term: Node | str | None, prefixes: dict[str, str]) -> str:
    """Return a term as it stands in an ``# expect:`` line."""
    if term is None:
        return "-"
    if isinstance(term, BNode):
        return "_:blank"
    for namespace, prefix in prefixes.items():
        local = str(term).removeprefix(namespace)
        if local != str(term) and "/" not in local:
            return f"{prefix}:{local}"
    return f"<{str(term).removeprefix(f'{DEFAULT_BASE}/')}>"


def fields(result: Result, prefixes: dict[str, str]) -> list[str]:
    """Return a result as the fields of an ``# expect:`` line."""
    return [
        written(result.focus_node, prefixes),
        written(result.path, prefixes),
        local_name(result.component).removesuffix("ConstraintComponent"),
        local_name(result.severity),
        local_name(result.shape),
        *(written(each, prefixes) for each in result.graphs),
    ]


def local_name(term: Node) -> str:
    """Return the part of an IRI after the number sign."""
    return str(term).rpartition("#")[2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_case_is_reported_exactly_as_its_file_says(
    case: Path, validator: Validator, report_on: Callable[[Path, Validator], ValidationReport]
) -> None:
    """A fault on another node, by another rule or once more would send a person astray."""
    results = report_on(case, validator).results
    found = sorted(fields(result, prefixes(case)) for result in results)
    assert found == sorted(expectations(case))
    for result in results:
        assert_sentence(result.message)


def assert_sentence(message: str) -> None:
    """Check that a message reads as a sentence with everything filled in."""
    assert re.match(r"[A-Z0-9h_n]", message), message
    assert message.endswith("."), message
    assert len(message.split()) >= 4, message
    assert "{" not in message, f"a variable of the message stays empty: {message}"
    assert "  " not in message, message


def test_there_are_cases_and_no_file_is_left_out() -> None:
    """A collected suite that collects nothing is green too."""
    strays = [path for path in FOLDER.rglob("*.t*") if path not in CASES and path.suffix != ".py"]
    assert strays == [FOLDER / "reference.ttl"]
    assert len(CASES) >= FEWEST_CASES
    single = [case for case in CASES if len(expectations(case)) == 1]
    assert len(single) >= FEWEST_SINGLE_FAULTS


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_name_of_a_case_says_whether_it_is_valid(case: Path) -> None:
    """A valid case without expectations must not turn invalid unseen."""
    kind = case.stem.partition("-")[0]
    assert (kind, bool(expectations(case))) in {("valid", False), ("invalid", True)}


def test_every_folder_has_a_valid_and_an_invalid_case() -> None:
    """A shape that refuses everything, or nothing, is no shape."""
    kinds = Counter((case.parent.name, case.stem.partition("-")[0]) for case in CASES)
    for folder in {case.parent.name for case in CASES}:
        assert kinds[folder, "valid"], folder
        assert kinds[folder, "invalid"], folder


def test_every_file_of_shapes_has_a_folder_of_cases() -> None:
    """A new file of shapes brings its cases along."""
    stems = {file.name.removesuffix(".ttl") for file in shape_files()} - {"prefixes"}
    assert stems == {case.parent.name for case in CASES}


def test_reference_of_the_cases_conforms(invented_reference: Graph, shapes: Graph) -> None:
    """A fault in what the cases refer to would hide in all of them."""
    incoming = Graph().parse(FOLDER / "reference.ttl", format="turtle")
    assert Validator(invented_reference, shapes).report_on(incoming).results == ()


def test_every_constraint_has_a_case_that_breaks_it(shapes: Graph) -> None:
    """A constraint that nothing ever broke may be one that nothing can break."""
    broken = {
        (shape, component) for case in CASES for _, _, component, _, shape, *_ in expectations(case)
    }
    assert sorted(set(reporting_constraints(shapes)) - broken) == []


def reporting_constraints(shapes: Graph) -> Iterator[tuple[str, str]]:
    """Yield (shape, component) of every constraint that a report can name.

    Shapes of values (``sh:node``, ``sh:qualifiedValueShape``, ``sh:or``) are reported under the
    name of the shape that asks for them, and are broken by its cases.
    """
    aimed = set(shapes.subjects(SH.targetClass))
    for shape in aimed | {each for node in aimed for each in shapes.objects(node, SH.property)}:
        for parameter, value in shapes.predicate_objects(shape):
            if parameter == SH.sparql:
                yield local_name(value), "SPARQL"
            elif parameter not in NOT_COMPONENTS:
                yield local_name(shape), COMPONENTS[URIRef(str(parameter))]


def test_every_shape_and_constraint_has_a_name_that_says_where_it_belongs(shapes: Graph) -> None:
    """The name is what a report shows: no blank node, and the owner's name first."""
    assert not [term for triple in shapes for term in triple if isinstance(term, BNode)]
    for link in (SH.property, SH.sparql):
        for owner, part in shapes.subject_objects(link):
            stem = local_name(owner).removesuffix("-shape")
            assert f"{local_name(part)}-".startswith(f"{stem}-"), (owner, part)


def test_every_shape_has_words_for_people(shapes: Graph) -> None:
    """Reports and pages show names, descriptions and messages, not local names."""
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        assert shapes.value(shape, RDFS.label), shape
        assert str(shapes.value(shape, SH.description)).endswith("."), shape
    for kind in (SH.PropertyShape, SH.SPARQLConstraint):
        for shape in shapes.subjects(RDF.type, kind):
            message = str(shapes.value(shape, SH.message))
            assert re.fullmatch(r"[A-Z{].{20,}\.", message), (shape, message)


def test_patterns_nest_no_quantifiers(shapes: Graph) -> None:
    """A repeated group that holds a quantifier can take exponential time on a long value."""
    patterns = [str(each) for each in shapes.objects(None, SH.pattern)]
    quoted = [
        text
        for select in shapes.objects(None, SH.select)
        for text in re.findall(r'"([^"]*)"', str(select))
    ]
    assert patterns
    assert any(text.startswith("^") for text in quoted)
    assert [each for each in [*patterns, *quoted] if nests_quantifiers(each)] == []


def nests_quantifiers(pattern: str) -> bool:
    """Return whether a group of *pattern* that repeats holds a quantifier, at any depth."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", pattern)  # escapes and classes are one letter
    open_groups = [False]  # for each, whether it holds a quantifier
    for place, letter in enumerate(plain):
        if letter == "(":
            open_groups.append(False)
        elif letter == ")":
            holds = open_groups.pop()
            if holds and plain[place + 1 : place + 2] in {"*", "+", "{"}:
                return True
            open_groups[-1] |= holds
        elif letter in "*+{?":
            open_groups[-1] = True
    return False


@pytest.mark.parametrize(
    ("pattern", "nests"),
    [
        ("^(a+)+$", True),
        ("^([a-z]+)*$", True),
        ("((ab)+c)*", True),
        ("(a|b{2,}){3}", True),
        ("(a(b(c*)))+", True),
        ("^[(a+)+]$", False),
        (r"\(a+\)+", False),
        ("^(document|facts)/", False),
        ("^([0-9a-f]{12})/(a-z)+", False),
    ],
)
def test_nested_quantifiers_are_seen(pattern: str, *, nests: bool) -> None:
    """The linter itself can fail."""
    assert nests_quantifiers(pattern) is nests


def test_only_core_and_sparql_constraints_are_used(shapes: Graph) -> None:
    """Rules, functions and scripts of advanced SHACL are switched off in the validator."""
    advanced = {f"{SH}{name}" for name in ("rule", "target", "js", "expression", "values")}
    assert not {str(term) for triple in shapes for term in triple} & advanced
    assert all("SERVICE" not in str(each) for each in shapes.objects(None, SH.select))


def test_sparql_constraints_begin_with_the_node_they_judge(shapes: Graph) -> None:
    """The first pattern binds the focus node, so that a run looks at its neighbours only."""
    for select in shapes.objects(None, SH.select):
        assert re.search(r"WHERE \{\s+(\{ )?\$this ", str(select)), select


def test_shapes_across_graphs_are_those_of_their_file(shapes: Graph) -> None:
    """The name decides which run a shape takes part in."""
    across = Graph().parse(
        data=next(f for f in shape_files() if f.name == "cross-graph.ttl").read_text("utf-8"),
        format="turtle",
    )
    named = {s for s in shapes.subjects(SH.targetClass) if local_name(s).startswith(CROSS_GRAPH)}
    assert named == set(across.subjects(SH.targetClass))


def test_shapes_move_to_another_base() -> None:
    """A pattern that kept the default base would refuse everything under another one."""
    moved = shapes_graph(Iris("https://data.example.org/peel"))
    assert not [term for triple in moved for term in triple if DEFAULT_BASE in str(term)]
