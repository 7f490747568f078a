"""``peelgraph evaluate``: what the reader makes of a page, held against a gold standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peelgraph.graph.evaluation import evaluation, gold_statements
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.exits import Exit
from peelgraph.server.cli.inputs import read_one, table_text
from peelgraph.server.cli.screen import as_json, print_table, write_result

if TYPE_CHECKING:
    from peelgraph.graph.evaluation import Evaluation, ReadingError, Score

SCORE_COLUMNS = ("kind", "gold", "read", "right", "precision", "recall", "F1")
ERROR_COLUMNS = ("error", "place", "expected", "read", "method", "text")
SHOWN = 120  # characters of a sentence in the list of errors on a terminal


@click.command(
    "evaluate",
    cls=Command,
    examples=(
        "peelgraph evaluate gold.csv page.txt",
        "peelgraph evaluate gold.csv page.txt --min-f1 0.92",
        "peelgraph evaluate gold.csv page.txt --json > evaluation.json",
    ),
)
@click.argument("gold")
@click.argument("text")
@click.option(
    "--min-f1",
    metavar="X",
    type=click.FloatRange(0, 1),
    help="Exit 1 where F1 of all findings together is below X.",
)
@click.option("--force", metavar="SLUG", help="The force, where the page's title does not say it.")
@click.option("--cycle", metavar="SLUG", help="The cycle, where the title does not say it.")
@click.pass_context
@pass_call
def command(  # noqa: PLR0913 - one argument an option
    call: Call,
    ctx: click.Context,
    *,
    gold: str,
    text: str,
    min_f1: float | None,
    force: str | None,
    cycle: str | None,
) -> None:
    """Read the page TEXT and score what was found against the file GOLD.

    GOLD is a CSV file with the columns start, end, type, criterion, theme and detail: places in
    the page, annotated by hand. Two statements are the same where they are of one type and have
    at least half of their joint span in common. The sentences of the errors are your own page's.
    """
    report = read_one(text, force=force, cycle=cycle)
    page = report.version.text
    standard = gold_statements(
        table_text(gold), place=gold, text=page, sha256=report.version.sha256
    )
    result = evaluation(standard, report.statements)
    if call.json:
        write_result(f"{as_json('evaluate/1', as_dict(result, page))}\n")
    else:
        tell(call, result, page)
    if min_f1 is not None and result.findings.f1 < min_f1:
        call.note(f"F1 of all findings is {result.findings.f1:.3f}, below {min_f1:g}")
        ctx.exit(Exit.NOT_CONFORMING)


def tell(call: Call, result: Evaluation, page: str) -> None:
    """Print the scores and the errors as two tables, and the agreement below them."""
    print_table(SCORE_COLUMNS, [score_cells(s) for s in (*result.scores, result.findings)])
    if result.errors:
        write_result("\n")
        print_table(ERROR_COLUMNS, [error_cells(each, page) for each in result.errors])
    for aspect, each in result.agreements.items():
        call.note(f"{aspect}: {each.agreed} of {each.of} matched statements agree")


def score_cells(score: Score) -> tuple[object, ...]:
    """Return the cells of one kind's row."""
    measures = (f"{each:.3f}" for each in (score.precision, score.recall, score.f1))
    return (score.kind, score.gold, score.found, score.matched, *measures)


def error_cells(error: ReadingError, page: str) -> tuple[str, ...]:
    """Return the cells of one error's row; a long sentence is cut."""
    words = " ".join(page[error.start : error.end].split())
    shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    place = f"{error.start}-{error.end}"
    return (error.error, place, error.expected, error.read, error.method, shown)


def as_dict(result: Evaluation, page: str) -> dict[str, Any]:
    """Return the evaluation as JSON values."""
    return {
        "findings": score_as_dict(result.findings),
        "kinds": [score_as_dict(each) for each in result.scores],
        "agreement": {
            aspect: {"agreed": each.agreed, "of": each.of}
            for aspect, each in result.agreements.items()
        },
        "errors": [
            {
                "error": each.error,
                "start": each.start,
                "end": each.end,
                "expected": each.expected or None,
                "read": each.read or None,
                "method": each.method or None,
                "text": page[each.start : each.end],
            }
            for each in result.errors
        ],
    }


def score_as_dict(score: Score) -> dict[str, Any]:
    """Return the score of one kind as JSON values."""
    return {
        "kind": score.kind,
        "gold": score.gold,
        "read": score.found,
        "right": score.matched,
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
    }
