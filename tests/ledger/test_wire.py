"""The wire format, version 1: the frozen vectors, and that no bytes whatever do more than get a verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import golden_wire
from tests.ledger.a_ledger import Ledger, draft, mint, registered
from tests.ledger.histories import device_key

from corridor.base.ids import AccountId, DeviceId, EventId, PersonId, UserId
from corridor.base.limits import BATCH_BYTES_MAX, EVENT_LEVELS_MAX, LAST_MOMENT_MS
from corridor.base.moments import Moment, iso
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.checkpoint import pack
from corridor.ledger.device import wire
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey, signed_by
from corridor.ledger.event import Draft
from corridor.ledger.writer import Receipt

GOLDEN: dict[str, Any] = json.loads(golden_wire.PATH.read_text(encoding="utf-8"))
DEVICE = DeviceId("gate-1")


def named(vectors: list[dict[str, Any]], by: str) -> list[Any]:
    """The vectors as test cases with their names."""
    return [pytest.param(vector, id=vector[by]) for vector in vectors]


# --- The vectors --------------------------------------------------------------------------------------------------


def test_the_vectors_are_those_of_this_program() -> None:
    """What the program makes today is what is frozen in the file, to the byte."""
    assert json.loads(json.dumps(golden_wire.vectors())) == GOLDEN


@pytest.mark.parametrize("vector", named(GOLDEN["batches"], "name"))
def test_golden_batch_is_made(vector: dict[str, Any]) -> None:
    """A device with this seed makes exactly these bytes of these drafts, and the head they lead to."""
    key = SigningKey.from_seed(bytes.fromhex(GOLDEN["keys"][vector["device"]]["seed"]))
    assert key.public.hex() == GOLDEN["keys"][vector["device"]]["public_key"]
    prev = bytes.fromhex(vector["prev"])
    recorder = Recorder(DeviceId(vector["device"]), key, epoch=vector["epoch"], seq=vector["first"] - 1, head=prev)
    raw, ids = recorder.mint(
        [golden_wire.draft_of(plain) for plain in vector["drafts"]],
        clock_offset_ms=vector["clock_offset_ms"],
        clock_uncertainty_ms=vector["clock_uncertainty_ms"],
    )
    assert raw.hex() == vector["bytes"]
    assert raw.decode("utf-8") == vector["text"]
    assert recorder.head.hex() == vector["head"] == vector["hashes"][-1]
    assert [id_.seq for id_ in ids] == list(range(vector["first"], vector["first"] + len(vector["drafts"])))


@pytest.mark.parametrize("vector", named(GOLDEN["batches"], "name"))
def test_golden_batch_is_read(vector: dict[str, Any]) -> None:
    """The frozen bytes come apart into the frozen lines, hashes, head and signature, and into the same drafts."""
    frame = wire.unframe(bytes.fromhex(vector["bytes"]))
    assert [line.hex() for line in frame.lines] == vector["lines"]
    assert [hash_.hex() for hash_ in wire.chain(frame.prev, frame.lines)] == vector["hashes"]
    assert (frame.signed.hex(), frame.signature.hex()) == (vector["signed"], vector["signature"])
    assert (frame.prev.hex(), frame.head.hex()) == (vector["prev"], vector["head"])
    public_key = bytes.fromhex(GOLDEN["keys"][vector["device"]]["public_key"])
    assert signed_by(public_key, frame.signed, frame.signature)
    for line, plain in zip(wire.read_lines(frame.lines), vector["drafts"], strict=True):
        assert line is not None
        event = wire.event_of(line, EventId(DEVICE, 1, 1), b"", Moment(0))
        drafted = golden_wire.draft_of(plain)
        assert (event.kind, event.happened_at, event.by) == (drafted.kind, drafted.happened_at, drafted.by)
        assert (event.persons, event.source, event.target) == (drafted.persons, drafted.source, drafted.target)
        assert event.body == drafted.body
        assert event.clock_offset_ms == vector["clock_offset_ms"]


def test_golden_receipt() -> None:
    """The frozen receipt is headquarters' over the first batch's head; a changed one is not good."""
    frozen = GOLDEN["receipt"]
    key = bytes.fromhex(GOLDEN["keys"]["headquarters"]["public_key"])
    text, signature = frozen["text"].encode(), bytes.fromhex(frozen["signature"])
    assert bytes.fromhex(frozen["signed"]) == b"corridor/receipt/1\n" + text
    assert Receipt(text, signature).good(key)
    assert json.loads(text)["head"] == GOLDEN["batches"][0]["head"]
    assert not Receipt(text.replace(b'"seq":2', b'"seq":3'), signature).good(key)


@pytest.mark.parametrize("vector", named(GOLDEN["held"], "why"))
def test_golden_bad_batch_is_held(vector: dict[str, Any]) -> None:
    """Each bad batch is held for its reason and changes nothing; the good one beside it is taken in."""
    writer = golden_wire.writer()
    good = bytes.fromhex(GOLDEN["batches"][0]["bytes"])
    bad, taken = writer.receive([golden_wire.bytes_of(vector["pieces"]), good], golden_wire.RECEIVED_AT)
    assert (bad.status, bad.code) == ("quarantined", vector["code"])
    assert (taken.status, taken.code) == ("accepted", "")
    assert writer.intake.tally == {"accepted": 2, "quarantined": 1}


@pytest.mark.parametrize("vector", named(GOLDEN["unreadable"], "why"))
def test_golden_unreadable_event(vector: dict[str, Any]) -> None:
    """A line that cannot be read keeps its number and is flagged; the events before and after it count."""
    writer = golden_wire.writer()
    raw = golden_wire.bytes_of(vector["pieces"])
    (verdict,) = writer.receive([raw], golden_wire.RECEIVED_AT)
    assert (verdict.status, verdict.last) == ("accepted", 3)
    ledger = Ledger()
    ledger.intake, ledger.raws = writer.intake, [writer.raw(1), raw]
    view = ledger.view()
    flagged = [one.records for one in discrepancies(view) if one.code == "unreadable"]
    assert flagged == [(EventId(DEVICE, 1, number),) for number in vector["unreadable"]]
    called = [event.id.seq for event in view.events(("called",))]
    assert called == [number for number in (1, 2, 3) if number not in vector["unreadable"]]


# --- Round trips --------------------------------------------------------------------------------------------------

ids = st.text(alphabet="abcxyz019-_.:", min_size=1, max_size=64)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab\n"\\я', max_size=3), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any draft: with or without a move, and any body."""
    persons = tuple(PersonId(person) for person in draw(st.lists(ids, max_size=4, unique=True)))
    source = target = None
    if persons and draw(st.booleans()):
        target = AccountId(f"place:{draw(ids)}")
        source = draw(st.sampled_from([None, AccountId("outside"), AccountId("aboard:bus")]))
    return Draft(
        kind=draw(ids),
        happened_at=Moment(draw(st.integers(0, LAST_MOMENT_MS))),
        by=UserId(draw(st.text(st.characters(exclude_categories=("Cs",)), max_size=12))),
        persons=persons,
        source=source,
        target=target,
        body=draw(st.dictionaries(st.text("abc", max_size=4), json_values, max_size=3)),
    )


@given(st.lists(drafts(), min_size=1, max_size=5), st.none() | st.integers(-10_000, 10_000), st.integers(1, 2**31 - 1))
def test_any_draft_round_trips(made: list[Draft], offset: int | None, epoch: int) -> None:
    """What a device drafts is what headquarters reads, whatever letters and values are in it."""
    recorder = Recorder(DEVICE, device_key("gate-1"), epoch=epoch)
    raw, event_ids = recorder.mint(made, clock_offset_ms=offset, clock_uncertainty_ms=None if offset is None else 5)
    frame = wire.unframe(raw)
    assert frame.head == wire.chain_head(frame.prev, frame.lines) == recorder.head
    for line, id_, drafted in zip(wire.read_lines(frame.lines), event_ids, made, strict=True):
        assert line is not None
        event = wire.event_of(line, id_, b"", Moment(7))
        assert (event.kind, event.by, event.persons) == (drafted.kind, drafted.by, drafted.persons)
        assert (event.source, event.target, event.body) == (drafted.source, drafted.target, drafted.body)
        assert event.corrected_at == min(max(drafted.happened_at + (offset or 0), 0), LAST_MOMENT_MS)
        assert event.uncertainty_ms == (600_000 if offset is None else 5)


def test_a_body_that_is_no_text_is_not_minted() -> None:
    """Half a surrogate pair cannot be written as UTF-8: the device fails before its chain has moved on."""
    recorder = Recorder(DEVICE, device_key("gate-1"))
    for broken in (draft("called", "10:00", note="\ud800"), draft("called\ud800", "10:00")):
        with pytest.raises(UnicodeEncodeError):
            recorder.mint([broken])
    assert (recorder.seq, recorder.head) == (0, wire.ZERO_HASH)
    assert wire.unframe(mint(recorder, draft("called", "10:00", note="\U0001f68c"))).header.first == 1


def test_a_device_mints_nothing_that_headquarters_would_hold() -> None:
    """Events that together would be too many bytes are refused by the device that makes them, not by the ledger."""
    heavy = draft("called", "10:00", note="x" * 16_000)
    recorder = Recorder(DEVICE, device_key("gate-1"))
    count = wire.LINES_BYTES_MAX // len(wire.write_line(heavy, 0, 1000))
    with pytest.raises(AssertionError, match="too large"):
        recorder.mint([heavy] * (count + 1))
    raw = mint(recorder, *[heavy] * count)
    assert len(raw) <= BATCH_BYTES_MAX
    assert wire.unframe(raw).header.count == count


# --- Hostile bytes ------------------------------------------------------------------------------------------------

line_bits = st.sampled_from(
    [
        b'{"at":1,"by":"x","kind":"called","persons":["p1"]}',
        b'{"at":1,"by":"x","kind":"crossed","persons":["p1"],"target":"place:rafah","body":',
        b'{"at":-99999999999999999999,"offset_ms":1e400,"by":"x","kind":"k"}',
        b'{"at":9223372036854775807,"offset_ms":9223372036854775807,"uncertainty_ms":-1,"by":"","kind":"k"}',
        b'{"of":"gate-1/1/999999999999999999999999999999"}',
        b'"kind":"corrected",',
        b"{}",
        b"}",
        b"[[[[",
        b"\xff\xfe",
        b"\\ud800",
        b'"',
        b"\r",
        b"null",
        b"9" * 400,
    ]
)
hostile_lines = st.lists(st.lists(line_bits | st.binary(max_size=8), max_size=4).map(b"".join), min_size=1, max_size=5)


def everything_is_asked(ledger: Ledger) -> None:
    """Every question that reads events' bytes."""
    view = ledger.view(known=Moment(2**62), at=Moment(2**62))
    for person in view.everybody():
        for event in view.events_of(person):
            assert iso(event.corrected_at) and iso(event.happened_at)
    assert sum(view.accounts().values()) == view.registered
    ledger.discrepancies()


@given(hostile_lines)
def test_no_signed_lines_crash_the_ledger(lines: list[bytes]) -> None:
    """An enrolled device may sign any lines: they are accepted, every page can be read, the book can be packed."""
    lines = [line.replace(b"\n", b"") for line in lines]
    ledger = Ledger()
    ledger.enrol("gate-1")
    raw, _ = wire.frame(DEVICE, 1, 1, wire.ZERO_HASH, lines, device_key("gate-1"))
    assert ledger.take(raw).status == "accepted"
    everything_is_asked(ledger)
    assert pack(ledger.intake)
    assert wire.read_lines(lines) == [wire.read_line(line) for line in lines]


@given(st.binary(max_size=300) | st.lists(st.binary(max_size=40), max_size=6).map(b"\n".join), st.booleans())
def test_no_bytes_crash_the_ledger(noise: bytes, with_magic: bool) -> None:
    """Any bytes from anybody get a verdict, are counted, and change nothing."""
    ledger = Ledger()
    verdict = ledger.take(wire.MAGIC + noise if with_magic else noise)
    assert (verdict.status, verdict.code) == ("quarantined", "malformed")
    everything_is_asked(ledger)


@given(st.data())
def test_no_damage_is_believed(data: st.DataObject) -> None:
    """A good batch with any one byte changed is held, or is the same batch in other hex letters."""
    ledger = Ledger()
    raw = bytearray(mint(ledger.enrol("gate-1"), registered("10:00", "p1"), draft("called", "10:05", "p1")))
    place = data.draw(st.integers(0, len(raw) - 1))
    before = raw[place]
    raw[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != before))
    verdict = ledger.take(bytes(raw))
    same = wire.MAGIC in raw and chr(raw[place]).lower() == chr(before) and chr(before) in "abcdef"
    assert verdict.status == ("accepted" if same and verdict.code == "" else "quarantined")
    assert ledger.where("p1") == ("place:gaza" if verdict.status == "accepted" else None)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a":' + b"[" * (EVENT_LEVELS_MAX - 2) + b"]" * (EVENT_LEVELS_MAX - 2) + b"}", True),
        (b'{"a":' + b"[" * EVENT_LEVELS_MAX + b"]" * EVENT_LEVELS_MAX + b"}", False),
        (b'{"a":"' + b"[" * 1_000 + b'"}', True),
        (b'{"a":[' + b"[]," * 1_000 + b"[]]}", True),
    ],
    ids=["as deep as allowed", "deeper", "brackets in a text", "many lists side by side"],
)
def test_levels(body: bytes, read: bool) -> None:
    """How deep a line nests decides, not how many brackets stand in it."""
    line = b'{"at":1,"by":"x","kind":"k","body":' + body + b"}"
    assert (wire.read_line(line) is not None) is read
    assert (wire.read_lines([line, line])[1] is not None) is read


@pytest.mark.parametrize("body", [b"[1]", b"7", b'{"a":"\xff"}', b'{"a":' + b"9" * 5_000 + b"}"])
def test_an_unreadable_body_is_kept(body: bytes) -> None:
    """A move whose body cannot be read still moves the person; the body says that it cannot be read."""
    ledger = Ledger()
    ledger.enrol("gate-1")
    line = (
        b'{"at":1699783200000,"by":"x","kind":"sighted","persons":["p1"],"target":"place:rafah","body":' + body + b"}"
    )
    raw, _ = wire.frame(DEVICE, 1, 1, wire.ZERO_HASH, [line], device_key("gate-1"))
    assert ledger.take(raw).status == "accepted"
    (event,) = ledger.view().events_of(PersonId("p1"))
    assert event.body == {"unreadable": True}
    assert ledger.where("p1") == "place:rafah"
