"""Who came to the gate, went through or was turned back, what stood in the way, and the first minutes after it."""

from __future__ import annotations

from collections.abc import Sequence

from corridor.base.ids import DeviceId, ListId, PermitId
from corridor.base.moments import HOUR_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.base.refusal import Refusal
from corridor.drill.people.invented import Party, Person
from corridor.drill.plan import Group, Window
from corridor.drill.story.diary import Diary
from corridor.journey.care import events as care
from corridor.journey.care.triage import SYSTEMS, Observation, system_for
from corridor.journey.clear import events as clear
from corridor.journey.cross import events as cross
from corridor.journey.documents import events as documents
from corridor.ledger.accounts import place_account

TURNED_BACK_SHARE = 0.3  # of parties listed for a day that did not cross; the others stayed at home; invented
TURNED_BACK: tuple[tuple[cross.TurnedBackReason, int], ...] = (
    ("spouse_not_cleared", 4),
    ("not_listed", 3),
    ("papers", 2),
    ("own_wish", 2),
    ("security", 1),
    ("medical", 1),
)


def cross_over(diary: Diary) -> None:
    """Hazards, the gate's hours, and everybody who crosses or is turned back, day by day."""
    _hazards(diary)
    _hours(diary)
    for group in diary.plan.groups:
        if group.crosses is not None:
            _group(diary, group, group.crosses)
    _turned_back(diary)


def _hazards(diary: Diary) -> None:
    plan = diary.plan
    for one in plan.hazards:
        began = cross.HazardBegan(hazard=one.id, type=one.type, place=one.place, leg=one.leg)
        diary.note(plan.headquarters, plan.users.duty, cross.HAZARD_BEGAN, began, one.start)
        ended = cross.HazardEnded(hazard=one.id)
        diary.note(plan.headquarters, plan.users.duty, cross.HAZARD_ENDED, ended, one.until)
        if one.type == "closed":
            closed = cross.GateClosed(gate=plan.gate, why=one.why)
            diary.note(plan.headquarters, plan.users.duty, cross.GATE_CLOSED, closed, one.start)


def _hours(diary: Diary) -> None:
    """The gate opens before the first and closes after the last crossing of a day."""
    plan = diary.plan
    days: dict[int, list[Window]] = {}
    for group in plan.groups:
        if group.crosses is not None:
            days.setdefault(group.crosses.start // (24 * HOUR_MS), []).append(group.crosses)
    for spans in days.values():
        opens = Moment(min(span.start for span in spans) - 12 * MINUTE_MS)
        closes = Moment(max(span.until for span in spans) + 10 * MINUTE_MS)
        body = cross.GateOpened(gate=plan.gate)
        diary.note(plan.headquarters, plan.users.duty, cross.GATE_OPENED, body, opens)
        shut = cross.GateClosed(gate=plan.gate, why="The day's crossing is over.")
        diary.note(plan.headquarters, plan.users.duty, cross.GATE_CLOSED, shut, closes)


def _group(diary: Diary, group: Group, window: Window) -> None:
    """The parties of a group, one after the other through the window; each at one gate."""
    parties = diary.parties_of(group.id)
    days = [one for one in diary.plan.lists if group.id in one.groups]
    assert days, f"group {group.id} crosses on no list"
    list_id = ListId(f"{diary.plan.crossing_authority}-{days[0].for_date}")
    before = 0
    for party in parties:
        at = window.part(before / group.persons)
        before += len(party.members)
        slot_ms = window.part(before / group.persons) - at
        gate = diary.rng.choice(group.gates)
        waited = diary.after(at, -110, -25) if slot_ms > 5 * MINUTE_MS else Moment(at - 5 * MINUTE_MS)
        body = cross.AtGate(gate=diary.plan.gate)
        diary.note(gate, diary.plan.users.gate, cross.AT_GATE, body, waited, party.persons)
        step_ms = min(40 * SECOND_MS, (slot_ms - SECOND_MS) // len(party.members))
        for turn, person in enumerate(party.members):
            _one(diary, person, list_id, gate, Moment(at + turn * step_ms + diary.rng.randrange(step_ms // 2)))


def _one(diary: Diary, person: Person, list_id: ListId, gate: DeviceId, at: Moment) -> None:
    """One person through the gate: papers against the list, the crossing, the permit, the triage."""
    plan = diary.plan
    row = diary.row_of.get((list_id, person.id))
    check = clear.CheckMade(
        check="document" if person.document_number else "name", against=list_id, result="clear" if row else "not_clear"
    )
    diary.note(gate, plan.users.gate, clear.CHECK_MADE, check, Moment(at - 5 * SECOND_MS), (person.id,))
    body = cross.Crossed(gate=plan.gate, list=list_id if row else None, row=row)
    key = f"crossed {person.id}"
    account = place_account(plan.gate)
    diary.note(
        gate, plan.users.gate, cross.CROSSED, body, at, (person.id,), source=diary.at_origin(), target=account, key=key
    )
    diary.crossed_at[person.id] = at
    if row is None:
        signed = cross.ExceptionSigned(crossing="-/0/0", why="On the other authorities' lists; left out by mistake.")
        later = diary.after(at, 60, 240)
        refers = ("crossing", key)
        diary.note(
            plan.headquarters, plan.users.duty, cross.EXCEPTION_SIGNED, signed, later, (person.id,), refers=refers
        )
    _start_permit(diary, person, gate, at)
    _triage(diary, person, gate, diary.after(at, 5, 10))


def _start_permit(diary: Diary, person: Person, device: DeviceId, at: Moment) -> None:
    body = documents.PermitStarted(permit=diary.plan.permit, starts_at=at, ends_at=permit_end(diary, at))
    diary.note(device, diary.plan.users.gate, documents.PERMIT_STARTED, body, Moment(at + 2 * SECOND_MS), (person.id,))


def permit_end(diary: Diary, start: Moment) -> Moment:
    """When a permit that starts then runs out, by the operation's hours."""
    hours = next(permit.hours for permit in diary.operation.permits if permit.id == PermitId(diary.plan.permit))
    return Moment(start + hours * HOUR_MS)


def _triage(diary: Diary, person: Person, device: DeviceId, at: Moment) -> None:
    """A colour that follows from what was observed; nearly everybody walks, infants are carried."""
    rng = diary.rng
    seen = Observation(walks=True)
    if person.age_years < 1 or rng.random() < (0.12 if person.age_band == "elder" else 0.01):
        fast = rng.random() < 0.03
        seen = Observation(
            walks=False,
            breathing_per_minute=rng.randint(46, 52) if fast else rng.randint(18, 28),
            pulse=True,
            refill_seconds=rng.randint(1, 2),
            obeys=None if person.minor else True,
            avpu="alert" if person.minor else None,
        )
    system = system_for(person.age_band)
    found = SYSTEMS[system](seen)
    assert not isinstance(found, Refusal), "everything that the colour needs was observed"
    body = care.Triaged(
        system=system,
        colour=found.colour,
        walks=seen.walks,
        breathing_per_minute=seen.breathing_per_minute,
        pulse=seen.pulse,
        refill_seconds=seen.refill_seconds,
        obeys=seen.obeys,
        avpu=seen.avpu,
    )
    diary.note(device, diary.plan.users.medic, care.TRIAGED, body, at, (person.id,))


def _turned_back(diary: Diary) -> None:
    """Some of those listed for a day come and do not go through; on a closed day the first in the queue."""
    plan, rng = diary.plan, diary.rng
    for day in plan.lists:
        windows = [diary.plan.group(group).crosses for group in day.groups]
        span = next(window for window in windows if window is not None)
        list_id = ListId(f"{plan.crossing_authority}-{day.for_date}")
        for party in diary.parties:
            listed = any((list_id, person) in diary.row_of for person in party.persons)
            if not listed or party.group in day.groups or not diary.chance(TURNED_BACK_SHARE):
                continue
            why = rng.choices([word for word, _ in TURNED_BACK], [weight for _, weight in TURNED_BACK])[0]
            if why == "spouse_not_cleared" and len(party.members) == 1:
                why = "papers"
            _back(diary, party, rng.choice(plan.group(day.groups[0]).gates), span.part(rng.random()), why)
    for closed in plan.hazards:
        waiting = [day for day in plan.lists if closed.type == "closed" and day.received < closed.start]
        if waiting and closed.start < Moment(waiting[-1].received + 20 * HOUR_MS):
            for party in diary.parties_of(*waiting[-1].groups)[:4]:
                if diary.crossed_at[party.persons[0]] > closed.until:
                    gate = plan.group(party.group).gates[0]
                    _back(diary, party, gate, diary.after(closed.start, 60, 200), "closed")


def _back(diary: Diary, party: Party, gate: DeviceId, at: Moment, why: cross.TurnedBackReason) -> None:
    away: Sequence[Window] = diary.away.get(party.id, ())
    if any(window.start <= at < window.until for window in away):
        return
    plan = diary.plan
    there = Moment(at - diary.rng.randint(20, 90) * MINUTE_MS)
    diary.note(gate, plan.users.gate, cross.AT_GATE, cross.AtGate(gate=plan.gate), there, party.persons)
    body = cross.TurnedBack(gate=plan.gate, why=why)
    diary.note(gate, plan.users.gate, cross.TURNED_BACK, body, at, party.persons)
