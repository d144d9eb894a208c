"""The corridor's map: circles as great as their people and none over another, ways, closures, and who is under way."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hq.conftest import Visit
from tests.hq.desks.conftest import SignIn

from corridor.base.ids import PlaceId
from corridor.hq.basemap.cut import cut, simplified
from corridor.hq.basemap.window import Window, fitted, land
from corridor.hq.pages.map import RADIUS_MAX, apart

A_SQUARE = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[0, 0], [0, 2]],
        [[0, 2], [2, 0], [0, -2], [-2, 0]],
        [[0, 2], [-2, 0], [0, -2], [2, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "arcs": [[[~0, ~2]]]},
            ]
        }
    },
}


def test_shared_arcs_are_borders() -> None:
    """Of two squares side by side, the one arc that both use is a border; steps add up to hundredths of a degree."""
    made = cut(A_SQUARE)
    assert made["borders"] == [0]
    assert made["arcs"][0] == [0, 0, 0, 200]
    assert made["rings"] == [[0, 1], [~0, ~2]]
    assert "Public domain" in made["licence"]


def test_simplifying_keeps_ends_and_corners() -> None:
    """Points on a straight line go, a corner stays, both ends stay."""
    assert simplified([(0, 0), (1, 0.001), (2, 0), (2, 1), (2, 2)]) == [(0, 0), (2, 0), (2, 2)]


def test_the_window_holds_every_point() -> None:
    """Whatever the shape of the corridor, its points lie within the padding, and north is up."""
    points = [(34.31, 31.34), (31.41, 30.11), (37.91, 55.41), (47.5, 42.98)]
    window = fitted(points, 360, 500, padding=40, degrees_min=1.5)
    for x, y in (window.at(*point) for point in points):
        assert 39.9 <= x <= 320.1 and 39.9 <= y <= 460.1
    assert window.at(37.91, 55.41)[1] < window.at(31.41, 30.11)[1]


def test_land_is_seen_and_sea_is_not() -> None:
    """A window in the Mediterranean has no land; one over Cairo is land all over; the coast is a short path."""
    sea = Window(west=18.0, north=34.0, across=100, up=110, width=100, height=100)
    assert land(sea).shore == ""
    inland = Window(west=31.0, north=28.0, across=100, up=110, width=100, height=100)
    assert land(inland).shore.count("M") == 1 and land(inland).borders == ""
    coast = fitted([(34.31, 31.34), (31.41, 30.11)], 360, 210, padding=40, degrees_min=0.8)
    assert 100 < len(land(coast).shore) < 20_000


circles = st.dictionaries(
    st.sampled_from([PlaceId(one) for one in "abcdefgh"]),
    st.tuples(st.floats(0, 360), st.floats(0, 500), st.floats(3, RADIUS_MAX)),
    min_size=1,
    max_size=5,
)


@given(circles)
def test_circles_do_not_cover_each_other(drawn: dict[PlaceId, tuple[float, float, float]]) -> None:
    """However near the places are, each circle can be seen and pressed; who stands alone is not moved."""
    points = {name: (x, y) for name, (x, y, _) in drawn.items()}
    radii = {name: r for name, (_, _, r) in drawn.items()}
    found = apart(points, radii)
    names = sorted(found)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            distance = math.dist(found[one], found[other])
            assert distance > 0.8 * (radii[one] + radii[other])
    if len(points) == 1:
        assert found == points


def picture(answer: Any) -> str:
    """The map of a page."""
    found = re.search(r'<section class="map".*?</section>', answer.content.decode(), re.DOTALL)
    return found.group(0) if found else ""


def test_the_map_shows_people_ways_and_the_flight_under_way(as_role: SignIn) -> None:
    """On 13 November at 13:30 UTC: Gaza greatest, places link to their people, flight-1 between Cairo and Moscow."""
    drawn = picture(as_role("duty_officer").get("/?at=2023-11-13T13:30Z&known=now"))
    assert drawn.count("<use href=") == 3  # the corridor, the way to Cairo, and Moscow with its shelters
    assert re.search(r'href="/people/\?[^"]*place=gaza[^"]*" class="spot origin', drawn)
    radii = [float(one) for one in re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="([\d.]+)"/>', drawn)]
    assert max(radii) == pytest.approx(RADIUS_MAX)
    label = r'movement=flight-1[^"]*" class="moving" aria-label="Flight 13 Nov, 13:55: 70"'
    under_way = label + r'.*?<rect x="([\d.]+)" y="([\d.]+)"'
    moving = re.search(under_way, drawn, re.DOTALL)
    assert moving is not None and 80 < float(moving.group(2)) < 450
    assert "Natural Earth" in drawn


def test_what_is_in_the_way_is_drawn(as_role: SignIn) -> None:
    """On 11 November the crossing was closed: place and leg are marked; on the 13th they are not."""
    client = as_role("duty_officer")
    closed = picture(client.get("/?at=2023-11-11T12:00Z&known=now"))
    assert 'class="leg foot hit"' in closed and 'class="ring"' in closed
    assert 'class="leg foot hit"' not in picture(client.get("/?at=2023-11-13T09:00Z&known=now"))


def test_without_coordinates_there_is_no_map(visit: Visit) -> None:
    """An operation whose file gives no coordinates keeps its strip and shows no empty box."""
    page = visit("alice", "/")
    assert "Where everybody is" in page.text and '<section class="map"' not in page.text
