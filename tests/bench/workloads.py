"""What is asked: the twelve queries, and the requests that are made of them, as bytes."""

from __future__ import annotations

import functools
import itertools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from triples import BASE, OA, PI, passage

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON, TURTLE = "application/sparql-results+json", "text/turtle"
PREFIXES = f"""PREFIX pi: <{PI}>
PREFIX oa: <{OA}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
FORCE, CYCLE = f"<{BASE}/id/force/force-7>", f"<{BASE}/id/cycle/bench-1>"
TWELVE = {
    "lookup": f"SELECT ?p ?o {{ <{BASE}/data/judgment/bench-1-force-7/3> ?p ?o }}",
    "star": f"""SELECT ?criterion ?grade ?evidence {{ ?judgment a pi:Judgment ; pi:force {FORCE} ;
        pi:cycle {CYCLE} ; pi:criterion ?criterion ; pi:grade ?grade ; pi:evidence ?evidence }}""",
    "path": f"""SELECT ?report ?words {{ ?judgment pi:force {FORCE} ; pi:cycle {CYCLE} ;
        pi:evidence ?passage . ?passage oa:hasSelector/oa:exact ?words ;
        oa:hasSource/pi:report ?report }}""",
    "optional": f"""SELECT ?finding ?label {{ ?finding pi:statement ?words ; pi:force {FORCE}
        OPTIONAL {{ ?finding pi:criterion/skos:prefLabel ?label }} }}""",
    "regex": f"""SELECT ?finding ?words {{ ?finding pi:cycle {CYCLE} ; pi:statement ?words
        FILTER regex(?words, "custody.*victims", "i") }}""",
    "aggregate": f"""SELECT ?grade (COUNT(?judgment) AS ?n) {{ ?judgment pi:cycle {CYCLE} ;
        pi:grade ?grade }} GROUP BY ?grade""",
    "order": f"""SELECT ?finding ?words {{ ?finding pi:cycle {CYCLE} ; pi:statement ?words }}
        ORDER BY ?words ?finding LIMIT 10""",
    "union": f"""SELECT ?node ?about {{ {{ ?node pi:statement ?about ; pi:force {FORCE} }} UNION
        {{ ?node pi:grade ?about ; pi:force {FORCE} }} }}""",
    "text": f"""SELECT ?finding ?words {{ ?finding pi:force {FORCE} ; pi:statement ?words
        FILTER contains(lcase(str(?words)), "burglary") }}""",
    "ask": f"""ASK {{ ?judgment pi:force {FORCE} ; pi:grade/pi:rank 4 }}""",
    "construct": f"""CONSTRUCT {{ ?judgment pi:grade ?grade ; pi:evidence ?passage }}
        WHERE {{ ?judgment pi:cycle {CYCLE} ; pi:force {FORCE} ; pi:grade ?grade ;
        pi:evidence ?passage }}""",
    "count": "SELECT (COUNT(*) AS ?n) { ?passage a pi:Passage }",
}
SMALL = """SELECT ?p ?o ?start { <PASSAGE> ?p ?o ; oa:hasSelector/oa:start ?start
    FILTER (?start > -NUMBER) }"""
ROWS = "SELECT ?s ?o { ?s ?p ?o } LIMIT 100000"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a server answers queries."""

    port: int
    path: str


def post(target: Target, query: str) -> bytes:
    """A query sent in the body, as it is."""
    body = (PREFIXES + query).encode()
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n"
        f"Accept: {accept(query)}\r\nContent-Type: application/sparql-query\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(target: Target, query: str, etag: str = "") -> bytes:
    """A query sent in the address; with *etag*, only wanted where the answer is another one."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    head = (
        f"GET {target.path}?query={quote(PREFIXES + query, safe='')} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{target.port}\r\nAccept: {accept(query)}\r\n{condition}\r\n"
    )
    return head.encode()


def accept(query: str) -> str:
    """The format that is asked for."""
    return TURTLE if "CONSTRUCT" in query else JSON


def unseen(query: str) -> str:
    """The same query as a text that no server has seen: it declares a prefix nobody uses."""
    return f"PREFIX n{next(_numbers)}: <{BASE}/>\n{query}"


def small(passages: int, number: int) -> str:
    """A small query about one passage of so many; another text for each *number*."""
    return SMALL.replace("PASSAGE", passage(number * 7919 % passages)).replace(
        "NUMBER", str(number)
    )


def mix(target: Target) -> Iterator[bytes]:
    """The twelve queries in turn, from any of them on, each time as an unseen text."""
    names = list(TWELVE)
    first = random.randrange(len(names))  # noqa: S311 - clients should not march in step
    for name in itertools.cycle(names[first:] + names[:first]):
        yield post(target, unseen(TWELVE[name]))


def never_seen(target: Target, passages: int) -> Iterator[bytes]:
    """Small queries, each about another passage and none sent twice.

    The text is encoded once: putting two constants into bytes costs the client a microsecond.
    """
    before, after = get(target, SMALL).split(b"PASSAGE")
    for name in itertools.cycle(encoded_names(passages)):
        yield before + name + after.replace(b"NUMBER", b"%d" % next(_numbers))


@functools.cache
def encoded_names(passages: int) -> list[bytes]:
    """Some passages of so many, far from one another, as an address has them."""
    some = range(min(passages, 5000))
    return [quote(passage(n * 7919 % passages), safe="").encode() for n in some]


def repeated(target: Target, passages: int, etags: dict[str, str]) -> Iterator[bytes]:
    """A hundred small queries again and again, with the ETag of each that has one."""
    queries = [small(passages, number) for number in range(100)]
    random.shuffle(queries)
    return itertools.cycle([get(target, query, etags.get(query, "")) for query in queries])
