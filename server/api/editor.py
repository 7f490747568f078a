"""The query page: an editor where there is script, a form where there is none, and the gallery."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template

from peelgraph.server.api import gallery
from peelgraph.server.api.assets import NOTICE, address_of, has_editor
from peelgraph.server.api.fields import choices
from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.saved import text_of
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.security import CONTENT_SECURITY_POLICY

pages = Blueprint("query", __name__, template_folder="templates")
TABLE_STYLE: Final = "'unsafe-hashes' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The one style attribute that the editor's table of results is written with."""
EDITOR_POLICY: Final = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", f"style-src 'self' {TABLE_STYLE}"
)


@pages.get("/query")
def query() -> Response:
    """Return the page on which people write queries and find those that are saved."""
    response = lasting(_page, HTML.header)
    if has_editor():
        response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def _page() -> str:
    service = this_service()
    return render_template(
        "query.html",
        query=text_of("example.rq", service.base).strip(),
        dataset={},
        groups=gallery.groups(),
        suggested=choices(),
        settings=service.settings,
        editor=has_editor(),
        address_of=address_of,
        notice=NOTICE,
    )
