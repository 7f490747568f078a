"""IRIs follow the published scheme, and nothing unsafe can enter one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.errors import UsageError
from peelgraph.graph.iris import SLUG, Iris, slug

BASE = "https://w3id.org/peelgraph"
IRIS = Iris()
SHA12 = "bf6ea9beedad"

TAILS = [
    (IRIS.pi.Judgment, "/def/inspection#Judgment"),
    (IRIS.scheme("pillar"), "/def/pillar"),
    (IRIS.concept("pillar", "effectiveness"), "/def/pillar/effectiveness"),
    (IRIS.grade("four-tier", "good"), "/def/grade/four-tier/good"),
    (IRIS.question("peel-2015", "legitimacy-4"), "/def/question/peel-2015/legitimacy-4"),
    (IRIS.criterion("peel-2015", "legitimacy"), "/def/pillar/legitimacy"),
    (
        IRIS.criterion("peel-2021-22", "investigating-crime"),
        "/def/question/peel-2021-22/investigating-crime",
    ),
    (IRIS.theme("investigating-crime"), "/def/theme/investigating-crime"),
    (IRIS.force("kent"), "/id/force/kent"),
    (IRIS.name_record("kent", 1), "/id/force/kent/name/1"),
    (IRIS.change("hmic-to-hmicfrs-2017"), "/id/change/hmic-to-hmicfrs-2017"),
    (IRIS.inspectorate("hmic"), "/id/inspectorate/hmic"),
    (IRIS.cycle("peel-2015"), "/id/cycle/peel-2015"),
    (
        IRIS.inspection("peel-2015", "kent", "efficiency"),
        "/id/inspection/peel-2015/kent/efficiency",
    ),
    (IRIS.judgment("peel-2015", "kent", "legitimacy"), "/data/judgment/peel-2015/kent/legitimacy"),
    (IRIS.report_version("peel-2015-kent", SHA12), f"/id/report/peel-2015-kent/version/{SHA12}"),
    (
        IRIS.passage("peel-2015-kent", SHA12, 414, 509),
        f"/id/report/peel-2015-kent/version/{SHA12}/passage/414-509",
    ),
    (
        IRIS.comparability("peel-2018-19", "peel-2021-22"),
        "/id/comparability/peel-2018-19--peel-2021-22",
    ),
    (
        IRIS.document_graph("peel-2015-kent", SHA12),
        f"/graph/document/peel-2015-kent/{SHA12}",
    ),
]


@pytest.mark.parametrize(("iri", "tail"), TAILS, ids=[tail for _, tail in TAILS])
def test_iris_follow_the_scheme(iri: str, tail: str) -> None:
    """Published addresses are promises: other people's data points to them."""
    assert str(iri) == BASE + tail


@given(st.text())
def test_nothing_but_slugs_enters_an_iri(text: str) -> None:
    """A name with a slash, blank or quote must never make an IRI of another kind."""
    if SLUG.fullmatch(text):
        assert str(IRIS.force(text)).endswith(f"/{text}")
    else:
        with pytest.raises(UsageError):
            IRIS.force(text)


@given(st.text())
def test_slugs_are_stable(text: str) -> None:
    """A slug of a slug is itself, so names can be slugged anywhere."""
    try:
        made = slug(text)
    except UsageError:
        return
    assert slug(made) == made
    assert SLUG.fullmatch(made)


@pytest.mark.parametrize(
    "base", ["", "peelgraph", "https://x.org/", "https://x.org/a b", "ftp://x"]
)
def test_a_bad_base_is_refused(base: str) -> None:
    """A trailing slash would double in every IRI ever minted."""
    with pytest.raises(UsageError):
        Iris(base)


def test_an_unknown_term_fails_where_it_is_written() -> None:
    """A misspelt property must not quietly become data."""
    with pytest.raises(AttributeError):
        _ = IRIS.pi.graed
