"""The store keeps named graphs free of blank nodes and dumps them the same way every time."""

from __future__ import annotations

import random
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from peelgraph.graph import parsing
from peelgraph.graph import store as store_module
from peelgraph.graph.errors import DataBusy, RdfSyntaxError, ReadingStopped, VersionDamaged
from peelgraph.graph.iris import Iris
from peelgraph.graph.rewriting import serialized
from peelgraph.graph.store import RdfSyntax, Store, graphs_from, parsed

if TYPE_CHECKING:
    from pathlib import Path

IRIS = Iris()
NAME = IRIS.graph("reference", "force")
EX = "http://example.org/"
LISTED = """
@prefix ex: <http://example.org/> .
ex:a ex:list (1 2 3) ; ex:has [ ex:label "y"@cy, "n"@en ; ex:at "2016-02-18"^^ex:odd ] ; ex:p "1" .
"""


def graph(turtle: str) -> Graph:
    """The graph that *turtle* states."""
    return Graph().parse(data=turtle, format="ttl")


def test_stored_graph_is_the_graph_that_was_given() -> None:
    """Language tags, datatypes and IRIs survive the way in and out."""
    store, given = (
        Store.in_memory(),
        graph('<http://example.org/a> <http://e.org/p> "x"@cy, 4.5, "t".'),
    )
    store.replace_graph(NAME, given, IRIS)
    assert isomorphic(store.graph(NAME), given)
    assert store.graph_names() == [NAME]
    assert (store.graph_names(), len(store)) == ([NAME], 3)


def test_blank_nodes_get_the_same_names_whatever_they_were_called() -> None:
    """Two machines that load one file must mint the same IRIs."""
    dumps = set()
    for seed in range(5):
        triples = list(graph(LISTED))
        random.Random(seed).shuffle(triples)  # noqa: S311 - an order, not a secret
        shuffled = Graph()
        for triple in triples:
            shuffled.add(triple)
        store = Store.in_memory()
        store.replace_graph(NAME, shuffled, IRIS)
        dumps.add("\n".join(store.sorted_nquads()))
    assert len(dumps) == 1
    assert "_:" not in dumps.pop()


def test_replacing_a_graph_leaves_nothing_of_the_old_one() -> None:
    """A document that is ingested again must not keep statements it no longer makes."""
    store = Store.in_memory()
    store.replace_graph(NAME, graph("<http://e.org/a> <http://e.org/p> 1 ."), IRIS)
    store.replace_graph(NAME, graph("<http://e.org/a> <http://e.org/p> 2 ."), IRIS)
    assert [str(o) for o in store.graph(NAME).objects()] == ["2"]
    store.replace_graph(NAME, Graph(), IRIS)
    assert not store.holds_graph(NAME)


def test_extending_and_removing_single_triples() -> None:
    """Provenance grows; a superseded version loses one triple."""
    store = Store.in_memory()
    a, p, b = (URIRef(f"{EX}{n}") for n in "apb")
    given = Graph()
    given.add((a, p, b))
    store.extend_graph(NAME, given)
    store.extend_graph(NAME, graph("<http://e.org/x> <http://e.org/p> 2 ."))
    store.remove_triples(NAME, a, p, b)
    assert len(store) == 1


def test_describing_says_which_graph_states_what() -> None:
    """A clash between two sources must name both."""
    store = Store.in_memory()
    other = IRIS.graph("facts", "grades")
    store.replace_graph(NAME, graph("<http://e.org/a> <http://e.org/p> 1 ."), IRIS)
    store.replace_graph(other, graph("<http://e.org/a> <http://e.org/p> 2 ."), IRIS)
    asked = [URIRef("http://e.org/a"), URIRef("http://e.org/none")]
    described = store.describing(asked, lambda _name: True)
    assert {name: len(g) for name, g in described.items()} == {NAME: 1, other: 1}
    assert set(store.describing(asked, lambda name: name == other)) == {other}
    assert store.naming(asked) == {NAME, other}
    values = store.values(asked[0], URIRef("http://e.org/p"))
    assert {(name, int(str(value))) for name, value in values} == {(NAME, 1), (other, 2)}


def test_a_store_opened_anew_holds_what_it_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that an error broke off, and still holds, must not keep it locked."""
    monkeypatch.setattr(store_module, "BUFFERED", 2)
    store = Store.open(tmp_path / "store")
    given = "".join(f"<http://e.org/a> <http://e.org/p> {n} ." for n in range(3))
    held: list[object] = []
    for number in range(3):
        store.extend_graph(NAME, graph(given.replace("/a>", f"/{number}>")))
        reader = store.stated(NAME, URIRef("http://e.org/p"))
        next(reader)
        held.append([reader, held])
        del reader
        held = []
        store.renew()
        store.extend_graph(NAME, graph(f"<http://e.org/{number}> <http://e.org/q> 1 ."))
    assert len(store) == 12


def test_primitive_literals_are_kept_in_canonical_form() -> None:
    """What the engine does on the way in; mappings emit canonical forms only."""
    store, given = Store.in_memory(), Graph()
    given.add((URIRef(f"{EX}a"), URIRef(f"{EX}p"), Literal("01", datatype=XSD.integer)))
    store.replace_graph(NAME, given, IRIS)
    assert '"1"^^' in store.sorted_nquads()[0]


def test_syntax_errors_say_where() -> None:
    """A user mends line 2 of their file, not 'the RDF'."""
    with pytest.raises(RdfSyntaxError, match=r"mine\.ttl, line 2"):
        parsed(
            b"<http://e.org/a> <http://e.org/p> 1 .\n<http://e.org/a> oops",
            RdfSyntax.TTL,
            place="mine.ttl",
        )


@pytest.mark.parametrize("syntax", list(RdfSyntax))
def test_every_syntax_reads_back(syntax: RdfSyntax) -> None:
    """An export that cannot be parsed is no export."""
    store = Store.in_memory()
    store.replace_graph(NAME, graph(LISTED), IRIS)
    lines = store.sorted_nquads()
    if syntax not in {RdfSyntax.NQ, RdfSyntax.TRIG}:
        lines = sorted({line[: line.rindex(" <")] + " ." for line in lines})
    content = serialized(lines, syntax, {"ex": EX})
    assert len(parsed(content, syntax, place="export")) == len(lines)


def test_a_store_open_for_writing_is_busy(tmp_path: Path) -> None:
    """Two writers on one store would lose each other's quads."""
    first = Store.open(tmp_path / "store")
    with pytest.raises(DataBusy):
        Store.open(tmp_path / "store")
    assert len(first) == 0


def test_a_folder_without_a_store_is_damaged(tmp_path: Path) -> None:
    """An operator is told to roll back, not shown a trace."""
    with pytest.raises(VersionDamaged):
        Store.read_only(tmp_path / "none")


def test_rdflib_sees_the_union(tmp_path: Path) -> None:
    """Notebook users ask the dataset as rdflib users do."""
    store = Store.open(tmp_path / "store")
    store.replace_graph(NAME, graph("<http://e.org/a> <http://e.org/p> 1 ."), IRIS)
    store.flush()
    del store
    dataset = Store.read_only(tmp_path / "store").dataset()
    assert len(list(dataset.triples((None, None, None)))) == 1


def test_a_confined_process_that_answers_nonsense_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What has parsed a hostile file may say anything: only flat quads are let in."""
    line = b'<http://e.org/a> <http://e.org/p> "x \\" y"@en <http://e.org/g> .\n'
    for answer, right in (
        (line, True),
        (line.replace(b'"@en', b'"^^<http://e.org/t>'), True),
        (b"", True),
        (line + b"<< <http://e.org/a> " * 1000, False),
        (line.replace(b"<http://e.org/a>", b"_:a"), False),
        (line.removesuffix(b" .\n"), False),
        (line.replace(b" y", b"\ny"), False),
    ):
        monkeypatch.setattr(parsing, "_asked", lambda *_, said=answer, **__: said)
        with nullcontext() if right else pytest.raises(ReadingStopped):
            graphs_from(b"", RdfSyntax.TTL, IRIS, default=NAME, place="x.ttl")
