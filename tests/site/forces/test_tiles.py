"""The layout of the map: every force once, no two in one place, north up."""

from __future__ import annotations

from peelgraph.graph.tables import bundled_tables
from peelgraph.server.site.tiles import places


def test_every_force_has_a_place_of_its_own() -> None:
    """The 43 of the tables and no others."""
    known = places()
    assert set(known) == {force.slug for force in bundled_tables().peel_forces()}
    assert len({(place.column, place.row) for place in known.values()}) == len(known) == 43
    assert len({place.abbreviation for place in known.values()}) == 43
    assert min(place.column for place in known.values()) == 1
    assert min(place.row for place in known.values()) == 1


def test_the_map_feels_like_the_country() -> None:
    """Wales in the west, London in the south-east, Northumbria at the top."""
    known = places()
    assert known["northumbria"].row == 1
    wales = [known[force] for force in ("north-wales", "dyfed-powys", "gwent", "south-wales")]
    assert max(place.column for place in wales) <= 2
    for force in ("metropolitan", "city-of-london", "kent", "essex"):
        assert known[force].column > 5
        assert known[force].row > 7
    assert known["cumbria"].column < known["durham"].column
    assert known["norfolk"].column > known["cambridgeshire"].column
