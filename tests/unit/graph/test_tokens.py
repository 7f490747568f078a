"""Tokens are shown once, kept as hashes, and end when they should."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import UnknownToken, UsageError, VersionDamaged
from peelgraph.graph.tokens import Tokens

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)


def test_only_a_hash_is_kept_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """A copy of the folder gives nobody a token."""
    token, secret = Tokens(tmp_path).create("update", NOW, label="nightly")
    file = tmp_path / "tokens.json"
    assert secret not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert Tokens(tmp_path).find(secret) == token
    assert Tokens(tmp_path).find(secret + "x") is None
    assert Tokens(tmp_path).find("") is None


def test_a_token_ends_and_is_revoked(tmp_path: Path) -> None:
    """An expired one is still known, so that it can be told from a wrong one."""
    tokens = Tokens(tmp_path)
    token, secret = tokens.create("update", NOW, expires=NOW + dt.timedelta(hours=1))
    assert not token.expired(NOW)
    assert token.expired(NOW + dt.timedelta(hours=1))
    assert tokens.any()
    assert tokens.revoke(token.id, NOW).revoked
    assert tokens.find(secret) is None
    assert not tokens.any()
    with pytest.raises(UnknownToken):
        tokens.revoke("00000000", NOW)


def test_scopes(tmp_path: Path) -> None:
    """``admin`` includes the others, which include nothing but themselves."""
    made = {s: Tokens(tmp_path).create(s, NOW)[0] for s in ("update", "publish", "admin")}
    allowed = {(mine, asked) for mine in made for asked in made if made[mine].allows(asked)}
    assert allowed == {
        ("update", "update"),
        ("publish", "publish"),
        *(("admin", scope) for scope in made),
    }
    with pytest.raises(UsageError):
        Tokens(tmp_path).create("root", NOW)
    with pytest.raises(UsageError):
        Tokens(tmp_path).create("update", NOW, expires=NOW)


def test_two_processes_that_create_at_once_lose_none(tmp_path: Path) -> None:
    """The file is replaced under a lock."""
    makers = [
        threading.Thread(target=lambda: Tokens(tmp_path).create("update", NOW)) for _ in range(8)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(Tokens(tmp_path).all()) == 8


def test_a_damaged_file_opens_no_door(tmp_path: Path) -> None:
    """It is said, and nobody may write."""
    (tmp_path / "tokens.json").write_text('{"tokens": [{}]}', encoding="utf-8")
    with pytest.raises(VersionDamaged):
        Tokens(tmp_path).any()
