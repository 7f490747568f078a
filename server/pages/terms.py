"""The terms of an answer, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 4000
"""Characters of a value that a page shows."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an answer.

    Args:
        value: The IRI, the text of the literal, or the label of the blank node.
        kind: ``uri``, ``literal`` or ``bnode``.
        language: The literal's language, lower case, or nothing.
        datatype: The IRI of the literal's datatype, or nothing.
    """

    value: str
    kind: str
    language: str = ""
    datatype: str = ""

    def __str__(self) -> str:
        """Return the value, so that a template shows it: of a very long one the beginning."""
        return self.value if len(self.value) <= LONGEST else f"{self.value[:LONGEST]}…"


Row = dict[str, Term]
"""One solution by variable; what is unbound is missing."""
