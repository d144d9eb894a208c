"""Who applied and when, what was recorded of them, and who withdrew or came after all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corridor.base.ids import PaperId
from corridor.base.moments import DAY_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.base.operation import Need
from corridor.drill.people.invented import Party, Person
from corridor.drill.plan import Window
from corridor.drill.story.diary import Diary
from corridor.journey.documents import events as documents
from corridor.journey.register import events as register
from corridor.journey.register.events import Channel, PartyRole, WithdrawalReason
from corridor.ledger.accounts import OUTSIDE, end_account

RANK_NOISE_DAYS = 2.0  # how far the order of applying differs from the order of crossing; invented
CHANNELS: tuple[tuple[Channel, int], ...] = (("phone", 5), ("messenger", 4), ("email", 2))
REASONS: tuple[tuple[WithdrawalReason, int], ...] = (
    ("declined", 5),
    ("changed_mind", 4),
    ("other_means", 4),
    ("not_reachable", 3),
    ("blocked", 3),
)
ROLES: dict[str, PartyRole] = {"child": "child", "elder": "other", "adult": "other"}


def apply(diary: Diary) -> None:
    """Register everybody, record what they said, and let those withdraw who never cross."""
    for number, (at, party) in enumerate(_applying(diary), start=1):
        _register(diary, party, at, number)
    for party in diary.parties:
        group = diary.plan.group(party.group)
        if group.withdraws is not None:
            _withdraw(diary, party, group.withdraws.part(diary.rng.random()))
    _come_after_all(diary)


def _applying(diary: Diary) -> list[tuple[Moment, Party]]:
    """When each party applies, first to last; the common demand is met to a party, and its last point exactly."""
    plan, rng = diary.plan, diary.rng
    common: list[tuple[float, Party]] = []
    found: list[tuple[Moment, Party]] = []
    last = max(group.crosses.start for group in plan.groups if group.crosses and not group.applies)
    first = min(group.crosses.start for group in plan.groups if group.crosses)
    for party in diary.parties:
        group = plan.group(party.group)
        if group.applies is not None:
            found.append((group.applies.part(rng.random()), party))
        else:
            turn = float(group.crosses.start) if group.crosses else rng.uniform(first, last)
            common.append((turn + rng.gauss(0, RANK_NOISE_DAYS * DAY_MS), party))
    count = 0
    for _, party in sorted(common, key=lambda each: (each[0], each[1].id)):
        count += len(party.members)
        found.append((_by_demand(diary, count), party))
    return sorted(found, key=lambda each: (each[0], each[1].id))


def _by_demand(diary: Diary, count: int) -> Moment:
    """When the count of people registered is reached, between two points of the demand; before its last point."""
    knots = diary.plan.demand
    for before, after in pairwise(knots):
        if count <= after.registered:
            share = (count - before.registered) / (after.registered - before.registered)
            # A party's members are written down within minutes, all of them before the point.
            return Moment(int(before.by + (after.by - before.by - 30 * MINUTE_MS) * share))
    raise AssertionError(f"{count} people apply in the common demand, which ends with {knots[-1].registered}")


def _register(diary: Diary, party: Party, at: Moment, number: int) -> None:
    plan, rng = diary.plan, diary.rng
    device, consul = plan.headquarters, plan.users.consul
    channel = rng.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
    for turn, person in enumerate(party.members):
        written = Moment(at + turn * rng.randint(25, 70) * SECOND_MS)
        body = register.Registered(
            party=party.id,
            citizenships=(person.citizenship,),
            age_band=person.age_band,
            sex=person.sex,
            relation="citizen" if person.citizenship in diary.operation.eligibility.own_citizenships else "relative",
            channel=channel,
            application=f"a-{number:04d}",
        )
        target = diary.at_origin()
        diary.note(device, consul, register.REGISTERED, body, written, (person.id,), source=OUTSIDE, target=target)
        diary.registered_at[person.id] = written
        role: PartyRole = "head" if person == party.head else ROLES.get(person.role, "spouse")
        joined = register.JoinedParty(party=party.id, role=role)
        diary.note(device, consul, register.JOINED_PARTY, joined, Moment(written + SECOND_MS), (person.id,))
        _papers(diary, person, Moment(written + 5 * SECOND_MS))
        identified = register.Identified(
            fields=("names", "birth", "documents") if person.document_number else ("names", "birth"), version=1
        )
        diary.note(device, consul, register.IDENTIFIED, identified, Moment(written + 8 * SECOND_MS), (person.id,))
    done = Moment(at + 15 * MINUTE_MS)
    contact = register.ContactRecorded(channel=channel, reachable=diary.chance(0.93))
    diary.note(device, consul, register.CONTACT_RECORDED, contact, done, (party.head.id,))
    _ties(diary, party, done)
    _needs(diary, party, Moment(done + MINUTE_MS))


def _papers(diary: Diary, person: Person, at: Moment) -> None:
    """The passport, or that there is none; a child without one mostly has a birth certificate."""
    device, consul = diary.plan.headquarters, diary.plan.users.consul
    if person.document_number is not None:
        paper = documents.PaperRecorded(
            paper=PaperId(f"passport-{person.id}"), type="passport", issuer=person.citizenship
        )
        diary.note(device, consul, documents.PAPER_RECORDED, paper, at, (person.id,))
        return
    missing = documents.PaperMissing(type="passport", why="No number was given with the application.")
    diary.note(device, consul, documents.PAPER_MISSING, missing, at, (person.id,))
    if person.minor and diary.chance(0.7):
        birth = documents.PaperRecorded(
            paper=PaperId(f"birth-{person.id}"), type="birth_certificate", issuer=diary.operation.origin_country
        )
        diary.note(device, consul, documents.PAPER_RECORDED, birth, Moment(at + SECOND_MS), (person.id,))


def _ties(diary: Diary, party: Party, at: Moment) -> None:
    device, consul = diary.plan.headquarters, diary.plan.users.consul
    head = party.head
    parents = [person for person in party.members if person.role in ("mother", "father")]

    def tie(one: Person, what: register.TieType, other: Person) -> None:
        body = register.Tied(tie=what, other=other.id)
        diary.note(device, consul, register.TIED, body, at, (one.id, other.id))

    for child in party.members:
        if child.minor:
            tie(head, "guardian_of", child)
            for parent in parents:
                if parent != head:
                    tie(parent, "parent_of", child)
    if len(parents) == 2:
        tie(parents[0], "spouse_of", parents[1])
    grown = [person for person in party.members if not person.minor and person != head]
    if grown and diary.chance(diary.plan.shares.will_not_travel_without):
        tie(max(grown, key=lambda person: person.age_years), "will_not_travel_without", head)


def _needs(diary: Diary, party: Party, at: Moment) -> None:
    """Food for some infants, wheelchairs and medicine for some elders, and the plan's pregnant women."""
    group = diary.plan.group(party.group)
    needs: list[tuple[Person, Need]] = []
    for person in party.members:
        if person.age_band == "infant" and diary.chance(0.6):
            needs.append((person, "infant_food"))
        if person.age_band == "elder" and diary.chance(0.15):
            needs.append((person, "wheelchair"))
        if person.age_years >= 50 and diary.chance(0.25):
            needs.append((person, "medication"))
    candidates = [
        mother
        for each in diary.parties_of(party.group)
        for mother in each.members
        if mother.role == "mother" and mother.age_years <= 42
    ]
    needs += [(mother, "pregnant") for mother in candidates[: group.pregnant] if mother in party.members]
    for person, need in needs:
        body = register.NeedRecorded(need=need)
        diary.note(diary.plan.headquarters, diary.plan.users.consul, register.NEED_RECORDED, body, at, (person.id,))


def _withdraw(
    diary: Diary, party: Party, at: Moment, reasons: Sequence[tuple[WithdrawalReason, int]] = REASONS
) -> None:
    at = max(at, Moment(max(diary.registered_at[person] for person in party.persons) + DAY_MS))
    why = diary.rng.choices([word for word, _ in reasons], [weight for _, weight in reasons])[0]
    diary.note(
        diary.plan.headquarters,
        diary.plan.users.consul,
        register.WITHDREW,
        register.Withdrew(why=why),
        at,
        party.persons,
        source=diary.at_origin(),
        target=end_account("withdrawn"),
    )
    diary.away.setdefault(party.id, []).append(Window(start=at, until=Moment(at + 400 * DAY_MS)))


def _come_after_all(diary: Diary) -> None:
    """The plan's parties that withdraw and come back."""
    plan = diary.plan.reoffers
    candidates = [
        party
        for party in diary.parties_of(*plan.groups)
        if max(diary.registered_at[person] for person in party.persons) + DAY_MS < plan.withdraws.start
    ]
    for party in diary.rng.sample(candidates, min(plan.parties, len(candidates))):
        _withdraw(diary, party, plan.withdraws.part(diary.rng.random()), (("changed_mind", 2), ("declined", 1)))
        at = plan.returns.part(diary.rng.random())
        diary.away[party.id][-1] = Window(start=diary.away[party.id][-1].start, until=at)
        diary.note(
            diary.plan.headquarters,
            diary.plan.users.consul,
            register.REOFFERED,
            register.Reoffered(why="The family asked again when the crossing was to open."),
            at,
            party.persons,
            source=end_account("withdrawn"),
            target=diary.at_origin(),
        )
