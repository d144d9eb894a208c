"""What may be done about versions of the operation file: the rules by which an order becomes a draft or is refused."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.base.refusal import Refusal
from corridor.journey.register.refusals import NO_REASON
from corridor.journey.versions import refusals as no
from corridor.journey.versions.orders import ProposeVersion, RejectVersion, SignVersion, VersionFacts, VersionOrder
from corridor.journey.versions.signing import sections_changed, to_be_signed
from corridor.journey.versions.state import LeftOut
from corridor.ledger import kinds
from corridor.ledger.event import Draft


def decide(order: VersionOrder, facts: VersionFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The draft that carries the order out at `now`, or why it may not be done."""
    if not isinstance(order, SignVersion) and not order.why.strip():
        return NO_REASON()
    if isinstance(order, ProposeVersion):
        body = _proposing(order, facts, now)
        if isinstance(body, Refusal):
            return body
        return (Draft(kind=kinds.VERSION_PROPOSED, happened_at=now, by=order.by, body=body),)
    if isinstance(order, SignVersion):
        kind, refused, body = kinds.VERSION_SIGNED, _signing(order, facts), {"version": order.version}
    else:
        kind, refused = kinds.VERSION_REJECTED, _rejecting(order, facts, now)
        body = {"version": order.version, "why": order.why.strip()}
    return refused or (Draft(kind=kind, happened_at=now, by=order.by, body=body),)


def _proposing(order: ProposeVersion, facts: VersionFacts, now: Moment) -> dict[str, Any] | Refusal:
    """The body of the proposal. Which signatures it needs is worked out from the two files, never told by a page."""
    after, before = read_operation(order.content), read_operation(order.base)
    if not isinstance(after, Operation):
        return no.FILE_CANNOT_BE_USED(key=after[0].key or "file", problem=f"{after[0].says} {after[0].remedy}")
    waiting, last = facts.versions.waiting, facts.versions.last(now)
    if waiting is not None:
        return no.VERSION_WAITS(version=waiting.number)
    base = sha256(order.base).hexdigest()
    made_from = facts.versions.first_sha256 if last is None else last.sha256
    if not isinstance(before, Operation) or made_from not in (None, base):
        return no.MADE_FROM_ANOTHER()
    if after.name != facts.name:
        return no.OTHER_OPERATION(name=after.name)
    if order.content == order.base:
        return no.NOTHING_DIFFERS()
    earliest = now if last is None or last.in_force_from is None else max(now, last.in_force_from)
    ahead = earliest > now
    if (order.from_at is None and ahead) or (order.from_at is not None and order.from_at < earliest):
        return no.FROM_TOO_EARLY()
    if order.from_at is not None and before.users != after.users:
        return no.USERS_AT_ONCE()
    refused = _leaving_out(before, after, facts)
    if refused is not None:
        return refused
    body: dict[str, Any] = {
        "version": 1 + max((one.number for one in facts.versions.all), default=0),
        "sha256": sha256(order.content).hexdigest(),
        "base_sha256": base,
        "why": order.why.strip(),
        "sections": list(sections_changed(before, after)),
        "signs": list(to_be_signed(before, after)),
    }
    if order.from_at is not None:
        left_out = _left_out(before, after, last.left_out if ahead and last is not None else LeftOut())
        places, legs = sorted(left_out.places), sorted(map(list, left_out.legs))
        body["from_at"] = int(order.from_at)
        body |= {"places_left_out": places} if places else {}
        body |= {"legs_left_out": legs} if legs else {}
    return body


def _left_out(before: Operation, after: Operation, inherited: LeftOut) -> LeftOut:
    """What the version leaves out of the file it is made from; of one that is itself ahead, what that one leaves out
    too, unless this one has it again."""
    places = {place.id for place in before.places} | inherited.places
    legs = {(leg.id, leg.source, leg.target) for leg in before.legs} | inherited.legs
    ends = {(leg.id, leg.source, leg.target) for leg in after.legs}
    return LeftOut(places=frozenset(one for one in places if not after.has_place(one)), legs=frozenset(legs - ends))


def _leaving_out(before: Operation, after: Operation, facts: VersionFacts) -> Refusal | None:
    """What the next version must keep, since people stand there, ride there, or every record hangs on it."""
    for place in before.places:
        if place.id in facts.occupied and not after.has_place(place.id):
            return no.PLACE_HOLDS_PEOPLE(place=place.id)
    ends = {leg.id: (leg.source, leg.target) for leg in after.legs}
    for leg in before.legs:
        if leg.id in facts.used_legs and ends.get(leg.id) != (leg.source, leg.target):
            return no.LEG_IN_USE(leg=leg.id)
    kept = {device.id for device in after.devices if device.kind == "headquarters"}
    named = {device.id for device in before.devices}
    if facts.headquarters in named and facts.headquarters not in kept:
        return no.HEADQUARTERS_STAYS(device=facts.headquarters)
    return None


def _signing(order: SignVersion, facts: VersionFacts) -> Refusal | None:
    version = facts.versions.version(order.version)
    if version is None:
        return no.VERSION_NOT_KNOWN(version=order.version)
    if not version.waits:
        return no.VERSION_NOT_WAITING(version=order.version)
    if version.by == order.by:
        return no.OWN_SIGNATURE(version=order.version)
    hashes = tuple(sha256(data).hexdigest() for data in (order.content, order.base))
    assert hashes == (version.sha256, version.base_sha256), "what is signed is what was proposed"
    after, before = read_operation(order.content), read_operation(order.base)
    if not isinstance(after, Operation) or not isinstance(before, Operation):
        wrong = next(one for one in (after, before) if not isinstance(one, Operation))[0]
        return no.FILE_CANNOT_BE_USED(key=wrong.key or "file", problem=f"{wrong.says} {wrong.remedy}")
    # People may have come since it was proposed.
    return _leaving_out(before, after, facts)


def _rejecting(order: RejectVersion, facts: VersionFacts, now: Moment) -> Refusal | None:
    version = facts.versions.version(order.version)
    if version is None:
        return no.VERSION_NOT_KNOWN(version=order.version)
    start = version.in_force_from
    if not version.waits and (start is None or (start <= now and not version.in_the_way)):
        return no.VERSION_CAME_INTO_FORCE(version=order.version)
    heir = next((one for one in facts.versions.all if one.number > order.version and one.rejected_by is None), None)
    return None if heir is None else no.VERSION_HAS_HEIR(version=order.version, heir=heir.number)
