"""What may a flow use: all there is, or what a draft has left?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Floats, Frame, Ints
from corridor.plan.solve.seating import Loading
from corridor.plan.solve.spans import limits

KINDS = ("seats", "stretchers", "wheelchairs")
COUNTS_OF_RULES = ("persons", "stretchers", "medical", "psychological")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a flow may use: all there is, or what a draft has left. Rows as in `Draft`, columns are slots.

    `loadings` are convoys that leave anyway, by road and slot; of flights: places left (seats, stretchers,
    wheelchairs), by flight with seats kept for partners those left to others, how many own people there are beyond the
    share, and by flight and rule how many more may come before one more escort.
    """

    fleets: Ints
    pools: Ints
    through: Ints
    windows: list[list[int]]
    holding: Ints
    beds: Ints
    able: Ints
    loadings: dict[tuple[int, int], Loading]
    places: Floats
    others: dict[int, float]
    beyond: Floats
    spare: dict[tuple[int, int], float]


def whole_room(frame: Frame) -> Room:
    """All there is, as if nobody stood anywhere: what a bound is made of."""
    flights, k = frame.problem.flights, frame.slots
    return Room(
        fleets=frame.fleet_left,
        pools=frame.pool_left,
        through=np.array([post.through for post in frame.posts], dtype=np.int64).reshape(-1, k),
        windows=[[most for _, _, most in post.windows] for post in frame.posts],
        holding=limits([gate.holding_persons_max for gate in frame.problem.gates], k),
        beds=limits([staging.beds for staging in frame.problem.stagings], k),
        able=frame.service_minutes,
        loadings={},
        places=np.array([[float(getattr(f, kind)) for f in flights] for kind in KINDS]).reshape(3, -1),
        others={},
        beyond=np.zeros(len(flights)),
        spare={},
    )


def left_room(draft: Draft) -> Room:
    """What a draft has left."""
    frame = draft.frame
    places, beyond, spare = np.zeros((3, len(frame.runs))), np.zeros(len(frame.runs)), {}
    others = {}
    for i, run in enumerate(frame.runs):
        what, counts = run.flight, draft.flight_counts[i]
        escorts = sum(seats for _, seats in draft.flight_escorts[i].values())
        kept = draft.offers_kept(i)
        places[0, i] = what.seats - draft.seats_booked[i] - escorts
        if kept:
            others[i] = max(0.0, float(places[0, i] - kept))
        places[1, i] = what.stretchers - draft.flight_places[i][1]
        places[2, i] = what.wheelchairs - draft.flight_places[i][2]
        beyond[i] = draft.own_aboard[i] - what.own_percent_min / 100 * counts[0]
        for at, (pool, rule) in enumerate(run.pools):
            if rule.per:
                sent = draft.flight_escorts[i].get(pool, (0, 0))[0]
                spare[i, at] = float(rule.per * sent - counts[COUNTS_OF_RULES.index(rule.of)])
    return Room(
        fleets=draft.fleet_left,
        pools=draft.pool_left,
        through=draft.through_left,
        windows=draft.window_left,
        holding=draft.holding_left,
        beds=draft.beds_left,
        able=frame.service_minutes - draft.work,
        loadings=draft.loadings,
        places=np.maximum(places, 0.0),
        others=others,
        beyond=beyond,
        spare=spare,
    )
