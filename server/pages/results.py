"""An answer as a page, for people who ask without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from peelgraph.server.protocol.tables import Table, graph_table, solutions_table

if TYPE_CHECKING:
    from peelgraph.server.engine.interface import Answer, Query
    from peelgraph.server.protocol.tokens import Outline

NOTHING = Table((), (), 0)


def results_page(known: Outline, query: Query, answer: Answer) -> str:
    """Return the page that shows *answer*."""
    boolean, table = None, NOTHING
    if known.form == "ask":
        boolean = answer.read() == b"true"
    else:
        read = graph_table if known.gives_graph else solutions_table
        table = read(answer.chunks())
    return render_template(
        "results.html",
        boolean=boolean,
        table=table,
        graph=known.gives_graph,
        query=query.text,
        dataset={
            "default-graph-uri": query.default_graphs,
            "named-graph-uri": query.named_graphs,
        },
    )
