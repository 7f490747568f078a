"""Queries made to harm: nested, long, hard to plan, hungry, and reaching out."""

from __future__ import annotations

from typing import Final

ALL: Final = "?a ?b ?c . ?d ?e ?f"
ANY: Final = "(!<urn:p>|^!<urn:p>)"


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    """*inner* inside *depth* brackets."""
    return opening * depth + inner + closing * depth


def generators(size: int) -> dict[str, str]:
    """The query of each kind, as large as *size* says."""
    return {
        "parentheses": f"ASK {{ FILTER({nested('(', 'true', ')', size)}) }}",
        "groups": f"ASK {nested('{', '', '}', size)}",
        "exists": f"ASK {nested('{ FILTER EXISTS ', '{}', '}', size)}",
        "concat": f"SELECT ({nested('CONCAT(', 'true', ')', size)} AS ?x) {{}}",
        "not": f"ASK {{ FILTER({'!' * size}true) }}",
        "minus": f"SELECT ({'-' * size}1 AS ?x) {{}}",
        "sum": f"SELECT (1{'+1' * size} AS ?x) {{}}",
        "or": f"ASK {{ FILTER(false{'||false' * size}) }}",
        "union": f"ASK {{ {{}} {'UNION {} ' * size} }}",
        "optional": f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * size} }}",
        "lists": f"ASK {{ ?s ?p {nested('(', '', ')', size)} }}",
        "blank nodes": f"ASK {{ ?s ?p {nested('[ ?p ', '?o', ']', size)} }}",
        "path": f"ASK {{ ?s {'/'.join(['!<urn:x>'] * size)} ?o }}",
        "alternatives": f"ASK {{ ?s {'|'.join(['<urn:x>'] * size)} ?o }}",
        "subqueries": f"ASK {nested('{ SELECT * ', '{}', '}', size)}",
        "construct": f"CONSTRUCT {{ {'?s ?p ?o . ' * size} }} WHERE {{ ?s ?p ?o }}",
    }


def _each(count: int) -> str:
    return " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} }}" for n in range(count))


def _variables(count: int) -> str:
    return " ".join(f"?x{n}" for n in range(count))


HARD_TO_PLAN: Final = {
    "path of a thousand steps": f"ASK {{ ?s {'/'.join(['!<urn:x>'] * 1000)} ?o }}",
    "a thousand optionals": f"SELECT * {{ {_each(1000)} }}",
    "a collection of two hundred": f"SELECT * {{ ?s ?p ({_variables(200)}) }}",
}  # fmt: skip


def doubling(times: int) -> str:
    """The length of sixteen letters that were doubled so many times."""
    steps = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(times))
    return f"SELECT (STRLEN(?v{times}) AS ?n) {{ BIND('{'x' * 16}' AS ?v0) {steps} }}"


REPLACING: Final = (
    "SELECT (STRLEN(?v20) AS ?n) { BIND('xxxxxxxxxx' AS ?v0) "
    + " ".join(f"BIND(REPLACE(?v{n}, 'x', 'xxxx') AS ?v{n + 1})" for n in range(20))
    + " }"
)
HUNGRY: Final = {
    "cross join": f"SELECT (COUNT(*) AS ?n) {{ {ALL} . ?g ?h ?i }}",
    "sorted cross join": f"SELECT * {{ {ALL} }} ORDER BY ?c ?f ?a",
    "grouped cross join": f"SELECT ?c (COUNT(?f) AS ?n) {{ {ALL} . ?g ?h ?i }} GROUP BY ?c",
    "group concat": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), '{'x' * 600}')) AS ?n) {{ {ALL} }}",
    "doubling": doubling(30),
    "replacing": REPLACING,
    "everything": f"SELECT * {{ {ALL} }}",
    "everything constructed": f"CONSTRUCT {{ ?a ?e ?f . ?d ?b ?c }} WHERE {{ {ALL} }}",
    "everything described": f"DESCRIBE ?a ?d {{ {ALL} . ?g ?h ?i }}",
    "closure": f"SELECT (COUNT(*) AS ?n) {{ ?s (<urn:p>|!<urn:p>|^!<urn:p>)* ?o . {ALL} }}",
    "closure of all": f"SELECT (COUNT(*) AS ?n) {{ ?s {ANY}* ?o . ?o {ANY}* ?q . {ALL} }}",
    "distinct": f"SELECT DISTINCT (CONCAT(STR(?a), STR(?c), STR(?f)) AS ?x) {{ {ALL} }}",
    "optionals": f"SELECT * {{ {_each(1000)} }}",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {ALL} . ?g ?h ?i MINUS {{ ?a <urn:p> ?z }} }}",
    "values": f"SELECT * {{ VALUES ?x {{ {'1 ' * 100_000} }} VALUES ?y {{ {'1 ' * 100_000} }} }}",
}  # fmt: skip
"""Each meets a limit, over three thousand quads: of time, memory or bytes."""

# Twenty ways to ask another machine; the first group is a SERVICE pattern, the others whole.
CALLS: Final = (
    "SELECT * {{ SERVICE {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ service {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ SeRvIcE {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICEsilent {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE{to}{{?s ?p ?o}} }}",
    "SELECT * {{ SERVICE#\n{to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE # a {{ brace\r SILENT {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o.SERVICE SILENT {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND('\\'' AS ?q) SERVICE SILENT {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND('''it's''' AS ?q) SERVICE SILENT {to} {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<a#b> AS ?q) SERVICE SILENT {to} {{ ?s ?p ?o }} }}",
    "PREFIX e: {to} SELECT * {{ SERVICE SILENT e: {{ ?s ?p ?o }} }}",
    "BASE {to} SELECT * {{ SERVICE SILENT <x> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?w {{ {to} }} SERVICE SILENT ?w {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }} }}",
    "ASK {{ FILTER NOT EXISTS {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ OPTIONAL {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{}} UNION {{ SERVICE SILENT {to} {{ ?s ?p ?o }} }} }}",
)
