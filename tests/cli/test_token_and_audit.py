"""``token`` and ``audit``: what an operator does before and after strangers write."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from peelgraph.graph.announced import announce
from peelgraph.graph.audit import Audit, Entry
from peelgraph.graph.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended


def test_a_token_is_printed_once_and_works(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """The folder need not have a version yet; the list never shows a token."""
    made = peelgraph("token", "create", "--scope", "update", "--json", "--data", tmp_path)
    assert made.code == 0
    secret = made.json["token"]
    found = Tokens(tmp_path).find(secret)
    assert found is not None
    assert (found.id, found.scope, found.expires) == (made.json["id"], "update", "")
    listed = peelgraph("token", "list", "--data", tmp_path)
    assert found.id in listed.out
    assert secret not in listed.out
    plain = peelgraph("token", "create", "--scope", "admin", "--data", tmp_path)
    assert Tokens(tmp_path).find(plain.out.strip()) is not None


@pytest.mark.parametrize(
    ("when", "code"),
    [("30d", 0), ("12h", 0), ("2999-01-31", 0), ("yesterday", 2), ("1999-01-01", 2), ("0s", 2)],
)
def test_a_token_ends_when_it_is_told_to(
    peelgraph: Callable[..., Ended], tmp_path: Path, when: str, code: int
) -> None:
    """A span or a date; a time that has passed is a slip."""
    made = peelgraph("token", "create", "--scope", "update", "--expires", when, "--data", tmp_path)
    assert made.code == code
    if code == 0:
        assert dt.datetime.fromisoformat(Tokens(tmp_path).all()[0].expires) > dt.datetime.now(
            dt.UTC
        )


def test_a_token_is_revoked(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """By its id; another id is a usage error."""
    token, secret = Tokens(tmp_path).create("update", dt.datetime.now(dt.UTC))
    assert peelgraph("token", "revoke", token.id, "--data", tmp_path).code == 0
    assert Tokens(tmp_path).find(secret) is None
    listed = peelgraph("token", "list", "--json", "--data", tmp_path)
    assert [each["state"] for each in listed.json["tokens"]] == ["revoked"]
    assert peelgraph("token", "revoke", "none", "--data", tmp_path).code == 2


def test_the_audit_is_read_once_to_be_verified(
    peelgraph: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted as it is checked: a write between two readings would be in one only."""
    Audit(tmp_path).append([])
    opened: list[str] = []
    plain = Path.open

    def counted(path: Path, *how: Any, **more: Any) -> Any:  # noqa: ANN401 - what open takes and gives
        opened.append(path.name)
        return plain(path, *how, **more)

    monkeypatch.setattr(Path, "open", counted)
    assert peelgraph("audit", "verify", "--data", tmp_path).code == 0
    assert opened.count("audit.jsonl") == 1


def test_the_audit_is_listed_and_verified(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """Exit 1 where an entry was changed, with its line."""
    assert peelgraph("audit", "verify", "--data", tmp_path).code == 0
    entry = Entry(
        time="2026-11-26T10:00:00+00:00",
        request="r",
        token="1f2e3d4c",  # noqa: S106 - an id
        scope="update",
        route="PUT /store",
        graph="a:\x1b[31mg",
        body="0" * 64,
        before="old",
        after="new",
        verdict="accepted",
    )
    audit = Audit(tmp_path)
    audit.append([entry, entry])
    listed = peelgraph("audit", "--data", tmp_path)
    assert listed.out.count("1f2e3d4c") == 2
    assert "\x1b" not in listed.out
    assert (
        len(peelgraph("audit", "list", "--last", "1", "--json", "--data", tmp_path).json["entries"])
        == 1
    )
    announce(tmp_path, "new")
    assert "accepted" not in peelgraph("audit", "--data", tmp_path).out
    listed = peelgraph("audit", "--json", "--data", tmp_path)
    assert listed.json["announced"] == [1, 2]
    assert [each["verdict"] for each in listed.json["entries"]] == ["accepted"] * 2
    with audit.file.open("ab") as file:
        file.write(b'{"n": 3')  # cut short, and no entry
    verified = peelgraph("audit", "verify", "--json", "--data", tmp_path)
    assert verified.json["whole"] is True
    assert verified.json["entries"] == 2
    audit.file.write_bytes(audit.file.read_bytes().replace(b"accepted", b"rejected", 1))
    verified = peelgraph("audit", "verify", "--json", "--data", tmp_path)
    assert verified.code == 1
    assert verified.json["faults"][0] == {
        "line": 1,
        "found": "the entry was changed after it was written",
        "harmless": False,
    }
