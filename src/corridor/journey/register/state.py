"""Where a person stands in registration: particulars, party, ties, needs and demand, from the events about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from corridor.base.ids import PartyId, PersonId
from corridor.base.moments import Moment
from corridor.base.operation import Need
from corridor.journey.reading import Unreadable, by_name, read
from corridor.journey.register import events as happened
from corridor.journey.register.events import (
    MINORS,
    AgeBand,
    Channel,
    PairVerdict,
    PartyRole,
    Relation,
    Sex,
    TieType,
    WithdrawalReason,
)
from corridor.journey.register.refusals import TIE_WITHOUT_PERSON
from corridor.ledger.event import Event

DemandChange = Literal["applied", "withdrew", "reoffered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieHeld:
    """A tie that holds: `person` is guardian of, parent of, spouse of, or will not travel without, `other`."""

    tie: TieType
    person: PersonId
    other: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """That a person may travel apart from their party."""

    person: PersonId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMark:
    """The last that is known of one way to reach a person; `reachable` None: not tried."""

    channel: Channel
    reachable: bool | None
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStep:
    """A person entered or left the demand."""

    at: Moment
    change: DemandChange


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeHeld:
    """That an id was said to be one human being with another, and why; it holds until they are parted."""

    kept: PersonId
    dropped: PersonId
    why: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSaid:
    """What an officer said last of two ids, sorted: `different`, or `unsure`."""

    pair: tuple[PersonId, PersonId]
    verdict: PairVerdict
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterState:
    """One person in registration. `registered_at` None: seen, never registered; any other None: not known."""

    registered_at: Moment | None = None
    party: PartyId | None = None
    party_role: PartyRole | None = None
    citizenships: tuple[str, ...] = ()  # the first is the one counted; none: not known
    age_band: AgeBand | None = None
    sex: Sex | None = None
    relation: Relation | None = None
    category: str | None = None
    channel: str | None = None
    application: str | None = None
    identity_version: int = 0  # 0: no identity was written
    needs: frozenset[Need] = frozenset()
    contacts: tuple[ContactMark, ...] = ()  # one a channel, by channel
    ties: frozenset[TieHeld] = frozenset()
    waivers: frozenset[Waiver] = frozenset()
    demand: tuple[DemandStep, ...] = ()
    withdrawn: WithdrawalReason | None = None  # None: comes
    died_at: Moment | None = None  # None: alive as far as is known
    forgotten: bool = False
    codes_from: int | None = None  # cards printed before this second are revoked; None: none is
    merges: tuple[MergeHeld, ...] = ()  # by which other ids are this human being, by time
    pairs: tuple[PairSaid, ...] = ()  # whom this person was compared with and not merged, by time
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def travels(self) -> bool:
        """Whether the person still comes: neither withdrawn nor dead."""
        return self.withdrawn is None and self.died_at is None

    @property
    def is_minor(self) -> bool:
        """Whether the person is known to need an adult."""
        return self.age_band in MINORS

    @property
    def is_adult(self) -> bool:
        """Whether the person is known to be grown up; an unknown age is neither minor nor adult."""
        return self.age_band is not None and not self.is_minor


_KINDS = by_name(happened.KINDS)
_PARTICULARS = ("citizenships", "age_band", "sex", "relation", "category", "channel", "application")


class _Person:
    """What the fold has gathered so far about one person."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.needs: set[Need] = set()
        self.contacts: dict[Channel, ContactMark] = {}
        self.ties: set[TieHeld] = set()
        self.waivers: set[Waiver] = set()
        self.demand: list[DemandStep] = []
        self.merges: dict[frozenset[PersonId], MergeHeld] = {}
        self.pairs: dict[frozenset[PersonId], PairSaid] = {}
        self.unreadable: list[Unreadable] = []

    def take(self, event: Event, body: Any) -> None:
        """Add one event."""
        match body:
            case happened.Registered():
                self.fields.setdefault("registered_at", event.corrected_at)
                if self.fields.get("party") != body.party:
                    self.fields |= {"party": body.party, "party_role": None}
                self.particulars(body)
                self.enter(event.corrected_at)
            case happened.ParticularsChanged():
                self.particulars(body)
            case happened.Identified():
                self.fields["identity_version"] = max(self.fields.get("identity_version", 0), body.version)
            case happened.JoinedParty():
                self.fields |= {"party": body.party, "party_role": body.role}
                # A waiver was given for the company of that time; who joins again is of the party again.
                self.waivers -= {Waiver(person=person, party=body.party) for person in event.persons}
            case happened.LeftParty():
                if self.fields.get("party") == body.party:
                    self.fields |= {"party": None, "party_role": None}
            case happened.Tied() | happened.Untied():
                self.tie(event, body)
            case happened.SplitWaived():
                self.waivers |= {Waiver(person=person, party=body.party) for person in event.persons}
            case happened.NeedRecorded():
                self.needs.add(body.need)
            case happened.NeedEnded():
                self.needs.discard(body.need)
            case happened.ContactRecorded():
                self.contacts[body.channel] = ContactMark(
                    channel=body.channel, reachable=body.reachable, at=event.corrected_at
                )
            case happened.Withdrew():
                self.leave(event.corrected_at, body.why)
            case happened.Reoffered():
                self.enter(event.corrected_at)
            case happened.Died():
                self.fields.setdefault("died_at", event.corrected_at)
            case happened.Forgotten():
                self.fields["forgotten"] = True
            case happened.CodesRevoked():
                self.fields["codes_from"] = max(self.fields.get("codes_from", 0), body.before)
            case happened.Merged() | happened.Parted():
                self.merge(event.corrected_at, body)
            case happened.PairJudged():
                self.judge(event, body)
            case _:
                raise AssertionError(f"no rule for {event.kind}")

    def particulars(self, body: happened.Registered | happened.ParticularsChanged) -> None:
        """Take over what the body knows; what it leaves out stays as it was."""
        for name in _PARTICULARS:
            value = getattr(body, name, None)
            if value is not None:
                self.fields[name] = value

    def tie(self, event: Event, body: happened.Tied | happened.Untied) -> None:
        """Tie or untie each of the event's persons, but the other one."""
        ties = {
            TieHeld(tie=body.tie, person=person, other=body.other) for person in event.persons if person != body.other
        }
        if not ties:
            refusal = TIE_WITHOUT_PERSON(tie=body.tie, other=body.other)
            self.unreadable.append(Unreadable(event=event.id, refusal=refusal))
        elif isinstance(body, happened.Tied):
            self.ties |= ties
        else:
            self.ties -= ties

    def merge(self, at: Moment, body: happened.Merged | happened.Parted) -> None:
        """Of what was said of two ids the last holds."""
        pair = frozenset((body.kept, body.dropped))
        self.merges.pop(pair, None)
        if isinstance(body, happened.Merged):
            self.merges[pair] = MergeHeld(kept=body.kept, dropped=body.dropped, why=body.why, at=at)

    def judge(self, event: Event, body: happened.PairJudged) -> None:
        """Of what was said of two people the last counts; of ids that were merged since then it says nothing more."""
        pair = frozenset(event.persons)
        self.pairs.pop(pair, None)
        if len(pair) == 2 and body.verdict != "open":
            one, other = sorted(pair)
            self.pairs[pair] = PairSaid(pair=(one, other), verdict=body.verdict, at=event.corrected_at)

    def enter(self, at: Moment) -> None:
        """The person comes; a step of the demand only when they were not in it."""
        self.fields["withdrawn"] = None
        if not self.demand:
            self.demand.append(DemandStep(at=at, change="applied"))
        elif self.demand[-1].change == "withdrew":
            self.demand.append(DemandStep(at=at, change="reoffered"))

    def leave(self, at: Moment, why: WithdrawalReason) -> None:
        """The person does not come; a step of the demand only when they were in it."""
        self.fields["withdrawn"] = why
        if self.demand and self.demand[-1].change != "withdrew":
            self.demand.append(DemandStep(at=at, change="withdrew"))


def fold(events: Iterable[Event]) -> RegisterState:
    """Where one person stands in registration, from everything that names them: a pure function of the set."""
    person = _Person()
    for event, body in read(events, _KINDS, person.unreadable):
        person.take(event, body)
    return RegisterState(
        **person.fields,
        needs=frozenset(person.needs),
        contacts=tuple(person.contacts[channel] for channel in sorted(person.contacts)),
        ties=frozenset(person.ties),
        waivers=frozenset(person.waivers),
        demand=tuple(person.demand),
        merges=tuple(person.merges.values()),
        pairs=tuple(person.pairs.values()),
        unreadable=tuple(sorted(person.unreadable, key=lambda one: one.event)),
    )
