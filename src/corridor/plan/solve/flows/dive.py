"""Which convoys leave, and with how many vehicles? Decided in order of time, each time looking at the whole flow again.

The flow with fractions is answered; what it sends in the first slots is rounded to whole convoys and vehicles and
fixed; the flow is answered anew from where it was, and so on to the end. Later decisions so know earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np

from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.flows.program import Answer, answer_of
from corridor.plan.solve.frame import Floats, Frame

CLOSE = 1e-4
"""A number nearer to a whole one than this is one."""
UP_FROM = 0.5
"""A vehicle is sent from this part of it filled on; a convoy by the same rule."""


class Dive:
    """The flow in HiGHS, kept warm while convoys are fixed; it goes on until `stop`."""

    def __init__(self, frame: Frame, flow: Flow, stop: Callable[[], bool]) -> None:
        self.frame, self.flow, self.highs, self.stop = frame, flow, flow.program.loaded(), stop
        self.highs.cbSimplexInterrupt.subscribe(self._interrupt)
        self.answers = 0
        self.most: Floats = np.concatenate(flow.program.upper)
        self.highs.run()
        self.answer: Answer = answer_of(self.highs)

    def _interrupt(self, event: highspy.HighsCallbackEvent) -> None:
        if self.stop():
            event.interrupt()

    def run(self) -> Floats | None:
        """Values of the flow's columns with whole convoys and vehicles; None: stopped, or no such flow was found."""
        slot = 0
        while slot < self.frame.slots:
            if self.stop() or self.answer.values is None:
                return None
            if not self._fix(slot):
                slot += 1
        return self.answer.values

    def _fix(self, slot: int) -> bool:
        """Round what leaves in a slot: convoys first, then vehicles. True where the flow was answered anew."""
        values = self.answer.values
        assert values is not None, "the flow has an answer here"
        convoys = [int(c[slot]) for c in self.flow.convoy.values() if c[slot] >= 0]
        vehicles = [int(v[slot]) for v in self.flow.vehicles.values() if v[slot] >= 0]
        for columns in (vehicles, convoys):
            open_ = [c for c in columns if abs(values[c] - round(values[c])) > CLOSE]
            if open_:
                worst = max(open_, key=lambda c: values[c] % 1)
                if not self._round(worst, values[worst], [c for c in columns if c not in open_], values):
                    self._leave_out(slot, min(open_, key=lambda c: values[c] % 1))
                return True
        for c in convoys + vehicles:
            self.highs.changeColBounds(c, round(values[c]), round(values[c]))
        return False

    def _round(self, column: int, value: float, whole: list[int], values: Floats) -> bool:
        """Fix the column up, or down where that is nearer or up is impossible; False: neither is possible."""
        for c in whole:
            self.highs.changeColBounds(c, round(values[c]), round(values[c]))
        down, up = float(np.floor(value)), float(np.ceil(value))
        for to in (up, down) if value % 1 >= UP_FROM else (down, up):
            self.highs.changeColBounds(column, to, to)
            self.highs.run()
            self.answers += 1
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                self.answer = answer_of(self.highs)
                return True
            if self.stop():
                self.answer = answer_of(self.highs)
                return True
        self.highs.changeColBounds(column, 0.0, float(self.most[column]))
        return False

    def _leave_out(self, slot: int, column: int) -> None:
        """Nothing leaves then on the road of that convoy (or vehicle): two roads had vehicles, with escorts for one.

        Who would have gone stays or goes later, so that there is an answer again."""
        for road, convoys in self.flow.convoy.items():
            mine = [convoys[slot], *(v[slot] for (r, _), v in self.flow.vehicles.items() if r == road)]
            if column in mine:
                for c in mine:
                    self.highs.changeColBounds(int(c), 0.0, 0.0)
        self.highs.run()
        self.answers += 1
        self.answer = answer_of(self.highs)
