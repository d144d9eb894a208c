"""Cuts the land of the map out of Natural Earth: `python -m corridor.hq.basemap.cut countries-50m.json`.

The input is that file of the npm package world-atlas 2.0.2, a topology of Natural Earth's 1:50m countries, which are in
the public domain. Run once by a developer; the program reads only what it wrote, `land.json` beside it: arcs as whole
hundredths of a degree, simplified to about two kilometres, and which arcs make up the rings of land.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LAND = Path(__file__).with_name("land.json")
PER_DEGREE = 100
TOLERANCE_DEGREES = 0.02
RING_DEGREES_MIN = 0.05
"""Islands smaller than this both ways, some five kilometres, are left out."""

SOURCE = "Natural Earth 1:50m countries, by world-atlas 2.0.2"
LICENCE = "Public domain. Borders as Natural Earth draws them; they say nothing about whose a territory is."

Point = tuple[float, float]


def cut(topology: dict[str, Any]) -> dict[str, Any]:
    """The land of a topology: `arcs` as x, y and then steps, `rings` as arcs (below zero: backwards), `borders` as the
    numbers of arcs that two countries share."""
    arcs = [simplified(list(decoded(arc, topology["transform"]))) for arc in topology["arcs"]]
    used: dict[int, int] = {}
    rings: list[list[int]] = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        for ring in _rings(geometry):
            points = [point for number in ring for point in arcs[number if number >= 0 else ~number]]
            width = max(x for x, _ in points) - min(x for x, _ in points)
            height = max(y for _, y in points) - min(y for _, y in points)
            if max(width, height) < RING_DEGREES_MIN:
                continue
            rings.append(list(ring))
            for number in ring:
                used[number if number >= 0 else ~number] = used.get(number if number >= 0 else ~number, 0) + 1
    turn = {number: index for index, number in enumerate(sorted(used))}
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "per_degree": PER_DEGREE,
        "arcs": [_steps(arcs[number]) for number in sorted(used)],
        "rings": [[turn[number] if number >= 0 else ~turn[~number] for number in ring] for ring in rings],
        "borders": [turn[number] for number in sorted(used) if used[number] > 1],
    }


def decoded(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """The points of a topology's arc in degrees: its steps added up, scaled and moved."""
    (width, height), (left, top) = transform["scale"], transform["translate"]
    x = y = 0
    for right, up in arc:
        x, y = x + right, y + up
        yield x * width + left, y * height + top


def simplified(points: list[Point]) -> list[Point]:
    """The points without those that lie nearer than the tolerance to the line between their neighbours (Douglas and
    Peucker, 1973); both ends stay, so that shared borders still meet."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)

    def off(point: Point) -> float:
        if length == 0:
            return math.hypot(point[0] - x1, point[1] - y1)
        return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / length

    worst = max(range(1, len(points) - 1), key=lambda index: off(points[index]))
    if off(points[worst]) <= TOLERANCE_DEGREES:
        return [points[0], points[-1]]
    return simplified(points[: worst + 1])[:-1] + simplified(points[worst:])


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _steps(points: list[Point]) -> list[int]:
    """The first point and then the steps, in whole hundredths of a degree; steps of nothing are left out."""
    whole = [(round(x * PER_DEGREE), round(y * PER_DEGREE)) for x, y in points]
    steps = list(whole[0])
    for (x1, y1), (x2, y2) in itertools.pairwise(whole):
        if (x1, y1) != (x2, y2):
            steps += [x2 - x1, y2 - y1]
    return steps


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    LAND.write_text(json.dumps(cut(json.loads(Path(sys.argv[1]).read_text())), separators=(",", ":")) + "\n")
