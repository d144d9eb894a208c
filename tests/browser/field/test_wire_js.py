"""The phone makes the very bytes that headquarters reads: wire and exchange vectors, read by both languages."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.ledger.device.wire import write_line
from corridor.ledger.event import Draft

GOLDEN = Path(__file__).parents[2] / "golden"
WIRE: dict[str, Any] = json.loads((GOLDEN / "wire" / "v1.json").read_text("utf-8"))
EXCHANGE: dict[str, Any] = json.loads((GOLDEN / "exchange" / "v1.json").read_text("utf-8"))

MODULES = """const load = (path) => import(`/field/${path}`);
const paths = ["record/bytes.js", "record/wire.js", "vendor/noble-ed25519.js"];
const [bytes, wire, noble] = await Promise.all(paths.map(load));
const { hex, unhex, utf8 } = bytes;
const by = (seed) => (what) => noble.signAsync(what, unhex(seed));
"""

BATCH = f"""async ([golden, seed]) => {{
  {MODULES}
  const lines = golden.drafts.map(({{ happened_at: at, ...draft }}) =>
    wire.writeLine({{ at, ...draft }}, golden.clock_offset_ms, golden.clock_uncertainty_ms));
  const hashes = await wire.chain(unhex(golden.prev), lines);
  const facts = {{ device: golden.device, epoch: golden.epoch, first: golden.first, before: unhex(golden.prev) }};
  const raw = await wire.frame({{ ...facts, head: hashes.at(-1), lines }}, by(seed));
  return [hex(raw), hashes.map(hex)];
}}"""

LINES = """async (drafts) => {
  const { writeLine } = await import("/field/record/wire.js");
  const { textOf } = await import("/field/record/bytes.js");
  return drafts.map(([draft, offset, uncertainty]) => textOf(writeLine(draft, offset, uncertainty)));
}"""

RECEIPT = """async ([receipts, key]) => {
  const { readReceipt } = await import("/field/record/wire.js");
  const { verifier } = await import("/field/record/keys.js");
  return Promise.all(receipts.map((receipt) => readReceipt(receipt, verifier(key))));
}"""

REQUEST = f"""async ([raw, batches, seed]) => {{
  {MODULES}
  const {{ writeRequest }} = await import("/field/headquarters/exchange.js");
  const [, line] = bytes.textOf(unhex(raw)).split("\\n");
  const {{ nonce, batches: lengths, body, ...facts }} = JSON.parse(line);
  const push = batches.map((batch) => ({{ bytes: unhex(batch) }}));
  return hex((await writeRequest({{ facts, push, sign: by(seed), nonce }})).bytes);
}}"""

ANSWER = """async ([raw, nonce, key]) => {
  const { readAnswer } = await import("/field/headquarters/answer.js");
  const { verifier } = await import("/field/record/keys.js");
  const { unhex } = await import("/field/record/bytes.js");
  try { return await readAnswer(unhex(raw), nonce, () => verifier(key)); } catch (error) { return error.code; }
}"""


def drawn(rng: random.Random) -> tuple[dict[str, Any], int | None, int | None]:
    """Facts of an event nobody made: letters of any script, control characters, moved or not."""
    text = "".join(chr(rng.choice((rng.randrange(32), rng.randrange(32, 0x700), 0x1F68C, 0x2028))) for _ in range(9))
    persons = [f"p{rng.randrange(10**6)}-{place}" for place in range(rng.randrange(4))]
    moves = bool(persons) and rng.random() < 0.5
    facts = {
        "at": rng.randrange(2 * 10**12),
        "by": text[:3] + "u",
        "kind": "sighted",
        "persons": persons,
        "source": "place:a" if moves and rng.random() < 0.5 else None,
        "target": "aboard:b" if moves else None,
        "body": {"where": text, "count": rng.randrange(99), "list": [None, True, {"deep": text[::-1]}]},
    }
    measured = rng.random() < 0.7
    return facts, rng.randrange(-(10**7), 10**7) if measured else None, rng.randrange(10**4) if measured else None


def test_golden_batches_come_out_byte_for_byte(modules: Page) -> None:
    """Every golden batch is made in the browser with the same bytes, hashes and signature."""
    for golden in WIRE["batches"]:
        raw, hashes = modules.evaluate(BATCH, [golden, WIRE["keys"][golden["device"]]["seed"]])
        assert raw == golden["bytes"], golden["name"]
        assert hashes == golden["hashes"], golden["name"]


def test_drawn_lines_come_out_as_in_python(modules: Page) -> None:
    """Five hundred drawn events are written with the same bytes by both languages."""
    rng = random.Random(7)
    drafts = [drawn(rng) for _ in range(500)]
    for (facts, offset, uncertainty), line in zip(drafts, modules.evaluate(LINES, drafts), strict=True):
        draft = Draft(
            kind=facts["kind"],
            happened_at=Moment(facts["at"]),
            by=UserId(facts["by"]),
            persons=tuple(map(PersonId, facts["persons"])),
            source=facts["source"] and AccountId(facts["source"]),
            target=facts["target"] and AccountId(facts["target"]),
            body=facts["body"],
        )
        assert line.encode() == write_line(draft, offset, uncertainty)


def test_only_a_signed_receipt_is_one(modules: Page) -> None:
    """The golden receipt is read; with another letter, another key or half a signature it is nothing."""
    receipt = {name: WIRE["receipt"][name] for name in ("text", "signature")}
    key = WIRE["keys"]["headquarters"]["public_key"]
    changed = {**receipt, "text": receipt["text"].replace('"seq":2', '"seq":3')}
    half = {**receipt, "signature": receipt["signature"][:64]}
    good, *bad = modules.evaluate(RECEIPT, [[receipt, changed, half, {"text": receipt["text"]}], key])
    assert (good["seq"], good["device"]) == (2, "gate-1")
    assert bad == [None, None, None]
    assert modules.evaluate(RECEIPT, [[receipt], WIRE["keys"]["gate-1"]["public_key"]]) == [None]


def test_golden_requests_come_out_byte_for_byte(modules: Page) -> None:
    """Every golden exchange request is made in the browser with the same bytes."""
    seed = EXCHANGE["keys"]["gate-1"]["seed"]
    for golden in EXCHANGE["exchanges"]:
        _, header, _, body = bytes.fromhex(golden["request"]).split(b"\n", 3)
        batches = []
        for length in json.loads(header)["batches"]:
            batches.append(body[:length].hex())
            body = body[length:]
        assert modules.evaluate(REQUEST, [golden["request"], batches, seed]) == golden["request"]


def test_only_a_signed_answer_with_its_nonce_is_one(modules: Page) -> None:
    """Golden answers are read; under another key, with another nonce or cut short they are no answers."""
    keys = {name: key["public"] for name, key in EXCHANGE["keys"].items()}
    for golden in [EXCHANGE["enrolment"], *EXCHANGE["exchanges"]]:
        facts, raw = golden["answer"]["facts"], golden["answer"]["raw"]
        assert modules.evaluate(ANSWER, [raw, facts["nonce"], keys["headquarters"]]) == facts
        assert modules.evaluate(ANSWER, [raw, facts["nonce"], keys["gate-2"]]) == "not_an_answer"
        assert modules.evaluate(ANSWER, [raw, "00" * 16, keys["headquarters"]]) == "not_an_answer"
        assert modules.evaluate(ANSWER, [raw[:-2], facts["nonce"], keys["headquarters"]]) == "not_an_answer"
    assert modules.evaluate(ANSWER, [b"<html>".hex(), "00" * 16, keys["headquarters"]]) == "not_an_answer"


def test_clock_is_measured_as_the_vectors_say(modules: Page) -> None:
    """Offset and uncertainty are those of the vector; a clock set between asking and hearing is not measured."""
    golden = EXCHANGE["exchanges"][0]
    facts = golden["answer"]["facts"]
    sent_at = json.loads(bytes.fromhex(golden["request"]).split(b"\n")[1])["sent_at"]
    said = {"sentAt": sent_at, "heardAt": golden["heard_at"], "lapseMs": golden["heard_at"] - sent_at,
            "receivedAt": facts["received_at"], "answeredAt": facts["answered_at"]}  # fmt: skip
    measure = 'async (said) => (await import("/field/headquarters/exchange.js")).measureClock(said)'
    found = modules.evaluate(measure, said)
    assert found == {"offsetMs": golden["clock"]["offset_ms"], "uncertaintyMs": golden["clock"]["uncertainty_ms"]}
    assert modules.evaluate(measure, {**said, "lapseMs": said["lapseMs"] + 3_600_000}) is None


def test_a_quick_network_takes_few_turns(modules: Page) -> None:
    """More people are asked for while answers come quickly, fewer when they take half a minute; within bounds."""
    after = "async ([rows, ms]) => (await import('/field/headquarters/exchange.js')).rowsAfter(rows, ms)"
    asked = [(1000, 500), (4000, 500), (1000, 10_000), (1000, 40_000), (250, 40_000)]
    assert [modules.evaluate(after, list(one)) for one in asked] == [2000, 5000, 1000, 500, 250]
