"""Queries made from the grammar: none refused wrongly, no call let through, and rdflib agrees."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Variable

from peelgraph.graph.errors import QueryForbidden, QuerySyntax
from peelgraph.server.protocol.plain import start_of_plain
from peelgraph.server.protocol.tokens import full_outline, outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = """
@prefix : <urn:> .
:a :p :b ; :q 1 ; :r "service" .
:b :p :c ; :q 2 ; :r "load"@en .
:c :p :a ; :q 2 .
:d :q 3 ; :r "x" .
"""
PROLOGUE = "PREFIX : <urn:> PREFIX service: <urn:service/> PREFIX load: <urn:load/>\n"
# Where rdflib and the engine are known to differ: reason, and what of the query tells.
DIFFERENCES = {
    "the engine gives once what both alternatives of a path give": re.compile(
        r"\((.+)\|\1\)|[?*][^ ]*\||\|[^ ]*[?*]"
    ),
    "rdflib loses solutions where VALUES is joined with VALUES": re.compile("(?s)VALUES.*VALUES"),
    "the engine finds no path of length zero at a node that the data does not have": re.compile(
        r"(?s):[pqr][*?].*(?:service:x|load:x|'SERVICE)|(?:service:x|load:x|'SERVICE).*:[pqr][*?]"
    ),
    "rdflib repeats solutions of a path that goes round a cycle": re.compile(":[pqr][*+]"),
    "rdflib loses solutions that an OPTIONAL does not extend, where not a triple bound them": (
        re.compile("(?s)(?:VALUES|UNION|OPTIONAL).*OPTIONAL")
    ),
    "rdflib takes the error of comparing what is unbound for false, and negates it": re.compile(
        r"FILTER\(!"
    ),
    "rdflib answers one empty row where there are no groups": re.compile("GROUP BY"),
    "rdflib takes MINUS at the start of a group from what the group is joined with": re.compile(
        r"\{\s*MINUS"
    ),
}

names = st.sampled_from(["?x", "?y", "?z"])
iris = st.sampled_from([":a", ":b", ":c", ":d", "<urn:a>", "service:x", "load:x"])
literals = st.sampled_from(["1", "2", '"service"', "'load'@en", '"""x"""', "'SERVICE <urn:x> {}'"])
properties = st.sampled_from([":p", ":q", ":r"])
paths = st.recursive(
    properties,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}/{two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        inner.map(lambda one: f"^{one}"),
        st.tuples(properties, st.sampled_from("*+?")).map("".join),
    ),
    max_leaves=3,
)
expressions = st.recursive(
    st.one_of(
        st.tuples(names, st.sampled_from(["=", "!="]), iris | literals).map(" ".join),
        st.tuples(names, st.sampled_from([" < ", ">", " <= ", ">="]), names | st.just("2")).map(
            "".join
        ),
        names.map(lambda name: f"bound({name})"),
        names.map(lambda name: f"isIRI({name})"),
        names.map(lambda name: f"regex(str({name}), 'a|e')"),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda each: f"({' '.join(each)})"
        ),
        inner.map(lambda one: f"!({one})"),
    ),
    max_leaves=3,
)
triples = st.tuples(names | iris, paths | names, names | iris | literals).map(
    lambda each: f"{' '.join(each)} ."
)
values = st.tuples(names, st.lists(iris | literals, min_size=1, max_size=2)).map(
    lambda each: f"VALUES {each[0]} {{ {' '.join(each[1])} }}"
)


def group_of(items: list[str]) -> str:
    """A group graph pattern."""
    return "{ " + "\n".join(items) + " }"


groups = st.recursive(
    st.lists(triples | values, min_size=1, max_size=3).map(group_of),
    lambda inner: st.lists(
        st.one_of(
            triples,
            inner.map(lambda one: f"OPTIONAL {one}"),
            st.tuples(inner, inner).map(" UNION ".join),
            inner.map(lambda one: f"MINUS {one}"),
            expressions.map(lambda one: f"FILTER({one})"),
            inner.map(lambda one: f"FILTER NOT EXISTS {one}"),
        ),
        min_size=1,
        max_size=3,
    ).map(group_of),
    max_leaves=4,
)
queries = st.one_of(
    groups.map(lambda one: f"SELECT * WHERE {one}"),
    st.tuples(names, groups).map(lambda each: f"SELECT DISTINCT {each[0]} {each[1]}"),
    st.tuples(names, groups).map(
        lambda each: f"SELECT {each[0]} (COUNT(*) AS ?count) {each[1]} GROUP BY {each[0]}"
    ),
).map(PROLOGUE.__add__)


@given(queries, st.sampled_from([str, str.upper, str.lower]))
def test_no_query_without_a_call_is_refused(query: str, spell: Callable[[str], str]) -> None:
    """A checker that refuses honest queries would be switched off."""
    for keyword in ("SELECT", "WHERE", "OPTIONAL", "UNION", "MINUS", "FILTER", "VALUES"):
        query = query.replace(keyword, spell(keyword))
    with contextlib.suppress(SyntaxError):
        pyoxigraph.Store().query(query)
        assert outline(query).form == "select"


pieces = st.sampled_from(
    [
        "?s ?p ?o", "?s ?p 1", "?s ?p 1.", "?s ?p 1e0", "?s ?p true", "?s ?p false.", "?s ?p 'x'",
        "?s ?p '''a'b'''", '?s ?p "\\"#"', "?s ?p <urn:o#x>", "?s ?p e:o", "?s ?p e:", "?s ?p _:b",
        "?s ?p 'x'@en", "FILTER(1 < 2)", "FILTER(1<2)", "BIND(1 AS ?n)", "VALUES ?v { 1 }", "{}",
        "FILTER(?a<concat('>',\"x\"))", "# SERVICE\n", "{} UNION {}", "OPTIONAL {}",
        "?s ?p '\\u0027'",
    ]
)  # fmt: skip
glue = st.sampled_from(["", " ", ".", " . ", "\n", "#\n", "#'\n", '#"""\r'])
keywords = st.sampled_from(["SERVICE", "service", "SeRvIcE", "S\\u0045RVICE", "\\U00000073ervice"])
silent = st.sampled_from(["", " SILENT", "silent", " # '\nSILENT"])
targets = st.sampled_from(["<{}>", " <{}>", "e:", "e:x", " e:x", ":", ":x", "<\\u0068{}>", " ?u"])
endings = st.sampled_from(["{}", " { ?a ?b ?c }", "#\n{}"])
tails = st.sampled_from(["", " .", " #'", ' #"', " FILTER('a'='a')", " ?s ?p '''x'''"])


class Listener:
    """Counts who connects to it on loopback, and hangs up on them."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.count = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.count += 1
                connection.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Something to call."""
    listening = Listener()
    yield listening
    listening.close()


def calls(listener: Listener, run: Callable[[], object]) -> bool:
    """Whether *run*, by the engine itself, calls the listener."""
    before = listener.count
    with contextlib.suppress(SyntaxError, OSError, RuntimeError, ValueError):
        run()
    return listener.count > before


def passes(text: str) -> bool:
    """Whether the checker lets *text* through."""
    try:
        outline(text)
    except (QueryForbidden, QuerySyntax):
        return False
    return True


spellings = st.tuples(pieces, glue, keywords, silent, targets, endings, tails)


@given(spellings)
def test_no_call_is_let_through(listener: Listener, parts: tuple[str, ...]) -> None:
    """What the checker passes makes no call, though the engine itself has no guard."""
    piece, between, keyword, quiet, target, ending, tail = parts
    escaped = "\\u0068" in target
    place = target.replace("{}", listener.address.removeprefix("h" if escaped else ""))
    call = f"{keyword}{quiet}{place}{ending}{tail}"
    text = (
        f"PREFIX e: <{listener.address}> PREFIX : <{listener.address}> "
        f"ASK {{ VALUES ?u {{ <{listener.address}> }} {piece}{between}{call}\n}}"
    )
    if passes(text):
        store = pyoxigraph.Store()
        store.add(pyoxigraph.Quad(*[pyoxigraph.NamedNode("urn:s")] * 3))
        assert not calls(listener, lambda: bool(store.query(text)))


operations = st.sampled_from(
    [
        "INSERT DATA { <urn:a> <urn:b> 'LOAD' }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL",
        "DROP SILENT GRAPH <urn:g>", "CREATE GRAPH <urn:g>", "COPY DEFAULT TO <urn:g>", "",
        "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", "# LOAD\n",
        "PREFIX load: <urn:load> INSERT DATA { load:x a load:y }",
    ]
)  # fmt: skip
loads = st.sampled_from(
    [
        "LOAD <{}>", "load<{}>", "LOAD SILENT <{}>", "LOADsilent<{}>", "LOAD e:", "LOADe:", "LOAD:",
        "LOAD <{}> INTO GRAPH <urn:g>", "loadSILENTe: into graph:",
        "L\\u004FAD <{}>", "LOAD#\n<{}>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <{}> { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o OPTIONAL { SERVICE SILENT e: {} } }",
        "DELETE {} INSERT {} WHERE { {} UNION { SERVICE SILENT<{}>{} } }",
    ]
)  # fmt: skip
semicolons = st.sampled_from([";", " ; ", ";\n", ";#\n", " "])


@given(operations, semicolons, loads, st.sampled_from(["", ";", " ; CLEAR ALL"]))
def test_no_update_that_calls_is_let_through(
    listener: Listener, before: str, semicolon: str, load: str, after: str
) -> None:
    """The same for updates: every operation counts, not only the first."""
    prologue = f"PREFIX e: <{listener.address}> PREFIX : <{listener.address}> "
    text = prologue + before + semicolon + load.replace("<{}>", f"<{listener.address}>") + after
    if passes(text):
        assert not calls(listener, lambda: pyoxigraph.Store().update(text))


@given(operations, semicolons, operations)
def test_no_update_without_a_call_is_refused(first: str, semicolon: str, second: str) -> None:
    """LOAD in a string, a comment or a prefix is none."""
    text = f"{first}{semicolon}{second}"
    with contextlib.suppress(SyntaxError):
        with contextlib.suppress(RuntimeError):  # a graph that is there, or is not
            pyoxigraph.Store().update(text)
        outline(text)


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    """The data in the engine."""
    loaded = pyoxigraph.Store()
    loaded.load(DATA, pyoxigraph.RdfFormat.TURTLE)
    return loaded


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The same data in rdflib."""
    return Graph().parse(data=DATA, format="turtle")


@given(query=queries)
def test_rdflib_gives_the_same_solutions(store: pyoxigraph.Store, graph: Graph, query: str) -> None:
    """Two engines of different make agree, but for what is known of them."""
    with contextlib.suppress(SyntaxError):
        compare(store, graph, query)


def compare(store: pyoxigraph.Store, graph: Graph, query: str) -> None:
    """Hold the solutions of the two against each other."""
    results = store.query(query)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    names = [each.value for each in results.variables]
    ours = Counter(tuple(str(row[name] or "") for name in names) for row in results)
    rows = graph.query(query).bindings
    keys = [Variable(name) for name in names]
    theirs = Counter(
        tuple(row[key].n3() if row.get(key) is not None else "" for key in keys) for row in rows
    )
    known = [reason for reason, telling in DIFFERENCES.items() if telling.search(query)]
    assert ours == theirs or known, query


scraps = st.sampled_from([
    *("SELECT", "ask", "PREFIX e: <urn:e#>", "BASE<urn:b>", "PREFIX true.select: <u>"),
    *("\u017felect", "?a<", "<urn:a#b>", "<urn:a", "<b#c>", ">", "(", ")", "{", "}", "[", "]"),
    *("'", '"', "'x'", '"#"', "''", "#", "\n", " ", "\\", "e:now", "now()", "1", "_:b", "@en"),
    *("SERVICE", "LOAD", "graph", "FROM", "true", "service:", "\u0130", "^^", "%41", "\xb7"),
    *(":x", "e:a-b", "*", ".", "?s"),
])  # fmt: skip


@given(st.lists(scraps, max_size=14), st.sampled_from(["", "ASK {", "PREFIX e: <u> SELECT * {"]))
def test_what_is_known_without_tokens_is_what_they_say(parts: list[str], before: str) -> None:
    """The short way may give up, but never differ."""
    text = before + "".join(parts)
    if start_of_plain(text, 5) is not None:
        assert outline(text, 5) == full_outline(text, 5)
        assert not full_outline(text, 5).volatile


@given(spellings)
def test_no_call_is_known_to_be_harmless(parts: tuple[str, ...]) -> None:
    """A call in any spelling goes to the tokens."""
    piece, between, keyword, quiet, target, ending, tail = parts
    call = f"{keyword}{quiet}{target}{ending}{tail}"
    text = f"PREFIX e: <urn:e> ASK {{ {piece}{between}{call}\n}}"
    if start_of_plain(text, 100) is not None:
        assert outline(text) == full_outline(text)
