"""The checker must see every call the engine would make, and refuse nothing that is none."""

from __future__ import annotations

import contextlib
import time

import pytest
from rdflib import Graph

from peelgraph.graph.errors import QueryForbidden, QuerySyntax, QueryTooDeep
from peelgraph.server.protocol.plain import start_of_plain
from peelgraph.server.protocol.tokens import full_outline, outline

FORMS = [
    ("SELECT * {}", "select"),
    ("select * {}", "select"),
    ("SELECTDISTINCT*{?s ?p ?o}", "select"),
    ("ASK {}", "ask"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "construct"),
    ("DESCRIBE <http://example.org/>", "describe"),
    ("BASE <http://e/> PREFIX select: <x#> ASK { ?s a select:ask }", "ask"),
    ("# SELECT\nPREFIX : <http://e/#> # CONSTRUCT\nASK {}", "ask"),
    ("INSERT DATA { <a:b> <a:b> 1 }", "insert"),
    ("DROP ALL", "drop"),
    ("PREFIX : <http://e/> WITH :g DELETE {} WHERE {}", "with"),
    ("", None),
    ("}{", None),
]


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_the_form_is_the_first_keyword_after_the_prologue(text: str, form: str | None) -> None:
    """The form decides which formats an answer may have."""
    assert outline(text).form == form


CALLS = [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { service<http://e/>{?s ?p ?o} }",
    "SELECT * { SeRvIcE SILENT <http://e/> {} }",
    "SELECT * { SERVICEsilent<http://e/>{} }",
    "SELECT * { SERVICE# comment\n<http://e/> {} }",
    "SELECT * { SERVICE#\r<http://e/> {} }",
    "PREFIX e: <http://e/> SELECT * { SERVICE e: {} }",
    "PREFIX e: <http://e/> SELECT * { SERVICEe:{} }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x {} }",
    "PREFIX : <http://e/> SELECT * { SERVICE:\\.x {} }",
    "PREFIX silent: <http://e/> SELECT * { SERVICEsilent:x#\n{} }",
    "SELECT * { VALUES ?u {<http://e/>} SERVICE ?u {} }",
    "ASK { FILTER EXISTS { SERVICE SILENT <http://e/> {} } }",
    "SELECT * { ?s ?p ?o.SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p 1SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p 1.SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p 1e0SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://e/>{} }",
    "SELECT * { ?s ?p true.SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p true.SERVICEe:x{} }",
    "SELECT * { ?s ?p falseSERVICE<http://e/>{} }",
    "SELECT * { ?s ?p 'x'SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p <http://e/o>SERVICE<http://e/>{} }",
    "SELECT * { ?s ?p e:.SERVICE<http://e/>{} }",
    "SELECT * { FILTER(1<2)SERVICE<http://e/>{} }",
    "SELECT * { BIND(1AS?x)SERVICE<http://e/>{} }",
    "SELECT * { ?s <http://e/#\\u0041>?o SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p 'it\\'s' . SERVICE <http://e/> {} }",
    'SELECT * { ?s ?p """a"b""c\\""" """ . SERVICE <http://e/> {} }',
    "SELECT * { ?s ?p '''a\n#''' . SERVICE <http://e/> {} }",
    "SELECT * { S\\u0045RVICE <http://e/> {} }",
    "SELECT * { \\U00000053ERVICE <http://e/> {} }",
    "SELECT * { ?s ?p '\\u0027 . SERVICE <http://e/> {} #'}",
    # A string or comment in one reading only: '<' as less-than, not as the start of an IRI.
    "ASK { FILTER(?a<concat('>',\"x\")) SERVICE <http://e/> {} FILTER('a'='a') }",
    "ASK { FILTER(?a<b:x#>'''\n) SERVICE <http://e/> {} #'''\n }",
    "ASK { FILTER(?a<e:f(e:g>2||?a<concat('>',\"x\"))) SERVICE <http://e/> {} FILTER('a'='a') }",
    "LOAD <http://e/>",
    "load silent <http://e/> into graph <http://g/>",
    "LOADSILENT<http://e/>",
    "PREFIX e: <http://e/> LOADe:x",
    "INSERT DATA {} ; LOAD <http://e/>",
    "INSERT DATA {} ; LOAD:x",
    "INSERT {} WHERE { SERVICE <http://e/> {} }",
]


@pytest.mark.parametrize("text", CALLS)
def test_a_call_in_any_spelling_is_forbidden(text: str) -> None:
    """The engine follows SERVICE and LOAD to any address, so no spelling may pass."""
    with pytest.raises(QueryForbidden):
        outline(text)


def test_a_long_string_with_a_bad_escape_hides_nothing() -> None:
    """A backtracking parser would read its parts as short strings with a call between them."""
    with pytest.raises((QueryForbidden, QuerySyntax)):
        outline("ASK { ?s ?p '''b' SERVICE <http://e/> {} } #'\\x''' }")


HARMLESS = [
    "# SERVICE <http://e/>\nASK {}",
    "ASK { ?s ?p 'SERVICE <http://e/> {}' }",
    'ASK { ?s ?p """\nLOAD <x>\n""" }',
    "ASK { ?service ?p $load }",
    "ASK { ?s ?p 'x'@en-service }",
    "ASK { _:service ?p ?o }",
    "ASK { <http://e/SERVICE> ?p <SERVICE> }",
    "PREFIX service: <http://e/service#> ASK { ?s a service:Load ; service:load ?x }",
    "PREFIX service: <http://e/> ASK { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX load: <http://e/> ASK { ?s load:x load:y }",
    "ASK { ?s ?p ?o FILTER(?a<?b&&?c>?d) }",
    "ASK { VALUES (?a ?b) { (<http://e/a#b> <http://e/King's_Cross>) } }",
    "ASK { ?s ?p 'a\\u00e9' }",
    "ASK { ?s ?p '' . ?s ?p \"\" }",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_the_words_elsewhere_are_harmless(text: str) -> None:
    """A checker that refuses honest queries would be switched off."""
    assert outline(text).form in {"ask", "select"}


@pytest.mark.parametrize("text", ["ASK { ?s ?p 'x }", 'ASK { ?s ?p """x }', "ASK { ?s ?p '\\x' }"])
def test_a_string_without_an_end_is_a_syntax_error(text: str) -> None:
    """What follows an open string cannot be judged."""
    with pytest.raises(QuerySyntax) as caught:
        outline(text)
    assert caught.value.place.startswith("line 1, column 13")


@pytest.mark.parametrize("pair", ["()", "[]", "{}"])
def test_brackets_may_nest_to_the_limit_and_no_further(pair: str) -> None:
    """Deep nesting ends a worker; it is cheaper to say no before one is bothered."""
    opening, closing = pair
    assert outline("ASK" + opening * 100 + closing * 100).form == "ask"
    with pytest.raises(QueryTooDeep):
        outline("ASK" + opening * 101 + closing * 101)
    outline("ASK" + pair * 1000)
    outline("ASK {} # " + opening * 1000)


def test_from_is_seen_outside_brackets_only() -> None:
    """The union default graph gives way to a dataset that the query names itself."""
    assert outline("SELECT * FROM <http://g/> {}").own_dataset
    assert outline("SELECT * FROM NAMED <http://g/> {}").own_dataset
    assert outline("PREFIX e: <http://e/> SELECT*FROMe:g{}").own_dataset
    assert not outline("SELECT ?from { ?from ?p 'FROM' }").own_dataset
    assert not outline("PREFIX from: <http://e/> SELECT ?s { ?s a from:x }").own_dataset


OWN = [
    ("SELECT * FROM <g> FROM e:h FROM NAMED <n> {}", ("<g>", "e:h"), ("<n>",)),
    ("ASK FROM <g>FROM NAMED<n>FROM<h>{ GRAPH ?g { ?s ?p <x> } }", ("<g>", "<h>"), ("<n>",)),
    ("SELECT*FROMe:g FROMNAMEDe:h FROM:{}", ("e:g", ":"), ("e:h",)),
    ("DESCRIBE <x> FROM # <no>\n <g> WHERE { <y> ?p ?o }", ("<g>",), ()),
    ("CONSTRUCT { <x> <y> <z> } FROM <g> { <x> ?p e:o } ORDER BY <f>(?p)", ("<g>",), ()),
    ("SELECT ?from { ?s a 'FROM <g>' }", (), ()),
]


@pytest.mark.parametrize(("text", "default", "named"), OWN)
def test_the_graphs_of_a_query_are_read(
    text: str, default: tuple[str, ...], named: tuple[str, ...]
) -> None:
    """Those of the default graph are merged before the engine sees them."""
    prologue = "PREFIX e: <http://e/> # FROM <no>\nPREFIX : <http://f/>\n"
    found = outline(prologue + text)
    assert (found.default_graphs, found.named_graphs) == (default, named)
    assert found.prologue == prologue
    assert bool(found.own_graphs) is (len(default) > 1)


def test_the_graphs_of_a_query_are_told_as_turtle() -> None:
    """The engine resolves them as it does in the query."""
    text = "BASE <http://b/> PREFIX e: <x/> SELECT * FROM <g> FROM e:h FROM NAMED <n> {}"
    (quads, other) = ([], [])
    for triple in Graph().parse(data=outline(text).own_graphs, format="turtle"):
        (other if "named" in triple[1] else quads).append(str(triple[2]))
    assert sorted(quads) == ["http://b/g", "http://b/x/h"]
    assert other == ["http://b/n"]


HOSTILE = [
    '"\\"',
    "'''",
    "<",
    "<a",
    "a.a",
    "e:a.",
    "\\u",
    "+1",
    "'\\",
    "?",
    "_:",
    "@a-",
    "%a",
    "<'",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """A checker that backtracks is itself the attack."""
    began = time.process_time()
    with contextlib.suppress(QuerySyntax, QueryForbidden):
        outline("ASK { " + piece * (400_000 // len(piece)))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * { ?s ?p ?o }", False),
        ("PREFIX g: <https://w3id.org/peelgraph/> SELECT * { ?graph a g:graph }", False),
        ('SELECT * { ?s ?p "GRAPH" # graph\n }', False),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", True),
        ("SELECT * { graph<http://e/>{ ?s ?p ?o } }", True),
        ("SELECT * { ?s ?p true.GRAPH?g{} }", True),
        ("PREFIX e: <http://e/> SELECT * { GRAPHe:x { ?s ?p ?o } }", True),
        ("SELECT * { trueGRAPHe:x { ?s ?p ?o } }", True),
        ("SELECT * { \\u0047RAPH ?g { ?s ?p ?o } }", True),
        ("SELECT * { FILTER(?a <b#c> ?d) }", True),
    ],
)
def test_a_text_that_may_name_a_graph_is_known(text: str, names: bool) -> None:  # noqa: FBT001 - a column
    """Asked of the union alone, it would find no graph at all."""
    assert outline(text).names_graphs is names


@pytest.mark.parametrize(
    ("text", "volatile"),
    [
        ("SELECT * { ?now ?p ?rand }", False),
        ("PREFIX now: <http://e/now> SELECT * { ?s now:uuid 'NOW()' } # RAND()", False),
        ("SELECT (NOW() AS ?x) {}", True),
        ("SELECT (1+rand() AS ?x) {}", True),
        ("SELECT * { FILTER(trueNOW()) }", True),
        ("SELECT (STRUUID() AS ?x) (UUID() AS ?y) {}", True),
        ("SELECT (\\u004eOW() AS ?x) {}", True),
    ],
)
def test_what_gives_something_else_each_time_is_known(text: str, volatile: bool) -> None:  # noqa: FBT001 - a column
    """Kept, the clock would stand still."""
    assert outline(text).volatile is volatile


PLAIN = [
    "PREFIX e: <http://e/#graph> BASE <x> prefix :<y>\nSELECT (COUNT(*) AS ?n) { ?s e:p ?o }",
    "ASK { <http://e/#load> ?p 'service', \"from # now\" , '' }",
    "CONSTRUCT WHERE { ?s ?p [ ?q ?o ] FILTER(?o < 5) }",
    "describe<http://e/(graph)>",
    "ASK { ?s ?p 1 # < 'x' <a>\n. ?s ?p '#' }",
]


@pytest.mark.parametrize("text", PLAIN)
def test_an_ordinary_text_is_known_without_its_tokens(text: str) -> None:
    """Reading them took a quarter of what a small query costs the web process."""
    assert start_of_plain(text, 100)
    assert outline(text) == full_outline(text)


DOUBTFUL = [
    "SELECT.x:y {} ASK {}",
    "PREFIX select.x: <y> ASK {}",
    "SELECTDISTINCT * {}",
    "\u017felect * {} ASK {}",
    "ASK { ?s ?p 'x",
    "ASK { ?s ?p 1 # 'x\n. ?s a '' }",
    "ASK { FILTER(?a<b#c>?d) }",
    "ASK { FILTER(?a<now()>?d) }",
    "ASK " + "{" * 101,
]


@pytest.mark.parametrize("text", [*DOUBTFUL, *CALLS])
def test_a_doubtful_text_is_read_token_by_token(text: str) -> None:
    """The short way knows less, so it must never decide."""
    assert start_of_plain(text, 100) is None
