"""A content coding is only used where the client likes it."""

from __future__ import annotations

import pytest

from peelgraph.server.protocol.coding import choose_coding


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;Q=1.0", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.0, zstd;q=0.000", ""),
        ("gzip;q=0.8, zstd;q=0.2", "gzip"),
        ("gzip;q=0.5, zstd;q=0.5", "zstd"),
        ("gzip;q=0.5, identity", ""),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=2", ""),
        ("gzip;q=", ""),
        ("gzip;level=9", "gzip"),
        ("x" * 600 + ", gzip", ""),
        (",;,gzip", "gzip"),
    ],
)
def test_the_coding_liked_best_is_chosen(accepted: str, chosen: str) -> None:
    """A coding that was not asked for is unreadable."""
    assert choose_coding(accepted) == chosen
