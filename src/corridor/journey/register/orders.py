"""What headquarters may want done in registration: the orders, and the facts by which they are decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corridor.base.ids import AccountId, PartyId, PersonId, PlaceId, UserId
from corridor.base.operation import Need
from corridor.journey.register.events import (
    AgeBand,
    Channel,
    PairVerdict,
    PartyRole,
    Relation,
    Sex,
    TieType,
    WithdrawalReason,
)
from corridor.journey.register.state import RegisterState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person who applies; what is None is not known."""

    person: PersonId
    citizenships: tuple[str, ...]
    age_band: AgeBand
    role: PartyRole | None = None
    sex: Sex | None = None
    relation: Relation | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Take people into the book, as one party at a place."""

    by: UserId
    party: PartyId
    persons: tuple[NewPerson, ...]
    place: PlaceId
    channel: str | None = None
    application: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeParticulars:
    """Correct what is known of a person; None leaves a field as it is."""

    by: UserId
    person: PersonId
    citizenships: tuple[str, ...] | None = None
    age_band: AgeBand | None = None
    sex: Sex | None = None
    relation: Relation | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormParty:
    """Put people into one party, whichever they were in; a role None is not known."""

    by: UserId
    party: PartyId
    members: tuple[tuple[PersonId, PartyRole | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveParty:
    """Take people out of their party."""

    by: UserId
    party: PartyId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Tie `person` to `other`: guardian of, will not travel without, spouse of, parent of."""

    by: UserId
    tie: TieType
    person: PersonId
    other: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Untie:
    """End a tie."""

    by: UserId
    tie: TieType
    person: PersonId
    other: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveSplit:
    """Let people travel apart from their party, because `said_by`, an adult of it, said so."""

    by: UserId
    party: PartyId
    persons: tuple[PersonId, ...]
    said_by: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNeed:
    """Record what people need."""

    by: UserId
    persons: tuple[PersonId, ...]
    need: Need
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNeed:
    """Record that people no longer need something."""

    by: UserId
    persons: tuple[PersonId, ...]
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """Record a way to reach people and whether they were reached; the number goes to the identity store."""

    by: UserId
    persons: tuple[PersonId, ...]
    channel: Channel
    reachable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take people out of the demand."""

    by: UserId
    persons: tuple[PersonId, ...]
    why: WithdrawalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reoffer:
    """Take people who withdrew into the demand again, at a place."""

    by: UserId
    persons: tuple[PersonId, ...]
    place: PlaceId
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    """Record that people died."""

    by: UserId
    persons: tuple[PersonId, ...]
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Delete the identity of people whose road has ended; the shell deletes the row and the key with the event."""

    by: UserId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCodes:
    """Say that the cards and wristbands printed for people up to now are good no longer."""

    by: UserId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Say that two ids are one human being, who goes on under `kept`."""

    by: UserId
    kept: PersonId
    dropped: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Say that two merged ids are two people after all."""

    by: UserId
    kept: PersonId
    dropped: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePair:
    """Say that two people are different, or that nobody can tell; `open` takes it back."""

    by: UserId
    person: PersonId
    other: PersonId
    verdict: PairVerdict


Order = (
    Register
    | ChangeParticulars
    | FormParty
    | LeaveParty
    | Tie
    | Untie
    | WaiveSplit
    | RecordNeed
    | EndNeed
    | RecordContact
    | Withdraw
    | Reoffer
    | RecordDeath
    | Forget
    | RevokeCodes
    | Merge
    | Part
    | JudgePair
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What a rule of registration needs to know.

    `states` holds everybody named, everybody of the parties named or left, and everybody tied to any of them; who is
    in the book but was never registered has an empty state, who is not in the book is absent. `accounts` holds where
    those people are; `places` the operation's places; `merged` the merged ids with those they are read as.
    """

    states: Mapping[PersonId, RegisterState]
    accounts: Mapping[PersonId, AccountId]
    places: frozenset[PlaceId]
    merged: Mapping[PersonId, PersonId] = field(default_factory=dict)
