"""What would place everybody a plan leaves out? Some are looked at whole, the others by what helped those like them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import msgspec

from corridor.base.ids import PartyId, PlaceId
from corridor.plan.answer import Plan, Unplaced
from corridor.plan.explain.explaining import Attempt, Explanation, Question
from corridor.plan.problem import Party, Problem, Where

WHOLE_MOST = 12
"""Parties that are looked at whole: each limit and each flight."""
WHOLE_SHARE = 0.6
"""The share of the time that is theirs at the most."""
LIKE_MOST = 4
"""What helped others from the same place is tried, the most frequent first, so many of them."""

Stood = tuple[Where, PlaceId]


def with_relaxations(
    problem: Problem,
    plan: Plan,
    most: int = WHOLE_MOST,
    *,
    clock: Callable[[], float] = lambda: 0.0,
    until: float = 1.0,
) -> Plan:
    """The plan with what would place them said of everybody it leaves out, as far as the time goes.

    So many at the most are looked at whole, so that what is said of them is the easiest: one of each kind (where they
    stand, what they need) first. Of the others what helped somebody from the same place is tried, worked out and
    proved for themselves; whom none of that helps is looked at whole at the end. Nobody is begun who would not be told
    by `until` on the clock: who is out of danger and has no flight first, then whoever weighs most.
    """
    telling = _Telling(problem, plan, clock)
    began = clock()
    turn = telling.turn()
    for left in turn[:most]:
        if not telling.ask(left, began + WHOLE_SHARE * (until - began), whole=True):
            break
    for whole in (False, True):
        telling.longest = 0.0
        for left in turn:
            if not telling.ask(left, until, whole=whole):
                break
    return msgspec.structs.replace(plan, unplaced=tuple(telling.said(left) for left in plan.unplaced))


class _Telling:
    """Whom it has told of, and what helped from where. `longest` is the time that one answer took at the most."""

    def __init__(self, problem: Problem, plan: Plan, clock: Callable[[], float]) -> None:
        self.problem, self.plan, self.clock = problem, plan, clock
        self.parties = {party.id: party for party in problem.parties}
        self.told: dict[PartyId, Explanation] = {}
        self.helped: dict[Stood, Counter[Attempt]] = defaultdict(Counter)
        self.longest = 0.0

    def turn(self) -> list[Unplaced]:
        """Everybody left out in the order in which they are looked at: the first of each kind before the second."""
        weightiest = sorted(
            self.plan.unplaced, key=lambda one: (one.missing != "flight", -self.parties[one.party].weight, one.party)
        )
        seen: Counter[tuple[object, ...]] = Counter()
        numbers = []
        for left in weightiest:
            kind = _kind(self.parties[left.party], left)
            numbers.append(seen[kind])
            seen[kind] += 1
        return [left for _, left in sorted(zip(numbers, weightiest, strict=True), key=lambda one: one[0])]

    def ask(self, left: Unplaced, until: float, *, whole: bool) -> bool:
        """Tell of one party and of those bound to it; False: the time would not do."""
        if left.party in self.told:
            return True
        began = self.clock()
        if began + self.longest > until:
            return False
        party = self.parties[left.party]
        stood = (party.stands, party.place)
        question = Question(self.problem, self.plan, left.party, None)
        likely = [attempt for attempt, _ in self.helped[stood].most_common(LIKE_MOST)]
        answer = question.answer() if whole else question.answer_by(likely)
        if question.helped is not None:
            self.helped[stood][question.helped] += 1
        if answer is not None:
            self.told |= dict.fromkeys(sorted(question.ids), answer)
        self.longest = max(self.longest, self.clock() - began)
        return True

    def said(self, left: Unplaced) -> Unplaced:
        """What is said of a party: what would place it, else the reason that it had where that says more."""
        answer = self.told.get(left.party)
        if answer is None or not (answer.relaxations or left.reason == "no_room"):
            return left
        says = answer.says.replace(f"{answer.party} ", f"{left.party} ", 1)
        return msgspec.structs.replace(left, reason=answer.reason, says=says, relaxations=answer.relaxations)


def _kind(party: Party, left: Unplaced) -> tuple[object, ...]:
    """What makes parties alike enough that one of them is looked at first: where they stand, what they need."""
    classes = (party.seats > 0, party.laps > 0, party.stretchers > 0, party.wheelchairs > 0)
    needs = tuple(visit.service for visit in party.visits)
    waits = tuple((wait.for_what, wait.stops) for wait in party.waits)
    return (left.missing, left.reason, party.stands, party.place, classes, needs, waits)
