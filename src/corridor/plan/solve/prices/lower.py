"""Below what is no plan? Prices are made better and better, paths are made as they ask, and each step gives a bound.

Column generation: the program of paths answers how the known paths share the capacities best, its prices say which
paths are missing. Prices on which paths are sought lie between the best so far and the newest, which keeps them from
leaping. Every set of prices gives a bound (weak duality), so that the work can end at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import highspy
import numpy as np

from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.prices.charging import WHO_CROSSES, Charges
from corridor.plan.solve.prices.columns import Columns, points_of, uses_of
from corridor.plan.solve.prices.cuts import NO_ROW, Cut, Cuts, Prices
from corridor.plan.solve.prices.groups import Groups, grouped
from corridor.plan.solve.prices.master import Master, loaded, master
from corridor.plan.solve.prices.options import Option, options_of
from corridor.plan.solve.prices.paths import Path, Priced, Pricing
from corridor.plan.solve.prices.places import priced_at_places
from corridor.plan.solve.prices.tracing import Tracing
from corridor.plan.solve.worth import Worth

NEAR = 0.6
"""Where between the newest prices (0) and the best so far (1) paths are sought."""
CLOSE = 1e-4
"""The share between bound and flow at which the prices are good enough."""
A_ROUND = 3
"""So many paths are made for a group in a round at most, of different days."""
BROKEN = 0.005
"""A rule for whole convoys is put in where it is broken by more than this share of a convoy."""
A_TIME = 2000
"""So many of these rules are put in at a time at most."""
AT_ONCE = 10_000
"""More groups than this are priced place by place, and their bound is not raised."""
TINY = 1e-9
"""A price below this is none: any prices give a bound, and capacities without a limit must cost nothing."""


@dataclass(slots=True)
class Lower:
    """The bound so far, its prices, and the flow: how much of each path is taken."""

    frame: Frame
    worth: Worth
    options: tuple[Option, ...]
    groups: Groups
    made: Master
    columns: Columns = field(default_factory=Columns)
    bound: float = -np.inf
    flow: float = np.inf
    prices: Floats = field(default_factory=lambda: np.zeros(0))
    cuts: Prices = field(default_factory=dict)
    cut_rows: dict[Cut, int] = field(default_factory=dict)
    rounds: int = 0


def prepared(frame: Frame, worth: Worth) -> Lower:
    """Everything but the prices."""
    options = options_of(frame)
    groups = grouped(frame, worth, options)
    return Lower(frame=frame, worth=worth, options=options, groups=groups, made=master(frame, worth, groups, options))


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
        escorts = sum(frame.problem.pools[pool].count for pool in {pool for pool, rule in run.pools if rule.takes_seat})
        total += worth.points["empty_seats"] * max(0, flight.seats - kept - escorts)
    return total


class Raising:
    """The work on one bound."""

    def __init__(self, lower: Lower, seeds: Iterable[Path] = ()) -> None:
        self.lower = lower
        made, groups = lower.made, lower.groups
        self.static = made.program.columns
        self.capacities = made.program.rows
        heads = np.array([float(group.persons) for group in groups.groups])
        self.heads = heads
        self.cuts = Cuts(lower.frame, groups, made)
        self.choice = np.array([group.choice for group in groups.groups], dtype=np.int64)
        self.besides = _left_behind(lower)
        self.convex = made.program.add_rows(groups.choices, lower=1.0, upper=1.0)
        self.highs = loaded(made)
        self.fixed = fixed(lower.frame, lower.worth)
        lower.prices = np.zeros(self.capacities)
        self.first: tuple[Pricing, list[Priced]] | None = None
        self.add([Path(group=group.index) for group in groups.groups])
        self.add(seeds)

    def add(self, paths: Iterable[Path]) -> int:
        """Put paths not yet known into the program; how many."""
        lower, columns = self.lower, self.lower.columns
        fresh = [path for path in dict.fromkeys(paths) if path not in columns.known]
        starts, index, values, costs = [0], [], [], []
        for path in fresh:
            points = points_of(lower.frame, lower.worth, lower.groups, lower.made, path)
            rows, uses = uses_of(lower.frame, lower.groups, lower.made, path)
            columns.known.add(path)
            columns.paths.append(path)
            columns.points.append(points)
            columns.rows.append(rows)
            columns.uses.append(uses)
            heads = float(self.heads[path.group])
            costs.append(points + float(self.besides[path.group]) / heads)
            there = [(lower.cut_rows[cut], much) for cut, much in self.cuts.of_path(path) if cut in lower.cut_rows]
            also = [int(self.convex[self.choice[path.group]]), *(row for row, _ in there)]
            index.append(np.concatenate((rows, also)))
            values.append(np.concatenate((uses, [1 / heads], [much for _, much in there])))
            starts.append(starts[-1] + len(index[-1]))
        if fresh:
            n = len(fresh)
            self.highs.addCols(
                n,
                np.array(costs),
                np.zeros(n),
                np.full(n, np.inf),
                starts[-1],
                np.array(starts[:-1], dtype=np.int32),
                np.concatenate(index).astype(np.int32),
                np.concatenate(values),
            )
        return len(fresh)

    def begin(self, prices: Floats, cuts: Prices) -> float:
        """The bound of known prices, and the paths that are cheapest at them; the bound."""
        lower = self.lower
        if len(lower.groups.groups) > AT_ONCE:
            found = self.at_places(prices, cuts, range(len(lower.groups.groups)))
        else:
            pricing = self.pricing(prices, cuts)
            found = pricing.run()
            self.first = (pricing, found)
        bound = self.bound_at(prices, cuts, found)
        if bound > lower.bound:
            lower.bound, lower.prices, lower.cuts = bound, prices, cuts
        return bound

    def at_places(self, prices: Floats, cuts: Prices, of: Iterable[int]) -> list[Priced]:
        """The least of these groups at these prices, place by place."""
        lower = self.lower
        return priced_at_places(lower.frame, lower.worth, lower.groups, lower.made, prices, charges(cuts), of)

    def pricing(self, prices: Floats, cuts: Prices) -> Pricing:
        """What paths cost at these prices."""
        lower = self.lower
        return Pricing(lower.frame, lower.worth, lower.groups, lower.made, prices, charges(cuts))

    def given_up(self) -> frozenset[int]:
        """Parties that others had better not wait for, were there room for everybody: their bonded ones go alone."""
        groups = self.lower.groups
        bonded = {group.choice for group in groups.groups if group.cross or group.stay}
        of = [group.index for group in groups.groups if group.choice in bonded]
        least: dict[int, tuple[float, int]] = {}
        for part in self.at_places(np.zeros(self.capacities), {}, of):
            for g, points in zip(part.groups, part.least, strict=True):
                if not groups.groups[g].cross:
                    total = float(self.heads[g] * points + self.besides[g])
                    choice = groups.groups[g].choice
                    least[choice] = min(least.get(choice, (np.inf, -1)), (total, int(g)))
        return frozenset(member for _, g in least.values() for member in groups.groups[g].stay)

    def run(self, stop: Callable[[], bool], told: Callable[[float], None] | None = None) -> None:
        """Raise the bound until it is close to the flow, or `stop` says so."""
        if self.first is not None:
            self.add(self.wanted(*self.first, np.full(len(self.heads), np.inf)))
            self.put(self.lower.cuts)
        lower, near = self.lower, NEAR
        while not stop():
            if not self.answer(stop):
                return
            lower.rounds += 1
            newest, cuts, own = self.priced()
            best = lower.prices if np.isfinite(lower.bound) else newest
            sought = near * best + (1 - near) * newest
            cuts_sought = {key: near * lower.cuts.get(key, 0.0) + (1 - near) * price for key, price in cuts.items()}
            if not np.isfinite(lower.bound):
                cuts_sought = cuts
            sought[sought < TINY] = 0.0
            cuts_sought = {key: price for key, price in cuts_sought.items() if price > TINY}
            pricing = self.pricing(sought, cuts_sought)
            found = pricing.run()
            bound = self.bound_at(sought, cuts_sought, found)
            better = bound > lower.bound
            if better:
                lower.bound, lower.prices, lower.cuts = bound, sought, cuts_sought
                if told is not None:
                    told(bound)
            if lower.flow + self.fixed - lower.bound <= CLOSE * abs(lower.bound) and not self.cut():
                return
            added = self.add(self.wanted(pricing, found, own)) + self.cut()
            if not added:
                if near == 0.0:
                    return
                near = 0.0
            else:
                near = NEAR

    def answer(self, stop: Callable[[], bool]) -> bool:
        """Answer the program; False: stopped before it was."""

        def interrupt(event: highspy.HighsCallbackEvent) -> None:
            if stop():
                event.interrupt()

        if not self.lower.rounds:
            self.highs.cbSimplexInterrupt.subscribe(interrupt)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        self.lower.flow = float(self.highs.getInfo().objective_function_value)
        return True

    def priced(self) -> tuple[Floats, Prices, Floats]:
        """Prices of capacities and of rules, and what a head of each group costs in the flow."""
        duals = np.array(self.highs.getSolution().row_dual)
        cuts = {cut: max(0.0, -float(duals[row])) for cut, row in self.lower.cut_rows.items()}
        own = (duals[self.convex][self.choice] - self.besides) / self.heads
        return np.maximum(0.0, -duals[: self.capacities]), cuts, own

    def bound_at(self, prices: Floats, cuts: Prices, found: list[Priced]) -> float:
        """What no plan goes below, by these prices."""
        total = self.lower.made.earned(prices, self.cuts.earned(cuts)) + self.fixed - cuts.get(Cut("without"), 0.0)
        return total + float(self.least(found).sum())

    def least(self, found: list[Priced]) -> Floats:
        """By choice the points of the cheapest that its parties can do."""
        least = np.full(self.lower.groups.choices, np.inf)
        for part in found:
            groups = part.groups
            np.minimum.at(least, self.choice[groups], self.heads[groups] * part.least + self.besides[groups])
        return least

    def wanted(self, pricing: Pricing, found: list[Priced], own: Floats) -> list[Path]:
        """Paths that cost less than their group pays in the flow: the cheapest of each day."""
        frame, tracing = self.lower.frame, Tracing(pricing)
        day = max(1, 24 * 60 // frame.slot)
        begins = np.arange(0, frame.slots, day)
        paths: list[Path] = []
        for part in found:
            if not part.gates.size:
                paths += [tracing.standing_path(int(g)) for g in part.groups]
                continue
            cheaper = np.flatnonzero(part.costs.min(axis=(0, 2)) < own[part.groups] - 1e-7)
            if not cheaper.size:
                continue
            costs = part.costs[:, cheaper, :]
            daily = np.minimum.reduceat(costs, begins, axis=2)
            for i, j in enumerate(cheaper):
                group = int(part.groups[j])
                order = np.argsort(daily[:, i, :], axis=None)[:A_ROUND]
                for flat in order:
                    at, d = divmod(int(flat), daily.shape[2])
                    if not np.isfinite(daily[at, i, d]) or daily[at, i, d] >= own[group]:
                        break
                    slot = int(begins[d]) + int(costs[at, i, begins[d] : begins[d] + day].argmin())
                    paths.append(tracing.path(group, int(part.gates[at]), slot))
        return paths

    def cut(self) -> int:
        """Rows of the rules for whole convoys that the flow breaks; how many."""
        lower = self.lower
        # Paths just added have no value yet.
        values = np.array(self.highs.getSolution().col_value)
        taken: dict[Cut, float] = {}
        for at in np.flatnonzero(values[self.static :] > 1e-6):
            for cut, much in self.cuts.of_path(lower.columns.paths[at]):
                taken[cut] = taken.get(cut, 0.0) + much * float(values[self.static + at])
        broken = []
        for cut, much in taken.items():
            if cut not in lower.cut_rows:
                columns = self.cuts.provided(cut)
                over = much - sum(float(values[column]) * each for column, each in columns)
                whole = max((each for _, each in columns), default=1.0)
                if over > whole * BROKEN:
                    broken.append((over / max(whole, 1e-9), cut))
        broken.sort(reverse=True)
        return self.put([cut for _, cut in broken[:A_TIME]])

    def put(self, cuts: Iterable[Cut]) -> int:
        """Put rows of these rules into the program; how many."""
        lower = self.lower
        wanted: dict[Cut, list[tuple[int, float]]] = {
            cut: [] for cut in cuts if cut not in lower.cut_rows and cut.what not in NO_ROW
        }
        for j, path in enumerate(lower.columns.paths if wanted else ()):
            for cut, much in self.cuts.of_path(path):
                if cut in wanted:
                    wanted[cut].append((self.static + j, much))
        for cut, entries in wanted.items():
            entries += [(column, -much) for column, much in self.cuts.provided(cut)]
            lower.cut_rows[cut] = self.highs.getNumRow()
            index = np.array([column for column, _ in entries], dtype=np.int32)
            self.highs.addRow(-np.inf, 0.0, len(index), index, np.array([much for _, much in entries]))
        return len(wanted)


def charges(cuts: Prices) -> Charges:
    """The prices of rules by what they are charged on."""
    found = Charges()
    for (what, of, road, slot, at), price in cuts.items():
        if what == "filled":
            found.lots.setdefault((of, road), []).append((slot, WHO_CROSSES, price))
        elif what == "part":
            found.lots.setdefault((of, road), []).append((slot, 0, price))
        elif what == "places":
            found.lots.setdefault((of, road), []).append((slot, at, price))
        elif what in ("led", "without"):
            continue
        elif what == "crossing":
            found.crossing.setdefault(road, []).append((slot, at, price))
        elif what == "waiting":
            found.waiting.setdefault(road, []).append((slot, price))
        elif what == "escort":
            found.escorts.setdefault(of, []).append((at, road, price))
        else:
            found.late.setdefault(of, []).append((at, price))
    return found


def _left_behind(lower: Lower) -> Floats:
    """By group the points at least of those who do not fly when it goes, but for their way up to the crossing. That
    nobody goes is a path of all of them."""
    groups, frame = lower.groups, lower.frame
    danger, staging = (lower.worth.points[goal] for goal in ("danger_person_hours", "staging_person_hours"))
    after = frame.problem.objective.left_behind_minutes / 60
    besides = np.zeros(len(groups.groups))
    for g, group in enumerate(groups.groups):
        for member in (*group.cross, *group.stay):
            unit = frame.unit((member,))
            if unit.stage >= 2 or member in group.cross:
                besides[g] += staging * unit.weighted * frame.left_hours
            else:
                here = (
                    frame.danger_of[unit.place]
                    if unit.stage == 0
                    else frame.posts[frame.gate_of[unit.place]].danger_hours
                )
                besides[g] += danger * unit.weighted * (float(here[-1]) + after)
    return besides
