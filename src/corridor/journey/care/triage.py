"""Which colour a triage gives: START for adults and JumpSTART for children, as published, step by step.

Sources: START, Newport Beach Fire Department and Hoag Hospital, 1983, revised 1994 (respiration 30, refill 2 s,
commands); JumpSTART, L. Romig, 1995, revised 2001 (respiration 15 to 45, pulse, AVPU, five rescue breaths). What was
not observed is never guessed: the answer then is a Refusal that names the observation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.care.events import Avpu, Colour, Triaged, TriageSystem
from corridor.journey.care.refusals import NOT_OBSERVED
from corridor.journey.register.events import MINORS, AgeBand

START_BREATHS_PER_MINUTE_MAX = 30
"""More is red (START)."""
START_REFILL_SECONDS_MAX = 2
"""A longer capillary refill is red (START)."""
JUMPSTART_BREATHS_PER_MINUTE_MIN = 15
"""Fewer is red (JumpSTART)."""
JUMPSTART_BREATHS_PER_MINUTE_MAX = 45
"""More is red (JumpSTART)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen of a person. None means not observed.

    `breathing_per_minute` 0 means no breath; `breathes_after` then says what brought it back: opening the airway, or
    rescue breaths, or neither. `pulse` is the radial pulse of an adult, a peripheral pulse of a child.
    """

    walks: bool | None = None
    breathing_per_minute: int | None = None
    breathes_after: Literal["airway", "rescue_breaths", "neither"] | None = None
    pulse: bool | None = None
    refill_seconds: int | None = None
    obeys: bool | None = None
    avpu: Avpu | None = None


@dataclass(frozen=True, slots=True)
class Triage:
    """The colour and the one sentence that says why."""

    system: TriageSystem
    colour: Colour
    reason: str


def start(seen: Observation) -> Triage | Refusal:
    """The START colour of an adult. Radial pulse or refill decides perfusion; the worse of the two if both are known.

    START knows no rescue breaths; a person who breathes again after them is breathing, and red.
    """
    if seen.walks is None:
        return _missing("walks")
    if seen.walks:
        return Triage("start", "green", "Walks.")
    if seen.breathing_per_minute is None:
        return _missing("breathing_per_minute")
    if seen.breathing_per_minute == 0:
        if seen.breathes_after is None:
            return _missing("breathes_after")
        if seen.breathes_after == "neither":
            return Triage("start", "black", "Does not breathe after the airway was opened.")
        return Triage("start", "red", "Breathes only after help with the airway.")
    if seen.breathing_per_minute > START_BREATHS_PER_MINUTE_MAX:
        return Triage("start", "red", f"Breathes more than {START_BREATHS_PER_MINUTE_MAX} times a minute.")
    if seen.pulse is False:
        return Triage("start", "red", "Has no radial pulse.")
    if seen.refill_seconds is not None and seen.refill_seconds > START_REFILL_SECONDS_MAX:
        return Triage("start", "red", f"Capillary refill takes more than {START_REFILL_SECONDS_MAX} seconds.")
    if seen.pulse is None and seen.refill_seconds is None:
        return _missing("pulse")
    if seen.obeys is None:
        return _missing("obeys")
    if not seen.obeys:
        return Triage("start", "red", "Does not follow simple commands.")
    return Triage("start", "yellow", "Does not walk; breathing, circulation and commands are in order.")


def jumpstart(seen: Observation) -> Triage | Refusal:
    """The JumpSTART colour of a child."""
    if seen.walks is None:
        return _missing("walks")
    if seen.walks:
        return Triage("jumpstart", "green", "Walks.")
    if seen.breathing_per_minute is None:
        return _missing("breathing_per_minute")
    if seen.breathing_per_minute == 0:
        return _child_without_breath(seen)
    low, high = JUMPSTART_BREATHS_PER_MINUTE_MIN, JUMPSTART_BREATHS_PER_MINUTE_MAX
    if not low <= seen.breathing_per_minute <= high:
        return Triage("jumpstart", "red", f"Breathes fewer than {low} or more than {high} times a minute.")
    if seen.pulse is None:
        return _missing("pulse")
    if not seen.pulse:
        return Triage("jumpstart", "red", "Has no peripheral pulse.")
    if seen.avpu is None:
        return _missing("avpu")
    if seen.avpu == "pain_inappropriate":
        return Triage("jumpstart", "red", "Answers to pain in an inappropriate way.")
    if seen.avpu == "unresponsive":
        return Triage("jumpstart", "red", "Does not respond.")
    return Triage("jumpstart", "yellow", "Does not walk; breathing, circulation and response are in order.")


def _child_without_breath(seen: Observation) -> Triage | Refusal:
    """Airway first; with a pulse five rescue breaths; without one nothing more."""
    if seen.breathes_after == "airway":
        return Triage("jumpstart", "red", "Breathes after the airway was opened.")
    if seen.breathes_after == "rescue_breaths":
        return Triage("jumpstart", "red", "Breathes after five rescue breaths.")
    if seen.breathes_after is None:
        return _missing("breathes_after")
    if seen.pulse is None:
        return _missing("pulse")
    if not seen.pulse:
        return Triage("jumpstart", "black", "Does not breathe after the airway was opened, and has no pulse.")
    return Triage("jumpstart", "black", "Does not breathe after five rescue breaths.")


SYSTEMS: Mapping[TriageSystem, Callable[[Observation], Triage | Refusal]] = {"start": start, "jumpstart": jumpstart}


def system_for(age_band: AgeBand) -> TriageSystem:
    """The system for an age band. A medic may choose START for a youth who looks like an adult, as JumpSTART says."""
    return "jumpstart" if age_band in MINORS else "start"


def observed(body: Triaged) -> Observation:
    """What the recorded triage says was seen."""
    return Observation(
        walks=body.walks,
        breathing_per_minute=body.breathing_per_minute,
        breathes_after=body.breathes_after,
        pulse=body.pulse,
        refill_seconds=body.refill_seconds,
        obeys=body.obeys,
        avpu=body.avpu,
    )


def secondary_order(triaged: Iterable[tuple[PersonId, Colour, AgeBand]]) -> tuple[PersonId, ...]:
    """Who is examined next in secondary triage: red, yellow, green, black; in each colour infants first, then children.

    Source: JumpSTART has infants, who were carried and never walked, evaluated first in secondary triage.
    """
    ranked = sorted(triaged, key=lambda one: (TURNS.index(one[1]), age_turn(one[2]), one[0]))
    return tuple(person for person, _, _ in ranked)


TURNS: tuple[Colour, ...] = ("red", "yellow", "green", "black")
"""The colours in the order in which people are examined."""


def age_turn(band: AgeBand | None) -> int:
    """Whose turn comes first within a colour: infants, then children, then everybody else."""
    return MINORS.index(band) if band in MINORS else len(MINORS)


_QUESTIONS = {
    "walks": "whether the person walks",
    "breathing_per_minute": "how often the person breathes in a minute",
    "breathes_after": "whether the person breathes after the airway was opened",
    "pulse": "the pulse",
    "obeys": "whether the person follows simple commands",
    "avpu": "how the person responds (AVPU)",
}


def _missing(observation: str) -> Refusal:
    return NOT_OBSERVED(observation=observation, question=_QUESTIONS[observation])
