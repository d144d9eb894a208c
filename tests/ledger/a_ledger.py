"""A small ledger for tests: phones and a headquarters with fixed keys, batches taken in one by one."""

from __future__ import annotations

from typing import Any

from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY, WAYS, device_key

from corridor.base.ids import AccountId, DeviceId, EventId, PersonId, UserId
from corridor.base.moments import Moment, parse_moment
from corridor.ledger.accounts import OUTSIDE
from corridor.ledger.book.discrepancies import Discrepancy, discrepancies
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.event import Draft
from corridor.ledger.intake import Intake, Verdict

DAY = "2023-11-12"
LATER = parse_moment("2023-12-29")


def moment(clock: str) -> Moment:
    """A time of the one day of these tests, e.g. `10:30`."""
    return parse_moment(f"{DAY}T{clock}Z")


def draft(
    kind: str, clock: str, *persons: str, source: str | None = None, target: str | None = None, **body: Any
) -> Draft:
    """A draft of something that happened on that day."""
    return Draft(
        kind=kind,
        happened_at=moment(clock),
        by=UserId("amal"),
        persons=tuple(PersonId(person) for person in persons),
        source=None if source is None else AccountId(source),
        target=None if target is None else AccountId(target),
        body=body,
    )


def registered(clock: str, *persons: str, place: str = "gaza") -> Draft:
    """People enter the book."""
    return draft("registered", clock, *persons, source=OUTSIDE, target=f"place:{place}", party="family")


def crossed(clock: str, *persons: str) -> Draft:
    """People cross from Gaza to Rafah."""
    return draft("crossed", clock, *persons, source="place:gaza", target="place:rafah", gate="rafah")


def enrolment(device: str, **more: Any) -> Draft:
    """Headquarters admits a device's key."""
    return draft("device_enrolled", "00:00", device=device, public_key=device_key(device).public.hex(), **more)


def phone(device: str, **where: Any) -> Recorder:
    """A device of the field; `epoch`, `seq` and `head` set it onto a later point of its chain."""
    return Recorder(DeviceId(device), device_key(device), **where)


def mint(recorder: Recorder, *drafts: Draft, **clock: int | None) -> bytes:
    """One batch of these drafts."""
    return recorder.mint(drafts, **clock)[0]


class Ledger:
    """Batches as they come, taken in at once; everything that a test asks of them."""

    def __init__(self) -> None:
        self.raws: list[bytes] = []
        self.received: list[Moment] = []
        self.headquarters = Recorder(HEADQUARTERS, HEADQUARTERS_KEY)
        self.intake = Intake(HEADQUARTERS, HEADQUARTERS_KEY.public, self.raw)

    def raw(self, number: int) -> bytes:
        """The bytes of one batch."""
        return self.raws[number - 1]

    def take(self, raw: bytes, received: str = "20:00") -> Verdict:
        """A batch comes in."""
        self.raws.append(raw)
        self.received.append(moment(received))
        return self.intake.take(len(self.raws), raw, moment(received))

    def order(self, *drafts: Draft, received: str = "20:00") -> tuple[EventId, ...]:
        """Headquarters records; always accepted."""
        raw, ids = self.headquarters.mint(drafts)
        assert self.take(raw, received).status == "accepted"
        return ids

    def enrol(self, device: str, received: str = "00:00") -> Recorder:
        """Headquarters admits a phone, which begins its chain."""
        self.order(enrolment(device), received=received)
        return phone(device)

    def view(self, at: Moment = LATER, known: Moment = LATER) -> View:
        """The book at (at, known)."""
        return View(Book(WAYS, self.intake, self.raw), at, known)

    def where(self, person: str, at: Moment = LATER, known: Moment = LATER) -> str | None:
        """The account of a person."""
        return self.view(at, known).account_of(PersonId(person))

    def codes(self, known: Moment = LATER) -> list[str]:
        """The codes of what cannot all be right."""
        return [one.code for one in self.discrepancies(known)]

    def discrepancies(self, known: Moment = LATER) -> tuple[Discrepancy, ...]:
        """What cannot all be right."""
        return discrepancies(self.view(LATER, known))
