"""What an operation is: places, legs, stations, authorities, permits, fleets, partners, devices and users, as data.

The types of the operation file. `corridor.base.operation_file` reads and checks them; nothing else builds an
`Operation` except tests. Countries and citizenships are ISO 3166-1 alpha-3 codes as passports print them (RUS, PSE).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Literal

from corridor.base.escorts import EscortPool, EscortRule
from corridor.base.ids import (
    AuthorityId,
    CategoryId,
    ClaimedFigureId,
    CustodianId,
    DeviceId,
    FleetId,
    LegId,
    PaperRuleId,
    PartnerId,
    PermitId,
    PlaceId,
    StationId,
    UserId,
)
from corridor.base.moments import Moment, datetime_of

Names = Mapping[str, str]
"""The same name in several languages: language code to text. Read it with `name_in`."""

PlaceRole = Literal["origin", "gate", "transit", "staging", "home", "shelter"]
Mode = Literal["foot", "bus", "air", "sea", "rail"]
Service = Literal[
    "gate", "triage", "medical", "psychological", "documents", "hotel", "customs", "boarding", "reception"
]
ListPolicy = Literal["replace", "add"]
Relation = Literal["spouse", "child", "parent", "sibling", "grandchild", "grandparent", "guardian", "ward", "other"]
Tie = Literal["own_citizen", "relative", "partner_citizen", "other"]
DeviceKind = Literal["gate", "convoy", "staging", "reception", "headquarters"]
UserRole = Literal[
    "duty_officer",
    "list_officer",
    "gate_officer",
    "medic",
    "psychologist",
    "consul",
    "movement_officer",
    "reception_officer",
    "partner_liaison",
    "press_officer",
    "auditor",
]
PaperType = Literal[
    "passport",
    "national_id",
    "birth_certificate",
    "return_certificate",
    "laissez_passer",
    "icrc_etd",
    "eu_etd",
    "transit_permit",
    "other",
]
AgeBand = Literal["infant", "child", "adult", "elder"]
Need = Literal[
    "wheelchair",
    "stretcher",
    "oxygen",
    "pregnant",
    "interpreter",
    "medication",
    "infant_food",
    "sighted_guide",
    "escort",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people can be.

    `origin` is where they are in danger and not yet out; every other role counts as out. `zone` is an IANA name;
    `latitude` and `longitude` are degrees and `beds` the people who can sleep there, each None when not known;
    `order` is the place's turn on the corridor from left to right.
    """

    id: PlaceId
    names: Names
    role: PlaceRole
    zone: str
    country: str
    latitude: float | None
    longitude: float | None
    beds: int | None
    order: int

    @property
    def out(self) -> bool:
        """Whether a person who is here has left the danger."""
        return self.role != "origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A way from one place to another, in that direction only.

    `minutes` is what it usually takes, `minutes_min` the least that is possible: two records further apart on the
    ground than that cannot both be right. `capacity_persons_per_day` is None when not known or not limited.
    """

    id: LegId
    source: PlaceId
    target: PlaceId
    mode: Mode
    minutes: int
    minutes_min: int
    capacity_persons_per_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A service at a place. Hours are local to the place; both None means always open; `closes` before `opens`
    means over midnight. `persons_per_hour` is the whole station's rate with its `officers`; `persons_max` is who
    fits into its queue or holding area. Each is None when not known."""

    id: StationId
    place: PlaceId
    service: Service
    opens: time | None
    closes: time | None
    persons_per_hour: int | None
    officers: int | None
    persons_max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who publishes lists of people who may pass. An empty `counts_for` means every citizenship.

    `list_policy` says what a new list does to the authority's earlier ones: `replace` drops whoever is not on it,
    `add` leaves them listed. Letters to it are written in `language`; None: in the reader's own.
    """

    id: AuthorityId
    names: Names
    counts_for: tuple[str, ...]
    list_policy: ListPolicy
    language: str | None = None

    def counts(self, citizenship: str) -> bool:
        """Whether this authority has a say about people of that citizenship."""
        return not self.counts_for or citizenship in self.counts_for


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceRule:
    """How many of which authorities must list a person before the leg `for_leg` (N of M).

    Authorities that do not count for a person's citizenship are left out, and `needed` is then at most as many as
    count. `valid_hours` runs from the list's time; None means until the authority drops the person.
    """

    for_leg: LegId
    of: tuple[AuthorityId, ...]
    needed: int
    valid_hours: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """A stay that runs out: `hours` from arriving at the place `starts_at` (e.g. 72 h of transit)."""

    id: PermitId
    names: Names
    hours: int
    starts_at: PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule:
    """What somebody asks to see before the leg `for_leg`: any one of these papers, in hand and valid.

    `for_citizenships` empty means everybody; `issued_by_own` asks that the paper's issuer is one of the person's
    citizenships; what the operation's consul draws up is issued by its first own citizenship.
    """

    id: PaperRuleId
    names: Names
    for_leg: LegId
    any_of: tuple[PaperType, ...]
    for_citizenships: tuple[str, ...]
    issued_by_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Vehicles or aircraft of one kind. `seats`, `stretchers` and `wheelchairs` are of one vehicle.

    `legs` are the legs it may serve (empty: every leg of its mode); `partner` lends it (None: our own);
    `turnaround_minutes` is from arriving to being ready to leave again, None when not known.
    """

    id: FleetId
    names: Names
    kind: str
    mode: Mode
    vehicles: int
    seats: int
    stretchers: int
    wheelchairs: int
    turnaround_minutes: int | None
    legs: tuple[LegId, ...]
    partner: PartnerId | None
    escorts: tuple[EscortRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold of a person, all parts at once: any of `needs`, any of `age_bands`, any of `ties`. An empty
    part asks nothing."""

    needs: tuple[Need, ...]
    age_bands: tuple[AgeBand, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """People who go before others. `priority` 1 goes first; a person is in the first category of which any
    condition in `when` holds; a category without conditions takes everybody."""

    id: CategoryId
    names: Names
    priority: int
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who may come: holders of `own_citizenships`, and their relatives of the kinds in `relatives`."""

    own_citizenships: tuple[str, ...]
    relatives: tuple[Relation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Another state taking part. `seat_share_percent` of our seats is promised to its people (None: nothing
    agreed); `own_first` says its own vehicles take its own people before others."""

    id: PartnerId
    names: Names
    country: str
    seat_share_percent: int | None
    own_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatShare:
    """How our seats are shared: `sponsor_first` seats our own people before partners', and at least
    `offered_to_partners_percent_min` of the seats must have been offered to partners (None: no such rule)."""

    sponsor_first: bool
    offered_to_partners_percent_min: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    """Who receives people at an end of the road and signs for them."""

    id: CustodianId
    names: Names
    place: PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What records. `place` is where it stands, None for one that travels or records for several places."""

    id: DeviceId
    kind: DeviceKind
    place: PlaceId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who works with the program. `place` is where they work (None: anywhere); a liaison names their `partner`."""

    id: UserId
    name: str
    role: UserRole
    place: PlaceId | None
    partner: PartnerId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedFigure:
    """What a figure that others publish counts, in the languages of the operation; `id` is the code of its claims."""

    id: ClaimedFigureId
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What somebody who publishes figures is called; `said_by` is how claims name them."""

    said_by: str
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One evacuation, as its operation file describes it.

    `as_of_zone` is the IANA zone in which days are counted and times told; `started` and `ends` are None when not
    known; `languages` are codes, the first one the default. Tuples keep the order of the file, places their `order`.
    """

    name: str
    titles: Names
    languages: tuple[str, ...]
    as_of_zone: str
    started: Moment | None
    ends: Moment | None
    origin_country: str
    places: tuple[Place, ...]
    legs: tuple[Leg, ...]
    stations: tuple[Station, ...]
    authorities: tuple[Authority, ...]
    clearance_rules: tuple[ClearanceRule, ...]
    permits: tuple[Permit, ...]
    fleets: tuple[Fleet, ...]
    categories: tuple[Category, ...]
    eligibility: Eligibility
    partners: tuple[Partner, ...]
    seat_share: SeatShare
    custodians: tuple[Custodian, ...]
    devices: tuple[Device, ...]
    users: tuple[User, ...]
    paper_rules: tuple[PaperRule, ...] = ()
    claimed_figures: tuple[ClaimedFigure, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    escort_pools: tuple[EscortPool, ...] = ()
    _places: dict[PlaceId, Place] = field(init=False, repr=False, compare=False)
    _legs: dict[LegId, Leg] = field(init=False, repr=False, compare=False)
    _nearest: dict[PlaceId, dict[PlaceId, tuple[int, LegId | None]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {place.id: place for place in self.places})
        object.__setattr__(self, "_legs", {leg.id: leg for leg in self.legs})
        object.__setattr__(self, "_nearest", {})  # filled by `_from`, once for each place asked about

    def place(self, place: PlaceId) -> Place:
        """The place with this id. Raises KeyError when the operation has none."""
        return self._places[place]

    def leg(self, leg: LegId) -> Leg:
        """The leg with this id. Raises KeyError when the operation has none."""
        return self._legs[leg]

    def has_place(self, place: str) -> bool:
        """Whether the operation has a place with this id."""
        return place in self._places

    def has_leg(self, leg: str) -> bool:
        """Whether the operation has a leg with this id."""
        return leg in self._legs

    def places_of(self, *roles: PlaceRole) -> tuple[Place, ...]:
        """The places with one of these roles, from left to right."""
        return tuple(place for place in self.places if place.role in roles)

    def minutes_min_between(self, source: PlaceId, target: PlaceId) -> int | None:
        """The least minutes from one place to another over the legs: 0 to itself, None if no legs connect them."""
        found = self._from(source).get(target)
        return None if found is None else found[0]

    def route_between(self, source: PlaceId, target: PlaceId) -> tuple[Leg, ...] | None:
        """The legs of the way with the least `minutes_min`: empty to itself, None if no legs connect them."""
        nearest = self._from(source)
        if target not in nearest:
            return None
        route: list[Leg] = []
        at = target
        while (last := nearest[at][1]) is not None:
            route.append(self._legs[last])
            at = self._legs[last].source
        return tuple(reversed(route))

    def is_open(self, station: Station, at: Moment) -> bool:
        """Whether the station's published hours include this moment, in its place's zone."""
        if station.opens is None or station.closes is None:
            return True
        local = datetime_of(at, self.place(station.place).zone).time()
        if station.opens <= station.closes:
            return station.opens <= local < station.closes
        return local >= station.opens or local < station.closes

    def _from(self, source: PlaceId) -> dict[PlaceId, tuple[int, LegId | None]]:
        """Least minutes and last leg to every place in reach of `source` (Dijkstra), kept after the first time."""
        known = self._nearest.get(source)
        if known is not None:
            return known
        found: dict[PlaceId, tuple[int, LegId | None]] = {}
        queue: list[tuple[int, int, PlaceId, LegId | None]] = [(0, -1, source, None)]
        while queue:
            minutes, _, at, last = heapq.heappop(queue)
            if at in found:
                continue
            found[at] = (minutes, last)
            for turn, leg in enumerate(self.legs):
                if leg.source == at and leg.target not in found:
                    heapq.heappush(queue, (minutes + leg.minutes_min, turn, leg.target, leg.id))
        self._nearest[source] = found
        return found


def name_in(names: Names, language: str) -> str:
    """The name in a language, else in English, else in whichever language comes first."""
    return names.get(language) or names.get("en") or next(iter(names.values()))
