"""What was noted, by which device and when: the story's events before any device has minted them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from corridor.base.ids import AccountId, DeviceId, EventId, MovementId, PersonId, UserId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Operation
from corridor.drill.people.invented import Party, Person
from corridor.drill.plan import ReplayPlan, Window
from corridor.journey.kinds import Kind, draft
from corridor.ledger.accounts import place_account
from corridor.ledger.event import Draft

SEALED_BYTES = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A draft with the true time and the device that records it.

    `key` is how another note's `refers` names it: that note's body field gets this note's event id once it has one.
    """

    device: DeviceId
    draft: Draft
    key: str = ""
    refers: tuple[str, str] | None = None  # body field, key of the note meant; None: no event is named


def resolved(note: Note, ids: Mapping[str, EventId]) -> Draft | None:
    """The note's draft with the id of the event it refers to; None: that event was not recorded."""
    if note.refers is None:
        return note.draft
    name, key = note.refers
    return replace(note.draft, body={**note.draft.body, name: str(ids[key])}) if key in ids else None


@dataclass(slots=True, kw_only=True)
class Diary:
    """Everything noted so far, and what the later stages need to know of the earlier ones.

    The maps are filled by the stage that knows: `registered_at` by applications, `crossed_at` and `row_of` by the
    crossing and the lists, `reached_at` (a staging or home place was reached) by movements.
    """

    operation: Operation
    plan: ReplayPlan
    parties: tuple[Party, ...]
    rng: Random
    notes: list[Note] = field(default_factory=list)
    archive: list[bytes] = field(default_factory=list)
    registered_at: dict[PersonId, Moment] = field(default_factory=dict)
    away: dict[str, list[Window]] = field(default_factory=dict)  # party: when it had withdrawn
    row_of: dict[tuple[str, PersonId], int] = field(default_factory=dict)
    crossed_at: dict[PersonId, Moment] = field(default_factory=dict)
    boarded_at: dict[tuple[MovementId, PersonId], Moment] = field(default_factory=dict)
    reached_at: dict[tuple[MovementId, PersonId], Moment] = field(default_factory=dict)

    def note(
        self,
        device: DeviceId,
        by: UserId,
        kind: Kind,
        body: object,
        at: Moment,
        persons: Iterable[PersonId] = (),
        *,
        source: AccountId | None = None,
        target: AccountId | None = None,
        key: str = "",
        refers: tuple[str, str] | None = None,
    ) -> None:
        """Note an event of a stage at its true time."""
        made = draft(kind, body, at=at, by=by, persons=tuple(persons), source=source, target=target)
        self.notes.append(Note(device=device, draft=made, key=key, refers=refers))

    def note_plain(self, device: DeviceId, by: UserId, kind: str, body: Mapping[str, object], at: Moment) -> None:
        """Note one of the ledger's own events; what is None in its body is left out."""
        facts = {name: value for name, value in body.items() if value is not None}
        self.notes.append(Note(device=device, draft=Draft(kind=kind, happened_at=at, by=by, body=facts)))

    def parties_of(self, *groups: str) -> tuple[Party, ...]:
        """The parties of these groups, in the order in which they were invented."""
        return tuple(party for party in self.parties if party.group in groups)

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.rng.random() < share

    def after(self, at: Moment, least: float, most: float) -> Moment:
        """A moment between that many minutes after another one."""
        return Moment(at + int(self.rng.uniform(least, most) * MINUTE_MS))

    def sealed(self) -> str:
        """A body nobody can open: random bytes in the place of sealed words that were never said."""
        return base64.b64encode(self.rng.randbytes(SEALED_BYTES)).decode()

    def at_origin(self) -> AccountId:
        """The account of those not yet out."""
        return place_account(self.plan.origin)


def lap(person: Person) -> bool:
    """Whether the person travels on a lap: an infant has no seat."""
    return person.age_band == "infant"
