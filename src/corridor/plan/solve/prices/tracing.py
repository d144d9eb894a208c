"""Which way does the cheapest path go? Step by step for one group, at the prices of one moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.plan.solve.prices.groups import Kind
from corridor.plan.solve.prices.paths import Path, Pricing


@dataclass(frozen=True, slots=True)
class Tracing:
    """Paths at the prices of a `Pricing` that has been run."""

    priced: Pricing

    def path(self, group: int, gate: int, crosses: int) -> Path:
        """The cheapest path of a group that crosses there then."""
        kind, groups = self.priced.groups.kinds[self.priced.groups.groups[group].kind], np.array([group])
        road, leaves = -1, -1
        if kind.stage == 0:
            best = np.inf
            for one in self.priced.frame.approaches[kind.place]:
                if self.priced.frame.gate_of[str(one.leg.target)] == gate:
                    slots, points = self.priced.left(groups, kind, one)
                    points = (
                        points + self.priced.over[group, 0] * self.priced.surcharge(one)[0][slots, crosses][None, :]
                    )
                    points = np.where(
                        slots * self.priced.frame.slot + one.leg.minutes <= crosses * self.priced.frame.slot,
                        points,
                        np.inf,
                    )
                    if points.size and float(points.min()) < best:
                        best, road, leaves = float(points.min()), one.index, int(slots[int(points.argmin())])
        hall = crosses * self.priced.frame.slot + self.priced.frame.posts[gate].gate.through_minutes
        place = str(self.priced.frame.problem.gates[gate].id)
        transfer, moves, begins, option = self.path_behind(group, kind, place, hall, crosses * self.priced.frame.slot)
        return Path(
            group=group,
            road=road,
            leaves=leaves,
            gate=gate,
            crosses=crosses,
            transfer=transfer,
            moves=moves,
            begins=begins,
            option=option,
        )

    def path_behind(
        self, group: int, kind: Kind, place: str, hall: int, crossed: int | None
    ) -> tuple[int, int, int, int]:
        """Transfer, its slot, the minute of the first visit and the option of the cheapest way on from the hall."""
        frame, groups = self.priced.frame, np.array([group])
        one = self.priced.groups.groups[group]
        permit = kind.permit_minutes if crossed is not None else None
        breach = one.breach * self.priced.worth.points["permit_breaches"]
        until = None if permit is None or crossed is None or not breach else crossed + permit
        best, found = float(self.priced.stays_behind[group]), (-1, -1, -1, -1)
        if until is not None and frame.end > until:
            best += breach
        for road in frame.transfers.get(place, ()):
            staging = frame.staging_of[str(road.leg.target)]
            lag = self.priced.lag(kind, staging)
            slots = np.flatnonzero(road.opens)
            slots = slots[slots * frame.slot >= hall]
            if lag is None or not slots.size:
                continue
            arrives = slots * frame.slot + road.leg.minutes
            bed = self.priced.bed_sum[staging][np.minimum(arrives // frame.slot, frame.slots)]
            for before in (None, until) if until is not None else (None,):
                costs = self.priced.from_staging(groups, kind, staging, arrives, before)[0] - bed
                if until is not None and before is None:
                    costs = costs + breach
                # Of equally cheap transfers the last: beds are then taken no longer than needed.
                at = len(costs) - 1 - int(costs[::-1].argmin())
                if costs[at] < best - 1e-9:
                    best = float(costs[at])
                    found = (road.index, int(slots[at]), *self._flight(group, kind, staging, int(arrives[at]), before))
        return found

    def _flight(self, group: int, kind: Kind, staging: int, arrives: int, before: int | None) -> tuple[int, int]:
        """The minute of the first visit and the option, of who arrives in staging at a minute."""
        lag = self.priced.lag(kind, staging) or 0
        begins = np.array([arrives])
        if self.priced.frame.problem.stagings[staging].visits_wait and any(kind.services):
            later = np.arange(arrives // self.priced.frame.slot + 1, self.priced.frame.slots) * self.priced.frame.slot
            begins = np.concatenate((begins, later))
        groups = np.array([group])
        costs = self.priced.by_flight(groups, staging, begins + lag, before)[0]
        if any(kind.services):
            costs = costs + self.priced.visits(groups, kind, staging, begins)[0]
        minute = int(begins[int(costs.argmin())])
        at = int(np.searchsorted(self.priced.ready[staging], minute + lag))
        flown = self.priced.flown[staging][group, at:-1]
        if before is not None:
            flown = np.where(self.priced.latest[staging][at:] <= before, flown, np.inf)
        return minute, int(self.priced.there[staging][at + int(flown.argmin())])

    def standing_path(self, group: int) -> Path:
        """The cheapest path of a group that stands behind the gate already."""
        kind = self.priced.groups.kinds[self.priced.groups.groups[group].kind]
        if kind.stage == 2:
            transfer, moves, begins, option = self.path_behind(group, kind, kind.place, kind.from_minute, None)
            return Path(group=group, transfer=transfer, moves=moves, begins=begins, option=option)
        staging = self.priced.frame.staging_of[kind.place]
        lag = self.priced.lag(kind, staging)
        if lag is None:
            return Path(group=group)
        at = int(np.searchsorted(self.priced.ready[staging], kind.from_minute + lag))
        costs = self.priced.costs[group][self.priced.there[staging][at:]]
        if not costs.size or costs.min() >= self.priced.stays_behind[group]:
            return Path(group=group)
        return Path(
            group=group, begins=kind.from_minute, option=int(self.priced.there[staging][at + int(costs.argmin())])
        )
