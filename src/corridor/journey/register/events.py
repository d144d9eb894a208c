"""What can happen in registration: the bodies of its events and their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from corridor.base.ids import PartyId, PersonId
from corridor.base.operation import Need
from corridor.journey.kinds import Kind

Citizenship = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
"""A country as passports print it, ISO 3166-1 alpha-3 (RUS, PSE; XXA for nobody's citizen)."""

AgeBand = Literal["infant", "child", "adult", "elder"]
"""Infant: under 2 years, no seat of their own. Child: under 18. Elder: 65 and over."""

MINORS: tuple[AgeBand, ...] = ("infant", "child")
"""The age bands that need an adult."""

Sex = Literal["female", "male", "other"]
Relation = Literal["citizen", "relative"]
PartyRole = Literal["head", "spouse", "child", "guardian", "other"]
TieType = Literal["guardian_of", "will_not_travel_without", "spouse_of", "parent_of"]
Channel = Literal["phone", "email", "messenger", "address"]
WithdrawalReason = Literal["declined", "changed_mind", "other_means", "not_reachable", "blocked"]
PairVerdict = Literal["different", "unsure", "open"]
IdentityField = Literal["names", "birth", "documents", "contacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A person enters the book, in a party. No citizenship means none is known; the first one is the one counted."""

    party: PartyId
    citizenships: tuple[Citizenship, ...]
    age_band: AgeBand
    sex: Sex | None = None  # None: not known
    relation: Relation | None = None  # None: not known
    category: str | None = None  # None: not decided
    channel: str | None = None  # how the application came; None: not known
    application: str | None = None  # the application's number; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsChanged:
    """Particulars turned out otherwise; what is None stays as it was."""

    citizenships: tuple[Citizenship, ...] | None = None
    age_band: AgeBand | None = None
    sex: Sex | None = None
    relation: Relation | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """The identity row was written: which fields changed and its version; the values are in the identity store."""

    fields: tuple[IdentityField, ...]
    version: Annotated[int, Meta(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedParty:
    """The persons join a party, and leave the one they were in."""

    party: PartyId
    role: PartyRole | None = None  # None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftParty:
    """The persons leave a party and are in none until they join one."""

    party: PartyId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """The event's persons, but `other`, are tied to `other`: "guardian of other", "will not travel without other"."""

    tie: TieType
    other: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Untied:
    """The same tie no longer holds."""

    tie: TieType
    other: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitWaived:
    """The event's persons may travel apart from the rest of their party: `said_by` of the party said so."""

    party: PartyId
    said_by: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRecorded:
    """The persons need this from now on."""

    need: Need
    detail: str | None = None  # None: nothing more is known


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedEnded:
    """The persons no longer need this."""

    need: Need
    detail: str | None = None  # None: no reason given


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded:
    """A way to reach the persons was tried or given; the number or address is in the identity store."""

    channel: Channel
    reachable: bool | None = None  # None: not tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrew:
    """The persons do not come: out of the demand, until they are offered again."""

    why: WithdrawalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reoffered:
    """Persons who had withdrawn come after all."""

    why: str | None = None  # None: no reason given


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """The persons have died."""

    where: str | None = None  # None: not known
    sealed: str | None = None  # None: nothing was added


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The identity row and the person's key were deleted."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesRevoked:
    """The cards and wristbands of these persons that were printed before this second (since 1970) are good no longer:
    one was lost, or is in other hands."""

    before: Annotated[int, Meta(ge=0)]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Two ids of the event's persons are one human being: from now on records of `dropped` are read as of `kept`."""

    kept: PersonId
    dropped: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """The two ids are not one human being after all: each has its own records again."""

    kept: PersonId
    dropped: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudged:
    """Whether the event's persons, `other` being one, are one human being: no, or an officer could not tell; `open`
    takes back what was said."""

    other: PersonId
    verdict: PairVerdict


REGISTERED = Kind(
    name="registered", stage="register", body=Registered, moves=True, says="Registered in party {party}, {age_band}."
)
PARTICULARS_CHANGED = Kind(
    name="particulars_changed", stage="register", body=ParticularsChanged, moves=False, says="Particulars changed."
)
IDENTIFIED = Kind(
    name="identified", stage="register", body=Identified, moves=False, says="Identity written, version {version}."
)
JOINED_PARTY = Kind(name="joined_party", stage="register", body=JoinedParty, moves=False, says="Joined party {party}.")
LEFT_PARTY = Kind(name="left_party", stage="register", body=LeftParty, moves=False, says="Left party {party}: {why}.")
TIED = Kind(name="tied", stage="register", body=Tied, moves=False, says="Tie {tie} with {other}.")
UNTIED = Kind(name="untied", stage="register", body=Untied, moves=False, says="Tie {tie} with {other} ended.")
SPLIT_WAIVED = Kind(
    name="split_waived",
    stage="register",
    body=SplitWaived,
    moves=False,
    says="May travel apart from party {party}, as {said_by} said: {why}.",
)
NEED_RECORDED = Kind(name="need_recorded", stage="register", body=NeedRecorded, moves=False, says="Needs {need}.")
NEED_ENDED = Kind(name="need_ended", stage="register", body=NeedEnded, moves=False, says="No longer needs {need}.")
CONTACT_RECORDED = Kind(
    name="contact_recorded", stage="register", body=ContactRecorded, moves=False, says="Contact by {channel}."
)
WITHDREW = Kind(name="withdrew", stage="register", body=Withdrew, moves=True, says="Withdrew: {why}.")
REOFFERED = Kind(name="reoffered", stage="register", body=Reoffered, moves=True, says="Comes after all.")
DIED = Kind(name="died", stage="register", body=Died, moves=True, says="Died.")
FORGOTTEN = Kind(name="forgotten", stage="register", body=Forgotten, moves=False, says="Identity forgotten: {why}.")
CODES_REVOKED = Kind(
    name="codes_revoked", stage="register", body=CodesRevoked, moves=False, says="Older cards are revoked: {why}."
)
MERGED = Kind(
    name="merged", stage="register", body=Merged, moves=False, says="{dropped} is the same person as {kept}: {why}."
)
PARTED = Kind(
    name="parted", stage="register", body=Parted, moves=False, says="{dropped} and {kept} are two people: {why}."
)
PAIR_JUDGED = Kind(
    name="pair_judged", stage="register", body=PairJudged, moves=False, says="Compared with {other}: {verdict}."
)

KINDS: tuple[Kind, ...] = (
    REGISTERED,
    PARTICULARS_CHANGED,
    IDENTIFIED,
    JOINED_PARTY,
    LEFT_PARTY,
    TIED,
    UNTIED,
    SPLIT_WAIVED,
    NEED_RECORDED,
    NEED_ENDED,
    CONTACT_RECORDED,
    WITHDREW,
    REOFFERED,
    DIED,
    FORGOTTEN,
    CODES_REVOKED,
    MERGED,
    PARTED,
    PAIR_JUDGED,
)
