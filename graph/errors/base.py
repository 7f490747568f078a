"""The root of the tree."""

from __future__ import annotations

from typing import ClassVar


class PeelgraphError(Exception):
    """Base of every error a user can meet; never raised itself.

    Args:
        found: What is wrong, in one sentence that says what was found.
        place: File and line, IRI, setting or option; empty when the error has no place.
        expected: What would have been right.
        action: What to do next.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"

    def __init__(
        self, found: str, *, place: str = "", expected: str = "", action: str = ""
    ) -> None:
        super().__init__(found)
        self.found = found
        self.place = place
        self.expected = expected
        self.action = action

    def __str__(self) -> str:
        """Return one line: place, what was found, what was expected, what to do."""
        parts = [f"{self.place}: {self.found}" if self.place else self.found]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.action:
            parts.append(self.action)
        return "; ".join(parts)
