"""Names an answer before it is computed, and knows a client that has it already."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGEST_BYTES: Final = 24


def entity_tag(parts: Iterable[str]) -> str:
    """Return the strong ETag of the answer that *parts* decide: content, request, format, coding.

    >>> entity_tag(["a", "bc"]) != entity_tag(["ab", "c"])
    True
    """
    written = "".join([f"{len(part)}:{part}" for part in parts])
    digest = hashlib.blake2b(written.encode(), digest_size=DIGEST_BYTES)
    return f'"{urlsafe_b64encode(digest.digest()).decode()}"'


def is_known(if_none_match: str, etag: str) -> bool:
    """Return whether an ``If-None-Match`` header names *etag*, or any.

    >>> is_known('W/"x", "y"', '"y"'), is_known("*", '"y"'), is_known('"z"', '"y"')
    (True, True, False)
    """
    if not if_none_match:
        return False
    listed = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return etag in listed or "*" in listed
