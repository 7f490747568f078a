"""Pages are kept by version and by program, and say what counts now."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine
from peelgraph.server.pages import lasting
from peelgraph.server.site.judgments import judgments

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from flask.testing import FlaskClient

TWO_CAPTURES = """
@prefix b: <https://w3id.org/peelgraph/> .
@prefix grade: <https://w3id.org/peelgraph/def/grade/four-tier/> .
@prefix pi: <https://w3id.org/peelgraph/def/inspection#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix prov: <http://www.w3.org/ns/prov#> .
<urn:reference> {
  b:force skos:prefLabel "Wessmarch Police"@en . b:criterion skos:prefLabel "efficiency"@en .
  b:cycle pi:ordinal 1 ; skos:prefLabel "PEEL 2014"@en .
  grade:good skos:prefLabel "good"@en ; pi:rank 3 .
  grade:inadequate skos:prefLabel "inadequate"@en ; pi:rank 1 .
  <urn:newer> prov:wasRevisionOf <urn:older> .
}
<urn:older> { b:judgment pi:force b:force ; pi:cycle b:cycle ; pi:criterion b:criterion ;
  pi:grade grade:good ; pi:gradeStatus b:awarded . }
<urn:newer> { b:judgment pi:force b:force ; pi:cycle b:cycle ; pi:criterion b:criterion ;
  pi:grade grade:inadequate ; pi:gradeStatus b:awarded . }
"""


def test_a_page_is_known_again_until_the_program_changes(
    built_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade nobody may be told that the old page is still good."""
    first = built_client.get("/grades")
    known = {"If-None-Match": first.headers["ETag"]}
    assert built_client.get("/grades", headers=known).status_code == 304
    monkeypatch.setattr(lasting, "program", lambda: "another")
    assert built_client.get("/grades", headers=known).status_code == 200


def test_a_superseded_capture_judges_nothing_any_more(tmp_path: Path) -> None:
    """The newer capture of a page says what its grade is."""
    file = tmp_path / "captures.trig"
    file.write_text(TWO_CAPTURES, encoding="utf-8")
    settings = Settings(workers=1, default_graph="union")
    with closing(start_engine(settings, file)) as engine:
        app = create_app(settings, engine)
        with app.test_request_context("/"):
            assert [each.grade.slug for each in judgments()] == ["inadequate"]
