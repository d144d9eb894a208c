"""What headquarters may want done about the operation file: the orders, and the facts by which they are decided."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import DeviceId, LegId, PlaceId, UserId
from corridor.base.moments import Moment
from corridor.journey.versions.state import Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeVersion:
    """Propose a whole operation file in place of the last version, and say why.

    `content` is the file, `base` the file it was made from; both lie in the archive. `from_at` is when it is to come
    into force, None: as soon as it may.
    """

    by: UserId
    why: str
    content: bytes
    base: bytes
    from_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignVersion:
    """Sign a version that waits, as the second person; it comes into force then, or when it was asked for.

    `content` and `base` are its file and the one it was made from, as the archive has them.
    """

    by: UserId
    version: int
    content: bytes
    base: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectVersion:
    """Reject a version that waits or has not come into force yet, and say why; it stays on record."""

    by: UserId
    version: int
    why: str


VersionOrder = ProposeVersion | SignVersion | RejectVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What orders about versions are decided by.

    `occupied` are the places in which somebody stands, `used_legs` the legs of movements that are not over.
    """

    name: str
    headquarters: DeviceId
    versions: Versions
    occupied: frozenset[PlaceId]
    used_legs: frozenset[LegId]
