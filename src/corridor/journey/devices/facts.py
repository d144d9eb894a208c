"""What is known of devices: who is enrolled and revoked, and the branches of a forked chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.base.ids import DeviceId, PlaceId, UserId
from corridor.base.moments import Moment
from corridor.journey.board.board import Board
from corridor.journey.devices.orders import BelieveBranch, DeviceFacts, DeviceOrder
from corridor.ledger.book.reading import Book
from corridor.ledger.book.rows import event_keys
from corridor.ledger.book.view import View
from corridor.ledger.chains import Branch, Chain, Stretch, branches
from corridor.ledger.event import Event
from corridor.ledger.kinds import DEVICE_ENROLLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A chain that forks: its branches, each with the records that no other has, and the one that is believed.

    `believed` is None while nobody judged.
    """

    device: DeviceId
    epoch: int
    branches: tuple[tuple[Branch, tuple[Event, ...]], ...]
    believed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """How a device stands with headquarters, as of now.

    `since` is when its first key was enrolled, None: never; `place` where it was enrolled for, None: not said; `user`
    whose records it makes, None: anybody's;
    `revoked_at` None: it is not revoked; `epochs` are its keys in hex, by the epoch from which each is good.
    """

    device: DeviceId
    since: Moment | None
    place: PlaceId | None
    user: UserId | None
    revoked_at: Moment | None
    epochs: tuple[tuple[int, str], ...]


def device_facts(board: Board, order: DeviceOrder | None = None) -> DeviceFacts:
    """The facts on a board; branches are worked out for the chain that the order judges only, since that reads it."""
    intake = board.view.book.intake
    with intake.lock:
        trust = intake.trust
        keys = {
            DeviceId(device): {key.public_key.hex(): key.epoch for key in keys} for device, keys in trust.keys.items()
        }
        revoked: dict[DeviceId, tuple[int, int] | None] = {}
        for device, revocations in trust.revocations.items():
            named = [(one.epoch, one.seq) for one in revocations if one.epoch is not None]
            revoked[DeviceId(device)] = min(named, default=None)
        last: dict[DeviceId, tuple[int, int]] = {}
        for (device, epoch), chain in intake.chains.items():
            if chain.stretches:
                last[DeviceId(device)] = max(last.get(DeviceId(device), (0, 0)), (epoch, chain.last()[0]))
        forks = tuple(_forks(board.view.book, order.device)) if isinstance(order, BelieveBranch) else ()
        return DeviceFacts(
            headquarters=trust.root_device,
            places=frozenset(place.id for place in board.operation.places),
            keys=keys,
            revoked=revoked,
            last=last,
            heads={(fork.device, fork.epoch): tuple(one.head.hex() for one, _ in fork.branches) for fork in forks},
            judged=frozenset((fork.device, fork.epoch) for fork in forks if fork.believed is not None),
        )


def enrolments(board: Board) -> dict[DeviceId, Enrolment]:
    """Every device that headquarters ever enrolled; its own is among them."""
    intake = board.view.book.intake
    bound = bindings(board.view)
    with intake.lock:
        return {
            DeviceId(device): Enrolment(
                device=DeviceId(device),
                since=min((key.known_at for key in keys), default=None),
                place=bound[device][1] if device in bound else None,
                user=bound[device][0] if device in bound else None,
                revoked_at=min((one.known_at for one in intake.trust.revocations.get(device, ())), default=None),
                epochs=tuple(sorted((key.epoch, key.public_key.hex()) for key in keys)),
            )
            for device, keys in sorted(intake.trust.keys.items())
        }


def bindings(view: View) -> dict[str, tuple[UserId | None, PlaceId | None]]:
    """Whose records each device makes, and for which place, by its latest enrolment; None: anybody's, no one place.

    Only headquarters enrols: what another device says of it binds nobody, as it admits no key (`intake`).
    """
    found: dict[str, tuple[UserId | None, PlaceId | None]] = {}
    root = view.book.intake.trust.root_device
    for one in (event for event in view.events((DEVICE_ENROLLED,)) if event.id.device == root):
        user, place = one.body.get("user"), one.body.get("place")
        found[str(one.body.get("device"))] = (
            UserId(user) if isinstance(user, str) else None,
            PlaceId(place) if isinstance(place, str) else None,
        )
    return found


def forks_of(board: Board, device: DeviceId) -> tuple[Fork, ...]:
    """The chains of a device that fork."""
    with board.view.book.intake.lock:
        return tuple(_forks(board.view.book, device))


def _forks(book: Book, device: DeviceId) -> Iterator[Fork]:
    for (name, epoch), chain in sorted(book.intake.chains.items()):
        if name != device or not chain.tangled:
            continue
        found = tuple(_with_records(book, chain))
        if found:
            believed = min(chain.believed, key=lambda head: (chain.believed[head], head), default=None)
            yield Fork(
                device=device, epoch=epoch, branches=found, believed=None if believed is None else believed.hex()
            )


def _with_records(book: Book, chain: Chain) -> Iterator[tuple[Branch, tuple[Event, ...]]]:
    records: dict[tuple[int, bytes], Event] = {}

    def hashes_of(stretch: Stretch) -> Sequence[bytes]:
        lines = np.arange(stretch.last - stretch.first + 1)
        events = book.events(event_keys(np.full(len(lines), stretch.batch), lines).tolist())
        for event in events:
            records.setdefault((event.id.seq, event.hash), event)
        return [event.hash for event in events]

    for branch in branches(chain, hashes_of):
        yield branch, tuple(records[one] for one in branch.own)
