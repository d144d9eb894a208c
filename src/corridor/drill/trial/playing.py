"""One whole drill from a seed: every step, then the rest in which all that is owed is sent, and the laws at the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.drill.trial import desk, laws, misfortune, network, recording
from corridor.drill.trial.schedule import Schedule, Step
from corridor.drill.trial.truth import START
from corridor.drill.trial.world import Handset, World, world_of
from corridor.ledger.accounts import SUSPENSE

_STEPS: Mapping[str, Callable[[World, int, random.Random], None]] = {
    "happen": recording.happen,
    "exchange": network.exchange,
    "late_copies": network.late_copies,
    "look": laws.look,
    "order": desk.order,
    "read_names": desk.read_names,
    **{
        act.__name__: act
        for act in (
            misfortune.jump_clock,
            misfortune.kill_phone,
            misfortune.cut_power,
            misfortune.fill_phone,
            misfortune.part,
            misfortune.copy_phone,
            misfortune.restore_phone,
            misfortune.clone_phone,
            misfortune.lose_phone,
            misfortune.enrol,
            misfortune.kill_headquarters,
            misfortune.fill_headquarters,
            misfortune.keep_checkpoint,
            misfortune.back_up,
            misfortune.restore_headquarters,
            misfortune.judge_fork,
        )
    },
}
_ROUNDS_MAX = 12
"""Exchanges over a good network after which every phone must have nothing left to send."""

PLAYS_MAX = 400
"""How often a failing drill is played again at most while steps are left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a drill: the laws that did not hold, and what there was of everything."""

    breaches: tuple[str, ...]
    counts: Counter[str]


def play(schedule: Schedule) -> Outcome:
    """Play a drill. A program that ends by itself, on an assertion or an error, is a breach like any other."""
    rng = random.Random(len(schedule.facts))
    world = world_of(schedule, rng)
    try:
        for step in schedule.steps:
            world.now = Moment(max(step.at, world.now + 1))
            _STEPS[step.name](world, step.number, random.Random(step.luck))
            if world.breaches:
                return Outcome(tuple(world.breaches), world.counts)
        world.breaches += laws.check(world, rng, at_rest=False)
        if not world.breaches:
            _come_to_rest(world, rng)
            world.breaches += laws.check(world, rng, at_rest=True)
        if not world.breaches:
            _close(world, rng)
    except Exception as error:  # whatever the core raises is what the drill looks for
        world.breaches.append(f"{type(error).__name__}: {error}")
    return Outcome(tuple(dict.fromkeys(world.breaches)), world.counts)


def _come_to_rest(world: World, rng: random.Random) -> None:
    """Nothing goes wrong any more: there is room, the network holds, everybody is enrolled and sends all they have."""
    headquarters = world.headquarters
    headquarters.store.full = False
    headquarters.store.fuse.writes_left = None
    world.now = Moment(max(world.now, START + world.schedule.setting.days * DAY_MS) + HOUR_MS)
    for number in range(world.schedule.setting.devices):
        misfortune.enrol(world, number, rng)  # again, for those whose enrolment a restored backup does not hold
    network.late_copies(world, 0, rng)
    for handset in world.handsets:
        handset.phone.disk.full = False
        handset.phone.disk.fuse.writes_left = None
    for _ in range(_ROUNDS_MAX):
        for handset in world.handsets:
            world.now = Moment(world.now + MINUTE_MS)
            if handset.alive:
                network.converse(world, handset, rng, 0.0)
        if not any(_owes(world, handset) for handset in world.handsets):
            return
    world.breaches.append(f"A phone still has something to send after {_ROUNDS_MAX} exchanges over a good network.")


def _owes(world: World, handset: Handset) -> bool:
    """Whether a phone that headquarters believes has records without a receipt."""
    revoked = world.headquarters.writer.intake.trust.revocations
    chains = handset.phone.epochs.values()
    return handset.alive and handset.name not in revoked and any(chain.receipted < chain.last for chain in chains)


def _close(world: World, rng: random.Random) -> None:
    """The officers close every conflict with what they find out; then nobody is in suspense."""
    headquarters = world.headquarters
    where = {
        person: fact.target
        for fact in world.schedule.facts
        for person in fact.persons
        if fact.target is not None and fact.target != SUSPENSE
    }
    world.now = Moment(world.now + 30 * DAY_MS)  # whatever a wrong clock says happens later is past by then
    while forks := headquarters.forks():
        misfortune.judge_fork(world, 0, rng)
        world.now = Moment(world.now + 1)
        if len(headquarters.forks()) >= len(forks):
            world.breaches.append("Law 5: a judged fork is still open.")
            return
    view = headquarters.view(world.now, world.now)
    # Whom only an order names, since the phone that registered them is not believed, has no record to be judged.
    for person in (one for one in view.people(SUSPENSE) if view.path_of(one) is not None):
        world.now = Moment(world.now + MINUTE_MS)
        headquarters.reconcile(person, where[person], world.now)
    view = headquarters.view(world.now, world.now)
    left = [person for person in view.people(SUSPENSE) if view.path_of(person) is not None]
    if left:
        world.breaches.append(f"{len(left)} people are in suspense although an officer closed every conflict.")
    world.breaches += laws.conserved(view)


def shrunk(schedule: Schedule, breach: str, plays_max: int = PLAYS_MAX) -> Schedule:
    """A schedule with as few of the steps as were found to break the same law in the same words but its numbers."""
    steps = list(schedule.steps)
    kind, plays, size = _kind(breach), 0, max(1, len(steps) // 2)
    while size and plays < plays_max:
        start = 0
        while start < len(steps) and plays < plays_max:
            fewer = steps[:start] + steps[start + size :]
            plays += 1
            if _breaks(schedule, fewer, kind):
                steps = fewer
            else:
                start += size
        size //= 2
    return schedule._replace(steps=tuple(steps))


def _breaks(schedule: Schedule, steps: list[Step], kind: str) -> bool:
    outcome: Outcome = play(schedule._replace(steps=tuple(steps)))
    return any(_kind(breach) == kind for breach in outcome.breaches)


def _kind(breach: str) -> str:
    """What a breach says before the first colon: its law, or the error's type."""
    return breach.partition(":")[0]
