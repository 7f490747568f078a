"""The script and style of the query page: our own, and the editor that make fetched."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from peelgraph.server.answering.desk import REVALIDATE
from peelgraph.server.protocol.coding import choose_coding
from peelgraph.server.protocol.conditions import is_known
from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

pages = Blueprint("assets", __name__)
OURS: Final = "static"
FETCHED: Final = "vendor"
NOTICE: Final = "NOTICE.txt"
RECORD: Final = "editor.json"
ASSETS: Final = {
    "query.css": (OURS, "text/css; charset=utf-8"),
    "results.js": (OURS, "text/javascript; charset=utf-8"),
    "editor.js": (OURS, "text/javascript; charset=utf-8"),
    "yasgui.min.css": (FETCHED, "text/css; charset=utf-8"),
    "yasgui.min.js": (FETCHED, "text/javascript; charset=utf-8"),
    NOTICE: (FETCHED, "text/plain; charset=utf-8"),
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
DIGEST: Final = 16
"""Characters of a digest that name a file in its address."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, as it is sent."""

    body: bytes
    zipped: bytes
    digest: str
    content_type: str


@pages.get("/assets/<file>")
def asset(file: str) -> Response:
    """Return a script or style sheet of the query page, or the licences of its editor."""
    found = _asset(file) if file in ASSETS else None
    if found is None:
        raise PageNotFound(f"there is no file {file[:100]!r} here")
    coding = "gzip" if choose_coding(request.headers.get("Accept-Encoding", "")) else ""
    coding = coding if "gzip" in request.headers.get("Accept-Encoding", "") else ""
    etag = f'"{found.digest}{coding and "-gz"}"'
    lasting = request.args.get("v") == found.digest
    headers = {"ETag": etag, "Cache-Control": FOR_EVER if lasting else REVALIDATE}
    if is_known(request.headers.get("If-None-Match", ""), etag):
        return Response(status=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    body = found.zipped if coding else found.body
    return Response(body, content_type=found.content_type, headers=headers)


def address_of(name: str) -> str:
    """Return the address of *name*, which changes when its content does; empty without it."""
    found = _asset(name)
    return f"/assets/{name}?v={found.digest}" if found else ""


@lru_cache(maxsize=1)
def has_editor() -> bool:
    """Return whether the editor is installed: its files, unchanged, and their licences."""
    digests: dict[str, str] = _record()["sha512"]
    if _asset(NOTICE) is None:
        return False
    found = {name: _asset(name) for name in digests}
    return all(
        each is not None and hashlib.sha512(each.body).hexdigest() == digests[name]
        for name, each in found.items()
    )


def editor_name() -> str:
    """Return package and version of the editor that belongs here."""
    record = _record()
    return f"{record['package']} {record['version']}"


def _record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_folder(FETCHED) / RECORD).read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=len(ASSETS))
def _asset(name: str) -> Asset | None:
    folder, content_type = ASSETS[name]
    file = _folder(folder) / name
    if not file.is_file():
        return None
    body = file.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:DIGEST]
    return Asset(body, gzip.compress(body, mtime=0), digest, content_type)


def _folder(name: str) -> Traversable:
    return files("peelgraph.server.api") / name
