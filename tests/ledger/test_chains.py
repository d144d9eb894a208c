"""Whether a device's events hang together: gaps, forks, branches believed, and events sent in other batches."""

from __future__ import annotations

import itertools

import pytest
from tests.ledger.a_ledger import LATER, Ledger, crossed, draft, mint, moment, phone, registered

from corridor.base.ids import EventId, PersonId
from corridor.ledger.chains import Chain, Stretch
from corridor.ledger.device.recorder import Recorder


def restored(recorder: Recorder) -> Recorder:
    """The same phone set back to this moment: same name, key, number and hash."""
    return phone(recorder.device, epoch=recorder.epoch, seq=recorder.seq, head=recorder.head)


def says(ledger: Ledger, code: str) -> list[str]:
    """What the discrepancies of one code say."""
    return [one.says for one in ledger.discrepancies() if one.code == code]


# --- Gaps ---------------------------------------------------------------------------------------------------------


def test_a_gap_is_told_and_closed_by_the_late_batch() -> None:
    """Events that have not arrived are named by number; their batch closes the gap, which was there before."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    batches = [
        mint(gate, registered("09:00", "p1")),
        mint(gate, crossed("10:00", "p1")),
        mint(gate, draft("x", "11:00")),
    ]
    ledger.take(batches[0], "12:00")
    ledger.take(batches[2], "12:01")
    assert says(ledger, "gap") == ["Records 2 to 2 of gate-1, epoch 1, have not arrived."]
    assert ledger.where("p1") == "place:gaza"
    ledger.take(batches[1], "15:00")
    assert says(ledger, "gap") == []
    assert ledger.codes(moment("13:00")) == ["gap"], "as known at 13:00 it was open"
    assert ledger.where("p1") == "place:rafah"
    assert ledger.where("p1", known=moment("13:00")) == "place:gaza"


def test_the_first_batches_may_be_missing() -> None:
    """A chain that begins with a later event is taken in, and what went before it is a gap."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    mint(gate, registered("09:00", "p1"), registered("09:01", "p2"))
    assert ledger.take(mint(gate, crossed("10:00", "p1"))).status == "accepted"
    assert says(ledger, "gap") == ["Records 1 to 2 of gate-1, epoch 1, have not arrived."]
    assert ledger.where("p1") == "place:rafah"


def test_a_new_epoch_is_a_new_chain() -> None:
    """A phone that goes on in a new epoch begins at 1 again, without gap and without fork."""
    ledger = Ledger()
    ledger.take(mint(ledger.enrol("gate-1"), registered("09:00", "p1")))
    assert ledger.take(mint(phone("gate-1", epoch=2), crossed("10:00", "p1"))).status == "accepted"
    assert ledger.codes() == []
    assert ledger.where("p1") == "place:rafah"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_gaps_do_not_depend_on_order(order: tuple[int, ...]) -> None:
    """Whatever the order of arrival, the same stretches leave the same gaps and the same last event."""
    hashes = [bytes([number]) * 32 for number in range(13)]
    pieces = [(1, 2), (5, 6), (7, 9), (12, 12)]
    chain = Chain()
    for index in order:
        first, last = pieces[index]
        stretch = Stretch(first, last, hashes[first - 1], hashes[last], index, moment("10:00"))
        assert chain.place(stretch) == "plain"
        assert chain.place(stretch) == "duplicate"
    assert list(chain.gaps(LATER)) == [(3, 4), (10, 11)]
    assert list(chain.gaps(moment("09:59"))) == []
    assert chain.last() == (12, hashes[12])
    assert chain.last(moment("09:59")) == (0, bytes(32))


# --- Batches cut otherwise ----------------------------------------------------------------------------------------


def test_events_sent_again_in_other_batches_count_once() -> None:
    """A phone that lost its receipt cuts its events into other batches: each is counted once, nothing is disputed."""
    ledger = Ledger()
    ledger.enrol("gate-1")
    drafts = [
        registered("09:00", "p1"),
        crossed("10:00", "p1"),
        draft("called", "10:30", "p1"),
        registered("11:00", "p2"),
    ]
    one_by_one = phone("gate-1")
    for made in drafts[:3]:
        assert ledger.take(mint(one_by_one, made), "12:00").status == "accepted"
    assert ledger.take(mint(phone("gate-1"), *drafts[:2]), "12:01").status == "accepted"
    assert ledger.take(mint(phone("gate-1"), *drafts), "12:02").status == "accepted"
    view = ledger.view()
    assert [str(event.id) for event in view.events_of(PersonId("p1"))] == ["gate-1/1/1", "gate-1/1/2", "gate-1/1/3"]
    assert [event.received_at for event in view.events_of(PersonId("p1"))] == [moment("12:00")] * 3
    assert (view.registered, ledger.where("p2")) == (2, "place:gaza")
    assert ledger.codes() == []


def test_an_exact_repeat_is_a_duplicate() -> None:
    """The same batch five times is one batch and four repeats."""
    ledger = Ledger()
    raw = mint(ledger.enrol("gate-1"), registered("09:00", "p1"))
    assert [ledger.take(raw).status for _ in range(5)] == ["accepted", *["duplicate"] * 4]
    assert ledger.view().registered == 1
    assert ledger.intake.tally == {"accepted": 2, "duplicate": 4}


# --- Forks --------------------------------------------------------------------------------------------------------


def forked() -> tuple[Ledger, Recorder, Recorder]:
    """A phone registers two people, is restored from a backup, and both go on: one crosses p1, the other p2."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1", "p2")), "12:00")
    other = restored(gate)
    ledger.take(mint(gate, crossed("10:00", "p1")), "12:00")
    ledger.take(mint(other, crossed("10:00", "p2")), "13:00")
    return ledger, gate, other


def test_both_branches_of_a_fork_are_kept_and_disputed() -> None:
    """Same number, other bytes: both are kept, the people on them are in suspense, from when the second is known."""
    ledger, _, _ = forked()
    assert sorted(ledger.codes()) == ["fork", "forked_record", "forked_record"]
    assert [ledger.where(person) for person in ("p1", "p2")] == ["suspense", "suspense"]
    before = moment("12:30")
    assert ledger.codes(before) == []
    assert [ledger.where(person, known=before) for person in ("p1", "p2")] == ["place:rafah", "place:gaza"]
    kept = [event.id for person in ("p1", "p2") for event in ledger.view().events_of(PersonId(person))]
    assert kept.count(EventId(phone("gate-1").device, 1, 2)) == 2
    assert ledger.view().accounts() == {"suspense": 2}


def test_what_stands_before_the_fork_is_not_disputed() -> None:
    """The events both branches share are believed."""
    ledger, gate, _ = forked()
    ledger.take(mint(gate, registered("10:30", "p3")), "14:00")
    assert ledger.where("p3") == "suspense", "after the fork everything is disputed"
    path = ledger.view().path_of(PersonId("p1"))
    assert path is not None
    assert [posting.type for posting in path.postings] == ["recorded", "suspended"]


@pytest.mark.parametrize("believed", [0, 1])
def test_the_branch_that_headquarters_believes_counts(believed: int) -> None:
    """An officer believes one branch: its events count, the other's are kept and set aside, and the fork is closed."""
    ledger, *branches = forked()
    body = {"device": "gate-1", "epoch": 1, "head": branches[believed].head.hex(), "why": "asked the user"}
    ledger.order(draft("branch_believed", "14:00", **body), received="14:00")
    assert ledger.codes() == []
    expected = ["place:gaza", "place:gaza"]
    expected[believed] = "place:rafah"
    assert [ledger.where(person) for person in ("p1", "p2")] == expected
    assert ledger.where("p1", known=moment("13:30")) == "suspense", "it was not known before"
    assert len(ledger.view().events_of(PersonId(f"p{2 - believed}"))) == 1, "set aside, not among what counts"
    assert ledger.intake.tally["accepted"] == 5, "and kept"


def test_the_believed_branch_goes_on() -> None:
    """What the believed device records after the judgement counts too; what the other one records does not."""
    ledger, gate, other = forked()
    body = {"device": "gate-1", "epoch": 1, "head": gate.head.hex(), "why": "asked the user"}
    ledger.order(draft("branch_believed", "14:00", **body), received="14:00")
    ledger.take(mint(gate, draft("boarded", "15:00", "p1", source="place:rafah", target="aboard:bus")), "15:00")
    ledger.take(mint(other, draft("boarded", "15:00", "p2", source="place:rafah", target="aboard:bus")), "15:00")
    assert [ledger.where(person) for person in ("p1", "p2")] == ["aboard:bus", "place:gaza"]
    assert ledger.codes() == []


def test_a_branch_is_judged_by_headquarters_alone() -> None:
    """A phone that believes itself is not listened to."""
    ledger, gate, _ = forked()
    office = ledger.enrol("office-1")
    body = {"device": "gate-1", "epoch": 1, "head": gate.head.hex(), "why": "I am the real one"}
    ledger.take(mint(office, draft("branch_believed", "14:00", **body)))
    assert "fork" in ledger.codes()
    assert says(ledger, "correction_ignored") == [
        "The record office-1/1/1 is kept and not carried out: only headquarters enrols, revokes and judges branches."
    ]


def test_a_fork_shows_without_both_events() -> None:
    """A batch that follows on another hash than the one known is a fork, though no event stands twice."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1")))
    stranger = phone("gate-1")
    mint(stranger, registered("09:00", "p9"))
    ledger.take(mint(stranger, crossed("10:00", "p1")))
    assert "fork" in ledger.codes()
    assert ledger.where("p1") == "suspense"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_fork_does_not_depend_on_order(order: tuple[int, ...]) -> None:
    """Trunk and two branches in any order of arrival give the same book, as of the end."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    trunk = mint(gate, registered("09:00", "p1", "p2"))
    other = restored(gate)
    batches = [trunk, mint(gate, crossed("10:00", "p1")), mint(other, crossed("10:00", "p2"))]
    for index in order:
        assert ledger.take(batches[index]).status == "accepted"
    assert ledger.view().accounts() == {"suspense": 2}
    assert sorted(ledger.codes()) == ["fork", "forked_record", "forked_record"]


def test_tips_of_a_fork_and_of_what_is_sent_again() -> None:
    """Both branches of a fork have a tip; a batch that goes on from the middle of another is told beside it."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1", "p2")))
    other = restored(gate)
    ledger.take(mint(gate, crossed("10:00", "p1")))
    ledger.take(mint(other, crossed("10:00", "p2")))
    tips = ledger.intake.chains["gate-1", 1].tips()
    assert set(tips) == {(2, gate.head), (2, other.head)}
    ledger.take(mint(gate, draft("x", "11:00")), "21:00")
    assert set(ledger.intake.chains["gate-1", 1].tips()) == {(3, gate.head), (2, other.head)}
    assert set(ledger.intake.chains["gate-1", 1].tips(moment("20:30"))) == set(tips)
