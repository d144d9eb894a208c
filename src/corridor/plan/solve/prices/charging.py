"""What do rules for whole convoys and parties charge a path, at their prices?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corridor.plan.solve.frame import Floats, Frame, Ints, Road

WHO_CROSSES = -1
"""What is counted by a rule that is of heads who cross, where 0 is the part of a lot."""


@dataclass(slots=True)
class Charges:
    """Prices of rules that are no capacity (`cuts.py`), by what they are charged on.

    `lots` by lot and road: (slot of leaving, what is counted, price); 0 of what is counted is the part of the lot.
    `crossing` by road: (slot of leaving, of crossing, price); `waiting` by road: (slot of leaving, price) for who does
    not cross on arriving; `escorts` by choice: (option, which rule of its flight, price) for who flies then and counts
    for the rule; `late` by choice: (turn of a departure, price) for who flies then or later.
    """

    lots: dict[tuple[int, int], list[tuple[int, int, float]]] = field(default_factory=dict)
    crossing: dict[int, list[tuple[int, int, float]]] = field(default_factory=dict)
    waiting: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    escorts: dict[int, list[tuple[int, int, float]]] = field(default_factory=dict)
    late: dict[int, list[tuple[int, float]]] = field(default_factory=dict)

    def crossings(self, frame: Frame, road: Road) -> tuple[Floats, Ints]:
        """By slot of leaving and of crossing what rules charge a head; by slot of leaving from which slot of crossing
        on it is always the same."""
        k = frame.slots
        also, upto = np.zeros((k, k)), np.zeros(k, dtype=np.int64)
        for slot, price in self.waiting.get(road.index, ()):
            arrives = slot * frame.slot + road.leg.minutes
            also[slot, arrives // frame.slot + 1 :] += price
            upto[slot] = max(int(upto[slot]), min(k, arrives // frame.slot + 1))
        for slot, at, price in self.crossing.get(road.index, ()):
            also[slot, at] += price
            upto[slot] = max(int(upto[slot]), at + 1)
        return also, upto
