r"""Reads a SPARQL text as tokens: its form, its depth, and the keywords this service never runs.

The engine behind it is a backtracking parser that needs no space between a keyword and what
follows (``trueSERVICEe:x{}`` is a call), and that may read ``<`` as an operator where the
standard sees an IRI. So the question here is never only "what does the standard say" but "is
there any reading in which this is a call". Where two readings differ in what is a string or a
comment, the text is refused if the word occurs anywhere. Linear in the length of the text:
every repetition is possessive and no character is looked at by more than a few alternatives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from peelgraph.graph.errors import QueryForbidden, QuerySyntax, QueryTooDeep
from peelgraph.server.protocol.plain import start_of_plain

HEX: Final = "[0-9A-Fa-f]"
ESCAPE: Final = (
    rf"\\(?:[tbnrf\"'\\]|u(?![dD][89A-Fa-f]){HEX}{{4}}"
    rf"|U00(?!00[dD][89A-Fa-f])(?:0{HEX}|10){HEX}{{4}})"
)
FIRST_LOCAL: Final = rf"[\w:]|%{HEX}{HEX}|\\[_~.\-!$&'()*+,;=/?#@%]"
TOKEN: Final = re.compile(
    rf"""
    (?P<blank>[\x20\t\r\n]++ | \#[^\r\n]*+)
  | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u{HEX}{{4}}|\\U{HEX}{{8}})*+>)
  | (?P<string>
        '''(?:[^'\\]++|'{{1,2}}(?!')|{ESCAPE})*+'''
      | \"\"\"(?:[^"\\]++|"{{1,2}}(?!")|{ESCAPE})*+\"\"\"
      | '(?!'')(?:[^'\\\r\n]++|{ESCAPE})*+'
      | "(?!"")(?:[^"\\\r\n]++|{ESCAPE})*+"
    )
  | (?P<operand>
        [?$]\w++
      | _:\w[\w.\-\xB7]*+
      | @[A-Za-z]++(?:-++[A-Za-z0-9]++)*+
      | (?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+\-]?[0-9]++)?
    )
  | (?P<name>
        (?:[^\W\d_][\w.\-\xB7]*+)
        (?P<local>:(?:(?:{FIRST_LOCAL})(?:{FIRST_LOCAL}|[.\-\xB7])*+)?)?
      | (?P<bare>:(?:(?:{FIRST_LOCAL})(?:{FIRST_LOCAL}|[.\-\xB7])*+)?)
    )
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
CODE_POINT: Final = re.compile(rf"\\u({HEX}{{4}})|\\U({HEX}{{8}})")
LAST_CODE_POINT: Final = 0x10FFFF
DIVIDER: Final = re.compile(r"[.\-\xB7]")
AMBIGUOUS: Final = frozenset("'#()[]")

FORM_NAMES: Final = "SELECT, ASK, CONSTRUCT or DESCRIBE"
QUERY_FORMS: Final = frozenset({"select", "ask", "construct", "describe"})
UPDATE_FORMS: Final = frozenset(
    {"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"}
)
BEFORE_FROM: Final = frozenset({"*", "operand", ")", "}", "ask"})
PROLOGUE: Final = frozenset({"prefix", "base", "version"})
VOLATILE: Final = ("now", "rand", "uuid")
"""Ends of the names of functions that give something else each time; STRUUID is one."""
DEFAULT_GRAPH: Final = "[] <urn:x-peelgraph:default> {} ."
NAMED_GRAPH: Final = "[] <urn:x-peelgraph:named> {} ."
GLUED_FROM: Final = re.compile("from(named)?")
BOOLEANS: Final = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a text before any engine sees it.

    Args:
        form: ``select``, ``ask``, ``construct``, ``describe``; the first keyword of an update;
            ``None`` where there is neither.
        own_dataset: The text names its dataset with FROM.
        default_graphs: The terms after FROM, as they are written.
        named_graphs: The terms after FROM NAMED, likewise.
        prologue: What stands before the form: prefixes and a base.
        volatile: The answer may be another the next time: the text calls the clock or chance.
        names_graphs: The text may ask in which graph something is; when in doubt, it does.
    """

    form: str | None
    own_dataset: bool
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prologue: str = ""
    volatile: bool = False
    names_graphs: bool = True

    @property
    def is_update(self) -> bool:
        """Whether the text is an update."""
        return self.form in UPDATE_FORMS

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph, not solutions."""
        return self.form in {"construct", "describe"}

    @property
    def own_graphs(self) -> str:
        """The graphs of a FROM that names several, as Turtle; else nothing.

        Prologue and terms are Turtle as they stand, so that the engine resolves them here as it
        does in the query.
        """
        if len(self.default_graphs) < 2:  # noqa: PLR2004 - one graph needs no merging
            return ""
        default = (DEFAULT_GRAPH.format(term) for term in self.default_graphs)
        named = (NAMED_GRAPH.format(term) for term in self.named_graphs)
        return "\n".join((self.prologue, *default, *named))


def outline(text: str, depth_limit: int = 100) -> Outline:
    r"""Return the outline of *text*.

    Code point escapes are resolved by the standard before anything is read, by this engine only
    in strings and IRIs: both readings are checked.

    Raises:
        QueryTooDeep: Brackets nest deeper than *depth_limit*.
        QueryForbidden: The text asks for SERVICE or LOAD, in some reading.
        QuerySyntax: A string does not end.

    >>> outline("PREFIX service: <http://e/service#> SELECT * { ?s a service:X }").form
    'select'
    >>> outline("ASK { trueSERVICE<http://e/>{} }")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    peelgraph.graph.errors.queries.QueryForbidden: line 1, column 7: ...
    """
    start = start_of_plain(text, depth_limit)
    if start is not None:
        prologue = text[: start.start("form")]
        return Outline(
            start["form"].lower(), own_dataset=False, prologue=prologue, names_graphs=False
        )
    return full_outline(text, depth_limit)


def full_outline(text: str, depth_limit: int = 100) -> Outline:
    """Return the outline of any *text*, read token by token; see :func:`outline`."""
    found = _Reader(text, depth_limit).read()
    if "\\u" in text or "\\U" in text:
        resolved = CODE_POINT.sub(_character, text)
        try:
            other = _Reader(resolved, depth_limit).read()
        except QuerySyntax:
            _refuse_word_anywhere(resolved)
            other = Outline(None, own_dataset=False, volatile=True)
        found = replace(
            found,
            volatile=found.volatile or other.volatile,
            names_graphs=found.names_graphs or other.names_graphs,
        )
    return found


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= LAST_CODE_POINT else escape[0]


@dataclass(slots=True)
class _Reader:
    """One pass over one text."""

    text: str
    depth_limit: int
    form: str | None = None
    own_dataset: bool = False
    volatile: bool = False
    names_graphs: bool = False
    open_brackets: list[str] = field(default_factory=list[str])
    before: str = ""
    """The token before: a word in lower case, or ``operand``, ``iri``, ``(`` and so on."""
    suspect: int | None = None
    """Start of a name that is a call if a brace follows it."""
    prologue_end: int = 0
    default_graphs: list[str] = field(default_factory=list[str])
    named_graphs: list[str] = field(default_factory=list[str])
    wanting: list[str] | None = None
    """Where the term goes that follows FROM or FROM NAMED."""

    def read(self) -> Outline:
        for token in TOKEN.finditer(self.text):
            kind = token.lastgroup
            if kind == "blank":
                continue
            if self.suspect is not None and token[0] == "{":
                self._forbid("SERVICE", self.suspect)
            self.suspect = None
            if kind == "iri":
                self._iri(token)
            elif kind in {"name", "local", "bare"}:
                self._name(token)
            elif kind in {"operand", "string"}:
                self.before = "operand"
            else:
                self._mark(token)
        return Outline(
            self.form,
            self.own_dataset,
            tuple(self.default_graphs),
            tuple(self.named_graphs),
            self.text[: self.prologue_end],
            volatile=self.volatile,
            names_graphs=self.names_graphs,
        )

    def _iri(self, token: re.Match[str]) -> None:
        after_operand = self.before in {"operand", "iri", ")"} | BOOLEANS
        in_expression = self.open_brackets[-1:] == ["("]
        if in_expression and after_operand and AMBIGUOUS.intersection(token[0]):
            _refuse_word_anywhere(self.text)
            # Both may be so in the reading that is not followed.
            self.volatile = self.names_graphs = True
        self._graph(token[0])
        self.before = "iri"

    def _graph(self, term: str) -> None:
        """Take *term* for a graph of the dataset, if one is due."""
        if self.wanting is not None:
            self.wanting.append(term)
            self.wanting = None

    def _mark(self, token: re.Match[str]) -> None:
        mark = token[0]
        if mark in "([{":
            self.open_brackets.append(mark)
            if len(self.open_brackets) > self.depth_limit:
                raise QueryTooDeep(
                    f"brackets nest deeper than {self.depth_limit}",
                    place=self._place(token.start()),
                    action="nest less, or split the query",
                )
        elif mark in ")]}":
            if self.open_brackets:
                self.open_brackets.pop()
        elif mark in "'\"":
            raise QuerySyntax(
                "a string does not end, or holds an unknown escape",
                place=self._place(token.start()),
                expected="a closing quotation mark",
            )
        self.before = mark

    def _name(self, token: re.Match[str]) -> None:
        """Take in a keyword or a prefixed name, or several that are only divided by dots."""
        local = token["local"] if token["local"] is not None else token["bare"]
        prefix = token[0][: len(token[0]) - len(local or "")]
        last = prefix.lower()
        if "graph" in last:  # glued to what stands beside it or not
            self.names_graphs = True
        if not last.isalnum():
            *words, last = DIVIDER.split(last)
            for word in words:
                self._word(word, token.start())
        if local is None:
            self._word(last, token.start())
            return
        if self._may_call(last, token.start()):
            self.suspect = token.start()
        glued = GLUED_FROM.match(last)
        if glued and not self.open_brackets and self.before in BEFORE_FROM:
            self.own_dataset = True
            self.wanting = self.named_graphs if glued[1] else self.default_graphs
            self._graph(token[0][len(prefix) - len(last) + glued.end() :])
        else:
            self._graph(token[0])
        self.before = "operand"

    def _may_call(self, prefix: str, place: int) -> bool:
        """Return whether ``prefix:local`` may be a keyword glued to a prefixed name."""
        for boolean in BOOLEANS:
            prefix = prefix.removeprefix(boolean)
        at_start = not self.open_brackets and self.before in {"", ";", "iri"}
        if at_start and prefix.startswith("load"):
            self._forbid("LOAD", place)
        return prefix.startswith("service") and bool(self.open_brackets) and self.before != "graph"

    def _word(self, word: str, place: int) -> None:
        for boolean in BOOLEANS:
            word = word.removeprefix(boolean) or word
        if word in {"service", "servicesilent"}:
            self._forbid("SERVICE", place)
        if word in {"load", "loadsilent"}:
            self._forbid("LOAD", place)
        if word.endswith(VOLATILE):
            self.volatile = True
        if self.form is None and not self.open_brackets and word not in PROLOGUE:
            self._begin(word, place)
        if not self.open_brackets:
            self._from(word)
        self.before = word

    def _from(self, word: str) -> None:
        """Note what a FROM names next; NAMED may be glued to it."""
        if word.startswith("from"):
            self.own_dataset = True
            self.wanting = self.named_graphs if word == "fromnamed" else self.default_graphs
        elif word == "named" and self.before == "from":
            self.wanting = self.named_graphs

    def _begin(self, word: str, place: int) -> None:
        """Take *word* for the form; a keyword may be glued to the next (``SELECTDISTINCT``)."""
        for form in (*QUERY_FORMS, *UPDATE_FORMS):
            if word.startswith(form):
                self.form, self.prologue_end = form, place
                return

    def _forbid(self, keyword: str, start: int) -> None:
        raise QueryForbidden(
            f"the query asks for {keyword}, which this service never runs",
            place=self._place(start),
            expected="a query over this service's own data",
            action=f"leave out {keyword}",
        )

    def _place(self, start: int) -> str:
        return place_in(self.text, start)


def place_in(text: str, start: int) -> str:
    """Return the line and column of the character at *start*."""
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return f"line {line}, column {column}"


def _refuse_word_anywhere(text: str) -> None:
    """Refuse *text* if it could be a call in the reading that was not followed."""
    if "service" in text.lower():
        raise QueryForbidden(
            "the query can be read as a call to SERVICE, which this service never runs",
            expected="a query over this service's own data",
            action="put spaces around '<' where it means less-than",
        )
