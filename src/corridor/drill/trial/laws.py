"""Whether the laws hold at a quiescent point of a drill; whatever breaks one is named."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import chain as joined
from typing import NamedTuple

from corridor.base.ids import PersonId
from corridor.base.moments import DAY_MS, Moment
from corridor.drill.trial.desk import readings_logged
from corridor.drill.trial.headquarters import NAME
from corridor.drill.trial.reference import OnDisk, expected, forked_from, on_disk
from corridor.drill.trial.truth import START, WAYS
from corridor.drill.trial.world import World
from corridor.ledger.accounts import SUSPENSE
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.columns import NEVER
from corridor.ledger.intake import Intake
from corridor.ledger.stores import BatchRow

_AHEAD_MS = 400 * DAY_MS  # so that what a clock set forwards says is seen too
_TRUST = re.compile(rb'"kind":"device_(enrolled|revoked)"')


class _Read(NamedTuple):
    """What a book says that was read again, and how many events it counted of what came once more."""

    picture: object
    more_events: int


def people(view: View) -> object:
    """Where the book says everybody is and since when, in a form that can be compared."""
    return view.accounts(), [(one, view.account_of(one), view.entered_at(one)) for one in view.everybody()]


def picture(view: View) -> object:
    """All that the book says, what cannot all be right with it, in a form that can be compared."""
    return people(view), [(one.code, one.persons, one.records, one.says) for one in discrepancies(view)]


def look(world: World, number: int, rng: random.Random) -> None:
    """Keep what the book says now, to be asked again; and hold the laws to it that need no rest."""
    view = world.headquarters.view(world.now, world.now)
    world.looks.append((world.now, people(view)))
    world.breaches += [*conserved(view), *_acknowledged(world)]


def check(world: World, rng: random.Random, *, at_rest: bool) -> Iterator[str]:
    """Every law, by what headquarters holds now; `at_rest`: every phone has sent all it has."""
    held = {one.number for all_held in world.headquarters.writer.intake.held.values() for one in all_held}
    disk = on_disk(world.headquarters.store.batches(), world.made, held)
    now = world.now
    view = world.headquarters.view(Moment(now + _AHEAD_MS), now)
    yield from conserved(view)
    then = Moment(START + rng.randrange(world.schedule.setting.days * DAY_MS))
    yield from conserved(world.headquarters.view(then, now))
    yield from _orders(world, view, rng, at_rest=at_rest)
    yield from _asked_again(world)
    yield from _kept(world, disk, view)
    yield from _acknowledged(world, disk)
    yield from _truth(world, disk, view)
    yield from readings_logged(world)
    if at_rest:
        yield from _sent(world, disk)


def conserved(view: View) -> Iterator[str]:
    """Laws 1 and 8."""
    accounts = view.accounts()
    everybody = view.everybody()
    placed = sorted(joined.from_iterable(view.people(account) for account in accounts))
    if placed != list(everybody) or view.registered != len(everybody):
        yield f"Law 1: {len(placed)} places are taken by {len(everybody)} people, {view.registered} registered."
    for account, count in accounts.items():
        people = view.people(account)
        if len(people) != count or any(view.account_of(person) != account for person in people):
            yield f"Law 8: {account} shows {count} and opens into {len(people)} people."


def _orders(world: World, view: View, rng: random.Random, *, at_rest: bool) -> Iterator[str]:
    """Laws 2, 3 and 4: in another order, twice over, and at rest read anew too, the same batches say the same."""
    store = world.headquarters.store
    rows = [row for row in store.batches() if row.raw]
    said = picture(view)
    if at_rest and _read_again(world, view, rows)[0] != said:
        yield "Law 4: the same batches, from zero, say something else."
    shuffled = rng.sample(rows, len(rows))
    # Since when a batch could be believed is told by headquarters' own word on the device: that word comes first.
    shuffled.sort(key=lambda row: row.number if _TRUST.search(row.raw) else NEVER)
    found, more_events = _read_again(world, view, shuffled, rng.sample(rows, len(rows)))
    if found != said or more_events:
        if _read_again(world, view, shuffled)[0] != said:
            yield "Law 2: the same batches, in another order, say something else."
        else:
            yield "Law 3: the same batches once more change what the book says."


def _read_again(world: World, view: View, rows: Sequence[BatchRow], once_more: Sequence[BatchRow] = ()) -> _Read:
    """What the book says of these batches, and how many events it counts more when some come once more."""
    raw_of = world.headquarters.store.raw
    intake = Intake(NAME, world.headquarters.key.public, raw_of)
    for row in rows:
        intake.take(row.number, row.raw, row.received_at)
    before = intake.events_accepted
    believed = set(intake.columns.batches.number)  # of those in quarantine each is counted that comes
    revoked = [f'"device":"{one}"'.encode() for one in intake.trust.revocations]  # and of these nothing is believed
    for row in once_more:
        if row.number in believed and not any(one in row.raw[:200] for one in revoked):
            intake.take(row.number, row.raw, world.now)
    found = picture(View(Book(WAYS, intake, raw_of), view.at, view.known))
    return _Read(found, intake.events_accepted - before)


def _asked_again(world: World) -> Iterator[str]:
    """Promise 4: what was known at a moment is said again."""
    for at, said in world.looks:
        if people(world.headquarters.view(at, at)) != said:
            yield f"Promise 4: asked again what was known at {at}, the book says something else."


def _kept(world: World, disk: OnDisk, view: View) -> Iterator[str]:
    """Law 5: whatever came is kept and counted; nothing is believed that nobody made; forks are flagged."""
    intake = world.headquarters.writer.intake
    if sum(intake.tally.values()) != world.headquarters.store.count():
        yield f"Law 5: {world.headquarters.store.count()} batches were received, {dict(intake.tally)} are counted."
    kept = {row.raw for row in world.headquarters.store.batches()}
    missing = sum(raw not in kept for raw in world.arrived)
    if missing:
        # an exact repeat may differ in its bytes (a signature made again), never in its events
        missing = sum(raw not in kept and not _events_of(raw, world) <= disk.events.keys() for raw in world.arrived)
    if missing:
        yield f"Law 5: {missing} batches that headquarters answered for are not kept."
    if disk.foreign:
        yield f"Law 5: {disk.foreign} records were accepted that no device made."
    flagged = " ".join(one.says for one in discrepancies(view) if one.code == "fork")
    for device, epoch in forked_from(disk):
        chain = intake.chains[device, epoch]
        if not chain.believed and f"The chain of {device}, epoch {epoch}," not in flagged:
            yield f"Law 5: the chain of {device}, epoch {epoch}, forks, and nobody is told."


def _events_of(raw: bytes, world: World) -> set[bytes]:
    return set(on_disk([BatchRow(1, world.now, "accepted", raw)], world.made).events)


def _acknowledged(world: World, disk: OnDisk | None = None) -> Iterator[str]:
    """Law 6: what headquarters signed for is on its disk."""
    disk = disk or on_disk(world.headquarters.store.batches(), world.made)
    lost = world.receipted.keys() - disk.events.keys()
    if lost:
        yield f"Law 6: {len(lost)} records are receipted and not on headquarters' disk."


def _sent(world: World, disk: OnDisk) -> Iterator[str]:
    """Law 6: what a phone that is not lost showed green is at headquarters once it has exchanged."""
    for handset in world.handsets:
        lost = handset.green - disk.events.keys()
        if handset.alive and lost:
            yield f"Law 6: {handset.name} showed {len(lost)} records green that never came to headquarters."


def _truth(world: World, disk: OnDisk, view: View) -> Iterator[str]:
    """The books against the truth: everybody of whom a record is there, each where the records say."""
    believed = disk.accepted - _not_believed(world, view)
    right = expected(world, disk, believed)
    there = set(view.everybody())
    if not {person for person, should in right.items() if should.sure} <= there <= right.keys():
        yield f"Truth: {view.registered} people are in the book; records are there of {len(right)}."
        return
    for person in sorted(there):
        should, account = right[person], view.account_of(person)
        if account == should.account or (should.doubtful and account in should.others):
            continue
        if not should.doubtful or account != SUSPENSE:
            yield f"Truth: {person} is in {account}; the records say {should.account}."
        elif not _named(view, person):
            yield f"Truth: {person} is in suspense and no discrepancy says why."


def _named(view: View, person: PersonId) -> bool:
    return any(person in one.persons for one in discrepancies(view))


def _not_believed(world: World, view: View) -> set[bytes]:
    """Records on a branch that an officer set aside."""
    intake = world.headquarters.writer.intake
    found = set()
    for (batch, line), standing in intake.columns.standing.items():
        if min(standing.aside, standing.revoked) < NEVER:
            found.add(view.book.event(batch, line).hash)
    return found
