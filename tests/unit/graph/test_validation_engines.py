"""Validation: the choice of the engine, its deadline, and shapes and values that mean harm."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, XSD, Graph, Literal, URIRef

from peelgraph.graph.errors import EngineMissing, UsageError, ValidationTimeout
from peelgraph.graph.iris import Iris
from peelgraph.graph.namespaces import OA
from peelgraph.graph.settings import Settings
from peelgraph.graph.validation import (
    ENGINES,
    FROM_OUTSIDE,
    PYSHACL,
    RUST,
    Checking,
    Validator,
    shapes_graph,
)
from peelgraph.graph.validation.deadline import deadline
from peelgraph.graph.validation.pyshacl_engine import PyshaclEngine, WorkingGraph
from peelgraph.graph.validation.rust_engine import RustEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from shacl import Report

    from peelgraph.graph.validation.report import Triple

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SLOW = f"""{PREFIXES}
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Shape-name .
ex:Shape-name sh:path ex:name ; sh:pattern "^(a+)+$" ; sh:message "Only the letter a." .
"""
FETCHING = f"""{PREFIXES}
<http://127.0.0.1:PORT/shapes> a owl:Ontology ; owl:imports <http://127.0.0.1:PORT/more> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql ex:Query ; sh:rule ex:Rule .
ex:Rule a sh:SPARQLRule ; sh:construct
    "CONSTRUCT {{ $this ex:b 1 }} WHERE {{ SERVICE <http://127.0.0.1:PORT/s> {{ ?a ?b ?c }} }}" .
ex:Query sh:message "Found." ; sh:select QUERY .
"""


def graph_of(turtle: str) -> Graph:
    """Return what *turtle* states."""
    return Graph().parse(data=turtle, format="turtle")


def hostile_name(length: int) -> Graph:
    """Return a thing whose name a nested quantifier takes ages to refuse."""
    return graph_of(f"{PREFIXES} ex:a a ex:Thing ; ex:name '{'a' * length}!' .")


def test_engine_that_is_not_installed_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra is optional: whoever asks for it must learn its name."""
    monkeypatch.setitem(sys.modules, "shacl", None)
    with pytest.raises(EngineMissing, match=r"pip install 'peelgraph\[fast\]'"):
        Validator(Graph(), Graph(), Checking(RUST))
    assert Validator(Graph(), Graph(), Checking(PYSHACL)).report_on(Graph()).conforms


def test_unknown_engine_is_refused_with_those_there_are() -> None:
    """The environment can name anything."""
    with pytest.raises(UsageError, match="pyshacl or rust"):
        Validator(Graph(), Graph(), Checking("jena"))


def test_default_is_the_referee_and_data_from_outside_has_a_deadline() -> None:
    """The settings and the library's own defaults are the same."""
    settings = Settings()
    assert Checking(settings.shacl_engine, settings.shacl_timeout) == FROM_OUTSIDE
    assert FROM_OUTSIDE.engine == PYSHACL == ENGINES[0]


def test_hostile_value_is_stopped_at_the_deadline() -> None:
    """Forty letters against a nested quantifier take longer than anyone waits."""
    with pytest.raises(ValidationTimeout, match=r"longer than 0\.2 seconds"):
        Validator(Graph(), graph_of(SLOW), Checking(seconds=0.2)).report_on(hostile_name(40))
    report = Validator(Graph(), graph_of(SLOW), Checking(seconds=60)).report_on(hostile_name(8))
    assert [result.component for result in report.results] == [SH.PatternConstraintComponent]


def test_validator_is_as_before_after_a_deadline() -> None:
    """What was half checked must not vouch for the next graph."""
    validator = Validator(Graph(), graph_of(SLOW), Checking(seconds=0.2))
    with pytest.raises(ValidationTimeout):
        validator.report_on(hostile_name(40))
    assert validator.report_on(Graph()).results == ()
    fine = graph_of(f"{PREFIXES} ex:b a ex:Thing ; ex:name 'aa' .")
    assert validator.report_on(fine).results == ()


@pytest.mark.parametrize("method", ["add", "remove"])
def test_a_graph_leaves_nothing_behind_whenever_the_alarm_comes(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Putting a large one in, or taking it out, takes a while; the next would be blamed for it."""
    engine = PyshaclEngine(Graph(), graph_of(SLOW), "-")
    called = getattr(WorkingGraph, method)

    def late(self: WorkingGraph, triple: Triple) -> None:
        if method == "add":
            called(self, triple)
        raise ValidationTimeout("as a test has it")

    named = graph_of(f"{PREFIXES} ex:a ex:name 'b' .")
    monkeypatch.setattr(WorkingGraph, method, late)
    with pytest.raises(ValidationTimeout):
        engine.beside_reference(named, set())
    monkeypatch.undo()
    nameless = graph_of(f"{PREFIXES} ex:a a ex:Thing .")
    assert engine.beside_reference(nameless, set(nameless.subjects())).results == ()


def test_wait_for_the_rust_engine_ends_at_the_deadline() -> None:
    """Nothing can interrupt it, so it is left behind."""
    ended = threading.Event()

    class Stuck:
        def validate_text(self, _text: str, _syntax: str) -> Report:
            ended.wait(30)
            raise ValueError

    engine = RustEngine(lambda _text, _syntax: Stuck(), Graph(), Graph(), "-")  # type: ignore[arg-type, return-value]
    try:
        with pytest.raises(ValidationTimeout), deadline(0.1):
            engine.beside_reference(Graph(), set())
    finally:
        ended.set()


def test_panic_of_the_rust_engine_is_raised_where_it_is_waited_for() -> None:
    """A panic is no Exception in Python; what it says must not be lost with the thread."""

    class Panic(BaseException):
        pass

    class Panicking:
        def validate_text(self, _text: str, _syntax: str) -> Report:
            raise Panic("index out of bounds")

    engine = RustEngine(lambda _text, _syntax: Panicking(), Graph(), Graph(), "-")  # type: ignore[arg-type, return-value]
    with pytest.raises(Panic, match="index out of bounds"):
        engine.beside_reference(Graph(), set())


def test_deadline_leaves_the_timer_and_the_handler_of_others() -> None:
    """Whoever runs us may have an alarm of their own."""

    def theirs(_number: int, _frame: object) -> None: ...

    before, timer = signal.signal(signal.SIGALRM, theirs), signal.getitimer(signal.ITIMER_REAL)
    try:
        signal.setitimer(signal.ITIMER_REAL, 500)
        with deadline(100):
            assert signal.getitimer(signal.ITIMER_REAL)[0] <= 100
        assert signal.getsignal(signal.SIGALRM) is theirs
        assert 100 < signal.getitimer(signal.ITIMER_REAL)[0] <= 500
        with deadline(1000):
            assert signal.getsignal(signal.SIGALRM) is theirs
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)


def test_deadline_that_is_swallowed_comes_again() -> None:
    """Libraries catch what they do not know and go on."""

    def deaf() -> None:
        with contextlib.suppress(ValidationTimeout):
            time.sleep(20)
        time.sleep(20)

    with pytest.raises(ValidationTimeout), deadline(0.05):
        deaf()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this a ?k SERVICE <ADDRESS> { ?a ?b ?c } }",
        "SELECT $this WHERE { $this a ?k SERVICE SILENT <ADDRESS> { ?a ?b ?c } }",
        "SELECT $this FROM <ADDRESS> WHERE { $this a ?k }",
        "SELECT $this FROM NAMED <ADDRESS> WHERE { $this a ?k GRAPH ?g { ?a ?b ?c } }",
    ],
)
def test_hostile_shapes_reach_no_address(
    engine: str, query: str, listener: Callable[[], int]
) -> None:
    """Imports, rules, federation and named data sets all name addresses; none is opened."""
    port = str(listener())
    select = query.replace("ADDRESS", f"http://127.0.0.1:{port}/data")
    shapes = graph_of(FETCHING.replace("QUERY", f"'{select}'").replace("PORT", port))
    data = graph_of(f"{PREFIXES} <> owl:imports <http://127.0.0.1:{port}/d> . ex:a a ex:Thing .")
    with contextlib.suppress(Exception):  # some are refused, each in another way
        Validator(Graph(), shapes, Checking(engine)).report_on(data)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Literal("many", datatype=XSD.integer), Literal(40)),
        (Literal("true", datatype=XSD.boolean), Literal("2015", datatype=XSD.gYear)),
        (Literal("x"), Literal("2015-02-30", datatype=XSD.date)),
        (Literal("x", lang="en"), Literal("9" * 30, datatype=XSD.integer)),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_that_are_none_are_reported_and_stop_nothing(
    engine: str, start: Literal, end: Literal
) -> None:
    """The library underneath ends in Python errors where it counts with them or compares them."""
    iris = Iris()
    version = iris.report_version("peel-2015-borsetshire", "0123456789ab")
    passage, position = URIRef(f"{version}/passage/30-40"), URIRef(f"{version}/passage/30-40#p")
    quote, section = URIRef(f"{passage}#q"), URIRef(f"{version}/section/a")
    graph = Graph()
    for triple in (
        (passage, RDF.type, iris.pi.Passage),
        (passage, OA.hasSelector, position),
        (passage, OA.hasSelector, quote),
        (position, RDF.type, OA.TextPositionSelector),
        (position, OA.start, start),
        (position, OA.end, end),
        (quote, OA.exact, Literal("ten signs.")),
        (section, RDF.type, iris.pi.Section),
        (section, iris.pi.start, start),
        (section, iris.pi.end, end),
    ):
        graph.add(triple)
    report = Validator(Graph(), shapes_graph(iris), Checking(engine)).report_on(graph)
    datatype = SH.DatatypeConstraintComponent
    wrong = {(r.focus_node, r.path) for r in report.results if r.component == datatype}
    assert {(position, OA.start), (section, iris.pi.start)} <= wrong
