r"""Knows most texts for harmless without reading them token by token.

A text is plain where one pass for strings and IRIs is sure to divide it as the tokens of
``tokens`` do (no backslash, no long string, no IRI that may be a comparison), and what is left
holds no keyword that matters. What is hidden ends with its line, as a comment does, so a comment
hides nothing that follows it. Whoever is in doubt reads the tokens.
"""

from __future__ import annotations

import re
from typing import Final

IRI: Final = r"<[^\x00-\x20<>\"{}|^`\\]*+>"
START: Final = re.compile(
    rf"""
    (?:
        [\x20\t\r\n]*+
        (?: PREFIX [\x20\t\r\n]++ (?:[a-z][a-z0-9_]*+)? : | BASE )
        [\x20\t\r\n]*+ {IRI}
    )*+
    [\x20\t\r\n]*+
    (?P<form> SELECT | ASK | CONSTRUCT | DESCRIBE) (?= [\x20\t\r\n{{(*?$<])
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""Prefixes and a base, and the form after them, with nothing glued to it."""
HIDING: Final = re.compile(rf"{IRI}|\"[^\"\\\r\n]*+\"|'[^'\\\r\n]*+'")
"""What may hold any word or bracket without meaning it."""
DOUBTFUL_IRI: Final = re.compile(r"<[^\x00-\x20<>\"{}|^`\\'#()\[\]]*+['#()\[\]]")
"""A ``<`` that the engine may read as less-than, where that makes a difference."""
NOTABLE: Final = (
    *("service", "load", "from", "graph", "now", "rand", "uuid"),
    *('"', "'"),
)
"""What calls, names a dataset or changes each time; and what should have been hidden."""


def start_of_plain(text: str, depth_limit: int) -> re.Match[str] | None:
    """Return the start of *text* up to its form; ``None`` where its tokens must be read.

    Nothing in a text that has one asks for SERVICE, LOAD, a dataset, a graph by name, the clock
    or chance, and its brackets nest no deeper than *depth_limit*.
    """
    if "\\" in text or "'''" in text or '"""' in text:
        return None
    start = START.match(text)
    if start is None:
        return None
    bare = HIDING.sub(" ", text).lower()
    for each in NOTABLE:
        if each in bare:
            return None
    calls = bare.count("(")
    if calls and DOUBTFUL_IRI.search(text, start.start("form")):
        return None
    deep = calls + bare.count("[") + bare.count("{") > depth_limit
    return None if deep else start
