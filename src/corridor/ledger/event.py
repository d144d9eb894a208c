"""What an event is: the record of something that happened, as a device made it, and the draft it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corridor.base.ids import AccountId, EventId, PersonId, UserId
from corridor.base.limits import CLOCK_UNMEASURED_UNCERTAINTY_MS
from corridor.base.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event before a device has minted it: everything but its id and its place in the device's chain.

    An event moves its `persons` when `target` is given: they leave `source` and enter `target`. A `target` without a
    `source` says where they are and not where they came from. The body holds JSON values, never a name.
    """

    kind: str
    happened_at: Moment
    by: UserId
    persons: tuple[PersonId, ...] = ()
    source: AccountId | None = None  # None: not known, or nobody moves
    target: AccountId | None = None  # None: nobody moves
    body: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.target is not None or self.source is None, "a source without a target moves people nowhere"
        assert self.target is None or self.persons, "a move that moves nobody"
        assert self.target is None or self.target != self.source, "a move must change the account"
        assert len(set(self.persons)) == len(self.persons), "a person is named once in an event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as recorded: immutable, identified by device, epoch and number.

    `happened_at` is the device's clock; `clock_offset_ms` the last measured headquarters-minus-device difference.
    """

    id: EventId
    hash: bytes  # of the event in its device's chain, 32 bytes
    happened_at: Moment
    clock_offset_ms: int | None  # None: this device's clock was never compared
    clock_uncertainty_ms: int | None  # None: as above
    by: UserId
    kind: str
    persons: tuple[PersonId, ...]
    source: AccountId | None  # None: not known, or nobody moves
    target: AccountId | None  # None: nobody moves
    body: Mapping[str, Any]
    received_at: Moment  # when the ledger took it in: the `known` clock

    @property
    def corrected_at(self) -> Moment:
        """When it happened by headquarters' clock, as well as that is known: the `at` clock."""
        return Moment(self.happened_at + (self.clock_offset_ms or 0))

    @property
    def uncertainty_ms(self) -> int:
        """How far `corrected_at` may be from the truth, either way."""
        if self.clock_offset_ms is None or self.clock_uncertainty_ms is None:
            return CLOCK_UNMEASURED_UNCERTAINTY_MS
        return self.clock_uncertainty_ms

    @property
    def order(self) -> tuple[int, str, int, int]:
        """The key that sorts events the same way whatever the order of their arrival."""
        return (self.corrected_at, *self.id)
