"""One gate on one day: who is expected, at the gate, across, turned back and why; worked out once for each board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import Station
from corridor.journey.board.board import Board
from corridor.journey.board.findings import crossed_people
from corridor.journey.cross.findings import CATALOGUE, CROSSED_CLOSED_GATE, PARTY_SPLIT
from corridor.journey.cross.findings import findings as cross_findings
from corridor.journey.cross.hazards import GateSpan
from corridor.journey.cross.state import Call
from corridor.journey.findings import Finding
from corridor.journey.orders import crossings_of, gates_of

STEPS = ("called", "cleared", "at_gate", "crossed", "turned_back", "taken_back")
"""The sets of people of a gate's day, in the order of the road. Called: told to come that day. Cleared: may pass, and
nobody told them. Both are expected. Taken back: called for that day, and must not come."""
CALL_SETS = ("called", "to_tell", "taken_back")
"""The sets of a day's calls. Called: the call stands. To tell: told to come, and nobody has told them that they must
not. Taken back: the others whose call was taken back."""
TO_SIGN = frozenset(kind.code for kind in CATALOGUE) - {CROSSED_CLOSED_GATE.code, PARTY_SPLIT.code}
"""What of a crossing needs a second person's signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDay:
    """One gate today. Everybody is in one set at most; `why` says why each of those turned back was, or why their call
    was taken back. `late` are those of the called who were told to be there by now.

    `state` None: nobody has said whether it is open.
    """

    gate: PlaceId
    state: GateSpan | None
    stations: tuple[Station, ...]
    called: frozenset[PersonId]
    cleared: frozenset[PersonId]
    at_gate: frozenset[PersonId]
    crossed: frozenset[PersonId]
    turned_back: frozenset[PersonId]
    taken_back: frozenset[PersonId]
    late: frozenset[PersonId]
    why: dict[PersonId, str]
    since: dict[PersonId, Moment]

    @property
    def expected(self) -> frozenset[PersonId]:
        """Who may still come today."""
        return self.called | self.cleared

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people were turned back, the most frequent first."""
        found: dict[str, int] = {}
        for person in self.turned_back:
            found[self.why[person]] = found.get(self.why[person], 0) + 1
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))

    @property
    def bar(self) -> list[tuple[str, int, str, str]]:
        """Step, number, and start and width in percent as an SVG writes them; empty ones left out."""
        counts = [(step, len(getattr(self, step))) for step in reversed(STEPS) if step != "taken_back"]
        whole, before, found = sum(count for _, count in counts), 0, []
        for step, count in counts:
            if count:
                found.append((step, count, f"{100 * before / whole:.3f}", f"{100 * count / whole:.3f}"))
            before += count
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfCalls:
    """The calls to one gate for one day of those who have not left, by person, each in the set it belongs to."""

    called: dict[PersonId, Call]
    to_tell: dict[PersonId, Call]
    taken_back: dict[PersonId, Call]


def today_of(board: Board) -> date:
    """The day of the board in the operation's zone."""
    return datetime_of(board.at, board.operation.as_of_zone).date()


@lru_cache(maxsize=4)
def gate_days(board: Board) -> tuple[GateDay, ...]:
    """Every gate of the operation today; those of a leg with a rule of clearance first. Kept for as long as the board
    is everybody's, so that a page that refreshes itself does not go over everybody again."""
    operation, everybody, today = board.operation, board.everybody, today_of(board)
    zone = operation.as_of_zone

    def is_today(at: Moment) -> bool:
        return datetime_of(at, zone).date() == today

    waiting = board.people("applications_open")
    sets: dict[PlaceId, dict[str, set[PersonId]]] = {
        gate: {step: set() for step in STEPS} for gate in gates_of(operation)
    }
    why: dict[PersonId, str] = {}
    since: dict[PersonId, Moment] = {}
    late: set[PersonId] = set()
    for person, state in everybody.cross.items():
        done = [
            *((one.at, 3, "crossed", one.gate, "") for one in state.crossings if is_today(one.at)),
            *((one.at, 2, "turned_back", one.gate, one.why) for one in state.turned_back if is_today(one.at)),
            *((one.at, 1, "at_gate", one.gate, "") for one in state.arrivals if is_today(one.at)),
        ]
        calls = [call for call in state.calls if call.for_date == today]
        stands = [call for call in calls if call.taken_back is None]
        if done:
            at, _, step, gate, reason = max(done)
            since[person] = at
            why[person] = reason
            if gate in sets:
                sets[gate][step].add(person)
        elif stands and person in waiting and stands[-1].gate in sets:
            since[person] = stands[-1].at
            sets[stands[-1].gate]["called"].add(person)
            if any(one.told and one.there_at is not None and one.there_at <= board.at for one in stands):
                late.add(person)
        elif calls and person in waiting and calls[-1].gate in sets:
            back = calls[-1].taken_back
            assert back is not None, "no call for the day stands"
            since[person], why[person] = back.at, back.why
            sets[calls[-1].gate]["taken_back"].add(person)
    placed = {person for steps in sets.values() for people in steps.values() for person in people}
    for leg in (operation.leg(rule.for_leg) for rule in operation.clearance_rules):
        gate = leg.target if leg.target in sets else leg.source
        for person, clear in everybody.clear.items():
            if clear.listings and person in waiting and person not in placed:
                clearance = everybody.clearance(person, leg.id)
                if clearance is not None and clearance.value == "cleared":
                    placed.add(person)
                    sets[gate]["cleared"].add(person)
    return tuple(
        GateDay(
            gate=gate,
            state=everybody.ways.gate_at(gate, board.at),
            stations=_stations(board, gate),
            **{step: frozenset(those) for step, those in people.items()},
            late=frozenset(late & people["called"]),
            why=why,
            since=since,
        )
        for gate, people in sorted(sets.items(), key=lambda one: _order(board, one[0]))
    )


@lru_cache(maxsize=4)
def days_of_calls(board: Board) -> dict[tuple[PlaceId, date], DayOfCalls]:
    """The calls for today and later, by gate and day; worked out once for each board."""
    today, waiting = today_of(board), board.people("applications_open")
    found: dict[tuple[PlaceId, date], DayOfCalls] = {}
    for person, state in board.everybody.cross.items():
        if person not in waiting or state.crossings:
            continue
        for gate, day in {(one.gate, one.for_date) for one in state.calls if one.for_date >= today}:
            call = state.call_for(gate, day)
            assert call is not None, "the gate and the day are of one of the calls"
            sets = found.setdefault((gate, day), DayOfCalls(called={}, to_tell={}, taken_back={}))
            if call.taken_back is None:
                sets.called[person] = call
            elif state.expects_word(gate, day):
                sets.to_tell[person] = call
            else:
                sets.taken_back[person] = call
    return found


def _order(board: Board, gate: PlaceId) -> bool:
    """Gates that were ever opened or closed go before those that nobody spoke of."""
    return gate not in board.everybody.ways.gates


def _stations(board: Board, gate: PlaceId) -> tuple[Station, ...]:
    """The gate's stations: its own, else those at the other end of its leg."""
    ends = crossings_of(board.operation, gates_of(board.operation)).get(gate, (gate, gate))
    found = [one for one in board.operation.stations if one.service == "gate" and one.place in ends]
    return tuple(one for one in found if one.place == gate) or tuple(found)


@lru_cache(maxsize=4)
def exceptions(board: Board) -> tuple[Finding, ...]:
    """The crossings that stand against a rule of clearance and that no second person signed for, the oldest first."""
    found = cross_findings(crossed_people(board.everybody), board.everybody.ways)
    return tuple(one for one in found if one.code in TO_SIGN)
