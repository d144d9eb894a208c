"""What is done for people at the staging place: care, papers, permits, testimony, and the word that they may fly."""

from __future__ import annotations

from corridor.base.ids import EncounterId, HoldId, PaperId, PersonId, ReceiptId, TracingId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Moment
from corridor.drill.people.invented import Person
from corridor.drill.plan import Window
from corridor.drill.story.crossing import permit_end
from corridor.drill.story.diary import Diary
from corridor.drill.story.movements import stay_in_staging
from corridor.journey.arrive import events as arrive
from corridor.journey.care import events as care
from corridor.journey.documents import events as documents
from corridor.ledger.accounts import end_account, place_account

ADULT_CODES = (
    "hypertension", "diabetes", "medicine_refill", "pain", "respiratory_infection", "dental", "skin_disease",
    "grief_sleep", "minor_injury", "blast_wound_old", "heart_disease", "no_illness", "stomach",
)  # fmt: skip
CHILD_CODES = (
    "respiratory_infection", "watery_diarrhoea", "skin_disease", "child_check", "feeding_problem", "fever",
    "minor_injury", "eye_ear", "dehydration", "no_illness",
)  # fmt: skip
HOLD_REASONS: tuple[tuple[care.HoldReason, str], ...] = (
    ("infectious", "Stays in a room of their own."),
    ("medical", "Waits for a doctor's examination."),
    ("psychological", "Waits for a talk with a psychologist."),
    ("family", "Waits for the rest of the family's papers."),
)


def stay(diary: Diary) -> None:
    """Everything that happens to everybody between the convoy and the flight."""
    for party in diary.parties:
        if diary.plan.group(party.group).crosses is None:
            continue
        for person in party.members:
            begins, ends, flight = stay_in_staging(diary, person)
            there = Window(start=begins, until=ends)
            _care(diary, person, there)
            _words(diary, person, there)
            _papers(diary, person, there)
            _permit(diary, person, ends, left=flight is not None)
            if flight is not None:
                _fit(diary, person, there)
    _hospital_abroad(diary)


def _care(diary: Diary, person: Person, there: Window) -> None:
    plan, rng = diary.plan, diary.rng
    device, place = plan.devices.care, plan.staging
    if diary.chance(plan.shares.encounter):
        codes = CHILD_CODES if person.minor else ADULT_CODES
        body = care.EncounterRecorded(
            encounter=EncounterId(f"e-{person.id}"),
            place=place,
            codes=(rng.choice(codes),),
            disposition="referred" if diary.chance(0.05) else "treated",
            outcome="follow_up" if diary.chance(0.15) else "no_follow_up",
            relation=rng.choice(("direct", "indirect", "not_related")),
            note=diary.sealed() if diary.chance(0.4) else None,
        )
        diary.note(device, plan.users.medic, care.ENCOUNTER, body, there.part(rng.uniform(0.1, 0.5)), (person.id,))
    if diary.chance(plan.shares.first_aid):
        talk = care.FirstAidGiven(
            encounter=EncounterId(f"t-{person.id}"), place=place, next=rng.choices(
                ("none", "follow_up", "refer"), (8, 3, 1))[0]
        )  # fmt: skip
        at = there.part(rng.uniform(0.1, 0.6))
        diary.note(device, plan.users.psychologist, care.FIRST_AID, talk, at, (person.id,))
    if diary.chance(plan.shares.hold):
        reason, instruction = rng.choice(HOLD_REASONS)
        at, lifted = there.part(rng.uniform(0.1, 0.25)), there.part(rng.uniform(0.35, 0.5))
        hold = HoldId(f"h-{person.id}")
        placed = care.HoldPlaced(
            hold=hold, reason=reason, instruction=instruction, owner=plan.users.medic, review_at=lifted
        )
        diary.note(device, plan.users.medic, care.HOLD_PLACED, placed, at, (person.id,))
        ended = care.HoldLifted(hold=hold, why="Examined; may travel.")
        before = Moment(lifted - SECOND_MS)
        diary.note(device, plan.users.medic, care.HOLD_LIFTED, ended, before, (person.id,))


def _fit(diary: Diary, person: Person, there: Window) -> None:
    """A doctor decides about everybody before boarding; everybody who boarded was found fit."""
    escort = person.age_years >= 75 and diary.chance(0.4)
    body = care.FitnessDecided(
        decision="fit_with_escort" if escort else "fit", needs=("escort",) if escort else (), until=None
    )
    at = there.part(diary.rng.uniform(0.6, 0.95))
    diary.note(diary.plan.devices.care, diary.plan.users.medic, care.FITNESS_DECIDED, body, at, (person.id,))


def _words(diary: Diary, person: Person, there: Window) -> None:
    """Losses and testimony of adults, as far as they consent, and searches for relatives."""
    plan, rng = diary.plan, diary.rng
    device, listener = plan.devices.care, plan.users.psychologist
    if person.minor:
        return
    if diary.chance(plan.shares.loss_reported):
        loss: care.Loss = rng.choices(("home_destroyed", "relative_killed", "relative_missing"), (6, 3, 1))[0]
        consent: care.Consent = rng.choices(("given", "given_for_tracing", "refused"), (5, 3, 1))[0]
        at = there.part(rng.uniform(0.2, 0.5))
        sealed = None if consent == "refused" else diary.sealed()
        body = care.LossReported(loss=loss, consent=consent, sealed=sealed)
        diary.note(device, listener, care.LOSS_REPORTED, body, at, (person.id,))
        if loss == "relative_missing" and consent != "refused":
            tracing = TracingId(f"s-{person.id}")
            opened = care.TracingOpened(tracing=tracing, sealed=diary.sealed())
            diary.note(device, listener, care.TRACING_OPENED, opened, Moment(at + 10 * MINUTE_MS), (person.id,))
            if diary.chance(0.4):
                outcome: care.TracingOutcome = rng.choice(("found_alive", "not_found", "reunited"))
                closed = care.TracingClosed(tracing=tracing, outcome=outcome)
                later = Moment(at + rng.randint(2, 9) * DAY_MS)
                diary.note(plan.headquarters, plan.users.duty, care.TRACING_CLOSED, closed, later, (person.id,))
    if diary.chance(plan.shares.testimony):
        told = care.TestimonyRecorded(consent=rng.choice(("given", "given_for_tracing")), sealed=diary.sealed())
        at = there.part(rng.uniform(0.2, 0.55))
        diary.note(device, listener, care.TESTIMONY_RECORDED, told, at, (person.id,))


def _papers(diary: Diary, person: Person, there: Window) -> None:
    """Who has no paper to travel with gets one from the consul."""
    plan, rng = diary.plan, diary.rng
    if person.document_number is not None and not diary.chance(plan.shares.no_travel_paper * 0.5):
        return
    device, consul = plan.devices.staging, plan.users.consul
    own = person.citizenship in diary.operation.eligibility.own_citizenships
    kind: documents.PaperType = "return_certificate" if own else "laissez_passer"
    paper = PaperId(f"{'return' if own else 'pass'}-{person.id}")
    valid_until = Moment(there.until + 15 * DAY_MS)
    drawn = documents.PaperDrawnUp(paper=paper, type=kind, valid_until=valid_until)
    issued = documents.PaperIssued(paper=paper, type=kind, valid_until=valid_until)
    begun = rng.uniform(0.15, 0.4)
    diary.note(device, consul, documents.PAPER_DRAWN_UP, drawn, there.part(begun), (person.id,))
    diary.note(device, consul, documents.PAPER_ISSUED, issued, there.part(begun + 0.2), (person.id,))


def _permit(diary: Diary, person: Person, ends: Moment, *, left: bool) -> None:
    """The transit permit: extended before it runs out as often as the stay needs, and ended with it."""
    plan = diary.plan
    device, consul, permit = plan.devices.staging, plan.users.consul, plan.permit
    until = permit_end(diary, diary.crossed_at[person.id])
    while until < ends:
        at = Moment(until - diary.rng.randint(4, 12) * HOUR_MS)
        over = documents.PermitEnded(permit=permit, why="extended")
        diary.note(device, consul, documents.PERMIT_ENDED, over, at, (person.id,))
        start = Moment(at + SECOND_MS)
        until = permit_end(diary, start)
        again = documents.PermitStarted(permit=permit, starts_at=start, ends_at=until)
        diary.note(device, consul, documents.PERMIT_STARTED, again, start, (person.id,))
    last = documents.PermitEnded(permit=permit, why="left" if left else "cancelled")
    diary.note(device, consul, documents.PERMIT_ENDED, last, Moment(ends + SECOND_MS), (person.id,))


def _hospital_abroad(diary: Diary) -> None:
    """Who stays in hospital at staging: admitted, held, not fit, and at last handed over to relatives there."""
    plan, story = diary.plan, diary.plan.hospital_abroad
    device, medic = plan.devices.care, plan.users.medic
    for party in diary.parties_of(story.group):
        for person in party.members:
            who: tuple[PersonId, ...] = (person.id,)
            seen = care.EncounterRecorded(
                encounter=EncounterId(f"a-{person.id}"),
                place=plan.staging,
                codes=("heart_disease",),
                disposition="admitted",
                outcome="follow_up",
                relation="indirect",
                note=diary.sealed(),
            )
            diary.note(device, medic, care.ENCOUNTER, seen, story.admitted_at, who)
            hold = HoldId(f"a-{person.id}")
            placed = care.HoldPlaced(
                hold=hold,
                reason="medical",
                instruction="In hospital; does not fly.",
                owner=medic,
                review_at=Moment(story.handed_over_at + DAY_MS),
            )
            diary.note(device, medic, care.HOLD_PLACED, placed, Moment(story.admitted_at + 5 * MINUTE_MS), who)
            unfit = care.FitnessDecided(decision="unfit")
            diary.note(device, medic, care.FITNESS_DECIDED, unfit, Moment(story.admitted_at + 6 * MINUTE_MS), who)
            receipt = ReceiptId(f"r-{person.id}")
            given = arrive.HandedOver(
                from_custodian=story.from_custodian, to_custodian=story.to_custodian, receipt=receipt
            )
            at = story.handed_over_at
            source, target = place_account(plan.staging), end_account("handed_over")
            staging, duty = plan.devices.staging, plan.users.duty
            diary.note(staging, duty, arrive.HANDED_OVER, given, at, who, source=source, target=target)
            signed = arrive.HandoverReceipted(receipt=receipt, by_custodian=story.to_custodian)
            diary.note(staging, duty, arrive.HANDOVER_RECEIPTED, signed, Moment(at + 20 * MINUTE_MS), who)
            lifted = care.HoldLifted(hold=hold, why="Stays with relatives; does not travel with us.")
            diary.note(device, medic, care.HOLD_LIFTED, lifted, Moment(at + 30 * MINUTE_MS), who)
