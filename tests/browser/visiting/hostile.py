"""A dataset in which every word and every foreign address is a stranger's, as N-Quads."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

RUN: Final = "window.reached=1;alert(1)"
WORDS: Final = (
    f"<script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    f"</title></textarea></style></script><svg onload={RUN}>",
    f"<a href=javascript:{RUN}>javascript:{RUN}</a>",
    "{{ 7 * 191 }} {% include 'base.html' %} ${7*191} <%= 7*191 %>",
    "\u202egnp.exe\u202c \u2066\u2067 \u200f",
    f"]]> --> <!-- &lt;script&gt;{RUN}&lt;/script&gt; &#60;script>",
    "<base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    "a\tb\nc\r\nd \u2028 \u2029 \x7f \ufeff \ufffe",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe><form action=//evil.example><input>",
)
FORMULAS: Final = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("x")')
ADDRESSES: Final = (
    f"javascript:{RUN}",
    f"JavaScript:{RUN}//https://example.org/",
    f"data:text/html,<script>{RUN}</script>".replace("<", "%3C").replace(">", "%3E"),
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"vbscript:{RUN}",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "view-source:javascript:1",
    f"https://example.org/'onmouseover='{RUN}'",
    "https://user:word@evil.example:1/%0d%0aX:y?a=1&b=%22#%3Cscript%3E",
)
_RDFS, _SKOS = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2004/02/skos/core#"
_DCT, _PI = "http://purl.org/dc/terms/", "https://w3id.org/peelgraph/def/inspection#"
_OA, _SH = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/shacl#"
WORDED: Final = frozenset(
    {
        *(f"{_RDFS}{name}" for name in ("label", "comment")),
        *(f"{_SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel", "definition")),
        *(f"{_SKOS}{name}" for name in ("example", "scopeNote")),
        *(f"{_DCT}{name}" for name in ("title", "description", "coverage")),
        *(f"{_PI}{name}" for name in ("statement", "summary", "name", "heading")),
        *(f"{_OA}{name}" for name in ("exact", "prefix", "suffix")),
        *(f"{_SH}{name}" for name in ("message", "name", "description", "resultMessage")),
        "http://xmlns.com/foaf/0.1/name",
    }
)
LINKING: Final = frozenset(
    {
        *(f"{_DCT}{name}" for name in ("source", "license", "spatial", "temporal")),
        *(f"{_PI}authority", f"{_SKOS}exactMatch", "http://xmlns.com/foaf/0.1/page"),
    }
)


def hostile_quads(
    source: Path,
    long: str = "",
    words: Sequence[str] = WORDS,
    addresses: Sequence[str] = ADDRESSES,
) -> Iterator[ox.Quad]:
    """Yield the quads of *source*, each word and each foreign address with a stranger's in it.

    Args:
        source: The N-Quads of a version.
        long: The IRI of what has a label of a megabyte.
        words: What is put after each text, in turn; formulas stand before some.
        addresses: What takes the place of each foreign address that pages may link.
    """
    after, before = itertools.cycle(words), itertools.cycle((*FORMULAS, "", "", "", ""))
    instead = itertools.cycle(addresses)
    ours = "https://w3id.org/peelgraph/"
    for quad in ox.parse(path=str(source), format=ox.RdfFormat.N_QUADS):
        predicate, value = quad.predicate.value, quad.object
        if predicate in WORDED and isinstance(value, ox.Literal):
            text = f"{next(before)}{value.value} {next(after)}"
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value == long:
                text += "w" * 1_000_000
            made = ox.Literal(text, language=value.language) if value.language else ox.Literal(text)
        elif predicate in LINKING and isinstance(value, ox.NamedNode):
            made = value if value.value.startswith(ours) else ox.NamedNode(next(instead))
        else:
            made = value
        yield ox.Quad(quad.subject, quad.predicate, made, quad.graph_name)


def write(file: Path, quads: Iterator[ox.Quad]) -> Path:
    """Write *quads* into *file*, and return it."""
    ox.serialize(quads, str(file), format=ox.RdfFormat.N_QUADS)
    return file
