"""Who stands at each place and cannot take the next leg, by what is in their way: the strip's people as sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Literal, get_args

from corridor.base.ids import PersonId, PlaceId
from corridor.base.operation import Leg
from corridor.base.refusal import Refusal
from corridor.journey.board.people import Everybody
from corridor.journey.board.ready import HINDERED_BY_CARE
from corridor.journey.board.standing import closed_gate, hazards_on, next_leg, seated_on
from corridor.journey.care.state import CareState, may_travel
from corridor.journey.clear.standing import standing
from corridor.journey.clear.state import ClearState
from corridor.journey.documents.state import missing_for, permit_clock, requirements_of
from corridor.ledger.accounts import place_account

HeldBy = Literal[
    "gate_closed",
    "hazard",
    "not_cleared",
    "family_not_cleared",
    "on_hold",
    "not_fit",
    "fitness_not_decided",
    "paper_missing",
    "permit_expired",
    "no_place",
]
"""What can be in the way, in the order in which it is told. `family_not_cleared` is of people who are cleared
themselves and travel with somebody at the same place who is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """One place with a way onward: `standing` are all who are there, `by` those with something in the way, by what it
    is (nothing that holds nobody). Somebody may be in several; `free` are in none."""

    place: PlaceId
    standing: Set[PersonId]
    by: Mapping[HeldBy, Set[PersonId]]

    @property
    def free(self) -> Set[PersonId]:
        """Those with nothing in the way."""
        left = self.standing
        for people in self.by.values():
            left -= people
        return left

    def behind(self, code: str) -> Set[PersonId]:
        """The people behind one of the numbers, by what it is, or `free`; nobody where that holds nobody."""
        return (
            self.free if code == "free" else next((some for one, some in self.by.items() if one == code), frozenset())
        )


def held_back(everybody: Everybody) -> tuple[HeldBack, ...]:
    """Every place where somebody stands who has a next leg, in the order of the road.

    The same as `standing_of(...).blocked_by` of each of them. Whoever a stage never named is not asked one by one where
    the rules say the same of all of them: at the beginning of the road those are nearly everybody.
    """
    found = (held_back_at(everybody, place.id) for place in everybody.operation.places)
    return tuple(one for one in found if one is not None)


def held_back_at(everybody: Everybody, place: PlaceId) -> HeldBack | None:
    """One such place; None where nobody stands, or no way leads on."""
    here, leg = everybody.view.inside(place_account(place)), None
    if here:
        leg = next_leg(everybody.operation, everybody.view, place_account(place))
    if leg is None:
        return None
    by = {code: people for code, people in _all(everybody, leg, here) if people}
    return HeldBack(place=place, standing=here, by={one: by[one] for one in _ORDER if one in by})


_ORDER: tuple[HeldBy, ...] = get_args(HeldBy)


def _all(everybody: Everybody, leg: Leg, here: Set[PersonId]) -> Iterator[tuple[HeldBy, Set[PersonId]]]:
    if closed_gate(everybody, leg) is not None:
        yield "gate_closed", here
    if any(hazards_on(everybody, leg)):
        yield "hazard", here
    if leg.id in everybody.standing_rules:
        waiting = _not_cleared(everybody, leg, here)
        yield "not_cleared", waiting
        yield "family_not_cleared", _beside(everybody, here - waiting, waiting)
    yield from _by_care(everybody, leg, here)
    yield "paper_missing", _without_paper(everybody, leg, here)
    if everybody.operation.place(leg.source).out:
        yield "permit_expired", _permit_over(everybody, here)
    if leg.mode != "foot":
        yield "no_place", here - everybody.view.set_of(seated_on(everybody, leg))


def _not_cleared(everybody: Everybody, leg: Leg, here: Set[PersonId]) -> Set[PersonId]:
    rules = everybody.standing_rules[leg.id]
    at, states, register = everybody.view.at, everybody.clear.all, everybody.register.for_many
    named = _named(here, states)
    asked = [rules.authorities[one] for one in rules.rule.of]
    # Who is on lists of fewer authorities than anybody needs is not cleared, whatever else is known of them.
    fewest = min(rules.rule.needed, sum(not one.counts_for for one in asked))
    whose = {name: one.id for one in asked for name in rules.current(one, at)}

    def is_waiting(one: PersonId) -> bool:
        if len({whose[listing.list] for listing in states[one].listings if listing.list in whose}) < fewest:
            return True
        return standing(states[one], register[one].citizenships, rules, at).value != "cleared"

    found = {one for one in named if is_waiting(one)}
    alike = any(not one.counts_for for one in asked)

    def waits(citizenships: tuple[str, ...]) -> bool:
        return standing(ClearState(), citizenships, rules, at).value != "cleared"

    return everybody.view.set_of(found) | _unnamed(everybody, here, named, waits, alike=alike)


def _beside(everybody: Everybody, cleared: Set[PersonId], waiting: Set[PersonId]) -> Set[PersonId]:
    """The cleared who travel with somebody of those waiting."""
    if not waiting:
        return frozenset()
    group_of = everybody.group_of.all
    found = {one for one in cleared if any(other in waiting for other in group_of.get(one, ()))}
    return everybody.view.set_of(found)


def _by_care(everybody: Everybody, leg: Leg, here: Set[PersonId]) -> Iterator[tuple[HeldBy, Set[PersonId]]]:
    at, examined = everybody.view.at, leg.mode == "air"
    states = everybody.care.all
    named = _named(here, states)
    found: dict[HeldBy, set[PersonId]] = {}
    for one in named:
        said = may_travel(states[one], at, examined=examined)
        if isinstance(said, Refusal):
            found.setdefault(HINDERED_BY_CARE[said.code], set()).add(one)
    nothing = may_travel(CareState(), at, examined=examined)
    others = {HINDERED_BY_CARE[nothing.code]: here - named} if isinstance(nothing, Refusal) else {}
    for code in ("on_hold", "not_fit", "fitness_not_decided"):
        yield code, everybody.view.set_of(found.get(code, frozenset())) | others.get(code, frozenset())


def _without_paper(everybody: Everybody, leg: Leg, here: Set[PersonId]) -> Set[PersonId]:
    out, rules = everybody.operation.place(leg.source).out, requirements_of(everybody.operation)
    asked = [rule for rule in rules if rule.leg == leg.id]
    if not (out or asked):
        return frozenset()
    at, states, register = everybody.view.at, everybody.documents.all, everybody.register.for_many
    named = _named(here, states)

    def is_lacking(one: PersonId) -> bool:
        if out and states[one].missing:
            return True
        return bool(asked and missing_for(states[one], register[one].citizenships, leg.id, asked, at))

    found = {one for one in named if is_lacking(one)}

    def is_asked(citizenships: tuple[str, ...]) -> bool:
        return any(not rule.for_citizenships or {*rule.for_citizenships} & {*citizenships} for rule in asked)

    alike = not asked or any(not rule.for_citizenships for rule in asked)
    return everybody.view.set_of(found) | _unnamed(everybody, here, named, is_asked, alike=alike)


def _permit_over(everybody: Everybody, here: Set[PersonId]) -> Set[PersonId]:
    at, permits = everybody.view.at, everybody.operation.permits
    running = everybody.permits_running
    late = {
        one
        for one in _named(here, running)
        if any(permit_clock(running[one], permit.id, at).standing == "expired" for permit in permits)
    }
    return everybody.view.set_of(late)


def _named(here: Set[PersonId], states: Mapping[PersonId, object]) -> Set[PersonId]:
    """Those of them of whom a stage knows something."""
    few, many = (states, here) if len(states) < len(here) else (here, states)
    return frozenset(one for one in few if one in many)


def _unnamed(
    everybody: Everybody,
    here: Set[PersonId],
    named: Set[PersonId],
    says: Callable[[tuple[str, ...]], bool],
    *,
    alike: bool,
) -> Set[PersonId]:
    """Of those the stage never named the ones of whom a rule says yes by their citizenships; `alike` it says the same
    of everybody."""
    rest = here - everybody.view.set_of(named)
    if alike or not rest:
        return rest if rest and says(("",)) else frozenset()
    register, answers = everybody.register.for_many, dict[tuple[str, ...], bool]()
    found = set()
    for one in rest:
        citizenships = register[one].citizenships
        if citizenships not in answers:
            answers[citizenships] = says(citizenships)
        if answers[citizenships]:
            found.add(one)
    return everybody.view.set_of(found)
