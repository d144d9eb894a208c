"""Who must travel together, and what registration finds wrong with it."""

from __future__ import annotations

import pytest
from tests.journey.register.a_history import History

from corridor.journey.register.findings import CATALOGUE, findings
from corridor.journey.register.groups import company_of, travel_group, travel_groups
from corridor.journey.register.state import RegisterState, fold

FAMILY = [("anna", "f1", "adult"), ("boris", "f1", "child"), ("clara", "f2", "adult"), ("dina", "f3", "child")]


def states_of(history: History) -> dict[str, RegisterState]:
    """Everybody's state."""
    return {person: fold(history.of(person)) for person in history.persons()}


@pytest.fixture
def history() -> History:
    """A mother with her son, a woman alone, a girl alone."""
    history = History()
    for person, party, age_band in FAMILY:
        history.register("08:00", person, party, age_band)
    return history


def groups(history: History) -> set[frozenset[str]]:
    """The travel groups of the history."""
    return set(travel_groups(company_of(states_of(history))))


def test_a_party_travels_together_and_a_tie_joins_parties(history: History) -> None:
    """Parties are groups; a guardian in another party joins both parties into one group."""
    assert groups(history) == {frozenset({"anna", "boris"}), frozenset({"clara"}), frozenset({"dina"})}
    history.add("09:00", "tied", "anna", "dina", tie="guardian_of", other="dina")
    history.add("09:00", "tied", "clara", "dina", tie="will_not_travel_without", other="dina")
    assert groups(history) == {frozenset({"anna", "boris", "clara", "dina"})}
    company = company_of(states_of(history))
    assert travel_group(["boris"], company) == {"anna", "boris", "clara", "dina"}
    assert travel_group(["stranger"], company) == {"stranger"}


@pytest.mark.parametrize(
    ("tie", "together"), [("spouse_of", False), ("parent_of", False), ("will_not_travel_without", True)]
)
def test_only_some_ties_hold_people_together(history: History, tie: str, together: bool) -> None:
    """Spouses and parents in other parties are free until somebody says they will not be parted."""
    history.add("09:00", "tied", "clara", "anna", tie=tie, other="anna")
    assert (frozenset({"anna", "boris", "clara"}) in groups(history)) is together


def test_a_waiver_releases_who_it_names_from_the_party_but_not_from_a_tie(history: History) -> None:
    """The released person goes apart; an express tie still holds."""
    history.register("08:00", "egor", "f1")
    history.add("09:00", "split_waived", "egor", party="f1", said_by="anna", why="he stays with his mother")
    assert frozenset({"anna", "boris"}) in groups(history)
    history.add("09:10", "tied", "egor", "boris", tie="will_not_travel_without", other="boris")
    assert frozenset({"anna", "boris", "egor"}) in groups(history)


def test_who_withdrew_or_died_holds_nobody_back(history: History) -> None:
    """A group is of those who travel."""
    history.register("08:00", "egor", "f1")
    history.add("09:00", "withdrew", "egor", source="place:town", target="end:withdrawn", why="declined")
    assert groups(history) >= {frozenset({"anna", "boris"})}
    assert not any("egor" in group for group in groups(history))


def codes(history: History) -> set[tuple[str, tuple[str, ...]]]:
    """What is found, by code and people."""
    return {(one.code, one.persons) for one in findings(states_of(history))}


def test_a_minor_alone_is_found_until_a_guardian_is_tied(history: History) -> None:
    """A girl alone in her party is unaccompanied; travelling with adults, she still needs a guardian."""
    alone, no_adult = ("unaccompanied_minor", ("dina",)), ("party_without_adult", ("dina",))
    assert codes(history) == {alone, no_adult}
    history.add("09:00", "tied", "dina", "clara", tie="will_not_travel_without", other="clara")
    assert codes(history) == {("guardian_missing", ("dina",)), no_adult}
    history.add("09:10", "tied", "clara", "dina", tie="guardian_of", other="dina")
    assert codes(history) == {no_adult}
    history.add("09:20", "joined_party", "dina", party="f2", role="child")
    assert codes(history) == set()


def test_a_minor_recorded_as_no_child_of_the_party_needs_a_guardian(history: History) -> None:
    """In a party with an adult, only a minor recorded as `other` is asked about."""
    history.add("09:00", "joined_party", "dina", party="f1", role="other")
    assert codes(history) == {("guardian_missing", ("dina",))}
    history.add("09:10", "tied", "anna", "dina", tie="parent_of", other="dina")
    assert codes(history) == set()


def test_a_guardian_who_withdraws_leaves_the_minor_found(history: History) -> None:
    """Findings look at who travels now, not at who was registered."""
    history.add("09:00", "joined_party", "dina", party="f2", role="child")
    assert codes(history) == set()
    history.add("10:00", "withdrew", "clara", source="place:town", target="end:withdrawn", why="declined")
    assert ("unaccompanied_minor", ("dina",)) in codes(history)


def test_a_tie_to_somebody_who_does_not_come_is_found(history: History) -> None:
    """Who will not travel without a person who withdrew is asked again."""
    history.add("09:00", "tied", "clara", "anna", tie="will_not_travel_without", other="anna")
    assert not any(code == "tied_to_absent" for code, _ in codes(history))
    history.add("10:00", "withdrew", "anna", source="place:town", target="end:withdrawn", why="declined")
    assert ("tied_to_absent", ("anna", "clara")) in codes(history)


def test_the_catalogue_of_findings_is_what_these_tests_reach() -> None:
    """A finding added to the catalogue must be added to these tests."""
    assert {kind.code for kind in CATALOGUE} == {
        "unaccompanied_minor",
        "party_without_adult",
        "guardian_missing",
        "tied_to_absent",
    }
