"""What the legs make possible: how soon somebody in one account can be at another, given what movements did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from corridor.base.ids import AccountId, LegId, MovementId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger import kinds
from corridor.ledger.accounts import parts
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True)
class MovementTrack:
    """What is known of a movement's way at (at, known)."""

    leg: LegId | None = None  # None: never planned, as far as is known
    departed_at: Moment | None = None  # None: not departed, as far as is known
    departed_place: PlaceId | None = None  # None: as above
    arrived_at: Moment | None = None  # None: not arrived, as far as is known
    arrived_place: PlaceId | None = None  # None: as above


def tracks_of(events: Iterable[Event]) -> dict[MovementId, MovementTrack]:
    """What these events of a view say of movements' ways; what has the wrong shape says nothing."""
    tracks: dict[MovementId, dict[str, object]] = {}
    for event in sorted(events, key=lambda event: (event.order, event.hash)):
        movement = event.body.get("movement")
        if not isinstance(movement, str):
            continue
        track = tracks.setdefault(MovementId(movement), {})
        if event.kind == kinds.MOVEMENT_PLANNED and isinstance(event.body.get("leg"), str):
            track["leg"] = event.body["leg"]
        elif event.kind in (kinds.DEPARTED, kinds.ARRIVED) and isinstance(event.body.get("place"), str):
            track[f"{event.kind}_at"] = event.corrected_at
            track[f"{event.kind}_place"] = event.body["place"]
    return {movement: MovementTrack(**track) for movement, track in tracks.items()}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class OperationWays:
    """The part of the operation file that the book needs.

    `minutes_min` answers the least minutes between two places over the legs, 0 for the same place, None where there is
    no way; `leg_ends` gives each leg's source and target.
    """

    minutes_min: Callable[[PlaceId, PlaceId], int | None]
    knows_place: Callable[[str], bool]
    leg_ends: Mapping[LegId, tuple[PlaceId, PlaceId]]


@dataclass(frozen=True, slots=True)
class TrackedWays:
    """The operation's legs together with the movements' tracks as of one view; answers `earliest` for the walk."""

    operation: OperationWays
    tracks: Mapping[MovementId, MovementTrack]

    def earliest(self, account: AccountId, entered_at: Moment, target: AccountId) -> Moment | None:
        """See `corridor.ledger.book.path.Ways`. Ends, suspense and outside have no ways over legs."""
        left = self._ground(account, entered_at)
        if left is None:
            return None
        place, free_at = left
        type_, name = parts(target)
        if type_ == "place":
            return self._reached(place, free_at, PlaceId(name))
        if type_ == "aboard":
            return self._boarded(place, free_at, MovementId(name))
        return None

    def _ground(self, account: AccountId, entered_at: Moment) -> tuple[PlaceId, Moment] | None:
        """The place and moment at which somebody in the account is free to go on; aboard, only where it has arrived."""
        type_, name = parts(account)
        if type_ == "place":
            return PlaceId(name), entered_at
        if type_ == "aboard":
            track = self.tracks.get(MovementId(name))
            if track is not None and track.arrived_at is not None and track.arrived_place is not None:
                return track.arrived_place, Moment(max(track.arrived_at, entered_at))
        return None

    def _reached(self, place: PlaceId, free_at: Moment, target: PlaceId) -> Moment | None:
        minutes = 0 if place == target else self.operation.minutes_min(place, target)
        return None if minutes is None else Moment(free_at + minutes * MINUTE_MS)

    def _boarded(self, place: PlaceId, free_at: Moment, movement: MovementId) -> Moment | None:
        """Nobody saw the boarding: possible where the movement leaves from, before it left."""
        track = self.tracks.get(movement, MovementTrack())
        start = track.departed_place
        if start is None and track.leg is not None and track.leg in self.operation.leg_ends:
            start = self.operation.leg_ends[track.leg][0]
        if start is None:
            return None
        reached = self._reached(place, free_at, start)
        if reached is None or (track.departed_at is not None and reached > track.departed_at):
            return None
        return reached
