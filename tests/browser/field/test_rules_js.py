"""Rules that the phone has of its own: triage as at headquarters, keys of old browsers, the file for headquarters."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from corridor.base.ids import DeviceId, UserId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.care.triage import SYSTEMS, Observation
from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.journey.kinds import body_of
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.sealed_batch import open_batch
from corridor.ledger.device.sealed_file import open_file, opening_key
from corridor.ledger.device.signing import SigningKey, signed_by
from corridor.ledger.event import Draft

EXCHANGE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "golden" / "exchange" / "v1.json").read_text("utf-8")
)

TRIAGE = """async (asked) => {
  const { triage } = await import("/field/gate/triage.js");
  return asked.map(([system, seen]) => triage(system, seen));
}"""

OLD_BROWSER = """async (text) => {
  const { makeSigningKey, signer, verifier } = await import("/field/record/keys.js");
  const { hex, utf8 } = await import("/field/record/bytes.js");
  const key = await makeSigningKey(false);
  const signature = await signer(key)(utf8(text));
  return [key.publicKey, hex(signature), await verifier(key.publicKey)(utf8(text), signature),
    await verifier(key.publicKey)(utf8(text + "."), signature)];
}"""

VAULT = """async () => {
  const { makeVault, openVault, seal, unseal, waitAfter } = await import("/field/record/keys.js");
  const { utf8, textOf } = await import("/field/record/bytes.js");
  const { vault, dataKey } = await makeVault("123456", 1000);
  const sealed = await seal(dataKey, utf8("Amal"), "here");
  const opened = await openVault(vault, "123456");
  const taken = await crypto.subtle.exportKey("raw", opened).then(() => "out", (error) => error.name);
  return [textOf(await unseal(opened, sealed, "here")), await openVault(vault, "123457"), taken,
    await unseal(opened, sealed, "there").then(() => "opened", () => "shut"), [0, 2, 3, 4, 9, 30].map(waitAfter)];
}"""

SEALED = """async ([text, to]) => {
  const { sealFile } = await import("/field/headquarters/file.js");
  const { hex, utf8 } = await import("/field/record/bytes.js");
  return hex(await sealFile(utf8(text), to));
}"""

SEALED_BATCHES = """async ([batch, to, seed]) => {
  const { hex, textOf, unhex, utf8 } = await import("/field/record/bytes.js");
  const { openSealer, sealedBatch } = await import("/field/record/home.js");
  const { signHeader } = await import("/field/record/wire.js");
  const { signAsync } = await import("/field/vendor/noble-ed25519.js");
  const [, header, , ...lines] = textOf(unhex(batch)).split("\\n").slice(0, -1);
  const { device, epoch, first, count, prev, head } = JSON.parse(header);
  const facts = { device, epoch, first, count, before: unhex(prev), head: unhex(head) };
  const said = await signHeader(facts, (what) => signAsync(what, unhex(seed)));
  const sealers = [await openSealer(to), await openSealer(to)];
  const homes = [];
  for (const [place, line] of lines.entries()) {
    homes.push(await sealers[place % 2](utf8(line), `${device}/${epoch}/${first + place}`));
  }
  return hex(sealedBatch({ ...said, to, homes }));
}"""

DRAFTS = """async () => {
  const make = await import("/field/gate/drafts.js");
  const many = Array.from({ length: 70 }, (_, at) => `p${at}`);
  const leg = { source: "gaza", target: "rafah" };
  const ride = { movement: "c1", vehicle: "bus-1", source: "rafah", target: "cairo", placeType: "lap" };
  const seen = { walks: false, breathing_per_minute: 40 };
  return [
    make.atGate(1, many, "rafah"), make.crossed(1, many, "rafah", leg), make.sighted(1, ["p1"], "rafah"),
    make.crossed(1, many, "rafah", leg, "isr-12"),
    make.TURNED_BACK_WHYS.flatMap((why) => make.turnedBack(1, ["p1"], "rafah", why)),
    make.boarded(1, ["p1"], ride), make.boarded(1, ["p1"], { ...ride, vehicle: null }), make.alighted(1, ["p1"], ride),
    make.received(1, ["p1"], "domodedovo", "emercom"), make.counted(1, "place:rafah", 12, 3),
    make.boardingClosed(1, "c1", { souls: 40, planned: 41, exception: "counted 40" }),
    make.boardingClosed(1, "c1", { souls: 40, planned: 40, exception: null }), make.departed(1, "c1", "rafah", 40),
    make.arrived(1, "c1", "cairo", 40), make.corrected(1, "gate-1/1/1", "by mistake"),
    ...make.AGE_BANDS.map((ageBand) => make.unknown(1, { form: "F-1-3", place: "rafah", ageBand, sex: "female" })),
    make.unknown(1, { form: "", drawn: "00ff", place: "rafah", ageBand: "adult", sex: "male" }),
    make.triaged(1, "p1", { system: "start", seen, colour: "red" }),
    make.toMedic(1, "p1", { encounter: "e-1", place: "rafah" }),
  ].flat();
}"""


def test_every_touch_is_an_event_that_headquarters_reads(modules: Page) -> None:
    """What each action records has a kind of the catalogue and a body that fits it, and moves whom the kind moves."""
    drafts = modules.evaluate(DRAFTS)
    assert {"at_gate", "crossed", "turned_back", "sighted", "boarded", "alighted", "received", "registered"} <= {
        one["kind"] for one in drafts
    }
    for one in drafts:
        Draft(
            kind=one["kind"],
            happened_at=Moment(one["at"]),
            by=UserId("gate"),
            persons=tuple(one.get("persons", ())),
            source=one.get("source"),
            target=one.get("target"),
            body=one["body"],
        )
        assert len(one.get("persons", ())) <= EVENT_PERSONS_MAX
        if kind := KINDS.get(one["kind"]):
            read = body_of(kind.body, one["kind"], one["body"])
            assert not isinstance(read, Refusal), (one, read)
            assert kind.moves == ("target" in one), one
        else:
            assert one["kind"] in LEDGER_KINDS


def test_triage_is_headquarters_triage(modules: Page) -> None:
    """For everything that may be seen, the phone asks or decides as START and JumpSTART do at headquarters."""
    asked = []
    for walks, breaths, after, pulse, obeys, avpu in itertools.product(
        (None, True, False),
        (None, 0, 14, 15, 30, 31, 45, 46),
        (None, "airway", "rescue_breaths", "neither"),
        (None, True, False),
        (None, True, False),
        (None, "alert", "pain_inappropriate", "unresponsive"),
    ):
        seen = {"walks": walks, "breathing_per_minute": breaths, "breathes_after": after, "pulse": pulse,
                "obeys": obeys, "avpu": avpu}  # fmt: skip
        asked += [(system, {name: one for name, one in seen.items() if one is not None}) for system in SYSTEMS]
    for (system, seen), told in zip(asked, modules.evaluate(TRIAGE, asked), strict=True):
        decided = SYSTEMS[system](Observation(**seen))
        if isinstance(decided, Refusal):
            assert told == {"ask": decided.data["observation"]}, (system, seen)
        else:
            assert told == {"colour": decided.colour}, (system, seen)


def test_an_old_browser_signs_too(modules: Page) -> None:
    """Without Ed25519 of the browser's own the vendored library makes signatures that headquarters accepts."""
    public, signature, good, changed = modules.evaluate(OLD_BROWSER, "what happened")
    assert signed_by(bytes.fromhex(public), b"what happened", bytes.fromhex(signature))
    assert (good, changed) == (True, False)


def test_the_pin_opens_and_nothing_else(modules: Page) -> None:
    """The right PIN opens, a wrong one does not; the key cannot be taken out; tries cost more and more time."""
    text, wrong, taken, moved, waits = modules.evaluate(VAULT)
    assert (text, wrong, taken, moved) == ("Amal", None, "InvalidAccessError", "shut")
    assert waits == [0, 0, 2_000, 4_000, 128_000, 900_000]


def test_a_file_opens_at_headquarters(modules: Page) -> None:
    """What the phone seals to the golden export key, the headquarters' key opens; every file has a key of its own."""
    opening = opening_key(SigningKey.from_seed(bytes.fromhex(EXCHANGE["keys"]["headquarters"]["seed"])))
    one, other = (modules.evaluate(SEALED, ["a request", EXCHANGE["file"]["to"]]) for _ in range(2))
    assert one != other
    assert open_file(bytes.fromhex(one), opening) == b"a request"


def test_a_locked_phones_batch_opens_at_headquarters(modules: Page) -> None:
    """Lines sealed in two sittings and signed without being read are, opened, the very bytes of the batch."""
    seed, to = EXCHANGE["keys"]["gate-1"]["seed"], EXCHANGE["sealed_batch"]["to"]
    opening = opening_key(SigningKey.from_seed(bytes.fromhex(EXCHANGE["keys"]["headquarters"]["seed"])))
    drafts = [Draft(kind="at_gate", happened_at=Moment(minute), by=UserId("amal"), body={}) for minute in range(3)]
    batch, _ids = Recorder(DeviceId("gate-1"), SigningKey.from_seed(bytes.fromhex(seed))).mint(drafts)
    raw = bytes.fromhex(modules.evaluate(SEALED_BATCHES, [batch.hex(), to, seed]))
    assert b"at_gate" not in raw
    assert open_batch(raw, opening) == batch
