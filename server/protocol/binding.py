"""Binds variables and a base in a SPARQL text, by its tokens: for protocols that cannot do it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import QueryError
from peelgraph.server.protocol.tokens import TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

IRI: Final = r"<[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*>"
TERM: Final = re.compile(
    rf"{IRI}|\"(?:[^\"\\\x00-\x1F]|\\[tbnrf\"'\\])*+\"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{IRI})?"
)
"""An absolute IRI or a literal in quotation marks: what a VALUES block takes, and nothing else."""
CODE_POINT: Final = re.compile(r"\\[uU]")
"""What some engines resolve before they look for the end of a string: ``\\u0022`` would end it."""
VARIABLE: Final = re.compile(r"\w+")
PLACE: Final = re.compile(r"line 1, column (\d+)")
SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")


def bound(text: str, substitutions: Sequence[tuple[str, str]]) -> str:
    """Return *text* with each variable bound to its term by a VALUES block.

    The block stands at the start of the outermost group and of every group below it that uses
    one of the variables, where filters and nested groups see it; a sub-SELECT has variables of
    its own and is left alone.

    Args:
        text: A query.
        substitutions: Names of variables, and Turtle terms: IRIs in angle brackets, or literals
            in quotation marks.

    Raises:
        QueryError: A term could be read as anything but one term, or the query has no group
            that can hold the block.

    >>> bound("SELECT ?a { ?a ?p ?b }", [("a", "<http://example.org/x>")])
    'SELECT ?a { VALUES (?a) { (<http://example.org/x>) } ?a ?p ?b }'
    """
    if not substitutions:
        return text
    for name, term in substitutions:
        plain = VARIABLE.fullmatch(name) and TERM.fullmatch(term)
        if not plain or CODE_POINT.search(term):
            raise QueryError(f"the value of the parameter {name[:100]!r} cannot be bound")
    names = " ".join(f"?{name}" for name, _ in substitutions)
    terms = " ".join(term for _, term in substitutions)
    block = f" VALUES ({names}) {{ ({terms}) }}"
    places = _places(text, {name for name, _ in substitutions})
    if not places:
        raise QueryError("the query has no WHERE group in which its parameters could be bound")
    pieces = []
    last = 0
    for place in places:
        pieces += [text[last:place], block]
        last = place
    return "".join([*pieces, text[last:]])


def base_declaration(text: str, base: str | None) -> str:
    """Return the declaration of *base* if *text* holds a relative IRI, else nothing.

    >>> base_declaration("ASK { <x> ?p <http://example.org/> }", "http://localhost/sparql")
    'BASE <http://localhost/sparql> '
    >>> base_declaration("ASK { <http://example.org/x> ?p ?o }", "http://localhost/sparql")
    ''
    """
    if base is None or not re.fullmatch(IRI, f"<{base}>"):
        return ""
    relative = any(
        token.lastgroup == "iri" and not SCHEME.match(token[0]) for token in TOKEN.finditer(text)
    )
    return f"BASE <{base}> " if relative else ""


def earlier_on_first_line(place: str, characters: int) -> str:
    """Return *place* as it is without the *characters* that were put before the first line.

    >>> earlier_on_first_line("line 1, column 40", 30)
    'line 1, column 10'
    """
    found = PLACE.fullmatch(place)
    return f"line 1, column {max(1, int(found[1]) - characters)}" if found else place


@dataclass(slots=True)
class _Bracket:
    """An open bracket.

    Args:
        end: Where its content begins.
        group: It opens a group of patterns in which a block may stand.
        apart: It is a sub-SELECT or a template, or within one.
        uses: One of the variables stands in it.
    """

    end: int
    group: bool
    apart: bool
    uses: bool = False


@dataclass(slots=True)
class _Groups:
    """One pass over the tokens: where the groups begin that use one of the variables."""

    text: str
    names: set[str]
    places: list[int] = field(default_factory=list[int])
    brackets: list[_Bracket] = field(default_factory=list[_Bracket])
    before: str = ""
    keyword: str = ""
    """The last word; decides what a brace opens."""
    constructs: bool = False
    template_seen: bool = False

    def token(self, token: re.Match[str]) -> None:
        mark, kind = token[0], token.lastgroup
        if kind == "operand" and mark[0] in "?$" and mark[1:] in self.names:
            for bracket in self.brackets:
                bracket.uses = True
        elif kind == "open":
            self._open(mark, token.end())
        elif kind == "close":
            self._close()
        elif token["name"] is not None and token["local"] is None and token["bare"] is None:
            self._word(mark.lower())
        self.before = mark.lower()

    def _word(self, word: str) -> None:
        self.keyword = word
        self.constructs = self.constructs or word == "construct"
        if word == "select" and self.brackets and self.before == "{":
            self.brackets[-1].apart = True

    def _open(self, mark: str, end: int) -> None:
        apart = bool(self.brackets) and self.brackets[-1].apart
        template = mark == "{" and self.before == "construct"
        self.template_seen = self.template_seen or template
        annotation = self.text.startswith("|", end)
        data = self.keyword == "values" or annotation
        group = mark == "{" and not data
        self.brackets.append(_Bracket(end, group, apart or template))
        if mark == "{":
            self.keyword = ""

    def _close(self) -> None:
        if not self.brackets:
            return
        closed = self.brackets.pop()
        # The short form CONSTRUCT WHERE { } takes triples alone.
        short = self.constructs and not self.template_seen
        if closed.group and not closed.apart and not short and (closed.uses or not self.brackets):
            self.places.append(closed.end)


def _places(text: str, names: set[str]) -> list[int]:
    """Return where a block belongs, in order."""
    groups = _Groups(text, names)
    for token in TOKEN.finditer(text):
        if token.lastgroup != "blank":
            groups.token(token)
    return sorted(groups.places)
