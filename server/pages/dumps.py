"""Versions to download, whole, by named graph and as tables, in several forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request, send_file

from peelgraph.graph.dumps.listing import kept_at
from peelgraph.graph.dumps.packing import unpacked
from peelgraph.server.pages.versions import files_of, version_called
from peelgraph.server.protocol.errors import PageNotFound

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.dumps import DumpFile

pages = Blueprint("dumps", __name__)
ADDRESS: Final = re.compile(r"([^./]+)([./].*)")
NQUADS: Final = "application/n-quads"
GZIP: Final = "application/gzip"
CSV_METADATA: Final = "-metadata.json"
FOREVER: Final = 31536000


@pages.get("/dumps/<path:address>")
def dump(address: str) -> Response:
    """Return one file of one version; with ranges, so that a broken download goes on."""
    matched = ADDRESS.fullmatch(address)
    version = version_called(matched[1] if matched else address)
    path = matched[2] if matched else ""
    if path == ".nq":
        return _sent(version.quads_file, NQUADS, version.manifest.quads_sha256, address)
    dumps = files_of(version.name)
    file = dumps.by_path.get(path.removesuffix(".gz"))
    if file is None or (path.endswith(".gz") and not file.packed_size):
        raise PageNotFound(
            f"version {version.name} has no file {path[:200]!r}",
            action=f"see /data/versions/{version.name} for those it has",
        )
    if path.endswith(".gz"):
        kept = kept_at(dumps.folder, file.path, plain=False)
        return _sent(kept, GZIP, file.packed_sha256, address)
    if not file.packed_size:
        kept = kept_at(dumps.folder, file.path, plain=True)
        return _sent(kept, file.media_type, file.sha256, address)
    return _unpacked(dumps.folder, file, address)


def _sent(kept: Path, media_type: str, sha256: str, address: str) -> Response:
    response = send_file(
        kept.resolve(),
        mimetype=media_type,
        as_attachment=True,
        download_name=_name(address),
        etag=sha256,
        max_age=FOREVER,
    )
    return _lasting(response)


def _unpacked(folder: Path, file: DumpFile, address: str) -> Response:
    """Return a file that is kept in gzip as it was; a range of it, where one is asked for."""
    pieces = unpacked(kept_at(folder, file.path, plain=False))
    response = Response(pieces, content_type=_header(file.media_type), direct_passthrough=True)
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.headers.set("Content-Disposition", "attachment", filename=_name(address))
    if file.ending == "csv":
        description = file.path.rpartition("/")[2] + CSV_METADATA
        kind = 'rel="describedby"; type="application/csvm+json"'
        response.headers["Link"] = f"<{description}>; {kind}"
    response.cache_control.max_age = FOREVER
    response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return _lasting(response)


def _lasting(response: Response) -> Response:
    """Say that the answer never changes: another version has another address."""
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def _header(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _name(address: str) -> str:
    """Return what the file is called where it is saved.

    >>> _name("20261126T101500Z-1a2b3c4d/graph/reference/force.ttl")
    'peelgraph-20261126T101500Z-1a2b3c4d-graph-reference-force.ttl'
    """
    return f"peelgraph-{address.replace('/', '-')}"
