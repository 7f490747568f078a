"""Charts: pages that show and explain them, and each as SVG, PNG and CSV."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from peelgraph.server.pages.lasting import lasting
from peelgraph.server.pages.service import this_service
from peelgraph.server.protocol.errors import PageNotFound, RequestError
from peelgraph.server.protocol.negotiation import HTML
from peelgraph.server.protocol.spreadsheet import CSV, csv_of
from peelgraph.server.site.charts.drawing import document, markup
from peelgraph.server.site.charts.picture import png
from peelgraph.server.site.finding_charts import theme_chart
from peelgraph.server.site.grade_charts import force_chart, movement_chart, spread_chart
from peelgraph.server.site.territory import no_other, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from peelgraph.server.site.charted import Chart

pages = Blueprint("charts", __name__, template_folder="templates")
SVG: Final = "image/svg+xml; charset=utf-8"
PNG: Final = "image/png"
WEIGHT: Final = 20
"""What a second of drawing counts, in seconds of a worker: a worker keeps nobody else waiting."""

CHARTS: Final[dict[str, Callable[[Mapping[str, str]], Chart]]] = {
    "force": force_chart,
    "distribution": spread_chart,
    "movement": movement_chart,
    "themes": theme_chart,
}
"""The last part of each chart's address, and what makes it from parameters."""


@pages.get("/charts")
def index() -> Response:
    """Return the page of all charts, each with its defaults."""
    return lasting(_index, HTML.header)


@pages.get("/charts/<chart>")
def one(chart: str) -> Response:
    """Return the page of one chart.

    Raises:
        PageNotFound: There is no such chart.
    """
    return lasting(lambda: _one(chart), HTML.header)


@pages.get("/charts/<chart>.svg")
def as_svg(chart: str) -> Response:
    """Return the drawing as a file of its own."""
    return lasting(lambda: document(_drawn(chart), _source()), SVG)


@pages.get("/charts/<chart>.png")
def as_png(chart: str) -> Response:
    """Return the drawing as a picture.

    Raises:
        ClientLimit: This client has had many drawn; what is kept costs next to nothing.
    """
    return lasting(lambda: _picture(chart), PNG)


@pages.get("/charts/<chart>.csv")
def as_csv(chart: str) -> Response:
    """Return the rows behind the drawing."""
    response = lasting(lambda: _csv(chart), CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{chart}.csv"'
    return response


def drawn(chart: Chart) -> Markup:
    """Return the drawing of *chart* as it stands in a page: its words are escaped."""
    if chart.svg is None:
        return Markup()
    return Markup(markup(chart.svg))  # noqa: S704 - serialised by ElementTree, which escapes


def _index() -> str:
    made = [make({}) for make in CHARTS.values()]
    return render_template(
        "charts.html",
        trail=[],
        alternates=[("text/csv", each.address("csv")) for each in made if not each.refusal],
        charts=made,
        drawn=drawn,
    )


def _one(name: str) -> str:
    chart = _chart(name)
    return render_template(
        "chart.html",
        trail=[("/charts", "Charts")],
        alternates=[] if chart.refusal else [("text/csv", chart.address("csv"))],
        chart=chart,
        drawn=drawn,
    )


def _source() -> str:
    """Return what a file says of where it is from: it may be seen without its page."""
    version = this_service().engine.version()
    of = f", version {version}" if version else ""
    return f"Source: peelgraph{of}; public sector information, Open Government Licence v3.0"


def _chart(name: str) -> Chart:
    if name not in CHARTS:
        raise PageNotFound(
            f"there is no chart {name[:100]!r}",
            expected="one of " + ", ".join(CHARTS),
            action="see /charts",
        )
    chart = CHARTS[name](request.args)
    no_other(request.args, [*(choice.name for choice in chart.choices), "excel"])
    return chart


def _drawn(name: str) -> Element:
    chart = _chart(name)
    if chart.svg is None:
        raise _refused(chart)
    return chart.svg


def _picture(name: str) -> bytes:
    """Return a picture, at the cost of the client: nothing else goes on while it is drawn."""
    svg = _drawn(name)
    client, budgets = request.remote_addr or "", this_service().desk.budgets
    budgets.admit(client)
    began = time.thread_time()
    made = png(svg, _source())
    budgets.spend(client, (time.thread_time() - began) * WEIGHT)
    return made


def _csv(name: str) -> bytes:
    excel = one_of("excel", request.args.get("excel", ""), ["1"]) == "1"
    chart = _chart(name)
    if chart.refusal:
        raise _refused(chart)
    return csv_of([column for column, _ in chart.columns], chart.rows, excel=excel)


def _refused(chart: Chart) -> RequestError:
    words = chart.refusal.words if chart.refusal else "there is nothing to draw"
    return RequestError(
        words,
        place=chart.query,
        expected="a choice that can be drawn",
        action=f"see {chart.address()}",
    )
