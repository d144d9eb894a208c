"""Whom the phone finds: by code, zone, document and name; what it makes of the roster's pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

GOLDEN = Path(__file__).parents[2] / "golden"
EXCHANGE: dict[str, Any] = json.loads((GOLDEN / "exchange" / "v1.json").read_text("utf-8"))
ZONES: list[dict[str, Any]] = json.loads((GOLDEN / "mrz" / "zones.json").read_text("utf-8"))["zones"]
HEADQUARTERS = EXCHANGE["keys"]["headquarters"]["public"]
PAGES = [one["answer"]["facts"]["roster"] for one in EXCHANGE["exchanges"] if one["answer"]["facts"]["roster"]]

DOCUMENTS = """async (documents) => {
  const { foldNumber, numberHash } = await import("/field/people/roster.js");
  return Promise.all(documents.map(async ({ number, salt }) => [foldNumber(number), await numberHash(salt, number)]));
}"""

CODES = """async ([texts, operation, key]) => {
  const { readCode } = await import("/field/people/wristband.js");
  const { verifier } = await import("/field/record/keys.js");
  return Promise.all(texts.map((text) => readCode(text, { operation, verify: verifier(key) })));
}"""

ZONE = 'async (texts) => { const { readZone } = await import("/field/people/zone.js"); return texts.map(readZone); }'

ROSTER = """async ([pages, texts, operation, key]) => {
  const { Roster } = await import("/field/people/roster.js");
  const { namesBy } = await import("/field/names.js");
  const { verifier } = await import("/field/record/keys.js");
  const roster = new Roster(namesBy(await (await fetch("/field/names-tables.json")).json()));
  for (const page of pages) roster.apply(page);
  const facts = { operation, verify: verifier(key) };
  const found = await Promise.all(texts.map((text) => roster.find(text, facts)));
  return { size: roster.size, found, party: roster.party("f1").map(({ person }) => person),
    aboard: roster.onMovement("c1").map(({ person }) => person) };
}"""

SLIPS = """async (pairs) => {
  const { oneSlip } = await import("/field/people/search.js");
  return pairs.map(([one, other]) => oneSlip(one, other));
}"""


def asked(page: Page, pages: list[dict[str, Any]], *texts: str) -> dict[str, Any]:
    """A roster of these pages, and what each text finds in it."""
    found: dict[str, Any] = page.evaluate(ROSTER, [pages, texts, EXCHANGE["operation"], HEADQUARTERS])
    return found


def persons(found: dict[str, Any]) -> list[list[str]]:
    """The ids that each text found."""
    return [[one["person"] for one in answer["people"]] for answer in found["found"]]


def test_document_numbers_are_folded_and_hashed_as_at_headquarters(modules: Page) -> None:
    """Every golden number gives the golden text and hash, in any script's digits."""
    golden = EXCHANGE["documents"]
    assert modules.evaluate(DOCUMENTS, golden) == [[one["folded"], one["hash"]] for one in golden]


def test_wristbands_are_believed_only_with_headquarters_signature(modules: Page) -> None:
    """Good golden codes are signed and name whom they should; no other is signed; older cards are read as unsigned."""
    texts = [one["text"] for one in EXCHANGE["wristbands"]]
    found = modules.evaluate(CODES, [[*texts, "C1:p12:K7QF", "p12"], EXCHANGE["operation"], HEADQUARTERS])
    for golden, code in zip(EXCHANGE["wristbands"], found, strict=False):
        assert ((code or {}).get("proof") == "signed") is golden["good"], golden["text"]
        if golden["good"]:
            assert [code[name] for name in ("person", "party", "printed")] == [
                golden[name] for name in ("person", "party", "printed")
            ]
    assert (found[-2]["person"], found[-2]["proof"]) == ("p12", "unsigned")
    assert found[-1] is None


def test_golden_zones_are_read(modules: Page) -> None:
    """Zones of two or three lines, in order, give the number and the names that are written in the vectors."""
    good = [one for one in ZONES if not one["wrong"] and one["format"] in ("TD1", "TD2", "TD3")]
    assert len(good) >= 20
    wrong = 0
    for zone, read in zip(good, modules.evaluate(ZONE, ["\n".join(one["lines"]) for one in good]), strict=True):
        assert read is not None, zone
        assert read["wrong"] == [], zone
        fields = zone["fields"]
        if fields.get("number") and read["number"] != fields["number"].replace("<", ""):
            wrong += 1
        assert (read["surname"], read["givenNames"]) == (fields["surname"] or "", fields["given_names"] or ""), zone
    assert wrong == 0


def test_a_wrong_check_digit_is_named(modules: Page) -> None:
    """A digit typed wrong in the number is said; what is no zone is none."""
    first, second = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    slip, none, joined = modules.evaluate(
        ZONE, [f"{first}\n{second.replace('L898902C36', 'L898903C36')}", "Anna Eriksson", f"{first} {second}"]
    )
    assert slip["wrong"] == ["number"]
    assert none is None
    assert (joined["surname"], joined["birthYear"]) == ("ERIKSSON", 74)


def test_pages_are_applied_in_their_order(modules: Page) -> None:
    """After the golden pages whoever was named again is as last named, who is gone is gone, merged ids find one."""
    before, after = asked(modules, PAGES[:2], "p9", "p4"), asked(modules, PAGES, "p9", "p3", "Omar", "56c")
    assert (before["size"], after["size"]) == (4, 3)
    assert persons(before) == [["p4"], ["p4"]]
    assert persons(after) == [[], ["p3"], [], ["p3"]]
    assert after["found"][1]["people"][0]["account"] == "aboard:c1"
    assert before["party"] == ["p1", "p2"]
    assert after["aboard"] == ["p3"]


def test_names_are_found_in_any_script_and_by_part(modules: Page) -> None:
    """The same woman by Cyrillic, Latin and Arabic, by the beginning of a name, with a slip, and by number."""
    texts = ("Амаль", "amal hassan", "أمل حسن", "Ama", "Hasan", "Amaal", "751234567", "567", "Youssef", "Yusuf")
    found = persons(asked(modules, PAGES, *texts))
    assert [ids[0] for ids in found] == ["p1"] * 8 + ["p2"] * 2


def test_revoked_wristbands_are_told(modules: Page) -> None:
    """A good code printed before the person's `codes_from` is revoked, and still finds the person."""
    pages = json.loads(json.dumps(PAGES[:1]))
    pages[0]["columns"]["codes_from"][0] = 1699780001
    code = EXCHANGE["wristbands"][0]["text"]
    (revoked,), (good,) = asked(modules, pages, code)["found"], asked(modules, PAGES[:1], code)["found"]
    assert (revoked["code"]["revoked"], good["code"]["revoked"]) == (True, False)
    assert [one["person"] for one in revoked["people"]] == ["p1"]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [("amal", "amal", True), ("amal", "amall", True), ("amal", "aml", True), ("amal", "aaml", True),
     ("amal", "emal", True), ("amal", "emall", False), ("amal", "am", False), ("amal", "maal", True)],
)  # fmt: skip
def test_one_slip(modules: Page, one: str, other: str, slip: bool) -> None:
    """One letter wrong, too many, too few or two turned round is one slip; more is not."""
    assert modules.evaluate(SLIPS, [[one, other], [other, one]]) == [slip, slip]
