"""What may be done in clearance: an order and the facts become drafts of events, or a no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corridor.base.ids import AuthorityId, ListId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.clear import events as happened
from corridor.journey.clear import refusals as no
from corridor.journey.clear.events import CheckResult, Verdict
from corridor.journey.clear.lists import AuthorityList, list_received
from corridor.journey.clear.state import ClearState, Listing, Lists
from corridor.journey.kinds import draft
from corridor.journey.register.refusals import NO_REASON, NOT_REGISTERED
from corridor.journey.register.rules import Answer, check_named, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveList:
    """Take in an authority's list; its bytes are in the archive already."""

    by: UserId
    received: AuthorityList


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """Say that a row of a list is a person, and why."""

    by: UserId
    list: ListId
    row: int
    person: PersonId
    why: str
    valid_from: Moment | None = None  # None: from the list's time
    valid_until: Moment | None = None  # None: as long as the list


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchRow:
    """Say that a row of a list is not this person, or was struck out."""

    by: UserId
    list: ListId
    row: int
    person: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRow:
    """Say that a row of a list is not this person, or that it cannot be told; `open` takes that back."""

    by: UserId
    list: ListId
    row: int
    person: PersonId
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefusal:
    """Record that an authority said no to people."""

    by: UserId
    authority: AuthorityId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheck:
    """Record the result of checking people against something; `not_checked` is a result too."""

    by: UserId
    persons: tuple[PersonId, ...]
    check: str
    against: str
    result: CheckResult


Order = ReceiveList | MatchRow | UnmatchRow | JudgeRow | RecordRefusal | RecordCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFacts:
    """What a rule of clearance needs to know: the lists, the operation's authorities, everybody in the book who is
    named with their clearance, and `row_holders`: who each row of the list in question is held to be."""

    lists: Lists
    authorities: frozenset[AuthorityId]
    states: Mapping[PersonId, ClearState]
    row_holders: Mapping[int, PersonId]


def rows_held(states: Mapping[PersonId, ClearState]) -> Mapping[ListId, Mapping[int, PersonId]]:
    """Who each row of each list is held to be; of two people with one row the first by id."""
    held: dict[ListId, dict[int, PersonId]] = {}
    for person, state in sorted(states.items(), reverse=True):
        for listing in state.listings:
            if listing.unlisted_at is None:
                held.setdefault(listing.list, {})[listing.row] = person
    return held


def decide(order: Order, facts: ClearFacts, now: Moment) -> Answer:
    """The drafts that carry out the order at `now`, or why it may not be done."""
    if not isinstance(order, ReceiveList):
        named = order.persons if isinstance(order, RecordRefusal | RecordCheck) else (order.person,)
        if (refusal := check_named(named)) is not None:
            return refusal
        if not getattr(order, "why", "given").strip():
            return NO_REASON()
        missing = [person for person in named if person not in facts.states]
        if missing:
            return NOT_REGISTERED(persons=listed(missing))
    return _RULES[type(order)](order, facts, now)


def _receive(order: ReceiveList, facts: ClearFacts, now: Moment) -> Answer:
    received = order.received
    if received.authority not in facts.authorities:
        return no.UNKNOWN_AUTHORITY(authority=received.authority)
    for known in facts.lists.statements.values():
        if (known.sha256, known.authority, known.for_date) == (
            received.sha256,
            received.authority,
            received.for_date,
        ):
            return no.LIST_ALREADY_RECEIVED(list=known.list)
    if received.id in facts.lists.statements:
        return no.LIST_ID_TAKEN(list=received.id)
    if received.replaces is not None:
        replaced = facts.lists.statements.get(received.replaces)
        if replaced is None or replaced.authority != received.authority:
            return no.NO_EARLIER_EDITION(replaces=received.replaces, authority=received.authority)
    # The list's time is when it was received, not when somebody came to enter it.
    at = min(received.received_at, now)
    return (draft(happened.LIST_RECEIVED, list_received(received), at=at, by=order.by),)


def _match(order: MatchRow, facts: ClearFacts, now: Moment) -> Answer:
    statement = facts.lists.statements.get(order.list)
    if statement is None:
        return no.UNKNOWN_LIST(list=order.list)
    if not 1 <= order.row <= statement.last_row:
        return no.NO_SUCH_ROW(list=order.list, row=order.row, last_row=statement.last_row)
    start = statement.at if order.valid_from is None else order.valid_from
    if order.valid_until is not None and order.valid_until <= start:
        return no.ENDS_BEFORE_START()
    holder = facts.row_holders.get(order.row)
    if holder is not None and holder != order.person:
        return no.ROW_TAKEN(list=order.list, row=order.row, person=holder)
    held = _held(facts.states[order.person], order.list)
    body = happened.Listed(
        list=order.list,
        row=order.row,
        reason=order.why,
        valid_from=order.valid_from,
        valid_until=order.valid_until,
    )
    if held is not None and (held.row != order.row or _says_the_same(held, body)):
        return no.ALREADY_LISTED(person=order.person, row=held.row, list=order.list)
    return (draft(happened.LISTED, body, at=now, by=order.by, persons=(order.person,)),)


def _unmatch(order: UnmatchRow, facts: ClearFacts, now: Moment) -> Answer:
    held = _held(facts.states[order.person], order.list)
    if held is None or held.row != order.row:
        return no.NOT_LISTED(person=order.person, row=order.row, list=order.list)
    body = happened.Unlisted(list=order.list, row=order.row, why=order.why)
    return (draft(happened.UNLISTED, body, at=now, by=order.by, persons=(order.person,)),)


def _judge(order: JudgeRow, facts: ClearFacts, now: Moment) -> Answer:
    statement = facts.lists.statements.get(order.list)
    if statement is None:
        return no.UNKNOWN_LIST(list=order.list)
    if not 1 <= order.row <= statement.last_row:
        return no.NO_SUCH_ROW(list=order.list, row=order.row, last_row=statement.last_row)
    state = facts.states[order.person]
    held = _held(state, order.list)
    if held is not None and held.row == order.row:
        return no.ALREADY_LISTED(person=order.person, row=order.row, list=order.list)
    said = next((one.verdict for one in state.verdicts if (one.list, one.row) == (order.list, order.row)), "open")
    if said == order.verdict:
        return no.ALREADY_JUDGED(person=order.person, row=order.row, list=order.list, verdict=said)
    body = happened.RowJudged(list=order.list, row=order.row, verdict=order.verdict)
    return (draft(happened.ROW_JUDGED, body, at=now, by=order.by, persons=(order.person,)),)


def _record_refusal(order: RecordRefusal, facts: ClearFacts, now: Moment) -> Answer:
    if order.authority not in facts.authorities:
        return no.UNKNOWN_AUTHORITY(authority=order.authority)
    refused = [
        person for person in order.persons if _refusal_stands(facts.states[person], order.authority, facts.lists)
    ]
    if refused:
        return no.ALREADY_REFUSED(authority=order.authority, persons=listed(refused))
    body = happened.ClearanceRefused(authority=order.authority, why=order.why)
    return (draft(happened.CLEARANCE_REFUSED, body, at=now, by=order.by, persons=order.persons),)


def _record_check(order: RecordCheck, facts: ClearFacts, now: Moment) -> Answer:
    body = happened.CheckMade(check=order.check, against=order.against, result=order.result)
    return (draft(happened.CHECK_MADE, body, at=now, by=order.by, persons=order.persons),)


def _held(state: ClearState, list_id: ListId) -> Listing | None:
    """The row of a list that is held to be the person."""
    return next((one for one in state.listings if one.list == list_id and one.unlisted_at is None), None)


def _says_the_same(held: Listing, body: happened.Listed) -> bool:
    return (held.reason, held.valid_from, held.valid_until) == (body.reason, body.valid_from, body.valid_until)


def _refusal_stands(state: ClearState, authority: AuthorityId, lists: Lists) -> bool:
    """Whether the authority refused and has not listed the person since."""
    refused_at = max((one.at for one in state.refusals if one.authority == authority), default=None)
    listed_at = [
        lists.statements[one.list].at
        for one in state.listings
        if one.list in lists.statements and lists.statements[one.list].authority == authority
    ]
    return refused_at is not None and all(at <= refused_at for at in listed_at)


_RULES: Mapping[type, Callable[[Any, ClearFacts, Moment], tuple[Any, ...] | Refusal]] = {
    ReceiveList: _receive,
    MatchRow: _match,
    UnmatchRow: _unmatch,
    JudgeRow: _judge,
    RecordRefusal: _record_refusal,
    RecordCheck: _record_check,
}
