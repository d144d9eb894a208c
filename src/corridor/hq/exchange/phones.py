"""What headquarters remembers of each phone while it runs: its last token, how often it asks, how it does."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from hmac import compare_digest
from weakref import WeakKeyDictionary

from corridor.base.ids import DeviceId, PlaceId, UserId
from corridor.base.limits import EXCHANGE_REQUESTS_PER_MINUTE_MAX, EXCHANGE_TOKEN_SECONDS_MAX
from corridor.base.moments import MINUTE_MS, SECOND_MS, Moment
from corridor.hq.models import DeviceContact
from corridor.hq.served import Served
from corridor.journey.devices.facts import bindings
from corridor.ledger.device.request import Header

WRITE_EVERY_MS = 15 * SECOND_MS
"""How often what phones say of themselves is written, for all that asked meanwhile: a commit a request would cost more
than taking its records in, and nobody misses the last seconds of it after a crash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Whose records a phone makes (None: anybody's), and for which place (None: it travels)."""

    user: UserId | None = None
    place: PlaceId | None = None


@dataclass(slots=True)
class Phones:
    """The phones of one headquarters. Forgotten at a restart: a phone then asks once more, for a new token."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tokens: dict[str, tuple[str, Moment]] = field(default_factory=dict)
    _asked: dict[str, tuple[int, int]] = field(default_factory=dict)  # the minute, and how often in it
    _noted: dict[str, DeviceContact] = field(default_factory=dict)  # still to be written
    _written_at: Moment | None = None  # None: not since this process began
    _bound: tuple[int, dict[str, Binding]] = (-1, {})

    def wait_seconds(self, device: DeviceId, now: Moment) -> int:
        """Seconds that a device must wait because it asks too often; 0, and this time is counted, when it need not."""
        minute = now // MINUTE_MS
        with self._lock:
            before, times = self._asked.get(device, (minute, 0))
            times = times + 1 if before == minute else 1
            self._asked[device] = (minute, times)
        return 0 if times <= EXCHANGE_REQUESTS_PER_MINUTE_MAX else -(-((minute + 1) * MINUTE_MS - now) // SECOND_MS)

    def take_token(self, device: DeviceId, token: str | None, now: Moment) -> bool:
        """Whether this is the token that the device's last answer gave, young and not used before; it is used up."""
        with self._lock:
            given = self._tokens.pop(device, None)
        if token is None or given is None or not token.isascii():
            return False
        return compare_digest(token, given[0]) and 0 <= now - given[1] <= EXCHANGE_TOKEN_SECONDS_MAX * SECOND_MS

    def new_token(self, device: DeviceId, now: Moment) -> str:
        """A token for the device's next request; the one before is good no longer."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._tokens[device] = (token, now)
        return token

    def binding_of(self, headquarters: Served, device: DeviceId) -> Binding:
        """Whose records a device makes, and where, by its latest enrolment."""
        trust = headquarters.opened.writer.intake.trust
        enrolled = sum(map(len, trust.keys.values()))
        if self._bound[0] != enrolled:
            found = bindings(headquarters.board_now().view)
            self._bound = (enrolled, {name: Binding(user=user, place=place) for name, (user, place) in found.items()})
        return self._bound[1].get(device, Binding())

    def note(self, header: Header, received_at: Moment) -> None:
        """Keep how a phone does, as it says; written with what others say, once in a while."""
        said = DeviceContact(device=header.device, **_said(header, received_at))
        with self._lock:
            self._noted[header.device] = said
            before = self._written_at
        if before is None or not 0 <= received_at - before < WRITE_EVERY_MS:
            self.write(received_at)

    def write(self, now: Moment) -> None:
        """Write what phones said of themselves; a page that shows it asks for this first."""
        with self._lock:
            noted, self._noted = list(self._noted.values()), {}
            self._written_at = now
        if noted:
            DeviceContact.objects.bulk_create(
                noted, update_conflicts=True, unique_fields=["device"], update_fields=_SAID
            )

    def hold(self, header: Header, received_at: Moment, number: int) -> int:
        """Count the bytes that a revoked device puts in quarantine; how many they are now."""
        contact, _new = DeviceContact.objects.get_or_create(device=header.device, defaults=_said(header, received_at))
        contact.held_bytes += number
        contact.seen_at_ms = received_at
        contact.save(update_fields=["held_bytes", "seen_at_ms"])
        return int(contact.held_bytes)


_SAID = (
    "seen_at_ms",
    "app",
    "epoch",
    "backlog",
    "backlog_since_ms",
    "ahead_ms",
    "offset_ms",
    "uncertainty_ms",
    "battery",
)


def _said(header: Header, received_at: Moment) -> dict[str, object]:
    return {
        "seen_at_ms": received_at,
        "app": header.app,
        "epoch": header.epoch,
        "backlog": header.backlog,
        "backlog_since_ms": header.backlog_since,
        "ahead_ms": header.sent_at - received_at,
        "offset_ms": header.offset_ms,
        "uncertainty_ms": header.uncertainty_ms,
        "battery": header.battery,
    }


_phones: WeakKeyDictionary[Served, Phones] = WeakKeyDictionary()
_making = threading.Lock()


def phones_of(headquarters: Served) -> Phones:
    """The phones of this headquarters."""
    with _making:
        return _phones.setdefault(headquarters, Phones())
