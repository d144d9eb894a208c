"""What of an earlier plan can still be done? Its ways, as far as they fit the problem as it is now."""

from __future__ import annotations

from corridor.base.ids import MovementId
from corridor.plan.answer import Convoy, Plan, Way
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.spans import Steps, staging_of
from corridor.plan.solve.ways import Ways


def taken_over(draft: Draft, ways: Ways, plan: Plan) -> int:
    """Give units the ways they have in the plan, where those are still open to them; how many kept theirs."""
    frame = draft.frame
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    had = {way.party: way for way in plan.ways}
    kept = 0
    seated = {row.party: (convoy.id, str(row.vehicle)) for convoy in plan.convoys for row in convoy.aboard[::-1]}
    wanted: list[tuple[int, tuple[str, str], int, int, Steps]] = []
    for u, unit in enumerate(frame.units):
        of = [way for member in unit.members if (way := had.get(frame.problem.parties[member].id)) is not None]
        if len(of) < len(unit.members):
            continue
        steps = _steps(frame, of[0], convoys)
        if steps is not None:
            steps = _visiting(frame, u, of, steps)
            # Vehicle by vehicle, the largest first: so they are packed as they were.
            wanted.append((steps.crosses, seated.get(of[0].party, ("", "")), -unit.seats, u, steps))
    draft.shares_later = True
    for *_, u, steps in sorted(wanted):
        kept += ways.again(u, steps)
    draft.shares_later = False
    shared_out(draft, ways)
    return kept


def shared_out(draft: Draft, ways: Ways) -> None:
    """Take off flights, until their shares hold, those who are not the sponsor's own; the least urgent first."""
    units = draft.frame.units
    for flight in range(len(draft.frame.runs)):
        if draft.share_holds(flight):
            continue
        aboard = [u for u, steps in enumerate(draft.steps) if steps is not None and steps.flight == flight]
        own = draft.frame.runs[flight].flight.own
        aboard.sort(
            key=lambda u: (sum(n for c, n in units[u].own if c in own) / units[u].persons, units[u].weighted, u)
        )
        for u in aboard:
            if draft.share_holds(flight):
                break
            draft.leave(u)
            steps = ways.best(u)
            if steps is not None:
                draft.take(u, steps)


def _steps(frame: Frame, way: Way, convoys: dict[MovementId, Convoy]) -> Steps | None:
    """The way in indexes of this frame; None where something in it is no more."""
    legs = {leg.id: i for i, leg in enumerate(frame.problem.legs)}
    found = Steps()
    for name, slot_name, convoy_id in (("road", "leaves", way.approach), ("transfer", "moves", way.transfer)):
        if convoy_id is None:
            continue
        convoy = convoys.get(convoy_id)
        if convoy is None or convoy.leg not in legs or convoy.departs_minute % frame.slot:
            return None
        found = found._replace(**{name: legs[convoy.leg], slot_name: convoy.departs_minute // frame.slot})
    if way.crosses_minute is not None and way.gate is not None:
        if str(way.gate) not in frame.gate_of:
            return None
        found = found._replace(gate=frame.gate_of[str(way.gate)], crosses=way.crosses_minute // frame.slot)
    if way.flight is not None:
        found = found._replace(flight=frame.flight_of.get(way.flight, -1))
    return found


def _visiting(frame: Frame, u: int, ways: list[Way], steps: Steps) -> Steps:
    """The way with the minute in which the visits of the unit begin."""
    parties = [frame.problem.parties[member] for member in frame.units[u].members]
    if not any(party.visits for party in parties) or not staging_of(frame, u, steps):
        return steps
    arrives = frame.units[u].from_minute
    if steps.transfer >= 0:
        arrives = steps.moves * frame.slot + frame.roads[steps.transfer].leg.minutes
    told = [way.visits_from_minute for way in ways if way.visits_from_minute is not None]
    return steps._replace(visits_minute=max([arrives, *told]))
