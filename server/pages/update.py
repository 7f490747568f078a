"""``/update``: SPARQL Update, for those who have a token."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, request

from peelgraph.graph.writing.model import Kind
from peelgraph.server.pages.service import this_note, this_service
from peelgraph.server.pages.writing import answer, begun, carried_out, permitted, whole_body
from peelgraph.server.protocol.request import body_limit
from peelgraph.server.protocol.update import checked_update, decode_update

if TYPE_CHECKING:
    from flask import Response

    from peelgraph.graph.writing.model import Change

pages = Blueprint("update", __name__)


@pages.post("/update")
def update() -> Response:
    """Carry out an update as one new version."""
    token = permitted()
    settings = this_service().settings
    body = whole_body(body_limit(settings.write_bytes))
    note = this_note()
    change = replace(begun(Kind.UPDATE, token, body), base=request.base_url)

    def checked() -> Change:
        asked = decode_update(
            request.query_string,
            request.headers.get("Content-Type", ""),
            body,
            settings.write_bytes,
        )
        note.query = asked.text
        return replace(change, text=checked_update(asked, settings.query_depth))

    return answer(carried_out(change, checked), 200)
