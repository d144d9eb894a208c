"""What cannot all be right: every contradiction in the ledger at (at, known), with its records and a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np

from corridor.base.ids import AccountId, EventId, MovementId, PersonId
from corridor.base.limits import CLOCK_AHEAD_MS_MAX, FIRST_MOMENT_MS, PEOPLE_COUNTED_MAX
from corridor.base.moments import MINUTE_MS, Moment, iso
from corridor.ledger import kinds
from corridor.ledger.accounts import is_account, parts
from corridor.ledger.book.rows import event_keys
from corridor.ledger.book.view import View
from corridor.ledger.columns import NEVER, Ints
from corridor.ledger.event import Event

ALIGHTING_MINUTES_MAX = 60
"""How long after a movement's arrival people may still be counted aboard before each is named: a bus or an aircraft of
120 empties within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """Two records that cannot both be right, or a rule of the ledger broken in reality.

    `says` is a sentence with the facts, `remedy` one thing to do; `template` (a row of `SAYS`) and `data` say the same
    in another language. `persons` and `records` may be empty where the contradiction is about a device and not people.
    """

    code: str
    since: Moment
    says: str
    remedy: str
    template: str
    data: Mapping[str, object]
    persons: tuple[PersonId, ...] = ()
    records: tuple[EventId, ...] = ()
    account: AccountId | None = None  # None: it is about no one account


REMEDIES = {
    "two_places": "Find out where the person is, then close it with an event naming every record.",
    "too_soon": "Find out which record has the wrong time or place, then close it with an event naming every record.",
    "forked_record": "Judge which branch of the device's chain is to be believed, then close it.",
    "not_registered": "Register the person.",
    "not_alighted": "Look for the person at the movement's target; record the alighting, or where they are.",
    "count_differs": "Count again, and compare the people by name.",
    "gap": "Get the device to send again; it has kept what was not receipted.",
    "fork": "Lock the device, enrol a new key, and judge which branch is to be believed.",
    "quarantined": "Find out whose batch it is; enrol the device if it is one of ours.",
    "clock_ahead": "Set the device's clock and measure it against headquarters.",
    "clock_behind": "Set the device's clock and measure it against headquarters.",
    "unreadable": "Ask the device's user what was meant, and record it again.",
    "correction_ignored": "Let the device itself or headquarters make the correction.",
    "by_another": "Ask both who recorded it; whoever shares a phone enrols as a device of their own.",
    "place_unknown": "Add the place to the operation file, or correct the record.",
    "not_headquarters": "Compare the two at the register desk, and say there whether they are one person.",
}
"""Every code of a discrepancy, and one thing to do about it."""

SAYS: Mapping[str, str] = {
    "two_places": "No way leads from where {person} was to where the next record has them: {records}.",
    "too_soon": "{person} cannot have come so soon to where the next record has them: {records}.",
    "forked_record": "A record about {person} stands on a forked chain: {records}.",
    "not_registered": "{person} has been seen and is not registered.",
    "not_alighted": "{movement} arrived at {place} at {at}; {count} have not been seen alighting.",
    "count_differs": "{count} people were counted in {account} at {at}; the book has {held}.",
    "count_differs/strangers": "{count} people ({unidentified} of them not identified) were counted in {account} at "
    "{at}; the book has {held}.",
    "gap": "Records {first} to {last} of {device}, epoch {epoch}, have not arrived.",
    "fork": "The chain of {device}, epoch {epoch}, forks: two devices write under one name.",
    "quarantined": "{batches} batches of {device} ({events} events) are held: {why}.",
    "clock_ahead": "{record} says it happened at {at}, after it was received ({number} such records).",
    "clock_behind": "{record} says it happened at {at}, before the year 2000 ({number} such records).",
    "unreadable": "The record {record} cannot be read; its bytes are kept.",
    "correction_ignored": "The record {record} is kept and not carried out: {why}.",
    "by_another": "{device} records for {user}, and {number} of its records say that {by} made them.",
    "place_unknown": "{count} people are recorded at {account_id}, which the operation file does not have.",
    "not_headquarters": "{device} says of {kept} and {dropped} whether they are one person; that is kept and not "
    "carried out, since only headquarters does it.",
}
"""What each code says; after a dash the same code with more facts."""


def discrepancies(view: View) -> tuple[Discrepancy, ...]:
    """Every open discrepancy at the view's (at, known), by the moment since when it stands."""
    found = [
        *_conflicts(view),
        *_not_registered(view),
        *_not_alighted(view),
        *_counts(view),
        *_places(view),
        *_clocks(view),
        *_unreadable(view),
        *_not_headquarters(view),
    ]
    with view.book.intake.lock:  # chains and quarantine change as batches come in
        found += [*_chains(view), *_quarantine(view), *_ignored(view), *_by_another(view)]
    return tuple(sorted(found, key=lambda one: (one.since, one.code, one.persons, one.records, one.says)))


def _discrepancy(
    code: str,
    since: Moment,
    data: Mapping[str, object],
    *,
    persons: tuple[PersonId, ...] = (),
    records: tuple[EventId, ...] = (),
    account: AccountId | None = None,
    more: str = "",
) -> Discrepancy:
    """A discrepancy said by the template of its code, or of its code with `more` facts."""
    template = SAYS[code + more]
    plain = dict(data)
    if "at" in data:
        plain["at"] = iso(Moment(int(str(data["at"]))))
    if "why" in data:
        plain["why"] = str(data["why"]).replace("_", " ")
    return Discrepancy(
        code=code,
        since=since,
        says=template.format(**plain),
        remedy=REMEDIES[code],
        template=template,
        data=data,
        persons=persons,
        records=records,
        account=account,
    )


def _conflicts(view: View) -> Iterator[Discrepancy]:
    for person, walked in view.walked():
        if walked.conflict is not None:
            code, since, records = walked.conflict.code, walked.conflict.since, walked.conflict.records
            data = {"person": person, "records": ", ".join(map(str, records))}
            yield _discrepancy(code, since, data, persons=(person,), records=records)


def _not_registered(view: View) -> Iterator[Discrepancy]:
    for person in sorted(view.in_book - view.with_kind("registered")):
        if person not in view.merged:
            since = view.entered_at(person)
            assert since is not None, "everybody has entered an account"
            yield _discrepancy("not_registered", since, {"person": person}, persons=(person,))


def _not_alighted(view: View) -> Iterator[Discrepancy]:
    for account, count in view.accounts().items():
        type_, name = parts(account)
        if type_ != "aboard":
            continue
        track = view.movement(MovementId(name))
        if track.arrived_at is not None and view.at >= track.arrived_at + ALIGHTING_MINUTES_MAX * MINUTE_MS:
            data = {"movement": name, "place": track.arrived_place, "at": track.arrived_at, "count": count}
            since = track.arrived_at
            yield _discrepancy("not_alighted", since, data, persons=view.people(account), account=account)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCount:
    """The last head count of an account: `unidentified` of the `count` nobody could name."""

    event: EventId
    at: Moment
    account: AccountId
    count: int
    unidentified: int


def last_counts(view: View) -> dict[AccountId, HeadCount]:
    """The last head count of each account; one of the wrong shape counts nobody."""
    found = {}
    for event in view.events((kinds.COUNTED,)):
        account, count, unidentified = (event.body.get(name) for name in ("account", "count", "unidentified"))
        if isinstance(account, str) and is_account(account) and _is_number(count):
            found[AccountId(account)] = HeadCount(
                event=event.id,
                at=event.corrected_at,
                account=AccountId(account),
                count=count,
                unidentified=unidentified if _is_number(unidentified) else 0,
            )
    return found


def _is_number(fact: object) -> TypeGuard[int]:
    """Whether what a device wrote is a number of people."""
    return isinstance(fact, int) and not isinstance(fact, bool) and 0 <= fact <= PEOPLE_COUNTED_MAX


def _counts(view: View) -> Iterator[Discrepancy]:
    """The last head count of each account against the book at the moment of the count."""
    for account, one in last_counts(view).items():
        then = View(view.book, one.at, view.known)
        held = len(then.people(account))
        if held != one.count:
            data = {
                "count": one.count,
                "unidentified": one.unidentified,
                "account": account,
                "at": one.at,
                "held": held,
            }
            yield _discrepancy(
                "count_differs",
                one.at,
                data,
                persons=then.people(account),
                records=(one.event,),
                account=account,
                more="/strangers" if one.unidentified else "",
            )


def _places(view: View) -> Iterator[Discrepancy]:
    for account, count in view.accounts().items():
        type_, name = parts(account)
        if type_ == "place" and not view.book.ways.knows_place(name):
            people = view.people(account)
            since = min(view.entered_at(person) or view.at for person in people)
            data = {"count": count, "account_id": name}
            yield _discrepancy("place_unknown", since, data, persons=people, account=account)


def _clocks(view: View) -> Iterator[Discrepancy]:
    """Events that happened after they were received, or before there were devices; by device, the worst."""
    rows = view.rows
    known = rows.known <= view.known  # whatever its own clock says: an event of next year is known today
    ahead = np.where(known, rows.at - rows.known, 0)
    yield from _worst(view, ahead, CLOCK_AHEAD_MS_MAX, "clock_ahead")
    behind = np.where(known, FIRST_MOMENT_MS - rows.at, 0)
    yield from _worst(view, behind, 0, "clock_behind")


def _worst(view: View, by_ms: Ints, limit: int, code: str) -> Iterator[Discrepancy]:
    rows, columns = view.rows, view.book.columns
    devices = np.array(columns.batches.device, dtype=np.int64)
    wrong = np.flatnonzero((by_ms > limit) & (rows.kind != columns.kinds.number(kinds.UNREADABLE)))
    for device in np.unique(devices[rows.batch[wrong]]).tolist() if len(wrong) else ():
        of_device = wrong[devices[rows.batch[wrong]] == device]
        worst = int(of_device[np.argmax(by_ms[of_device])])
        event = view.book.event(int(rows.batch[worst]), int(rows.line[worst]))
        data = {"record": str(event.id), "at": event.corrected_at, "number": len(of_device)}
        yield _discrepancy(code, event.received_at, data, persons=event.persons, records=(event.id,))


def _unreadable(view: View) -> Iterator[Discrepancy]:
    rows, columns = view.rows, view.book.columns
    unreadable = (rows.kind == columns.kinds.number(kinds.UNREADABLE)) & (rows.known <= view.known)
    keys = np.unique(event_keys(rows.batch[unreadable], rows.line[unreadable]))
    for key in keys.tolist():
        id_ = columns.event_id(key >> 9, key & 511)
        since = Moment(columns.batches.known_at[key >> 9])
        yield _discrepancy("unreadable", since, {"record": str(id_)}, records=(id_,))


def _not_headquarters(view: View) -> Iterator[Discrepancy]:
    """What other devices say of whether two ids are one person, until headquarters says something of the two later."""
    root = view.book.intake.trust.root_device
    said: dict[frozenset[str], list[Event]] = {}
    for event in view.as_recorded(kinds.OF_TWO_IDS):
        said.setdefault(frozenset(event.persons), []).append(event)
    for persons, events in said.items():
        while events and events[-1].id.device != root:
            event = events.pop()
            kept, dropped = min(persons), max(persons)
            data = {"device": event.id.device, "kept": kept, "dropped": dropped}
            named = tuple(PersonId(one) for one in sorted(persons))
            yield _discrepancy("not_headquarters", event.received_at, data, persons=named, records=(event.id,))


def _chains(view: View) -> Iterator[Discrepancy]:
    for (device, epoch), chain in view.book.intake.chains.items():
        for gap in chain.gaps(view.known):
            since = min(s.known_at for s in chain.stretches if s.first > gap.last)
            data = {"first": gap.first, "last": gap.last, "device": device, "epoch": epoch}
            yield _discrepancy("gap", since, data)
        if chain.tangled:
            batches = {stretch.batch for stretch in chain.stretches}
            disputed = min(
                (s.disputed for (batch, _), s in view.book.intake.columns.standing.items() if batch in batches),
                default=NEVER,
            )
            if disputed <= view.known and not any(known <= view.known for known in chain.believed.values()):
                yield _discrepancy("fork", Moment(disputed), {"device": device, "epoch": epoch})


def _quarantine(view: View) -> Iterator[Discrepancy]:
    for device, all_held in view.book.intake.held.items():
        held = [one for one in all_held if one.received_at <= view.known]
        for code in sorted({one.code for one in held}):
            of_code = [one for one in held if one.code == code]
            events = sum(one.events for one in of_code)
            data = {"batches": len(of_code), "device": device or "nobody", "events": events, "why": code}
            yield _discrepancy("quarantined", min(one.received_at for one in of_code), data)


def _by_another(view: View) -> Iterator[Discrepancy]:
    """Events by another user than the one whose records the device's key signs, by device and both users."""
    intake, batches = view.book.intake, view.book.columns.batches
    found: dict[tuple[str, str, str], list[Event]] = {}
    for batch, line in intake.by_another:
        if batches.known_at[batch] <= view.known:
            event = view.book.event(batch, line)
            keys = intake.trust.candidates(event.id.device, event.id.epoch)
            users = sorted({key.user for key in keys if key.user is not None and key.user != event.by})
            found.setdefault((event.id.device, ", ".join(users), event.by), []).append(event)
    for (device, user, by), events in found.items():
        data = {"device": device, "user": user, "by": by, "number": len(events)}
        records = tuple(sorted(event.id for event in events))
        yield _discrepancy("by_another", min(event.received_at for event in events), data, records=records)


def _ignored(view: View) -> Iterator[Discrepancy]:
    for id_, why in view.book.intake.ignored:
        event = view.book.find(id_)
        if event is not None and event.received_at <= view.known:
            data = {"record": str(id_), "why": why}
            yield _discrepancy("correction_ignored", event.received_at, data, records=(id_,))
