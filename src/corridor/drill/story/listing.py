"""Which names the authorities publish for a day, as bytes and as rows held to be our people, and who is called."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date

from corridor.base.ids import ListId, PersonId
from corridor.base.moments import HOUR_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.drill.people.families import Member
from corridor.drill.people.invented import Party, Person, names_of
from corridor.drill.people.names_pool import written
from corridor.drill.plan import ListForm, ListPlan
from corridor.drill.story.diary import Diary
from corridor.journey.clear import events as clear
from corridor.journey.clear.lists import AuthorityList, ListRow, list_received
from corridor.journey.cross import events as cross

OMITTED_PARTY_SHARE = 0.15  # of parties that do not cross, left out by an authority beside the crossing's; invented
OMITTED_SPOUSE_SHARE = 0.25  # of those listed everywhere: one of them is missing somewhere; as 14 of 56 were


def publish(diary: Diary) -> None:
    """Receive the lists of every day, match their rows, and call those listed."""
    listed_before: set[PersonId] = set()
    for plan in diary.plan.lists:
        crossing = diary.parties_of(*plan.groups)
        others, unknown = _others(diary, plan, listed_before)
        left_out = _exceptions(diary, plan, listed_before)
        listed_before.update(person for party in (*crossing, *others) for person in party.persons)
        for form in diary.plan.list_forms:
            ours = form.authority == diary.plan.crossing_authority
            rows = [person for party in crossing for person in party.members]
            if ours:
                rows = [person for person in rows if person.id not in left_out]
            for party in others:
                if ours or not diary.chance(OMITTED_PARTY_SHARE):
                    members = list(party.members)
                    if not ours and len(members) > 1 and diary.chance(OMITTED_SPOUSE_SHARE):
                        members.remove(diary.rng.choice([each for each in members if each != party.head]))
                    rows += members
            _receive(diary, plan, form, rows, unknown + (len(left_out) if ours else 0))
        _call(diary, plan, (*crossing, *others))


def _others(diary: Diary, plan: ListPlan, listed_before: set[PersonId]) -> tuple[list[Party], int]:
    """Who else is on a list without crossing that day, and how many rows are nobody of ours."""
    by = Moment(plan.received - 4 * HOUR_MS)
    wanted = plan.rows - sum(len(party.members) for party in diary.parties_of(*plan.groups))
    strangers = diary.plan.names_unknown_per_list
    unknown = min(wanted, diary.rng.randint(strangers.least, strangers.most))
    open_to = []
    for party in diary.parties:
        group = diary.plan.group(party.group)
        registered = max(diary.registered_at[person] for person in party.persons) < by
        gone = group.crosses is not None and group.crosses.start < plan.received
        away = any(window.start <= plan.received < window.until for window in diary.away.get(party.id, ()))
        if registered and not gone and not away and party.group not in plan.groups:
            turn = (party.persons[0] in listed_before, group.crosses is not None, diary.rng.random())
            open_to.append((turn, party))
    chosen = []
    left = wanted - unknown
    for _, party in sorted(open_to, key=lambda each: each[0]):
        if len(party.members) <= left:
            chosen.append(party)
            left -= len(party.members)
    return chosen, unknown + left


def _exceptions(diary: Diary, plan: ListPlan, listed_before: set[PersonId]) -> set[PersonId]:
    """Who crosses although the crossing's own list forgot them."""
    left_out: set[PersonId] = set()
    for group in plan.groups:
        wanted = diary.plan.group(group).exceptions
        adults = [person.id for party in diary.parties_of(group) for person in party.members if not person.minor]
        left_out.update(sorted(adults, key=lambda person: person in listed_before)[:wanted])
    return left_out


def _receive(diary: Diary, plan: ListPlan, form: ListForm, persons: Sequence[Person], unknown: int) -> None:
    """One list: its bytes into the archive, the event that it came, and one event for each row matched."""
    rng = diary.rng
    at = Moment(plan.received - form.minutes_before * MINUTE_MS)
    entries: list[tuple[Person | None, str, str]] = [
        (person, _as_listed(diary, person, form), person.document_number or "") for person in persons
    ]
    entries += [(None, _stranger(diary, form), f"{rng.randrange(10**8):08d}") for _ in range(unknown)]
    by_party = {person.party: rng.random() for person in persons}
    entries.sort(key=lambda each: (by_party[each[0].party], each[0].age_years * -1) if each[0] else (rng.random(), 0))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(form.heading)
    for number, (_, name, document) in enumerate(entries, start=1):
        writer.writerow((number, name, document, form.nationality))
    raw = text.getvalue().encode("utf-8-sig")
    diary.archive.append(raw)
    received = AuthorityList(
        id=ListId(f"{form.authority}-{plan.for_date}"),
        authority=form.authority,
        for_date=date.fromisoformat(plan.for_date),
        source=form.source,
        received_at=at,
        sha256=hashlib.sha256(raw).hexdigest(),
        rows=tuple(
            ListRow(number=number, name=name, document=document or None)
            for number, (_, name, document) in enumerate(entries, start=1)
        ),
    )
    device, officer = diary.plan.headquarters, diary.plan.users.lists
    diary.note(device, officer, clear.LIST_RECEIVED, list_received(received), at)
    matched = at + 4 * MINUTE_MS
    for number, (person, _, _) in enumerate(entries, start=1):
        if person is not None:
            matched += rng.randint(1, 9) * SECOND_MS
            reason = "same document number" if person.document_number else "name agrees in another script"
            body = clear.Listed(list=received.id, row=number, reason=reason)
            diary.note(device, officer, clear.LISTED, body, Moment(matched), (person.id,))
            diary.row_of[received.id, person.id] = number


def _as_listed(diary: Diary, person: Person, form: ListForm) -> str:
    """The person's name as this authority happens to write it."""
    shares = diary.plan.shares
    short, swapped = diary.chance(shares.dropped_name), diary.chance(shares.swapped_name)
    name = written(person.called, form.script, diary.rng, short=short, swapped=swapped)
    return name.upper() if form.heading[1].isupper() else name


def _stranger(diary: Diary, form: ListForm) -> str:
    """A name that is nobody's of ours."""
    member = Member(group="", role="adult", sex=diary.rng.choice(("female", "male")), age_years=30)
    called = names_of((member,), diary.plan.names, (), diary.rng)[0]
    return written(called, form.script, diary.rng)


def _call(diary: Diary, plan: ListPlan, parties: Sequence[Party]) -> None:
    """Tell everybody listed to come, party by party, in the evening."""
    at = Moment(plan.received + 25 * MINUTE_MS)
    for party in parties:
        at = Moment(at + diary.rng.randint(40, 150) * SECOND_MS)
        by_channel: cross.CallChannel = diary.rng.choice(("phone", "phone", "messenger"))
        body = cross.Called(gate=diary.plan.gate, for_date=plan.for_date, by_channel=by_channel)
        diary.note(diary.plan.headquarters, diary.plan.users.lists, cross.CALLED, body, at, party.persons)
