"""The scheme of each cycle's questions, generated from the table of questions.

``python -m peelgraph.graph.mapping.question`` writes ``ontology/schemes/question-{cycle}.ttl``;
with ``--check`` it only says which file differs, and ends with 1 when one does.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.graph.mapping.literal import preferred
from peelgraph.graph.tables import bundled_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Cycle, Question

HEADER: Final = (
    "# Generated from graph/tables/questions.csv by python -m peelgraph.graph.mapping.question; "
    "do not edit.\n\n"
)


def question_graph(tables: Tables, iris: Iris, cycle: str) -> Graph:
    """Return the scheme of one cycle's questions. Graphs: scheme/question-{cycle}."""
    graph, scheme, of = Graph(), iris.scheme(f"question/{cycle}"), tables.cycles[cycle]
    asked = "questions asked" if of.pillars else "areas assessed"
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, *preferred(f"questions of {of.label}")))
    definition = f"The {asked} in every force in {of.label}, in words of this project."
    graph.add((scheme, SKOS.definition, Literal(definition, lang="en")))
    graph.add((scheme, DCTERMS.creator, iris.contributors()))
    graph.add((scheme, DCTERMS.license, LICENCE))
    for question in tables.questions[cycle].values():
        _add_question(graph, iris, of, question)
    return graph


def _add_question(graph: Graph, iris: Iris, cycle: Cycle, question: Question) -> None:
    pi, node = iris.pi, iris.question(question.cycle, question.key)
    scheme = iris.scheme(f"question/{question.cycle}")
    for kind in (pi.Question, pi.AssessmentCriterion, SKOS.Concept):
        graph.add((node, RDF.type, kind))
    graph.add((node, *preferred(question.label)))
    graph.add((node, SKOS.definition, Literal(_definition(cycle, question), lang="en")))
    graph.add((node, SKOS.notation, Literal(question.key)))
    graph.add((node, SKOS.inScheme, scheme))
    graph.add((node, SKOS.topConceptOf, scheme))
    graph.add((scheme, SKOS.hasTopConcept, node))
    for theme in question.themes:
        graph.add((node, SKOS.broadMatch, iris.theme(theme)))
    graph.add((node, pi.ofCycle, iris.cycle(question.cycle)))
    if question.pillar:
        graph.add((node, pi.pillar, iris.concept("pillar", question.pillar)))
    graph.add((node, pi.graded, Literal(question.graded)))
    graph.add((node, DCTERMS.source, URIRef(question.source)))
    if question.note:
        graph.add((node, SKOS.scopeNote, Literal(question.note, lang="en")))


def _definition(cycle: Cycle, question: Question) -> str:
    if not question.pillar:
        return f"An area of policing that {cycle.label} assesses: {question.label}."
    number = question.key.rpartition("-")[2]
    return f"Question {number} on {question.pillar} in {cycle.label}: {question.label}."


def scheme_files(tables: Tables) -> dict[str, str]:
    """Return the text of every generated file by its name, under the default base."""
    texts = {}
    for cycle in tables.cycles:
        graph = question_graph(tables, Iris(), cycle)
        graph.bind("pi", str(Iris().ontology()) + "#")
        graph.bind("dct", DCTERMS, replace=True)
        texts[f"question-{cycle}.ttl"] = HEADER + graph.serialize(format="turtle")
    return texts


def main(arguments: Sequence[str], folder: Path | None = None) -> int:
    """Write the generated files into *folder*, or compare them with ``--check``."""
    target = folder or Path(str(files("peelgraph.ontology") / "schemes"))
    generated = scheme_files(bundled_tables())
    stale = [
        (target / name, text) for name, text in generated.items() if _differs(target / name, text)
    ]
    for path, text in stale:
        if "--check" in arguments:
            sys.stdout.write(f"{path.name} differs from questions.csv\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name} written\n")
    return int(bool(stale) and "--check" in arguments)


def _differs(path: Path, text: str) -> bool:
    """Whether a file says something else; how a version of rdflib lays it out does not count."""
    if not path.is_file():
        return True
    found = path.read_text(encoding="utf-8")
    return not found.startswith(HEADER) or set(_parsed(found)) != set(_parsed(text))


def _parsed(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
