"""Sensitive bodies: only the person's key opens them, and forgetting the person closes them for good."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.a_ledger import Ledger, draft, moment, registered

from corridor.base.ids import PersonId
from corridor.ledger.sealing import KEY_BYTES, NONCE_BYTES, MemoryPersonKeys, seal, unseal

AMAL, OMAR = PersonId("p1"), PersonId("p2")
NOON = moment("12:00")
_numbers = itertools.count(1)


def draw(count: int) -> bytes:
    """Bytes that are never the same twice; not secret, as suits a test."""
    return next(_numbers).to_bytes(count, "big")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_what_is_sealed_opens_again(text: str) -> None:
    """Any text opens with the key of its person, and with no other's."""
    keys = MemoryPersonKeys()
    sealed = seal(text, AMAL, keys, draw, NOON)
    seal("something else", OMAR, keys, draw, NOON)
    assert unseal(sealed, AMAL, keys) == text
    assert unseal(sealed, OMAR, keys) is None
    assert unseal(sealed, PersonId("nobody"), keys) is None


def test_a_person_has_one_key_and_every_seal_its_own_nonce() -> None:
    """Sealing twice draws one key and two nonces: equal texts do not look equal."""
    keys, drawn = MemoryPersonKeys(), []

    def counting(count: int) -> bytes:
        drawn.append(count)
        return draw(count)

    first, second = (seal("the same note", AMAL, keys, counting, NOON) for _ in range(2))
    assert drawn == [KEY_BYTES, NONCE_BYTES, NONCE_BYTES] == [32, 24, 24]
    assert first != second
    assert {unseal(first, AMAL, keys), unseal(second, AMAL, keys)} == {"the same note"}


def test_nothing_of_the_text_shows() -> None:
    """The sealed text is ASCII, names its version, and holds no byte sequence of the note."""
    sealed = seal("pregnant, 34 weeks", AMAL, MemoryPersonKeys(), draw, NOON)
    raw = base64.b64decode(sealed, validate=True)
    assert (sealed.isascii(), raw[0]) == (True, 1)
    assert len(raw) == 1 + NONCE_BYTES + 16 + len("pregnant, 34 weeks")
    assert b"pregnant" not in raw


@pytest.mark.parametrize("damage", ["", "no base64!", "AQ==", "я", "flip", "version", "cut"])
def test_a_damaged_seal_does_not_open(damage: str) -> None:
    """Anything but the sealed text itself opens to nothing, without an error."""
    keys = MemoryPersonKeys()
    sealed = seal("a note", AMAL, keys, draw, NOON)
    raw = bytearray(base64.b64decode(sealed))
    if damage == "flip":
        raw[-1] ^= 1
    elif damage == "version":
        raw[0] = 2
    elif damage == "cut":
        del raw[-1]
    known = damage in ("flip", "version", "cut")
    assert unseal(base64.b64encode(raw).decode() if known else damage, AMAL, keys) is None
    assert unseal(sealed, AMAL, keys) == "a note"


def test_a_forgotten_person_still_counts() -> None:
    """With the key destroyed the note stays closed; events, hashes and totals are what they were."""
    ledger, keys = Ledger(), MemoryPersonKeys()
    sealed = seal("a note", AMAL, keys, draw, NOON)
    ledger.order(registered("09:00", AMAL), draft("encounter", "10:00", AMAL, note=sealed))
    before = ledger.view()
    hashes = [event.hash for event in before.events_of(AMAL)]
    keys.destroy(AMAL)
    after = ledger.view()
    (note,) = [event.body["note"] for event in after.events(("encounter",))]
    assert unseal(note, AMAL, keys) is None
    assert [event.hash for event in after.events_of(AMAL)] == hashes
    assert after.accounts() == before.accounts() == {"place:gaza": 1}
