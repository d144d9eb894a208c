"""Who should be talked to next: who lost somebody, was referred, or is held for it, and had no first aid since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.journey.care.codes import CODES
from corridor.journey.care.state import CareState, active_holds

TalkReason = Literal["hold", "refer", "loss", "encounter", "follow_up"]
REASONS: tuple[TalkReason, ...] = ("hold", "refer", "loss", "encounter", "follow_up")
"""The order of the queue: who cannot travel until somebody talked to them, then whom somebody could not help alone,
then a loss that was reported, a complaint that a medic wrote down, and a talk to be gone on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Somebody to be talked to: the first of the reasons that holds for them, and since when it does."""

    person: PersonId
    reason: TalkReason
    since: Moment


def talks(states: Mapping[PersonId, CareState], at: Moment) -> tuple[Talk, ...]:
    """Everybody to be talked to, the first first: by reason, then who has waited longest.

    A talk answers what was before it, unless it says itself how it goes on; a hold asks until it is lifted.
    """
    found = [one for person, state in states.items() if (one := _talk(person, state, at)) is not None]
    return tuple(sorted(found, key=lambda one: (REASONS.index(one.reason), one.since, one.person)))


def could_ask(state: CareState) -> bool:
    """Whether anything in somebody's care asks for a talk at any moment: all others `talks` may be asked without."""
    minds = (code for met in state.encounters for code in met.codes if _is_psychological(code))
    return bool(state.holds or state.first_aid or state.losses) or any(minds)


def _is_psychological(code: str) -> bool:
    """Whether a code of an encounter is about the mind; a code that we do not have, from a later phone, is not."""
    return code in CODES and CODES[code].group == "psychological"


def _talk(person: PersonId, state: CareState, at: Moment) -> Talk | None:
    last = max(state.first_aid, key=lambda one: one.at, default=None)
    since: dict[TalkReason, Moment] = {}

    def asks(reason: TalkReason, moment: Moment) -> None:
        since[reason] = min(moment, since.get(reason, moment))

    for hold in active_holds(state, at):
        if hold.reason == "psychological":
            asks("hold", hold.placed_at)
    if last is not None and last.next in ("refer", "follow_up"):
        asks("refer" if last.next == "refer" else "follow_up", last.at)
    for loss in state.losses:
        if last is None or loss.at > last.at:
            asks("loss", loss.at)
    for met in state.encounters:
        if (last is None or met.at > last.at) and any(_is_psychological(code) for code in met.codes):
            asks("encounter", met.at)
    first = next((reason for reason in REASONS if reason in since), None)
    return None if first is None else Talk(person=person, reason=first, since=since[first])
