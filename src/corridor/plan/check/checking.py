"""Is a plan feasible, and is it worth what it says? Asked of every plan before anybody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.base.ids import PartyId
from corridor.plan.answer import GoalAmount, Load, Plan
from corridor.plan.check.capacities import check_capacities, loads
from corridor.plan.check.movements import check_movements
from corridor.plan.check.steps import Lookup, Steps, Violation, steps_of
from corridor.plan.check.ways import check_ways
from corridor.plan.check.worth import amounts, as_goals, value_of
from corridor.plan.problem import Problem

ROUNDING = 1e-9
"""The share by which a value said may differ from the exact one: a sum of floats is rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a plan comes to by the definition: worth, amounts of goals, loads of capacities."""

    value: float
    goals: tuple[GoalAmount, ...]
    loads: tuple[Load, ...]


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every rule the plan breaks, including a value, bound, unplaced party or load it says wrongly; none: proved."""
    found: list[Violation] = []
    lookup = Lookup(problem, plan)
    roads = steps_of(lookup, found)
    found += check_ways(lookup, roads)
    found += check_movements(lookup, roads)
    found += check_capacities(lookup, roads)
    broken = {violation.code for violation in found}
    if "way" not in broken and "vehicles" not in broken:  # a plan that names what there is not is worth nothing
        found += _said(plan, roads, measure(problem, plan))
    return tuple(found)


def measure(problem: Problem, plan: Plan) -> Measured:
    """What the plan comes to, feasible or not; what it says of itself is not read."""
    lookup = Lookup(problem, plan)
    roads = steps_of(lookup, [])
    costs = amounts(lookup, roads)
    return Measured(value=value_of(problem.objective, costs), goals=as_goals(costs), loads=loads(lookup, roads))


def _said(plan: Plan, roads: Mapping[PartyId, Steps], measured: Measured) -> list[Violation]:
    """What the plan says of itself and is not so."""
    found: list[Violation] = []

    def differs(code: str, says: str) -> None:
        found.append(Violation(code=code, subject=plan.problem, says=says))

    slack = ROUNDING * max(1.0, abs(measured.value))
    if abs(plan.value - measured.value) > slack:
        differs("value", f"It says {plan.value} and is worth {measured.value}.")
    if plan.bound is not None and plan.bound > measured.value + slack:
        differs("bound", f"It says that nothing is below {plan.bound} and is worth {measured.value}.")
    if plan.goals and any(
        said.goal != right.goal or abs(said.amount - right.amount) > ROUNDING * max(1.0, abs(right.amount))
        for said, right in zip(plan.goals, measured.goals, strict=False)
    ):
        differs("goals", "It says other amounts of its goals.")
    if plan.loads and plan.loads != measured.loads:
        differs("loads", "It says other loads.")
    left = {
        party: "crossing" if steps.crosses is None and not steps.out else "flight"
        for party, steps in roads.items()
        if steps.flight is None
    }
    if {(one.party, one.missing) for one in plan.unplaced} != set(left.items()):
        differs("unplaced", "Those it says are left out are not those who are.")
    return found
