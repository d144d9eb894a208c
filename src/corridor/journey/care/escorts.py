"""How many escorts of each duty go with these people?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from corridor.base.escorts import Counted, EscortRole, EscortRule
from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.journey.care.state import CareState, active_holds
from corridor.journey.register.state import RegisterState

MEDICAL_NEEDS = frozenset({"stretcher", "oxygen", "pregnant", "medication"})
"""Who has one of these is counted by rules for escorts that count `medical`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aboard:
    """Who is on a movement, who of them lies, and what registration and care know of them at a moment."""

    persons: Collection[PersonId]
    lying: Set[PersonId]
    register: Mapping[PersonId, RegisterState]
    care: Mapping[PersonId, CareState]
    at: Moment

    def counted(self, of: Counted) -> int:
        """How many of them a rule counts."""
        match of:
            case "stretchers":
                return len(self.lying)
            case "medical":
                needs = (self.register.get(person, RegisterState()).needs for person in self.persons)
                return sum(bool(MEDICAL_NEEDS & those) for those in needs)
            case "psychological":
                holds = (active_holds(self.care.get(person, CareState()), self.at) for person in self.persons)
                return sum(any(hold.reason == "psychological" for hold in those) for those in holds)
        return len(self.persons)


def escorts_for(rules: Iterable[EscortRule], aboard: Aboard) -> dict[EscortRole, int]:
    """By duty; of several rules for one the greatest holds."""
    needed: dict[EscortRole, int] = {}
    for rule in rules:
        number = rule.needed(len(aboard.persons), aboard.counted(rule.counted))
        needed[rule.role] = max(number, needed.get(rule.role, 0))
    return needed
