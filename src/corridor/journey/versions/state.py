"""Which versions of the operation file there are, and which was in force when, from the events about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from corridor.base.ids import DeviceId, LegId, MovementId, PlaceId, UserId
from corridor.base.moments import Moment
from corridor.journey.move.events import MOVEMENT_CANCELLED, MOVEMENT_PLANNED
from corridor.ledger import kinds
from corridor.ledger.accounts import parts
from corridor.ledger.book.reading import Book, judge
from corridor.ledger.book.view import View
from corridor.ledger.columns import NEVER
from corridor.ledger.event import Event

KINDS = (kinds.VERSION_PROPOSED, kinds.VERSION_SIGNED, kinds.VERSION_REJECTED)
FIRST = 0
"""The number of the file that the operation began with; versions count from 1."""

VersionState = Literal["waiting", "ahead", "in_force", "past", "rejected", "not_in_force"]
"""Waits for a signature; comes into force later; in force; was in force; never will be; did not come into force when it
was due, since people stood or rode where it has no place or leg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a version leaves out or turns of the file that it was made from: places, and legs with their ends there."""

    places: frozenset[PlaceId] = frozenset()
    legs: frozenset[tuple[LegId, PlaceId, PlaceId]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as it was proposed: the file by its SHA-256 in the archive, the version it was made from, and why.

    `asked_from` None: at once; `signs` are the rows of `signing.SIGNED` that it touches, none: no signature is needed;
    `signed_by` None: not signed; `rejected_by` None: not rejected. `in_the_way`: the places it leaves out where people
    stand, and legs by which a movement goes, as was known when it was due, or is known now while it is ahead.
    """

    number: int
    at: Moment
    by: UserId
    why: str
    sha256: str
    base_sha256: str
    sections: tuple[str, ...]
    signs: tuple[str, ...]
    asked_from: Moment | None = None
    signed_by: UserId | None = None
    signed_at: Moment | None = None  # None: as above
    rejected_by: UserId | None = None
    rejected_at: Moment | None = None  # None: as above
    rejected_why: str = ""
    left_out: LeftOut = LeftOut()
    in_the_way: tuple[PlaceId | LegId, ...] = ()

    @property
    def in_force_from(self) -> Moment | None:
        """When it comes or came into force; None: it waits for a signature, or was rejected."""
        if self.rejected_by is not None or (self.signs and self.signed_at is None):
            return None
        return max(self.asked_from or self.at, self.signed_at or self.at)

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.rejected_by is None and bool(self.signs) and self.signed_by is None


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version, by number."""

    all: tuple[Version, ...] = ()

    def version(self, number: int) -> Version | None:
        """The version with this number; None when there is none."""
        return next((one for one in self.all if one.number == number), None)

    def in_force(self, at: Moment) -> Version | None:
        """The version in force at a moment; None: the file that the operation began with."""
        started = [
            (start, one.number, one)
            for one in self.standing
            if (start := one.in_force_from or at) <= at and not one.in_the_way
        ]
        return max(started, default=(None, None, None))[2]

    @property
    def standing(self) -> tuple[Version, ...]:
        """The versions that are or were in force or will be, or were due and had something in the way."""
        return tuple(one for one in self.all if one.in_force_from is not None)

    def last(self, now: Moment) -> Version | None:
        """The version that the next one is made from, not one that was due and did not come into force; None: the file
        that the operation began with."""
        ground = [one for one in self.standing if self.state(one, now) != "not_in_force"]
        return ground[-1] if ground else None

    def stopped(self) -> tuple[Version, ...]:
        """The versions that did not come into force, or would not as things stand, while no later one was proposed."""
        proposed = [one.number for one in self.all if one.rejected_by is None]
        return tuple(one for one in self.standing if one.in_the_way and one.number == max(proposed))

    @property
    def waiting(self) -> Version | None:
        """The version that waits for a signature: at most one; None when none does."""
        return next((one for one in self.all if one.waits), None)

    @property
    def first_sha256(self) -> str | None:
        """The file that the operation began with; None while no version was ever proposed."""
        return self.all[0].base_sha256 if self.all else None

    def state(self, version: Version, at: Moment) -> VersionState:
        """How a version stands at a moment."""
        if version.rejected_by is not None:
            return "rejected"
        start = version.in_force_from
        if start is None:
            return "waiting"
        if start > at:
            return "ahead"
        if version.in_the_way:
            return "not_in_force"
        return "in_force" if self.in_force(at) == version else "past"


def fold(events: Iterable[Event]) -> Versions:
    """The versions from the events about them, in their order; an event that cannot be read makes none."""
    found: dict[int, Version] = {}
    for event in events:
        number = event.body.get("version")
        if not isinstance(number, int):
            continue
        if event.kind == kinds.VERSION_PROPOSED and number not in found:
            version = _proposed(event, number)
            if version is not None:
                found[number] = version
        elif number in found and found[number].rejected_by is None:
            found[number] = _judged(found[number], event)
    return Versions(tuple(found[number] for number in sorted(found)))


def _proposed(event: Event, number: int) -> Version | None:
    body = event.body
    texts = [body.get(name) for name in ("why", "sha256", "base_sha256")]
    asked = body.get("from_at")
    if not all(isinstance(text, str) for text in texts):
        return None
    return Version(
        number=number,
        at=event.corrected_at,
        by=event.by,
        why=str(texts[0]),
        sha256=str(texts[1]),
        base_sha256=str(texts[2]),
        sections=_words(body.get("sections")),
        signs=_words(body.get("signs")),
        asked_from=Moment(asked) if isinstance(asked, int) else None,
        left_out=LeftOut(
            places=frozenset(map(PlaceId, _words(body.get("places_left_out")))),
            legs=frozenset(_leg(one) for one in _rows(body.get("legs_left_out"))),
        ),
    )


def _judged(version: Version, event: Event) -> Version:
    if event.kind == kinds.VERSION_REJECTED:
        why = str(event.body.get("why", ""))
        return replace(version, rejected_by=event.by, rejected_at=event.corrected_at, rejected_why=why)
    if event.kind == kinds.VERSION_SIGNED and version.signed_by is None and event.by != version.by:
        return replace(version, signed_by=event.by, signed_at=event.corrected_at)
    return version


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, (list, tuple)) else ()


def _rows(value: Any) -> list[tuple[str, ...]]:
    """The legs of a body as rows of three texts; whatever is none is left out."""
    rows = [_words(one) for one in value] if isinstance(value, (list, tuple)) else []
    return [row for row in rows if len(row) == 3]


def _leg(row: tuple[str, ...]) -> tuple[LegId, PlaceId, PlaceId]:
    return LegId(row[0]), PlaceId(row[1]), PlaceId(row[2])


def _looked_at(version: Version, book: Book, known: Moment) -> Version:
    """The version with what is in its way, if it is for later than it was signed: then nobody looked when it was due.

    It is worked out by what was known at that moment, so that no record that comes later changes which file was in
    force; of a version that is ahead by what is known now, as a warning.
    """
    start = version.in_force_from
    if start is None or start <= (version.signed_at or version.at) or version.left_out == LeftOut():
        return version
    view = View(book, start, min(start, known))
    places = {PlaceId(name) for type_, name in map(parts, view.accounts()) if type_ == "place"}
    cancelled = {str(event.body.get("movement")) for event in view.events((MOVEMENT_CANCELLED.name,))}
    legs = {
        str(event.body.get("leg"))
        for event in view.events((MOVEMENT_PLANNED.name,))
        for movement in (MovementId(str(event.body.get("movement"))),)
        for track in (view.movement(movement),)
        if track.arrived_at is None and (track.departed_at is not None or movement not in cancelled)
    }
    stands, goes = version.left_out.places & places, {leg for leg, _, _ in version.left_out.legs if leg in legs}
    return replace(version, in_the_way=(*sorted(stands), *sorted(goes)))


def versions_of(book: Book, known: Moment, headquarters: DeviceId) -> Versions:
    """The versions as known at `known`. Only headquarters' own device changes the operation file: what any other device
    says about it is kept in the ledger and makes no version."""
    snapshot = book.snapshot()
    keys = book.keys_of(KINDS, snapshot, NEVER, judge(snapshot.standing_of, known)).tolist()
    events = [event for event in book.events(keys) if event.id.device == headquarters]
    versions = fold(sorted(events, key=lambda event: (event.order, event.hash)))
    return Versions(tuple(_looked_at(one, book, known) for one in versions.all))
