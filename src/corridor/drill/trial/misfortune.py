"""What befalls devices and headquarters: kills, power cuts, full disks, wrong clocks, loss, copies, restores."""

from __future__ import annotations

import random

from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.drill.trial.phone import Phone
from corridor.drill.trial.world import Handset, World

_JUMPS_MS = (-365 * DAY_MS, -3 * HOUR_MS, -30 * MINUTE_MS, 30 * MINUTE_MS, 3 * HOUR_MS, 40 * DAY_MS)
_LOST_FOR_GOOD = 0.5


def jump_clock(world: World, number: int, rng: random.Random) -> None:
    """A phone's clock is set wrong, or right."""
    world.handsets[number].ahead_ms = rng.choice((0, *_JUMPS_MS))


def kill_phone(world: World, number: int, rng: random.Random) -> None:
    """A phone's process ends between two of its next writes."""
    world.handsets[number].phone.disk.fuse.writes_left = rng.randint(1, 12)


def cut_power(world: World, number: int, rng: random.Random) -> None:
    """A phone's battery is out, in the middle of whatever it was writing."""
    handset = world.handsets[number]
    if handset.alive:
        world.counts["phones without power"] += 1
        handset.phone.disk.lose_power(rng)
        world.start_again(handset)


def fill_phone(world: World, number: int, rng: random.Random) -> None:
    """A phone has no room left, or has room again."""
    disk = world.handsets[number].phone.disk
    disk.full = not disk.full


def part(world: World, number: int, rng: random.Random) -> None:
    """A phone has no network for some hours, or for a day and more."""
    world.handsets[number].apart_until = Moment(world.now + rng.randint(1, 30) * HOUR_MS)


def copy_phone(world: World, number: int, rng: random.Random) -> None:
    """A backup of a phone is made."""
    handset = world.handsets[number]
    handset.copy = handset.phone.disk.copy()
    handset.copied_green = frozenset(handset.green)


def restore_phone(world: World, number: int, rng: random.Random) -> None:
    """A phone is set back to its backup: what it recorded since is on it no more, and it records under old numbers."""
    handset = world.handsets[number]
    if handset.copy is not None:
        world.counts["phones restored from a backup"] += 1
        handset.green = set(handset.copied_green)
        handset.phone = _started(world, handset)
        handset.alive = True


def clone_phone(world: World, number: int, rng: random.Random) -> None:
    """A backup of a phone is put on a second one; both go on under one name."""
    handset = world.handsets[number]
    if handset.copy is not None and handset.alive:
        world.counts["phones cloned"] += 1
        twin = Handset(
            name=handset.name,
            post=rng.choice([handset.post, "gate"]),
            key=handset.key,
            phone=_started(world, handset),
            ahead_ms=handset.ahead_ms,
            green=set(handset.copied_green),
        )
        world.handsets.append(twin)


def _started(world: World, handset: Handset) -> Phone:
    assert handset.copy is not None
    return Phone(handset.name, handset.key, world.headquarters.key.public, handset.copy.copy())


def lose_phone(world: World, number: int, rng: random.Random) -> None:
    """A phone is lost with all that it did not send; sometimes headquarters revokes it."""
    handset = world.handsets[number]
    if not handset.alive:
        return
    world.counts["phones lost"] += 1
    handset.alive = False
    handset.green.clear()
    if rng.random() < _LOST_FOR_GOOD:
        world.at_headquarters(lambda: world.headquarters.revoke(handset.name, world.now))


def enrol(world: World, number: int, rng: random.Random) -> None:
    """Headquarters admits a phone."""
    handset = world.handsets[number]
    world.at_headquarters(lambda: world.headquarters.enrol(handset.name, handset.key.public, world.now))


def kill_headquarters(world: World, number: int, rng: random.Random) -> None:
    """Headquarters' process ends between two of its next writes."""
    world.headquarters.store.fuse.writes_left = rng.randint(1, 6)


def fill_headquarters(world: World, number: int, rng: random.Random) -> None:
    """Headquarters' disk is full, or has room again."""
    world.headquarters.store.full = not world.headquarters.store.full


def keep_checkpoint(world: World, number: int, rng: random.Random) -> None:
    """The book is kept as read so far."""
    world.at_headquarters(world.headquarters.keep_checkpoint)


def back_up(world: World, number: int, rng: random.Random) -> None:
    """The backup of the night."""
    world.headquarters.back_up()
    world.rows.back_up()
    world.backed_up_at, world.arrived_at_backup = world.now, len(world.arrived)


def restore_headquarters(world: World, number: int, rng: random.Random) -> None:
    """Headquarters' disk is gone; it goes on with last night's backup, and the phones send again."""
    world.counts["headquarters restored from a backup"] += 1
    world.headquarters.restore()
    world.rows.restore()
    world.receipted = {one: at for one, at in world.receipted.items() if at <= world.backed_up_at}
    del world.arrived[world.arrived_at_backup :]
    world.looks = [look for look in world.looks if look[0] <= world.backed_up_at]


def judge_fork(world: World, number: int, rng: random.Random) -> None:
    """An officer looks at a forked chain and believes one branch."""
    headquarters = world.headquarters
    forks = headquarters.forks()
    if forks:
        device, epoch = rng.choice(forks)
        branch = rng.choice(headquarters.branches(headquarters.writer.intake.chains[device, epoch]))
        world.counts["forks judged"] += 1
        world.at_headquarters(lambda: headquarters.believe(device, epoch, branch.head, world.now))
