"""What the operator said about the remote endpoint: where it is, and what goes with each query."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from urllib3.util import make_headers

from peelgraph.graph.errors import UsageError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from peelgraph.graph.settings import Settings

PORTS: Final = {"http": 80, "https": 443}
SETTING: Final = "--engine"
VISIBLE: Final = re.compile(r"[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?")
TARGET: Final = re.compile(r"[\x21-\x7E]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A SPARQL 1.1 endpoint.

    Args:
        scheme: ``http`` or ``https``.
        host: Its name or address.
        port: Its port.
        target: Path and query of the address.
        authorization: Value of the ``Authorization`` header, if any; never shown.
        union: Parameters by which the endpoint is asked for the union of its named graphs.
        timeout: Parameters that tell it the deadline, with ``{seconds}`` or ``{milliseconds}``.
        version: What the operator calls the data that is served now, if anything.
    """

    scheme: str
    host: str
    port: int
    target: str
    authorization: str = field(default="", repr=False)
    union: tuple[tuple[str, str], ...] = ()
    timeout: tuple[tuple[str, str], ...] = ()
    version: str | None = None

    @property
    def place(self) -> str:
        """The endpoint's address without credentials and parameters, for the operator's eyes."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.target.partition('?')[0]}"

    def deadline(self, seconds: float) -> list[tuple[str, str]]:
        """Return the parameters that tell the endpoint to stop after *seconds*.

        >>> told = (("timeout", "{milliseconds}"),)
        >>> Remote(scheme="http", host="h", port=80, target="/", timeout=told).deadline(1.5)
        [('timeout', '1500')]
        """
        values = {
            "{seconds}": str(max(1, round(seconds))),
            "{milliseconds}": str(max(1, round(seconds * 1000))),
        }
        return [(name, _filled(value, values)) for name, value in self.timeout]


def _filled(value: str, values: dict[str, str]) -> str:
    for mark, figure in values.items():
        value = value.replace(mark, figure)
    return value


def remote_of(settings: Settings) -> Remote:
    """Return the endpoint that *settings* name.

    Raises:
        UsageError: The address is no address of an endpoint, or credentials are given twice.
    """
    parts, port = _split(settings.engine)
    return Remote(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=port,
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        authorization=_authorization(parts, settings.engine_authorization),
        union=tuple(parse_qsl(settings.engine_union, keep_blank_values=True)),
        timeout=tuple(parse_qsl(settings.engine_timeout, keep_blank_values=True)),
        version=settings.engine_version or None,
    )


def _split(url: str) -> tuple[SplitResult, int]:
    """Return the parts of *url* and its port; no message repeats it: it may hold a password."""
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        raise _no_address("it has no readable host and port") from error
    if parts.scheme not in PORTS:
        raise _no_address("it begins with neither https:// nor http://")
    if not parts.hostname or parts.fragment or not port:
        raise _no_address("it has no host, or a fragment")
    if not TARGET.fullmatch(parts.path + parts.query):
        raise _no_address("it has characters that belong percent-encoded")
    return parts, port


def _no_address(why: str) -> UsageError:
    return UsageError(
        f"that is no address of a SPARQL endpoint: {why}",
        place=SETTING,
        expected="an address like https://cluster.example/sparql",
    )


def _authorization(parts: SplitResult, header: str) -> str:
    named = parts.username is not None
    if named and header:
        raise UsageError(
            "credentials are given twice: in the address and as a header",
            place="PEELGRAPH_ENGINE_AUTHORIZATION",
            expected="one of the two",
        )
    if named:
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        return str(make_headers(basic_auth=pair)["authorization"])
    if header and not VISIBLE.fullmatch(header):
        raise UsageError(
            "the value is no header: it holds characters that cannot be sent",
            place="PEELGRAPH_ENGINE_AUTHORIZATION",
            expected="a value like `Bearer …`",
        )
    return header
