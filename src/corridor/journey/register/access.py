"""Who may read a person's names, and that they did: the one door to the identity rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.register.identity import Identity, decode, encode, full_names
from corridor.journey.register.refusals import NO_REASON, NOT_OWN_NATIONALS, ROLE_MAY_NOT_READ
from corridor.journey.register.search import Question, Span

Reach = Literal["everybody", "own_nationals", "nobody"]
Part = Literal["names", "birth", "documents", "contacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """That somebody asked to read people's identities, and why; `refused` is the code of the no, None: they read."""

    who: UserId
    role: str
    persons: tuple[PersonId, ...]
    why: str
    at: Moment
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsAsked:
    """Which readings are asked for: of a user, about a person, for a reason, from a moment on and to before another,
    the refused only; None and False: of all."""

    who: UserId | None = None
    person: PersonId | None = None
    why: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    refused: bool = False

    def meets(self, reading: Reading) -> bool:
        """Whether a reading is one of these."""
        return (
            self.who in (None, reading.who)
            and (self.person is None or self.person in reading.persons)
            and self.why in (None, reading.why)
            and (self.since is None or self.since <= reading.at)
            and (self.until is None or reading.at < self.until)
            and (not self.refused or reading.refused is not None)
        )


class IdentityRows(Protocol):
    """The identity store: one erasable row a person, and the log of who read. Only `see_persons` and `keep_person` call
    `get`."""

    def get(self, persons: Collection[PersonId]) -> Mapping[PersonId, bytes]:
        """The rows of these people; who has none is left out."""

    def put(self, person: PersonId, data: bytes, recorded_at: Moment) -> None:
        """Write a person's row in place of the one before."""

    def forget(self, person: PersonId) -> None:
        """Delete a person's row for good; nothing happens when there is none. The log stays."""

    def bearers(self, spans: Sequence[Span], most: int) -> Sequence[tuple[PersonId, int]]:
        """Who has keys in these spans, by the sum of what those are worth, greatest first; only `find_persons` asks."""

    def written_since(self, since: Moment) -> Iterator[tuple[PersonId, bytes]]:
        """The rows written at or after a moment; only `names_written_since` asks."""

    def count(self) -> int:
        """How many people have a row."""

    def ids(self) -> Set[PersonId]:
        """Who has a row."""

    def log_read(self, reading: Reading) -> None:
        """Keep the reading durably before returning."""

    def reads(self, person: PersonId | None = None) -> Sequence[Reading]:
        """Every reading, or every one that asked for this person, in order of their logging."""

    def count_reads(self, asked: ReadsAsked) -> int:
        """How many readings there are of these."""

    def reads_of(self, asked: ReadsAsked, first: int, most: int) -> Sequence[Reading]:
        """At most so many readings of these, the latest first; `first` of the latest are passed over."""

    def read_reasons(self) -> Sequence[str]:
        """Every reason for which something was read, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one role may read: of whom, and which parts of an identity."""

    reach: Reach
    parts: frozenset[Part] = frozenset()


_ALL: frozenset[Part] = frozenset(("names", "birth", "documents", "contacts"))
_PAPERS: frozenset[Part] = frozenset(("names", "birth", "documents"))
_CARE: frozenset[Part] = frozenset(("names", "birth"))

ACCESS: Mapping[str, Access] = {
    "duty_officer": Access(reach="everybody", parts=_ALL),
    "list_officer": Access(reach="everybody", parts=_ALL),
    "gate_officer": Access(reach="everybody", parts=_PAPERS),
    "medic": Access(reach="everybody", parts=_CARE),
    "psychologist": Access(reach="everybody", parts=_CARE),
    "consul": Access(reach="everybody", parts=_ALL),
    "movement_officer": Access(reach="everybody", parts=_PAPERS),
    "reception_officer": Access(reach="everybody", parts=_ALL),
    "partner_liaison": Access(reach="own_nationals", parts=_ALL),
    "press_officer": Access(reach="nobody"),
    "auditor": Access(reach="everybody", parts=_ALL),
}
"""What each role may read; a role that is not here may read nothing."""

_NOTHING = Access(reach="nobody")


def see_persons(
    store: IdentityRows,
    who: UserId,
    role: str,
    persons: Sequence[PersonId],
    why: str,
    now: Moment,
    *,
    country: str | None = None,
    citizenships: Mapping[PersonId, Sequence[str]] | None = None,
) -> dict[PersonId, Identity] | Refusal:
    """The identities of these people as far as the role may read them; parts it may not read are empty.

    The only way to a person's identity row. The reading is logged before anything is returned, a refused one too. A
    liaison gives their partner's `country` (alpha-3) and everybody's `citizenships`; a person whose citizenships are
    not given is nobody's national. Who has no row, never written or forgotten, is left out of the answer.
    """
    access = ACCESS.get(role, _NOTHING)
    asked = tuple(sorted(set(persons)))
    refusal = _refusal(access, role, asked, why, country, citizenships or {})
    reading = Reading(who=who, role=role, persons=asked, why=why, at=now, refused=refusal.code if refusal else None)
    store.log_read(reading)
    if refusal is not None:
        return refusal
    seen: dict[PersonId, Identity] = {}
    for person, data in sorted(store.get(asked).items()):
        identity = decode(person, data)
        if isinstance(identity, Refusal):
            return identity
        seen[person] = _only(identity, access.parts)
    return seen


def find_persons(
    store: IdentityRows, who: UserId, role: str, asked: Question, now: Moment, *, most: int
) -> tuple[PersonId, ...] | Refusal:
    """Who is found by a question, the likeliest first, at most so many.

    Roles that read everybody's names search, and by the parts that they may read: a search tells what stands in the
    rows. It is logged with whom it found; what was typed is not, being somebody's name itself.
    """
    access = ACCESS.get(role, _NOTHING)
    refusal = None if access.reach == "everybody" and "names" in access.parts else ROLE_MAY_NOT_READ(role=role)
    found: tuple[PersonId, ...] = ()
    if refusal is None and (spans := asked.spans_of(access.parts)):
        bearers = store.bearers(spans, most)
        found = tuple(person for person, worth in bearers if worth >= asked.worth_min)
    code = refusal.code if refusal else None
    store.log_read(Reading(who=who, role=role, persons=tuple(sorted(found)), why="search", at=now, refused=code))
    return found if refusal is None else refusal


def find_bearers(
    store: IdentityRows, who: UserId, role: str, keys: Sequence[Span], now: Moment, *, most: int, why: str
) -> list[tuple[PersonId, ...]] | Refusal:
    """Who has each of these keys, at most so many each: the batch form of `find_persons`, logged once with all whom it
    found."""
    access = ACCESS.get(role, _NOTHING)
    refusal = None if access.reach == "everybody" and access.parts == _ALL else ROLE_MAY_NOT_READ(role=role)
    found: list[tuple[PersonId, ...]] = []
    if refusal is None:
        found = [tuple(person for person, _ in store.bearers((key,), most)) for key in keys]
    persons = tuple(sorted({person for some in found for person in some}))
    code = refusal.code if refusal else None
    store.log_read(Reading(who=who, role=role, persons=persons, why=why, at=now, refused=code))
    return found if refusal is None else refusal


def names_written_since(
    store: IdentityRows, who: UserId, role: str, since: Moment, now: Moment
) -> Iterator[tuple[PersonId, tuple[str, ...], int]] | Refusal:
    """The full names of everybody whose row was written at or after `since`, with the row's version, for an index of
    names.

    The batch form of `see_persons`: for roles that read everybody's names, logged once, as a reading that names nobody
    because it is of all. A row that cannot be read is passed over here and told to whoever opens the person.
    """
    access = ACCESS.get(role, _NOTHING)
    refusal = None if access.reach == "everybody" and "names" in access.parts else ROLE_MAY_NOT_READ(role=role)
    code = refusal.code if refusal else None
    store.log_read(Reading(who=who, role=role, persons=(), why="index of names", at=now, refused=code))
    return _names_in(store.written_since(since)) if refusal is None else refusal


def _names_in(rows: Iterable[tuple[PersonId, bytes]]) -> Iterator[tuple[PersonId, tuple[str, ...], int]]:
    for person, data in rows:
        identity = decode(person, data)
        if not isinstance(identity, Refusal):
            yield person, full_names(identity), identity.version


def everybody_known(
    store: IdentityRows, who: UserId, role: str, now: Moment, *, why: str
) -> Iterator[tuple[PersonId, Identity]] | Refusal:
    """Everybody's identities, to compare all with all: for roles that read every part of everybody, logged once as a
    reading that names nobody because it is of all. A row that cannot be read is passed over."""
    access = ACCESS.get(role, _NOTHING)
    refusal = None if access.reach == "everybody" and access.parts == _ALL else ROLE_MAY_NOT_READ(role=role)
    code = refusal.code if refusal else None
    store.log_read(Reading(who=who, role=role, persons=(), why=why, at=now, refused=code))
    if refusal is not None:
        return refusal
    read = ((person, decode(person, data)) for person, data in store.written_since(Moment(0)))
    return ((person, identity) for person, identity in read if not isinstance(identity, Refusal))


def keep_person(
    store: IdentityRows,
    who: UserId,
    role: str,
    person: PersonId,
    parts: frozenset[Part],
    change: Callable[[Identity], Identity],
    now: Moment,
) -> Identity | Refusal:
    """Write these parts of a person's identity anew, and keep the others as they are; the identity as it now stands.

    The only way to write a row at headquarters. `change` is given what the role may read, as `see_persons` gives it, so
    that nothing it may not see passes through a page; the reading is logged with why. Whether the role may write is
    asked by the door.
    """
    access = ACCESS.get(role, _NOTHING)
    refusal = None if access.reach == "everybody" else ROLE_MAY_NOT_READ(role=role)
    store.log_read(
        Reading(
            who=who,
            role=role,
            persons=(person,),
            why="identity written",
            at=now,
            refused=refusal.code if refusal else None,
        )
    )
    if refusal is not None:
        return refusal
    data = store.get((person,)).get(person)
    stands = Identity(version=0) if data is None else decode(person, data)
    if isinstance(stands, Refusal):
        return stands
    changed = change(_only(stands, access.parts))
    fresh = {part: getattr(changed, part) for part in parts & access.parts}
    identity = replace(stands, version=stands.version + 1, **fresh)
    store.put(person, encode(identity), now)
    return identity


def _refusal(
    access: Access,
    role: str,
    persons: tuple[PersonId, ...],
    why: str,
    country: str | None,
    citizenships: Mapping[PersonId, Sequence[str]],
) -> Refusal | None:
    """Why this reading may not be, or None when it may."""
    if access.reach == "nobody":
        return ROLE_MAY_NOT_READ(role=role)
    if not why.strip():
        return NO_REASON()
    if access.reach == "own_nationals":
        others = [person for person in persons if country is None or country not in citizenships.get(person, ())]
        if others:
            return NOT_OWN_NATIONALS(number=len(others))
    return None


def _only(identity: Identity, parts: frozenset[Part]) -> Identity:
    """The identity with only these parts."""
    return replace(
        identity,
        names=identity.names if "names" in parts else (),
        birth=identity.birth if "birth" in parts else None,
        documents=identity.documents if "documents" in parts else (),
        contacts=identity.contacts if "contacts" in parts else (),
    )
