"""What a replay must come to: groups, movements, lists, hazards, shares and phones, as its file says them.

The keys of `replay.toml` are the names of the fields here. Counts are of people unless a field says otherwise;
shares are from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta

from corridor.base.ids import (
    AuthorityId,
    CustodianId,
    DeviceId,
    HazardId,
    LegId,
    MovementId,
    OfferId,
    PartnerId,
    PermitId,
    PlaceId,
    UserId,
)
from corridor.base.moments import Moment
from corridor.drill.people.names_pool import NamesPool
from corridor.journey.cross.events import HazardType

Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From `start` until `until`."""

    start: Moment
    until: Moment

    def __post_init__(self) -> None:
        if self.until <= self.start:
            raise ValueError("until is not after start")

    def part(self, share: float) -> Moment:
        """The moment after that share of the window."""
        return Moment(self.start + int((self.until - self.start) * share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A number drawn from `least` to `most`, both included."""

    least: Count
    most: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many had registered by a moment, since the beginning."""

    by: Moment
    registered: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who cross in one span of time, ride in one convoy and fly on one flight.

    `crosses` None: they never cross, and withdraw instead. `flight` None: they stay in staging. `applies` None: they
    register in the course of the common demand. `exceptions` is how many cross without a list row.
    """

    id: str
    persons: Count
    crosses: Window | None = None
    gates: tuple[DeviceId, ...] = ()
    convoy: MovementId | None = None
    flight: MovementId | None = None
    applies: Window | None = None
    withdraws: Window | None = None
    pregnant: Count = 0
    exceptions: Count = 0

    def __post_init__(self) -> None:
        if (self.crosses is None) == (self.withdraws is None):
            raise ValueError("a group either crosses or withdraws")
        if self.crosses is not None and not (self.gates and self.convoy):
            raise ValueError("a group that crosses names its gates and its convoy")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenPool:
    """Groups that have so many children together."""

    groups: tuple[str, ...]
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenshipPool:
    """Groups that have so many people of each citizenship together; the counts are everybody."""

    groups: tuple[str, ...]
    count: Mapping[str, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Convoy:
    """A convoy on a leg; `device` rides with it. `unscanned` is how many get in without anybody recording it."""

    id: MovementId
    leg: LegId
    device: DeviceId
    departs: Moment
    arrives: Moment
    unscanned: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A flight; `planned_at` it was announced, and only at `known_at` its hour."""

    id: MovementId
    leg: LegId
    planned_at: Moment
    known_at: Moment
    departs: Moment
    arrives: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Seats offered to a partner, who took some or gave a reason for declining."""

    id: OfferId
    flight: MovementId
    partner: PartnerId
    seats: Count
    at: Moment
    answered_at: Moment
    taken: Count | None = None  # None: declined
    declined: str | None = None  # None: taken


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """The lists for one day: `rows` names on the crossing's own, and the groups that cross on them."""

    for_date: str
    received: Moment
    rows: Count
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListForm:
    """How one authority writes its lists, and how long before the crossing's own they come."""

    authority: AuthorityId
    script: str
    minutes_before: Count
    source: str
    heading: tuple[str, ...]
    nationality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardPlan:
    """A hazard on a place or a leg; both None: everywhere."""

    id: HazardId
    type: HazardType
    start: Moment
    until: Moment
    why: str
    place: PlaceId | None = None
    leg: LegId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reoffers:
    """So many parties of these groups withdraw in one window and come after all in another."""

    groups: tuple[str, ...]
    parties: Count
    withdraws: Window
    returns: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalAbroad:
    """The group that stays in hospital at staging and is handed over there."""

    group: str
    admitted_at: Moment
    handed_over_at: Moment
    from_custodian: CustodianId
    to_custodian: CustodianId


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """So many people, so many of them children, out of those of some flights."""

    flights: tuple[MovementId, ...]
    persons: Count
    children: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheltered:
    """So many of those housed at one shelter; whole parties."""

    shelter: PlaceId
    flights: tuple[MovementId, ...]
    persons: Count
    children: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """A shelter that takes the rest, by weight."""

    shelter: PlaceId
    weight: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """How a kind of device delivers, and how wrong its clock may be."""

    batch_minutes: Count
    delay_seconds: Between
    clock_error_seconds: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A device without network: what was due in the span comes at `until`."""

    device: DeviceId
    start: Moment
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The first batch of a device after a moment comes a second time, so many minutes later."""

    device: DeviceId
    after: Moment
    again_after_minutes: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRoles:
    """Which devices record at staging, in care and at home."""

    staging: DeviceId
    care: DeviceId
    home: DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRoles:
    """Who records."""

    duty: UserId
    lists: UserId
    gate: UserId
    medic: UserId
    psychologist: UserId
    consul: UserId
    movement: UserId
    reception: UserId
    press: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How often things are so, of people unless said otherwise in the file."""

    first_of_january: Share
    no_document_number: Share
    missing_name_part: Share
    swapped_name: Share
    dropped_name: Share
    no_travel_paper: Share
    encounter: Share
    first_aid: Share
    hold: Share
    loss_reported: Share
    testimony: Share
    will_not_travel_without: Share
    hospital: Share
    follow_up: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """A whole replay, as its file describes it."""

    seed: int
    reference_date: date
    origin: PlaceId
    gate: PlaceId
    staging: PlaceId
    home: PlaceId
    home_custodian: CustodianId
    roll_call_hour: Annotated[int, Meta(ge=0, le=23)]
    permit: PermitId
    crossing_authority: AuthorityId
    headquarters: DeviceId
    begins_at: Moment
    devices: DeviceRoles
    users: UserRoles
    shares: Shares
    party_sizes: tuple[Count, ...]
    demand: tuple[Demand, ...]
    groups: tuple[Group, ...]
    children: tuple[ChildrenPool, ...]
    citizenships: tuple[CitizenshipPool, ...]
    reoffers: Reoffers
    convoys: tuple[Convoy, ...]
    flights: tuple[Flight, ...]
    offers: tuple[Offer, ...]
    lists: tuple[ListPlan, ...]
    names_unknown_per_list: Between
    list_forms: tuple[ListForm, ...]
    hazards: tuple[HazardPlan, ...]
    hospital_abroad: HospitalAbroad
    hospitalised: tuple[Chosen, ...]
    housed: tuple[Chosen, ...]
    sheltered: tuple[Sheltered, ...]
    shelters: tuple[Shelter, ...]
    onward: tuple[str, ...]
    delivery: Mapping[str, DeliveryPlan]
    blackouts: tuple[Blackout, ...]
    repeats: tuple[Repeat, ...]
    names: NamesPool

    def group(self, group: str) -> Group:
        """The group with this id. Raises KeyError when the plan has none."""
        return {each.id: each for each in self.groups}[group]

    def convoy(self, convoy: MovementId) -> Convoy:
        """The convoy with this id. Raises KeyError when the plan has none."""
        return {each.id: each for each in self.convoys}[convoy]

    def flight(self, flight: MovementId) -> Flight:
        """The flight with this id. Raises KeyError when the plan has none."""
        return {each.id: each for each in self.flights}[flight]


def problems(plan: ReplayPlan) -> Iterable[tuple[str, str]]:
    """What in a plan does not fit together: key and what is wrong."""
    sizes = {group.id: group.persons for group in plan.groups}
    flights = {flight.id for flight in plan.flights}
    convoys = {convoy.id for convoy in plan.convoys}
    for turn, group in enumerate(plan.groups):
        if group.convoy is not None and group.convoy not in convoys:
            yield f"groups[{turn}].convoy", f"no convoy is called {group.convoy!r}"
        if group.flight is not None and group.flight not in flights:
            yield f"groups[{turn}].flight", f"no flight is called {group.flight!r}"
    pools = {
        "children": [(pool.groups, pool.count, False) for pool in plan.children],
        "citizenships": [(pool.groups, sum(pool.count.values()), True) for pool in plan.citizenships],
    }
    for key, every in pools.items():
        named = [group for groups, _, _ in every for group in groups]
        if sorted(named) != sorted(sizes):
            yield key, "each group must stand in exactly one pool"
            continue
        for turn, (groups, count, whole) in enumerate(every):
            persons = sum(sizes[group] for group in groups)
            if count > persons or (whole and count != persons):
                yield f"{key}[{turn}].count", f"{count} does not fit the {persons} people of the groups"
    for turn, one in enumerate(plan.lists):
        if unknown := [group for group in one.groups if group not in sizes]:
            yield f"lists[{turn}].groups", f"no group is called {unknown[0]!r}"
        elif sum(sizes[group] for group in one.groups) > one.rows:
            yield f"lists[{turn}].rows", "more people cross on the list than it has rows"
