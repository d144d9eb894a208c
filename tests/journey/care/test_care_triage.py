"""START and JumpSTART: every branch of the published cards, and what is not observed is not guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base.refusal import Refusal
from corridor.journey.care.triage import Observation, jumpstart, secondary_order, start, system_for

LIES = {"walks": False}
ADULT = {**LIES, "breathing_per_minute": 20, "pulse": True, "refill_seconds": 2, "obeys": True}
CHILD = {**LIES, "breathing_per_minute": 30, "pulse": True, "avpu": "alert"}

START = [
    ({"walks": True}, "green"),
    (ADULT, "yellow"),
    (ADULT | {"breathing_per_minute": 30}, "yellow"),
    (ADULT | {"breathing_per_minute": 31}, "red"),
    (ADULT | {"breathing_per_minute": 0, "breathes_after": "airway"}, "red"),
    (ADULT | {"breathing_per_minute": 0, "breathes_after": "rescue_breaths"}, "red"),
    (ADULT | {"breathing_per_minute": 0, "breathes_after": "neither"}, "black"),
    (ADULT | {"pulse": False}, "red"),
    (ADULT | {"pulse": None}, "yellow"),
    (ADULT | {"pulse": None, "refill_seconds": 3}, "red"),
    (ADULT | {"refill_seconds": None}, "yellow"),
    (ADULT | {"refill_seconds": 3}, "red"),
    (ADULT | {"obeys": False}, "red"),
]
JUMPSTART = [
    ({"walks": True}, "green"),
    (CHILD, "yellow"),
    (CHILD | {"breathing_per_minute": 14}, "red"),
    (CHILD | {"breathing_per_minute": 15}, "yellow"),
    (CHILD | {"breathing_per_minute": 45}, "yellow"),
    (CHILD | {"breathing_per_minute": 46}, "red"),
    (CHILD | {"breathing_per_minute": 0, "breathes_after": "airway"}, "red"),
    (CHILD | {"breathing_per_minute": 0, "breathes_after": "rescue_breaths"}, "red"),
    (CHILD | {"breathing_per_minute": 0, "breathes_after": "neither"}, "black"),
    (CHILD | {"breathing_per_minute": 0, "breathes_after": "neither", "pulse": False}, "black"),
    (CHILD | {"pulse": False}, "red"),
    (CHILD | {"avpu": "voice"}, "yellow"),
    (CHILD | {"avpu": "pain"}, "yellow"),
    (CHILD | {"avpu": "pain_inappropriate"}, "red"),
    (CHILD | {"avpu": "unresponsive"}, "red"),
]
NOT_OBSERVED: list[tuple[Any, dict[str, Any], str]] = [
    (start, {}, "walks"),
    (start, LIES, "breathing_per_minute"),
    (start, LIES | {"breathing_per_minute": 0}, "breathes_after"),
    (start, LIES | {"breathing_per_minute": 20}, "pulse"),
    (start, ADULT | {"obeys": None}, "obeys"),
    (jumpstart, {}, "walks"),
    (jumpstart, LIES, "breathing_per_minute"),
    (jumpstart, LIES | {"breathing_per_minute": 0}, "breathes_after"),
    (jumpstart, LIES | {"breathing_per_minute": 0, "breathes_after": "neither"}, "pulse"),
    (jumpstart, LIES | {"breathing_per_minute": 20}, "pulse"),
    (jumpstart, CHILD | {"avpu": None}, "avpu"),
]


@pytest.mark.parametrize(("seen", "colour"), START)
def test_start(seen: dict[str, Any], colour: str) -> None:
    """An adult gets the colour of the START card, with a sentence that says why."""
    found = start(Observation(**seen))
    assert not isinstance(found, Refusal)
    assert (found.system, found.colour) == ("start", colour)
    assert found.reason.endswith(".")


@pytest.mark.parametrize(("seen", "colour"), JUMPSTART)
def test_jumpstart(seen: dict[str, Any], colour: str) -> None:
    """A child gets the colour of the JumpSTART card, with a sentence that says why."""
    found = jumpstart(Observation(**seen))
    assert not isinstance(found, Refusal)
    assert (found.system, found.colour) == ("jumpstart", colour)
    assert found.reason.endswith(".")


@pytest.mark.parametrize(("system", "seen", "observation"), NOT_OBSERVED)
def test_what_was_not_observed_is_asked_for(system: Any, seen: dict[str, Any], observation: str) -> None:
    """The refusal names the first observation that the card needs and nobody made."""
    found = system(Observation(**seen))
    assert isinstance(found, Refusal)
    assert (found.code, found.data["observation"]) == ("triage_not_observed", observation)


@pytest.mark.parametrize("system", [start, jumpstart])
@given(
    st.builds(
        Observation,
        walks=st.sampled_from([None, True, False]),
        breathing_per_minute=st.none() | st.integers(0, 60),
        breathes_after=st.sampled_from([None, "airway", "rescue_breaths", "neither"]),
        pulse=st.sampled_from([None, True, False]),
        refill_seconds=st.none() | st.integers(0, 5),
        obeys=st.sampled_from([None, True, False]),
        avpu=st.sampled_from([None, "alert", "voice", "pain", "pain_inappropriate", "unresponsive"]),
    )
)
def test_every_observation_has_an_answer(system: Any, seen: Observation) -> None:
    """Whatever was seen, there is a colour or what was not observed is named; who walks is green."""
    found = system(seen)
    if isinstance(found, Refusal):
        assert getattr(seen, str(found.data["observation"])) is None
    else:
        assert (found.colour == "green") == (seen.walks is True)


def test_children_get_jumpstart() -> None:
    """Infants and children are triaged with JumpSTART, adults and elders with START."""
    assert [system_for(band) for band in ("infant", "child", "adult", "elder")] == [
        "jumpstart",
        "jumpstart",
        "start",
        "start",
    ]


def test_infants_first_in_secondary_triage() -> None:
    """Colour decides who is examined next; in each colour infants come first, then children."""
    people: Any = [
        ("a", "green", "infant"),
        ("b", "red", "adult"),
        ("c", "red", "infant"),
        ("d", "red", "child"),
        ("e", "yellow", "elder"),
        ("f", "red", "elder"),
    ]
    assert secondary_order(people) == ("c", "d", "b", "f", "e", "a")
