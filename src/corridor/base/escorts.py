"""How many escorts does a movement need by the operation file, and how many are there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import PlaceId

EscortRole = Literal["doctor", "psychologist", "guard", "interpreter", "consul"]
Counted = Literal["persons", "stretchers", "medical", "psychological"]
"""Of whom a rule for escorts counts how many are aboard: everybody, those lying, those who need medical care, those
with a psychological hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscortRule:
    """Escorts one movement needs: `at_least`, and one for every `per_persons` aboard of those `counted` (None: no
    ratio)."""

    role: EscortRole
    at_least: int
    per_persons: int | None
    takes_seat: bool
    counted: Counted = "persons"

    def needed(self, persons: int, counted: int | None = None) -> int:
        """How many escorts of this role go with that many people, of whom so many are `counted` (None: all are); none
        with nobody."""
        if persons <= 0:
            return 0
        of = persons if counted is None else counted
        ratio = -(-of // self.per_persons) if self.per_persons else 0
        return max(self.at_least, ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscortPool:
    """How many escorts of a role there are at a place, for convoys and flights that begin or end there. `back_hours`
    is from a flight's departure until they can go again; None: there and back, by the usual minutes of its leg."""

    role: EscortRole
    place: PlaceId
    count: int
    back_hours: int | None
