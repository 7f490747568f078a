"""Any query as a download: the address says the format, since a link has no Accept header."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from peelgraph.graph.errors import PeelgraphError, ResultTooLarge
from peelgraph.server.api.asked import MOST_MADE
from peelgraph.server.api.formats import GRAPHS, SOLUTIONS, for_spreadsheet
from peelgraph.server.api.saved import as_file, for_excel
from peelgraph.server.pages.endpoint import incoming_request
from peelgraph.server.pages.service import response_of, this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError

pages = Blueprint("ad-hoc", __name__)
FORMS: Final = {**SOLUTIONS, **GRAPHS}


@pages.route("/query.<ending>", methods=["GET", "POST"])
def download(ending: str) -> Response:
    """Answer a query as a file of that kind; the query comes as it does to the endpoint."""
    if ending not in FORMS:
        raise PageNotFound(
            f"answers are not given as {ending[:100]!r}", expected=" or ".join(FORMS)
        )
    form = FORMS[ending]
    desk = this_service().desk
    incoming = incoming_request(form.media_type)
    try:
        prepared = desk.prepare(incoming)
        if prepared is None:
            raise RequestError("there is no query", expected="a parameter called query")
        if ending == "csv" and for_excel():
            answer = desk.ask(prepared)
            if answer.size > MOST_MADE:
                answer.close()
                raise ResultTooLarge(
                    f"the answer has {answer.size:,} bytes",
                    expected=f"at most {MOST_MADE:,} for a spreadsheet",
                    action="take it without excel=1",
                )
            text = for_spreadsheet(answer.read().decode())
            response = Response(text, content_type=form.content_type)
            response.headers["Cache-Control"] = "no-cache"
        else:
            reply = desk.known(prepared) or desk.finish(prepared, desk.ask(prepared))
            response = response_of(reply)
    except PeelgraphError as error:
        desk.note_error(incoming.client, error)
        raise
    return as_file(response, f"answer.{ending}")
