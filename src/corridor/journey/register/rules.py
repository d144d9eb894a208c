"""What may be done in registration: an order and the facts become drafts of events, or a no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from corridor.base.ids import AccountId, PersonId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.moments import SECOND_MS, Moment
from corridor.base.refusal import Refusal
from corridor.journey.kinds import draft
from corridor.journey.register import events as happened
from corridor.journey.register import refusals as no
from corridor.journey.register.groups import left_alone
from corridor.journey.register.orders import (
    ChangeParticulars,
    EndNeed,
    Forget,
    FormParty,
    JudgePair,
    LeaveParty,
    Merge,
    Order,
    Part,
    RecordContact,
    RecordDeath,
    RecordNeed,
    Register,
    RegisterFacts,
    Reoffer,
    RevokeCodes,
    Tie,
    Untie,
    WaiveSplit,
    Withdraw,
)
from corridor.journey.register.state import RegisterState, TieHeld, Waiver
from corridor.ledger.accounts import OUTSIDE, end_account, parts, place_account
from corridor.ledger.event import Draft

Answer = tuple[Draft, ...] | Refusal


def decide(order: Order, facts: RegisterFacts, now: Moment) -> Answer:
    """The drafts that carry out the order at `now`, or why it may not be done."""
    named = _named(order)
    if (refusal := check_named(named)) is not None:
        return refusal
    why = getattr(order, "why", None)
    if why is not None and not why.strip():
        return no.NO_REASON()
    if not isinstance(order, Register):
        missing = [person for person in named if person not in facts.states]
        if missing:
            return no.NOT_REGISTERED(persons=listed(missing))
    return _RULES[type(order)](order, facts, now)


def check_named(persons: tuple[PersonId, ...]) -> Refusal | None:
    """Whether an order names somebody, each once, and no more than one event can hold."""
    if not persons:
        return no.NOBODY_NAMED()
    if len(persons) > EVENT_PERSONS_MAX:
        return no.TOO_MANY_NAMED(named=len(persons), most=EVENT_PERSONS_MAX)
    person, times = Counter(persons).most_common(1)[0]
    return no.NAMED_TWICE(person=person) if times > 1 else None


def listed(persons: Iterable[PersonId]) -> str:
    """The ids of people for a sentence, sorted."""
    return ", ".join(sorted(persons))


def _named(order: Order) -> tuple[PersonId, ...]:
    match order:
        case Register():
            return tuple(new.person for new in order.persons)
        case FormParty():
            return tuple(person for person, _ in order.members)
        case ChangeParticulars():
            return (order.person,)
        case Merge() | Part():
            return tuple(dict.fromkeys((order.kept, order.dropped)))
        case Tie() | Untie() | JudgePair():
            # The two are checked against each other by the rule, which has its own word for it.
            return tuple(dict.fromkeys((order.person, order.other)))
        case _:
            return order.persons


def _register(order: Register, facts: RegisterFacts, now: Moment) -> Answer:
    if order.place not in facts.places:
        return no.UNKNOWN_PLACE(place=order.place)
    states = [(new.person, facts.states.get(new.person)) for new in order.persons]
    known = [person for person, state in states if state is not None and state.registered_at is not None]
    if known:
        return no.ALREADY_REGISTERED(persons=listed(known))
    heads = sum(new.role == "head" for new in order.persons)
    heads += sum(state.party == order.party and state.party_role == "head" for state in facts.states.values())
    if heads > 1:
        return no.TWO_HEADS(party=order.party, heads=heads)
    drafts: list[Draft] = []
    for new in order.persons:
        body = happened.Registered(
            party=order.party,
            citizenships=new.citizenships,
            age_band=new.age_band,
            sex=new.sex,
            relation=new.relation,
            category=new.category,
            channel=order.channel,
            application=order.application,
        )
        # Who was seen before being registered is in the book already, and stays where they are.
        seen_at = facts.accounts.get(new.person)
        drafts.append(
            draft(
                happened.REGISTERED,
                body,
                at=now,
                by=order.by,
                persons=(new.person,),
                source=OUTSIDE if seen_at is None else None,
                target=seen_at or place_account(order.place),
            )
        )
        if new.role is not None:
            joined = happened.JoinedParty(party=order.party, role=new.role)
            drafts.append(draft(happened.JOINED_PARTY, joined, at=now, by=order.by, persons=(new.person,)))
    return tuple(drafts)


def _change_particulars(order: ChangeParticulars, facts: RegisterFacts, now: Moment) -> Answer:
    state = facts.states[order.person]
    names = ("citizenships", "age_band", "sex", "relation", "category")
    changes = {
        name: value for name in names if (value := getattr(order, name)) is not None and value != getattr(state, name)
    }
    if not changes:
        return no.NOTHING_CHANGED()
    body = happened.ParticularsChanged(**changes)
    return (draft(happened.PARTICULARS_CHANGED, body, at=now, by=order.by, persons=(order.person,)),)


def _form_party(order: FormParty, facts: RegisterFacts, now: Moment) -> Answer:
    staying = [person for person, _ in order.members if not facts.states[person].travels]
    if staying:
        return no.NOT_COMING(persons=listed(staying))
    roles = dict(order.members)
    others = {person: state for person, state in facts.states.items() if person not in roles}
    heads = sum(role == "head" for role in roles.values())
    heads += sum(state.party == order.party and state.party_role == "head" for state in others.values())
    if heads > 1:
        return no.TWO_HEADS(party=order.party, heads=heads)
    moved = {
        person: role
        for person, role in roles.items()
        if (facts.states[person].party, facts.states[person].party_role) != (order.party, role)
    }
    if not moved:
        return no.NOTHING_CHANGED()
    after = _changed(facts, moved, lambda state: replace(state, party=order.party, waivers=frozenset()))
    if alone := left_alone(facts.states, after):
        return no.MINORS_LEFT_ALONE(persons=listed(alone))
    by_role: dict[Any, list[PersonId]] = {}
    for person, role in moved.items():
        by_role.setdefault(role, []).append(person)
    return tuple(
        draft(
            happened.JOINED_PARTY,
            happened.JoinedParty(party=order.party, role=role),
            at=now,
            by=order.by,
            persons=tuple(persons),
        )
        for role, persons in by_role.items()
    )


def _leave_party(order: LeaveParty, facts: RegisterFacts, now: Moment) -> Answer:
    strangers = [person for person in order.persons if facts.states[person].party != order.party]
    if strangers:
        return no.NOT_IN_PARTY(persons=listed(strangers), party=order.party)
    after = _changed(facts, order.persons, lambda state: replace(state, party=None))
    if alone := left_alone(facts.states, after):
        return no.MINORS_LEFT_ALONE(persons=listed(alone))
    body = happened.LeftParty(party=order.party, why=order.why)
    return (draft(happened.LEFT_PARTY, body, at=now, by=order.by, persons=order.persons),)


def _tie(order: Tie, facts: RegisterFacts, now: Moment) -> Answer:
    if order.person == order.other:
        return no.TIED_TO_SELF(person=order.person)
    if order.tie == "guardian_of" and facts.states[order.person].is_minor:
        return no.GUARDIAN_IS_MINOR(person=order.person)
    tie = TieHeld(tie=order.tie, person=order.person, other=order.other)
    if tie in facts.states[order.person].ties:
        return no.ALREADY_TIED(person=order.person, other=order.other, tie=order.tie)
    body = happened.Tied(tie=order.tie, other=order.other)
    return (draft(happened.TIED, body, at=now, by=order.by, persons=(order.person, order.other)),)


def _untie(order: Untie, facts: RegisterFacts, now: Moment) -> Answer:
    tie = TieHeld(tie=order.tie, person=order.person, other=order.other)
    if tie not in facts.states[order.person].ties:
        return no.NOT_TIED(person=order.person, other=order.other, tie=order.tie)
    after = _changed(facts, (order.person,), lambda state: replace(state, ties=state.ties - {tie}))
    if alone := left_alone(facts.states, after):
        return no.MINORS_LEFT_ALONE(persons=listed(alone))
    body = happened.Untied(tie=order.tie, other=order.other)
    return (draft(happened.UNTIED, body, at=now, by=order.by, persons=(order.person, order.other)),)


def _waive_split(order: WaiveSplit, facts: RegisterFacts, now: Moment) -> Answer:
    speaker = facts.states.get(order.said_by)
    strangers = [person for person in order.persons if facts.states[person].party != order.party]
    if speaker is None or speaker.party != order.party:
        strangers.append(order.said_by)
    if speaker is None or strangers:
        return no.NOT_IN_PARTY(persons=listed(set(strangers)), party=order.party)
    if not speaker.is_adult:
        return no.WAIVER_BY_MINOR(said_by=order.said_by)
    waived = {person: frozenset({Waiver(person=person, party=order.party)}) for person in order.persons}
    after = {
        person: replace(state, waivers=state.waivers | waived[person]) if person in waived else state
        for person, state in facts.states.items()
    }
    if after == facts.states:
        return no.NOTHING_CHANGED()
    if alone := left_alone(facts.states, after):
        return no.MINORS_LEFT_ALONE(persons=listed(alone))
    body = happened.SplitWaived(party=order.party, said_by=order.said_by, why=order.why)
    return (draft(happened.SPLIT_WAIVED, body, at=now, by=order.by, persons=order.persons),)


def _record_need(order: RecordNeed, facts: RegisterFacts, now: Moment) -> Answer:
    have = [person for person in order.persons if order.need in facts.states[person].needs]
    if have and order.detail is None:
        return no.ALREADY_NEEDED(need=order.need, persons=listed(have))
    body = happened.NeedRecorded(need=order.need, detail=order.detail)
    return (draft(happened.NEED_RECORDED, body, at=now, by=order.by, persons=order.persons),)


def _end_need(order: EndNeed, facts: RegisterFacts, now: Moment) -> Answer:
    without = [person for person in order.persons if order.need not in facts.states[person].needs]
    if without:
        return no.NOT_NEEDED(need=order.need, persons=listed(without))
    body = happened.NeedEnded(need=order.need)
    return (draft(happened.NEED_ENDED, body, at=now, by=order.by, persons=order.persons),)


def _record_contact(order: RecordContact, facts: RegisterFacts, now: Moment) -> Answer:
    body = happened.ContactRecorded(channel=order.channel, reachable=order.reachable)
    return (draft(happened.CONTACT_RECORDED, body, at=now, by=order.by, persons=order.persons),)


def _withdraw(order: Withdraw, facts: RegisterFacts, now: Moment) -> Answer:
    gone = [person for person in order.persons if facts.states[person].withdrawn is not None]
    if gone:
        return no.ALREADY_WITHDRAWN(persons=listed(gone))
    elsewhere = [person for person in order.persons if _at(facts, person) != "place"]
    if elsewhere:
        return no.NOT_AT_A_PLACE(persons=listed(elsewhere))
    # That it leaves a minor alone is no reason to refuse: who declines has declined. It becomes a finding.
    body = happened.Withdrew(why=order.why)
    return tuple(
        draft(
            happened.WITHDREW,
            body,
            at=now,
            by=order.by,
            persons=persons,
            source=account,
            target=end_account("withdrawn"),
        )
        for account, persons in _by_account(facts, order.persons)
    )


def _reoffer(order: Reoffer, facts: RegisterFacts, now: Moment) -> Answer:
    if order.place not in facts.places:
        return no.UNKNOWN_PLACE(place=order.place)
    dead = [person for person in order.persons if facts.states[person].died_at is not None]
    if dead:
        return no.ALREADY_DEAD(persons=listed(dead))
    coming = [
        person
        for person in order.persons
        if facts.states[person].withdrawn is None or facts.accounts.get(person) != end_account("withdrawn")
    ]
    if coming:
        return no.NOT_WITHDRAWN(persons=listed(coming))
    body = happened.Reoffered(why=order.why)
    source, target = end_account("withdrawn"), place_account(order.place)
    return (draft(happened.REOFFERED, body, at=now, by=order.by, persons=order.persons, source=source, target=target),)


def _record_death(order: RecordDeath, facts: RegisterFacts, now: Moment) -> Answer:
    dead = [person for person in order.persons if facts.states[person].died_at is not None]
    if dead:
        return no.ALREADY_DEAD(persons=listed(dead))
    body = happened.Died(where=order.where)
    return tuple(
        draft(happened.DIED, body, at=now, by=order.by, persons=persons, source=account, target=end_account("died"))
        for account, persons in _by_account(facts, order.persons)
    )


def _forget(order: Forget, facts: RegisterFacts, now: Moment) -> Answer:
    forgotten = [person for person in order.persons if facts.states[person].forgotten]
    if forgotten:
        return no.ALREADY_FORGOTTEN(persons=listed(forgotten))
    travelling = [person for person in order.persons if _at(facts, person) != "end"]
    if travelling:
        return no.STILL_ON_THE_ROAD(persons=listed(travelling))
    return (draft(happened.FORGOTTEN, happened.Forgotten(why=order.why), at=now, by=order.by, persons=order.persons),)


def _revoke_codes(order: RevokeCodes, facts: RegisterFacts, now: Moment) -> Answer:
    body = happened.CodesRevoked(before=now // SECOND_MS + 1, why=order.why)
    return (draft(happened.CODES_REVOKED, body, at=now, by=order.by, persons=order.persons),)


def _merge(order: Merge, facts: RegisterFacts, now: Moment) -> Answer:
    if order.kept == order.dropped:
        return no.SAME_ID(person=order.kept)
    merged = [person for person in (order.kept, order.dropped) if person in facts.merged]
    if merged:
        return no.MERGED_INTO(person=merged[0], kept=facts.merged[merged[0]])
    forgotten = [person for person in (order.kept, order.dropped) if facts.states[person].forgotten]
    if forgotten:  # else the other one would count as forgotten with their identity still there
        return no.ALREADY_FORGOTTEN(persons=listed(forgotten))
    body = happened.Merged(kept=order.kept, dropped=order.dropped, why=order.why)
    return (draft(happened.MERGED, body, at=now, by=order.by, persons=(order.kept, order.dropped)),)


def _part(order: Part, facts: RegisterFacts, now: Moment) -> Answer:
    of = facts.states[facts.merged.get(order.dropped, order.dropped)]
    if not any((one.kept, one.dropped) == (order.kept, order.dropped) for one in of.merges):
        return no.NOT_MERGED(kept=order.kept, dropped=order.dropped)
    body = happened.Parted(kept=order.kept, dropped=order.dropped, why=order.why)
    return (draft(happened.PARTED, body, at=now, by=order.by, persons=(order.kept, order.dropped)),)


def _judge_pair(order: JudgePair, facts: RegisterFacts, now: Moment) -> Answer:
    if order.person == order.other:
        return no.SAME_ID(person=order.person)
    pair = tuple(sorted((order.person, order.other)))
    said = next((one.verdict for one in facts.states[order.person].pairs if one.pair == pair), "open")
    if said == order.verdict:
        return no.ALREADY_COMPARED(person=order.person, other=order.other, verdict=said)
    body = happened.PairJudged(other=order.other, verdict=order.verdict)
    return (draft(happened.PAIR_JUDGED, body, at=now, by=order.by, persons=(order.person, order.other)),)


def _at(facts: RegisterFacts, person: PersonId) -> str:
    """The type of the account a person is in; '' when they are in none."""
    account = facts.accounts.get(person)
    return "" if account is None else parts(account).type


def _by_account(
    facts: RegisterFacts, persons: tuple[PersonId, ...]
) -> tuple[tuple[AccountId | None, tuple[PersonId, ...]], ...]:
    """The people by where they are, since one event has one source."""
    found: dict[AccountId | None, list[PersonId]] = {}
    for person in persons:
        found.setdefault(facts.accounts.get(person), []).append(person)
    return tuple((account, tuple(people)) for account, people in found.items())


def _changed(
    facts: RegisterFacts, persons: Iterable[PersonId], change: Callable[[RegisterState], RegisterState]
) -> Mapping[PersonId, RegisterState]:
    """Everybody's state if these people's changed."""
    return {**facts.states, **{person: change(facts.states[person]) for person in persons}}


_RULES: Mapping[type, Callable[[Any, RegisterFacts, Moment], Answer]] = {
    Register: _register,
    ChangeParticulars: _change_particulars,
    FormParty: _form_party,
    LeaveParty: _leave_party,
    Tie: _tie,
    Untie: _untie,
    WaiveSplit: _waive_split,
    RecordNeed: _record_need,
    EndNeed: _end_need,
    RecordContact: _record_contact,
    Withdraw: _withdraw,
    Reoffer: _reoffer,
    RecordDeath: _record_death,
    Forget: _forget,
    RevokeCodes: _revoke_codes,
    Merge: _merge,
    Part: _part,
    JudgePair: _judge_pair,
}
