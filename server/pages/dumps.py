"""Whole versions to download, at the addresses that the catalogue names."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from peelgraph.graph.errors import UnknownVersion
from peelgraph.graph.versions import DataFolder
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound

pages = Blueprint("dumps", __name__)
NQUADS = "application/n-quads"


@pages.get("/dumps/<version>.nq")
def nquads(version: str) -> Response:
    """Return the quads of one version, sorted; with ranges, so that a broken download goes on."""
    service = this_service()
    folder = DataFolder(service.settings.data)
    if service.settings.engine or service.engine.version() is None:
        raise PageNotFound("this server serves no versions of its own, so it has no dumps")
    try:
        found = folder.version(version)
    except UnknownVersion as error:
        raise PageNotFound(
            f"there is no version {version!r}", action="see the catalogue for those there are"
        ) from error
    if found.name != version:
        raise PageNotFound(f"there is no version {version!r}, but {found.name!r}")
    response = send_file(
        found.quads_file.resolve(),
        mimetype=NQUADS,
        as_attachment=True,
        download_name=f"peelgraph-{version}.nq",
        etag=f"{found.manifest.quads_sha256}",
        max_age=31536000,
    )
    response.cache_control.public = True
    return response
