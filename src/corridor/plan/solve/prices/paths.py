"""Which path is cheapest for every group at given prices? From the origin to the flight, hour by hour, all at once.

A path leaves in a slot, crosses in a slot, leaves the hall in a slot, and takes an option of a flight; people may wait
before the gate and in the hall as long as they like. Costs are points a head. What is not known exactly is taken as it
is cheapest, so that no plan has a cheaper path than the one found: the bound needs that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.plan.solve.frame import Floats, Frame, Ints, Road
from corridor.plan.solve.prices.charging import Charges
from corridor.plan.solve.prices.groups import COUNTED, Groups, Kind, gates_of
from corridor.plan.solve.prices.master import PLACES, Master
from corridor.plan.solve.prices.permits import in_time
from corridor.plan.solve.worth import Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What a group does; -1 where it takes no such step. `points` a head, without any price."""

    group: int
    road: int = -1
    leaves: int = -1
    gate: int = -1
    crosses: int = -1
    transfer: int = -1
    moves: int = -1
    begins: int = -1
    option: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Of groups of one kind the least points a head, and by gate, group and slot those of crossing there then."""

    groups: Ints
    least: Floats
    gates: Ints
    costs: Floats


NOBODY = np.zeros(0, dtype=np.int64)
NO_COSTS = np.zeros((0, 0, 0))


class Pricing:
    """The prices of one moment, and the paths that are cheapest at them."""

    def __init__(
        self,
        frame: Frame,
        worth: Worth,
        groups: Groups,
        made: Master,
        prices: Floats,
        charges: Charges | None = None,
    ) -> None:
        self.frame, self.worth, self.groups, self.made, self.prices = frame, worth, groups, made, prices
        self.charges = charges or Charges()
        self.counts = np.array([group.counts for group in groups.groups]).reshape(-1, len(COUNTED))
        self.weight = np.array([group.weight for group in groups.groups])
        self.over = np.array([group.crossing for group in groups.groups]).reshape(-1, len(COUNTED))
        self.over_weight = np.array([group.crossing_weight for group in groups.groups])
        self.part = np.array([group.part for group in groups.groups])
        kinds = np.array([group.kind for group in groups.groups], dtype=np.int64)
        self.of_kind = [np.flatnonzero(kinds == k) for k in range(len(groups.kinds))]
        self._surcharges: dict[int, tuple[Floats, Ints]] = {}
        self._order()
        self._beds()

    def _order(self) -> None:
        """Options of each staging place by when people must be ready, and what they cost each group."""
        frame, made, prices = self.frame, self.made, self.prices
        rows, points, options = made.rows, self.worth.points, made.options
        patterns = np.array([group.pattern for group in self.groups.groups], dtype=np.int64)
        each = np.zeros((len(options), len(COUNTED)))
        for place, kind in zip(rows.flight_places, PLACES, strict=True):
            each[:, kind] += prices[place]
        for o, those in rows.ratios_of_flight.items():
            for kind, row, _ in those:
                each[o, kind] += prices[row]
        share = np.where(rows.share >= 0, prices[rows.share], 0.0)
        free = np.where(rows.free >= 0, prices[rows.free], 0.0)
        flights = [frame.problem.flights[option.flight] for option in options]
        percent = np.array([f.own_percent_min / 100 for f in flights])
        credit = np.array([0.0 if f.optional else points["empty_seats"] for f in flights])
        mean = np.array([option.mean / 60 for option in options])
        groups = self.groups
        costs = points["staging_person_hours"] * self.weight[:, None] * mean[None, :] + self.counts @ each.T
        costs -= self.counts[:, 1:2] * credit[None, :]
        costs += free[None, :] * (self.counts[:, 1:2] - groups.offered[patterns])
        costs += share[None, :] * (percent[None, :] - groups.own[patterns])
        costs += groups.points[patterns, :-2]
        for choice, departures in self.charges.late.items():
            late = np.zeros(len(made.late))
            for at, price in departures:
                late[at] += price
            due = np.cumsum(late)[made.turn]
            for g in groups.of_choice(choice):
                costs[g] += due / groups.groups[g].persons
        for choice, escorted in self.charges.escorts.items():
            for g in groups.of_choice(choice):
                for o, at, price in escorted:
                    kind = next(kind for kind, _, rule in rows.ratios_of_flight[o] if rule == at)
                    costs[g, o] += price / groups.groups[g].persons * (self.counts[g, kind] > 0)
        costs[groups.takes[patterns] == 0] = np.inf
        self.stays_behind = points["staging_person_hours"] * self.weight * frame.left_hours
        self.stays_behind = self.stays_behind + groups.points[patterns, -2]
        self.stays_in_danger = groups.points[patterns, -1]
        self.costs = costs

    def _beds(self) -> None:
        """By staging place, the options from it in order, with the beds up to departure in their costs."""
        frame, options = self.frame, self.made.options
        rows = self.made.rows.beds
        self.bed_sum = np.concatenate((np.zeros((len(rows), 1)), np.cumsum(self.prices[rows], axis=1)), axis=1)
        self.there: dict[int, Ints] = {}
        self.ready: dict[int, Ints] = {}
        self.latest: dict[int, Ints] = {}
        self.flown: dict[int, Floats] = {}
        self.onward: dict[int, Floats] = {}
        for name, row in frame.staging_of.items():
            those = [o for o, option in enumerate(options) if option.staging == name]
            those.sort(key=lambda o: (options[o].ready_until, o))
            self.there[row] = np.array(those, dtype=np.int64)
            self.ready[row] = np.array([options[o].ready_until for o in those], dtype=np.int64)
            self.latest[row] = np.array([options[o].latest for o in those], dtype=np.int64)
            ends = [self.bed_until(o) for o in those]
            priced = self.costs[:, those] + self.bed_sum[row][ends][None, :]
            self.flown[row] = np.concatenate((priced, np.full((len(priced), 1), np.inf)), axis=1)
            self.onward[row] = np.minimum.accumulate(self.flown[row][:, ::-1], axis=1)[:, ::-1]

    def bed_until(self, option: int) -> int:
        """The slot before which the bed is free again; where nobody need wait in it, the least it could be."""
        one = self.made.options[option]
        up = 0 if one.ready_until == one.latest else self.frame.slot - 1
        return min(self.frame.slots, max(0, one.latest + up) // self.frame.slot)

    # Behind the gate

    def lag(self, kind: Kind, staging: int) -> int | None:
        """Minutes from the first visit's beginning until all are done; None: a station is missing there."""
        problem, place = self.frame.problem, str(self.frame.problem.stagings[staging].id)
        longest = 0
        for services in kind.services:
            rows = [self.frame.station_of.get((place, service)) for service in services]
            if None in rows:
                return None
            longest = max(longest, sum(problem.stations[r].promised_minutes for r in rows if r is not None))
        return longest

    def visits(self, groups: Ints, kind: Kind, staging: int, minutes: Ints) -> Floats:
        """By group and minute: what the stations charge a head for visits that begin then."""
        frame = self.frame
        found = np.zeros((len(groups), len(minutes)))
        place = str(frame.problem.stagings[staging].id)
        for p, services in enumerate(kind.services):
            later = np.zeros(len(minutes), dtype=np.int64)
            for v, service in enumerate(services):
                row = frame.station_of[place, service]
                station = frame.problem.stations[row]
                charged = np.append(self.prices[self.made.rows.stations[row]], 0.0)
                slots = np.minimum((minutes + later) // frame.slot, frame.slots)
                work = np.array([self.groups.groups[g].work[p][v] for g in groups]) * station.minutes_per_person
                found += work[:, None] * charged[slots][None, :]
                later = later + station.promised_minutes
        return found

    def from_staging(self, groups: Ints, kind: Kind, staging: int, minutes: Ints, before: int | None = None) -> Floats:
        """By group and minute of arriving (in order): the least from there on, without the bed paid from then.

        With `before` only options whose latest departure is not after it."""
        lag = self.lag(kind, staging)
        if lag is None:
            return np.full((len(groups), len(minutes)), np.inf)
        if not self.frame.problem.stagings[staging].visits_wait or not any(kind.services):
            begins = minutes
        else:
            # Later visits begin with a slot; in the slot of arriving they begin at once.
            begins = np.unique(np.concatenate((minutes, np.arange(self.frame.slots) * self.frame.slot)))
            begins = begins[begins >= minutes[0]]
        flown = self.by_flight(groups, staging, begins + lag, before)
        if any(kind.services):
            flown = flown + self.visits(groups, kind, staging, begins)
        if begins is minutes:
            return flown
        best = np.minimum.accumulate(flown[:, ::-1], axis=1)[:, ::-1]
        return best[:, np.searchsorted(begins, minutes)]

    def by_flight(self, groups: Ints, staging: int, ready: Ints, before: int | None) -> Floats:
        """By group and minute of being ready: the cheapest flight, its bed up to departure paid from the start on."""
        at = np.searchsorted(self.ready[staging], ready)
        if before is None:
            return self.onward[staging][groups][:, at]
        latest = self.latest[staging]
        in_time = np.flatnonzero(latest <= before)
        found = np.full((len(groups), len(ready)), np.inf)
        stop = int(in_time[-1]) + 1 if in_time.size else 0
        if at[0] < stop:
            part = self.flown[staging][groups, at[0] : stop]
            part = np.where(latest[at[0] : stop] <= before, part, np.inf)
            part = np.minimum.accumulate(part[:, ::-1], axis=1)[:, ::-1]
            good = at < stop
            found[:, good] = part[:, at[good] - at[0]]
        return found

    def behind(self, groups: Ints, kind: Kind, gate: int) -> Floats:
        """By group and slot of crossing: the least from the hall on, permits that run from crossing with it."""
        frame = self.frame
        k = frame.slots
        through = frame.posts[gate].gate.through_minutes
        firsts = np.minimum(-(-(np.arange(k) * frame.slot + through) // frame.slot), k)
        best = np.repeat(self.stays_behind[groups][:, None], k, axis=1)
        permit = kind.permit_minutes
        parts = np.array([self.groups.groups[g].breach for g in groups]) * self.worth.points["permit_breaches"]
        limited = permit is not None and bool((parts > 0).any())
        kept = np.full((len(groups), k), np.inf)
        if limited and permit is not None:
            kept[:, np.arange(k) * frame.slot + permit >= frame.end] = 0.0
            kept = kept + self.stays_behind[groups][:, None]
        for road in frame.transfers.get(str(frame.problem.gates[gate].id), ()):
            staging = frame.staging_of[str(road.leg.target)]
            moves = np.flatnonzero(road.opens)
            if not moves.size:
                continue
            arrives = moves * frame.slot + road.leg.minutes
            bed = self.bed_sum[staging][np.minimum(arrives // frame.slot, k)]
            reached = self.from_staging(groups, kind, staging, arrives) - bed[None, :]
            onward = np.minimum.accumulate(reached[:, ::-1], axis=1)[:, ::-1]
            onward = np.concatenate((onward, np.full((len(groups), 1), np.inf)), axis=1)
            at = np.searchsorted(moves, firsts)
            best = np.minimum(best, onward[:, at])
            if limited and permit is not None:
                in_time(self, groups, kind, gate, staging, permit, at, arrives, bed, kept)
        if limited:
            best = np.minimum(best + parts[:, None], kept)
        return best

    # Up to the crossing

    def convoy_prices(self, road: Road) -> Floats:
        """By what is counted and slot: the price of one more aboard."""
        rows, found = self.made.rows, np.zeros((len(COUNTED), self.frame.slots))
        if road.index in rows.places:
            for place, kind in zip(rows.places[road.index], PLACES, strict=True):
                found[kind] += self.prices[place]
        for kind, ratio, _ in rows.ratios.get(road.index, ()):
            found[kind] += np.where(ratio >= 0, self.prices[np.maximum(ratio, 0)], 0.0)
        return found

    def left(self, groups: Ints, kind: Kind, road: Road) -> tuple[Ints, Floats]:
        """The slots in which they may leave on the road; by group and slot, points until arriving before the gate, less
        the danger there from the start on, and with the holding paid from then."""
        frame = self.frame
        leaves = np.flatnonzero(road.opens)
        leaves = leaves[leaves >= kind.first_slot]
        arrives = leaves * frame.slot + road.leg.minutes
        leaves, arrives = leaves[arrives < frame.end], arrives[arrives < frame.end]
        gate = frame.gate_of[str(road.leg.target)]
        here, at_gate = frame.danger_of[kind.place], frame.posts[gate].danger_hours
        hours = here[leaves * frame.slot] + road.ride_hours[leaves] - at_gate[arrives]
        points = self.worth.points["danger_person_hours"] * self.over_weight[groups][:, None] * hours[None, :]
        points += self.over[groups] @ self.convoy_prices(road)[:, leaves]
        held = self.held[gate][np.minimum(arrives // frame.slot, frame.slots)]
        points -= self.over[groups, :1] * held[None, :]
        at = np.full(frame.slots, -1, dtype=np.int64)
        at[leaves] = np.arange(len(leaves))
        lots = np.array([self.groups.groups[g].lot for g in groups], dtype=np.int64)
        for lot in np.unique(lots):
            mine = np.flatnonzero(lots == lot)
            for slot, counted, price in self.charges.lots.get((int(lot), road.index), ()):
                if at[slot] >= 0:
                    each = self.part[groups[mine]] if counted == 0 else self.over[groups[mine], max(0, counted)]
                    points[mine, at[slot]] += price * each
        return leaves, points

    def reached(self, groups: Ints, kind: Kind, gate: int) -> Floats:
        """By group and slot: the least of being before the gate by the beginning of the slot."""
        frame = self.frame
        if kind.stage == 1:
            return np.zeros((len(groups), frame.slots))
        best = np.full((len(groups), frame.slots), np.inf)
        alone, heads = best.copy(), self.over[groups, :1]
        for road in frame.approaches.get(kind.place, ()):
            if frame.gate_of[str(road.leg.target)] != gate:
                continue
            leaves, points = self.left(groups, kind, road)
            first = -(-(leaves * frame.slot + road.leg.minutes) // frame.slot)
            good = first < frame.slots
            leaves, first, points = leaves[good], first[good], points[:, good]
            if not first.size:
                continue
            also, upto = self.surcharge(road)
            for j in np.flatnonzero(upto[leaves] > first):
                span = slice(int(first[j]), int(upto[leaves[j]]))
                charged = points[:, j : j + 1] + heads * also[leaves[j], span][None, :]
                alone[:, span] = np.minimum(alone[:, span], charged)
            # From there on what is charged is the same for every slot of crossing.
            begins_at = np.maximum(first, upto[leaves])
            later = np.flatnonzero(begins_at < frame.slots)
            later = later[np.argsort(begins_at[later], kind="stable")]
            if later.size:
                at, begins = np.unique(begins_at[later], return_index=True)
                points = points[:, later] + heads * also[leaves[later], begins_at[later]][None, :]
                best[:, at] = np.minimum(best[:, at], np.minimum.reduceat(points, begins, axis=1))
        found: Floats = np.minimum(alone, np.minimum.accumulate(best, axis=1))
        return found

    def surcharge(self, road: Road) -> tuple[Floats, Ints]:
        """What rules charge for crossing after leaving, as `Charges.crossings` has it."""
        if road.index not in self._surcharges:
            self._surcharges[road.index] = self.charges.crossings(self.frame, road)
        return self._surcharges[road.index]

    def crossed(self, groups: Ints, kind: Kind, gate: int) -> Floats:
        """By group and slot: points of crossing then, all before and behind it as cheap as can be."""
        found: Floats = self.onward_from(groups, kind, gate) + self.reached(groups, kind, gate)
        return found

    def onward_from(self, groups: Ints, kind: Kind, gate: int) -> Floats:
        """By group and slot: points of crossing then and of all behind it, without the way there."""
        frame, points, rows = self.frame, self.worth.points, self.made.rows
        slots = np.arange(frame.slots)
        minutes = slots * frame.slot
        post = frame.posts[gate]
        over = (
            points["danger_person_hours"] * post.danger_hours[minutes] - points["staging_person_hours"] * minutes / 60
        )
        paid = self.prices[rows.through[gate]].copy()
        for i, (first, last, _) in enumerate(post.windows):
            paid[first:last] += self.prices[rows.windows[gate, i]]
        if kind.stage == 0:
            paid += self.held[gate][slots]
        found: Floats = self.over_weight[groups][:, None] * over[None, :]
        found = found + self.over[groups, :1] * paid[None, :] + self.told(groups, minutes)
        rear: Floats = self.rear[gate, kind.services, kind.permit_minutes]
        found += rear[self.turn[groups]]
        open_for = (slots >= kind.cross_slot) & (slots <= kind.last_slot) & (post.through > 0)
        found[:, ~open_for] = np.inf
        return found

    def told(self, groups: Ints, minutes: Ints) -> Floats:
        """By group and slot of crossing: points for crossing at another minute than announced."""
        found = np.zeros((len(groups), len(minutes)))
        for i, g in enumerate(groups):
            for minute, each in self.groups.told.get(int(g), ()):
                found[i] += each * (minutes != minute)
        return found

    def run(self) -> list[Priced]:
        """The cheapest path of every group, and with it the cheapest crossing of each day: the best ones first."""
        frame, found = self.frame, []
        self.prepare()
        for kind, groups in zip(self.groups.kinds, self.of_kind, strict=True):
            if not groups.size:
                continue
            if kind.stage >= 2:
                found.append(Priced(groups=groups, least=self.standing(groups, kind), gates=NOBODY, costs=NO_COSTS))
                continue
            gates = gates_of(frame, kind)
            costs = np.array([self.crossed(groups, kind, gate) for gate in gates])
            least = self.staying(groups, kind)
            if gates:
                least = np.minimum(least, costs.min(axis=(0, 2)))
            found.append(Priced(groups=groups, least=least, gates=np.array(gates, dtype=np.int64), costs=costs))
        return found

    def prepare(self) -> None:
        """What is paid before gates from the start up to each slot; prices of parts; what is behind each gate."""
        rows = self.made.rows.holding
        sums = np.cumsum(self.prices[rows], axis=1)
        self.held = np.concatenate((np.zeros((len(rows), 1)), sums), axis=1)
        self.rear: dict[tuple[object, ...], Floats] = {}
        self.turn = np.zeros(len(self.groups.groups), dtype=np.int64)
        alike: dict[tuple[object, ...], list[int]] = {}
        for k, kind in enumerate(self.groups.kinds):
            if kind.stage <= 1:
                alike.setdefault((kind.services, kind.permit_minutes), []).append(k)
        for (services, permit), kinds in alike.items():
            groups = np.concatenate([self.of_kind[k] for k in kinds])
            self.turn[groups] = np.arange(len(groups))
            same: dict[object, Floats] = {}
            for gate in {gate for k in kinds for gate in gates_of(self.frame, self.groups.kinds[k])}:
                way = self._way_behind(gate)
                if way not in same:
                    same[way] = self.behind(groups, self.groups.kinds[kinds[0]], gate)
                self.rear[gate, services, permit] = same[way]

    def _way_behind(self, gate: int) -> object:
        """Gates of which this is the same have the same behind them."""
        post = self.frame.posts[gate]
        roads = self.frame.transfers.get(str(post.gate.id), ())
        ways = tuple((road.leg.target, road.leg.minutes, road.opens.tobytes()) for road in roads)
        return post.gate.through_minutes, (post.through > 0).tobytes(), ways

    def staying(self, groups: Ints, kind: Kind) -> Floats:
        """Points of staying in danger to the end and beyond."""
        frame = self.frame
        at = frame.danger_of[kind.place] if kind.stage == 0 else frame.posts[frame.gate_of[kind.place]].danger_hours
        hours = float(at[-1]) + frame.problem.objective.left_behind_minutes / 60
        told = np.array([sum(each for _, each in self.groups.told.get(int(g), ())) for g in groups])
        found: Floats = self.worth.points["danger_person_hours"] * self.over_weight[groups] * hours
        found += told + self.stays_in_danger[groups]
        return found

    def standing(self, groups: Ints, kind: Kind) -> Floats:
        """The least points of who stands behind the gate already."""
        frame, best = self.frame, self.stays_behind[groups]
        if kind.stage == 3:
            staging = frame.staging_of[kind.place]
            minutes = np.array([kind.from_minute])
            free = self.from_standing(groups, kind, staging, minutes)
            return np.minimum(best, free)
        for road in frame.transfers.get(kind.place, ()):
            staging = frame.staging_of[str(road.leg.target)]
            moves = np.flatnonzero(road.opens)
            moves = moves[moves * frame.slot >= kind.from_minute]
            if moves.size:
                arrives = moves * frame.slot + road.leg.minutes
                bed = self.bed_sum[staging][np.minimum(arrives // frame.slot, frame.slots)]
                found = self.from_staging(groups, kind, staging, arrives) - bed[None, :]
                best = np.minimum(best, found.min(axis=1))
        return best

    def from_standing(self, groups: Ints, kind: Kind, staging: int, minutes: Ints) -> Floats:
        """The least from staging on of who is there already: their beds and desks are theirs."""
        lag = self.lag(kind, staging)
        if lag is None:
            return np.full(len(groups), np.inf)
        at = int(np.searchsorted(self.ready[staging], minutes[0] + lag))
        costs = self.costs[groups][:, self.there[staging][at:]]
        return costs.min(axis=1) if costs.shape[1] else np.full(len(groups), np.inf)
