"""Says more about a syntax error than the engine does, which knows characters, not intentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import QueryError, QuerySyntax
from peelgraph.server.protocol.tokens import FORM_NAMES, TOKEN, outline, place_in

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = "prefix"


def explained(error: QuerySyntax, text: str) -> QuerySyntax:
    """Return *error*, or one that names what is plainly wrong with *text*.

    Only for a text that the engine has refused: nothing is refused here.

    >>> str(explained(QuerySyntax("the query is not SPARQL"), "SELEC * {}"))
    'the query is not SPARQL; expected SELECT, ASK, CONSTRUCT or DESCRIBE'
    >>> str(explained(QuerySyntax("the query is not SPARQL"), "ASK { ?s skos:note ?o }"))
    'line 1, column 10: the prefix skos: is not declared; add PREFIX skos: <...> at the start'
    """
    undeclared = next(_undeclared(text), None)
    if undeclared is not None:
        prefix, start = undeclared
        return QuerySyntax(
            f"the prefix {prefix}: is not declared",
            place=place_in(text, start),
            action=f"add PREFIX {prefix}: <...> at the start",
        )
    if all(token.lastgroup == "blank" for token in TOKEN.finditer(text)):
        return QuerySyntax("the query is empty", expected=FORM_NAMES)
    try:
        form = outline(text).form
    except QuerySyntax as better:
        return better
    except QueryError:
        return error
    if form is None:
        return QuerySyntax(error.found, place=error.place, expected=FORM_NAMES)
    return error


def _undeclared(text: str) -> Iterator[tuple[str, int]]:
    """Yield each prefix that is used without having been declared, and where."""
    declared: set[str] = set()
    before = ""
    for token in TOKEN.finditer(text):
        if token.lastgroup == "blank":
            continue
        local = token["local"] if token["local"] is not None else token["bare"]
        if local is not None:
            prefix = token[0][: len(token[0]) - len(local)]
            if before == PREFIX and local == ":":
                declared.add(prefix)
            # A keyword may be glued to a declared prefix, as in FILTERxsd:boolean(?x).
            elif not any(prefix == each or (each and prefix.endswith(each)) for each in declared):
                yield prefix, token.start()
        before = token[0].lower()
