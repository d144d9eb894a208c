"""Where one person is, told as log books: what was recorded, and where `walk` puts the person."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from tests.ledger.a_ledger import moment
from tests.ledger.histories import LEGS, minutes_min

from corridor.base.ids import AccountId, DeviceId, EventId, LegId, MovementId, PlaceId
from corridor.base.limits import REORDER_EVENTS_MAX
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger.book.path import Move, Walk, walk
from corridor.ledger.book.ways import MovementTrack, OperationWays, TrackedWays

# The road: gaza -5 min- rafah -60 min- cairo -200 min- moscow, one way only. The bus left Rafah at 10:30 and is in
# Cairo since 12:00; the late bus left Rafah at 11:00 and is still on the road; of the van nothing is known.
TRACKS = {
    MovementId("bus"): MovementTrack(
        LegId("road"), moment("10:30"), PlaceId("rafah"), moment("12:00"), PlaceId("cairo")
    ),
    MovementId("late-bus"): MovementTrack(LegId("road"), moment("11:00"), PlaceId("rafah")),
    MovementId("planned-bus"): MovementTrack(LegId("road")),
}
WAYS = TrackedWays(OperationWays(minutes_min, lambda place: True, LEGS), TRACKS)
SHORT = {"gaza": "place:gaza", "rafah": "place:rafah", "cairo": "place:cairo", "moscow": "place:moscow"} | {
    name: f"aboard:{name}" for name in ("bus", "late-bus", "planned-bus", "van")
}


def account(word: str) -> AccountId:
    """The account of a word in a log book; ends, outside and suspense stand as they are."""
    return AccountId(SHORT.get(word, word))


def record(line: str) -> Move:
    """One line of a log book: `10:00 gate/1 gaza > rafah`, then any of `+-30` (minutes; 0 if left out), `disputed`,
    `judges a/1 b/2`. A `?` says that the record does not tell where from."""
    clock, event, source, arrow, target, *rest = line.split()
    assert arrow == ">"
    device, seq = event.split("/")
    uncertainty = next((int(word[2:]) for word in rest if word.startswith("+-")), 0)
    judges = rest[rest.index("judges") + 1 :] if "judges" in rest else None
    return Move(
        event=EventId(DeviceId(device), 1, int(seq)),
        at=moment(clock),
        uncertainty_ms=uncertainty * MINUTE_MS,
        source=None if source == "?" else account(source),
        target=account(target),
        disputed="disputed" in rest,
        judges=None if judges is None else frozenset(_id(text) for text in judges),
    )


def _id(text: str) -> EventId:
    device, seq = text.split("/")
    return EventId(DeviceId(device), 1, int(seq))


def walked(log: Sequence[str]) -> Walk:
    """The walk over a log book; the order of its lines makes no difference."""
    moves = [record(line) for line in log]
    found = walk(moves, WAYS)
    assert found is not None
    for order in itertools.islice(itertools.permutations(moves), 24):
        assert walk(order, WAYS) == found, "a function of the set"
    return found


RECORDED = "recorded"

CASES = [
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah", "10:20 gate/2 rafah > bus"],
        "bus",
        "recorded recorded recorded",
        None,
        id="each record leaves where the one before ended",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:04 gate/1 gaza > rafah +-5", "10:00 yard/1 rafah > bus +-5"],
        "bus",
        "recorded recorded recorded",
        None,
        id="clocks overlap: the order in which they chain is taken",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:04 gate/1 gaza > rafah", "10:00 yard/1 rafah > bus"],
        "suspense",
        "recorded inferred recorded suspended",
        "two_places",
        id="clocks are sure: the order of time is taken, and nobody crosses from a bus",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah +-5", "10:02 gate/2 rafah > gaza +-5",
         "10:04 gate/3 gaza > rafah +-5"],
        "rafah",
        "recorded recorded recorded recorded",
        None,
        id="over the gate and back and over again",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:04 gate/1 gaza > rafah +-5", "10:00 gate/2 rafah > bus +-5"],
        "bus",
        "recorded recorded recorded",
        None,
        id="one phone whose clock went backwards: its numbers tell the order",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 yard/1 rafah > bus"],
        "bus",
        "recorded inferred recorded",
        None,
        id="nobody saw the crossing, and there was time for it: an inferred leg",
    ),
    pytest.param(
        ["09:58 office/1 outside > gaza", "10:00 yard/1 rafah > bus"],
        "suspense",
        "recorded suspended",
        "too_soon",
        id="nobody saw the crossing, and two minutes are too few",
    ),
    pytest.param(
        ["09:58 office/1 outside > gaza +-2", "10:00 yard/1 rafah > bus +-2"],
        "bus",
        "recorded inferred recorded",
        None,
        id="two minutes are too few, but the clocks may be wrong by four",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "10:00 yard/1 rafah > bus", "10:10 yard2/1 rafah > late-bus"],
        "suspense",
        "recorded recorded suspended",
        "two_places",
        id="two buses at once",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "10:20 yard/1 rafah > bus", "12:30 hotel/1 ? > cairo"],
        "cairo",
        "recorded recorded inferred",
        None,
        id="the bus has arrived, nobody saw the alighting, and the person is seen there",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "10:20 yard/1 rafah > bus", "11:30 hotel/1 ? > cairo"],
        "suspense",
        "recorded recorded suspended",
        "too_soon",
        id="seen at the target before the bus arrived there",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "10:20 yard/1 rafah > bus", "16:00 port/1 cairo > moscow"],
        "moscow",
        "recorded recorded inferred recorded",
        None,
        id="the next record starts where the bus has arrived",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "10:50 yard/1 rafah > late-bus", "13:00 hotel/1 ? > cairo"],
        "suspense",
        "recorded recorded suspended",
        "two_places",
        id="seen at the target of a bus that nobody has seen arrive",
    ),
    pytest.param(
        ["09:00 office/1 outside > rafah", "12:10 hotel/1 bus > cairo"],
        "cairo",
        "recorded inferred recorded",
        None,
        id="seen alighting, never seen boarding: the bus left from where the person was",
    ),
    pytest.param(
        ["10:40 office/1 outside > rafah", "12:10 hotel/1 bus > cairo"],
        "suspense",
        "recorded suspended",
        "two_places",
        id="seen alighting, and the bus had left before the person came",
    ),
    pytest.param(
        ["10:00 office/1 outside > rafah", "12:10 hotel/1 planned-bus > cairo"],
        "cairo",
        "recorded inferred recorded",
        None,
        id="seen alighting from a bus whose departure nobody recorded: its leg starts there",
    ),
    pytest.param(
        ["10:00 office/1 outside > rafah", "12:10 hotel/1 van > cairo"],
        "suspense",
        "recorded suspended",
        "two_places",
        id="seen alighting from a van of which nothing is known",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 desk/1 ? > rafah"],
        "rafah",
        "recorded inferred",
        None,
        id="a sighting does not say where from",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 desk/1 ? > gaza"],
        "gaza",
        "recorded",
        None,
        id="a sighting where the person is says nothing new",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah", "10:01 gate2/1 gaza > rafah"],
        "rafah",
        "recorded recorded",
        None,
        id="one crossing recorded by two phones",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah +-9", "10:05 gate2/1 gaza > rafah +-9",
         "10:03 yard/1 rafah > bus +-9"],
        "bus",
        "recorded recorded recorded",
        None,
        id="one crossing recorded by two phones, the second after the boarding by a clock that may be wrong",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:05 gate/1 gaza > rafah +-9", "10:04 desk/1 ? > rafah +-9",
         "10:03 yard/1 rafah > bus +-9"],
        "bus",
        "recorded recorded recorded",
        None,
        id="a sighting among records whose clocks overlap does not keep them from chaining",
    ),
    pytest.param(
        ["10:00 gate/1 gaza > rafah"],
        "rafah",
        "entered recorded",
        None,
        id="seen before registered: the record brings the person in",
    ),
    pytest.param(["10:00 desk/1 ? > rafah"], "rafah", "entered", None, id="sighted before registered"),
    pytest.param(
        ["10:00 desk/1 ? > rafah", "11:00 office/1 outside > rafah"],
        "rafah",
        "entered",
        None,
        id="registered late, where the person is",
    ),
    pytest.param(
        ["10:00 desk/1 ? > rafah", "09:00 office/1 outside > gaza"],
        "rafah",
        "recorded inferred",
        None,
        id="registered on paper before, entered after",
    ),
    pytest.param(
        ["10:00 desk/1 ? > rafah", "11:00 office/1 outside > gaza"],
        "suspense",
        "entered suspended",
        "two_places",
        id="registered in Gaza after having been seen in Rafah, with no way back",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 office/2 gaza > end:withdrawn", "11:00 gate/1 gaza > rafah"],
        "suspense",
        "recorded recorded suspended",
        "two_places",
        id="no leg leads out of an end",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 office/2 gaza > end:withdrawn",
         "11:00 office/3 end:withdrawn > gaza", "12:00 gate/1 gaza > rafah"],
        "rafah",
        "recorded recorded recorded recorded",
        None,
        id="an end may be left by an event that says so",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah", "12:00 gate/2 rafah > gaza",
         "15:00 gate/3 gaza > rafah"],
        "rafah",
        "recorded recorded recorded recorded",
        None,
        id="crosses a second time after having gone back",
    ),
    pytest.param(
        ["09:00 office/1 outside > gaza", "10:00 gate/1 gaza > rafah disputed", "11:00 yard/1 rafah > bus"],
        "suspense",
        "recorded suspended",
        "forked_record",
        id="a record on an unjudged branch of a forked chain",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("log", "where", "postings", "conflict"), CASES)
def test_log_book(log: list[str], where: str, postings: str, conflict: str | None) -> None:
    """Where a person is after these records, by which postings, and which contradiction stands."""
    found = walked(log)
    assert found.account == account(where)
    assert [posting.type for posting in found.postings] == postings.split()
    assert (found.conflict.code if found.conflict else None) == conflict
    assert found.postings[0].source == "outside"
    for before, after in itertools.pairwise(found.postings):
        assert before.target == after.source, "every posting leaves the account the one before entered"
    posted = {posting.event for posting in found.postings} | set(found.unposted)
    assert posted == {record(line).event for line in log}, "no record is dropped"


BUSES = ["09:00 office/1 outside > rafah", "10:00 yard/1 rafah > bus", "10:10 yard2/1 rafah > late-bus"]


@pytest.mark.parametrize(
    ("more", "where", "open_"),
    [
        (["18:00 hq/1 ? > cairo judges yard/1 yard2/1"], "cairo", False),
        (["18:00 hq/1 ? > suspense judges yard/1 yard2/1"], "suspense", False),
        (["18:00 hq/1 ? > cairo judges yard2/1"], "suspense", True),
        (["18:00 hq/1 ? > cairo judges yard2/1", "18:01 hq/2 ? > cairo judges yard/1 hq/1"], "cairo", False),
        (["17:00 hotel/1 ? > cairo", "18:00 hq/1 ? > cairo judges yard/1 yard2/1"], "suspense", True),
        (["17:00 hotel/1 ? > cairo", "18:00 hq/1 ? > cairo judges yard/1 yard2/1 hotel/1"], "cairo", False),
        (["18:00 hq/1 ? > cairo judges yard/1 yard2/1 hotel/1", "19:00 hotel/1 ? > rafah"], "cairo", False),
        (["18:00 hq/1 ? > cairo judges yard/1 yard2/1", "23:00 port/1 cairo > moscow"], "moscow", False),
    ],
    ids=[
        "every record is named",
        "the officer does not know either",
        "one record is missing",
        "a second decision names the rest, and the first",
        "a record that came between is not named",
        "the record that came between is named too",
        "a judged record whose clock says later changes nothing",
        "the road goes on after the decision",
    ],
)
def test_an_officer_closes_a_conflict(more: list[str], where: str, open_: bool) -> None:
    """Only a decision that names every record of the contradiction ends it."""
    found = walked([*BUSES, *more])
    assert found.account == account(where)
    assert (found.conflict is not None) is open_
    if not open_ and where != "suspense":
        assert "judged" in [posting.type for posting in found.postings]


def test_a_conflict_names_its_records() -> None:
    """The contradiction says since when it stands and names the record before it, its own, and all that came after."""
    found = walked([*BUSES, "12:30 hotel/1 ? > cairo"])
    assert found.conflict is not None
    assert found.conflict.since == moment("10:10") == found.entered_at
    assert list(map(str, found.conflict.records)) == ["yard/1/1", "yard2/1/1", "hotel/1/1"]
    assert found.unposted == (_id("hotel/1"),)


def test_nobody_without_moves() -> None:
    """Who was never moved has no path."""
    assert walk([], WAYS) is None


def test_a_devices_own_order_holds() -> None:
    """Records of one phone are never put against its own numbers; of two phones they are."""
    log = ["09:00 office/1 outside > gaza", "10:00 gate/1 rafah > cairo +-9", "10:02 {}/2 gaza > rafah +-9"]
    one_phone = walked([line.format("gate") for line in log])
    two_phones = walked([line.format("gate2") for line in log])
    assert [posting.type for posting in one_phone.postings][:3] == ["recorded", "inferred", "recorded"]
    assert [posting.type for posting in two_phones.postings] == ["recorded", "recorded", "recorded"]
    assert (one_phone.account, two_phones.account) == ("suspense", "place:cairo")


@pytest.mark.parametrize("count", [REORDER_EVENTS_MAX, REORDER_EVENTS_MAX + 1])
def test_too_many_overlapping_records_are_not_tried(count: int) -> None:
    """Up to the limit every order is tried; beyond it a person judges."""
    places = [f"place:{number}" for number in range(count + 1)]
    steps = list(itertools.pairwise(["outside", *places][: count + 1]))
    moves = [
        Move(
            event=EventId(DeviceId(f"phone-{number}"), 1, 1),
            at=Moment(moment("10:00") - number * 1_000),  # the clocks say the opposite order
            uncertainty_ms=10 * MINUTE_MS,
            source=AccountId(source),
            target=AccountId(target),
        )
        for number, (source, target) in enumerate(steps)
    ]
    found = walk(moves, WAYS)
    assert found is not None
    if count <= REORDER_EVENTS_MAX:
        assert found.conflict is None and found.account == steps[-1][1]
    else:
        assert found.conflict is not None and found.account == "suspense"
