"""The golden vectors of the wire format, version 1: how they are made, and where they lie.

They are frozen: a device in the field keeps speaking version 1. `python -m tests.ledger.golden_wire write` makes them
anew, on purpose; a difference in the file is a new version of the format and not a repair.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.limits import BATCH_BYTES_MAX, BATCH_EVENTS_MAX, EVENT_BYTES_MAX, EVENT_LEVELS_MAX
from corridor.base.moments import Moment
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.device.wire import MAGIC, ZERO_HASH, chain, chain_head, unframe
from corridor.ledger.event import Draft
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer

PATH = Path(__file__).resolve().parent.parent / "golden" / "wire" / "v1.json"
RECEIVED_AT = Moment(1_699_790_400_000)  # 2023-11-12T12:00Z
SEEDS = {name: sha256(f"corridor golden seed {name}".encode()).digest() for name in ("headquarters", "gate-1")}
KEYS = {name: SigningKey.from_seed(seed) for name, seed in SEEDS.items()}
LINE = b'{"at":1699776000000,"by":"amal","kind":"called","persons":["p1"],"body":{"gate":"rafah"}}'

Pieces = list[list[Any]]  # [hex, times]: the bytes are each piece so many times, one after the other


def draft_of(plain: dict[str, Any]) -> Draft:
    """A draft as the vectors write it."""
    return Draft(
        kind=plain["kind"],
        happened_at=Moment(plain["happened_at"]),
        by=UserId(plain["by"]),
        persons=tuple(PersonId(person) for person in plain["persons"]),
        source=None if plain["source"] is None else AccountId(plain["source"]),
        target=None if plain["target"] is None else AccountId(plain["target"]),
        body=plain["body"],
    )


def _draft(kind: str, minute: int, persons: Sequence[str] = (), source: str | None = None, target: str | None = None,
           by: str = "amal", **body: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind,
        "happened_at": 1_699_776_000_000 + minute * 60_000,
        "by": by,
        "persons": list(persons),
        "source": source,
        "target": target,
        "body": body,
    }


BATCHES: list[dict[str, Any]] = [
    {
        "name": "a family crosses; the phone's clock is 1.5 s behind headquarters'",
        "device": "gate-1",
        "epoch": 1,
        "clock_offset_ms": 1500,
        "clock_uncertainty_ms": 120,
        "drafts": [
            _draft("registered", 0, ["p1", "p2"], "outside", "place:gaza", party="f1", citizenships=["RUS"]),
            _draft("crossed", 31, ["p1", "p2"], "place:gaza", "place:rafah", gate="rafah", list="egy-12", row=7),
        ],
    },
    {
        "name": "the next batch of the same chain; letters beyond ASCII, nested values, a clock never measured",
        "device": "gate-1",
        "epoch": 1,
        "clock_offset_ms": None,
        "clock_uncertainty_ms": None,
        "drafts": [
            _draft("sighted", 45, ["p3"], None, "place:rafah", by="أمل", where="у ворот, «третья очередь» \U0001f68c"),
            _draft("counted", 46, account="place:rafah", count=3, unidentified=0),
            _draft("movement_planned", 47, movement="bus-1", leg="road", departs_at=1_699_783_200_000,
                   vehicles=[{"vehicle": "v1", "seats": 45, "stretchers": 0, "wheelchairs": 1}], share=0.5,
                   name='quote " backslash \\ line\nfeed\u007f\u2028'),
        ],
    },
    {
        "name": "a restored phone begins a new epoch",
        "device": "gate-1",
        "epoch": 2,
        "clock_offset_ms": -2500,
        "clock_uncertainty_ms": 0,
        "drafts": [_draft("at_gate", 60, ["p1"], gate="rafah")],
    },
]  # fmt: skip


def batches() -> Iterator[dict[str, Any]]:
    """Every good vector with the bytes it must give."""
    recorders: dict[tuple[str, int], Recorder] = {}
    for vector in BATCHES:
        device, epoch = DeviceId(vector["device"]), vector["epoch"]
        recorder = recorders.setdefault((device, epoch), Recorder(device, KEYS[device], epoch=epoch))
        first, prev = recorder.seq + 1, recorder.head
        raw, _ = recorder.mint(
            [draft_of(plain) for plain in vector["drafts"]],
            clock_offset_ms=vector["clock_offset_ms"],
            clock_uncertainty_ms=vector["clock_uncertainty_ms"],
        )
        frame = unframe(raw)
        yield vector | {
            "first": first,
            "prev": prev.hex(),
            "text": raw.decode("utf-8"),
            "bytes": raw.hex(),
            "signed": frame.signed.hex(),
            "signature": frame.signature.hex(),
            "lines": [line.hex() for line in frame.lines],
            "hashes": [hash_.hex() for hash_ in chain(prev, frame.lines)],
            "head": frame.head.hex(),
        }


def writer() -> Writer:
    """A headquarters that has enrolled the phone of the vectors."""
    store = MemoryStore()
    Writer.found(store, "golden", DeviceId("headquarters"), KEYS["headquarters"].public)
    made = Writer(store, KEYS["headquarters"])
    body = {"device": "gate-1", "public_key": KEYS["gate-1"].public.hex()}
    made.record([Draft(kind="device_enrolled", happened_at=Moment(0), by=UserId("root"), body=body)], Moment(0))
    return made


def receipt() -> dict[str, Any]:
    """Headquarters' receipt of the first batch."""
    headquarters = writer()
    raw = bytes.fromhex(next(batches())["bytes"])
    (verdict,) = headquarters.receive([raw], RECEIVED_AT)
    made = headquarters.receipt(verdict, RECEIVED_AT)
    return {
        "of_batch": BATCHES[0]["name"],
        "received_at": RECEIVED_AT,
        "signed": (b"corridor/receipt/1\n" + made.text).hex(),
        "text": made.text.decode("utf-8"),
        "signature": made.signature.hex(),
    }


def _pieces(*pieces: bytes | tuple[bytes, int]) -> Pieces:
    return [[piece.hex(), 1] if isinstance(piece, bytes) else [piece[0].hex(), piece[1]] for piece in pieces]


def _header(lines: Sequence[bytes], **changed: Any) -> bytes:
    digits = changed.get("prev", "").replace(" ", "")
    prev = bytes.fromhex(digits) if len(digits) == 64 else ZERO_HASH
    fields = {
        "device": "gate-1",
        "epoch": 1,
        "first": 1,
        "count": len(lines),
        "prev": ZERO_HASH.hex(),
        "head": chain_head(prev, lines).hex(),
        "alg": "ed25519",
    }
    return json.dumps(fields | changed, separators=(",", ":")).encode()


def _signed(header: bytes, lines: Sequence[bytes], magic: bytes = MAGIC, key: str = "gate-1") -> bytes:
    """Bytes with a good signature over whatever stands in the first two lines."""
    signed = magic + header + b"\n"
    signature = KEYS[key].sign(signed).hex().encode()
    return signed + b"\n".join([signature, *lines]) + b"\n"


def _made(lines: Sequence[bytes] = (LINE,), **changed: Any) -> bytes:
    return _signed(_header(lines, **changed), lines)


def held() -> Iterator[dict[str, Any]]:
    """Batches that must be held, each with the reason; `code` is the ledger's word for it."""
    good = _made()
    other = sha256(b"another").hexdigest()
    many = (LINE,) * (BATCH_EVENTS_MAX + 1)
    head, tail = _signed(_header(many), ()), (LINE + b"\n", len(many))
    large = b" " * 1024
    malformed: list[tuple[str, Pieces]] = [
        ("nothing at all", []),
        ("the last line is cut off", _pieces(good[:-1])),
        ("cut off in the middle of the header", _pieces(good[:60])),
        ("the first line names another version", _pieces(_signed(_header([LINE]), [LINE], b"corridor/batch/2\n"))),
        ("the lines end in carriage return and line feed", _pieces(good.replace(b"\n", b"\r\n"))),
        ("the header says two events, there is one", _pieces(_made(count=2))),
        ("no events", _pieces(_made((), head=other))),
        (f"{len(many)} events, one too many", _pieces(head, tail)),
        (f"more than {BATCH_BYTES_MAX} bytes", _pieces(good[:-1], (large, BATCH_BYTES_MAX // 1024), b"\n")),
        ("the header is no JSON", _pieces(_signed(b"device=gate-1", [LINE]))),
        ("the header has an unknown field", _pieces(_made(weight=1))),
        ("the header lacks a field", _pieces(_signed(_header([LINE]).replace(b'"epoch":1,', b""), [LINE]))),
        ("the header has a number as text", _pieces(_made(first="1"))),
        ("the header has more than 512 bytes", _pieces(_signed(_header([LINE]) + b" " * 512, [LINE]))),
        ("the device is no id", _pieces(_made(device="gate 1"))),
        ("epoch 0", _pieces(_made(epoch=0))),
        ("first 0", _pieces(_made(first=0))),
        ("first beyond 2^53", _pieces(_made(first=2**53, prev=other))),
        ("an unknown signature algorithm", _pieces(_made(alg="rsa"))),
        ("a hash one digit short", _pieces(_made(prev="0" * 63))),
        ("blanks between the digits of a hash", _pieces(_made(prev=" ".join(["00"] * 32)))),
        ("a signature of 63 bytes", _pieces(good.replace(good.split(b"\n")[2], good.split(b"\n")[2][:-2]))),
        ("a signature that is no hex", _pieces(good.replace(good.split(b"\n")[2], b"z" * 128))),
    ]
    signature = good.split(b"\n")[2]
    flipped = bytes([signature[0] ^ 1 if signature[0] not in b"9f" else ord("0")]) + signature[1:]
    bad_signature = [
        ("one bit of the signature is wrong", good.replace(signature, flipped)),
        ("the header was changed after it was signed", good.replace(b'"epoch":1', b'"epoch":3')),
        ("signed with another device's key", _signed(_header([LINE]), [LINE], key="headquarters")),
    ]
    broken_chain = [
        ("the head is not what the events lead to", _made(head=other)),
        ("an event was changed after it was signed", good.replace(b'"by":"amal"', b'"by":"omar"')),
        ("two events were exchanged", _exchanged()),
        ("event 2 says that nothing went before it", _made(first=2)),
        ("event 1 says that something went before it", _made(prev=other)),
    ]
    for why, pieces in malformed:
        yield {"why": why, "code": "malformed", "pieces": pieces}
    for why, raw in bad_signature:
        yield {"why": why, "code": "bad_signature", "pieces": _pieces(raw)}
    yield {"why": "nobody enrolled the device", "code": "unknown_device", "pieces": _pieces(_made(device="gate-9"))}
    for why, raw in broken_chain:
        yield {"why": why, "code": "broken_chain", "pieces": _pieces(raw)}


def _exchanged() -> bytes:
    lines = [LINE, LINE.replace(b"p1", b"p2")]
    return _signed(_header(lines), lines[::-1])


def unreadable() -> Iterator[dict[str, Any]]:
    """Batches that are taken in though an event cannot be read: it keeps its number and its hash, and is flagged."""
    filler = b"x" * EVENT_BYTES_MAX
    deep = b'{"a":' * (EVENT_LEVELS_MAX + 1)
    body = b'"body":{"gate":"rafah"}'
    cases: list[tuple[str, bytes]] = [
        ("an unknown field", LINE.replace(b'"by"', b'"weight":1,"by"')),
        ("a field is missing", LINE.replace(b'"by":"amal",', b"")),
        ("no JSON", b"crossed p1"),
        ("an empty line", b""),
        ("two events on one line", LINE + LINE),
        ("a line that is cut off", LINE[:-2]),
        (f"more than {EVENT_BYTES_MAX} bytes", LINE.replace(b"rafah", filler)),
        (
            f"more than {EVENT_LEVELS_MAX} levels",
            LINE.replace(body, b'"body":' + deep + b"1" + b"}" * deep.count(b"{")),
        ),
        ("bytes that are no UTF-8", LINE.replace(b"amal", b"am\xffal")),
        ("half a surrogate pair", LINE.replace(b"amal", b"am\\ud800al")),
        ("the time is no whole number", LINE.replace(b"1699776000000", b"1699776000000.5")),
        ("the kind is no id", LINE.replace(b"called", b"called out")),
        ("a person is no id", LINE.replace(b"p1", b"p 1")),
        ("a person is named twice", LINE.replace(b'"p1"', b'"p1","p1"')),
        ("65 persons", LINE.replace(b'"p1"', b",".join(b'"p%d"' % number for number in range(65)))),
        ("the target is no account", LINE.replace(body, b'"target":"rafah"')),
        ("the target is suspense", LINE.replace(body, b'"target":"suspense"')),
        ("a source without a target", LINE.replace(body, b'"source":"place:gaza"')),
        ("from an account into itself", LINE.replace(body, b'"source":"place:gaza","target":"place:gaza"')),
        ("a move of nobody", LINE.replace(b'"p1"', b"").replace(body, b'"target":"place:gaza"')),
    ]
    for why, line in cases:
        lines = [LINE, line, LINE.replace(b"p1", b"p2")]
        yield {"why": why, "unreadable": [2], "pieces": _pieces(_made(lines))}


def bytes_of(pieces: Pieces) -> bytes:
    """The bytes that pieces stand for."""
    return b"".join(bytes.fromhex(piece) * times for piece, times in pieces)


def vectors() -> dict[str, Any]:
    """Everything that stands in the file."""
    return {
        "format": "corridor/batch/1",
        "note": "Frozen. 'pieces' are [hex, times]: the bytes are each piece so many times, one after the other.",
        "keys": {name: {"seed": SEEDS[name].hex(), "public_key": KEYS[name].public.hex()} for name in sorted(SEEDS)},
        "enrolled": ["gate-1"],
        "batches": list(batches()),
        "receipt": receipt(),
        "held": list(held()),
        "unreadable": list(unreadable()),
    }


def main() -> None:
    """Write the file anew when told so in as many words."""
    if sys.argv[1:] != ["write"]:
        sys.exit("The vectors are frozen. To make them anew on purpose: python -m tests.ledger.golden_wire write")
    PATH.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
