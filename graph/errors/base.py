"""The root of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


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

    def parts(self) -> dict[str, str]:
        """Return what it says, part by part, for another process to be told."""
        return {
            "found": self.found,
            "place": self.place,
            "expected": self.expected,
            "action": self.action,
        }

    @classmethod
    def of_parts(cls, told: Mapping[str, Any]) -> Self:
        """Return the error of which another process told the :meth:`parts`."""
        rest = {part: str(told.get(part, "")) for part in ("place", "expected", "action")}
        return cls(str(told.get("found", "")), **rest)

    def __str__(self) -> str:
        """Return one line: place, what was found, what was expected, what to do."""
        parts = [f"{self.place}: {self.found}" if self.place else self.found]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.action:
            parts.append(self.action)
        return "; ".join(parts)


def kinds() -> dict[str, type[PeelgraphError]]:
    """Return every class of the tree by its slug, those of other loaded modules too."""
    known: dict[str, type[PeelgraphError]] = {}
    pending: list[type[PeelgraphError]] = [PeelgraphError]
    while pending:
        kind = pending.pop()
        known[kind.slug] = kind
        pending += kind.__subclasses__()
    return known
