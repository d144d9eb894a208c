"""Where one person is: their moves put on one path, by the rule that is the specification of the book.

`walk` is a pure function of the set of a person's moves. It is written to be read; `corridor.ledger.book.view` does the
same for everybody at once and comes here for the people whose records do not simply chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from corridor.base.ids import AccountId, EventId
from corridor.base.limits import REORDER_EVENTS_MAX
from corridor.base.moments import Moment
from corridor.ledger.accounts import OUTSIDE, SUSPENSE

PostingType = Literal["recorded", "inferred", "entered", "suspended", "judged"]
_START = Moment(0)
ConflictCode = Literal["two_places", "too_soon", "forked_record"]


@dataclass(frozen=True, slots=True)
class Move:
    """A record that a person left `source` and entered `target`; `at` is corrected time, +- `uncertainty_ms`."""

    event: EventId
    at: Moment
    uncertainty_ms: int
    source: AccountId | None  # None: the record does not say where from
    target: AccountId
    disputed: bool = False  # it stands on a branch of a forked chain that nobody has judged
    judges: frozenset[EventId] | None = None  # the records an officer's `reconciled` event names; None: not one

    @property
    def order(self) -> tuple[int, EventId]:
        """The key that sorts moves the same way whatever the order of their arrival."""
        return (self.at, self.event)


@dataclass(frozen=True, slots=True)
class Posting:
    """One step of a person's path. `recorded` steps were seen; `inferred` ones follow from the operation's legs;
    `entered` ones bring in a person seen before registration; `suspended` ones lead into suspense; `judged` ones are an
    officer's decision."""

    event: EventId
    at: Moment
    source: AccountId
    target: AccountId
    type: PostingType


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records that no order puts on one path, open since `since`."""

    code: ConflictCode
    since: Moment
    records: tuple[EventId, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A person's path: where they are, every step there, and the conflict that holds them in suspense, if any."""

    account: AccountId
    entered_at: Moment
    postings: tuple[Posting, ...]
    conflict: Conflict | None  # None: no records contradict each other
    unposted: tuple[EventId, ...]  # records that repeat what stood already, or wait in suspense


class Ways(Protocol):
    """What the operation's legs and the movements' own records make possible."""

    def earliest(self, account: AccountId, entered_at: Moment, target: AccountId) -> Moment | None:
        """When somebody who entered `account` then can be at `target` at the earliest; None: there is no way."""
        ...


@dataclass(slots=True)
class _Walker:
    """The state of a walk under way."""

    ways: Ways
    account: AccountId = OUTSIDE
    entered_at: Moment = _START
    last: Move | None = None  # None: nothing posted yet
    conflict: Conflict | None = None
    postings: list[Posting] = field(default_factory=list)
    unposted: list[EventId] = field(default_factory=list)
    judged: set[EventId] = field(default_factory=set)

    def post(self, move: Move, source: AccountId, target: AccountId, type_: PostingType) -> None:
        assert source == self.account, "a posting leaves the account the person is in"
        self.postings.append(Posting(move.event, move.at, source, target, type_))
        self.account, self.entered_at, self.last = target, move.at, move

    @property
    def left(self) -> AccountId | None:
        """The account left last; None before the first posting."""
        return self.postings[-1].source if self.postings else None

    def take(self, move: Move) -> None:
        """One move in its turn, when everything before it has been walked."""
        if move.judges is not None:
            self._judge(move)
        elif move.event in self.judged:
            self.unposted.append(move.event)
        elif self.conflict is not None:
            self.conflict = Conflict(self.conflict.code, self.conflict.since, (*self.conflict.records, move.event))
            self.unposted.append(move.event)
        elif move.disputed:
            self._suspend(move, "forked_record")
        elif move.source == self.account:
            self.post(move, self.account, move.target, "recorded")
        elif _repeats(move, self.account, self.left):
            self.unposted.append(move.event)
        else:
            self._connect(move)

    def _connect(self, move: Move) -> None:
        """A record that does not leave from where the person is: a way over the legs, or suspense."""
        seen_at = move.target if move.source is None or move.source == OUTSIDE else move.source
        if self.account == OUTSIDE:
            self.post(move, OUTSIDE, seen_at, "entered")
        else:
            earliest = self.ways.earliest(self.account, self.entered_at, seen_at)
            latest = move.at + move.uncertainty_ms + (self.last.uncertainty_ms if self.last else 0)
            if earliest is None or earliest > latest:
                self._suspend(move, "two_places" if earliest is None else "too_soon")
                return
            self.post(move, self.account, seen_at, "inferred")
        if seen_at != move.target:
            self.post(move, seen_at, move.target, "recorded")

    def _suspend(self, move: Move, code: ConflictCode) -> None:
        before = () if self.last is None else (self.last.event,)
        self.post(move, self.account, SUSPENSE, "suspended")
        self.conflict = Conflict(code, move.at, (*before, move.event))

    def _judge(self, move: Move) -> None:
        """An officer's decision: it closes the conflict when it names every record of it."""
        assert move.judges is not None
        self.judged |= move.judges
        if self.conflict is not None and not set(self.conflict.records) <= self.judged:
            self.conflict = Conflict(self.conflict.code, self.conflict.since, (*self.conflict.records, move.event))
            self.unposted.append(move.event)
            return
        self.conflict = None
        if self.account != move.target:
            self.post(move, self.account, move.target, "judged")
        else:
            self.unposted.append(move.event)


def walk(moves: Iterable[Move], ways: Ways) -> Walk | None:
    """Put a person's moves on one path. None when there are no moves at all.

    The order of the argument does not matter. Moves whose clocks overlap are taken in an order in which each leaves
    the account the one before it entered, if there is one: the order of time where it does, else one that keeps each
    device's own records in their order; a record that repeats what stands may come anywhere among them.
    """
    ordered = sorted(moves, key=lambda move: move.order)
    if not ordered:
        return None
    walker = _Walker(ways)
    for cluster in _clusters(ordered):
        for move in _chaining(cluster, walker.account, walker.left) or cluster:
            walker.take(move)
    return Walk(walker.account, walker.entered_at, tuple(walker.postings), walker.conflict, tuple(walker.unposted))


def _clusters(ordered: Sequence[Move]) -> list[list[Move]]:
    """Runs of moves of which each overlaps the one before within their clocks' uncertainty."""
    clusters: list[list[Move]] = []
    until = 0
    for move in ordered:
        if clusters and move.at - move.uncertainty_ms <= until:
            clusters[-1].append(move)
        else:
            clusters.append([move])
        until = max(until, move.at + move.uncertainty_ms)
    return clusters


def _repeats(move: Move, account: AccountId, left: AccountId | None) -> bool:
    """Whether the record says again how the person came from `left` to `account`: two phones at one gate."""
    return move.target == account and move.source in (None, OUTSIDE, left)


def _chaining(cluster: list[Move], account: AccountId, left: AccountId | None) -> list[Move] | None:
    """The first order, by time, in which every move of the cluster leaves the account the one before it entered, or
    repeats what stands.

    None when there is none, or when the cluster is too large to try (`REORDER_EVENTS_MAX`), or holds what chaining
    does not decide: an officer's judgement or a disputed record.
    """
    if any(move.judges is not None or move.disputed for move in cluster):
        return None
    sources = [account, *(move.target for move in cluster[:-1])]
    if all(move.source == source for move, source in zip(cluster, sources, strict=True)):
        return cluster
    if len(cluster) > REORDER_EVENTS_MAX:
        return None
    return _chain_from(account, left, cluster)


def _chain_from(account: AccountId, left: AccountId | None, moves: list[Move]) -> list[Move] | None:
    if not moves:
        return []
    for index, move in enumerate(moves):
        if any(other.event[:2] == move.event[:2] and other.event.seq < move.event.seq for other in moves):
            continue  # a device's own records keep their order
        others = moves[:index] + moves[index + 1 :]
        if move.source == account:
            rest = _chain_from(move.target, account, others)
        elif _repeats(move, account, left):
            rest = _chain_from(account, left, others)
        else:
            continue
        if rest is not None:
            return [move, *rest]
    return None
