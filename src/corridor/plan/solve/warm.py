"""What of an earlier plan can still be done? Its ways, as far as they fit the problem as it is now."""

from __future__ import annotations

from corridor.plan.answer import Convoy, Plan, Way
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.ways import Ways


def taken_over(draft: Draft, ways: Ways, plan: Plan) -> int:
    """Give units the ways they have in the plan, where those are still open to them; how many kept theirs."""
    frame = draft.frame
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    had = {way.party: way for way in plan.ways}
    kept = 0
    wanted: list[tuple[bool, int, int, Steps]] = []
    for u, unit in enumerate(frame.units):
        of = [had.get(frame.problem.parties[member].id) for member in unit.members]
        if any(way is None for way in of) or not of:
            continue
        steps = _steps(frame, of[0], convoys)  # type: ignore[arg-type]
        if steps is not None:
            flight = frame.runs[steps.flight].flight if steps.flight >= 0 else None
            own = flight is not None and any(citizenship in flight.own for citizenship, _ in unit.own)
            # The sponsor's own board first: the share is asked of everybody after them.
            wanted.append((not own, steps.crosses, u, steps))
    for *_, u, steps in sorted(wanted):
        kept += ways.again(u, steps)
    return kept


def _steps(frame: Frame, way: Way, convoys: dict[str, Convoy]) -> Steps | None:
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
