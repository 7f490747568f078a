"""RDF and JSON that nest too deeply, or declare entities, are refused before any parser sees them.

One pass in pieces over the bytes; a scan that is fooled costs a confined process, nothing more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from peelgraph.graph.errors import RdfSyntaxError, SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

DEEPEST: Final = 100  # brackets; the JSON-LD parser's stack ends at some 10,000
DEEPEST_TERM: Final = 16  # triples within triples
DEEPEST_ELEMENT: Final = 200  # of RDF/XML: one node within another is two elements
OPENING: Final = frozenset({b"[", b"(", b"{", b"{|"})
CLOSING: Final = frozenset({b"]", b")", b"}", b"|}"})
TERM_OPENING: Final = frozenset({b"<<", b"<<("})
TERM_CLOSING: Final = frozenset({b">>", b")>>"})
# A string that is not closed reaches to the end, so that no place is looked at twice.
JSON_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
TURTLE_TOKEN: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"
    rb'|"(?:[^"\\\n\r]|\\.)*+"?'
    rb"|'(?:[^'\\\n\r]|\\.)*+'?"
    rb"|<<\(?|<[^<>\"{}|^`\x00-\x20]*+>|\)?>>"
    rb"|\\.|#[^\n\r]*+|\{\||\|\}|[\[\](){}]",
    re.DOTALL,
)


def refuse_deep(content: bytes, syntax: str, place: str) -> None:
    """Raise for *content* that no parser of its *syntax*, a file extension, should be given.

    Raises:
        RdfSyntaxError: it nests too deeply, or is RDF/XML with a DOCTYPE or not well-formed.
    """
    if syntax == "rdf":
        _Elements(place).read(content)
        return
    if syntax in {"nt", "nq"} and b"<<" not in content:
        return  # nothing else nests
    tokens = JSON_TOKEN if syntax == "jsonld" else TURTLE_TOKEN
    _refuse_deep_brackets((found[0] for found in tokens.finditer(content)), place)


def refuse_deep_json(content: bytes, place: str) -> None:
    """Raise for JSON that nests too deeply for any parser.

    Raises:
        SourceUnreadable: it does.
    """
    depth = 0
    for found in JSON_TOKEN.finditer(content):
        depth += (found[0] in OPENING) - (found[0] in CLOSING)
        if depth > DEEPEST:
            raise SourceUnreadable(
                f"the brackets nest deeper than {DEEPEST}",
                place=place,
                expected="JSON of ordinary depth",
                action="look at the file; nothing was stored",
            )


def _refuse_deep_brackets(tokens: Iterable[bytes], place: str) -> None:
    depth = terms = 0
    for token in tokens:
        if token in OPENING:
            depth += 1
        elif token in CLOSING:
            depth -= 1
        elif token in TERM_OPENING:
            terms += 1
        elif token in TERM_CLOSING:
            terms -= 1
        if depth > DEEPEST or terms > DEEPEST_TERM:
            _refuse_depth(f"brackets nest deeper than {DEEPEST}", place)


def _refuse_depth(found: str, place: str) -> NoReturn:
    raise RdfSyntaxError(
        f"the {found}",
        place=place,
        expected="RDF of ordinary depth",
        action="flatten it, or convert it to N-Quads; nothing was stored",
    )


class _Elements:
    """Follows the elements of one RDF/XML file, in whatever encoding it is.

    The parser tells of a DOCTYPE before it reads what stands in it, and that ends the reading: no
    entity is ever declared.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._depth = 0

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        try:
            parser.Parse(content, True)  # noqa: FBT003 - the standard library's signature
        except expat.ExpatError as error:
            raise RdfSyntaxError(
                f"the XML is not well-formed: {error}",
                place=f"{self._place}, line {error.lineno}",
                expected="valid RDF/XML",
                action="mend that line; nothing was stored",
            ) from error

    def _refuse_doctype(self, *_: object) -> None:
        raise RdfSyntaxError(
            "the file has a DOCTYPE, which can declare entities without end",
            place=self._place,
            expected="RDF/XML without one",
            action="write entities out, as by converting the file to Turtle or N-Quads",
        )

    def _enter(self, *_: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST_ELEMENT:
            _refuse_depth(f"elements nest deeper than {DEEPEST_ELEMENT}", self._place)

    def _leave(self, *_: object) -> None:
        self._depth -= 1
