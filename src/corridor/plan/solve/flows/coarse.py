"""How do very many people flow, answered soon: with few classes, and with crossings only that most would take?

For prices to begin from. Any prices make a bound, so that what is left out here costs nothing but a part of the bound.
"""

from __future__ import annotations

from corridor.plan.solve.flows.classes import Classes, Crossing, classes
from corridor.plan.solve.flows.flow import Flow, build
from corridor.plan.solve.frame import Flags, Frame, Ints
from corridor.plan.solve.worth import Worth

AHEAD_HOURS = 240
"""Crossings are looked at in which a class leaves no later than this after it may."""
WAITING_HOURS = 3
"""And in which it waits before the gate no longer than this."""


def coarse_flow(frame: Frame, worth: Worth) -> tuple[Classes, Flow]:
    """Few classes and their flow."""
    of = classes(frame, coarse=True)
    ahead, waiting = AHEAD_HOURS * 60 // frame.slot, WAITING_HOURS * 60 // frame.slot

    def within(crossing: Crossing, road: int, leaves: Ints, crosses: Ints) -> Flags:
        if road < 0:
            return crosses < crossing.cross_slot + ahead
        arrives = leaves + -(-frame.roads[road].leg.minutes // frame.slot)
        return (leaves < crossing.first_slot + ahead) & (crosses <= arrives + waiting)

    return of, build(frame, worth, of, within=within, prompt=False, after=2, merge=True)
