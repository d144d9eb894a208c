"""The readers of known planning instances, on small ones made by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bench.plan_buses import checked, judged, possible, read_shuttles
from bench.plan_icep import (
    Trip,
    as_planned,
    crossed,
    ferries_of,
    loads_of,
    published,
    read_islands,
    taken,
    timed,
)

from corridor.plan.check.checking import check
from corridor.plan.ferries.search import ferry_over
from corridor.plan.solve.shuttles import shuttle

ISLANDS = {
    "input/initial vessel docks.csv": "Dock,Location,Type,Vessel\nTown,Shore,Safe,Gull\nPier,Bay,Evacuation,Tern\n",
    "input/island docks.csv": "Dock,Location,Type\nPier,Bay,Evacuation\nBeach,Bay,Evacuation\n",
    "input/mainland docks.csv": "Dock,Location,Type\nTown,Shore,Safe\n",
    "input/vessel compatibility.csv": ",Gull,Tern\nPier,0,1\nBeach,1,0\nTown,1,1\n",
    "input/vessels.csv": (
        "Vessel_name,max_cap,v_loaded,vmax,loading time,time to availability\nGull,4,10,20,1,5\nTern,2,12,12,2,0\n"
    ),
    "incidences/distance matrix.csv": (
        "Origin,Destination,Distance\nPier,Town,2\nTown,Pier,2\nBeach,Town,2\nTown,Beach,2\n"
    ),
    "Solutions/route_plan_1.csv": (
        "resource_id,origin,destination,evacuees\nGull,Town,Beach,0\nGull,Beach,Town,4\n"
        "Tern,Pier,Pier,0\nTern,Pier,Town,2\nTern,Town,Pier,0\nTern,Pier,Town,1\n"
    ),
}
BUSES = "2 1\n1 2\n3 6 4 1 1\n3 17 1 7 9\n1 6 6 1\n1 7 3 1\n2 10 4 2\n3 7 9 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance of islands made by hand."""
    for name, text in ISLANDS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_islands_are_read_and_their_routes_timed(folder: Path) -> None:
    """Vessels go at their speeds from their first docks: the last one is ashore at the minute worked out by hand."""
    islands = read_islands(folder)
    theirs = published(folder / "Solutions" / "route_plan_1.csv")
    assert theirs["Gull"] == [Trip(pickup="Beach", shore="Town", persons=4)]
    assert taken(islands, theirs) == {"Bay": 7}
    # Gull: ready 5, out 6, loading 1, back 12, landing 1 = 25. Tern: 2 + 10 + 2 = 14, then 10 + 2 + 10 + 2 more = 38.
    last, hours = timed(islands, theirs)
    assert (last, hours) == pytest.approx((38, (4 * 25 + 2 * 14 + 1 * 38) / 60))


def test_a_vessel_too_full_or_at_a_forbidden_dock_is_told(folder: Path) -> None:
    """Routes that the instance does not allow are not timed."""
    islands = read_islands(folder)
    with pytest.raises(ValueError, match="takes 2 and has 3"):
        timed(islands, {"Tern": [Trip(pickup="Pier", shore="Town", persons=3)]})
    with pytest.raises(ValueError, match="may not lie at"):
        timed(islands, {"Tern": [Trip(pickup="Beach", shore="Town", persons=1)]})


def test_the_plan_of_islands_takes_everybody_no_later(folder: Path) -> None:
    """Everybody is ashore no later than in the published routes, with no more person-hours; the checker passes it as a
    plan of a problem, and not with a person too many on a vessel."""
    islands = read_islands(folder)
    theirs = published(folder / "Solutions" / "route_plan_1.csv")
    waiting, (last, hours) = taken(islands, theirs), timed(islands, theirs)
    seats = loads_of(islands, theirs)
    assert seats == {"Gull": 4, "Tern": 2}
    found = ferry_over(ferries_of(islands, seats, waiting, last), random.Random(1), rounds=500)
    ours = crossed(islands, seats, waiting, found)
    assert taken(islands, ours) == waiting
    by, together = timed(islands, ours)
    assert by <= last and together <= hours + 1e-9
    assert check(*as_planned(islands, ours, waiting)) == ()
    ours["Tern"] = [Trip(pickup="Pier", shore="Town", persons=3)]
    assert "places" in {broken.code for broken in check(*as_planned(islands, ours, waiting))}


def test_vessels_larger_than_any_load_of_the_routes_are_taken_as_loaded(folder: Path) -> None:
    """Routes made for vessels of half the size and less are compared with vessels as they load them."""
    islands = read_islands(folder)
    assert loads_of(islands, {"Gull": [Trip(pickup="Beach", shore="Town", persons=1)]}) == {"Gull": 1}


def test_an_exhaustive_search_agrees_with_the_routes_found(tmp_path: Path) -> None:
    """What the search of shuttles finds is possible, nothing sooner is, and a published value below is judged so."""
    path = tmp_path / "buses.txt"
    path.write_text(BUSES)
    problem = read_shuttles(path)
    value = checked(problem, shuttle(problem, random.Random(1), rounds=5000))
    assert possible(problem, value) is True
    assert possible(problem, value - 1) is False
    assert possible(problem, value - 1, states=5) is None
    assert [judged(value, value - 1, known) for known in (False, None, True)] == ["impossible", "worse", "worse"]
    assert (judged(value, value, None), judged(value, value + 1, None)) == ("equal", "better")
