"""Does every party do each step not too early, not too late, with whom it must, and as it was locked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corridor.base.ids import PartyId
from corridor.plan.check.steps import Lookup, Steps, Violation, visits_done
from corridor.plan.problem import Lock, Party, Stop


def check_ways(lookup: Lookup, roads: Mapping[PartyId, Steps]) -> Iterator[Violation]:
    """What the ways break: times, waits, visits, bonds and locks."""
    for steps in roads.values():
        for code, says in _times(lookup, steps):
            yield Violation(code=code, subject=steps.party.id, says=says)
        for bond in steps.party.bonds:
            apart = _apart(steps, roads[bond.party])
            if apart is not None:
                yield Violation(code="bond", subject=steps.party.id, says=f"Not with {bond.party} {apart}.")
    for lock in lookup.problem.locks:
        if _breaks(lookup, lock, roads[lock.party]):
            yield Violation(code="lock", subject=lock.party, says=f"It breaks a lock: {lock}.")


def _waits(party: Party, stops: Stop, minute: int) -> bool:
    """Whether a wait still stops that step at that minute."""
    return any(
        wait.stops == stops and (wait.until_minute is None or wait.until_minute > minute) for wait in party.waits
    )


def _times(lookup: Lookup, steps: Steps) -> Iterator[tuple[str, str]]:
    party, slot = steps.party, lookup.problem.slot_minutes
    leaves = steps.origin_until
    if leaves is not None and (leaves < party.from_minute or _waits(party, "leave", leaves)):
        yield "leave_early", f"It leaves at {leaves}."
    crosses = steps.crosses
    if crosses is not None:
        there = steps.holding_from
        if there is None or crosses < there or _waits(party, "cross", crosses):
            yield "cross_early", f"It crosses at {crosses}, and is at the gate at {there}."
        if party.cross_until_minute is not None and crosses > party.cross_until_minute:
            yield "cross_late", f"It crosses at {crosses}, and may until {party.cross_until_minute}."
        if crosses % slot or not 0 <= crosses < lookup.problem.minutes:
            yield "cross_early", f"{crosses} is not the beginning of a slot of the plan."
    if steps.hall_until is not None and steps.hall_from is not None and steps.hall_until < steps.hall_from:
        yield "transfer_early", f"It leaves the hall at {steps.hall_until}, reached at {steps.hall_from}."
    yield from _staging(lookup, steps)


def _staging(lookup: Lookup, steps: Steps) -> Iterator[tuple[str, str]]:
    party = steps.party
    if steps.staging is None or steps.beds_from is None or steps.visits_from is None:
        return
    staging = next(one for one in lookup.problem.stagings if one.id == steps.staging)
    later = steps.visits_from - steps.beds_from
    if later < 0 or (later > 0 and not staging.visits_wait):
        yield "visits", f"They begin at {steps.visits_from}, and it arrives at {steps.beds_from}."
    if steps.flight is None:
        return
    done = visits_done(lookup, steps)
    if done is None:
        yield "visits", f"{steps.staging} has no station for one of its visits."
        return
    flight, departs = steps.flight, steps.departs[0][0]
    ready = done + lookup.airports[flight.airport].minutes
    boards = departs - flight.boarding_minutes
    if ready > boards or _waits(party, "fly", boards):
        yield "fly_early", f"{flight.id} boards at {boards}, and it is ready at {ready} or waits."
    if flight.allowed and not set(flight.allowed) & set(party.citizenships):
        yield "not_allowed", f"{flight.id} does not take {', '.join(party.citizenships) or 'it'}."


def _apart(steps: Steps, other: Steps) -> str | None:
    """The first step the party takes and the one it is bonded to does not, though it has it before it."""
    stands = other.party.stands
    if steps.approach is not None and stands == "origin" and other.approach is not steps.approach:
        return f"on {steps.approach.id}"
    here, there = (steps.gate, steps.crosses), (other.gate, other.crosses)
    if steps.crosses is not None and stands in ("origin", "gate") and here != there:
        return f"at the gate at {steps.crosses}"
    if steps.transfer is not None and stands != "staging" and other.transfer is not steps.transfer:
        return f"on {steps.transfer.id}"
    if steps.flight is not None and other.flight is not steps.flight:
        return f"on {steps.flight.id}"
    return None


def _breaks(lookup: Lookup, lock: Lock, steps: Steps) -> bool:
    """Whether the party's road breaks the lock: with `keep` another way, without it that way."""
    if lock.flight is not None:
        if steps.flight is None:
            return False
        return (steps.flight.id == lock.flight) is not lock.keep
    if lock.gate is not None:
        if steps.crosses is None:
            return False
        here = steps.gate == lock.gate and lock.minute in (None, steps.crosses)
        return here is not lock.keep
    assert lock.leg is not None, "a lock names a flight, a gate or a leg"
    behind = lookup.legs[lock.leg].source in lookup.gates
    convoy = steps.transfer if behind else steps.approach
    if convoy is None:
        return False
    here = convoy.leg == lock.leg and lock.minute in (None, convoy.departs_minute)
    return here is not lock.keep
