"""Below what is no plan, whatever it does? A proof from prices, exact for every unit.

Take any prices of the capacities. Let every unit choose its cheapest way, paying for what it uses; let every convoy,
vehicle and escort run as is cheapest at those prices; take off what all capacities together earn. No feasible plan is
worth less (weak duality). The prices come from the flow, whose averages they do not depend on: sizes are exact here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.plan.solve.flows.classes import COUNTED, Classes, Crossing
from corridor.plan.solve.flows.flow import PLACE_KINDS, Flow, bed_slots
from corridor.plan.solve.frame import Floats, Frame, Ints, Road
from corridor.plan.solve.worth import Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A price for every row of the flow, with the sign its bounds allow: a cost of one more unit of use is -`rows`."""

    rows: Floats


def clean(flow: Flow, row_prices: Floats) -> Prices:
    """Prices with right signs: none above zero on a row that only limits from above, none below on one from below."""
    lower = np.concatenate(flow.program.row_lower)
    upper = np.concatenate(flow.program.row_upper)
    rows = np.where(np.isinf(lower), np.minimum(row_prices, 0.0), row_prices)
    rows = np.where(np.isinf(upper), np.maximum(rows, 0.0), rows)
    return Prices(rows=rows)


def bound(frame: Frame, worth: Worth, of: Classes, flow: Flow, prices: Prices) -> float:
    """A value that no plan of the problem goes below; the flow is one that is not `prompt`."""
    assert not flow.prompt, "a plan may have people wait in the hall"
    total = capacities_earn(flow, prices)
    for crossing in of.crossing:
        total += float(cheapest(frame, worth, of, flow, prices, crossing).sum())
    return total + fixed(frame, worth)


def fixed(frame: Frame, worth: Worth) -> float:
    """Points that every plan has: the seats of flights that fly in any case, less what escorts and offers may take."""
    total = 0.0
    for run in frame.runs:
        flight = run.flight
        if flight.optional:
            total += worth.points["cost"] * min(flight.cost, flight.cancel_cost)
            continue
        total += worth.points["cost"] * flight.cost
        kept = sum(offer.seats for offer in flight.offers if offer.answer != "declined")
        escorts = sum(frame.problem.pools[pool].count for pool, rule in run.pools if rule.takes_seat)
        total += worth.points["empty_seats"] * max(0, flight.seats - kept - escorts)
    return total


def capacities_earn(flow: Flow, prices: Prices) -> float:
    """What rows and the columns that belong to no unit (convoys, vehicles, escorts, who is there) add to the bound."""
    program = flow.program
    lower, upper = np.concatenate(program.row_lower), np.concatenate(program.row_upper)
    shared, nobodys = flow.shared()
    rows = np.where(shared, prices.rows, 0.0)
    starts, columns, values = program.matrix()
    along = np.repeat(rows, np.diff(starts))
    earned = np.bincount(columns, weights=values * along, minlength=program.columns)
    reduced = (np.concatenate(program.costs) - earned)[nobodys]
    least, most = np.concatenate(program.lower)[nobodys], np.concatenate(program.upper)[nobodys]
    reduced[np.abs(reduced) < 1e-11] = 0.0
    ends = np.where(reduced < 0, most, least)
    from_columns = float((reduced * np.where(reduced == 0, 0.0, ends)).sum())
    sides = np.where(rows < 0, upper, lower)
    from_rows = float((rows * np.where(rows == 0, 0.0, sides)).sum())
    return from_columns + from_rows


def cheapest(frame: Frame, worth: Worth, of: Classes, flow: Flow, prices: Prices, crossing: Crossing) -> Floats:
    """By unit of a crossing class: the points of its cheapest way at these prices."""
    units = np.array(crossing.units)
    persons = of.counts[units, 0]
    weighted = np.array([frame.units[u].weighted for u in units], dtype=np.float64)
    boards, behind = _flights(frame, worth, of, flow, prices, crossing, units, weighted)
    points = worth.points
    if crossing.stage >= 2:
        lags = of.lag[units] + np.array([frame.units[u].from_minute for u in units])
        least: Floats = behind[np.arange(len(units)), np.searchsorted(boards, lags)]
        return least
    stays = np.array([worth.way(u, None) for u in units])
    if crossing.stage == 1:
        gates = {frame.gate_of[crossing.place]: None}
    else:
        gates = {frame.gate_of[str(r.leg.target)]: None for r in frame.approaches.get(crossing.place, ())}
    least = stays
    for gate in gates:
        reached = _reach(frame, worth, of, flow, prices, crossing, gate, units, weighted)
        slots = np.arange(frame.slots)
        minutes = slots * frame.slot
        over = weighted[:, None] * (
            points["danger_person_hours"] * frame.posts[gate].danger_hours[minutes]
            - points["staging_person_hours"] * minutes / 60
        )
        rows = prices.rows
        paid = rows[flow.through[gate]].copy()
        for i, (first, last, _) in enumerate(frame.posts[gate].windows):
            paid[first:last] += rows[flow.windows[gate, i]]
        if crossing.stage == 0:
            paid += rows[flow.holding[gate][: frame.slots]]
        over = over - persons[:, None] * paid
        over += behind[:, np.searchsorted(boards, minutes + crossing.lag_minutes)]
        over += _told(frame, worth, units, minutes)
        open_for = (slots >= crossing.cross_slot) & (slots <= crossing.last_slot) & (frame.posts[gate].through > 0)
        total = np.where(open_for[None, :], reached + over, np.inf)
        least = np.minimum(least, total.min(axis=1))
    return least


def _reach(
    frame: Frame,
    worth: Worth,
    of: Classes,
    flow: Flow,
    prices: Prices,
    crossing: Crossing,
    gate: int,
    units: Ints,
    weighted: Floats,
) -> Floats:
    """By unit and slot: the least points of being before the gate by the beginning of the slot."""
    best = np.full((len(units), frame.slots), np.inf)
    if crossing.stage == 1:
        return np.zeros_like(best)
    for road in frame.approaches.get(crossing.place, ()):
        if frame.gate_of[str(road.leg.target)] != gate:
            continue
        leaves = np.flatnonzero(road.opens)
        arrives = leaves * frame.slot + road.leg.minutes
        first = -(-arrives // frame.slot)
        good = (leaves >= crossing.first_slot) & (first < frame.slots)
        leaves, arrives, first = leaves[good], arrives[good], first[good]
        if not leaves.size:
            continue
        here, at_gate = frame.danger_of[crossing.place], frame.posts[gate].danger_hours
        hours = here[leaves * frame.slot] + road.ride_hours[leaves] - at_gate[arrives]
        points = worth.points["danger_person_hours"] * weighted[:, None] * hours[None, :]
        points = points - of.counts[units] @ _convoy_prices(frame, flow, prices, road)[:, leaves]
        if (crossing.index, road.index) in flow.parts:
            slots, rows = flow.parts[crossing.index, road.index]
            part = np.zeros(frame.slots)
            part[slots] = prices.rows[rows] / crossing.persons
            points = points - of.counts[units, :1] * part[leaves][None, :]
        points += of.counts[units, :1] * prices.rows[flow.holding[gate][: frame.slots][arrives // frame.slot]][None, :]
        # Slots are in order, so several convoys arriving for the same slot are next to each other.
        begins = np.flatnonzero(np.concatenate(([True], first[1:] != first[:-1])))
        at = first[begins]
        best[:, at] = np.minimum(best[:, at], np.minimum.reduceat(points, begins, axis=1))
    reached: Floats = np.minimum.accumulate(best, axis=1)
    return reached


def _convoy_prices(frame: Frame, flow: Flow, prices: Prices, road: Road) -> Floats:
    """By what is counted and slot: the price (as of rows) of one more aboard a convoy on this road."""
    found = np.zeros((len(COUNTED), frame.slots))
    if road.index not in flow.places:
        return found
    for rows, kind in zip(flow.places[road.index], PLACE_KINDS, strict=True):
        found[kind] += prices.rows[rows]
    for at, (_, rule) in enumerate(road.pools):
        if (road.index, at) in flow.ratio:
            rows = flow.ratio[road.index, at]
            found[COUNTED.index(rule.of)] += np.where(rows >= 0, prices.rows[np.maximum(rows, 0)], 0.0)
    return found


def _told(frame: Frame, worth: Worth, units: Ints, minutes: Ints) -> Floats:
    """By unit and slot of crossing: points for crossing at another minute than announced."""
    found = np.zeros((len(units), len(minutes)))
    for i, u in enumerate(units):
        for member in frame.units[u].members:
            told = frame.problem.parties[member].announced
            if told is not None and told.crosses_minute is not None:
                persons = frame.problem.parties[member].persons
                found[i] += worth.points["changes"] * persons * (minutes != told.crosses_minute)
    return found


def _flights(
    frame: Frame,
    worth: Worth,
    of: Classes,
    flow: Flow,
    prices: Prices,
    crossing: Crossing,
    units: Ints,
    weighted: Floats,
) -> tuple[Ints, Floats]:
    """The last minutes to be ready for each flight, in order; and by unit the least points of what is behind each of
    them: a flight that boards no earlier, or none at all (the last column)."""
    points, rows = worth.points, prices.rows
    order = sorted(range(len(frame.runs)), key=lambda i: (frame.runs[i].boards_until, i))
    order = [i for i in order if frame.runs[i].earliest < frame.end]
    boards = np.array([frame.runs[i].boards_until - frame.runs[i].ground_minutes for i in order], dtype=np.int64)
    sort = np.argsort(boards, kind="stable")
    order, boards = [order[i] for i in sort], boards[sort]
    costs = np.full((len(units), len(order) + 1), np.inf)
    costs[:, -1] = points["staging_person_hours"] * weighted * frame.left_hours
    multiple = len(frame.problem.stagings) > 1
    for j, i in enumerate(order):
        run = frame.runs[i]
        each = np.zeros(len(COUNTED))
        for place_rows, kind in zip(flow.flight_places, PLACE_KINDS, strict=True):
            each[kind] += rows[place_rows[i]]
        for at, (_, rule) in enumerate(run.pools):
            if (i, at) in flow.flight_ratio:
                each[COUNTED.index(rule.of)] += rows[flow.flight_ratio[i, at]]
        if not multiple and crossing.stage <= 2:
            begins, ends = bed_slots(frame, i)
            beds = flow.beds[frame.staging_of[run.staging]]
            each[0] += rows[beds[ends]] if ends < frame.slots else 0.0
            each[0] -= rows[beds[begins]] if begins < ends and begins < frame.slots else 0.0
        paid = points["staging_person_hours"] * weighted * run.mean / 60 - of.counts[units] @ each
        paid -= points["empty_seats"] * of.counts[units, 1]
        if i in flow.share:
            owed = of.own[units, i] - run.flight.own_percent_min / 100 * of.counts[units, 0]
            paid -= rows[flow.share[i]] * owed
        costs[:, j] = np.where(of.takes[units, i], paid, np.inf)
    for row, u in enumerate(units):
        _particular(frame, worth, costs[row], order, int(u))
    behind: Floats = np.minimum.accumulate(costs[:, ::-1], axis=1)[:, ::-1]
    return boards, behind


def _particular(frame: Frame, worth: Worth, costs: Floats, order: list[int], u: int) -> None:
    """Add what a party's own permit, announcement and wishes make of each flight."""
    points = worth.points
    for member in frame.units[u].members:
        party = frame.problem.parties[member]
        if party.permit_until_minute is None and party.announced is None and not party.prefers:
            continue
        for j, i in enumerate([*order, None]):
            run = None if i is None else frame.runs[i]
            until = party.permit_until_minute
            if until is not None and until < (run.latest if run else frame.end):
                costs[j] += points["permit_breaches"] * party.persons
            if run and party.prefers and run.flight.home not in party.prefers:
                costs[j] += points["against_wish"] * party.persons
            told = party.announced.flight if party.announced else None
            if told is not None and (run is None or run.flight.id != told):
                costs[j] += points["changes"] * party.persons
