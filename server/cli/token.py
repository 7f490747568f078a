"""``peelgraph token``: create, list and revoke the tokens that allow writing over HTTP."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import click

from peelgraph.graph.errors import UsageError
from peelgraph.graph.tokens import SCOPES, Tokens
from peelgraph.server.cli.calls import Call, Group, now, pass_call
from peelgraph.server.cli.screen import print_table

if TYPE_CHECKING:
    from peelgraph.graph.tokens import Token

SPAN: Final = re.compile(r"(\d{1,6})([smhdw])")
SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@click.group("token", cls=Group)
def command() -> None:
    """Create, list and revoke the tokens that allow writing over HTTP.

    A server takes writes when its data folder has a token. Tokens are kept as hashes.
    """


@command.command(
    "create",
    examples=(
        "peelgraph token create --scope update",
        "peelgraph token create --scope update --expires 30d --label 'nightly import'",
        "peelgraph token create --scope admin --expires 2027-01-31 --json",
    ),
)
@click.option("--scope", type=click.Choice(SCOPES), required=True, help="What it allows.")
@click.option(
    "--expires",
    metavar="WHEN",
    help="When it ends: 30d, 12h, 90m or a date, UTC.  [default: never]",
)
@click.option("--label", default="", help="What it is for.")
@pass_call
def create(call: Call, scope: str, expires: str | None, label: str) -> None:
    """Create a token and print it, once: only its hash is kept."""
    moment = now()
    ends = ending(expires, moment) if expires else None
    token, secret = Tokens(call.folder().path).create(scope, moment, expires=ends, label=label)
    call.note(f"Token {token.id} for {scope}; keep it, it is not shown again")
    call.answer("token/1", {"token": secret, **shown(token, moment)}, secret)


@command.command("list", examples=("peelgraph token list", "peelgraph token list --json"))
@pass_call
def list_tokens(call: Call) -> None:
    """List every token: its id, scope, label, end and state; never the token itself."""
    moment = now()
    rows = [shown(token, moment) for token in Tokens(call.folder().path).all()]
    if call.json:
        call.answer("tokens/1", {"tokens": rows}, "")
        return
    columns = ("id", "scope", "state", "created", "expires", "label")
    print_table(columns, [[row[column] for column in columns] for row in rows])


@command.command("revoke", examples=("peelgraph token revoke 1f2e3d4c",))
@click.argument("token_id", metavar="ID")
@pass_call
def revoke(call: Call, token_id: str) -> None:
    """End a token at once; a running server knows it with the next request."""
    moment = now()
    token = Tokens(call.folder().path).revoke(token_id, moment)
    call.answer("token/1", shown(token, moment), f"Revoked {token.id}")


def shown(token: Token, moment: dt.datetime) -> dict[str, Any]:
    """Return what is told of a token."""
    state = "revoked" if token.revoked else "expired" if token.expired(moment) else "valid"
    return {
        "id": token.id,
        "scope": token.scope,
        "label": token.label,
        "created": token.created,
        "expires": token.expires,
        "state": state,
    }


def ending(text: str, moment: dt.datetime) -> dt.datetime:
    """Return when a token ends that is made at *moment*.

    Raises:
        UsageError: *text* is neither a span nor a time.

    >>> ending("2d", dt.datetime(2026, 11, 26, tzinfo=dt.UTC)).isoformat()
    '2026-11-28T00:00:00+00:00'
    """
    span = SPAN.fullmatch(text)
    try:
        if span:
            return moment + dt.timedelta(seconds=int(span[1]) * SECONDS[span[2]])
        stated = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{text!r} is no time",
            place="--expires",
            expected="a span such as 30d or 12h, or a date such as 2027-01-31",
        ) from error
    return stated if stated.tzinfo else stated.replace(tzinfo=dt.UTC)
