"""Who records what happens: officers with phones, their slips, and the records they make twice."""

from __future__ import annotations

import random
from hashlib import sha256

from corridor.base.ids import EventId, UserId
from corridor.drill.trial.disk import DiskFull, Killed
from corridor.drill.trial.phone import Phone
from corridor.drill.trial.truth import SLIP_STAGE, Fact
from corridor.drill.trial.world import Handset, Made, World
from corridor.ledger import kinds
from corridor.ledger.device.wire import write_line
from corridor.ledger.event import Draft

_SLIP_RATE = 0.04
_SLIPS = ("place:home", "place:camp", "end:withdrawn")


def happen(world: World, number: int, rng: random.Random) -> None:
    """Something truly happens; one or two of the devices at that place record it, now and then none."""
    fact = world.schedule.facts[number]
    if fact.kind == kinds.MOVEMENT_PLANNED:
        world.at_headquarters(lambda: world.headquarters.plan(str(fact.movement), world.now))
        return
    there = [one for one in world.handsets if one.alive and one.post == fact.place]
    seen_by = rng.choices((0, 1, 2), (1, 16, 3))[0] if world.faulty else 1
    for handset in rng.sample(there, min(seen_by, len(there))):
        if fact.persons and world.schedule.setting.faults == "all" and rng.random() < _SLIP_RATE:
            _slip(world, handset, fact, rng)
        if not _record(world, handset, fact) and rng.random() < 0.7:
            _record(world, handset, fact)  # it was not green: the officer does it again


def _record(world: World, handset: Handset, fact: Fact) -> bool:
    """Record a fact; whether it was green."""
    made = Made(device=handset.name, fact=fact, wrong=world.clock_wrong(handset))
    return _capture(world, handset, _draft(world, handset, fact), made) is not None


def _slip(world: World, handset: Handset, fact: Fact, rng: random.Random) -> None:
    """The officer records something else of one person, sees it, and takes it back."""
    slip = Fact(
        at=fact.at,
        kind="sighted",
        place=fact.place,
        stage=SLIP_STAGE,
        persons=fact.persons[:1],
        target=rng.choice(_SLIPS),  # type: ignore[arg-type]  # accounts all
    )
    made = Made(device=handset.name, fact=slip, wrong=True)
    hash_ = _capture(world, handset, _draft(world, handset, slip), made)
    if hash_ is not None:
        phone = handset.phone
        of = EventId(handset.name, phone.epoch, phone.epochs[phone.epoch].last)
        body = {"of": str(of), "why": "slip"}
        draft = Draft(kind=kinds.CORRECTED, happened_at=world.clock(handset), by=UserId("amal"), body=body)
        _capture(world, handset, draft, Made(device=handset.name, fact=None, wrong=False, corrects=hash_))


def _draft(world: World, handset: Handset, fact: Fact) -> Draft:
    body: dict[str, object] = {} if fact.movement is None else {"movement": fact.movement}
    if fact.kind in (kinds.DEPARTED, kinds.ARRIVED):
        body["place"] = fact.place
    if fact.kind == "registered":
        body |= {"party": f"of-{fact.persons[0]}", "citizenships": ["RUS"], "age_band": "adult"}
    return Draft(
        kind=fact.kind,
        happened_at=world.clock(handset),
        by=UserId("amal"),
        persons=fact.persons,
        source=fact.source,
        target=fact.target,
        body=body,
    )


def _capture(world: World, handset: Handset, draft: Draft, made: Made) -> bytes | None:
    """Record on a phone; its hash when it is green. None: it was killed or full, and may or may not have it."""
    phone = handset.phone
    expected = _hash(phone, draft)
    world.made[expected] = made
    world.counts["events"] += 1
    try:
        (hash_,) = phone.capture([draft])
    except DiskFull:
        world.counts["refused, a phone's disk full"] += 1
        return None
    except Killed:
        world.counts["phones killed"] += 1
        world.start_again(handset)
        return None
    assert hash_ == expected, "the phone chains as the wire format says"
    handset.green.add(hash_)
    return hash_


def _hash(phone: Phone, draft: Draft) -> bytes:
    """What the event will hash to, worked out here and not by the ledger's own code."""
    chain = phone.epochs[phone.epoch]
    before = chain.hashes[-1] if chain.hashes else chain.start_hash
    line = write_line(draft, phone.clock_offset_ms, phone.clock_uncertainty_ms)
    return sha256(b"corridor/event/1\n" + before + line).digest()
