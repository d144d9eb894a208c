"""What is decided so far, and what is left of every capacity?

A `Draft` holds a way for some units and the use of every capacity by them. It takes only what fits, so a draft is a
feasible plan at every moment; units without a way stay where they stand.
"""

from __future__ import annotations

import numpy as np

from corridor.plan.solve.frame import Frame, Ints, Road
from corridor.plan.solve.seating import MANY, Filled, Loading, Places, escorts_needed, seat_party
from corridor.plan.solve.spans import Steps, free_minutes, limits, spans_of, staging_of, waiting, waiting_limits


class Draft:
    """A plan being made. `steps[u]` is None while unit u stays where it stands."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        problem, k = frame.problem, frame.slots
        self.steps: list[Steps | None] = [None] * len(frame.units)
        self.loadings: dict[tuple[int, int], Loading] = {}
        self.going = np.zeros((len(frame.roads), k), dtype=np.bool_)
        self.fleet_left = frame.fleet_left.copy()
        self.pool_left = frame.pool_left.copy()
        self.fleet_changes = 0
        self.through_left = np.array([post.through for post in frame.posts], dtype=np.int64).reshape(-1, k)
        self.window_left = [[most for _, _, most in post.windows] for post in frame.posts]
        self.holding_left = limits([gate.holding_persons_max for gate in problem.gates], k)
        self.hall_left = limits([gate.hall_persons_max for gate in problem.gates], k)
        self.beds_left = limits([staging.beds for staging in problem.stagings], k)
        self.work = np.zeros((len(problem.stations), k), dtype=np.int64)
        self._free: list[Ints | None] = [None] * len(problem.stations)
        self.waiting_limit = waiting_limits(frame)
        self.waiting_base = np.zeros_like(self.waiting_limit)
        flights = problem.flights
        self.seats = np.array([f.seats for f in flights], dtype=np.int64)
        self.seats_booked = np.zeros(len(flights), dtype=np.int64)
        self.flight_counts = [[0, 0, 0, 0] for _ in flights]
        self.flight_places = [[0, 0, 0] for _ in flights]
        self.own_aboard = [0] * len(flights)
        self.flies = [not f.optional and run.earliest < frame.end for f, run in zip(flights, frame.runs, strict=True)]
        self.offer_used = [[0] * len(f.offers) for f in flights]
        self.shares_later = False
        self.most_sent: dict[tuple[int, int, int], int] | None = None
        self.flight_escorts: list[dict[int, tuple[int, int]]] = [{} for _ in flights]
        self._stand_still()

    def _stand_still(self) -> None:
        """Take the room of everybody who stands behind an origin, to the end; where it is too much, it is the limit."""
        for unit in self.frame.units:
            left, row = self._standing_row(unit.stage, unit.place)
            if left is not None:
                first, last = self.frame.touched(unit.from_minute, self.frame.end)
                left[row, first:last] -= unit.persons
        for left in (self.holding_left, self.hall_left, self.beds_left):
            np.maximum(left, 0, out=left)
        # An escort on a flight that flies even empty goes too.
        for i, flies in enumerate(self.flies):
            if flies:
                self._send(i, escorts_needed(self.frame.runs[i].pools, (0, 0, 0, 0)))

    def _standing_row(self, stage: int, place: str) -> tuple[Ints | None, int]:
        if stage == 1:
            return self.holding_left, self.frame.gate_of[place]
        if stage == 2:
            return self.hall_left, self.frame.gate_of[place]
        if stage == 3:
            return self.beds_left, self.frame.staging_of[place]
        return None, 0

    def kept(self) -> dict[str, object]:
        """Everything that changes, to come back to by `back_to`."""
        return {name: _copied(getattr(self, name)) for name in _CHANGING}

    def back_to(self, kept: dict[str, object]) -> None:
        """Be as when `kept` was taken; it can be taken once only."""
        for name, value in kept.items():
            setattr(self, name, value)
        self.fleet_changes += 1
        self._free = [None] * len(self._free)

    # Convoys

    def bound(self, road: Road, slot: int) -> slice:
        """The slots in which what leaves in `slot` is bound."""
        return slice(max(0, slot - road.before), min(self.frame.slots, slot + road.after))

    def try_convoy(self, u: int, road: Road, slot: int) -> Loading | None:
        """The convoy with the unit aboard as well, as a new `Loading`; None where it does not fit."""
        frame, unit = self.frame, self.frame.units[u]
        had = self.loadings.get((road.index, slot))
        loading = Loading(
            [Filled(v.fleet, v.seats, v.laps, v.stretchers, v.wheelchairs) for v in had.vehicles] if had else [],
            dict(had.places) if had else {},
            list(had.counts) if had else [0, 0, 0, 0],
        )
        before, bound = len(loading.vehicles), self.bound(road, slot)
        most = MANY if road.leg.vehicles_max is None else road.leg.vehicles_max

        def may_add(fleet: int) -> bool:
            if len(loading.vehicles) >= most:
                return False
            if self.most_sent is not None and road.first:
                there = sum(v.fleet == fleet for v in loading.vehicles)
                if there >= self.most_sent.get((road.index, slot, fleet), 0):
                    return False
            more = sum(v.fleet == fleet for v in loading.vehicles[before:])
            return more < int(self.fleet_left[fleet, bound].min(initial=MANY))

        fleets = [(i, frame.problem.fleets[i]) for i in road.fleets]
        for member in unit.members:
            party = frame.problem.parties[member]
            places: list[Places] | None
            if fleets:
                places = seat_party(party, loading.vehicles, fleets, may_add)
            else:
                places = [(-1, party.seats, party.laps, party.stretchers, party.wheelchairs)]
            if places is None:
                return None
            loading.places[member] = places
        for i, more in enumerate((unit.persons, unit.stretchers, unit.medical, unit.psychological)):
            loading.counts[i] += more
        needed = escorts_needed(road.pools, loading.counts)
        if fleets and sum(seats for _, seats in needed.values()) > loading.free_seats:
            return None
        for pool, (count, _) in needed.items():
            more = count - (had.escorts.get(pool, 0) if had else 0)
            if more > 0 and more > int(self.pool_left[pool, bound].min(initial=MANY)):
                return None
            loading.escorts[pool] = count
        return loading

    def _set_convoy(self, road: Road, slot: int, loading: Loading | None) -> None:
        """Put this convoy in the place of what there was, with its vehicles and escorts."""
        key, bound = (road.index, slot), self.bound(road, slot)
        had = self.loadings.pop(key, None)
        for of, sign in ((had, 1), (loading, -1)):
            if of is None:
                continue
            for vehicle in of.vehicles:
                self.fleet_left[vehicle.fleet, bound] += sign
            for pool, count in of.escorts.items():
                self.pool_left[pool, bound] += sign * count
        if loading is not None:
            self.loadings[key] = loading
        self.going[key] = loading is not None
        if (had and len(had.vehicles)) != (loading and len(loading.vehicles)):
            self.fleet_changes += 1

    def _leave_convoy(self, u: int, road: Road, slot: int) -> None:
        """Take the unit off: its vehicle goes home when nobody else is in it."""
        unit, loading = self.frame.units[u], self.loadings[road.index, slot]
        rest = Loading(places={m: p for m, p in loading.places.items() if m not in unit.members})
        if not rest.places:
            self._set_convoy(road, slot, None)
            return
        used = sorted({at for places in rest.places.values() for at, *_ in places if at >= 0})
        vehicles = list(loading.vehicles)
        for member in unit.members:
            for at, seats, laps, stretchers, wheelchairs in loading.places[member]:
                if at >= 0:
                    v = vehicles[at]
                    vehicles[at] = Filled(
                        v.fleet,
                        v.seats + seats,
                        v.laps + (laps if v.laps < MANY else 0),
                        v.stretchers + stretchers,
                        v.wheelchairs + wheelchairs,
                    )
        rest.vehicles = [vehicles[at] for at in used]
        if len(used) < len(loading.vehicles):
            moved = {at: i for i, at in enumerate(used)} | {-1: -1}
            rest.places = {m: [(moved[p[0]], *p[1:]) for p in places] for m, places in rest.places.items()}
        less = (unit.persons, unit.stretchers, unit.medical, unit.psychological)
        rest.counts = [a - b for a, b in zip(loading.counts, less, strict=True)]
        rest.escorts = {pool: count for pool, (count, _) in escorts_needed(road.pools, rest.counts).items()}
        self._set_convoy(road, slot, rest)

    # Flights

    def try_flight(self, u: int, flight: int) -> dict[int, tuple[int, int]] | None:
        """The escorts of the flight with the unit aboard as well; None where it does not fit or is not allowed."""
        frame, unit = self.frame, self.frame.units[u]
        run = frame.runs[flight]
        what = run.flight
        if run.earliest >= frame.end or self.seats_booked[flight] + unit.seats > what.seats:
            return None
        counts = [
            a + b
            for a, b in zip(
                self.flight_counts[flight],
                (unit.persons, unit.stretchers, unit.medical, unit.psychological),
                strict=True,
            )
        ]
        own = self.own_aboard[flight]
        if what.own_percent_min and not self.shares_later:
            more = sum(n for citizenship, n in unit.own if citizenship in what.own)
            # Own people never make it worse, so they board whatever the share is so far.
            lessens = more * 100 < what.own_percent_min * unit.persons
            if lessens and (own + more) * 100 < what.own_percent_min * counts[0]:
                return None
        places = self.flight_places[flight]
        laps = MANY if what.laps is None else what.laps
        if (
            places[0] + unit.laps > laps
            or places[1] + unit.stretchers > what.stretchers
            or places[2] + unit.wheelchairs > what.wheelchairs
        ):
            return None
        escorts = escorts_needed(run.pools, counts)
        kept = self.offers_kept(flight, unit.members)
        if self.seats_booked[flight] + unit.seats + kept + sum(s for _, s in escorts.values()) > what.seats:
            return None
        if what.allowed and not all(
            set(frame.problem.parties[m].citizenships) & set(what.allowed) for m in unit.members
        ):
            return None
        bound = self.flight_bound(flight)
        for pool, (count, _) in escorts.items():
            more = count - self.flight_escorts[flight].get(pool, (0, 0))[0]
            if more > 0 and more > int(self.pool_left[pool, bound].min(initial=MANY)):
                return None
        return escorts

    def flight_bound(self, flight: int) -> slice:
        """The slots in which the escorts of a flight are bound."""
        run = self.frame.runs[flight]
        return slice(*self.frame.touched(run.earliest, run.latest + run.flight.escorts_back_minutes))

    def offers_kept(self, flight: int, members: tuple[int, ...] = ()) -> int:
        """Seats nobody else may take, as they are kept for a partner's people; with these parties aboard as well."""
        offers = self.frame.runs[flight].flight.offers
        if not offers:
            return 0
        used = list(self.offer_used[flight])
        for member in members:
            at = self.offer_of(flight, member)
            if at is not None:
                used[at] += self.frame.problem.parties[member].seats
        return sum(max(0, o.seats - n) for o, n in zip(offers, used, strict=True) if o.answer != "declined")

    def offer_of(self, flight: int, member: int) -> int | None:
        """The first offer of the flight that names the party's first citizenship."""
        citizenships = self.frame.problem.parties[member].citizenships
        for i, offer in enumerate(self.frame.runs[flight].flight.offers):
            if citizenships and citizenships[0] in offer.citizenships:
                return i
        return None

    def _send(self, flight: int, escorts: dict[int, tuple[int, int]]) -> None:
        bound = self.flight_bound(flight)
        for pool, (count, _) in self.flight_escorts[flight].items():
            self.pool_left[pool, bound] += count
        for pool, (count, _) in escorts.items():
            self.pool_left[pool, bound] -= count
        self.flight_escorts[flight] = escorts

    def _board(self, u: int, flight: int, sign: int) -> None:
        unit, run = self.frame.units[u], self.frame.runs[flight]
        what = run.flight
        self.seats_booked[flight] += sign * unit.seats
        counts = self.flight_counts[flight]
        for i, n in enumerate((unit.persons, unit.stretchers, unit.medical, unit.psychological)):
            counts[i] += sign * n
        for i, n in enumerate((unit.laps, unit.stretchers, unit.wheelchairs)):
            self.flight_places[flight][i] += sign * n
        self.own_aboard[flight] += sign * sum(n for citizenship, n in unit.own if citizenship in what.own)
        for member in unit.members:
            at = self.offer_of(flight, member) if what.offers else None
            if at is not None:
                self.offer_used[flight][at] += sign * self.frame.problem.parties[member].seats
        if what.optional:
            self.flies[flight] = counts[0] > 0
        needed = escorts_needed(run.pools, counts) if self.flies[flight] else {}
        if needed != self.flight_escorts[flight]:
            self._send(flight, needed)

    def share_holds(self, flight: int) -> bool:
        """Whether enough of those aboard are the sponsor's own."""
        what = self.frame.runs[flight].flight
        return self.own_aboard[flight] * 100 >= what.own_percent_min * self.flight_counts[flight][0]

    # Spans

    def _spans(self, u: int, steps: Steps, sign: int, *, behind: bool = False) -> None:
        """Free (+1) or take (-1) the room of the unit before the gate (not with `behind`), in the hall, in staging."""
        frame, unit = self.frame, self.frame.units[u]
        standing, row = self._standing_row(unit.stage, unit.place)
        if standing is not None and not behind:
            first, last = frame.touched(unit.from_minute, frame.end)
            standing[row, first:last] -= sign * unit.persons
        for left, at, start, stop in spans_of(frame, u, steps):
            if behind and left == 0:
                continue
            first, last = frame.touched(start, stop)
            array = (self.holding_left, self.hall_left, self.beds_left)[left]
            array[at, first:last] += sign * unit.persons

    # Stations

    def works(self, u: int, staging: str, minute: int) -> list[tuple[int, int, int]] | None:
        """Station, slot and minutes of work of the unit's visits when they begin at a minute; None: no such station."""
        frame, found = self.frame, []
        for member in frame.units[u].members:
            at = minute
            for visit in frame.problem.parties[member].visits:
                row = frame.station_of.get((staging, visit.service))
                if row is None:
                    return None
                station = frame.problem.stations[row]
                if at < frame.end:
                    found.append((row, at // frame.slot, visit.persons * station.minutes_per_person))
                at += station.promised_minutes
        return found

    def work_fits(self, works: list[tuple[int, int, int]]) -> bool:
        """Whether the stations can take this work as well and keep what they promise."""
        if len(works) == len({row for row, _, _ in works}):
            return all(minutes <= self._free_minutes(row)[slot] for row, slot, minutes in works)
        for row in {row for row, _, _ in works}:
            came = self.work[row].copy()
            for at, slot, minutes in works:
                if at == row:
                    came[slot] += minutes
            left = waiting(came, self.frame.service_minutes[row])
            if (left > np.maximum(self.waiting_limit[row], self.waiting_base[row])).any():
                return False
        return True

    def _free_minutes(self, row: int) -> Ints:
        """By slot how much more work could come to a station there."""
        found = self._free[row]
        if found is None:
            most = np.maximum(self.waiting_limit[row], self.waiting_base[row])
            found = self._free[row] = free_minutes(self.work[row], self.frame.service_minutes[row], most)
        return found

    def _work(self, works: list[tuple[int, int, int]], sign: int) -> None:
        for row, slot, minutes in works:
            self.work[row, slot] += sign * minutes
            self._free[row] = None

    # Taking and leaving a way

    def take(self, u: int, steps: Steps) -> bool:
        """Give the unit this way, if it fits; its times are taken to be right (`ways.py` finds only such)."""
        loadings: list[tuple[Road, int, Loading]] = []
        for road, slot in self._rides(steps):
            loading = self.try_convoy(u, road, slot)
            if loading is None:
                return False
            loadings.append((road, slot, loading))
        if steps.flight >= 0 and self.try_flight(u, steps.flight) is None:
            return False
        self._put(u, steps, loadings)
        return True

    def convoys_of(self, steps: Steps) -> list[tuple[Road, int, Loading]]:
        """The convoys of a way as they are now, for `take_back`."""
        return [(road, slot, self.loadings[road.index, slot]) for road, slot in self._rides(steps)]

    def take_back(self, u: int, steps: Steps, loadings: list[tuple[Road, int, Loading]]) -> None:
        """Give the unit the way it has just left, in the same places; nothing may have changed since but that."""
        self._put(u, steps, loadings)

    def _rides(self, steps: Steps) -> list[tuple[Road, int]]:
        both = ((steps.road, steps.leaves), (steps.transfer, steps.moves))
        return [(self.frame.roads[road], slot) for road, slot in both if road >= 0]

    def _put(self, u: int, steps: Steps, loadings: list[tuple[Road, int, Loading]]) -> None:
        for road, slot, loading in loadings:
            self._set_convoy(road, slot, loading)
        self._cross(u, steps, 1)
        self._spans(u, steps, -1)
        self._behind(u, steps, 1)
        self.steps[u] = steps

    def _cross(self, u: int, steps: Steps, sign: int) -> None:
        """Take (+1) or free (-1) what the gate lets through."""
        if steps.crosses >= 0:
            persons = self.frame.units[u].persons
            self.through_left[steps.gate, steps.crosses] -= sign * persons
            for i, (first, last, _) in enumerate(self.frame.posts[steps.gate].windows):
                if first <= steps.crosses < last:
                    self.window_left[steps.gate][i] -= sign * persons

    def _behind(self, u: int, steps: Steps, sign: int) -> None:
        """Take (+1) or free (-1) the work of the unit's visits and its places on its flight."""
        if steps.visits_minute >= 0:
            self._work(self.works(u, staging_of(self.frame, u, steps), steps.visits_minute) or [], sign)
        if steps.flight >= 0:
            self._board(u, steps.flight, sign)

    def leave(self, u: int) -> Steps:
        """Take the unit's way from it; it stands where it stood."""
        steps = self.steps[u]
        assert steps is not None, "a unit without a way has none to leave"
        for road, slot in self._rides(steps):
            self._leave_convoy(u, road, slot)
        self._cross(u, steps, -1)
        self._spans(u, steps, 1)
        self._behind(u, steps, -1)
        self.steps[u] = None
        return steps

    def ground(self, u: int) -> Steps:
        """Take from a unit that crosses all that follows the crossing, even its room in the hall; until `go_on`."""
        steps = self.steps[u]
        assert steps is not None and steps.crosses >= 0, "only who crosses in this plan has a way up to a crossing"
        if steps.transfer >= 0:
            self._leave_convoy(u, self.frame.roads[steps.transfer], steps.moves)
        self._spans(u, steps, 1, behind=True)
        self._behind(u, steps, -1)
        self.steps[u] = steps._replace(transfer=-1, moves=-1, visits_minute=-1, flight=-1)
        return steps

    def go_on(self, u: int, steps: Steps) -> bool:
        """Give a grounded unit this way, the same up to the crossing, if it fits; its times are taken to be right."""
        if steps.transfer >= 0:
            road = self.frame.roads[steps.transfer]
            loading = self.try_convoy(u, road, steps.moves)
            if loading is None or (steps.flight >= 0 and self.try_flight(u, steps.flight) is None):
                return False
            self._set_convoy(road, steps.moves, loading)
        self._spans(u, steps, -1, behind=True)
        self._behind(u, steps, 1)
        self.steps[u] = steps
        return True


_CHANGING = (
    *("steps", "loadings", "going", "fleet_left", "pool_left", "through_left", "window_left", "holding_left"),
    *("hall_left", "beds_left", "work", "seats_booked", "flight_counts", "flight_places", "own_aboard", "flies"),
    *("offer_used", "flight_escorts"),
)


def _copied(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return dict(value)
    assert isinstance(value, list), "a draft keeps arrays, lists and dictionaries"
    return [list(row) for row in value] if value and isinstance(value[0], list) else list(value)
