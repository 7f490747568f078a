"""Chooses the content coding of an answer from an ``Accept-Encoding`` header."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from peelgraph.server.protocol.negotiation import QUALITY

CODINGS: Final = ("zstd", "gzip")
"""What is on offer, the faster first."""
LONGEST: Final = 500


def choose_coding(accepted: str) -> str:
    """Return the coding that an ``Accept-Encoding`` header likes best; empty for none.

    Uncoded is never refused, since every client can read it.

    >>> choose_coding("gzip, deflate, br, zstd"), choose_coding("gzip;q=1, zstd;q=0.5")
    ('zstd', 'gzip')
    >>> choose_coding("identity;q=1, *;q=0")
    ''
    """
    return _choose(accepted) if accepted and len(accepted) <= LONGEST else ""


@lru_cache(maxsize=256)
def _choose(accepted: str) -> str:
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = _weight(parameters)
    others = weights.get("*", 0.0)
    best, weight = "", weights.get("identity", 0.0)
    for coding in CODINGS:
        own = weights.get(coding, others)
        if own > 0 and (own > weight or (not best and own >= weight)):
            best, weight = coding, own
    return best


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            return float(value) if QUALITY.fullmatch(value) else 0.0
    return 1.0
