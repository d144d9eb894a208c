"""What a batch is worth: quarantine, enrolment, revocation, corrections; everything received adds up."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.ledger.a_ledger import LATER, Ledger, crossed, draft, enrolment, mint, moment, phone, registered
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY, WAYS, device_key

from corridor.base.ids import PersonId
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.checkpoint import pack, unpack
from corridor.ledger.device import wire
from corridor.ledger.device.signing import SigningKey


def says(ledger: Ledger, code: str) -> list[str]:
    """What the discrepancies of one code say."""
    return [one.says for one in ledger.discrepancies() if one.code == code]


# --- Quarantine and enrolment -------------------------------------------------------------------------------------


def test_enrolment_releases_what_waited() -> None:
    """A phone nobody knows is held; its batches count from the enrolment on, and are known since then, not before."""
    ledger = Ledger()
    gate = phone("gate-1")
    for made in (registered("09:00", "p1"), crossed("10:00", "p1")):
        verdict = ledger.take(mint(gate, made), "11:00")
        assert (verdict.status, verdict.code) == ("quarantined", "unknown_device")
    assert says(ledger, "quarantined") == ["2 batches of gate-1 (2 events) are held: unknown device."]
    ledger.order(enrolment("gate-1"), received="15:00")
    assert ledger.codes() == []
    assert ledger.intake.tally == {"accepted": 3, "quarantined": 0}
    assert ledger.where("p1") == "place:rafah"
    assert ledger.where("p1", known=moment("14:59")) is None
    assert {event.received_at for event in ledger.view().events_of(PersonId("p1"))} == {moment("15:00")}


def test_enrolment_does_not_release_another_key() -> None:
    """A batch signed with another key than the enrolled one stays held, and is let go by that other key."""
    ledger = Ledger()
    ledger.enrol("gate-1")
    lines = [wire.write_line(registered("09:00", "p1"), 0, 0)]
    other_key = SigningKey.from_seed(b"7" * 32)
    raw, _ = wire.frame(phone("gate-1").device, 2, 1, wire.ZERO_HASH, lines, other_key)
    assert ledger.take(raw).code == "bad_signature"
    ledger.order(enrolment("gate-1"))
    assert ledger.intake.tally["quarantined"] == 1
    ledger.order(draft("device_enrolled", "12:00", device="gate-1", public_key=other_key.public.hex(), epoch=2))
    assert ledger.intake.tally["quarantined"] == 0
    assert ledger.where("p1") == "place:gaza"


def test_a_key_holds_from_its_epoch_on() -> None:
    """A key enrolled for epoch 2 signs nothing in epoch 1."""
    ledger = Ledger()
    ledger.order(enrolment("gate-1", epoch=2))
    assert ledger.take(mint(phone("gate-1"), registered("09:00", "p1"))).code == "unknown_device"
    assert ledger.take(mint(phone("gate-1", epoch=2), registered("09:00", "p2"))).status == "accepted"
    assert ledger.view().everybody() == ("p2",)


@pytest.mark.parametrize(
    "body",
    [
        {"device": "gate-1"},
        {"device": "gate-1", "public_key": "zz" * 32},
        {"device": "gate-1", "public_key": "ab" * 31},
        {"device": "gate 1", "public_key": device_key("gate-1").public.hex()},
        {"device": "gate-1", "public_key": device_key("gate-1").public.hex(), "epoch": "1"},
        {"device": 7, "public_key": device_key("gate-1").public.hex()},
        {"device": HEADQUARTERS, "public_key": device_key("gate-1").public.hex()},
    ],
)
def test_a_senseless_enrolment_enrols_nobody(body: dict[str, object]) -> None:
    """An enrolment whose body makes no sense, or that would change headquarters' own key, changes nothing."""
    ledger = Ledger()
    ledger.order(draft("device_enrolled", "08:00", **body))
    assert ledger.take(mint(phone("gate-1"), registered("09:00", "p1"))).code == "unknown_device"
    assert list(ledger.intake.trust.keys) == [HEADQUARTERS]
    assert len(ledger.intake.trust.keys[HEADQUARTERS]) == 1


def test_only_headquarters_enrols() -> None:
    """An enrolled phone that enrols another is not listened to, and that is shown."""
    ledger = Ledger()
    ledger.take(mint(ledger.enrol("gate-1"), enrolment("gate-2")))
    assert ledger.take(mint(phone("gate-2"), registered("09:00", "p1"))).code == "unknown_device"
    assert sorted(ledger.codes()) == ["correction_ignored", "quarantined"]


# --- Revocation ---------------------------------------------------------------------------------------------------


def test_a_revoked_device_is_held_from_then_on() -> None:
    """What headquarters had before the revocation stands; what comes after it is held, whatever its own clock says."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1")), "10:00")
    ledger.order(draft("device_revoked", "11:00", device="gate-1", why="stolen"), received="11:00")
    verdict = ledger.take(mint(gate, crossed("09:30", "p1")), "12:00")
    assert (verdict.status, verdict.code) == ("quarantined", "revoked")
    assert ledger.where("p1") == "place:gaza"
    assert says(ledger, "quarantined") == ["1 batches of gate-1 (1 events) are held: revoked."]
    assert ledger.where("p1", known=moment("10:30")) == "place:gaza"


def test_a_revocation_may_name_the_last_event_to_believe() -> None:
    """What the thief recorded is taken back from then on; what the user recorded before is still taken in, late too."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    early = mint(gate, registered("08:00", "p0"))
    ledger.take(mint(gate, registered("09:00", "p1"), crossed("09:30", "p1")), "10:00")
    ledger.take(mint(gate, registered("10:00", "p2")), "10:00")
    ledger.order(
        draft("device_revoked", "11:00", device="gate-1", after_epoch=1, after_seq=2, why="stolen"), received="11:00"
    )
    assert ledger.take(early, "12:00").status == "accepted"
    assert ledger.take(mint(gate, registered("10:30", "p3")), "12:00").code == "revoked"
    assert [ledger.where(f"p{number}") for number in range(4)] == ["place:gaza", "place:gaza", None, None]
    known = moment("10:30")
    assert [ledger.where(f"p{number}", known=known) for number in range(4)] == [None, "place:rafah", "place:gaza", None]


def test_a_revocation_does_not_depend_on_order() -> None:
    """A batch received before the revocation, read after it, has the same worth."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    raw = mint(gate, registered("09:00", "p1"), crossed("09:30", "p1"))
    revocation = draft("device_revoked", "11:00", device="gate-1", after_epoch=1, after_seq=1, why="stolen")
    ledger.order(revocation, received="11:00")
    assert ledger.take(raw, "10:00").status == "accepted"
    assert ledger.where("p1") == "place:gaza"
    assert ledger.where("p1", known=moment("10:30")) == "place:rafah"


def test_headquarters_is_not_revoked() -> None:
    """No event revokes the device whose word enrols all others, and no phone revokes another."""
    ledger = Ledger()
    gate, _ = ledger.enrol("gate-1"), ledger.enrol("gate-2")
    ledger.order(draft("device_revoked", "11:00", device=HEADQUARTERS, why="?"))
    ledger.take(mint(gate, draft("device_revoked", "11:00", device="gate-2", why="?")))
    assert ledger.take(mint(phone("gate-2"), registered("12:00", "p1"))).status == "accepted"
    ledger.order(registered("12:00", "p2"))
    assert ledger.view().registered == 2
    assert ledger.codes() == ["correction_ignored"]


# --- Corrections --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["own device", "headquarters", "another device"])
@pytest.mark.parametrize("correction_first", [False, True])
def test_a_correction_takes_back_one_event(by: str, correction_first: bool) -> None:
    """A device corrects its own records and headquarters anybody's, early or late; another device's is only shown."""
    ledger = Ledger()
    gate, other = ledger.enrol("gate-1"), ledger.enrol("gate-2")
    ledger.take(mint(gate, registered("09:00", "p1")), "10:00")
    wrong = mint(gate, crossed("09:30", "p1"))
    body = draft("corrected", "11:00", of="gate-1/1/2", why="another family")
    recorder = {"own device": gate, "headquarters": ledger.headquarters, "another device": other}[by]
    deliveries = [(wrong, "10:00"), (mint(recorder, body), "11:00")]
    for raw, received in reversed(deliveries) if correction_first else deliveries:
        assert ledger.take(raw, received).status == "accepted"
    assert ledger.where("p1", known=moment("10:30")) == "place:rafah", "it was not known yet"
    if by == "another device":
        assert ledger.where("p1") == "place:rafah"
        assert says(ledger, "correction_ignored") == [
            "The record gate-2/1/1 is kept and not carried out: a device corrects only its own records."
        ]
    else:
        assert ledger.where("p1") == "place:gaza"
        assert ledger.where("p1", at=moment("09:45")) == "place:gaza", "for every moment, also before the correction"
        assert ledger.codes() == []


@pytest.mark.parametrize("of", [None, "", "gate-1", "gate-1/1/x", 7, f"gate-1/1/{10**30}", f"gate-1/{10**30}/1"])
def test_a_correction_of_nothing_is_shown(of: object) -> None:
    """A correction that names no event is kept, shown, and does no harm to the checkpoint."""
    ledger = Ledger()
    ledger.take(mint(ledger.enrol("gate-1"), registered("09:00", "p1"), draft("corrected", "11:00", of=of)))
    assert says(ledger, "correction_ignored") == [
        "The record gate-1/1/2 is kept and not carried out: it names no event."
    ]
    assert pack(ledger.intake)


def test_a_corrected_sighting_takes_its_person_out() -> None:
    """Somebody known by one wrong record only is not in the book once it is taken back."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, draft("sighted", "09:00", "p1", target="place:rafah")), "10:00")
    ledger.take(mint(gate, draft("corrected", "11:00", of="gate-1/1/1", why="a slip")), "11:00")
    assert ledger.view().registered == 0
    assert ledger.view(known=moment("10:30")).registered == 1


def test_a_corrected_correction_takes_back_nothing() -> None:
    """Undoing an undoing restores the first record, from the moment at which that is known."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1"), crossed("09:30", "p1")), "10:00")
    ledger.take(mint(gate, draft("corrected", "11:00", of="gate-1/1/2", why="another family")), "11:00")
    ledger.take(mint(gate, draft("corrected", "12:00", of="gate-1/1/3", why="it was them")), "12:00")
    assert ledger.where("p1", known=moment("11:30")) == "place:gaza"
    assert ledger.where("p1") == "place:rafah"


def test_a_correction_that_is_not_believed_takes_back_nothing() -> None:
    """What a revoked device, or a branch that was set aside, takes back stays; corrections in a circle all count."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1"), crossed("09:30", "p1")), "10:00")
    fork = phone("gate-1", seq=gate.seq, head=gate.head)
    ledger.take(mint(gate, draft("corrected", "11:00", of="gate-1/1/2", why="a stranger's hand")), "11:00")
    assert ledger.where("p1") == "place:gaza"
    ledger.take(mint(fork, draft("called", "11:05", "p1")), "11:30")
    assert ledger.where("p1") == "place:rafah", "the chain forks before the correction, so nobody believes it yet"
    believed = draft("branch_believed", "12:00", device="gate-1", epoch=1, head=gate.head.hex())
    ledger.take(mint(ledger.headquarters, believed), "12:00")
    assert ledger.where("p1") == "place:gaza"
    revoked = draft("device_revoked", "13:00", device="gate-1", after_epoch=1, after_seq=2, why="stolen")
    ledger.take(mint(ledger.headquarters, revoked), "13:00")
    assert ledger.where("p1") == "place:rafah"
    other = ledger.enrol("gate-2")
    circle = [draft("corrected", "14:00", of="gate-2/1/2"), draft("corrected", "14:01", of="gate-2/1/1")]
    ledger.take(mint(other, *circle, draft("corrected", "14:02", of="gate-2/1/4"), registered("14:03", "p2")), "14:05")
    assert ledger.view().registered == 1


# --- Sums and checkpoints -----------------------------------------------------------------------------------------


def troubled() -> tuple[Ledger, list[bytes]]:
    """A ledger with everything in it, and batches that have not come yet."""
    ledger = Ledger()
    gate, bus = ledger.enrol("gate-1"), ledger.enrol("bus-1")
    first = mint(gate, registered("09:00", "p1", "p2", "p3"), crossed("10:00", "p1"))
    fork = phone("gate-1", seq=gate.seq, head=gate.head)
    second, third = mint(gate, crossed("10:05", "p2")), mint(gate, crossed("10:10", "p3"))
    other_branch = mint(fork, crossed("10:06", "p3"))
    boarded = mint(bus, draft("boarded", "10:30", "p1", source="place:rafah", target="aboard:bus"))
    stranger = mint(phone("gate-9"), draft("sighted", "11:00", "p9", target="place:rafah"))
    damaged = first.replace(b"p1", b"p7")
    lost = mint(bus, draft("called", "11:00", "p1"))
    last = mint(bus, draft("alighted", "13:00", "p1", source="aboard:bus", target="place:cairo"))
    for raw in (first, second, second, boarded, stranger, damaged, b"noise", last, first):
        ledger.take(raw, "14:00")
    correction = mint(ledger.headquarters, draft("corrected", "15:00", of="bus-1/1/3", why="not he"))
    revocation = mint(ledger.headquarters, draft("device_revoked", "15:30", device="bus-1", why="lost"))
    enrolled = mint(ledger.headquarters, enrolment("gate-9"))
    body = {"device": "gate-1", "epoch": 1, "head": gate.head.hex(), "why": "asked"}
    believed = mint(ledger.headquarters, draft("branch_believed", "16:00", **body))
    after = mint(gate, registered("17:00", "p4"))
    return ledger, [other_branch, lost, correction, third, revocation, enrolled, stranger, believed, after, third]


def test_everything_received_is_counted() -> None:
    """Accepted, duplicate and quarantined add up to received, after every batch."""
    ledger, coming = troubled()
    for number, raw in enumerate(coming, start=len(ledger.raws) + 1):
        ledger.take(raw, "18:00")
        assert sum(ledger.intake.tally.values()) == number
        held = sum(len(held) for held in ledger.intake.held.values())
        assert ledger.intake.tally["quarantined"] == held
        assert ledger.intake.tally["accepted"] == len(ledger.intake.columns.batches.number)
    assert ledger.intake.tally == Counter(accepted=15, duplicate=4, quarantined=2)


def everything(view: View) -> object:
    """All that a view says, in a form that can be compared."""
    people = [(person, view.account_of(person), view.entered_at(person), view.path_of(person)) for person in
              view.everybody()]  # fmt: skip
    events = [view.events_of(person) for person in view.everybody()]
    return view.accounts(), people, events, discrepancies(view)


@pytest.mark.parametrize("packed_after", range(11))
def test_a_checkpoint_goes_on_as_if_nothing_had_been_packed(packed_after: int) -> None:
    """Packed and unpacked at any point, the book says the same at once and after every further batch."""
    ledger, coming = troubled()
    for raw in coming[:packed_after]:
        ledger.take(raw, "18:00")
    again = unpack(pack(ledger.intake), HEADQUARTERS, HEADQUARTERS_KEY.public, ledger.raw)
    assert again is not None
    for raw in (None, *coming[packed_after:]):
        if raw is not None:
            number = len(ledger.raws) + 1
            verdict = ledger.take(raw, "18:00")
            assert again.take(number, raw, moment("18:00")) == verdict
        for known in (moment("14:30"), LATER):
            view = View(Book(WAYS, again, ledger.raw), LATER, known)
            assert everything(view) == everything(ledger.view(known=known))
    assert again.tally == ledger.intake.tally
    assert again.events_accepted == ledger.intake.events_accepted
    assert pack(again) == pack(ledger.intake)


@pytest.mark.parametrize("data", [b"", b"noise", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_a_damaged_checkpoint_is_none(data: bytes) -> None:
    """Bytes that are no checkpoint are not read; the book is read from zero instead."""
    assert unpack(data, HEADQUARTERS, HEADQUARTERS_KEY.public, lambda number: b"") is None
    ledger, _ = troubled()
    packed = pack(ledger.intake)
    assert unpack(packed, HEADQUARTERS, HEADQUARTERS_KEY.public, ledger.raw) is not None
    assert unpack(packed[:-7], HEADQUARTERS, HEADQUARTERS_KEY.public, ledger.raw) is None
