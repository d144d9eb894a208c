"""Rules that the phone has of its own: triage as at headquarters, keys of old browsers, the file for headquarters."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from corridor.base.refusal import Refusal
from corridor.journey.care.triage import SYSTEMS, Observation
from corridor.ledger.device.sealed_file import open_file, opening_key
from corridor.ledger.device.signing import SigningKey, signed_by

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
