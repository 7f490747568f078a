"""What the tables become: every graph, every class, the facts that queries rest on."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, GEO, ORG, PROV, QB

from peelgraph.graph.iris import Iris, legislation, statistical_geography, wikidata
from peelgraph.graph.mapping import reference_graphs
from peelgraph.graph.mapping.judgment import pillar_of
from peelgraph.graph.namespaces import XKOS
from peelgraph.graph.tables import bundled_tables

IRIS = Iris()
PI = IRIS.pi
GRADES = IRIS.graph("facts", "grades")


def labels(graph: Graph, node: URIRef) -> list[Literal]:
    """Return the English labels of a node."""
    return [
        value
        for predicate in (RDFS.label, SKOS.prefLabel)
        for value in graph.objects(node, predicate)
        if isinstance(value, Literal) and value.language == "en"
    ]


def test_every_named_graph_of_the_tables_is_there(reference: dict[URIRef, Graph]) -> None:
    """A graph that is missing is missed only by the query that needs it."""
    assert set(reference) == {
        *(
            IRIS.graph("reference", kind)
            for kind in ("force", "inspectorate", "body", "cycle", "legislation", "area")
        ),
        IRIS.graph("facts", "grades"),
        IRIS.graph("facts", "findings"),
        IRIS.graph("facts", "reports"),
        IRIS.graph("comparability"),
    }
    assert all(len(graph) for graph in reference.values())


def test_every_described_node_has_a_type_and_one_english_label(everything: Graph) -> None:
    """People meet labels, not addresses."""
    for node in set(everything.subjects()):
        assert isinstance(node, URIRef)
        assert list(everything.objects(node, RDF.type)), node
        assert len(labels(everything, node)) == 1, node


def test_nothing_is_a_blank_node(everything: Graph) -> None:
    """A blank node cannot be linked to, and has no place in a stable dump."""
    assert not [triple for triple in everything if any(isinstance(t, BNode) for t in triple)]


def test_everything_that_is_pointed_to_is_described(everything: Graph) -> None:
    """A link into nothing breaks every page that follows it."""
    described = set(everything.subjects())
    pointed = {
        value
        for value in everything.objects()
        if isinstance(value, URIRef)
        and (value.startswith(f"{IRIS.base}/id/") or "/statistical-geography/" in value)
    }
    assert pointed <= described


def test_literals_are_in_the_form_in_which_the_store_keeps_them(everything: Graph) -> None:
    """The dump of a version must be the graph that was mapped."""
    for value in set(everything.objects()):
        if isinstance(value, Literal) and value.datatype is not None:
            assert not value.ill_typed
            if value.datatype == XSD.integer:
                assert str(value) == str(int(value))


def test_another_base_moves_every_minted_iri() -> None:
    """Who runs their own copy must not publish under our addresses."""
    there = Iris("http://localhost:8080")
    moved = reference_graphs(bundled_tables(), there)
    assert all(name.startswith(there.base) for name in moved)
    texts = {str(term) for graph in moved.values() for triple in graph for term in triple}
    assert not [text for text in texts if text.startswith(IRIS.base)]


def test_force_has_identifiers_area_country_overseer_and_names(everything: Graph) -> None:
    """The joins to every outside dataset start here."""
    kent = IRIS.force("kent")
    assert set(everything.predicate_objects(kent)) >= {
        (RDF.type, PI.PoliceForce),
        (SKOS.prefLabel, Literal("Kent Police", lang="en")),
        (PI.policeUkId, Literal("kent")),
        (PI.policeArea, statistical_geography("E23000032")),
        (PI.country, statistical_geography("E92000001")),
        (PI.forceKind, IRIS.concept("force-kind", "territorial")),
        (PI.overseenBy, IRIS.local_policing_body("kent")),
        (SKOS.exactMatch, wikidata("Q3195294")),
        (PI.nameRecord, IRIS.name_record("kent", 1)),
    }


def test_renamed_force_stays_one_force_with_two_names(everything: Graph) -> None:
    """A grade of 2015 and one of 2024 belong to the same force."""
    hampshire = IRIS.force("hampshire")
    names = {
        (str(everything.value(record, PI.name)), everything.value(record, PI.validTo))
        for record in everything.objects(hampshire, PI.nameRecord)
    }
    assert names == {
        ("Hampshire Constabulary", Literal("2022-11-15", datatype=XSD.date)),
        ("Hampshire and Isle of Wight Constabulary", None),
    }


@pytest.mark.parametrize(
    ("force", "name"),
    [
        ("south-wales", "Heddlu De Cymru"),
        ("north-wales", "Heddlu Gogledd Cymru"),
        ("dyfed-powys", "Heddlu Dyfed-Powys"),
        ("gwent", "Heddlu Gwent"),
    ],
)
def test_welsh_forces_have_their_welsh_name(everything: Graph, force: str, name: str) -> None:
    """The four forces of Wales are bilingual bodies."""
    assert Literal(name, lang="cy") in set(everything.objects(IRIS.force(force), SKOS.prefLabel))
    country = everything.value(IRIS.force(force), PI.country)
    assert country == statistical_geography("W92000004")


def test_special_forces_are_not_among_the_43(everything: Graph) -> None:
    """A count of territorial forces must be 43."""
    territorial = IRIS.concept("force-kind", "territorial")
    special = IRIS.concept("force-kind", "special")
    assert len(set(everything.subjects(PI.forceKind, territorial))) == 43
    assert IRIS.force("btp") in set(everything.subjects(PI.forceKind, special))


def test_areas_lead_from_force_to_region_to_country(everything: Graph) -> None:
    """'Which reports concern the South East' is a path from force to area."""
    area = everything.value(IRIS.force("kent"), PI.policeArea)
    assert isinstance(area, URIRef)
    assert (area, RDF.type, GEO.Feature) in everything
    around = [
        everything.value(node, RDFS.label)
        for node in everything.transitive_objects(area, DCTERMS.isPartOf)
    ]
    assert [str(name) for name in around] == [
        "Kent",
        "South East",
        "England",
        "Great Britain",
        "United Kingdom",
    ]


def test_hmic_became_hmicfrs_by_an_event(everything: Graph) -> None:
    """Who inspected depends on the day; the two are not the same organisation."""
    event = IRIS.change("hmic-to-hmicfrs-2017")
    hmic, hmicfrs = IRIS.inspectorate("hmic"), IRIS.inspectorate("hmicfrs")
    assert set(everything.predicate_objects(event)) >= {
        (RDF.type, ORG.ChangeEvent),
        (DCTERMS.date, Literal("2017-07-19", datatype=XSD.date)),
        (ORG.originalOrganization, hmic),
        (ORG.resultingOrganization, hmicfrs),
    }
    assert (hmic, ORG.changedBy, event) in everything
    assert (hmicfrs, ORG.resultedFrom, event) in everything


def test_an_inspectorate_has_dated_names(everything: Graph) -> None:
    """The Crown's inspectorate was Her Majesty's until the day on which the Crown passed."""
    owner = IRIS.inspectorate("hmicfrs")
    records = {
        (
            str(everything.value(record, PI.name)).partition(" ")[0],
            str(everything.value(record, PI.validFrom)),
            str(everything.value(record, PI.validTo)),
        )
        for record in everything.objects(owner, PI.nameRecord)
    }
    assert records == {("Her", "2017-07-19", "2022-09-07"), ("His", "2022-09-08", "None")}
    assert str(everything.value(owner, SKOS.prefLabel)).startswith("His Majesty's")


def test_cycle_has_place_time_scale_and_questions(everything: Graph) -> None:
    """A judgment is read through its cycle."""
    cycle = IRIS.cycle("peel-2018-19")
    assert set(everything.predicate_objects(cycle)) >= {
        (RDF.type, PI.Cycle),
        (PI.programme, IRIS.programme("peel")),
        (PI.ordinal, Literal(5)),
        (PI.previousCycle, IRIS.cycle("peel-2017")),
        (PI.usesScale, IRIS.scheme("grade/four-tier")),
        (PI.questionSet, IRIS.scheme("question/peel-2018-19")),
        (DCTERMS.temporal, URIRef("http://reference.data.gov.uk/id/government-year/2018-2019")),
    }


def test_every_row_is_one_judgment_with_its_evidence(reference: dict[URIRef, Graph]) -> None:
    """A grade that nobody can trace is a rumour."""
    graph, rows = reference[GRADES], bundled_tables().grades
    judgments = set(graph.subjects(RDF.type, PI.Judgment))
    assert len(judgments) == len(rows)
    for node in judgments:
        for predicate in (DCTERMS.source, PI.basis, PROV.wasGeneratedBy, PI.grade, QB.dataSet):
            assert len(set(graph.objects(node, predicate))) == 1, (node, predicate)


def test_judgment_of_kents_legitimacy_in_full(reference: dict[URIRef, Graph]) -> None:
    """The core triples are the contract with the documents that state the same judgment."""
    graph = reference[GRADES]
    node = IRIS.judgment("peel-2015", "kent", "legitimacy")
    source = URIRef("https://hmicfrs.justiceinspectorates.gov.uk/peel-assessments/peel-2015/kent/")
    assert set(graph.predicate_objects(node)) >= {
        (RDF.type, PI.Judgment),
        (RDF.type, QB.Observation),
        (RDFS.label, Literal("Kent 2015, legitimacy", lang="en")),
        (QB.dataSet, IRIS.cube()),
        (PI.force, IRIS.force("kent")),
        (PI.cycle, IRIS.cycle("peel-2015")),
        (PI.criterion, IRIS.concept("pillar", "legitimacy")),
        (PI.grade, IRIS.grade("four-tier", "outstanding")),
        (PI.gradeStatus, IRIS.concept("grade-status", "awarded")),
        (PI.basis, IRIS.concept("basis", "force-page")),
        (PROV.wasGeneratedBy, IRIS.inspection("peel-2015", "kent", "legitimacy")),
        (DCTERMS.source, source),
        (DCTERMS.issued, Literal("2016-02-11", datatype=XSD.date)),
    }


def test_inspection_says_who_under_which_section(reference: dict[URIRef, Graph]) -> None:
    """'Who inspected, under which Act' must have an answer for every judgment."""
    graph = reference[GRADES]
    node = IRIS.inspection("peel-2015", "kent", "legitimacy")
    assert set(graph.predicate_objects(node)) == {
        (RDF.type, PI.Inspection),
        (RDFS.label, Literal("Inspection of Kent 2015, legitimacy", lang="en")),
        (PI.force, IRIS.force("kent")),
        (PI.cycle, IRIS.cycle("peel-2015")),
        (PI.criterion, IRIS.concept("pillar", "legitimacy")),
        (PI.authority, legislation("ukpga/1996/16/section/54")),
        (PROV.wasAssociatedWith, IRIS.inspectorate("hmic")),
        (DCTERMS.isPartOf, IRIS.inspection("peel-2015", "kent")),
    }


def test_inspections_of_pillars_are_parts_of_that_of_the_force(
    reference: dict[URIRef, Graph],
) -> None:
    """A force has one inspection in every cycle in which it was judged, whatever it looked at."""
    graph = reference[GRADES]
    whole = IRIS.inspection("peel-2015", "kent")
    assert set(graph.predicate_objects(whole)) == {
        (RDF.type, PI.Inspection),
        (RDFS.label, Literal("Inspection of Kent 2015", lang="en")),
        (PI.force, IRIS.force("kent")),
        (PI.cycle, IRIS.cycle("peel-2015")),
        (PI.authority, legislation("ukpga/1996/16/section/54")),
        (PROV.wasAssociatedWith, IRIS.inspectorate("hmic")),
    }
    parts = set(graph.subjects(DCTERMS.isPartOf, whole))
    pillars = ("effectiveness", "efficiency", "legitimacy")
    assert parts == {IRIS.inspection("peel-2015", "kent", each) for each in pillars}
    judged = {(row.cycle, row.force) for row in bundled_tables().grades}
    inspected = set(graph.subjects(RDF.type, PI.Inspection))
    assert inspected >= {IRIS.inspection(*each) for each in judged}


def test_areas_of_2021_share_the_inspection_of_the_force(reference: dict[URIRef, Graph]) -> None:
    """From 2021-22 there were no pillars, so no inspection of one."""
    graph = reference[GRADES]
    judgment = IRIS.judgment("peel-2021-22", "kent", "investigating-crime")
    node = graph.value(judgment, PROV.wasGeneratedBy)
    assert node == IRIS.inspection("peel-2021-22", "kent")
    assert (node, PROV.wasAssociatedWith, IRIS.inspectorate("hmicfrs")) in graph
    assert (node, PI.criterion, None) not in graph


def test_carried_over_judgment_names_its_origin(reference: dict[URIRef, Graph]) -> None:
    """A grade that was not tested anew must not be counted as news."""
    graph = reference[GRADES]
    later = IRIS.judgment("peel-2018-19", "kent", "efficiency-1")
    earlier = IRIS.judgment("peel-2017", "kent", "efficiency-1")
    assert graph.value(later, PI.carriedOverFrom) == earlier
    assert graph.value(later, PI.grade) == graph.value(earlier, PI.grade)


@pytest.mark.parametrize(
    ("criterion", "pillar"),
    [("efficiency", "efficiency"), ("efficiency-1", "efficiency"), ("preventing-crime", "")],
)
def test_pillar_of_a_criterion(criterion: str, pillar: str) -> None:
    """The inspection of a question is that of its pillar."""
    assert pillar_of(criterion) == pillar


def test_report_has_title_publisher_and_the_date_as_far_as_known(everything: Graph) -> None:
    """Nobody is told a day that nobody knows."""
    report = IRIS.report("peel-2015-kent")
    assert set(everything.predicate_objects(report)) >= {
        (RDF.type, PI.Report),
        (RDFS.label, Literal("Kent 2015", lang="en")),
        (DCTERMS.title, Literal("Kent 2015", lang="en")),
        (DCTERMS.publisher, IRIS.inspectorate("hmic")),
        (PI.force, IRIS.force("kent")),
        (PI.cycle, IRIS.cycle("peel-2015")),
        (DCTERMS.issued, Literal("2016-02", datatype=XSD.gYearMonth, normalize=False)),
    }
    assert (None, PI.currentVersion, None) not in everything


def test_comparability_is_data_with_its_reason(everything: Graph) -> None:
    """A trend query must be able to refuse."""
    node = IRIS.comparability("peel-2018-19", "peel-2021-22")
    assert set(everything.predicate_objects(node)) >= {
        (RDF.type, PI.Comparability),
        (RDF.type, XKOS.Correspondence),
        (PI.fromCycle, IRIS.cycle("peel-2018-19")),
        (PI.toCycle, IRIS.cycle("peel-2021-22")),
        (PI.comparabilityLevel, IRIS.concept("comparability", "not-comparable")),
    }
    first = IRIS.comparability("peel-2014", "peel-2015", "legitimacy")
    assert everything.value(first, PI.comparabilityLevel) == IRIS.concept(
        "comparability", "first-time"
    )
