"""How phones and headquarters exchange: over a network that loses, repeats, reorders, cuts and damages."""

from __future__ import annotations

import json
import random

from corridor.base.moments import SECOND_MS
from corridor.drill.trial.disk import DiskFull, Killed
from corridor.drill.trial.world import Handset, World
from corridor.ledger.device.wire import WireError, chain, unframe
from corridor.ledger.writer import Receipt

_BAD = {"none": 0.0, "light": 0.04, "all": 0.15}


def exchange(world: World, number: int, rng: random.Random) -> None:
    """One exchange of one phone."""
    handset = world.handsets[number]
    if handset.alive and handset.apart_until <= world.now:
        converse(world, handset, rng, _BAD[world.schedule.setting.faults])


def converse(world: World, handset: Handset, rng: random.Random, bad: float) -> None:
    """A phone asks how far headquarters is, sends the rest, and hears the receipts; each may go wrong."""
    world.counts["exchanges"] += 1
    try:
        _converse(world, handset, rng, bad)
    except Killed:
        world.counts["phones killed"] += 1
        world.start_again(handset)
    except DiskFull:
        world.counts["exchanges stopped, a phone's disk full"] += 1


def _converse(world: World, handset: Handset, rng: random.Random, bad: float) -> None:
    hello = world.headquarters.hello(handset.name, world.now) if rng.random() >= bad else None
    if hello is not None:
        trip_ms = rng.randint(1, 20 * SECOND_MS)
        handset.phone.measure_clock(-handset.ahead_ms + rng.randint(-trip_ms, trip_ms), trip_ms)
    batches = handset.phone.outgoing(hello, rng)
    world.counts["batches sent"] += len(batches)
    if batches and rng.random() < bad:
        world.late.append(batches)
    if rng.random() < bad:
        world.counts["requests lost"] += 1
        return
    receipts = deliver(world, _spoil(world, batches, rng, bad))
    if rng.random() < bad:
        world.counts["answers lost"] += 1
        return
    for receipt in receipts:
        if rng.random() >= bad / 2:
            handset.phone.hear_receipt(receipt)
    handset.phone.trim(world.now)


def _spoil(world: World, batches: list[bytes], rng: random.Random, bad: float) -> list[bytes]:
    """What arrives of a request, in what order."""
    arrived = []
    for raw in batches:
        fate = rng.random()
        if fate < bad / 3:
            world.counts["batches lost"] += 1
            continue
        if fate < bad * 2 / 3:
            raw = raw[: rng.randrange(1, len(raw))]
            world.counts["batches cut"] += 1
        elif fate < bad:
            damaged = bytearray(raw)
            damaged[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
            raw = bytes(damaged)
            world.counts["batches damaged"] += 1
        arrived += [raw] * (1 + (rng.random() < bad))
    if rng.random() < bad * 2:
        rng.shuffle(arrived)
    return arrived


def deliver(world: World, batches: list[bytes]) -> list[Receipt]:
    """Headquarters receives; killed or full in the middle of it, it answers nothing."""
    found: list[Receipt] = []
    if batches and world.at_headquarters(lambda: found.extend(world.headquarters.receive(batches, world.now))):
        world.arrived += batches
    heads = {raw_head: hashes for raw_head, hashes in map(_hashes, batches) if raw_head}
    for receipt in found:
        said = json.loads(receipt.text)
        for hash_ in heads.get(said["head"], ()):
            world.receipted.setdefault(hash_, world.now)
    return found


def _hashes(raw: bytes) -> tuple[str, list[bytes]]:
    """The head that a batch leads to and the hashes of its events; '' for bytes that are no batch."""
    try:
        frame = unframe(raw)
    except WireError:
        return "", []
    hashes = chain(frame.prev, frame.lines)
    return hashes[-1].hex(), hashes


def late_copies(world: World, number: int, rng: random.Random) -> None:
    """Requests that were sent before come once more, out of order."""
    again, world.late = world.late, []
    rng.shuffle(again)
    for batches in again:
        world.counts["requests that came again"] += 1
        deliver(world, batches)
