"""What a check of ``peelgraph doctor`` comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One question, its answer, and what to do where the answer is not good."""

    name: str
    state: State
    found: str
    action: str = ""
