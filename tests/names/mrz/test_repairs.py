"""One confusion of a scanner is offered for repair, never repaired; a person confirms every field."""

from __future__ import annotations

import dataclasses
import random
from datetime import date

import pytest

from corridor.base.ids import UserId
from corridor.base.refusal import Refusal
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.model import Document, Reading, by_hand
from corridor.names.mrz.reading import read
from corridor.names.mrz.repairs import CONFUSED, blind_spots, repairs

TODAY = date(2026, 11, 23)
SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
OFFICER = UserId("gate-officer")


def reading(text: str) -> Reading:
    """The reading of a text that is a zone."""
    found = read(text, TODAY)
    assert isinstance(found, Reading), str(found)
    return found


@pytest.mark.parametrize(
    ("sound", "misread", "field", "text"),
    [
        ("L898902C3", "LB98902C3", "number", "L898902C3"),
        ("L898902C3", "L8989O2C3", "number", "L898902C3"),
        ("7408122", "74O8122", "birth_date", "740812"),
        ("7408122", "740B122", "birth_date", "740812"),
        ("7408122", "740812Z", "birth_date", "740812"),
        ("1204159", "I204159", "expiry_date", "120415"),
        ("1204159", "12041S9", "expiry_date", "120415"),
        ("ZE184226B", "ZE18422GB", "optional", None),
        ("ZE184226B<<", "ZE184226B<S", "optional", "ZE184226B"),
        ("<10", "<1O", "composite", "0"),
        ("36UTO", "36UT0", "nationality", "UTO"),
        ("ERIKSSON", "ERIK5SON", "surname", "ERIKSSON<<ANNA<MARIA"),
    ],
)
def test_one_confusion_is_offered(sound: str, misread: str, field: str, text: str | None) -> None:
    """The right repair is among those offered; a confusion that no digit sees (6 and G) is a blind spot instead."""
    zone = SPECIMEN.replace(sound, misread)
    assert zone != SPECIMEN
    found = reading(zone)
    offered = repairs(found, TODAY)
    if text is None:
        assert found.fits and not offered
        assert ("G", "6") in {(spot.read, spot.instead) for spot in blind_spots(found)}
        return
    assert field in found.wrong
    right = [repair for repair in offered if repair.field == field and repair.text == text]
    assert len(right) == 1 and right[0].settles and len(right[0].changes) == 1
    assert reading(zone) == found, "offering changes nothing"


def test_sound_zone_needs_no_repair() -> None:
    """A zone that fits is offered nothing, but its blind spots are shown: a trailing K may be <."""
    assert repairs(reading(SPECIMEN), TODAY) == ()
    with_k = reading(SPECIMEN.replace("ZE184226B<", "ZE184226BK"))
    assert with_k.fits
    assert (2, 38, "K", "<") in {(s.line, s.column, s.read, s.instead) for s in blind_spots(with_k)}


def test_lost_and_doubled_fillers_are_offered_back() -> None:
    """A < too few or too many in one run is offered back where then every digit fits."""
    for zone in (SPECIMEN.replace("<<<<<10", "<<<<10"), SPECIMEN.replace("<<<<<10", "<<<<<<10")):
        assert SPECIMEN.split("\n")[1] in {repair.text for repair in repairs(reading(zone), TODAY)}
    bare = SPECIMEN.replace("MARIA<<<<<<<<<<<<<<<<<<<", "MARIA")
    assert [repair.text for repair in repairs(reading(bare), TODAY)] == [SPECIMEN.split("\n")[0]]


def test_truth_is_among_the_offers() -> None:
    """Over every single usual confusion in checked fields of two zones, the truth is offered, or is a blind spot."""
    tried = missed = 0
    for zone in (SPECIMEN, TD1):
        sound = reading(zone)
        lines = zone.split("\n")
        for line, text in enumerate(lines):
            for column, character in enumerate(text):
                for other in {c for group in CONFUSED if character in group for c in group} - {character}:
                    if character in "KSGXC" and other in "<KSGXC" and other != "<":
                        continue
                    changed = [*lines]
                    changed[line] = text[:column] + other + text[column + 1 :]
                    found = read("\n".join(changed), TODAY)
                    if not isinstance(found, Reading) or found.format != sound.format or found.fits:
                        continue  # unseen by any digit or alphabet: a letter in a name, say
                    tried += 1
                    back = [
                        repair
                        for repair in repairs(found, TODAY)
                        if any(
                            (c.line, c.column, c.instead) == (line + 1, column + 1, character) for c in repair.changes
                        )
                    ]
                    missed += not back
    assert tried > 100
    assert missed / tried <= 0.02


def test_nothing_counts_before_a_person_confirms() -> None:
    """A reading gives no document before every field is confirmed; the refusal names what is open."""
    found = reading(SPECIMEN)
    refused = found.document()
    assert isinstance(refused, Refusal) and "surname" in refused.says
    for name in found.unconfirmed[:-1]:
        next_ = found.confirm(name, OFFICER)
        assert isinstance(next_, Reading)
        found = next_
    refused = found.document()
    assert isinstance(refused, Refusal) and refused.data["fields"] == "optional data"
    last = found.confirm("optional", OFFICER)
    assert isinstance(last, Reading)
    document = last.document()
    assert isinstance(document, Document)
    assert (document.surname, document.number, document.optional) == ("ERIKSSON", "L898902C3", "ZE184226B")
    assert {confirmation.by for confirmation in document.confirmations} == {OFFICER}
    assert not any(confirmation.typed for confirmation in document.confirmations)


def test_what_is_typed_stands() -> None:
    """A value typed off the document takes the place of the one read and is marked as typed; unknown fields refuse."""
    found = reading(SPECIMEN)
    typed = found.type("surname", "Eriksson", OFFICER)
    assert isinstance(typed, Reading)
    (confirmation,) = typed.confirmations
    assert (confirmation.value, confirmation.typed) == ("Eriksson", True)
    again = typed.confirm("surname", OFFICER)
    assert isinstance(again, Reading)
    assert [(c.value, c.typed) for c in again.confirmations] == [("ERIKSSON", False)]
    assert isinstance(found.confirm("issuing_office", OFFICER), Refusal)
    assert found.confirmations == ()


def test_by_hand_is_first_class() -> None:
    """A document without a readable zone is typed field by field into the same kind of document."""
    typed = by_hand()
    born = ZoneDate(year=1990, month=None, day=None)
    values = {"surname": "محمود", "number": "A 12", "birth_date": born}
    for name in typed.unconfirmed:
        next_ = typed.type(name, values.get(name), OFFICER)
        assert isinstance(next_, Reading)
        typed = next_
    document = typed.document()
    assert isinstance(document, Document)
    assert (document.surname, document.birth_date, document.expiry_date) == ("محمود", born, None)


def test_readings_cannot_be_changed() -> None:
    """A reading is a value: nobody can set a field of it."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        reading(SPECIMEN).confirmations = ()  # type: ignore[misc]
    shuffled = list(reading(SPECIMEN).fields)
    random.Random(4).shuffle(shuffled)
    assert set(shuffled) == set(reading(SPECIMEN).fields)
