"""Every order of registration: what it drafts, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.journey.register.a_history import History, at

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.register import orders
from corridor.journey.register.groups import without_adult
from corridor.journey.register.orders import (
    ChangeParticulars,
    EndNeed,
    Forget,
    FormParty,
    JudgePair,
    LeaveParty,
    Merge,
    NewPerson,
    Order,
    Part,
    RecordContact,
    RecordDeath,
    RecordNeed,
    Register,
    RegisterFacts,
    Reoffer,
    RevokeCodes,
    Tie,
    Untie,
    WaiveSplit,
    Withdraw,
)
from corridor.journey.register.refusals import CATALOGUE
from corridor.journey.register.rules import decide
from corridor.journey.register.state import RegisterState, fold
from corridor.ledger.event import Draft

NOW = at("12:00")
BY: dict[str, Any] = {"by": "officer"}


@pytest.fixture
def facts() -> RegisterFacts:
    """A mother, her son and his uncle; a woman alone who is the guardian of a girl alone; one withdrew, one died, one
    was received, one rides, one was seen and never registered."""
    history = History()
    history.register("08:00", "anna", "f1")
    history.add("08:00", "joined_party", "anna", party="f1", role="head")
    history.register("08:00", "boris", "f1", "child")
    history.register("08:00", "egor", "f1")
    history.register("08:00", "clara", "f2")
    history.register("08:00", "dina", "f3", "child")
    history.add("08:00", "tied", "clara", "dina", tie="guardian_of", other="dina")
    history.add("08:00", "need_recorded", "clara", need="oxygen")
    history.add("08:10", "pair_judged", "clara", "dina", other="dina", verdict="unsure")
    history.add("08:20", "merged", "clara", kept="clara", dropped="clara-2", why="one passport")
    for person in ("gone", "dead", "home", "rider"):
        history.register("08:00", person, f"p-{person}")
    history.add("09:00", "withdrew", "gone", source="place:town", target="end:withdrawn", why="declined")
    history.add("09:00", "died", "dead", source="place:town", target="end:died")
    states = {person: fold(history.of(person)) for person in history.persons()}
    accounts = dict.fromkeys(states, "place:town")
    accounts |= {"gone": "end:withdrawn", "dead": "end:died", "home": "end:received", "rider": "aboard:bus"}
    accounts["seen"] = "place:camp"
    states |= {PersonId(person): RegisterState() for person in ("seen", "clara-2")}
    merged = {PersonId("clara-2"): PersonId("clara")}
    return RegisterFacts(states=states, accounts=accounts, places=frozenset({"town", "camp"}), merged=merged)


def newcomer(person: str, **fields: Any) -> NewPerson:
    """A person who applies."""
    return NewPerson(person=person, citizenships=("RUS",), age_band=fields.pop("age_band", "adult"), **fields)


def many(count: int) -> tuple[str, ...]:
    """That many people."""
    return tuple(f"p{number}" for number in range(count))


WAIVER = WaiveSplit(**BY, party="f1", persons=("egor",), said_by="anna", why="he stays")

DONE: list[tuple[str, Order, list[tuple[str, tuple[str, ...]]]]] = [
    (
        "a party is registered with its roles",
        Register(**BY, party="f9", persons=(newcomer("x", role="head"), newcomer("y")), place="town"),
        [("registered", ("x",)), ("joined_party", ("x",)), ("registered", ("y",))],
    ),
    (
        "who was seen first is registered where they are",
        Register(**BY, party="f9", persons=(newcomer("seen"),), place="town"),
        [("registered", ("seen",))],
    ),
    (
        "only what changes is recorded",
        ChangeParticulars(**BY, person="anna", age_band="elder", citizenships=("RUS",)),
        [("particulars_changed", ("anna",))],
    ),
    (
        "a party is formed, one record a role",
        FormParty(**BY, party="f2", members=(("clara", "guardian"), ("dina", "child"))),
        [("joined_party", ("clara",)), ("joined_party", ("dina",))],
    ),
    (
        "an adult leaves a party with another adult",
        LeaveParty(**BY, party="f1", persons=("egor",), why="asked"),
        [("left_party", ("egor",))],
    ),
    ("a tie names both", Tie(**BY, tie="spouse_of", person="egor", other="anna"), [("tied", ("egor", "anna"))]),
    (
        "a minor may be unwilling to travel without somebody",
        Tie(**BY, tie="will_not_travel_without", person="boris", other="clara"),
        [("tied", ("boris", "clara"))],
    ),
    ("an adult's word waives a split", WAIVER, [("split_waived", ("egor",))]),
    ("a need", RecordNeed(**BY, persons=("anna", "boris"), need="escort"), [("need_recorded", ("anna", "boris"))]),
    (
        "a need again with a detail",
        RecordNeed(**BY, persons=("clara",), need="oxygen", detail="2 l/min"),
        [("need_recorded", ("clara",))],
    ),
    ("a need ends", EndNeed(**BY, persons=("clara",), need="oxygen"), [("need_ended", ("clara",))]),
    (
        "a contact",
        RecordContact(**BY, persons=("anna",), channel="phone", reachable=False),
        [("contact_recorded", ("anna",))],
    ),
    (
        "who declines has declined, also with a child left",
        Withdraw(**BY, persons=("clara",), why="declined"),
        [("withdrew", ("clara",))],
    ),
    ("offered again", Reoffer(**BY, persons=("gone",), place="camp"), [("reoffered", ("gone",))]),
    (
        "deaths at two accounts are two records",
        RecordDeath(**BY, persons=("anna", "rider"), where="on the road"),
        [("died", ("anna",)), ("died", ("rider",))],
    ),
    (
        "two ids are one person",
        Merge(**BY, kept="anna", dropped="egor", why="one passport"),
        [("merged", ("anna", "egor"))],
    ),
    (
        "merged ids are two people after all",
        Part(**BY, kept="clara", dropped="clara-2", why="a twin"),
        [("parted", ("clara", "clara-2"))],
    ),
    (
        "two people are different",
        JudgePair(**BY, person="anna", other="egor", verdict="different"),
        [("pair_judged", ("anna", "egor"))],
    ),
    (
        "cards were lost",
        RevokeCodes(**BY, persons=("anna", "home"), why="lost"),
        [("codes_revoked", ("anna", "home"))],
    ),
    ("forgotten at an end", Forget(**BY, persons=("home",), why="asked"), [("forgotten", ("home",))]),
]

REFUSED: list[tuple[str, Order]] = [
    ("nobody_named", Withdraw(**BY, persons=(), why="declined")),
    ("too_many_named", Withdraw(**BY, persons=many(65), why="declined")),
    ("named_twice", Withdraw(**BY, persons=("anna", "boris", "anna"), why="declined")),
    ("no_reason", LeaveParty(**BY, party="f1", persons=("egor",), why=" ")),
    ("unknown_place", Register(**BY, party="f9", persons=(newcomer("x"),), place="moon")),
    ("unknown_place", Reoffer(**BY, persons=("gone",), place="moon")),
    ("not_registered", RecordNeed(**BY, persons=("stranger",), need="oxygen")),
    ("not_registered", Tie(**BY, tie="spouse_of", person="anna", other="stranger")),
    ("already_registered", Register(**BY, party="f9", persons=(newcomer("anna"),), place="town")),
    ("not_coming", FormParty(**BY, party="f2", members=(("gone", None), ("clara", None)))),
    ("two_heads", FormParty(**BY, party="f1", members=(("clara", "head"),))),
    ("two_heads", Register(**BY, party="f1", persons=(newcomer("x", role="head"),), place="town")),
    ("not_in_party", LeaveParty(**BY, party="f1", persons=("clara",), why="asked")),
    ("not_in_party", replace(WAIVER, persons=("clara",))),
    ("not_in_party", replace(WAIVER, said_by="clara")),
    ("not_in_party", replace(WAIVER, said_by="stranger")),
    ("minors_left_alone", LeaveParty(**BY, party="f1", persons=("boris",), why="asked")),
    ("minors_left_alone", LeaveParty(**BY, party="f1", persons=("anna", "egor"), why="asked")),
    ("minors_left_alone", Untie(**BY, tie="guardian_of", person="clara", other="dina")),
    ("minors_left_alone", replace(WAIVER, persons=("boris",))),
    ("minors_left_alone", replace(WAIVER, persons=("anna", "egor"))),
    ("minors_left_alone", FormParty(**BY, party="f9", members=(("anna", None), ("egor", None)))),
    ("tied_to_self", Tie(**BY, tie="spouse_of", person="anna", other="anna")),
    ("guardian_is_minor", Tie(**BY, tie="guardian_of", person="boris", other="dina")),
    ("already_tied", Tie(**BY, tie="guardian_of", person="clara", other="dina")),
    ("not_tied", Untie(**BY, tie="guardian_of", person="dina", other="clara")),
    ("waiver_by_minor", replace(WAIVER, said_by="boris")),
    ("already_withdrawn", Withdraw(**BY, persons=("gone",), why="declined")),
    ("not_withdrawn", Reoffer(**BY, persons=("anna",), place="town")),
    ("already_dead", RecordDeath(**BY, persons=("dead",))),
    ("already_dead", Reoffer(**BY, persons=("dead",), place="town")),
    ("not_at_a_place", Withdraw(**BY, persons=("rider",), why="declined")),
    ("already_needed", RecordNeed(**BY, persons=("clara",), need="oxygen")),
    ("not_needed", EndNeed(**BY, persons=("anna",), need="oxygen")),
    ("nothing_changed", ChangeParticulars(**BY, person="anna", age_band="adult")),
    ("nothing_changed", FormParty(**BY, party="f2", members=(("clara", None),))),
    ("same_id", Merge(**BY, kept="anna", dropped="anna", why="one passport")),
    ("same_id", JudgePair(**BY, person="anna", other="anna", verdict="unsure")),
    ("no_reason", Merge(**BY, kept="anna", dropped="egor", why="")),
    ("not_registered", Merge(**BY, kept="anna", dropped="stranger", why="one passport")),
    ("merged_into", Merge(**BY, kept="anna", dropped="clara-2", why="one passport")),
    ("merged_into", Merge(**BY, kept="clara-2", dropped="anna", why="one passport")),
    ("not_merged", Part(**BY, kept="anna", dropped="egor", why="a twin")),
    ("not_merged", Part(**BY, kept="clara-2", dropped="clara", why="a twin")),
    ("already_compared", JudgePair(**BY, person="anna", other="egor", verdict="open")),
    ("already_compared", JudgePair(**BY, person="dina", other="clara", verdict="unsure")),
    ("still_on_the_road", Forget(**BY, persons=("anna",), why="asked")),
]


@pytest.mark.parametrize(("says", "order", "expected"), DONE, ids=[says for says, *_ in DONE])
def test_an_order_becomes_drafts(
    facts: RegisterFacts, says: str, order: Order, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Each order that may be done drafts these kinds for these people, now, by who ordered."""
    drafts = decide(order, facts, NOW)
    assert not isinstance(drafts, Refusal), says
    assert [(draft.kind, draft.persons) for draft in drafts] == expected
    assert all((draft.happened_at, draft.by) == (NOW, "officer") for draft in drafts)


@pytest.mark.parametrize(("code", "order"), REFUSED, ids=[f"{code}-{turn}" for turn, (code, _) in enumerate(REFUSED)])
def test_an_order_is_refused(facts: RegisterFacts, code: str, order: Order) -> None:
    """Each order that may not be done gets the refusal of this code, in whole sentences."""
    refusal = decide(order, facts, NOW)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code
    assert refusal.says.endswith(".") and refusal.remedy.endswith(".")


def test_moves_name_both_accounts(facts: RegisterFacts) -> None:
    """What moves people says from where and to where; who was seen first does not come from outside again."""

    def move(order: Order) -> tuple[object, object]:
        drafts = decide(order, facts, NOW)
        assert not isinstance(drafts, Refusal)
        return drafts[0].source, drafts[0].target

    assert move(Register(**BY, party="f9", persons=(newcomer("x"),), place="camp")) == ("outside", "place:camp")
    assert move(Register(**BY, party="f9", persons=(newcomer("seen"),), place="town")) == (None, "place:camp")
    assert move(Withdraw(**BY, persons=("anna",), why="blocked")) == ("place:town", "end:withdrawn")
    assert move(Reoffer(**BY, persons=("gone",), place="camp")) == ("end:withdrawn", "place:camp")
    assert move(RecordDeath(**BY, persons=("rider",))) == ("aboard:bus", "end:died")


def test_forgetting_twice_is_refused(facts: RegisterFacts) -> None:
    """The first order forgets, the second has nothing to do."""
    order = Forget(**BY, persons=("home",), why="asked")
    assert not isinstance(decide(order, facts, NOW), Refusal)
    forgotten = replace(facts.states["home"], forgotten=True)
    refusal = decide(order, replace(facts, states={**facts.states, "home": forgotten}), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "already_forgotten"


@pytest.mark.parametrize("forgotten", ["anna", "egor"])
def test_nobody_is_merged_with_somebody_forgotten(facts: RegisterFacts, forgotten: str) -> None:
    """The other one would count as forgotten, and nobody could have them forgotten any more."""
    gone = replace(facts.states[PersonId(forgotten)], forgotten=True)
    order = Merge(**BY, kept="anna", dropped="egor", why="one passport")
    refusal = decide(order, replace(facts, states={**facts.states, PersonId(forgotten): gone}), NOW)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.data["persons"]) == ("already_forgotten", forgotten)


def test_a_waiver_given_twice_changes_nothing(facts: RegisterFacts) -> None:
    """The drafted waiver, folded, makes the same order empty."""
    drafts = decide(WAIVER, facts, NOW)
    assert not isinstance(drafts, Refusal)
    history = History()
    history.register("08:00", "egor", "f1")
    history.add("12:00", drafts[0].kind, *drafts[0].persons, **drafts[0].body)
    states = {**facts.states, "egor": fold(history.of("egor"))}
    again = decide(WAIVER, replace(facts, states=states), NOW)
    assert isinstance(again, Refusal)
    assert again.code == "nothing_changed"


def test_no_order_that_is_done_leaves_another_minor_alone(facts: RegisterFacts) -> None:
    """Folding the drafts of every order above but withdrawals and deaths leaves no minor without an adult."""
    before = without_adult(facts.states)
    for says, order, _ in DONE:
        drafts = decide(order, facts, NOW)
        assert not isinstance(drafts, Refusal)
        if drafts[0].kind not in ("withdrew", "died"):
            assert without_adult(_after(facts, drafts)) <= before, says


def _after(facts: RegisterFacts, drafts: tuple[Draft, ...]) -> dict[PersonId, RegisterState]:
    """Everybody's party as the drafts leave it; ties and waivers too."""
    states = dict(facts.states)
    for draft in drafts:
        for person in draft.persons:
            history = History()
            history.add("12:00", draft.kind, *draft.persons, **draft.body)
            new = fold(history.events)
            old = states.get(person, RegisterState())
            party = new.party if draft.kind in ("registered", "joined_party", "left_party") else old.party
            states[person] = replace(
                old,
                party=party,
                age_band=new.age_band or old.age_band,
                ties=old.ties | new.ties,
                waivers=old.waivers | new.waivers,
            )
    return states


def test_every_order_is_in_the_tables() -> None:
    """An order added to registration must be added to the table of what is done."""
    untie = {Untie}  # done in `test_a_tie_that_is_not_needed_ends`
    assert {type(order) for _, order, _ in DONE} | untie == set(orders.Order.__args__)


def test_a_tie_that_is_not_needed_ends(facts: RegisterFacts) -> None:
    """The guardian's tie can end once the girl is in her party."""
    states = {**facts.states, "dina": replace(facts.states["dina"], party="f2")}
    drafts = decide(Untie(**BY, tie="guardian_of", person="clara", other="dina"), replace(facts, states=states), NOW)
    assert not isinstance(drafts, Refusal)
    assert [(draft.kind, draft.persons) for draft in drafts] == [("untied", ("clara", "dina"))]


def test_every_refusal_is_reached() -> None:
    """A refusal added to the catalogue must be reached by a test."""
    elsewhere = {
        "already_forgotten",  # test_forgetting_twice_is_refused
        "tie_without_person",  # test_register_state
        "unreadable_identity",  # test_register_access
        "role_may_not_read",
        "not_own_nationals",
        "not_a_code",  # test_register_code
        "code_of_another",
        "identity_forgotten",  # test_register of the desk
    }
    assert {code for code, _ in REFUSED} | elsewhere == {kind.code for kind in CATALOGUE}
