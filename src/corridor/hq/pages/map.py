"""How the corridor lies on the earth: places with their people, legs, what is in the way and what is under way."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from corridor.base.ids import PlaceId
from corridor.base.operation import Leg, Operation, Place, name_in
from corridor.hq.basemap.window import Land, Point, Window, fitted, land
from corridor.hq.pages.strip import part_done
from corridor.journey.board.board import Board
from corridor.journey.board.movements import MovementPicture
from corridor.ledger.accounts import place_account

WIDTH = 360
RADIUS_MAX = 30.0
RADIUS_MIN = 3.5
NEAR_UNITS = 70.0
"""Places joined by road that lie nearer together than this on the whole map get a closer look of their own."""

_GROUND = ("foot", "bus", "rail")
_NAMED = ("origin", "staging", "home")
_LETTER = 7.6  # units of a letter's width at the map's type size, to keep names apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place: its true point `x`, `y`; the circle at `cx`, `cy`, moved aside where circles would cover each other;
    the name at `tx`, `ty` with its SVG anchor, '' where there is no room for it."""

    place: Place
    name: str
    count: int
    x: str
    y: str
    cx: str
    cy: str
    r: str
    tx: str
    ty: str
    anchor: str
    hit: bool
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One leg as a path; `hit` when something is in the way on it."""

    leg: Leg
    path: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A movement under way at its point of the leg."""

    picture: MovementPicture
    souls: int
    x: str
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One window onto the map; `id` names its land, drawn once a page; the first is the whole corridor."""

    id: str
    width: int
    height: int
    land: Land
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    moving: tuple[Moving, ...]
    closer: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A window and the places it shows; what the operation's file decides, whatever the clocks say."""

    id: str
    window: Window
    places: tuple[PlaceId, ...]


def panels(board: Board) -> tuple[Panel, ...]:
    """The map of a board: the whole corridor, then a closer look at places that are joined by road and lie near
    together; nothing when fewer than two places have coordinates."""
    views = _views(board.operation)
    return tuple(_panel(board, view, views[1:] if index == 0 else ()) for index, view in enumerate(views))


def lands(operation: Operation) -> tuple[Panel, ...]:
    """The windows with their land only, for the part of the page that the clocks do not move."""
    return tuple(
        Panel(
            id=view.id,
            width=view.window.width,
            height=view.window.height,
            land=land(view.window),
            spots=(),
            lines=(),
            moving=(),
            closer=(),
        )
        for view in _views(operation)
    )


def _views(operation: Operation) -> tuple[View, ...]:
    placed = tuple(
        (place.id, (place.longitude, place.latitude))
        for place in operation.places
        if place.longitude is not None and place.latitude is not None
    )
    return _views_of(placed, tuple((leg.source, leg.target) for leg in operation.legs if leg.mode in _GROUND))


@functools.lru_cache(maxsize=4)
def _views_of(
    placed: tuple[tuple[PlaceId, Point], ...], roads: tuple[tuple[PlaceId, PlaceId], ...]
) -> tuple[View, ...]:
    if len(placed) < 2:
        return ()
    points = dict(placed)
    height = min(520, max(240, round(WIDTH * _tallness(points.values()))))
    whole = View("whole", fitted(points.values(), WIDTH, height, padding=42, degrees_min=1.5), tuple(points))
    closer = []
    for number, together in enumerate(_joined(tuple(points), roads)):
        spread = [whole.window.at(*points[place]) for place in together]
        width = max(x for x, _ in spread) - min(x for x, _ in spread)
        tall = max(y for _, y in spread) - min(y for _, y in spread)
        if max(width, tall) < NEAR_UNITS:
            near = [points[place] for place in together]
            closer.append(View(f"near-{number}", fitted(near, WIDTH, 210, padding=48, degrees_min=0.8), together))
    return (whole, *closer)


def _tallness(points: Iterable[Point]) -> float:
    """How tall the corridor is for its width, as the map will show it."""
    points = list(points)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
    return (max(ys) - min(ys)) / max((max(xs) - min(xs)) * squeeze, 1e-6)


def _joined(places: Sequence[PlaceId], roads: Iterable[tuple[PlaceId, PlaceId]]) -> list[tuple[PlaceId, ...]]:
    """Places that can be reached from each other over land, two and more together."""
    leader = {place: place for place in places}

    def lead(place: PlaceId) -> PlaceId:
        while leader[place] != place:
            place = leader[place]
        return place

    for source, target in roads:
        if source in leader and target in leader:
            leader[lead(source)] = lead(target)
    found: dict[PlaceId, list[PlaceId]] = {}
    for place in places:
        found.setdefault(lead(place), []).append(place)
    return [tuple(group) for group in found.values() if len(group) > 1]


def _panel(board: Board, view: View, closer: Sequence[View]) -> Panel:
    operation, window = board.operation, view.window
    by_account = board.view.accounts()
    counts = {place.id: by_account.get(place_account(place.id), 0) for place in operation.places}
    places = [operation.place(place) for place in view.places]
    points = {place.id: _point(place, window) for place in places}
    most = max((counts[place.id] for place in places), default=0)
    radii = {place.id: _radius(counts[place.id], most) for place in places}
    circles = apart(points, radii)
    hit_legs = {hazard.leg for hazard in board.hazards if hazard.leg is not None}
    hit_places = {hazard.place for hazard in board.hazards if hazard.place is not None} | set(_closed(board))
    lines = [leg for leg in operation.legs if leg.source in points and leg.target in points]
    detailed = {place for one in closer for place in one.places}
    boxes = tuple(_box(one, window, operation) for one in closer)
    return Panel(
        id=view.id,
        width=window.width,
        height=window.height,
        land=land(window),
        spots=tuple(_spots(places, counts, points, circles, radii, hit_places, detailed, window)),
        lines=tuple(
            Line(
                leg=leg,
                path=_curve(circles[leg.source], circles[leg.target], leg.mode),
                hit=leg.id in hit_legs or leg.source in hit_places or leg.target in hit_places,
            )
            for leg in lines
        ),
        moving=tuple(_moving(board, board.movements, circles)),
        closer=boxes,
    )


def _closed(board: Board) -> Iterable[PlaceId]:
    """Places whose gate is closed at the board's moment."""
    for place in board.operation.places:
        gate = board.everybody.ways.gate_at(place.id, board.at)
        if gate is not None and not gate.open:
            yield place.id


def _point(place: Place, window: Window) -> Point:
    assert place.longitude is not None and place.latitude is not None, "only places with coordinates are on the map"
    return window.at(place.longitude, place.latitude)


def _radius(count: int, most: int) -> float:
    """A circle's radius: its area is in proportion to the people."""
    return RADIUS_MIN if count == 0 else max(RADIUS_MIN + 1.5, RADIUS_MAX * math.sqrt(count / most))


def apart(points: Mapping[PlaceId, Point], radii: Mapping[PlaceId, float]) -> dict[PlaceId, Point]:
    """Circles moved just so far aside that none covers another; a great one moves less than a small one."""
    found = dict(points)
    names = sorted(points)
    for _turn in range(60):
        moved = False
        for index, one in enumerate(names):
            for other in names[index + 1 :]:
                (x1, y1), (x2, y2) = found[one], found[other]
                distance = math.hypot(x2 - x1, y2 - y1)
                wanted = radii[one] + radii[other] + 1.5
                if distance >= wanted - 0.01:
                    continue
                moved = True
                angle = math.atan2(y2 - y1, x2 - x1) if distance > 0.01 else index
                share = radii[other] ** 2 / (radii[one] ** 2 + radii[other] ** 2)
                push = wanted - distance
                dx, dy = math.cos(angle) * push, math.sin(angle) * push
                found[one] = (x1 - dx * share, y1 - dy * share)
                found[other] = (x2 + dx * (1 - share), y2 + dy * (1 - share))
        if not moved:
            break
    return found


def _spots(
    places: Sequence[Place],
    counts: Mapping[PlaceId, int],
    points: Mapping[PlaceId, Point],
    circles: Mapping[PlaceId, Point],
    radii: Mapping[PlaceId, float],
    hit: set[PlaceId],
    detailed: set[PlaceId],
    window: Window,
) -> Iterable[Spot]:
    """The places, those with more people first to find room for their names; drawn smallest last, on top."""
    language = get_language() or "en"
    taken = [(x - r, y - r, x + r, y + r) for place, (x, y) in circles.items() for r in (radii[place],)]
    found = []
    ranked = sorted(places, key=lambda place: (place.id in detailed and counts[place.id] == 0, -counts[place.id]))
    for place in ranked:
        name = re.split("[,،]", name_in(place.names, language))[0]
        (x, y), (cx, cy), r = points[place.id], circles[place.id], radii[place.id]
        said = f"{name} {counts[place.id]}" if counts[place.id] else name
        # A closer look names the quiet places that it shows.
        quiet = place.id in detailed and not counts[place.id] and place.role not in _NAMED
        tx, ty, anchor = ("", "", "") if quiet else _beside(said, cx, cy, r, taken, window)
        found.append(
            Spot(
                place=place,
                name=name,
                count=counts[place.id],
                x=f"{x:.1f}",
                y=f"{y:.1f}",
                cx=f"{cx:.1f}",
                cy=f"{cy:.1f}",
                r=f"{r:.1f}",
                tx=tx,
                ty=ty,
                anchor=anchor,
                hit=place.id in hit,
                moved=math.hypot(cx - x, cy - y) > 2,
            )
        )
    return sorted(found, key=lambda spot: -float(spot.r))


Box = tuple[float, float, float, float]


def _beside(name: str, x: float, y: float, r: float, taken: list[Box], window: Window) -> tuple[str, str, str]:
    """Where a name finds room beside its circle: right, left, above or below; nowhere when all that is taken."""
    width = _LETTER * len(name)
    for tx, ty, anchor, left in (
        (x + r + 3, y + 5, "start", x + r + 3),
        (x - r - 3, y + 5, "end", x - r - 3 - width),
        (x, y - r - 4, "middle", x - width / 2),
        (x, y + r + 15, "middle", x - width / 2),
    ):
        box = (left, ty - 12, left + width, ty + 4)
        inside = box[0] >= 0 and box[2] <= window.width and box[1] >= 0 and box[3] <= window.height
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return f"{tx:.1f}", f"{ty:.1f}", anchor
    return "", "", ""


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bend(start: Point, stop: Point, mode: str) -> Point:
    """The middle point that pulls a leg's curve: a flight bends a little, a road goes straight."""
    (x1, y1), (x2, y2) = start, stop
    bend = 0.14 if mode == "air" else 0.0
    return (x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend


def _curve(start: Point, stop: Point, mode: str) -> str:
    (x1, y1), (x2, y2), (bx, by) = start, stop, _bend(start, stop, mode)
    return f"M{x1:.1f} {y1:.1f}Q{bx:.1f} {by:.1f} {x2:.1f} {y2:.1f}"


def _moving(board: Board, rides: Iterable[MovementPicture], circles: Mapping[PlaceId, Point]) -> Iterable[Moving]:
    """Movements with people aboard that have left, each at its part of the way."""
    for ride in rides:
        if not ride.people or ride.source is None or ride.target is None or ride.mode is None:
            continue
        if ride.source not in circles or ride.target not in circles:
            continue
        t = part_done(board.operation, ride, board.at)
        (x1, y1), (x2, y2) = circles[ride.source], circles[ride.target]
        bx, by = _bend((x1, y1), (x2, y2), ride.mode)
        x = (1 - t) ** 2 * x1 + 2 * t * (1 - t) * bx + t**2 * x2
        y = (1 - t) ** 2 * y1 + 2 * t * (1 - t) * by + t**2 * y2
        yield Moving(picture=ride, souls=len(ride.people), x=f"{x:.1f}", y=f"{y:.1f}")


def _box(closer: View, window: Window, operation: Operation) -> tuple[str, str, str, str]:
    """Where a closer look lies on the whole map."""
    points = [_point(operation.place(place), window) for place in closer.places]
    left, top = min(x for x, _ in points) - 9, min(y for _, y in points) - 9
    right, bottom = max(x for x, _ in points) + 9, max(y for _, y in points) + 9
    return f"{left:.1f}", f"{top:.1f}", f"{right - left:.1f}", f"{bottom - top:.1f}"
