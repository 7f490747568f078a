"""RDF made to harm, in six syntaxes: refused by name, or it ends a confined process at most."""

from __future__ import annotations

import itertools
import json
import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import Dataset, URIRef
from rdflib.plugins import sparql

from peelgraph.graph.confined.enclosure import MEBIBYTE, Bounds, Enclosure
from peelgraph.graph.errors import RdfSyntaxError, ReadingStopped
from peelgraph.graph.iris import Iris
from peelgraph.graph.parsing import RDF, nquads_of
from peelgraph.graph.store import RdfSyntax, graphs_from

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT: Final = URIRef("http://example.org/graph")
S, P, V = (f"<http://example.org/{each}>" for each in "spv")
HEAD: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
)
# What a parser does to a file that no scan has looked at: the scan was fooled, say.
UNGUARDED: Final = """
import pyoxigraph
def parses(content, *, place, syntax):
    quads = pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.from_extension(syntax))
    return str(len(list(quads))).encode()
"""


def stated(content: str | bytes, syntax: str) -> bytes:
    """The N-Quads of *content*."""
    given = content if isinstance(content, bytes) else content.encode()
    return nquads_of(given, syntax, graph=DEFAULT, genid="http://example.org/b/", place="bad.rdf")


def entity_bomb(size: int) -> str:
    """A document of which one reference stands for *size* characters."""
    levels = range(1, len(str(size)) - 1)
    more = (f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in levels)
    lines = ['<!ENTITY a0 "0123456789">', *more]
    use = f'<rdf:Description rdf:about="http://e.org/a"><e:p>&a{len(lines) - 1};</e:p>'
    return f"<!DOCTYPE rdf:RDF [{''.join(lines)}]>{HEAD}{use}</rdf:Description></rdf:RDF>"


def quadratic_bomb(size: int) -> str:
    """One entity of *size* characters, named as often."""
    use = f'<rdf:Description rdf:about="http://e.org/a"><e:p>{"&a;" * size}</e:p>'
    return f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * size}">]>{HEAD}{use}</rdf:Description></rdf:RDF>'


BOMBS = {
    "10^6": entity_bomb(10**6),
    "10^8": entity_bomb(10**8),
    "10^9": entity_bomb(10**9),
    "quadratic": quadratic_bomb(20_000),
    "outside": '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
    "after a comment": f"<!-- --><?x?>\n{entity_bomb(10**9)}",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1")


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_doctype_is_refused_in_any_encoding(name: str, encoding: str) -> None:
    """A kilobyte would become a gigabyte; nothing honest needs a DOCTYPE."""
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{declared}"?>{BOMBS[name]}'
    with pytest.raises(RdfSyntaxError, match="DOCTYPE"):
        stated(text.encode(encoding), "rdf")


@pytest.mark.parametrize("start", ["<!doctype a [", "+ADwAIQ-DOCTYPE", "\0<!DOCTYPE a [", ""])
def test_what_is_no_xml_is_refused_before_the_parser_of_rdf(start: str) -> None:
    """Where two parsers might differ, neither is asked."""
    with pytest.raises(RdfSyntaxError, match="well-formed"):
        stated(f"{start}{BOMBS['10^9'].removeprefix('<!DOCTYPE ')}", "rdf")


def test_entities_every_parser_knows_are_read() -> None:
    """Only those are refused that a document makes itself."""
    text = f"{HEAD}<rdf:Description rdf:about='http://e.org/a'><e:p>&lt;!DOCTYPE&#62;</e:p>"
    assert b'"<!DOCTYPE>"' in stated(f"{text}</rdf:Description></rdf:RDF>", "rdf")


def deep(syntax: str, depth: int) -> dict[str, str]:
    """Data nested *depth* deep, of every kind that *syntax* has."""

    def within(opening: str, inner: str, closing: str) -> str:
        return opening * depth + inner + closing * depth

    turtle = {
        "collections": f"{S} {P} {within('(', '', ')')} .",
        "blank nodes": f"{S} {P} {within(f'[ {P} ', V, ' ]')} .",
    }
    terms = {
        "triple terms": f"{S} {P} {within(f'<<( {S} {P} ', V, ' )>>')} .",
    }
    reified = {"reified triples": f"{within('<< ', f'{S} {P} {V}', f' >> {P} {V}')} ."}
    node = '<rdf:Description rdf:about="http://e.org/a"><e:p>'
    return {
        "nt": terms,
        "nq": terms,
        "ttl": {**turtle, **terms, **reified},
        "trig": {
            **{f"graph: {kind}": f"{DEFAULT.n3()} {{ {text} }}" for kind, text in turtle.items()},
            "graphs": f"{DEFAULT.n3()} {within('{ ', f'{S} {P} {V}', ' }')}",
            **terms,
        },
        "jsonld": {
            "lists": f'{{"http://e.org/p": {within("""{"@list": [""", "1", "]}")}}}',
            "nodes": within('{"http://e.org/p": ', "1", "}"),
            "arrays": within("[", "", "]"),
            "contexts": within('{"@context": ', "{}", "}"),
            "a string first": f'["\\\\", "\\"[", {within("[", "", "]")}]',
        },
        "rdf": {
            "nodes": f"{HEAD}{within(node, 'x', '</e:p></rdf:Description>')}</rdf:RDF>",
            "literals": (
                f'{HEAD}{node.removesuffix("<e:p>")}<e:p rdf:parseType="Literal">'
                f"{within('<a>', '', '</a>')}</e:p></rdf:Description></rdf:RDF>"
            ),
        },
    }[syntax]  # fmt: skip


KINDS = [(syntax.value, kind) for syntax in RdfSyntax for kind in deep(syntax.value, 1)]


@pytest.mark.parametrize(("syntax", "kind"), KINDS)
def test_deep_data_is_refused_by_name(syntax: str, kind: str) -> None:
    """A parser's stack must not be what ends it."""
    for depth in (201, 10_000, 100_000):
        with pytest.raises(RdfSyntaxError, match="nest deeper"):
            stated(deep(syntax, depth)[kind], syntax)


@pytest.mark.parametrize("syntax", ["ttl", "trig", "jsonld", "rdf"])
def test_ordinary_depth_is_read(syntax: str) -> None:
    """A limit that honest data meets is no protection but a fault."""
    for kind, text in deep(syntax, 20).items():
        if kind in {"triple terms", "reified triples", "graphs", "contexts"}:
            continue  # refused for other reasons
        assert stated(text, syntax) or kind in {"arrays", "a string first"}


@pytest.mark.parametrize(
    "text",
    [
        '{S} {P} "{many}" .',
        '{S} {P} """{many}"\n{many}""" .',
        "{S} {P} '''{many}\\'{many}''' .",
        "{S} <http://example.org/p'({many2}> {V} .",
        "# {many}\n{S} {P} {V} .",
        '{S} {P} "\\"{many}", "a" .',
        "@prefix e: <http://example.org/> . e:\\({escaped} {P} {V} .",
    ],
)
def test_brackets_that_are_text_do_not_count(text: str) -> None:
    """The scan must not take a string, a comment or an IRI for nesting."""
    many = "[(<<" * 300
    filled = (
        text.replace("{many2}", "(" * 300)
        .replace("{many}", many)
        .replace("{escaped}", "\\(" * 300)
        .replace("{S}", S).replace("{P}", P).replace("{V}", V)
    )  # fmt: skip
    assert stated(filled, "ttl")


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        ('"' * 1_000_001, "jsonld"),
        ('\\"' * 1_000_000, "jsonld"),
        ('"\\' * 1_000_000, "jsonld"),
        ("'''\\" * 1_000_000, "ttl"),
        ('"""a' * 1_000_000, "ttl"),
        ("<" * 1_000_000, "ttl"),
        ("<a" * 1_000_000, "trig"),
    ],
)
def test_the_scan_itself_takes_no_time(content: str, syntax: str) -> None:
    """Text on which a careless pattern looks at every place again and again."""
    with pytest.raises(RdfSyntaxError):
        stated(content, syntax)


@pytest.fixture
def unguarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enclosure:
    """A confined process that parses without looking first."""
    (tmp_path / "unguarded.py").write_text(UNGUARDED, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Enclosure("unguarded:parses", Bounds(memory=256 * MEBIBYTE, seconds=30, answer=MEBIBYTE))


@pytest.mark.parametrize(
    ("syntax", "content"),
    [
        ("rdf", BOMBS["10^9"]),
        ("jsonld", deep("jsonld", 100_000)["lists"]),
        ("jsonld", deep("jsonld", 100_000)["nodes"]),
        ("ttl", deep("ttl", 100_000)["triple terms"]),
    ],
    ids=["entities", "lists", "nodes", "triple terms"],
)
def test_a_bomb_that_no_scan_saw_ends_its_own_process_at_most(
    unguarded: Enclosure, syntax: str, content: str
) -> None:
    """The second wall: memory, stack and time of a process that has nothing else to do."""
    with closing(unguarded):
        with pytest.raises(ReadingStopped, match=r"bad\.rdf"):
            unguarded.ask(content.encode(), place="bad.rdf", syntax=syntax)
        good = f"{S} {P} {V} ."
        assert unguarded.ask(good.encode(), place="good.ttl", syntax="ttl") == b"1"


def test_blank_nodes_that_cannot_be_told_apart_are_stopped() -> None:
    """Naming them needs time and memory beyond all bounds: some kilobytes would end a load."""
    edges = itertools.permutations((f"_:b{n}" for n in range(16)), 2)
    content = "".join(f"{one} {P} {other} .\n" for one, other in edges).encode()
    bounds = Bounds(memory=512 * MEBIBYTE, seconds=2, answer=MEBIBYTE)
    with closing(Enclosure(RDF, bounds)) as enclosure:
        options = {"syntax": "nt", "graph": str(DEFAULT), "genid": "http://e.org/"}
        with pytest.raises(ReadingStopped, match=r"alike\.nt"):
            enclosure.ask(content, place="alike.nt", **options)
    with closing(Enclosure(RDF, replace(bounds, seconds=60))) as patient:
        assert patient.ask(b"", place="empty.nt", **options) == b""


def test_contexts_and_imports_are_never_fetched(
    tmp_path: Path, listener: Callable[[], int]
) -> None:
    """Neither over the network nor from the disk of whoever loads the file."""
    canary = tmp_path / "context.jsonld"
    canary.write_text(json.dumps({"@context": {"secret": "http://e.org/secret"}}), encoding="utf-8")
    remote = f"http://127.0.0.1:{listener()}/context.jsonld"
    for address in (remote, canary.as_uri(), str(canary), "context.jsonld"):
        for context in (address, [address], {"@import": address, "@version": 1.1}):
            given = json.dumps({"@context": context, "secret": "x", "http://e.org/p": "y"})
            with pytest.raises(RdfSyntaxError):
                stated(given, "jsonld")
        imports = f"{S} <http://www.w3.org/2002/07/owl#imports> <{address}> ."
        if ":" in address:
            assert len(stated(imports, "ttl").splitlines()) == 1


def test_a_remote_context_is_refused_with_what_to_do() -> None:
    """The one reason for which honest JSON-LD is refused often."""
    with pytest.raises(RdfSyntaxError, match="put the context into the file"):
        stated('{"@context": "https://schema.org/", "name": "x"}', "jsonld")


def test_rdflib_loads_no_graph_that_a_query_names(
    tmp_path: Path, listener: Callable[[], int]
) -> None:
    """FROM names graphs of the dataset; rdflib's own default is to fetch them, or open files."""
    assert sparql.SPARQL_LOAD_GRAPHS is False
    canary = tmp_path / "canary.ttl"
    canary.write_text(f"{S} {P} {V} .", encoding="utf-8")
    for address in (canary.as_uri(), f"http://127.0.0.1:{listener()}/a.ttl"):
        for clause in ("FROM", "FROM NAMED"):
            query = f"SELECT * {clause} <{address}> {{ ?s ?p ?o }}"
            assert not list(Dataset().query(query))


@pytest.mark.soak
def test_hundreds_of_bombs_leave_no_process(unguarded: Enclosure) -> None:
    """Each ends its own process; good files in between are all read, by replacements."""
    content, good = deep("jsonld", 100_000)["lists"].encode(), f"{S} {P} {V} .".encode()
    with closing(unguarded):
        pid = None
        for _ in range(300):
            assert unguarded.ask(good, place="good.ttl", syntax="ttl") == b"1"
            assert unguarded.pid != pid
            pid = unguarded.pid
            with pytest.raises(ReadingStopped):
                unguarded.ask(content, place="bad.jsonld", syntax="jsonld")
    own = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    running = [Path(f"/proc/{each}/cmdline").read_bytes() for each in own]
    assert not any(b"unguarded:parses" in line for line in running)


def test_what_is_read_is_what_was_stated() -> None:
    """Confinement changes nothing: graphs, names of blank nodes, literals."""
    trig = f'{S} {P} [ {P} "a\\n\\"b\\"\\t\u00e9"@cy ] . <http://e.org/g> {{ {S} {P} 4.50, {V} }}'
    graphs = graphs_from(trig.encode(), RdfSyntax.TRIG, Iris(), default=DEFAULT, place="good.trig")
    assert {str(name): len(graph) for name, graph in graphs.items()} == {
        str(DEFAULT): 2,
        "http://e.org/g": 2,
    }
    assert stated(trig, "trig") == b"".join(sorted(stated(trig, "trig").splitlines(keepends=True)))
