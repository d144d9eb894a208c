"""Which ways are open to a unit now, and which of them costs least?

`Ways.best` looks at the crossings a unit can still reach, in the order of what they cost, and at the flights behind
each; every way it names fits the draft as it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from corridor.plan.problem import Lock
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.frame import NEVER, Flags, Floats, Ints, Post, Road, Unit
from corridor.plan.solve.seating import MANY, escorts_needed
from corridor.plan.solve.spans import Steps, spans_of
from corridor.plan.solve.worth import Worth

Crossed = tuple[float, int, int, int, int, int, float]
"""What a crossing costs and its turn among equals, for the order in which they are tried; road, slot of leaving, gate,
slot of crossing; and what the whole way costs at least."""

Only = Callable[[int, int, int], bool]
"""Whether a crossing is to be looked at: road (-1: from the gate), slot of leaving, slot of crossing."""

CROSSINGS_TRIED = 6
"""How many of the cheapest crossings are tried with a flight before the best of them is taken."""

TRANSFERS_TRIED = 12
"""In how many slots before a flight a unit may come to staging: when its desks have time for it and a bed is free."""


class Ways:
    """The ways of the units of one draft."""

    def __init__(self, draft: Draft, worth: Worth) -> None:
        self.draft, self.worth, self.frame = draft, worth, draft.frame
        self.locks: dict[int, list[Lock]] = defaultdict(list)
        for lock in self.frame.problem.locks:
            self.locks[self.frame.unit_of[self.frame.party_of[lock.party]]].append(lock)
        self.led_too = False
        self._roomy: dict[int, tuple[int, Ints]] = {}
        self._by_boarding: dict[str, Ints] = {}
        runs = self.frame.runs
        order = sorted((i for i, r in enumerate(runs) if r.earliest < self.frame.end), key=lambda i: (runs[i].mean, i))
        for staging in self.frame.staging_of:
            self._by_boarding[staging] = np.array([i for i in order if runs[i].staging == staging], dtype=np.int64)
        self._boards = np.array([run.boards_until for run in runs], dtype=np.int64)
        self._ready = self._boards - np.array([run.ground_minutes for run in runs], dtype=np.int64)
        self._means = np.array([run.mean for run in runs]) / 60

    def best(self, u: int, *, only: Only | None = None, tries: int = CROSSINGS_TRIED) -> Steps | None:
        """The cheapest way that fits, or None where none fits that is better than staying. With `only`, of crossings it
        says yes to (road, slot of leaving, slot of crossing)."""
        unit, tried = self.frame.units[u], 0
        best, least = None, [self.worth.way(u, None)]
        if not self._may_set_out(u):
            return None
        for steps, hall_minute in self.crossings(u, only, least):
            for behind in self.behind(u, steps, hall_minute):
                points = self.worth.way(u, behind)
                if points < least[0] - 1e-9:
                    best, least[0] = behind, points
                tried += 1
                break
            if tried >= tries or unit.stage > 1:
                break
        return best

    def again(self, u: int, steps: Steps, *, flown: bool = False) -> bool:
        """Take a way from an earlier plan if all of it is still open to the unit, else up to the crossing with the
        cheapest flight behind it (with `flown` only with the same flight); False: neither."""
        frame = self.frame
        if u in frame.led_by or not self.open_to(u, steps):
            return False
        if self.fits(u, steps):
            return self.draft.take(u, steps)
        through = frame.posts[steps.gate].gate.through_minutes if steps.gate >= 0 else 0
        upto = Steps(steps.road, steps.leaves, steps.gate, steps.crosses)
        minute = steps.crosses * frame.slot + through if steps.gate >= 0 else frame.units[u].from_minute
        found = list(self.behind(u, upto, minute))
        same = [way for way in found if way.flight == steps.flight]
        return bool(same or (found and not flown)) and self.draft.take(u, (same or found)[0])

    def fits(self, u: int, steps: Steps) -> bool:
        """Whether all of a way whose crossing is open to the unit fits just as it is; vehicles are not looked at."""
        frame, unit, slot = self.frame, self.frame.units[u], self.frame.slot
        minute = unit.from_minute
        if steps.gate >= 0:
            minute = steps.crosses * slot + frame.posts[steps.gate].gate.through_minutes
        staging = unit.place if unit.stage == 3 else ""
        if steps.transfer >= 0:
            road = frame.roads[steps.transfer]
            gate = str(frame.problem.gates[steps.gate].id) if steps.gate >= 0 else unit.place
            leaves = self._may_leave(u, unit, road)
            if str(road.leg.source) != gate or steps.moves * slot < minute or not leaves[steps.moves]:
                return False
            minute, staging = steps.moves * slot + road.leg.minutes, str(road.leg.target)
        if staging:
            until = NEVER
            if steps.flight >= 0:
                run, allowed = frame.runs[steps.flight], self.locked_flights(u)
                until = run.boards_until - run.ground_minutes
                late = minute > until or unit.fly_from > run.boards_until or run.staging != staging
                if late or (allowed is not None and not allowed(steps.flight)):
                    return False
            found = self.visits(u, staging, max(minute, steps.visits_minute), until)
            if found != steps.visits_minute:
                return False
        return (unit.stage > 2 or steps.transfer >= 0 or steps.flight < 0) and self._spans_fit(u, steps)

    def open_to(self, u: int, steps: Steps) -> bool:
        """Whether a crossing is open to the unit as things stand: its time, its road, the gate, the room before it."""
        frame, unit, draft = self.frame, self.frame.units[u], self.draft
        if unit.stage > 1:
            return steps.crosses < 0
        if steps.crosses < 0 or not self._open_for(unit, frame.posts[steps.gate], u)[steps.crosses]:
            return False
        if unit.stage == 1:
            return steps.road < 0 and frame.gate_of[unit.place] == steps.gate
        if steps.road < 0:
            return False
        road = frame.roads[steps.road]
        arrives = steps.leaves * frame.slot + road.leg.minutes
        if (
            str(road.leg.source) != unit.place
            or frame.gate_of[str(road.leg.target)] != steps.gate
            or steps.leaves * frame.slot < unit.leave_from
            or arrives > steps.crosses * frame.slot
            or not self._may_leave(u, unit, road)[steps.leaves]
        ):
            return False
        first, last = frame.touched(arrives, steps.crosses * frame.slot)
        return int(draft.holding_left[steps.gate, first:last].min(initial=MANY)) >= unit.persons

    # Up to the crossing

    def crossings(self, u: int, only: Only | None, least: list[float]) -> Iterator[tuple[Steps, int]]:
        """The ways up to a crossing that could cost less than `least` (its one entry) says when they are asked for,
        cheapest first, with the minute in which the hall is reached."""
        frame, unit = self.frame, self.frame.units[u]
        if unit.stage > 1:
            yield Steps(), unit.from_minute
            return
        found: list[Crossed] = []
        if unit.stage == 1:
            found.extend(self._from_gate(u, unit))
        elif unit.leave_from < frame.end:
            for road in frame.approaches.get(unit.place, ()):
                found.extend(self._from_origin(u, unit, road))
        found.sort()
        for _, _, road_index, leaves, gate, crosses, floor in found:
            if floor >= least[0] - 1e-9:
                continue
            if only is not None and not only(road_index, leaves, crosses):
                continue
            if road_index >= 0 and self.draft.try_convoy(u, frame.roads[road_index], leaves) is None:
                continue
            through = frame.posts[gate].gate.through_minutes
            yield Steps(road_index, leaves, gate, crosses), crosses * frame.slot + through

    def _from_gate(self, u: int, unit: Unit) -> Iterator[Crossed]:
        frame = self.frame
        gate = frame.gate_of[unit.place]
        open_for = self._open_for(unit, frame.posts[gate], u)
        for crosses in np.flatnonzero(open_for)[:CROSSINGS_TRIED]:
            points = self.worth.way(u, Steps(gate=gate, crosses=int(crosses)))
            yield points, 0, -1, -1, gate, int(crosses), -np.inf

    def _from_origin(self, u: int, unit: Unit, road: Road) -> list[Crossed]:
        """Every slot in which the unit could leave on this road, with the first slot in which it can cross then."""
        frame, draft, slot = self.frame, self.draft, self.frame.slot
        gate = frame.gate_of[str(road.leg.target)]
        post = frame.posts[gate]
        ready = -(-unit.leave_from // slot)
        leaves = np.flatnonzero(self._may_leave(u, unit, road)[ready:]) + ready
        if not leaves.size:
            return []
        arrives = leaves * slot + road.leg.minutes
        open_for = self._open_for(unit, post, u)
        nobody = np.full(1, frame.slots)
        next_open = np.concatenate((_next(open_for), nobody))
        first = np.minimum(-(-arrives // slot), frame.slots)
        crosses = next_open[first]
        full = np.concatenate((_next(draft.holding_left[gate] < unit.persons), nobody))
        # Waiting touches the slots from the one arrived in up to the crossing; none when crossed on arrival.
        waits = arrives < crosses * slot
        held = np.where(waits, full[np.minimum(arrives // slot, frame.slots)] >= crosses, True)
        good = (crosses < frame.slots) & held
        leaves, crosses = leaves[good], crosses[good]
        danger = self.worth.points["danger_person_hours"] * self.worth.dangers(unit, road, leaves, gate, crosses)
        floor = unit.weighted * danger + self._least_behind(unit, gate, crosses)
        # In hours the same way always costs the same to the last digit: what is equal goes where others go already.
        points = np.round(danger, 6).tolist()
        turn = np.where(draft.going[road.index][leaves], -2 * frame.slots, -frame.slots) - leaves
        if self.frame.problem.parties[unit.members[0]].announced is not None:
            points = [
                self.worth.way(u, Steps(road.index, int(at), gate, int(over)))
                for at, over in zip(leaves, crosses, strict=True)
            ]
        slots = zip(points, turn.tolist(), leaves.tolist(), crosses.tolist(), floor.tolist(), strict=True)
        return [(cost, after, road.index, at, gate, over, least) for cost, after, at, over, least in slots]

    def _least_behind(self, unit: Unit, gate: int, crosses: Ints) -> Floats:
        """No way on from these crossings costs less: the first flight with seats enough that can be reached at all."""
        frame, points = self.frame, self.worth.points
        minutes = crosses * frame.slot
        seats = self.draft.seats - self.draft.seats_booked >= unit.seats
        means = np.full(len(crosses), frame.left_hours)
        for road in frame.transfers.get(str(frame.problem.gates[gate].id), ()):
            at = self._by_boarding[str(road.leg.target)]
            at = at[seats[at] & (self._boards[at] >= unit.fly_from)]
            at = at[np.argsort(self._ready[at], kind="stable")]
            sooner = np.minimum.accumulate(self._means[at][::-1])[::-1]
            reached = minutes + frame.posts[gate].gate.through_minutes + road.leg.minutes
            first = np.searchsorted(self._ready[at], reached)
            means = np.minimum(means, np.concatenate((sooner, [frame.left_hours]))[first])
        waits: Floats = points["staging_person_hours"] * unit.weighted * (means - minutes / 60)
        return waits - points["empty_seats"] * unit.seats

    def _open_for(self, unit: Unit, post: Post, u: int) -> Flags:
        """In which slots the whole unit may cross at this gate."""
        frame, slot = self.frame, self.frame.slot
        open_for: Flags = self.draft.through_left[post.index] >= unit.persons
        open_for[: min(frame.slots, -(-min(unit.cross_from, NEVER) // slot))] = False
        if unit.cross_until < NEVER:
            open_for[unit.cross_until // slot + 1 :] = False
        for (first, last, _), left in zip(post.windows, self.draft.window_left[post.index], strict=True):
            if left < unit.persons:
                open_for[first:last] = False
        for lock in self.locks.get(u, ()):
            if lock.gate is not None:
                here, at = str(lock.gate) == str(post.gate.id), (lock.minute or 0) // slot
                if lock.keep:
                    only = np.zeros_like(open_for)
                    only[at : at + 1] = here
                    open_for &= only
                elif here:
                    open_for[at] = False
        return open_for

    def _may_leave(self, u: int, unit: Unit, road: Road) -> Flags:
        """In which slots a convoy could perhaps take the unit: one is there already, or one more vehicle is free."""
        frame, draft = self.frame, self.draft
        opens: Flags = road.opens.copy()
        for lock in self.locks.get(u, ()):
            if lock.leg is not None:
                same_step = frame.roads[next(r.index for r in frame.roads if r.leg.id == lock.leg)].first == road.first
                here, at = lock.leg == road.leg.id, (lock.minute or 0) // frame.slot
                if lock.keep and same_step:
                    only = np.zeros_like(opens)
                    only[at : at + 1] = here
                    opens &= only
                elif not lock.keep and here:
                    opens[at] = False
        if not road.fleets and not road.pools:
            return opens
        roomy = self._room(road)
        open_too: Flags = opens & ((roomy > 0) | draft.going[road.index])
        return open_too

    def _room(self, road: Road) -> Ints:
        """How many vehicles could still leave in each slot in a new convoy (of any fleet, escorts there)."""
        had = self._roomy.get(road.index)
        if had is not None and had[0] == self.draft.fleet_changes:
            return had[1]
        frame, draft = self.frame, self.draft
        room = np.zeros(frame.slots, dtype=np.int64)
        for fleet in road.fleets:
            if frame.problem.fleets[fleet].seats:
                room += _least(draft.fleet_left[fleet], road)
        if not road.fleets:
            room[:] = 1
        for pool, (count, _) in escorts_needed(road.pools, (1, 0, 0, 0)).items():
            room[_least(draft.pool_left[pool], road) < count] = 0
        self._roomy[road.index] = (draft.fleet_changes, room)
        return room

    # Behind the gate

    def behind(self, u: int, steps: Steps, minute: int, flight: int | None = None) -> Iterator[Steps]:
        """The ways on from the hall (or staging) at a minute, best first: a flight (this one), else the hall, else
        staging."""
        frame, unit = self.frame, self.frame.units[u]
        if unit.stage == 3:
            yield from self._flown(u, steps, unit.place, minute)
            return
        gate = str(frame.problem.gates[steps.gate].id) if steps.gate >= 0 else unit.place
        for road in frame.transfers.get(gate, ()):
            yield from self._onward(u, unit, road, steps, minute, flight)
        if unit.stage < 2 and self._spans_fit(u, steps):
            yield steps
        for road in frame.transfers.get(gate, ()):
            yield from self._moved(u, unit, road, steps, minute)

    def _onward(
        self, u: int, unit: Unit, road: Road, steps: Steps, minute: int, only: int | None = None
    ) -> Iterator[Steps]:
        """The flights behind a transfer, earliest first, each with the last transfer that is in time for it: the hall
        has more room than staging has beds."""
        slot = self.frame.slot
        staging, allowed = str(road.leg.target), self.locked_flights(u)
        lag = self.frame.promised_minutes(self.frame.units[u], staging)
        if lag is None:
            return
        first = -(-minute // slot)
        leaves = np.flatnonzero(self._may_leave(u, unit, road)[first:]) + first
        for flight in self._could_take(unit, staging, first * slot + road.leg.minutes + lag):
            until = int(self._ready[flight])
            if only is not None and flight != only:
                continue
            if (allowed is not None and not allowed(flight)) or self.draft.try_flight(u, flight) is None:
                continue
            last = int(np.searchsorted(leaves, (until - lag - road.leg.minutes) // slot, side="right"))
            late = leaves[max(0, last - TRANSFERS_TRIED) : last][::-1]
            # Where the hall is full, straight on.
            soon = leaves[: min(3, max(0, last - TRANSFERS_TRIED))]
            for at in np.concatenate((late, soon)):
                visits = self.visits(u, staging, int(at) * slot + road.leg.minutes, until)
                if visits is None:
                    continue
                flown = steps._replace(transfer=road.index, moves=int(at), flight=flight, visits_minute=visits)
                if self._spans_fit(u, flown) and self.draft.try_convoy(u, road, int(at)) is not None:
                    yield flown
                    break

    def _could_take(self, unit: Unit, staging: str, ready: int) -> list[int]:
        """The flights that somebody ready in staging then is in time for and that have the seats, earliest first."""
        at = self._by_boarding[staging]
        seats = self.draft.seats[at] - self.draft.seats_booked[at] >= unit.seats
        found: list[int] = at[seats & (self._ready[at] >= ready) & (self._boards[at] >= unit.fly_from)].tolist()
        return found

    def _moved(self, u: int, unit: Unit, road: Road, steps: Steps, minute: int) -> Iterator[Steps]:
        """The first transfers after which the unit can stay in staging without a flight, where the hall has no room."""
        slot, staging = self.frame.slot, str(road.leg.target)
        first = -(-minute // slot)
        for at in (np.flatnonzero(self._may_leave(u, unit, road)[first:]) + first)[:TRANSFERS_TRIED]:
            visits = self.visits(u, staging, int(at) * slot + road.leg.minutes, NEVER)
            if visits is None:
                continue
            moved = steps._replace(transfer=road.index, moves=int(at), visits_minute=visits)
            if self._spans_fit(u, moved) and self.draft.try_convoy(u, road, int(at)) is not None:
                yield moved
                return

    def _flown(self, u: int, steps: Steps, staging: str, minute: int) -> Iterator[Steps]:
        """The flights from a staging place whose people can be ready, earliest first; last, to stay there."""
        frame, unit = self.frame, self.frame.units[u]
        allowed = self.locked_flights(u)
        arriving = self.visits(u, staging, minute, NEVER)
        if arriving is not None:
            for flight in self._could_take(unit, staging, minute):
                run = frame.runs[flight]
                if allowed is not None and not allowed(flight):
                    continue
                visits = self.visits(u, staging, minute, run.boards_until - run.ground_minutes)
                if visits is None or self.draft.try_flight(u, flight) is None:
                    continue
                flown = steps._replace(flight=flight, visits_minute=visits)
                if self._spans_fit(u, flown):
                    yield flown
            stays = steps._replace(visits_minute=arriving)
            if unit.stage < 3 and self._spans_fit(u, stays):
                yield stays

    def visits(self, u: int, staging: str, minute: int, until: int) -> int | None:
        """When the unit's visits begin so that they are done by `until`; -1 without visits; None: not in time."""
        frame = self.frame
        members = [frame.problem.parties[m] for m in frame.units[u].members]
        if not any(party.visits for party in members):
            return -1
        longest = frame.promised_minutes(frame.units[u], staging)
        if longest is None:
            return None
        at, waits = minute, frame.problem.stagings[frame.staging_of[staging]].visits_wait
        while at + longest <= min(until, frame.end + longest):
            works = self.draft.works(u, staging, at)
            if works is not None and self.draft.work_fits(works):
                return at
            if not waits:
                return None
            at = (at // frame.slot + 1) * frame.slot
        return None

    def _may_set_out(self, u: int) -> bool:
        """Units led by others elsewhere are planned last, and cross only where the others have crossed already."""
        units, others = self.frame.units, self.frame.led_by.get(u)
        return others is None or (self.led_too and (units[u].stage > 1 or all(units[o].stage > 1 for o in others)))

    def locked_flights(self, u: int) -> Callable[[int], bool] | None:
        """Which flights locks and those who lead the unit leave to it; None: all."""
        locks = [lock for lock in self.locks.get(u, ()) if lock.flight is not None]
        others = self.frame.led_by.get(u)
        if others is not None:
            led = [steps.flight if (steps := self.draft.steps[o]) is not None else -1 for o in others]
            ids = [flight.id for flight in self.frame.problem.flights]
            return lambda flight: set(led) == {flight} and all((ids[flight] == k.flight) == k.keep for k in locks)
        if not locks:
            return None
        ids = [flight.id for flight in self.frame.problem.flights]
        return lambda flight: all((ids[flight] == lock.flight) == lock.keep for lock in locks)

    def _spans_fit(self, u: int, steps: Steps) -> bool:
        """Whether there is room for the unit in the hall and in staging on this way."""
        frame, draft, unit = self.frame, self.draft, self.frame.units[u]
        for which, row, start, stop in spans_of(frame, u, steps):
            if which + 1 == unit.stage or (which == 0 and draft.steps[u] is not None):
                continue  # It stands there already, or crosses already, and has its room.
            left = (draft.holding_left, draft.hall_left, draft.beds_left)[which]
            first, last = frame.touched(start, stop)
            if int(left[row, first:last].min(initial=MANY)) < unit.persons:
                return False
        return True


def _next(flags: Flags) -> Ints:
    """For each slot the first one from there on that is set; the number of slots where there is none."""
    count = len(flags)
    at = np.where(flags, np.arange(count), count)
    found: Ints = np.minimum.accumulate(at[::-1])[::-1]
    return found


def _least(left: Ints, road: Road) -> Ints:
    """The least of `left` in the slots bound by what leaves in each slot."""
    least = left.copy()
    count = len(left)
    for shift in range(-road.before, road.after):
        if shift < 0:
            least[-shift:] = np.minimum(least[-shift:], left[: count + shift])
        elif shift > 0:
            least[: count - shift] = np.minimum(least[: count - shift], left[shift:])
    return least
