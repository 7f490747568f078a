"""Tokens that allow writing: created once, kept as hashes, each with a scope and an end.

``DATA/tokens.json`` is readable by its owner alone and replaced as a whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import UnknownToken, UsageError, VersionDamaged
from peelgraph.graph.locks import hold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCOPES: Final = ("update", "publish", "admin")
PREFIX: Final = "pg_"  # so that a leaked token is recognised
PATIENCE: Final = 5.0
LONGEST_LABEL: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is kept of a token; times are UTC in ISO 8601, ``expires`` empty where it never does."""

    id: str
    scope: str
    label: str
    sha256: str
    created: str
    expires: str = ""
    revoked: str = ""

    def allows(self, scope: str) -> bool:
        """Return whether this token's scope includes *scope*; ``admin`` includes all."""
        return self.scope in {scope, "admin"}

    def expired(self, moment: dt.datetime) -> bool:
        """Return whether this token has ended at *moment*."""
        return bool(self.expires) and moment >= dt.datetime.fromisoformat(self.expires)


class Tokens:
    """The tokens of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "tokens.json"

    def create(
        self,
        scope: str,
        moment: dt.datetime,
        *,
        expires: dt.datetime | None = None,
        label: str = "",
    ) -> tuple[Token, str]:
        """Return a new token and its secret, which is kept nowhere.

        Raises:
            UsageError: there is no such scope, or the token would have ended already.
            DataBusy: another process changes the tokens.
        """
        if scope not in SCOPES:
            raise UsageError(f"there is no scope {scope!r}", expected=f"one of {', '.join(SCOPES)}")
        if expires is not None and expires <= moment:
            raise UsageError(
                "the token would have ended already",
                place="--expires",
                expected="a time to come",
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        token = Token(
            id=secrets.token_hex(4),
            scope=scope,
            label=label[:LONGEST_LABEL],
            sha256=digest_of(secret),
            created=told(moment),
            expires=told(expires) if expires else "",
        )
        self._replace(lambda known: [*known, token])
        return token, secret

    def all(self) -> list[Token]:
        """Return every token, oldest first.

        Raises:
            VersionDamaged: the file is not what was written.
        """
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return []
        try:
            return [Token(**each) for each in json.loads(content)["tokens"]]
        except (ValueError, TypeError, KeyError) as error:
            raise VersionDamaged(
                f"the tokens cannot be read: {error}",
                place=str(self._file),
                action="remove the file and create new tokens",
            ) from error

    def revoke(self, token_id: str, moment: dt.datetime) -> Token:
        """End a token now and return it.

        Raises:
            UnknownToken: there is none of that id.
        """
        found = [token for token in self.all() if token.id == token_id]
        if not found:
            raise UnknownToken(
                f"there is no token {token_id!r}", expected="an id of `peelgraph token list`"
            )
        ended = replace(found[0], revoked=found[0].revoked or told(moment))
        self._replace(lambda known: [ended if each.id == token_id else each for each in known])
        return ended

    def find(self, secret: str) -> Token | None:
        """Return the token whose secret this is, be it expired, unless it was revoked.

        Every token is compared, each in constant time.
        """
        digest, found = digest_of(secret), None
        for token in self.all():
            if hmac.compare_digest(token.sha256, digest) and not token.revoked:
                found = token
        return found

    def any(self) -> bool:
        """Return whether any token was ever created and not revoked: whether writing is on."""
        return any(not token.revoked for token in self.all())

    def _replace(self, changed: Callable[[list[Token]], list[Token]]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "tokens.lock").open("w") as lock:
            hold(lock.fileno(), self._file, PATIENCE)
            kept = [asdict(token) for token in changed(self.all())]
            beside = self._folder / ".tokens"
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps({"tokens": kept}, indent=2).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def told(moment: dt.datetime) -> str:
    """Return *moment* in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
