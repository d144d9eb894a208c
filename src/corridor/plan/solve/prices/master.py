"""The program of paths: capacities as rows, convoys and vehicles as columns, and paths of groups as they are made.

Every row limits use from above: uses less provisions are at most its `limit`. A price of a row is what one unit of use
costs, never below zero. Whatever the prices, `earned` and the cheapest paths make a bound (weak duality).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from corridor.plan.solve.flows.program import Program
from corridor.plan.solve.frame import Floats, Frame, Ints, Road
from corridor.plan.solve.prices.groups import COUNTED, Groups
from corridor.plan.solve.prices.options import Option
from corridor.plan.solve.spans import limits, waiting, waiting_limits
from corridor.plan.solve.worth import Worth

PLACES = (1, 2, 3)
"""Columns of `COUNTED` that take places in vehicles and on flights: seats, stretchers, wheelchairs."""

NONE = np.zeros((0, 0), dtype=np.int64)


@dataclass(slots=True)
class Rows:
    """Which row is what: by slot, unless it says otherwise; -1 where there is none."""

    through: Ints = field(default_factory=lambda: NONE)
    windows: dict[tuple[int, int], int] = field(default_factory=dict)
    holding: Ints = field(default_factory=lambda: NONE)
    beds: Ints = field(default_factory=lambda: NONE)
    stations: Ints = field(default_factory=lambda: NONE)
    places: dict[int, Ints] = field(default_factory=dict)
    ratios: dict[int, list[tuple[int, Ints, int]]] = field(default_factory=dict)
    within: list[Ints] = field(default_factory=list)
    flight_places: Ints = field(default_factory=lambda: NONE)
    share: Ints = field(default_factory=lambda: NONE)
    free: Ints = field(default_factory=lambda: NONE)
    ratios_of_flight: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    sent_of_flight: dict[tuple[int, int], int] = field(default_factory=dict)
    convoy: dict[int, Ints] = field(default_factory=dict)
    vehicles: dict[tuple[int, int], Ints] = field(default_factory=dict)
    sent: dict[int, list[tuple[int, int, Ints]]] = field(default_factory=dict)
    choices: list[Ints] = field(default_factory=list)


@dataclass(slots=True)
class Master:
    """The rows and the columns that are nobody's path.

    `late` has a column for every mean departure there is, in order: that somebody leaves then or later. It costs
    `late_points`, the hours since the one before. `turn` is which departure an option is.
    """

    frame: Frame
    program: Program
    rows: Rows
    options: tuple[Option, ...]
    late: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    late_points: Floats = field(default_factory=lambda: np.zeros(0))
    turn: list[int] = field(default_factory=list)
    matrix: tuple[Ints, Ints, Floats] | None = None

    def limits(self) -> Floats:
        """By row: how much of it there is."""
        return np.concatenate(self.program.row_upper)

    def earned(self, prices: Floats, also: dict[int, float]) -> float:
        """What rows and nobody's columns add to the bound at these prices, none of them below zero; `also` is earned by
        a unit of a column besides. Convoys are chosen as they are cheapest, whole with their vehicles and escorts, so
        that rows within a convoy need no price."""
        program = self.program
        reduced = self._reduced(prices, also)
        total = -float((prices * self.limits()[: len(prices)]).sum())
        for road in self.rows.convoy:
            cost, done = self._convoys(self.frame.roads[road], reduced)
            reduced[done] = 0.0
            total += float(cost.min(axis=1).sum())
        for those in self.rows.choices:
            # Of the options of a flight one is flown.
            total += min(0.0, float(reduced[those].min()))
            reduced[those] = 0.0
        least, most = np.concatenate(program.lower), np.concatenate(program.upper)
        return total + float((reduced * np.where(reduced < 0, most, least)).sum())

    def _reduced(self, prices: Floats, also: dict[int, float]) -> Floats:
        """By column its cost with what it uses and provides at these prices."""
        program = self.program
        if self.matrix is None:
            self.matrix = program.matrix()
        starts, columns, values = self.matrix
        upto = int(starts[len(prices)])
        prices = prices.copy()
        prices[np.concatenate([*self.rows.within, np.zeros(0, dtype=np.int64)])] = 0.0
        along = np.repeat(prices, np.diff(starts[: len(prices) + 1]))
        reduced: Floats = np.concatenate(program.costs) + np.bincount(
            columns[:upto], weights=values[:upto] * along, minlength=program.columns
        )
        for column, points in also.items():
            reduced[column] -= points
        return reduced

    def dearer(self, prices: Floats, also: dict[int, float]) -> dict[int, Floats]:
        """By road and slot, by how much the bound of these prices rises if a convoy leaves then."""
        reduced = self._reduced(prices, also)
        found = {}
        for road, columns in self.rows.convoy.items():
            cost, _ = self._convoys(self.frame.roads[road], reduced)
            rise = np.full(self.frame.slots, np.inf)
            rise[columns >= 0] = cost[:, 1:].min(axis=1, initial=np.inf) - cost.min(axis=1)
            found[road] = rise
        return found

    def _convoys(self, road: Road, reduced: Floats) -> tuple[Floats, Ints]:
        """By slot and number of convoys of a road the least that they add; the columns looked at."""
        rows, fleets = self.rows, self.frame.problem.fleets
        slots = np.flatnonzero(rows.convoy[road.index] >= 0)
        convoys = np.arange(int(most_convoys(self.frame, road)) + 1)
        done = [rows.convoy[road.index][slots]]
        cost = convoys[None, :] * reduced[done[0]][:, None]
        for at_least, count, columns in rows.sent[road.index]:
            each = reduced[columns[slots]][:, None]
            done.append(columns[slots])
            cost = cost + np.where(each < 0, each * count, each * at_least * convoys[None, :])
        columns = np.array([rows.vehicles[road.index, fleet][slots] for fleet in road.fleets], dtype=np.int64)
        if columns.size:
            done += list(columns)
            each, number = np.minimum(reduced[columns], 0.0), np.array([fleets[f].vehicles for f in road.fleets])
            order = np.argsort(each, axis=0, kind="stable")
            each, upto = np.take_along_axis(each, order, 0), np.cumsum(number[order], axis=0)
            room = convoys[None, None, :] * vehicles_of_a_convoy(self.frame, road)
            taken = np.minimum(upto[:, :, None], room)
            taken = np.diff(taken, axis=0, prepend=0)
            cost = cost + (each[:, :, None] * taken).sum(axis=0)
        return cost, np.concatenate(done)


def master(frame: Frame, worth: Worth, groups: Groups, options: tuple[Option, ...]) -> Master:
    """The program without any path."""
    made = Master(frame=frame, program=Program(), rows=Rows(), options=options)
    fleets = _by_slot(made, frame.fleet_left)
    pools = _by_slot(made, frame.pool_left)
    _gates(made)
    _staging(made)
    for road in frame.roads:
        if road.first and (road.fleets or road.pools):
            _road(made, worth, road, fleets, pools)
    _flights(made, groups, pools)
    means, turn = np.unique([option.mean for option in options], return_inverse=True)
    made.turn = [int(at) for at in turn]
    made.late_points = worth.points["last_departure_hours"] * np.diff(means, prepend=0.0) / 60
    made.late = made.program.add_columns(made.late_points, upper=1.0)
    return made


def _by_slot(made: Master, most: Ints) -> Ints:
    k = made.frame.slots
    return np.array([made.program.add_rows(k, upper=row.astype(float)) for row in most], dtype=np.int64).reshape(-1, k)


def _anyway(frame: Frame, stage: int, of: dict[str, int]) -> Ints:
    """Who is there without any step of the plan: where they are too many, they are the limit."""
    there = np.zeros((len(of), frame.slots), dtype=np.int64)
    for unit in frame.units:
        if unit.stage == stage:
            first, last = frame.touched(unit.from_minute, frame.end)
            there[of[unit.place], first:last] += unit.persons
    return there


def _gates(made: Master) -> None:
    frame, program, k = made.frame, made.program, made.frame.slots
    made.rows.through = _by_slot(made, np.array([post.through for post in frame.posts]).reshape(-1, k))
    for post in frame.posts:
        for i, (_, _, most) in enumerate(post.windows):
            made.rows.windows[post.index, i] = int(program.add_rows(1, upper=float(most))[0])
    holding = limits([gate.holding_persons_max for gate in frame.problem.gates], k)
    made.rows.holding = _by_slot(made, np.maximum(holding, _anyway(frame, 1, frame.gate_of)))


def _staging(made: Master) -> None:
    frame, program, k = made.frame, made.program, made.frame.slots
    most = limits([staging.beds for staging in frame.problem.stagings], k)
    made.rows.beds = _by_slot(made, np.maximum(most, _anyway(frame, 3, frame.staging_of)))
    queues, anyway = waiting_limits(frame), np.zeros((len(frame.problem.stations), k), dtype=np.int64)
    for unit in frame.units:
        for member in unit.members if unit.stage == 3 else ():
            minute = unit.from_minute
            for visit in frame.problem.parties[member].visits:
                row = frame.station_of.get((unit.place, visit.service))
                if row is None:
                    break
                if minute < frame.end:
                    anyway[row, minute // frame.slot] += visit.persons * frame.problem.stations[row].minutes_per_person
                minute += frame.problem.stations[row].promised_minutes
    stations = []
    for row in range(len(frame.problem.stations)):
        able = frame.service_minutes[row]
        queue = np.maximum(queues[row], waiting(anyway[row], able))
        wait = program.add_columns(np.zeros(k), upper=queue.astype(float))
        rows = program.add_rows(k, upper=able.astype(float))
        program.put(rows, wait, -1.0)
        program.put(rows[1:], wait[:-1], 1.0)
        stations.append(rows)
    made.rows.stations = np.array(stations, dtype=np.int64).reshape(-1, k)


def _road(made: Master, worth: Worth, road: Road, fleet_rows: Ints, pool_rows: Ints) -> None:
    """Convoys, vehicles and escorts of an approach, bound to fleets and pools, with rows for the places in them."""
    frame, program, k = made.frame, made.program, made.frame.slots
    fleets, opens = frame.problem.fleets, np.flatnonzero(road.opens)
    spans = [np.arange(max(0, int(s) - road.before), min(k, int(s) + road.after)) for s in opens]
    widths = np.array([len(span) for span in spans], dtype=np.int64)
    slots = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)
    whole = np.full(k, -1, dtype=np.int64)
    convoy = whole.copy()
    convoy[opens] = program.add_columns(np.zeros(len(opens)), upper=most_convoys(frame, road))
    made.rows.convoy[road.index] = convoy
    if road.fleets:
        led = program.add_rows(len(opens), upper=0.0)
        made.rows.within.append(led)
        program.put(led, convoy[opens], -float(vehicles_of_a_convoy(frame, road)))
        places = np.array([program.add_rows(k, upper=0.0) for _ in PLACES])
        made.rows.places[road.index] = places
        for fleet in road.fleets:
            cost = worth.points["cost"] * fleets[fleet].cost_per_trip
            vehicles = whole.copy()
            vehicles[opens] = program.add_columns(np.full(len(opens), cost), upper=float(fleets[fleet].vehicles))
            made.rows.vehicles[road.index, fleet] = vehicles
            program.put(fleet_rows[fleet][slots], np.repeat(vehicles[opens], widths), 1.0)
            program.put(led, vehicles[opens], 1.0)
            for row, name in zip(places, ("seats", "stretchers", "wheelchairs"), strict=True):
                program.put(row[opens], vehicles[opens], -float(getattr(fleets[fleet], name)))
    made.rows.ratios[road.index], made.rows.sent[road.index] = [], []
    for pool in dict.fromkeys(pool for pool, _ in road.pools):
        rules = [rule for other, rule in road.pools if other == pool]
        sent = program.add_columns(np.zeros(len(opens)), upper=float(frame.problem.pools[pool].count))
        program.put(pool_rows[pool][slots], np.repeat(sent, widths), 1.0)
        by_slot = whole.copy()
        by_slot[opens] = sent
        most_at_once = frame.problem.pools[pool].count
        made.rows.sent[road.index].append((max(rule.at_least for rule in rules), most_at_once, by_slot))
        for rule in rules:
            if rule.at_least:
                least = program.add_rows(len(opens), upper=0.0)
                program.put(least, convoy[opens], float(rule.at_least))
                program.put(least, sent, -1.0)
                made.rows.within.append(least)
            if rule.per:
                ratio = whole.copy()
                ratio[opens] = program.add_rows(len(opens), upper=0.0)
                program.put(ratio[opens], sent, -float(rule.per))
                made.rows.ratios[road.index].append((COUNTED.index(rule.of), ratio, road.pools.index((pool, rule))))


def vehicles_of_a_convoy(frame: Frame, road: Road) -> int:
    """How many vehicles one convoy could have."""
    most = sum(frame.problem.fleets[fleet].vehicles for fleet in road.fleets)
    return most if road.leg.vehicles_max is None else min(most, road.leg.vehicles_max)


def most_convoys(frame: Frame, road: Road) -> float:
    """How many convoys could leave in one slot: no more than escorts for them, no more than vehicles."""
    most = [frame.problem.pools[pool].count // rule.at_least for pool, rule in road.pools if rule.at_least]
    most.append(sum(frame.problem.fleets[fleet].vehicles for fleet in road.fleets) if road.fleets else 1)
    return float(min(most))


def _flights(made: Master, groups: Groups, pool_rows: Ints) -> None:
    """Places, shares, offers and escorts of every option; of one flight one option at most."""
    frame, program, options, rows = made.frame, made.program, made.options, made.rows
    count = len(options)
    chosen = np.full(count, -1, dtype=np.int64)
    by_flight: dict[int, list[int]] = {}
    for o, option in enumerate(options):
        by_flight.setdefault(option.flight, []).append(o)
    for those in by_flight.values():
        if len(those) > 1:
            chosen[those] = program.add_columns(np.zeros(len(those)), upper=1.0)
            one = program.add_rows(1, upper=1.0)
            rows.within.append(one)
            program.put(np.repeat(one, len(those)), chosen[those], 1.0)
            rows.choices.append(chosen[those])

    def limit(most: Floats) -> Ints:
        found = program.add_rows(count, upper=np.where(chosen < 0, most, 0.0))
        program.put(found[chosen >= 0], chosen[chosen >= 0], -most[chosen >= 0])
        return found

    flights = [frame.problem.flights[option.flight] for option in options]
    seats = np.array([float(f.seats + f.overbooked_seats_max) for f in flights])
    others = [np.array([float(f.stretchers) for f in flights]), np.array([float(f.wheelchairs) for f in flights])]
    rows.flight_places = np.array([limit(most) for most in (seats, *others)]).reshape(3, count)
    rows.share = np.full(count, -1, dtype=np.int64)
    shared = [o for o, f in enumerate(flights) if f.own_percent_min]
    rows.share[shared] = program.add_rows(len(shared), upper=0.0)
    rows.free = np.full(count, -1, dtype=np.int64)
    for o, f in enumerate(flights):
        kept = sum(offer.seats for offer in f.offers if offer.answer != "declined")
        if kept:
            rows.free[o] = program.add_rows(1, upper=max(0.0, float(f.seats + f.overbooked_seats_max - kept)))[0]
    for o, option in enumerate(options):
        pools = frame.runs[option.flight].pools
        first, last = frame.touched(option.earliest, option.latest + flights[o].escorts_back_minutes)
        for pool in dict.fromkeys(pool for pool, rule in pools if rule.per):
            sent = program.add_columns(np.zeros(1), upper=float(frame.problem.pools[pool].count))
            program.put(pool_rows[pool][first:last], np.repeat(sent, last - first), 1.0)
            for other, rule in pools:
                if other == pool and rule.per:
                    row = int(program.add_rows(1, upper=0.0)[0])
                    program.put([row], sent, -float(rule.per))
                    at = pools.index((other, rule))
                    rows.ratios_of_flight.setdefault(o, []).append((COUNTED.index(rule.of), row, at))
                    rows.sent_of_flight[o, at] = int(sent[0])


def loaded(made: Master) -> highspy.Highs:
    """HiGHS with the program in it."""
    highs = made.program.loaded()
    highs.setOptionValue("presolve", "off")
    return highs
