"""No file over 400 lines, no function over 50."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
FILE_LINES, FUNCTION_LINES = 400, 50
FILES = sorted(p for top in ("graph", "server", "tests") for p in (CHECKOUT / top).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(CHECKOUT)) for p in FILES])
def test_sizes(path: Path) -> None:
    """What fits on a screen or two is what gets read."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= FILE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"
