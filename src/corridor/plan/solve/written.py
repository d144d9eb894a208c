"""How is a draft written down as a plan?"""

from __future__ import annotations

from collections import defaultdict

from corridor.base.ids import MovementId, VehicleId
from corridor.plan.answer import Aboard, Convoy, FlightRun, Plan, Sent, Vehicle, Way
from corridor.plan.finish import finished
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.seating import Loading

MADE_BY = "flow and neighbourhoods"


def convoy_id(frame: Frame, road: int, slot: int) -> MovementId:
    """The id of what leaves on a leg in a slot: the leg's and the minute."""
    return MovementId(f"{frame.problem.legs[road].id}@{slot * frame.slot}")


def write(draft: Draft, *, bound: float | None, seed: int, cpu_seconds: float) -> Plan:
    """The plan of a draft, measured and complete."""
    frame = draft.frame
    ways = []
    for u, steps in enumerate(draft.steps):
        if steps is None:
            continue
        for member in frame.units[u].members:
            party = frame.problem.parties[member]
            flown = frame.runs[steps.flight] if steps.flight >= 0 else None
            visits = steps.visits_minute if steps.visits_minute >= 0 and party.visits else None
            ways.append(
                Way(
                    party=party.id,
                    approach=convoy_id(frame, steps.road, steps.leaves) if steps.road >= 0 else None,
                    gate=frame.problem.gates[steps.gate].id if steps.gate >= 0 else None,
                    crosses_minute=steps.crosses * frame.slot if steps.crosses >= 0 else None,
                    transfer=convoy_id(frame, steps.transfer, steps.moves) if steps.transfer >= 0 else None,
                    visits_from_minute=visits,
                    flight=flown.flight.id if flown else None,
                )
            )
    return finished(
        frame.problem,
        made_by=MADE_BY,
        seed=seed,
        convoys=[_convoy(frame, road, slot, loading) for (road, slot), loading in draft.loadings.items()],
        flights=_flights(draft),
        ways=ways,
        bound=bound,
        cpu_seconds=cpu_seconds,
    )


def _convoy(frame: Frame, road: int, slot: int, loading: Loading) -> Convoy:
    fleets, parties = frame.problem.fleets, frame.problem.parties
    names = [VehicleId(f"{fleets[v.fleet].id}-{at + 1}") for at, v in enumerate(loading.vehicles)]
    aboard = [
        Aboard(
            party=parties[member].id,
            vehicle=names[at] if at >= 0 else None,
            seats=seats,
            laps=laps,
            stretchers=stretchers,
            wheelchairs=wheelchairs,
        )
        for member, places in sorted(loading.places.items())
        for at, seats, laps, stretchers, wheelchairs in places
    ]
    pools = frame.problem.pools
    return Convoy(
        id=convoy_id(frame, road, slot),
        leg=frame.problem.legs[road].id,
        departs_minute=slot * frame.slot,
        vehicles=tuple(Vehicle(id=n, fleet=fleets[v.fleet].id) for n, v in zip(names, loading.vehicles, strict=True)),
        escorts=tuple(Sent(pool=pools[p].id, count=count) for p, count in sorted(loading.escorts.items()) if count),
        aboard=tuple(aboard),
    )


def _flights(draft: Draft) -> tuple[FlightRun, ...]:
    frame = draft.frame
    aboard: dict[int, list[Aboard]] = defaultdict(list)
    for u, steps in enumerate(draft.steps):
        if steps is None or steps.flight < 0:
            continue
        for member in frame.units[u].members:
            party = frame.problem.parties[member]
            aboard[steps.flight].append(
                Aboard(
                    party=party.id,
                    seats=party.seats,
                    laps=party.laps,
                    stretchers=party.stretchers,
                    wheelchairs=party.wheelchairs,
                )
            )
    pools = frame.problem.pools
    return tuple(
        FlightRun(
            flight=run.flight.id,
            flies=draft.flies[i],
            departs_minute=run.earliest if draft.flies[i] else None,
            escorts=tuple(
                Sent(pool=pools[p].id, count=count)
                for p, (count, _) in sorted(draft.flight_escorts[i].items())
                if count
            ),
            aboard=tuple(aboard[i]),
        )
        for i, run in enumerate(frame.runs)
    )
