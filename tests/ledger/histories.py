"""Histories for the laws: small worlds of people and devices with everything that goes wrong, drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from corridor.base.ids import AccountId, DeviceId, LegId, PersonId, PlaceId, UserId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger.accounts import OUTSIDE
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.intake import Intake

START = Moment(1_699_776_000_000)
HEADQUARTERS = DeviceId("headquarters")
HEADQUARTERS_KEY = SigningKey.from_seed(bytes(32))
PLACES = ("gaza", "rafah", "cairo", "moscow")
_MINUTES = {("gaza", "rafah"): 5, ("rafah", "cairo"): 60, ("gaza", "cairo"): 65, ("cairo", "moscow"): 200}
LEGS = {
    LegId("crossing"): (PlaceId("gaza"), PlaceId("rafah")),
    LegId("road"): (PlaceId("rafah"), PlaceId("cairo")),
    LegId("flight"): (PlaceId("cairo"), PlaceId("moscow")),
}
ACCOUNTS = (*(f"place:{place}" for place in PLACES), "aboard:bus", "aboard:plane", "end:received", "end:withdrawn")


def minutes_min(source: PlaceId, target: PlaceId) -> int | None:
    """The legs of the small world, one way only."""
    return _MINUTES.get((source, target))


WAYS = OperationWays(minutes_min, lambda place: place in PLACES, LEGS)


def device_key(name: str) -> SigningKey:
    """The key of a device of the small world."""
    return SigningKey.from_seed(name.encode().ljust(32, b"\0"))


@dataclass
class History:
    """Batches with the moment at which each is received, in the order in which they were made."""

    deliveries: list[tuple[Moment, bytes]] = field(default_factory=list)
    end: Moment = START


def intake_of(deliveries: list[tuple[Moment, bytes]], order: list[int] | None = None) -> Intake:
    """Take batches in, in the order given; each keeps its own number and moment of receipt."""
    intake = Intake(HEADQUARTERS, HEADQUARTERS_KEY.public, lambda number: deliveries[number - 1][1])
    for index in order if order is not None else range(len(deliveries)):
        received_at, raw = deliveries[index]
        intake.take(index + 1, raw, received_at)
    return intake


def view_of(intake: Intake, deliveries: list[tuple[Moment, bytes]], at: Moment, known: Moment) -> View:
    """The book at (at, known) over what was taken in."""
    return View(Book(WAYS, intake, lambda number: deliveries[number - 1][1]), at, known)


@st.composite
def moves(draw: st.DrawFn, persons: list[str], at: Moment) -> Draft:
    """One record: most go along the legs, some make no sense together with the rest."""
    who = draw(st.lists(st.sampled_from(persons), min_size=1, max_size=3, unique=True))
    target = draw(st.sampled_from(ACCOUNTS))
    source = draw(st.sampled_from([None, OUTSIDE, *(a for a in ACCOUNTS if a != target)]))
    kind = draw(st.sampled_from(["registered" if source == OUTSIDE else "crossed", "sighted", "boarded"]))
    return Draft(
        kind=kind,
        happened_at=at,
        by=UserId("amal"),
        persons=tuple(PersonId(person) for person in who),
        source=None if source is None else AccountId(source),
        target=AccountId(target),
    )


def straight(person: str, at: Moment) -> list[Draft]:
    """A person's whole road as it should be."""
    steps = [
        ("registered", "outside", "place:gaza"),
        ("crossed", "place:gaza", "place:rafah"),
        ("boarded", "place:rafah", "aboard:bus"),
        ("alighted", "aboard:bus", "place:cairo"),
        ("boarded", "place:cairo", "aboard:plane"),
        ("alighted", "aboard:plane", "place:moscow"),
        ("received", "place:moscow", "end:received"),
    ]
    return [
        Draft(
            kind=kind,
            happened_at=Moment(at + index * 30 * MINUTE_MS),
            by=UserId("amal"),
            persons=(PersonId(person),),
            source=AccountId(source),
            target=AccountId(target),
        )
        for index, (kind, source, target) in enumerate(steps)
    ]


@st.composite
def merges(draw: st.DrawFn, persons: list[str]) -> Draft:
    """That two ids are one human being, or that they are not after all."""
    kept, dropped = draw(st.permutations(persons))[:2]
    return merge(kept, dropped, Moment(START + draw(st.integers(0, 600)) * MINUTE_MS), draw(st.booleans()))


def merge(kept: str, dropped: str, at: Moment, holds: bool = True) -> Draft:
    """A `merged` or a `parted` event."""
    return Draft(
        kind="merged" if holds else "parted",
        happened_at=at,
        by=UserId("amal"),
        persons=(PersonId(kept), PersonId(dropped)),
        body={"kept": kept, "dropped": dropped, "why": "same papers"},
    )


@st.composite
def records(draw: st.DrawFn, persons: list[str]) -> list[Draft]:
    """What one device records: some people's straight road, some records that fit nothing, some that move nobody."""
    drafts: list[Draft] = []
    for person in draw(st.lists(st.sampled_from(persons), max_size=2, unique=True)):
        steps = straight(person, Moment(START + draw(st.integers(0, 240)) * MINUTE_MS))
        drafts += steps[draw(st.integers(0, 3)) : draw(st.integers(3, 7))]
    for _ in range(draw(st.integers(0, 3))):
        drafts.append(draw(moves(persons, Moment(START + draw(st.integers(0, 600)) * MINUTE_MS))))
    if len(persons) > 1 and draw(st.booleans()):
        drafts.append(draw(merges(persons)))
    if draw(st.booleans()):
        person = PersonId(draw(st.sampled_from(persons)))
        drafts.append(Draft(kind="called", happened_at=START, by=UserId("amal"), persons=(person,)))
    if draw(st.booleans()):
        body = {"movement": "bus", "place": draw(st.sampled_from(PLACES))}
        at = Moment(START + draw(st.integers(0, 300)) * MINUTE_MS)
        kind = draw(st.sampled_from(["departed", "arrived"]))
        drafts.append(Draft(kind=kind, happened_at=at, by=UserId("amal"), body=body))
    return sorted(drafts, key=lambda one: one.happened_at)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Devices enrolled early or late, clocks wrong or never measured, batches lost, chains forked, records corrected,
    contradictions judged."""
    persons = [f"p{number}" for number in range(draw(st.integers(1, 4)))]
    history = History()
    headquarters = Recorder(HEADQUARTERS, HEADQUARTERS_KEY)
    ids = []
    for name in [f"phone-{number}" for number in range(draw(st.integers(1, 3)))]:
        _headquarters(draw, history, headquarters, "device_enrolled", _enrolment(name))
        recorder = Recorder(DeviceId(name), device_key(name))
        offset = draw(st.sampled_from([None, 0, -3 * MINUTE_MS, 7 * MINUTE_MS]))
        for _ in range(draw(st.integers(1, 3))):
            drafts = draw(records(persons))
            if not drafts:
                continue
            forked = Recorder(recorder.device, device_key(name), seq=recorder.seq, head=recorder.head)
            raw, made = recorder.mint(drafts, clock_offset_ms=offset, clock_uncertainty_ms=30_000)
            ids += made
            if draw(st.integers(0, 9)):  # one in ten is lost
                _deliver(draw, history, raw)
            if draw(st.integers(0, 9)) == 0:  # a restored phone goes on from before
                other = draw(records(persons)) or drafts[:1]
                _deliver(draw, history, forked.mint(other, clock_offset_ms=offset)[0])
                if draw(st.booleans()):
                    body = {"device": name, "epoch": 1, "head": draw(st.sampled_from([recorder, forked])).head.hex()}
                    _headquarters(draw, history, headquarters, "branch_believed", body)
    for id_ in draw(st.lists(st.sampled_from(ids), max_size=2)) if ids else ():
        _headquarters(draw, history, headquarters, "corrected", {"of": str(id_), "why": "slip"})
    if ids and draw(st.booleans()):
        judged = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=6, unique=True))
        _judge(draw, history, headquarters, persons, [str(id_) for id_ in judged])
    if len(persons) > 1 and draw(st.booleans()):
        _deliver(draw, history, headquarters.mint([draw(merges(persons)) for _ in range(draw(st.integers(1, 2)))])[0])
    history.end = Moment(START + 2_000 * MINUTE_MS)
    return history


def _enrolment(name: str) -> dict[str, object]:
    return {"device": name, "public_key": device_key(name).public.hex()}


def _headquarters(draw: st.DrawFn, history: History, recorder: Recorder, kind: str, body: dict[str, object]) -> None:
    raw, _ = recorder.mint([Draft(kind=kind, happened_at=START, by=UserId("root"), body=body)])
    _deliver(draw, history, raw)


def _judge(draw: st.DrawFn, history: History, recorder: Recorder, persons: list[str], records_: list[str]) -> None:
    decision = Draft(
        kind="reconciled",
        happened_at=Moment(START + draw(st.integers(100, 900)) * MINUTE_MS),
        by=UserId("duty"),
        persons=(PersonId(draw(st.sampled_from(persons))),),
        target=AccountId(draw(st.sampled_from(ACCOUNTS))),
        body={"records": records_, "says": "looked and asked"},
    )
    _deliver(draw, history, recorder.mint([decision])[0])


def _deliver(draw: st.DrawFn, history: History, raw: bytes) -> None:
    received_at = Moment(START + draw(st.integers(0, 1_000)) * MINUTE_MS)
    history.deliveries.append((received_at, raw))
