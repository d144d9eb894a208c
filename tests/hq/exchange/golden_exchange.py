"""The golden vectors of the exchange, version 1: how they are made, and where they lie.

`python -m tests.hq.exchange.golden_exchange write` makes them anew, on purpose: phones in the field speak version 1.
"""

from __future__ import annotations

import gzip
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from corridor.base.ids import AccountId, DeviceId, PartyId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.journey.roster import document_hash
from corridor.journey.roster.wristband import Wristband, write_wristband
from corridor.ledger import kinds
from corridor.ledger.device.answer import write_answer
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.request import RosterWanted, enrol_message, write_request
from corridor.ledger.device.sealed_batch import seal_batch
from corridor.ledger.device.sealed_file import opening_key, public_point, seal
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer

PATH = Path(__file__).resolve().parents[2] / "golden" / "exchange" / "v1.json"
OPERATION = "gaza-2023"
RECEIVED_AT = Moment(1_699_790_400_000)  # 2023-11-12T12:00Z
SENT_AT = RECEIVED_AT - 1_800  # the phone's clock is 1.5 s behind and the way took 0.3 s
SEEDS = {
    name: sha256(f"corridor golden seed {name}".encode()).digest() for name in ("headquarters", "gate-1", "gate-2")
}
KEYS = {name: SigningKey.from_seed(seed) for name, seed in SEEDS.items()}
HEADQUARTERS = KEYS["headquarters"]
FILE_SECRET = int.from_bytes(sha256(b"corridor golden seed file").digest(), "big") >> 1
CODE = "ABCDEFGHIJKLMNOPQRSTUVWX27"
SALT = bytes(range(16))
NONCES = {name: sha256(f"nonce {name}".encode()).hexdigest()[:32] for name in ("enrol", "push", "pull", "file")}
NO_EXCHANGE = "not_an_exchange"
NUMBERS = ("75 1234567", "AB-123456-c", "٤٢٠١٧٨٩٠", "ab 12 ı", "№ 17/б")


def _batches() -> tuple[list[bytes], Writer]:
    """Two batches of gate-1 and a headquarters that knows its key."""
    store = MemoryStore()
    Writer.found(store, OPERATION, DeviceId("headquarters"), HEADQUARTERS.public)
    writer = Writer(store, HEADQUARTERS)
    enrolled = {"device": "gate-1", "public_key": KEYS["gate-1"].public.hex(), "user": "amal", "place": "rafah"}
    at = Moment(RECEIVED_AT - 86_400_000)
    writer.record([Draft(kind=kinds.DEVICE_ENROLLED, happened_at=at, by=UserId("duty"), body=enrolled)], at)
    recorder = Recorder(DeviceId("gate-1"), KEYS["gate-1"])
    made = []
    for minute, (source, target, kind) in enumerate(
        [("outside", "place:gaza", "registered"), ("place:gaza", "place:rafah", "crossed")]
    ):
        body = {"party": "f1"} if kind == "registered" else {"gate": "rafah", "list": "egy-12", "row": 7}
        drafted = Draft(
            kind=kind,
            happened_at=Moment(SENT_AT - 600_000 + minute * 60_000),
            by=UserId("amal"),
            persons=(PersonId("p1"), PersonId("p2")),
            source=AccountId(source),
            target=AccountId(target),
            body=body,
        )
        made.append(recorder.mint([drafted], clock_offset_ms=1500, clock_uncertainty_ms=150)[0])
    return made, writer


def _answer(nonce: str, **facts: Any) -> dict[str, Any]:
    """The facts of an answer as headquarters signs them, with the bytes."""
    whole = {
        "type": "exchanged",
        "nonce": nonce,
        "device": "gate-1",
        "received_at": RECEIVED_AT,
        "answered_at": RECEIVED_AT + 40,
        "verdicts": [],
        "tips": {},
        "token": "",
        "roster": None,
        "instructions": None,
        "refusal": None,
        **facts,
    }
    return {"facts": whole, "raw": write_answer(HEADQUARTERS, whole).hex()}


def _enrolment() -> dict[str, Any]:
    key = KEYS["gate-1"]
    message = enrol_message(CODE, key.public.hex())
    body = {
        "code": CODE,
        "public_key": key.public.hex(),
        "proof": key.sign(message).hex(),
        "nonce": NONCES["enrol"],
        "app": "0.7.0",
    }
    facts = {
        "type": "enrolled",
        "nonce": NONCES["enrol"],
        "device": "gate-1",
        "epoch": 1,
        "user": "amal",
        "user_name": "Амаль Н.",
        "role": "gate_officer",
        "place": "rafah",
        "operation": OPERATION,
        "titles": {"en": "Gaza 2023", "ru": "Газа 2023", "ar": "غزة 2023"},
        "languages": ["en", "ru", "ar"],
        "zone": "Africa/Cairo",
        "headquarters_key": HEADQUARTERS.public.hex(),
        "export_key": public_point(opening_key(HEADQUARTERS)).hex(),
        "received_at": RECEIVED_AT,
        "answered_at": RECEIVED_AT + 40,
        "pin_digits_min": 6,
        "roster_hours": 72,
    }
    return {
        "address": f"https://hq.example/field/#enrol={CODE}&hq={HEADQUARTERS.public.hex()}",
        "shown": "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-27",
        "message": message.hex(),
        "request": body,
        "answer": {"facts": facts, "raw": write_answer(HEADQUARTERS, facts).hex()},
    }


def _columns(*people: dict[str, Any]) -> dict[str, list[Any]]:
    empty: dict[str, Any] = {
        "party": None, "names": [], "birth_year": None, "documents": [], "account": "place:gaza", "colour": "not",
        "until": None, "why": "waiting", "by": [], "says": None, "movement": None, "vehicle": None, "codes_from": None,
        "also": [],
    }  # fmt: skip
    return {name: [{**empty, **one}[name] for one in people] for name in ("person", *empty)}


def _document(number: str) -> list[str]:
    return [document_hash.hash_of(SALT, number), document_hash.last_of(number)]


def _roster() -> list[dict[str, Any]]:
    """A download in two pages, then a later change."""
    family = {"party": "f1", "colour": "cleared", "why": "cleared", "by": ["isr", "egy"]}
    shared = {"generation": "k3f9", "persons": 4, "expires_at": RECEIVED_AT + 72 * 3_600_000, "salt": SALT.hex()}
    first = _columns(
        {"person": "p1", "names": ["Амаль Хасан", "Amal Hassan", "أمل حسن"], "birth_year": 1984,
         "documents": _document(NUMBERS[0]), "until": RECEIVED_AT + 3_600_000, **family},
        {"person": "p2", "names": ["Youssef Hassan"], "birth_year": 2015, "documents": [], **family},
        {"person": "p3", "names": ["Марьям Салех"], "birth_year": None, "documents": _document(NUMBERS[1]),
         "account": "place:rafah", "colour": "hold", "why": "on_hold", "says": "Wait for the medic at the tent.",
         "movement": "c1", "vehicle": "bus-1", "codes_from": 1_699_700_000},
    )  # fmt: skip
    second = _columns({"person": "p4", "names": ["Omar"], "by": ["egy"], "also": ["p9"]})
    later = _columns({"person": "p3", "names": ["Марьям Салех"], "documents": _document(NUMBERS[1]),
                      "account": "aboard:c1", "colour": "none", "why": "no_leg", "movement": "c1"})  # fmt: skip
    return [
        {**shared, "full": True, "cursor": "k3f9.3", "more": True, "columns": first, "gone": []},
        {**shared, "full": True, "cursor": "k3f9.4", "more": False, "columns": second, "gone": []},
        {**shared, "full": False, "cursor": "k3f9.6", "more": False, "persons": 3, "columns": later, "gone": ["p4"]},
    ]


INSTRUCTIONS: dict[str, Any] = {
    "digest": "9f2c41d0aa17c3be",
    "places": [{"id": "rafah", "names": {"en": "Rafah", "ru": "Рафах"}, "role": "gate", "zone": "Africa/Cairo"}],
    "legs": [{"id": "rafah-cairo", "source": "rafah", "target": "cairo", "mode": "bus"}],
    "authorities": [{"id": "egy", "names": {"en": "Egypt"}}],
    "custodians": [{"id": "emercom", "names": {"en": "EMERCOM"}, "place": "domodedovo"}],
    "movements": [
        {"id": "c1", "name": "Convoy 1", "leg": "rafah-cairo", "status": "planned", "departs_at": RECEIVED_AT,
         "arrives_at": None, "vehicles": [{"id": "bus-1", "seats": 45, "type": None}], "planned": 1, "boarded": 0}
    ],
}  # fmt: skip


def _exchanges() -> list[dict[str, Any]]:
    batches, writer = _batches()
    key = KEYS["gate-1"]
    pushed = write_request(
        key, batches, device="gate-1", epoch=1, nonce=NONCES["push"], sent_at=SENT_AT, app="0.7.0", backlog=2,
        backlog_since=SENT_AT - 600_000, offset_ms=1500, uncertainty_ms=150, battery=81,
        roster=RosterWanted(None, 1_000),
    )  # fmt: skip
    verdicts = []
    for verdict in writer.receive(batches, RECEIVED_AT):
        receipt = writer.receipt(verdict, RECEIVED_AT)
        signed = {"text": receipt.text.decode(), "signature": receipt.signature.hex()}
        verdicts.append({"status": verdict.status, "code": verdict.code, "receipt": signed})
    tips = {"1": [[seq, head.hex()] for seq, head in writer.intake.chains["gate-1", 1].tips()]}
    needed = {"code": "token_needed", "says": "The roster needs a fresh token.", "remedy": "Ask again at once."}
    pulled = write_request(
        key, [], device="gate-1", epoch=1, nonce=NONCES["pull"], sent_at=SENT_AT, token="t-1", app="0.7.0",
        roster=RosterWanted(None, 1_000),
    )  # fmt: skip
    revoked = {"code": "device_is_revoked", "says": "gate-1 is revoked, and a revoked name is never believed again.",
               "remedy": "Enrol the device under a new name."}  # fmt: skip
    held = [{"status": "quarantined", "code": "revoked", "receipt": None}] * 2
    return [
        {
            "name": "two batches are pushed; the roster needs a token",
            "request": pushed.hex(),
            "packed": gzip.compress(pushed, mtime=0).hex(),
            "batches": [batch.hex() for batch in batches],
            "answer": _answer(NONCES["push"], verdicts=verdicts, tips=tips, token="t-1", refusal=needed),
            "heard_at": SENT_AT + 640,
            "clock": {"offset_ms": 1500, "uncertainty_ms": 300},
        },
        *(
            {
                "name": f"page {number} of a roster",
                "request": pulled.hex(),
                "answer": _answer(
                    NONCES["pull"], tips=tips, token=f"t-{number + 1}", roster=page,
                    instructions=INSTRUCTIONS if number == 1 else None,
                ),
            }
            for number, page in enumerate(_roster(), start=1)
        ),
        {
            "name": "the device was revoked",
            "request": pushed.hex(),
            "answer": _answer(NONCES["push"], verdicts=held, tips=tips, token="t-9", refusal=revoked),
        },
    ]  # fmt: skip


def _bad(pushed: bytes) -> list[dict[str, str]]:
    """Requests that are refused before anything is taken in."""
    lines = pushed.split(b"\n")
    other = b"\n".join([*lines[:2], KEYS["gate-2"].sign(b"\n".join(lines[:2]) + b"\n").hex().encode(), *lines[3:]])
    return [
        {"name": "cut off", "raw": pushed[:-1].hex(), "code": NO_EXCHANGE},
        {"name": "a batch was changed", "raw": pushed.replace(b'"row":7', b'"row":8').hex(), "code": NO_EXCHANGE},
        {"name": "a field too many", "raw": pushed.replace(b'"app":', b'"x":1,"app":').hex(), "code": NO_EXCHANGE},
        {"name": "another version", "raw": pushed.replace(b"exchange/1", b"exchange/9").hex(), "code": NO_EXCHANGE},
        {"name": "the header was changed", "raw": pushed.replace(b'"battery":81', b'"battery":82').hex(),
         "code": "exchange_not_proved"},
        {"name": "another's signature", "raw": other.hex(), "code": "exchange_not_proved"},
    ]  # fmt: skip


def _wristbands() -> list[dict[str, Any]]:
    bands = [
        Wristband(person=PersonId("p1"), party=PartyId("f1"), printed=1_699_780_000),
        Wristband(person=PersonId("p:3"), party=None, printed=1_699_690_000),
    ]
    good = [
        {"text": write_wristband(HEADQUARTERS, OPERATION, one), "good": True, "person": one.person, "party": one.party,
         "printed": one.printed}
        for one in bands
    ]  # fmt: skip
    text = str(good[0]["text"])
    bad = [
        text.replace("/p1/", "/p2/"),
        write_wristband(HEADQUARTERS, "another", bands[0]),
        write_wristband(KEYS["gate-1"], OPERATION, bands[0]),
        text.replace("/1699780000/", "/01699780000/"),
        text[:-2],
        "C2/p1/f1",
    ]
    return [*good, *({"text": one, "good": False} for one in bad)]


def _file() -> dict[str, Any]:
    batches, _writer = _batches()
    request = write_request(
        KEYS["gate-1"], batches, device="gate-1", epoch=1, nonce=NONCES["file"], sent_at=SENT_AT, app="0.7.0",
        backlog=2, backlog_since=SENT_AT - 600_000,
    )  # fmt: skip
    opening, fresh = opening_key(HEADQUARTERS), ec.derive_private_key(FILE_SECRET, ec.SECP256R1())
    return {
        "file_key_secret": f"{FILE_SECRET:064x}",
        "to": public_point(opening).hex(),
        "opens_with_secret": f"{opening.private_numbers().private_value:064x}",
        "request": request.hex(),
        "raw": seal(request, public_point(opening), fresh).hex(),
    }


def _sealed_batch() -> dict[str, Any]:
    """A batch as a locked phone sends it, and as it is once it is opened."""
    (batch, *_), _writer = _batches()
    to, fresh = public_point(opening_key(HEADQUARTERS)), ec.derive_private_key(FILE_SECRET, ec.SECP256R1())
    return {"to": to.hex(), "batch": batch.hex(), "raw": seal_batch(batch, to, fresh, [bytes(range(12))]).hex()}


def vectors() -> dict[str, Any]:
    """All of them."""
    exchanges = _exchanges()
    return {
        "format": "corridor/exchange/1",
        "note": "Bytes are hex. Keys are Ed25519 seeds of the golden vectors and secure nothing.",
        "operation": OPERATION,
        "keys": {name: {"seed": SEEDS[name].hex(), "public": key.public.hex()} for name, key in KEYS.items()},
        "enrolment": _enrolment(),
        "exchanges": exchanges,
        "bad_requests": _bad(bytes.fromhex(exchanges[0]["request"])),
        "documents": [
            {"number": one, "salt": SALT.hex(), "folded": document_hash.folded(one), "hash": _document(one)[0],
             "last": _document(one)[1]}
            for one in NUMBERS
        ],
        "wristbands": _wristbands(),
        "file": _file(),
        "sealed_batch": _sealed_batch(),
    }  # fmt: skip


if __name__ == "__main__":
    made = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["write"]:
        PATH.write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
