"""Saved queries: questions in files of their own, with parameters that are bound as terms.

A file of ``queries`` states its question and parameters in comment lines at its head::

    # question: What grades did a force get in a cycle, per pillar and question?
    # group: Grades
    # about: Grades of several forces or cycles are listed together where none is given.
    # parameters: force (force), cycle (cycle)
    # required: force
    # example: force=kent, cycle=peel-2015
    # dataset: kent-2015

``# coverage: reports`` says that the answer rests on what reports say, beyond their grades: it is
of those alone that were read. ``# all: force`` says that the question is about every one of them:
a form that asks it leaves that field empty.

A parameter is a variable of the query, and of its projection where it is a SELECT, because the
engine substitutes projected variables only. One that is not given stays a variable: the query
then answers for all forces, all cycles, …. Values never become part of the query text.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from rdflib import XSD, Literal, URIRef

from peelgraph.graph.errors import ParameterMissing, UnknownQuery, UsageError
from peelgraph.graph.iris import PILLARS, Iris, statistical_geography
from peelgraph.graph.namespaces import DEFAULT_BASE, rebased
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HEADER: Final = re.compile(r"#\s*(\w+):\s*(.+)")
PARAMETER: Final = re.compile(r"(\w+)\s*\((\w+)\)")
ABSOLUTE_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
GSS_CODE: Final = re.compile(r"[A-Z]\d{8}")
NAME: Final = re.compile(r"[\w &/\u2013-]+")  # what a force or cycle may be called


class ParameterKind(StrEnum):
    """What the value of a parameter names; each kind has its own term in RDF."""

    FORCE = "force"
    CYCLE = "cycle"
    CRITERION = "criterion"
    THEME = "theme"
    AREA = "area"
    VERSION = "version"
    IRI = "iri"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a saved query that a caller may give, and must where it is required."""

    name: str
    kind: ParameterKind
    required: bool = False
    example: str = ""
    all: bool = False

    @property
    def filled(self) -> str:
        """What a form is filled with that asks the question as it is worded."""
        return "" if self.all else self.example


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with its query; ``text`` is SPARQL on the base it was read for.

    ``group`` is what the question is about, as people look for it; ``from_reports`` that its
    answer is of those reports alone that were read.
    """

    name: str
    question: str
    about: str
    dataset: str
    parameters: tuple[Parameter, ...]
    text: str
    group: str = ""
    from_reports: bool = False


def saved_queries(base: str = DEFAULT_BASE) -> Mapping[str, SavedQuery]:
    """Return every saved query under its name, sorted, with its IRIs moved to *base*.

    >>> saved_queries()["judgment-evidence"].question
    'Which sentence says so, and where in which version?'
    """
    folder = files("peelgraph.graph") / "queries"
    found = sorted(path.name for path in folder.iterdir() if path.name.endswith(".rq"))
    return {
        name.removesuffix(".rq"): query_of(
            name.removesuffix(".rq"), rebased((folder / name).read_text("utf-8"), base)
        )
        for name in found
    }


def saved_query(name: str, base: str = DEFAULT_BASE) -> SavedQuery:
    """Return the saved query of that *name*.

    Raises:
        UnknownQuery: there is none; the message holds the nearest names.
    """
    queries = saved_queries(base)
    if name not in queries:
        nearest = get_close_matches(name, queries, n=3, cutoff=0.3) or list(queries)
        raise UnknownQuery(
            f"there is no saved query {name!r}",
            expected=f"one of {', '.join(nearest)}",
            action="list them all with `peelgraph query --list`",
        )
    return queries[name]


def query_of(name: str, text: str) -> SavedQuery:
    """Return the saved query that a file's *text* states in its head.

    Raises:
        UsageError: the head has no question, or a line of it cannot be read.
    """
    head = _head(text)
    if "question" not in head:
        raise UsageError("the query states no question", place=f"{name}.rq")
    examples = _pairs(head.get("example", ""))
    required, every = _names(head.get("required", "")), _names(head.get("all", ""))
    parameters = tuple(
        Parameter(
            variable,
            ParameterKind(kind),
            variable in required,
            examples.get(variable, ""),
            variable in every,
        )
        for variable, kind in PARAMETER.findall(head.get("parameters", ""))
    )
    if stray := (required | every | set(examples)) - {p.name for p in parameters}:
        raise UsageError(f"{sorted(stray)} are no parameters", place=f"{name}.rq")
    return SavedQuery(
        name=name,
        question=head["question"],
        about=head.get("about", ""),
        dataset=head.get("dataset", ""),
        parameters=parameters,
        text=text,
        group=head.get("group", ""),
        from_reports=head.get("coverage") == "reports",
    )


def bound(query: SavedQuery, values: Mapping[str, str], iris: Iris) -> dict[str, URIRef | Literal]:
    """Return the terms that stand for the variables of *query*, by variable name.

    Args:
        query: The saved query.
        values: What the caller gave, by parameter name; an empty value counts as not given.
        iris: The IRIs of the version that is asked.

    Raises:
        ParameterMissing: a required parameter is not given, a given one is not the query's, or
            a value does not fit its kind.
    """
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    known = {p.name: p for p in query.parameters}
    for name in given:
        if name not in known:
            raise ParameterMissing(
                f"the query has no parameter {name!r}",
                place=query.name,
                expected=f"one of {', '.join(known)}" if known else "no parameter at all",
            )
    for parameter in query.parameters:
        if parameter.required and parameter.name not in given:
            raise ParameterMissing(
                f"the parameter {parameter.name!r} is missing",
                place=query.name,
                expected=_expectation(parameter),
                action=f"add it: --param {parameter.name}={parameter.example}",
            )
    return {name: _term(query.name, known[name], given, iris) for name in given}


def known_slugs(saved: SavedQuery, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return *parameters* with forces and cycles, which may be given by name, as slugs.

    Raises:
        UnknownForce: no force is called so; the nearest three are named.
        UnknownCycle: no cycle is called so.
    """
    tables, values = bundled_tables(), dict(parameters)
    for parameter in saved.parameters:
        value = values.get(parameter.name, "").strip()
        if not NAME.fullmatch(value):
            continue  # what cannot be a name is refused where terms are made
        if parameter.kind is ParameterKind.FORCE:
            values[parameter.name] = tables.force_named(value).slug
        elif parameter.kind is ParameterKind.CYCLE:
            values[parameter.name] = tables.cycle_named(value).slug
    return values


def _term(
    query: str, parameter: Parameter, given: Mapping[str, str], iris: Iris
) -> URIRef | Literal:
    try:
        return TERMS[parameter.kind](given[parameter.name], given, iris)
    except (UsageError, ValueError) as error:
        raise ParameterMissing(
            f"{given[parameter.name]!r} cannot be the parameter {parameter.name!r}",
            place=query,
            expected=_expectation(parameter),
        ) from error


def _expectation(parameter: Parameter) -> str:
    return f"a {parameter.kind} such as {parameter.example}"


def _named(
    mint: Callable[[str, Mapping[str, str], Iris], URIRef],
) -> Callable[[str, Mapping[str, str], Iris], URIRef]:
    """Return *mint*, but let an absolute IRI stand for itself."""

    def term(value: str, given: Mapping[str, str], iris: Iris) -> URIRef:
        return URIRef(value) if ABSOLUTE_IRI.fullmatch(value) else mint(value, given, iris)

    return term


def _criterion(value: str, given: Mapping[str, str], iris: Iris) -> URIRef:
    """Return a pillar, or the question of a cycle: ``peel-2015/legitimacy-4`` names both."""
    cycle, _, key = value.rpartition("/")
    cycle = cycle or given.get("cycle", "")
    if key not in PILLARS and not cycle:
        raise UsageError("a question needs its cycle", expected="peel-2015/legitimacy-4")
    return iris.criterion(cycle, key)


def _version(value: str, _given: Mapping[str, str], iris: Iris) -> URIRef:
    report, separator, digest = value.partition("/")
    if not separator:
        raise UsageError("a version needs its report", expected="peel-2015-kent/bf6ea9beedad")
    return iris.report_version(report, digest)


def _area(value: str, _given: Mapping[str, str], _iris: Iris) -> URIRef:
    if not GSS_CODE.fullmatch(value):
        raise UsageError(f"{value!r} is no area code", expected="a letter and eight digits")
    return statistical_geography(value)


def _foreign(value: str, _given: Mapping[str, str], _iris: Iris) -> URIRef:
    raise UsageError(f"{value!r} is no absolute IRI", expected="an IRI")


TERMS: Final[Mapping[ParameterKind, Callable[[str, Mapping[str, str], Iris], URIRef | Literal]]] = {
    ParameterKind.FORCE: _named(lambda value, _given, iris: iris.force(value)),
    ParameterKind.CYCLE: _named(lambda value, _given, iris: iris.cycle(value)),
    ParameterKind.CRITERION: _named(_criterion),
    ParameterKind.THEME: _named(lambda value, _given, iris: iris.theme(value)),
    ParameterKind.AREA: _named(_area),
    ParameterKind.VERSION: _named(_version),
    ParameterKind.IRI: _named(_foreign),
    ParameterKind.DATE: lambda value, _given, _iris: Literal(dt.date.fromisoformat(value)),
    ParameterKind.TEXT: lambda value, _given, _iris: Literal(value, datatype=XSD.string),
}


def _head(text: str) -> dict[str, str]:
    """Return the comment lines at the top of *text* as key and value."""
    head: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if match := HEADER.fullmatch(line.strip()):
            head[match[1]] = match[2].strip()
    return head


def _names(text: str) -> set[str]:
    """Return ``a, b`` as a set."""
    return {part.strip() for part in text.split(",") if part.strip()}


def _pairs(text: str) -> dict[str, str]:
    """Return ``a=1, b=2`` as a dictionary."""
    pairs = (part.partition("=") for part in text.split(",") if "=" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}
