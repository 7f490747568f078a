"""The audit: what was changed, put in or cut off is found and named; a crash is told from that."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.audit import Audit, Entry
from peelgraph.graph.errors import DataUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTRY = Entry(
    time="2026-11-26T10:00:00+00:00",
    request="r",
    token="t",  # noqa: S106 - an id
    scope="update",
    route="POST /update",
    graph="",
    body="0" * 64,
    before="old",
    after="new",
    verdict="accepted",
)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """An audit of five entries."""
    made = Audit(tmp_path)
    for number in range(5):
        made.append([replace(ENTRY, request=f"r{number}")])
    return made


def rewritten(audit: Audit, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the lines of the file as somebody with an editor would."""
    audit.file.write_bytes(b"".join(change(audit.file.read_bytes().splitlines(keepends=True))))


def test_what_was_written_is_whole(audit: Audit) -> None:
    """An untouched file has no fault, and several entries at once are as good as one by one."""
    audit.append([replace(ENTRY, request="r5"), replace(ENTRY, request="r6")])
    assert audit.verify() == []
    assert [entry["request"] for entry in audit.entries()] == [f"r{n}" for n in range(7)]
    assert audit.file.stat().st_mode & 0o777 == 0o600


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int, str]] = {
    "changed": (
        lambda ls: [*ls[:2], ls[2].replace(b"accepted", b"refused!"), *ls[3:]],
        3,
        "changed",
    ),
    "taken out": (lambda ls: [*ls[:2], *ls[3:]], 3, "missing"),
    "put in twice": (lambda ls: [*ls[:3], *ls[2:]], 4, "missing"),
    "changed places": (lambda ls: [ls[0], ls[2], ls[1], *ls[3:]], 2, "missing"),
    "cut off at the end": (lambda ls: ls[:3], 4, "2 entries are missing at the end"),
    "all gone": (lambda _: [], 1, "5 entries are missing at the end"),
    "nonsense inside": (lambda ls: [*ls[:2], b"{}\n", *ls[2:]], 3, "no entry"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_found_and_named(audit: Audit, how: str) -> None:
    """The line and what is wrong with it."""
    change, line, found = TAMPERED[how]
    rewritten(audit, change)
    bad = [fault for fault in audit.verify() if not fault.harmless]
    assert bad
    assert (bad[0].line, found in bad[0].found) == (line, True), bad


def test_a_rewritten_chain_is_found_by_its_head(audit: Audit) -> None:
    """Somebody who makes the hashes anew as well still has to know of the head."""
    other = Audit(audit.file.parent / "other")
    other.file.parent.mkdir()
    for number in range(5):
        other.append([replace(ENTRY, request=f"forged {number}")])
    audit.file.write_bytes(other.file.read_bytes())
    assert [fault.line for fault in audit.verify()] == [5]


@pytest.mark.parametrize("left", [1, 40, 300])
def test_a_crash_in_the_middle_of_a_line_is_told_from_tampering(audit: Audit, left: int) -> None:
    """What was cut short was never answered; the chain goes on after it."""
    whole = audit.file.read_bytes()
    with audit.file.open("ab") as file:
        file.write(b'{"n": 6, "time": "2026' + b"x" * left)
    faults = audit.verify()
    assert [(fault.line, fault.harmless) for fault in faults] == [(6, True)]
    audit.append([replace(ENTRY, request="after")])
    assert [(fault.line, fault.harmless) for fault in audit.verify()] == [(6, True)]
    assert audit.file.read_bytes().startswith(whole)
    assert [entry["n"] for entry in audit.entries()] == [1, 2, 3, 4, 5, 6]


def test_a_crash_before_the_head_was_written_is_harmless(audit: Audit) -> None:
    """The entry is on disk first; the head follows."""
    head = (audit.file.parent / "audit.head").read_bytes()
    audit.append([ENTRY])
    (audit.file.parent / "audit.head").write_bytes(head)
    assert [fault.harmless for fault in audit.verify()] == [True]
    audit.append([ENTRY])
    assert audit.verify() == []


def test_a_line_is_plain_json(audit: Audit) -> None:
    """Whatever a route or graph is called, an entry is one line."""
    audit.append([replace(ENTRY, graph="a\nb\x1b[31m\u202e")])
    last = audit.file.read_bytes().splitlines()[-1]
    assert json.loads(last)["graph"] == "a\nb\x1b[31m\u202e"
    assert last.isascii()
    assert next(audit.newest_first()) == json.loads(last)


def test_it_is_read_backwards_as_forwards(audit: Audit) -> None:
    """Lines longer than what is read at a time, and a torn one, make no difference."""
    audit.append([replace(ENTRY, request=f"long {n}", graph="g" * 40_000 * n) for n in range(4)])
    with audit.file.open("ab") as file:
        file.write(b'{"n": 10')
    audit.append([replace(ENTRY, request="after")])
    entries = list(audit.entries())
    assert [entry["n"] for entry in entries] == list(range(1, 11))
    assert list(audit.newest_first()) == entries[::-1]
    assert list(Audit(audit.file.parent / "none").newest_first()) == []


def test_an_audit_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """Without the entry nothing may be published."""
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(DataUnwritable):
        Audit(tmp_path).append([ENTRY])
