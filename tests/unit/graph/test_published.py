"""What earlier versions said is found in their sorted quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.published import has_subject, last_published

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SLUGS = st.text("abc-/", min_size=1, max_size=6)


def test_a_subject_is_found_wherever_it_stands(tmp_path_factory: pytest.TempPathFactory) -> None:
    """First, last, between, before all, after all, the start of another; in lines of any length."""
    path = tmp_path_factory.mktemp("sorted") / "quads.nq"

    @given(st.sets(SLUGS, min_size=1, max_size=30), SLUGS, st.integers(0, 200))
    def check(slugs: set[str], asked: str, length: int) -> None:
        lines = [
            f"<http://example.org/{slug}> <http://example.org/{by}> "
            f'"{"x" * (length * by)}" <http://example.org/g> .\n'
            for slug in slugs
            for by in range(3)
        ]
        path.write_text("".join(sorted(lines)), encoding="utf-8")
        for slug in {*slugs, asked}:
            assert has_subject(path, f"http://example.org/{slug}") == (slug in slugs)

    check()


def test_a_file_that_is_empty_or_missing_has_no_subjects(tmp_path: Path) -> None:
    """A version may be pruned while it is looked at."""
    (tmp_path / "empty.nq").touch()
    assert not has_subject(tmp_path / "empty.nq", "http://example.org/a")
    assert not has_subject(tmp_path / "missing.nq", "http://example.org/a")


def test_the_newest_other_version_is_named(tmp_path: Path) -> None:
    """That which is served does not count, and folders that are no versions do not either."""
    for name in (
        "20260101T000000Z-aaaaaaaa",
        "20260102T000000Z-bbbbbbbb",
        "20260103T000000Z-cccccccc",
    ):
        folder = tmp_path / "versions" / name
        folder.mkdir(parents=True)
        line = f'<urn:{name[-1]}> <urn:p> "" <urn:g> .\n<urn:x> <urn:p> "" <urn:g> .\n'
        (folder / "quads.nq").write_text(line, encoding="utf-8")
    (tmp_path / "versions" / "stage").mkdir()
    served = "20260103T000000Z-cccccccc"
    assert last_published(tmp_path, "urn:x", served) == "20260102T000000Z-bbbbbbbb"
    assert last_published(tmp_path, "urn:a", served) == "20260101T000000Z-aaaaaaaa"
    assert last_published(tmp_path, "urn:c", served) is None
