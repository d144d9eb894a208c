"""Who may be one person in the register: what speaks for it and against it, and who is not worth asking about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.a_road import Road

from corridor.base.ids import DeviceId, PersonId, UserId
from corridor.base.moments import parse_moment
from corridor.journey.register.duplicates.comparing import (
    AGAINST,
    PROBABILITY_MIN,
    SPEAKS,
    Duplicate,
    compared,
    worth_comparing,
)
from corridor.journey.register.duplicates.weighing import weighed, weighed_again
from corridor.journey.register.identity import BirthDate, Contact, Document, Identity, NameAs, full_names
from corridor.journey.register.state import RegisterState
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.names.index.people import NameIndex

A, B = PersonId("a"), PersonId("b")


def who(name: str, born: str = "", number: str = "", phone: str = "") -> Identity:
    """Somebody: born on a day, in a year, or nobody knows when."""
    parts = [int(part) for part in born.split("-") if part]
    birth = None
    if parts:
        month, day = (parts[1], parts[2]) if len(parts) == 3 else (None, None)
        birth = BirthDate(year=parts[0], month=month, day=day, precision="day" if day else "year")
    return Identity(
        names=(NameAs(text=name, script="other", part="full", source="application"),),
        birth=birth,
        documents=(Document(type="passport", number=number),) if number else (),
        contacts=(Contact(channel="phone", value=phone),) if phone else (),
    )


def of(one: Identity, other: Identity, **states: Any) -> Duplicate | None:
    """The two compared, their names by the engine."""
    index = NameIndex()
    index.add(B, full_names(other))
    (match,) = index.alike(full_names(one)[0], [B])
    told = {PersonId(person): RegisterState(**fields) for person, fields in states.items()}
    return compared((A, B), {A: one, B: other}, told, match)


KHALIL = who("خليل محمود حمدان", "1984-03-09", "PS 0043")
PAIRS = [
    ("same document, other script", KHALIL, who("Khalil Mahmoud Hamdan", "", "PS-0043"), "likely"),
    ("same day of birth, other script", KHALIL, who("Khalil Mahmoud Hamdan", "1984-03-09"), "likely"),
    ("day and month exchanged", KHALIL, who("Khalil Mahmoud Hamdan", "1984-09-03"), "possible"),
    ("one digit of the day", KHALIL, who("Khalil Mahmoud Hamdan", "1984-03-08"), "possible"),
    ("the year alone", KHALIL, who("Khalil Mahmoud Hamdan", "1984"), "possible"),
    ("same day, another passport", KHALIL, who("Khalil Mahmoud Hamdan", "1984-03-09", "PS 77"), "possible"),
    ("the year alone, another passport", KHALIL, who("Khalil Mahmoud Hamdan", "1984", "PS 77"), None),
    ("a namesake", KHALIL, who("Khalil Mahmoud Hamdan", "1961-12-30"), None),
    ("a namesake of whom nothing is known", KHALIL, who("Khalil Mahmoud Hamdan"), None),
    ("a brother on the family's passport", KHALIL, who("Omar Mahmoud Hamdan", "1990-05-05", "PS 0043"), None),
    ("somebody else's name, same passport", KHALIL, who("Omar Mahmoud Hamdan", "", "PS 0043"), "possible"),
    ("a twin", KHALIL, who("Omar Mahmoud Hamdan", "1984-03-09"), None),
    ("a father", KHALIL, who("Mahmoud Yusuf Hamdan", "1955-01-01"), None),
    ("a stranger born that day", KHALIL, who("Светлана Котова", "1984-03-09"), None),
]


@pytest.mark.parametrize(("says", "one", "other", "tier"), PAIRS, ids=[says for says, *_ in PAIRS])
def test_what_two_people_have_in_common(says: str, one: Identity, other: Identity, tier: str | None) -> None:
    """Only a sure name with the same number or day of birth is likely; relatives and namesakes are not asked about."""
    found = of(one, other)
    assert (found and found.tier) == tier, says
    if found is not None:
        assert set(found.speaks) <= set(SPEAKS) and set(found.against) <= set(AGAINST) and found.speaks


def test_sex_and_citizenship_speak_against() -> None:
    """A brother and a sister of one day are two people, one name with another sex is asked about; another citizenship
    is said, and does not decide."""
    twin = who("Khalil Mahmoud Hamdan", "1984-03-09")
    found = of(KHALIL, twin, a={"sex": "male"}, b={"sex": "female"})
    assert found is not None and (found.tier, found.against) == ("possible", ("sex_differs",))
    other_day = who("Khalil Mahmoud Hamdan", "1984-03-08")
    assert of(KHALIL, other_day, a={"sex": "male"}, b={"sex": "female"}) is None
    assert of(KHALIL, who("Rania Mahmoud Hamdan", "1984-03-09"), a={"sex": "male"}, b={"sex": "female"}) is None
    found = of(KHALIL, twin, a={"citizenships": ("PSE",)}, b={"citizenships": ("RUS", "EGY")})
    assert found is not None and (found.tier, found.against) == ("likely", ("other_citizenship",))


def test_the_likeliest_come_first() -> None:
    """Likely before possible, then more that speaks for it, then names more alike."""
    found = [one for _, first, second, _ in PAIRS if (one := of(first, second)) is not None]
    assert [one.tier for one in sorted(found, key=lambda one: one.order)] == sorted(one.tier for one in found)


def test_pairs_worth_comparing_share_something_telling() -> None:
    """A number, a whole name in any order, or a day of birth with the sound of a part; each pair once."""
    people = {
        PersonId("a"): KHALIL,
        PersonId("b"): who("Hamdan Khalil Mahmud", "1984-03-09", "PS0043"),
        PersonId("c"): who("Khalil Hamdan", "1984-09-03"),
        PersonId("d"): who("Svetlana Kotova", "1984-03-09"),
        PersonId("e"): who("KOTOVA, Svetlana"),
        PersonId("f"): who("Khalil Hamdan", "1970-01-01"),
        PersonId("g"): who("Omar Hamdan", "1970-01-01"),
        PersonId("h"): who("Mahmood Hamdan", "1984"),
        PersonId("i"): who("Mahmoud Hamdan", "1985-03-09"),
    }
    told = ["ab", "ac", "bc", "cf", "de"]
    assert ["".join(pair) for pair in worth_comparing(people)] == told


TOWN = {
    PersonId("a"): KHALIL,
    PersonId("b"): who("Khalil Mahmud Hamdan", "1984", "PS 0043"),
    PersonId("c"): who("Omar Mahmoud Hamdan", "1984-03-09"),
    PersonId("d"): who("Котова Светлана Игоревна", "1991-06-17"),
    PersonId("e"): who("Svetlana Kotova", "1991-06-18"),
    PersonId("f"): who("Svetlana Kotova", "1968-11-02"),
    PersonId("g"): who("Mahmoud Hamdan", "1955"),
}


def test_everybody_is_weighed() -> None:
    """Who stands twice with half a date or a wrong day is probable; a twin, a father and a namesake are not."""
    probable = weighed(TOWN, {}).probable
    assert set(probable) == {(PersonId("a"), PersonId("b")), (PersonId("d"), PersonId("e"))}
    assert all(PROBABILITY_MIN <= one <= 1 for one in probable.values())


def test_one_person_is_weighed_again() -> None:
    """One person against others has the probabilities that everybody's weighing gave."""
    everybody = weighed(TOWN, {})
    others = [person for person in TOWN if person != B]
    again = weighed_again(B, others, TOWN, {}, everybody.chances)
    assert set(again) == {pair for pair in everybody.probable if B in pair}
    assert all(again[pair] == pytest.approx(everybody.probable[pair]) for pair in again)
    assert weighed_again(B, [], TOWN, {}, everybody.chances) == {}


def test_a_probability_proposes_what_rules_do_not() -> None:
    """A pair that no rule asks about is possible by its probability, and likely if nothing speaks against it; a small
    one changes nothing."""
    index = NameIndex()
    index.add(B, ("Halil Hamdan",))
    (near,) = index.alike("خليل محمود حمدان", [B])
    plain, numbered = who("Halil Hamdan", "1984-03-07"), who("Halil Hamdan", "1984-03-07", "PS 77")
    for other, most in ((plain, "likely"), (numbered, "possible")):
        people = {A: KHALIL, B: other}
        found = [compared((A, B), people, {}, near, probability) for probability in (None, 0.1, 0.4, 0.999)]
        assert [one and one.tier for one in found] == [None, None, "possible", most]
        assert [one and one.probability for one in found[2:]] == [0.4, 0.999]
        assert [one and one.percent for one in found[2:]] == ([40, 99] if other is plain else [None, None])
    unlike = compared((A, B), {A: KHALIL, B: who("Somebody Else", "1984-03-09")}, {}, None, 0.999)
    assert unlike is not None and (unlike.tier, unlike.percent) == ("possible", None), "a day of birth alone"


def test_a_short_name_in_common_is_no_likeness_of_longer_ones() -> None:
    """Two who are written alike in a consul's short form, with other fathers in the long one, are namesakes: possible
    at most, whatever the probability, and no figure is said of them."""
    one, namesake = who("رشيد داود رشيد النجار", "2005"), who("رشيد وليد معاذ النجار", "2005-01-21")
    again = who("رشيد داود النجار", "2005-01-21")
    short = NameAs(text="Алнажар Рашид", script="cyrillic", part="full", source="consulate")
    one, namesake, again = (replace(each, names=(*each.names, short)) for each in (one, namesake, again))
    apart, same = (compared((A, B), {A: one, B: other}, {}, None, 0.999) for other in (namesake, again))
    assert apart is not None and (apart.tier, apart.percent) == ("possible", None) and apart.against == ("other_part",)
    assert same is not None and (same.tier, same.against) == ("likely", ())


def test_what_everybody_shares_is_not_compared() -> None:
    """A placeholder number or a date that too many have makes no pairs."""
    crowd = {PersonId(f"p{turn:03}"): who(f"Anna {turn}x", "1999-09-09", "0000") for turn in range(61)}
    assert list(worth_comparing(crowd)) == []


def test_what_a_phone_says_of_a_pair_counts_nowhere() -> None:
    """Headquarters' verdict of two people stands whatever a phone says later, and a phone's alone is none."""
    road = Road()
    road.register("2030-05-02T06:00Z", "anna")
    road.register("2030-05-02T06:00Z", "boris")
    key = SigningKey.from_seed(b"gate".ljust(32, b"."))
    road.add("device_enrolled", "2030-05-02T06:00Z", facts={"device": "gate", "public_key": key.public.hex()})
    gate = Recorder(DeviceId("gate"), key)

    def verdicts() -> list[str]:
        register = road.board("2030-05-03T00:00Z").everybody.register
        return [one.verdict for one in register[PersonId("anna")].pairs]

    def phone_says(when: str, verdict: str) -> None:
        body = {"other": "boris", "verdict": verdict}
        both = (PersonId("anna"), PersonId("boris"))
        moment = parse_moment(when)
        said = Draft(kind="pair_judged", happened_at=moment, by=UserId("amal"), persons=both, body=body)
        road.raw.append(gate.mint((said,))[0])
        assert road._intake.take(len(road.raw), road.raw[-1], moment).status == "accepted"

    phone_says("2030-05-02T07:00Z", "different")
    assert verdicts() == []
    road.add("pair_judged", "2030-05-02T08:00Z", "anna", "boris", other="boris", verdict="unsure")
    phone_says("2030-05-02T09:00Z", "open")
    assert verdicts() == ["unsure"]
