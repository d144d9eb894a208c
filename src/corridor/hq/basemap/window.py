"""What of the land is seen through a window of the map: where degrees fall on it, and coasts and borders as paths."""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corridor.hq.basemap.cut import LAND

Point = tuple[float, float]
Arcs = tuple[tuple[Point, ...], ...]

STEP_MIN = 1.1
"""Units of the drawing between two points of a coast: nearer ones cannot be told apart."""

_MARGIN = 8.0  # units beyond the window that coasts are drawn to, so that their cut edges stay outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window onto the map, `width` by `height` units, its upper left corner at `west`, `north` degrees.

    Equirectangular: a degree is as long everywhere, `up` units to the north and `across` to the east, which is right at
    the window's middle latitude. An operation's corridor is short enough for that.
    """

    west: float
    north: float
    across: float
    up: float
    width: int
    height: int

    def at(self, longitude: float, latitude: float) -> Point:
        """Where a point of the earth falls, in units from the upper left."""
        return (longitude - self.west) * self.across, (self.north - latitude) * self.up


@dataclass(frozen=True, slots=True)
class Land:
    """Paths of an SVG: the land to fill, and the borders between countries to stroke."""

    shore: str
    borders: str


def fitted(points: Iterable[Point], width: int, height: int, *, padding: float, degrees_min: float) -> Window:
    """The window of that size that holds these points (longitude, latitude), with `padding` units around them; never
    closer than `degrees_min` of latitude from top to bottom."""
    points = list(points)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    squeeze = math.cos(math.radians(middle_y))
    up = min(
        (height - 2 * padding) / max(north - south, 1e-6),
        (width - 2 * padding) / max((east - west) * squeeze, 1e-6),
        height / degrees_min,
    )
    across = up * squeeze
    return Window(
        west=middle_x - width / 2 / across,
        north=middle_y + height / 2 / up,
        across=across,
        up=up,
        width=width,
        height=height,
    )


@functools.lru_cache(maxsize=16)
def land(window: Window) -> Land:
    """The land seen through a window. Worked out once for each window."""
    arcs, rings, borders = _world()
    placed = [tuple(window.at(*point) for point in arc) for arc in arcs]
    shore = []
    for ring in rings:
        points = [point for number in ring for point in (placed[number] if number >= 0 else placed[~number][::-1])]
        if _outside(points, window):
            continue
        seen = _clipped(points, window)
        if len(seen) >= 3:
            shore.append(_path(seen) + "z")
    lines = [_path(part) for number in borders for part in _seen(placed[number], window)]
    return Land("".join(shore), "".join(lines))


@functools.cache
def _world() -> tuple[Arcs, list[list[int]], list[int]]:
    """Arcs in degrees, the rings made of them, and which of them are borders, as `cut` wrote them."""
    read = json.loads(LAND.read_text(encoding="utf-8"))
    per_degree = read["per_degree"]
    arcs = []
    for steps in read["arcs"]:
        x = y = 0
        points = []
        for right, up in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + right, y + up
            points.append((x / per_degree, y / per_degree))
        arcs.append(tuple(points))
    return tuple(arcs), read["rings"], read["borders"]


def _outside(points: Sequence[Point], window: Window) -> bool:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    beyond_x = max(xs) < -_MARGIN or min(xs) > window.width + _MARGIN
    return beyond_x or max(ys) < -_MARGIN or min(ys) > window.height + _MARGIN


def _clipped(points: list[Point], window: Window) -> list[Point]:
    """A ring cut at the window's four edges, one after the other (Sutherland and Hodgman, 1974)."""
    for axis, edge, sign in (
        (0, -_MARGIN, 1),
        (0, window.width + _MARGIN, -1),
        (1, -_MARGIN, 1),
        (1, window.height + _MARGIN, -1),
    ):
        kept: list[Point] = []
        for before, point in zip([points[-1], *points[:-1]], points, strict=True):
            was, is_in = sign * (before[axis] - edge) >= 0, sign * (point[axis] - edge) >= 0
            if was != is_in:
                part = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
            if is_in:
                kept.append(point)
        points = kept
        if not points:
            break
    return points


def _seen(points: Sequence[Point], window: Window) -> Iterator[list[Point]]:
    """The parts of a line of which some point is in the window, each with its neighbours just outside."""
    inside = [not _outside([point], window) for point in points]
    part: list[Point] = []
    for index, point in enumerate(points):
        if any(inside[max(0, index - 1) : index + 2]):
            part.append(point)
        elif part:
            yield part
            part = []
    if len(part) > 1:
        yield part


def _path(points: Sequence[Point]) -> str:
    """A path through the points that can be told apart: the first, then steps, in tenths of a unit."""
    kept = [points[0]]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= STEP_MIN:
            kept.append(point)
    kept.append(points[-1])
    tenths = [(round(10 * x), round(10 * y)) for x, y in kept]
    steps = [f"{_tenth(x2 - x1)} {_tenth(y2 - y1)}" for (x1, y1), (x2, y2) in itertools.pairwise(tenths)]
    return f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l{' '.join(steps)}"


def _tenth(tenths: int) -> str:
    return f"{tenths / 10:g}"
