"""Whether a device's events hang together: stretches of its chain, the gaps between them, and forks.

Everything here is a function of the set of stretches, never of the order in which they came.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from corridor.base.moments import Moment
from corridor.ledger.columns import NEVER, Standing
from corridor.ledger.device.wire import ZERO_HASH

Placement = Literal["duplicate", "plain", "tangled"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One batch's place on its chain: events `first` to `last`, from hash `prev` to hash `head`."""

    first: int
    last: int
    prev: bytes
    head: bytes
    batch: int  # index into the columns' batches
    known_at: Moment


class Gap(NamedTuple):
    """Events that a device made, since it counted on, and that have not arrived: `first` to `last`."""

    first: int
    last: int


class Branch(NamedTuple):
    """One way in which a forked chain goes on: `own` are the events (number, hash) on it and on no other, in their
    order; `head` is the hash of its last."""

    head: bytes
    own: tuple[tuple[int, bytes], ...]


@dataclass(slots=True)
class Chain:
    """One device's chain in one epoch, as far as it is known."""

    stretches: list[Stretch] = field(default_factory=list)  # by first
    believed: dict[bytes, Moment] = field(default_factory=dict)  # heads an officer believed, and since when known
    tangled: bool = False  # batches overlap or contradict each other: standings must be worked out
    seen: set[tuple[int, int, bytes]] = field(default_factory=set)

    def place(self, stretch: Stretch) -> Placement:
        """Put a stretch on the chain; `duplicate`: exactly it is there; `tangled`: `standings` must be asked."""
        key = (stretch.first, stretch.last, stretch.head)
        if key in self.seen:
            return "duplicate"
        self.seen.add(key)
        stretches = self.stretches
        if not stretches or (stretch.first == stretches[-1].last + 1 and stretch.prev == stretches[-1].head):
            stretches.append(stretch)
        else:
            index = bisect_left(stretches, stretch.first, key=lambda other: other.first)
            stretches.insert(index, stretch)
            before = stretches[index - 1] if index else None
            after = stretches[index + 1] if index + 1 < len(stretches) else None
            if (before and not _follows(before, stretch)) or (after and not _follows(stretch, after)):
                self.tangled = True
        return "tangled" if self.tangled else "plain"

    def gaps(self, known: Moment) -> Iterator[Gap]:
        """The events missing among the stretches known by then, from the first event of the epoch on."""
        reached = 0
        for stretch in self.stretches:
            if stretch.known_at <= known:
                if stretch.first > reached + 1:
                    yield Gap(reached + 1, stretch.first - 1)
                reached = max(reached, stretch.last)

    def last(self, known: Moment = NEVER) -> tuple[int, bytes]:
        """The number and hash of the last event known by then; 0 and zeros when there is none."""
        last = max((s for s in self.stretches if s.known_at <= known), key=lambda s: s.last, default=None)
        return (0, ZERO_HASH) if last is None else (last.last, last.head)

    def tips(self, known: Moment = NEVER) -> tuple[tuple[int, bytes], ...]:
        """Number and hash of the last event of every branch that is held from the first event on without a gap.

        What a device is told of itself: it sends what comes after the tip on its own chain, and a tip that is not there
        shows it that another writes under its name. None is told when not even the first event is here.
        """
        follow: defaultdict[tuple[int, bytes], list[tuple[int, bytes]]] = defaultdict(list)
        for stretch in self.stretches:
            if stretch.known_at <= known:
                follow[stretch.first - 1, stretch.prev].append((stretch.last, stretch.head))
        reached: set[tuple[int, bytes]] = set()
        ready = [(0, ZERO_HASH)]
        while ready:
            at = ready.pop()
            if at not in reached:
                reached.add(at)
                ready += follow.get(at, ())
        return tuple(sorted(at for at in reached if at[0] and at not in follow))


def _follows(before: Stretch, after: Stretch) -> bool:
    """Whether nothing overlaps, and the hashes meet where the two are neighbours."""
    return before.last < after.first and (before.last + 1 < after.first or before.head == after.prev)


def standings(chain: Chain, hashes_of: Callable[[Stretch], Sequence[bytes]]) -> dict[tuple[int, int], Standing]:
    """The standing of every event of a tangled chain, by (batch index, line); plain ones too.

    An event is disputed from the moment at which two different hashes are known for its slot or an earlier one, since
    from there on there are two devices with one name. An officer's belief in a head lifts the dispute from that
    event's forebears and followers, and sets the other branches aside.
    """
    hashes = {stretch.batch: hashes_of(stretch) for stretch in chain.stretches}
    disputed_from = _disputes(chain, hashes)
    first_seen: dict[tuple[int, bytes], tuple[Moment, int]] = {}
    for stretch in chain.stretches:
        for line, hash_ in enumerate(hashes[stretch.batch]):
            event = (stretch.first + line, hash_)
            first_seen[event] = min(first_seen.get(event, (NEVER, 0)), (stretch.known_at, stretch.batch))
    branches = [(since, _branch(chain, hashes, head)) for head, since in chain.believed.items()]
    found: dict[tuple[int, int], Standing] = {}
    for stretch in chain.stretches:
        for line, hash_ in enumerate(hashes[stretch.batch]):
            event = (stretch.first + line, hash_)
            standing = Standing(repeated=first_seen[event][1] != stretch.batch)
            standing.disputed = disputed_from.get(event[0], NEVER)
            if standing.disputed < NEVER:
                standing.hash = hash_
                standing.believed = min((since for since, branch in branches if event in branch), default=NEVER)
                standing.aside = min((since for since, branch in branches if event not in branch), default=NEVER)
            found[stretch.batch, line] = standing
    return found


def branches(chain: Chain, hashes_of: Callable[[Stretch], Sequence[bytes]]) -> tuple[Branch, ...]:
    """The branches of a forked chain, by the number of their first own event; none when it does not fork."""
    hashes = {stretch.batch: hashes_of(stretch) for stretch in chain.stretches}
    disputed = _disputes(chain, hashes)
    events: dict[tuple[int, bytes], bytes] = {}  # each with the hash before it
    for stretch in chain.stretches:
        before = stretch.prev
        for line, hash_ in enumerate(hashes[stretch.batch]):
            events[stretch.first + line, hash_] = before
            before = hash_
    continued = {(seq - 1, before) for (seq, _), before in events.items()}
    heads = [event for event in events if event not in continued and event[0] in disputed]
    ways = {head: _branch(chain, hashes, head[1]) for head in heads}
    found = []
    for head in heads:
        others = set[tuple[int, bytes]]().union(*(way for other, way in ways.items() if other != head))
        own = sorted(one for one in ways[head] - others if one[0] in disputed)
        found.append(Branch(head[1], tuple(own)))
    return tuple(sorted(found, key=lambda one: one.own))


def _disputes(chain: Chain, hashes: dict[int, Sequence[bytes]]) -> dict[int, Moment]:
    """For every slot at or after a fork: from when on a fork at or before it is known."""
    claims: defaultdict[int, dict[bytes, Moment]] = defaultdict(dict)
    for stretch in chain.stretches:
        slots = [(stretch.first + line, hash_) for line, hash_ in enumerate(hashes[stretch.batch])]
        for slot, hash_ in [(stretch.first - 1, stretch.prev), *slots]:
            claims[slot][hash_] = min(claims[slot].get(hash_, NEVER), stretch.known_at)
    found: dict[int, Moment] = {}
    since = NEVER
    for slot in sorted(claims):
        if len(claims[slot]) > 1:
            since = min(since, sorted(claims[slot].values())[1])
        if since < NEVER:
            found[slot] = since
    return found


def _branch(chain: Chain, hashes: dict[int, Sequence[bytes]], head: bytes) -> set[tuple[int, bytes]]:
    """The events on the branch through `head`: those before it, and those after it until they fork again."""
    parent: dict[tuple[int, bytes], bytes] = {}
    for stretch in chain.stretches:
        before = stretch.prev
        for line, hash_ in enumerate(hashes[stretch.batch]):
            parent[stretch.first + line, hash_] = before
            before = hash_
    branch: set[tuple[int, bytes]] = set()
    at = next((event for event in parent if event[1] == head), None)
    while at is not None and at in parent:
        branch.add(at)
        at = (at[0] - 1, parent[at])
    followers: defaultdict[tuple[int, bytes], list[tuple[int, bytes]]] = defaultdict(list)
    for event, before in parent.items():
        followers[event[0] - 1, before].append(event)
    tip = next((event for event in branch if event[1] == head), None)
    while tip is not None and len(followers[tip]) == 1:
        tip = followers[tip][0]
        branch.add(tip)
    return branch
